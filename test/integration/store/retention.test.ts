import type { DeliveryReceipt } from '../../../src/session/store-port';
import { rows } from '../../../src/store/database';
import { createTestStore, type TestStore } from '../../support/database';
import { FAKE_PATIENT, fakeSelection, newSession, planned, provisionedProject } from '../../support/selections';

const DAY = 86_400_000;
const RULES = [{ project: 'trial', identity: 30 * DAY }];

let store: TestStore;
beforeEach(async () => {
  store = await createTestStore();
});
afterEach(() => store.close());

async function exported(projectId: string, root: string, PatientID: string): Promise<string> {
  const project = { id: projectId, receiver: 'archive' };
  const id = (await store.sessions.open(newSession(fakeSelection(root), project))) ?? '';
  const subject = await store.sessions.subjectCode(projectId, { ...FAKE_PATIENT, PatientID });
  await store.sessions.recordUIDs(projectId, [{ kind: 'study', source: `${root}.1`, target: `2.25.${root.length}` }]);
  await store.sessions.recordPlanned(
    id,
    [0, 1, 2].map((ordinal) => planned(ordinal)),
  );
  const edition = '2026d';
  await store.sessions.move(id, { from: 'planning', to: 'queued', event: 'checked', error: null, edition, subject });
  await store.sessions.move(id, { from: 'queued', to: 'exporting', event: 'sending', error: null });
  const receipt: DeliveryReceipt = {
    ...{ receiver: 'archive', completedAt: '', edition, options: [], manifest: [], instances: [] },
    confirmedByQuery: true,
  };
  await store.sessions.complete(id, receipt);
  return id;
}

/** As if everything so far had happened so many days ago. */
async function daysLater(days: number): Promise<void> {
  const { knex } = store.database;
  await knex.raw("UPDATE export_session SET completed_at = completed_at - ? * interval '1 day'", [days]);
  await knex.raw("UPDATE uid_mapping SET used_at = used_at - ? * interval '1 day'", [days]);
  await knex.raw("UPDATE subject SET created_at = created_at - ? * interval '1 day'", [days]);
}

const kept = async () => {
  const [row] = await rows<{ patients: number; uids: number; selections: number }>(
    store.database.knex,
    `SELECT (SELECT count(patient)::integer FROM subject) AS patients, (SELECT count(*)::integer FROM uid_mapping) AS uids,
       (SELECT count(selection)::integer FROM export_session) AS selections`,
  );
  return row;
};

test('the identity of originals goes after its time, and the proof of delivery stays', async () => {
  const { id: project } = await provisionedProject(store, 'trial');
  const old = await exported(project, '1.2.888.1', 'FAKE-1');
  await daysLater(29);
  expect(await store.retention.purge(RULES)).toEqual([]);
  await daysLater(2);
  const recent = await exported(project, '1.2.888.22', 'FAKE-2');
  expect(await store.retention.purge(RULES)).toEqual([{ project: 'trial', sessions: 1, patients: 1, uids: 1 }]);

  expect(await kept()).toEqual({ patients: 1, uids: 1, selections: 1 });
  expect(await store.reads.receipt(old)).toMatchObject({ receiver: 'archive' });
  expect(await store.reads.session(old)).toMatchObject({ state: 'completed', subject: 'S-0001' });
  expect(await store.sessions.instances(old)).toEqual([]);
  expect(await store.sessions.instances(recent)).toHaveLength(3);
  const { items } = await store.audit.list({ limit: 10, event: 'identity-purged' });
  expect(items.map(({ project: name, actor }) => [name, actor.kind])).toEqual([
    ['trial', 'system'],
    ['trial', 'system'],
  ]);
  expect((await store.audit.verify()).broken).toEqual([]);
  expect(await store.retention.purge(RULES)).toEqual([]);
});

test('a patient who comes again has the same code, and is known again', async () => {
  const { id: project } = await provisionedProject(store, 'trial');
  await exported(project, '1.2.888.1', 'FAKE-1');
  await daysLater(31);
  await store.retention.purge(RULES);
  expect(await kept()).toEqual({ patients: 0, uids: 0, selections: 0 });
  const again = await exported(project, '1.2.888.22', 'FAKE-1');
  expect(await store.reads.session(again)).toMatchObject({ subject: 'S-0001' });
  expect(await store.retention.purge(RULES)).toEqual([]);
  expect(await kept()).toEqual({ patients: 1, uids: 1, selections: 1 });
});

test('UIDs that are given out again count from then', async () => {
  const { id: project } = await provisionedProject(store, 'trial');
  const pair = { kind: 'study', source: '1.2.888.1', target: '2.25.1' } as const;
  await store.sessions.recordUIDs(project, [pair]);
  await daysLater(31);
  await store.sessions.recordUIDs(project, [pair]);
  expect(await store.retention.purge(RULES)).toEqual([]);
  await daysLater(31);
  expect(await store.retention.purge(RULES)).toEqual([{ project: 'trial', sessions: 0, patients: 0, uids: 1 }]);
});

test('what has not ended is kept, and so is what belongs to projects without a limit', async () => {
  const { id: project } = await provisionedProject(store, 'trial');
  const open =
    (await store.sessions.open(newSession(fakeSelection('1.2.888.1'), { id: project, receiver: 'a' }))) ?? '';
  await store.sessions.subjectCode(project, FAKE_PATIENT);
  await daysLater(400);
  expect(await store.retention.purge([...RULES, { project: 'unknown', identity: 1 }])).toEqual([]);
  expect(await store.sessions.instances(open)).toHaveLength(3);
  expect(await kept()).toMatchObject({ patients: 1, selections: 1 });
  expect(await store.retention.purge([])).toEqual([]);
});

test('is done once, however many processes come to it', async () => {
  const { id: project } = await provisionedProject(store, 'trial');
  await exported(project, '1.2.888.1', 'FAKE-1');
  await daysLater(31);
  const results = await Promise.all([1, 2, 3].map(() => store.retention.purge(RULES)));
  const sum = results.flat().reduce((total, { sessions, uids }) => total + sessions + uids, 0);
  expect(sum).toBe(2);
});
