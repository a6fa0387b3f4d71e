import { randomUUID } from 'node:crypto';
import { couldNot } from '../../../src/base/errors';
import { createLog, silentLog } from '../../../src/base/log';
import type { Tasks } from '../../../src/jobs/ports';
import { type RunningWorker, startWorker, type WorkerOptions } from '../../../src/jobs/worker';
import { rows } from '../../../src/store/database';
import { enqueueAdvance } from '../../../src/store/job-queue';
import { type Child, startChild } from '../../support/children/child';
import { createTestStore, type TestStore } from '../../support/database';

jest.setTimeout(60_000);

let store: TestStore;
const workers: RunningWorker[] = [];
const children: Child[] = [];

beforeEach(async () => {
  store = await createTestStore();
});
afterEach(async () => {
  for (const child of children.splice(0)) await child.kill('SIGKILL');
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  await store.close();
});

async function start(tasks: Partial<Tasks>, more: Partial<WorkerOptions> = {}): Promise<RunningWorker> {
  const worker = await startWorker({
    connectionString: store.url,
    concurrency: 4,
    tasks: { 'advance-session': async () => undefined, 'poll-image-source': async () => undefined, ...tasks },
    polls: [],
    presence: store.presence(),
    queue: store.queue,
    records: store.polls,
    log: silentLog,
    ...more,
  });
  workers.push(worker);
  return worker;
}

async function startInChild(): Promise<Child> {
  const child = startChild('run-worker.ts', [store.url]);
  children.push(child);
  await child.said('ready');
  return child;
}

async function until(what: () => boolean | Promise<boolean>, patienceMs = 15_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await what())) {
    if (Date.now() > deadline) throw new Error('what was waited for did not happen');
    await pause(20);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

function jobs() {
  return rows<{
    key: string | null;
    locked_by: string | null;
    last_error: string | null;
    attempts: number;
    wait: number;
  }>(
    store.database.knex,
    `SELECT key, locked_by, last_error, attempts, extract(epoch FROM run_at - now())::double precision AS wait
     FROM graphile_worker.jobs ORDER BY id`,
  );
}

describe('a worker', () => {
  test('runs what is enqueued at once, with the id and nothing else', async () => {
    const ran: unknown[] = [];
    await start({ 'advance-session': async (payload) => void ran.push(payload) });
    const sessionId = randomUUID();
    const from = Date.now();
    await enqueueAdvance(store.database.knex, sessionId);
    await until(() => ran.length > 0);
    expect(Date.now() - from).toBeLessThan(1_000);
    expect(ran).toEqual([{ sessionId }]);
    await until(async () => (await jobs()).length === 0);
  });

  test('runs nothing of a transaction that was rolled back', async () => {
    const ran: unknown[] = [];
    await start({ 'advance-session': async (payload) => void ran.push(payload) });
    const undone = store.database.transaction(async (queries) => {
      await enqueueAdvance(queries, randomUUID());
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await pause(1_500);
    expect(ran).toEqual([]);
  });

  test('runs one session in one place at a time, and again for what came meanwhile', async () => {
    const sessionId = randomUUID();
    let running = 0;
    let most = 0;
    let runs = 0;
    const task: Tasks['advance-session'] = async () => {
      running += 1;
      most = Math.max(most, running);
      runs += 1;
      await pause(150);
      running -= 1;
    };
    await Promise.all([start({ 'advance-session': task }), start({ 'advance-session': task })]);
    for (let at = 0; at < 8; at += 1) {
      await enqueueAdvance(store.database.knex, sessionId);
      await pause(60);
    }
    await until(async () => (await jobs()).filter(({ key }) => key !== null).length === 0 && running === 0);
    expect(most).toBe(1);
    expect(runs).toBeGreaterThanOrEqual(3);
    expect(runs).toBeLessThanOrEqual(8);
  });

  test('runs different sessions side by side', async () => {
    let running = 0;
    await start({
      'advance-session': async () => {
        running += 1;
        await until(() => running === 4);
      },
    });
    await Promise.all(Array.from({ length: 4 }, () => enqueueAdvance(store.database.knex, randomUUID())));
    await until(async () => (await jobs()).length === 0);
    expect(running).toBe(4);
  });

  test('tries again what failed, and neither log nor queue says more than a Fault does', async () => {
    const lines: string[] = [];
    const errors = [new Error('Fakeperson^Planted is in here'), couldNot('PEER_DOWN', 'the peer does not answer')];
    let runs = 0;
    await start(
      {
        'advance-session': async () => {
          const error = errors[runs];
          runs += 1;
          if (error !== undefined) throw error;
        },
      },
      { log: createLog('debug', { write: (line: string) => void lines.push(line) }) },
    );
    await enqueueAdvance(store.database.knex, randomUUID());
    await until(async () => (await jobs())[0]?.last_error != null);
    expect((await jobs())[0]?.last_error).toBe('unexpected error');
    await store.database.knex.raw(
      'SELECT graphile_worker.reschedule_jobs(ARRAY(SELECT id FROM graphile_worker.jobs), now())',
    );
    await until(async () => (await jobs())[0]?.attempts === 2 && (await jobs())[0]?.locked_by === null);
    expect((await jobs())[0]?.last_error).toBe('PEER_DOWN: the peer does not answer');
    await store.database.knex.raw(
      'SELECT graphile_worker.reschedule_jobs(ARRAY(SELECT id FROM graphile_worker.jobs), now())',
    );
    await until(async () => (await jobs()).length === 0);
    expect(runs).toBe(3);
    expect(lines.join('\n')).not.toContain('Fakeperson');
    expect(lines.filter((line) => line.includes('"event":"task failed"'))).toHaveLength(2);
  });
});

describe('stopping', () => {
  test('hands what runs back, so that another worker takes it up at once', async () => {
    const sessionId = randomUUID();
    let began = false;
    const first = await start({
      'advance-session': (_payload, signal) => {
        began = true;
        return untilAborted(signal);
      },
    });
    await enqueueAdvance(store.database.knex, sessionId);
    await until(() => began);
    await first.stop();
    const [job, ...more] = await jobs();
    expect(more).toEqual([]);
    expect(job).toMatchObject({ key: `session:${sessionId}`, locked_by: null, attempts: 0, last_error: null });
    expect(job?.wait).toBeLessThanOrEqual(0);

    const ran: string[] = [];
    const from = Date.now();
    await start({ 'advance-session': async (payload) => void ran.push(payload.sessionId) });
    await until(() => ran.length > 0);
    expect(ran).toEqual([sessionId]);
    expect(Date.now() - from).toBeLessThan(2_000);
  });

  test('twice is stopping once, and an aborted signal stops too', async () => {
    const controller = new AbortController();
    const worker = await start({}, { signal: controller.signal });
    controller.abort();
    await Promise.all([worker.stop(), worker.stop()]);
    // Of this database only: other suites share the server. A connection that has ended may show for a moment.
    const held = () =>
      rows(
        store.database.knex,
        `SELECT 1 FROM pg_locks WHERE locktype = 'advisory'
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
    for (const end = Date.now() + 5_000; (await held()).length > 0 && Date.now() < end; ) {
      await new Promise((settle) => setTimeout(settle, 50));
    }
    expect(await held()).toEqual([]);
  });

  test('by SIGTERM in a process of its own hands back too', async () => {
    const child = await startInChild();
    const sessionId = randomUUID();
    await enqueueAdvance(store.database.knex, sessionId);
    expect(await child.said('began')).toBe(sessionId);
    await child.kill('SIGTERM');
    expect(await jobs()).toMatchObject([{ key: `session:${sessionId}`, locked_by: null }]);
  });
});

describe('a worker process that was killed', () => {
  test('leaves its jobs to the next start, which takes them up at once', async () => {
    const child = await startInChild();
    const ids = [randomUUID(), randomUUID()];
    for (const id of ids) await enqueueAdvance(store.database.knex, id);
    for (const _id of ids) await child.said('began');
    await child.kill('SIGKILL');
    expect((await jobs()).map(({ locked_by }) => locked_by !== null)).toEqual([true, true]);

    const ran: string[] = [];
    const from = Date.now();
    await start({ 'advance-session': async (payload) => void ran.push(payload.sessionId) });
    await until(() => ran.length === 2);
    expect([...ran].sort()).toEqual([...ids].sort());
    expect(Date.now() - from).toBeLessThan(3_000);
  });

  test('leaves its jobs to another that is running already, within seconds', async () => {
    const child = await startInChild();
    const [first, second] = [randomUUID(), randomUUID()];
    await enqueueAdvance(store.database.knex, first);
    await child.said('began');
    const ran: string[] = [];
    await start({ 'advance-session': async (payload) => void ran.push(payload.sessionId) });
    // What came for the same session while it ran, too.
    await enqueueAdvance(store.database.knex, first);
    await enqueueAdvance(store.database.knex, second);
    await pause(4_000);
    expect(ran.filter((id) => id === first)).toEqual([]);
    const from = Date.now();
    await child.kill('SIGKILL');
    await until(() => ran.includes(first));
    expect(Date.now() - from).toBeLessThan(6_000);
    await store.queue.maintain();
    await until(async () => (await jobs()).length === 0 || ran.includes(second));
  });

  test('is told apart from one that lives: nothing is taken from a worker that works', async () => {
    let began = 0;
    await start({
      'advance-session': (_payload, signal) => {
        began += 1;
        return untilAborted(signal);
      },
    });
    await enqueueAdvance(store.database.knex, randomUUID());
    await until(() => began === 1);
    expect(await store.queue.reap()).toEqual([]);
    await pause(500);
    expect(began).toBe(1);
  });
});

describe('a worker whose connections are cut', () => {
  test('stops what it runs, shows itself again, and goes on', async () => {
    const reasons: unknown[] = [];
    let began = 0;
    await start({
      'advance-session': async (_payload, signal) => {
        began += 1;
        if (began > 1) return;
        await untilAborted(signal).catch((reason) => {
          reasons.push(reason);
          throw reason;
        });
      },
    });
    await enqueueAdvance(store.database.knex, randomUUID());
    await until(() => began === 1);
    await store.database.knex.raw(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await until(() => reasons.length === 1);
    expect(reasons[0]).toMatchObject({ code: 'PRESENCE_LOST' });
    await until(() => began === 2, 20_000);
    await until(async () => (await jobs()).length === 0);
  });
});

describe('polling', () => {
  const polls = [{ imageSource: 'pacs', every: 1_000 }];

  test('is due once in each interval, over all workers', async () => {
    const at: number[] = [];
    const task: Tasks['poll-image-source'] = async ({ imageSource }) => {
      expect(imageSource).toBe('pacs');
      at.push(Date.now());
    };
    await Promise.all([
      start({ 'poll-image-source': task }, { polls }),
      start({ 'poll-image-source': task }, { polls }),
    ]);
    await until(() => at.length >= 4, 20_000);
    const gaps = at.slice(1).map((time, index) => time - (at[index] as number));
    expect(Math.min(...gaps)).toBeGreaterThan(850);
    expect(Math.max(...gaps)).toBeLessThan(4_000);
  });

  test('goes on after a fault, which is shown with the image source', async () => {
    let runs = 0;
    await start(
      {
        'poll-image-source': async () => {
          runs += 1;
          if (runs === 1) throw couldNot('PEER_DOWN', 'the image source does not answer');
        },
      },
      { polls },
    );
    await until(() => runs === 1);
    await until(async () => (await store.reads.polls())[0]?.error?.code === 'PEER_DOWN');
    await until(async () => (await store.reads.polls())[0]?.error === null);
  });

  test('of a source that is not configured any more ends', async () => {
    let runs = 0;
    const task: Tasks['poll-image-source'] = async () => {
      runs += 1;
    };
    await store.queue.schedulePoll('gone', 0);
    await start({ 'poll-image-source': task });
    await until(async () => (await jobs()).length === 0);
    expect(runs).toBe(0);
  });

  test('that was cut off by a stop is due at the next start', async () => {
    let began = false;
    const worker = await start(
      {
        'poll-image-source': (_payload, signal) => {
          began = true;
          return untilAborted(signal);
        },
      },
      { polls: [{ imageSource: 'pacs', every: 3_600_000 }] },
    );
    await until(() => began);
    await worker.stop();
    expect(await store.reads.polls()).toEqual([]);
    const [job] = await jobs();
    expect(job).toMatchObject({ key: 'poll:pacs', locked_by: null });
    expect(job?.wait).toBeLessThanOrEqual(0);
  });
});
