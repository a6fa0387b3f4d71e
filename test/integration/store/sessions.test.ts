import type { DeliveryReceipt } from '../../../src/session/store-port';
import { rows } from '../../../src/store/database';
import { createTestStore, type TestStore } from '../../support/database';
import { CT_IMAGE_STORAGE, fakeSelection, newSession, planned, provisionedProject } from '../../support/selections';

let store: TestStore;
let project: { id: string; receiver: string };
let root = 0;

beforeAll(async () => {
  store = await createTestStore();
  project = await provisionedProject(store);
});
afterAll(() => store.close());

function nextRoot(): string {
  root += 1;
  return `1.2.999.${root}`;
}

async function opened(instances = 3): Promise<string> {
  const id = await store.sessions.open(newSession(fakeSelection(nextRoot(), instances), project));
  if (id === null) throw new Error('not opened');
  return id;
}

async function exporting(instances = 3): Promise<string> {
  const id = await opened(instances);
  await store.sessions.recordPlanned(
    id,
    Array.from({ length: instances }, (_, at) => planned(at, `2.25.${root}`)),
  );
  await store.sessions.move(id, { from: 'planning', to: 'queued', event: 'checked', error: null, next: 0 });
  await store.sessions.move(id, { from: 'queued', to: 'exporting', event: 'sending begins', error: null });
  return id;
}

function jobsOf(id: string) {
  return rows<{ payload: unknown; wait: number; key: string; queue_name: string }>(
    store.database.knex,
    `SELECT p.payload, j.key, j.queue_name, extract(epoch FROM j.run_at - now())::double precision AS wait
     FROM graphile_worker.jobs j JOIN graphile_worker._private_jobs p ON p.id = j.id WHERE j.key = ?`,
    [`session:${id}`],
  );
}

const RECEIPT: DeliveryReceipt = {
  receiver: 'archive',
  completedAt: '2026-01-01T00:00:00.000Z',
  edition: '2026d',
  options: ['clean-descriptors'],
  manifest: [{ StudyInstanceUID: '2.25.1', SOPInstanceUID: '2.25.2', sha256: 'b'.repeat(64) }],
  instances: [],
  confirmedByQuery: true,
};

describe('opening a session', () => {
  test('keeps the selection and its instances, and enqueues a job that holds the id and nothing else', async () => {
    const selection = fakeSelection(nextRoot());
    const id = await store.sessions.open(newSession(selection, project));
    const loaded = await store.sessions.load(id ?? '');
    expect(loaded?.selection).toEqual(selection);
    expect(loaded?.project).toMatchObject({ id: project.id, name: 'teaching', kind: 'teaching-file' });
    expect(loaded?.project?.derivationKey).toHaveLength(32);
    expect(loaded?.session).toMatchObject({ state: 'planning', attempts: 0, error: null, subject: null });
    expect(loaded?.session.counts.selected).toBe(3);
    const instances = await store.sessions.instances(id ?? '');
    expect(instances.map(({ SOPInstanceUID }) => SOPInstanceUID)).toEqual(
      selection.references.map(({ SOPInstanceUID }) => SOPInstanceUID),
    );
    expect(instances[0]).toEqual({
      ordinal: 0,
      StudyInstanceUID: selection.source.StudyInstanceUID,
      SeriesInstanceUID: `${selection.source.StudyInstanceUID}.1`,
      SOPInstanceUID: `${selection.source.StudyInstanceUID}.1.1`,
      SOPClassUID: CT_IMAGE_STORAGE,
      state: 'selected',
      sha256: null,
      byteLength: null,
      status: null,
      warningReason: null,
    });
    const jobs = await jobsOf(id ?? '');
    expect(jobs.map(({ payload }) => payload)).toEqual([{ sessionId: id }]);
    expect(jobs[0]?.queue_name).toBe(`session:${id}`);
  });

  test('happens once for a Key Object, however many processes find it at once', async () => {
    const selection = fakeSelection(nextRoot());
    const ids = await Promise.all(Array.from({ length: 8 }, () => store.sessions.open(newSession(selection, project))));
    expect(ids.filter((id) => id !== null)).toHaveLength(1);
  });

  test('is refused where its own document was met before, and leaves nothing behind', async () => {
    const first = fakeSelection(nextRoot());
    await store.sessions.open(newSession(first, project));
    const second = { ...fakeSelection(nextRoot()), source: first.source };
    const before = await rows(store.database.knex, 'SELECT 1 FROM export_session');
    expect(await store.sessions.open(newSession(second, project))).toBeNull();
    expect(await rows(store.database.knex, 'SELECT 1 FROM export_session')).toHaveLength(before.length);
  });

  test('leaves a document that has a session with that one, whoever names it as a copy', async () => {
    const first = fakeSelection(nextRoot());
    const firstId = await store.sessions.open(newSession(first, project, { contentDigest: 'of the first' }));
    const second = { ...fakeSelection(nextRoot()), identicalDocuments: [first.source] };
    const secondId = await store.sessions.open(newSession(second, project));
    expect(await store.sessions.awaitedCopies(secondId ?? '')).toEqual([]);
    expect(await store.sessions.met('pacs', first.source.SOPInstanceUID, 'of the first')).toEqual({
      verdict: 'taken',
      sessionId: firstId,
      sameContent: true,
    });
  });

  test('awaits the copies that the document names, until each was met', async () => {
    const first = fakeSelection(nextRoot());
    const { source: second } = fakeSelection(nextRoot());
    const { source: third } = fakeSelection(nextRoot());
    const place = ({ StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID }: typeof second) => ({
      StudyInstanceUID,
      SeriesInstanceUID,
      SOPInstanceUID,
    });
    const id = await store.sessions.open(newSession({ ...first, identicalDocuments: [place(second)] }, project));
    expect(await store.sessions.awaitedCopies(id ?? '')).toEqual([second.SOPInstanceUID]);
    expect(await store.reads.missing(id ?? '')).toEqual([second.SOPInstanceUID]);
    expect(await store.sessions.unseen('pacs', [first.source.SOPInstanceUID, second.SOPInstanceUID])).toEqual([
      second.SOPInstanceUID,
    ]);
    // The copy names one more that the first did not.
    const copy = { ...first, source: second, identicalDocuments: [place(first.source), place(third)] };
    await store.sessions.meetCopy(id ?? '', 'pacs', copy, 'digest');
    expect(await store.sessions.awaitedCopies(id ?? '')).toEqual([third.SOPInstanceUID]);
    const { identicalDocuments } = (await store.sessions.load(id ?? ''))?.selection ?? { identicalDocuments: [] };
    expect(identicalDocuments).toEqual([place(second), place(third)]);
    await store.sessions.meetCopy(id ?? '', 'pacs', { ...first, source: third }, 'digest');
    expect(await store.sessions.awaitedCopies(id ?? '')).toEqual([]);
    expect(await store.sessions.unseen('pacs', [second.SOPInstanceUID, third.SOPInstanceUID])).toEqual([]);
  });

  test('opens one session for each Receiver of the project, of one selection', async () => {
    const to = { ...project, alsoTo: ['second archive'] };
    const id = await store.sessions.open(newSession(fakeSelection(nextRoot()), to));
    const all = (await store.reads.worklist({ limit: 50 })).items.filter(({ selectionId }) => selectionId === id);
    expect(all.map(({ receiver }) => receiver).sort()).toEqual([project.receiver, 'second archive'].sort());
    for (const { id: each } of all) {
      expect(await jobsOf(each)).toHaveLength(1);
      expect(await store.sessions.instances(each)).toHaveLength(3);
    }
  });

  test('takes the place of delayed sessions, for every Receiver, and says which took it', async () => {
    const delayed = await store.sessions.open(newSession(fakeSelection(nextRoot()), project, { state: 'delayed' }));
    const later = await store.sessions.open(
      newSession(fakeSelection(nextRoot()), project, { supersedes: [delayed ?? ''] }),
    );
    expect(await store.reads.session(delayed ?? '')).toMatchObject({ state: 'superseded', supersededBy: later });
  });

  test('without a project waits for a person, without a job, until a project is assigned', async () => {
    const error = { code: 'NO_PROJECT', message: 'no project claims it', remedy: 'Name one.', retryable: false };
    const id = await store.sessions.open(newSession(fakeSelection(nextRoot()), null, { state: 'received', error }));
    expect((await store.sessions.load(id ?? ''))?.session).toMatchObject({ state: 'received', project: null, error });
    expect(await jobsOf(id ?? '')).toEqual([]);

    const { id: projectId, receiver } = project;
    const change = {
      project: { id: projectId, receiver },
      disposition: 'teaching',
      event: 'belongs to teaching',
    } as const;
    await store.sessions.assign(id ?? '', { ...change, to: 'planning' });
    const session = (await store.sessions.load(id ?? ''))?.session;
    expect(session).toMatchObject({ state: 'planning', project: 'teaching', disposition: 'teaching', error: null });
    expect(await jobsOf(id ?? '')).toHaveLength(1);
    await expect(store.sessions.assign(id ?? '', { ...change, to: 'planning' })).rejects.toMatchObject({
      code: 'SESSION_MOVED',
    });
  });

  test('remembers what was left alone, and answers what was never met', async () => {
    await store.sessions.markSeen('pacs', '1.2.3.4', 'left-alone');
    await store.sessions.markSeen('pacs', '1.2.3.4', 'unreadable');
    expect(await store.sessions.unseen('pacs', ['1.2.3.4', '1.2.3.5'])).toEqual(['1.2.3.5']);
    expect(await store.sessions.unseen('another', ['1.2.3.4'])).toEqual(['1.2.3.4']);
    expect(await store.sessions.unseen('pacs', [])).toEqual([]);
  });
});

describe('moving a session', () => {
  test('is refused from another state than it is in, by the one who comes second', async () => {
    const id = await opened();
    const change = { from: 'planning', to: 'queued', event: 'checked', error: null } as const;
    const outcomes = await Promise.allSettled([store.sessions.move(id, change), store.sessions.move(id, change)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'SESSION_MOVED' } });
    expect(await store.sessions.stateOf(id)).toBe('queued');
  });

  test('counts failed attempts, says when the next one is due, and forgets both once it gets on', async () => {
    const id = await opened();
    const error = { code: 'PEER_DOWN', message: 'the image source does not answer', retryable: true };
    const failed = { from: 'planning', to: 'planning', event: 'tries again', error, next: 60_000 } as const;
    await store.sessions.move(id, failed);
    await store.sessions.move(id, failed);
    const session = (await store.sessions.load(id))?.session;
    expect(session).toMatchObject({ attempts: 2, error });
    expect(session?.nextAttemptAt?.getTime()).toBeGreaterThan(Date.now() + 50_000);
    const [job, ...more] = await jobsOf(id);
    expect(more).toEqual([]);
    expect(job?.wait).toBeGreaterThan(50);

    const progress = { edition: '2026d', options: ['clean-descriptors'], subject: 'S-0001' };
    await store.sessions.move(id, { from: 'planning', to: 'queued', event: 'ok', error: null, next: 0, ...progress });
    const later = (await store.sessions.load(id))?.session;
    expect(later).toMatchObject({ attempts: 0, error: null, nextAttemptAt: null, ...progress });
    expect((await jobsOf(id))[0]?.wait).toBeLessThan(1);
  });

  test('and its job are one transaction: where the job cannot be written, nothing moved', async () => {
    const id = await opened();
    const next = Number.NaN;
    await expect(
      store.sessions.move(id, { from: 'planning', to: 'queued', event: 'checked', error: null, next }),
    ).rejects.toThrow();
    expect(await store.sessions.stateOf(id)).toBe('planning');
    expect(await store.reads.events(id)).toHaveLength(1);
  });

  test('to an end writes when that was, and is not due again', async () => {
    const id = await opened();
    await store.sessions.move(id, { from: 'planning', to: 'cancelled', event: 'cancelled by ada', error: null });
    const [row] = await rows<{ closed_at: Date | null; completed_at: Date | null }>(
      store.database.knex,
      'SELECT closed_at, completed_at FROM export_session WHERE id = ?',
      [id],
    );
    expect(row?.closed_at).toBeInstanceOf(Date);
    expect(row?.completed_at).toBeNull();
  });
});

describe('the instances of a session', () => {
  test('are replaced by a later planning, except those that were delivered', async () => {
    const id = await opened(4);
    const reason = { code: 'BURNED_IN', message: 'text in the pixels', remedy: 'Look at it.' };
    const held = { state: 'quarantined', reason, target: null, sha256: null, byteLength: null } as const;
    await store.sessions.recordPlanned(id, [
      planned(0),
      planned(1),
      { ordinal: 2, ...held },
      { ...planned(3), ...held, state: 'missing', reason: null },
    ]);
    expect((await store.sessions.load(id))?.session.counts).toEqual({
      selected: 4,
      retrieved: 3,
      deidentified: 2,
      delivered: 0,
      refused: 0,
      quarantined: 1,
    });
    expect(await store.reads.missing(id)).toEqual([(await store.sessions.instances(id))[3]?.SOPInstanceUID]);

    await store.sessions.recordDelivered(id, [{ ordinal: 0, status: 200, warningReason: null }]);
    await store.sessions.recordPlanned(id, [{ ordinal: 0, ...held }, planned(2), planned(3)]);
    const states = (await store.sessions.instances(id)).map(({ state }) => state);
    expect(states).toEqual(['delivered', 'planned', 'planned', 'planned']);
    expect((await store.sessions.load(id))?.session.counts).toMatchObject({
      deidentified: 4,
      delivered: 1,
      quarantined: 0,
    });
    expect(await store.reads.missing(id)).toEqual([]);
  });

  test('are found in the series where the image source really keeps them', async () => {
    const id = await opened(2);
    const [before] = await store.sessions.instances(id);
    await store.sessions.recordPlanned(id, [{ ...planned(0), sourceSeriesInstanceUID: '1.2.999.77' }]);
    const [after, other] = await store.sessions.instances(id);
    expect(after).toMatchObject({ SeriesInstanceUID: '1.2.999.77', SOPInstanceUID: before?.SOPInstanceUID });
    expect(other?.SeriesInstanceUID).toBe(before?.SeriesInstanceUID);
  });

  test('are counted as delivered once, however often it is said', async () => {
    const id = await exporting();
    const first = { ordinal: 0, status: 200, warningReason: 0xb000 };
    await store.sessions.recordDelivered(id, [first, { ordinal: 1, status: null, warningReason: null }]);
    await store.sessions.recordDelivered(id, [{ ...first, status: 202 }]);
    expect((await store.sessions.load(id))?.session.counts.delivered).toBe(2);
    expect((await store.sessions.instances(id))[0]).toMatchObject({ status: 200, warningReason: 0xb000 });

    await store.sessions.recordLost(id, [0, 2]);
    expect((await store.sessions.load(id))?.session.counts.delivered).toBe(1);
    expect((await store.sessions.instances(id))[0]).toMatchObject({ state: 'planned', status: null });
  });

  test('cannot be delivered before they are planned', async () => {
    const id = await opened();
    const delivered = { ordinal: 0, status: 200, warningReason: null };
    await expect(store.sessions.recordDelivered(id, [delivered])).rejects.toMatchObject({ code: 'NOT_PLANNED' });
  });
});

describe('completing a session', () => {
  test('writes the receipt with the move, once', async () => {
    const id = await exporting();
    await store.sessions.complete(id, RECEIPT);
    expect((await store.sessions.load(id))?.session).toMatchObject({
      state: 'completed',
      edition: '2026d',
      options: ['clean-descriptors'],
    });
    expect(await store.reads.receipt(id)).toEqual(RECEIPT);
    await expect(store.sessions.complete(id, RECEIPT)).rejects.toMatchObject({ code: 'SESSION_MOVED' });
  });

  test('adds the attribute changes up and replaces them', async () => {
    const id = await opened();
    const change = {
      SOPClassUID: CT_IMAGE_STORAGE,
      path: '00100010',
      keyword: 'PatientName',
      action: 'Z',
      rule: 'E.1-1',
    };
    await store.sessions.recordChanges(id, [{ ...change, instances: 9 }]);
    await store.sessions.recordChanges(id, [
      { ...change, instances: 2 },
      { ...change, instances: 1 },
    ]);
    expect(await store.reads.changes(id)).toEqual([{ ...change, instances: 3 }]);
    await store.sessions.recordChanges(id, []);
    expect(await store.reads.changes(id)).toEqual([]);
  });
});
