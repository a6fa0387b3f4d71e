import { randomUUID } from 'node:crypto';
import { rows } from '../../../src/store/database';
import { enqueueAdvance } from '../../../src/store/job-queue';
import { createTestStore, type TestStore } from '../../support/database';
import { fakeSelection, newSession, provisionedProject } from '../../support/selections';

let store: TestStore;
beforeEach(async () => {
  store = await createTestStore();
});
afterEach(() => store.close());

function jobs() {
  return rows<{ key: string | null; attempts: number; wait: number }>(
    store.database.knex,
    'SELECT key, attempts, extract(epoch FROM run_at - now())::double precision AS wait FROM graphile_worker.jobs ORDER BY id',
  );
}

describe('looking after the queue', () => {
  test('brings a task that failed often back within a minute, and never lets it run out of tries', async () => {
    await enqueueAdvance(store.database.knex, randomUUID());
    await store.database.knex.raw(
      "UPDATE graphile_worker._private_jobs SET attempts = 20, last_error = 'unexpected error', run_at = now() + interval '6 hours'",
    );
    await store.queue.maintain();
    expect(await jobs()).toMatchObject([{ attempts: 4 }]);
    expect((await jobs())[0]?.wait).toBeLessThanOrEqual(60);
  });

  test('leaves a job alone that waits for its time', async () => {
    await enqueueAdvance(store.database.knex, randomUUID(), 3_600_000);
    await store.queue.maintain();
    expect((await jobs())[0]?.wait).toBeGreaterThan(3_500);
  });

  test('drops what was replaced while it ran', async () => {
    await enqueueAdvance(store.database.knex, randomUUID());
    await store.database.knex.raw('UPDATE graphile_worker._private_jobs SET key = NULL, attempts = max_attempts');
    await store.queue.maintain();
    expect(await jobs()).toEqual([]);
  });

  test('frees a queue that is locked for no job', async () => {
    await enqueueAdvance(store.database.knex, randomUUID());
    await store.database.knex.raw(
      "UPDATE graphile_worker._private_job_queues SET locked_at = now(), locked_by = 'gone'",
    );
    await store.queue.maintain();
    const locked = await rows(
      store.database.knex,
      'SELECT 1 FROM graphile_worker._private_job_queues WHERE locked_at IS NOT NULL',
    );
    expect(locked).toEqual([]);
  });

  test('gives a session that is under way and has no job one again, and no other session', async () => {
    const project = await provisionedProject(store);
    const open = async (root: string) => (await store.sessions.open(newSession(fakeSelection(root), project))) ?? '';
    const [lost, cancelled, waiting] = [await open('1.2.999.1'), await open('1.2.999.2'), await open('1.2.999.3')];
    await store.sessions.move(cancelled, { from: 'planning', to: 'cancelled', event: 'x', error: null });
    await store.database.knex.raw('DELETE FROM graphile_worker._private_jobs WHERE key = ANY (?::text[])', [
      [lost, cancelled].map((id) => `session:${id}`),
    ]);
    await store.queue.maintain();
    expect((await jobs()).map(({ key }) => key)).toEqual([`session:${waiting}`]);
    await store.database.knex.raw("UPDATE export_session SET updated_at = now() - interval '5 minutes'");
    await store.queue.maintain();
    expect((await jobs()).map(({ key }) => key).sort()).toEqual([`session:${waiting}`, `session:${lost}`].sort());
  });
});
