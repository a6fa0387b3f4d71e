import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReceivedInstance } from '../../../src/session/received-ports';
import { rows } from '../../../src/store/database';
import type { ReceivedInstances } from '../../../src/store/received-instances';
import { createTestStore, type TestStore } from '../../support/database';
import { fakeSelection, newSession, provisionedProject } from '../../support/selections';

const TWO_HOURS = 2 * 60 * 60 * 1000;
const DAY = 24 * 60 * 60 * 1000;

let store: TestStore;
let directory: string;
let received: ReceivedInstances;
let project: { id: string; receiver: string };
let root = 0;

beforeAll(async () => {
  store = await createTestStore();
  project = await provisionedProject(store);
  directory = await mkdtemp(join(tmpdir(), 'tce-received-'));
  received = store.received({ directory, keepUnclaimed: 7 * DAY });
});
afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

/** The first instance of a study of its own, or another one of the study `of`. */
function uids(number = 1, of?: number): ReceivedInstance {
  if (of === undefined) root += 1;
  return uidsOf(number, of ?? root);
}

function uidsOf(number: number, of: number): ReceivedInstance {
  return {
    StudyInstanceUID: `1.2.999.${of}.1`,
    SeriesInstanceUID: `1.2.999.${of}.1.1`,
    SOPInstanceUID: `1.2.999.${of}.1.1.${number}`,
    // The one column in the clear: by it the tests find the row.
    SOPClassUID: `2.25.7.${of}`,
  };
}

async function drafted(text: string, instance: ReceivedInstance) {
  const draft = await received.draft();
  await draft.write(Buffer.from(text));
  await draft.finish();
  return { draft, instance };
}

async function kept(text: string, instance: ReceivedInstance) {
  return (await received.keep([await drafted(text, instance)]))[0];
}

async function textOf(SOPInstanceUID: string): Promise<string | null> {
  const bytes = await received.open(SOPInstanceUID);
  if (bytes === null) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function files(): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function ago({ SOPClassUID }: ReceivedInstance, days: number): Promise<void> {
  await store.database.knex.raw(
    "UPDATE received_instance SET received_at = now() - ? * interval '1 day' WHERE sop_class_uid = ?",
    [days, SOPClassUID],
  );
}

function session(instances: number) {
  const selection = fakeSelection(`1.2.999.${root}`, instances);
  return store.sessions.open(newSession(selection, project, { imageSource: 'received' }));
}

describe('an instance that is kept', () => {
  test('comes back byte for byte, and neither its files nor its row show a byte of it', async () => {
    const instance = uids();
    const before = new Set(await files());
    expect(await kept('Fakeperson^Planted '.repeat(40_000), instance)).toBe('kept');
    expect(await textOf(instance.SOPInstanceUID)).toBe('Fakeperson^Planted '.repeat(40_000));
    const news = (await files()).filter((path) => !before.has(path));
    expect(news).toHaveLength(1);
    for (const path of news) {
      expect(path).not.toContain(instance.SOPInstanceUID);
      expect((await readFile(path)).includes('Planted')).toBe(false);
    }
    const stored = JSON.stringify(await rows(store.database.knex, 'SELECT * FROM received_instance'));
    expect(stored).not.toContain('1.2.999.');
    expect(Buffer.from(stored).includes('Planted')).toBe(false);
  });

  test('is found by its study and by its series', async () => {
    const instance = uids();
    await received.keep([await drafted('a', instance), await drafted('b', { ...uids(2, root) })]);
    const found = await received.find(instance.StudyInstanceUID, null);
    expect(found.map((match) => match.SOPInstanceUID).sort()).toEqual([
      `1.2.999.${root}.1.1.1`,
      `1.2.999.${root}.1.1.2`,
    ]);
    expect(await received.find(instance.StudyInstanceUID, instance.SeriesInstanceUID)).toHaveLength(2);
    expect(await received.find(instance.StudyInstanceUID, '1.2.999.0')).toEqual([]);
    expect(await received.find('1.2.999.0', null)).toEqual([]);
  });

  test('and comes again is the same; other bytes under its UID are told, and the first stay', async () => {
    const instance = uids();
    expect(await kept('first', instance)).toBe('kept');
    const before = (await files()).length;
    expect(await kept('first', instance)).toBe('same');
    expect(await kept('second', instance)).toBe('other');
    expect(await textOf(instance.SOPInstanceUID)).toBe('first');
    expect(await files()).toHaveLength(before);
  });

  test('twice in one request is kept once, and answered in the order of the request', async () => {
    const [a, b] = [uids(1), uids(2, root)];
    const entries = [await drafted('x', b), await drafted('x', a), await drafted('x', b), await drafted('y', a)];
    const verdicts = await received.keep(entries);
    expect(verdicts).toEqual(['kept', 'kept', 'same', 'other']);
  });

  test('by many requests at a time is kept once', async () => {
    const [a, b] = [uids(1), uids(2, root)];
    const all = await Promise.all(
      Array.from({ length: 8 }, async (_, n) =>
        received.keep(
          n % 2 === 0 ? [await drafted('x', a), await drafted('y', b)] : [await drafted('y', b), await drafted('x', a)],
        ),
      ),
    );
    expect(all.flat().filter((verdict) => verdict === 'kept')).toHaveLength(2);
    expect(all.flat().filter((verdict) => verdict === 'same')).toHaveLength(14);
  });

  test('whose file was lost is there again once it is stored again', async () => {
    const instance = uids();
    const before = new Set(await files());
    await kept('first', instance);
    for (const path of await files()) if (!before.has(path)) await rm(path);
    expect(await received.open(instance.SOPInstanceUID)).toBeNull();
    expect(await kept('first', instance)).toBe('kept');
    expect(await textOf(instance.SOPInstanceUID)).toBe('first');
  });
});

test('a draft that is discarded leaves nothing behind', async () => {
  const before = await files();
  const draft = await received.draft();
  await draft.write(Buffer.alloc(600_000));
  await draft.discard();
  expect(await files()).toEqual(before);
});

test('a session that waits for an instance is due at once when it comes, and no other one is', async () => {
  const instance = uids();
  const waiting = (await session(2)) ?? '';
  await store.sessions.recordPlanned(
    waiting,
    [0, 1].map((ordinal) => ({
      ordinal,
      state: 'missing',
      reason: null,
      target: null,
      sha256: null,
      byteLength: null,
    })),
  );
  const error = { code: 'INSTANCES_MISSING', message: 'some are missing', retryable: true };
  await store.sessions.move(waiting, { from: 'planning', to: 'waiting', event: 'waits', error, next: 3_600_000 });
  const due = async (): Promise<boolean> => {
    const [job] = await rows<{ due: boolean }>(
      store.database.knex,
      'SELECT run_at <= now() AS due FROM graphile_worker.jobs WHERE key = ?',
      [`session:${waiting}`],
    );
    return job?.due === true;
  };
  const here = root;
  await kept('of another study', uids());
  expect(await due()).toBe(false);
  await kept('the one', { ...instance, SOPInstanceUID: `1.2.999.${here}.1.1.1` });
  expect(await due()).toBe(true);
});

describe('tidying up', () => {
  test('leaves alone what an open session needs, however old, and removes it when the session has ended', async () => {
    const instance = uids();
    await kept('needed', instance);
    const id = (await session(1)) ?? '';
    await ago(instance, 30);
    await received.tidyUp(new Date());
    expect(await textOf(instance.SOPInstanceUID)).toBe('needed');

    await store.sessions.move(id, { from: 'planning', to: 'cancelled', event: 'cancelled by ada', error: null });
    const before = (await files()).length;
    expect(await received.tidyUp(new Date())).toMatchObject({ sessionsEnded: 1 });
    expect(await received.open(instance.SOPInstanceUID)).toBeNull();
    expect(await received.find(instance.StudyInstanceUID, null)).toEqual([]);
    expect(await files()).toHaveLength(before - 1);
    const events = await store.reads.events(id);
    expect(events.map((event) => event.text)).toContain('received instances removed');
    expect(await kept('needed', instance)).toBe('kept');
    // Meant for a selection that is still to come.
    expect(await received.tidyUp(new Date())).toMatchObject({ sessionsEnded: 0 });
    expect(await textOf(instance.SOPInstanceUID)).toBe('needed');
  });

  test('leaves alone a selection as long as its session is open', async () => {
    const instance = uids();
    const selection = { ...instance, SOPInstanceUID: `1.2.999.${root}.1.9.1` };
    await kept('selection', selection);
    const id = (await session(1)) ?? '';
    await ago(selection, 30);
    await received.tidyUp(new Date());
    expect(await textOf(selection.SOPInstanceUID)).toBe('selection');
    await store.sessions.move(id, { from: 'planning', to: 'cancelled', event: 'cancelled by ada', error: null });
    expect(await received.tidyUp(new Date())).toMatchObject({ sessionsEnded: 1 });
  });

  test('removes what no selection named in all the time it is kept, and not before', async () => {
    const instance = uids();
    await kept('unclaimed', instance);
    await ago(instance, 6.9);
    expect(await received.tidyUp(new Date())).toMatchObject({ unclaimed: 0 });
    await ago(instance, 7.1);
    expect(await received.tidyUp(new Date())).toMatchObject({ unclaimed: 1 });
    expect(await received.open(instance.SOPInstanceUID)).toBeNull();
  });

  test('what came and what was removed is in the audit trail, an event for each study', async () => {
    const [first, second] = [uids(), uidsOf(2, root)];
    await received.keep([await drafted('one', first), await drafted('two', second)]);
    await ago(first, 8);
    await ago(second, 8);
    await received.tidyUp(new Date());
    const { items } = await store.audit.list({ limit: 2 });
    expect(items.map(({ event, actor }) => [event, actor.kind])).toEqual([
      ['instances-deleted', 'system'],
      ['instances-received', 'system'],
    ]);
    for (const { id } of items) {
      const message = await store.audit.message(id, { kind: 'person', name: 'olga' });
      expect(message).toContain(`ParticipantObjectID="${first.StudyInstanceUID}"`);
      expect(message).toContain('NumberOfInstances="2"');
    }
  });

  test('the audit trail counts and names no study where a project is irreversible', async () => {
    const other = await createTestStore();
    const cases = { name: 'cases', kind: 'teaching-file', receiver: 'archive', subjectPattern: 'S-{0000}' } as const;
    await other.projects.provision([{ ...cases, reversible: false }]);
    const elsewhere = await mkdtemp(join(tmpdir(), 'tce-received-'));
    const there = other.received({ directory: elsewhere, keepUnclaimed: 0 });
    try {
      const instance = uids();
      const selection = { ...instance, SOPInstanceUID: `1.2.999.${root}.1.9.1` };
      for (const each of [instance, selection]) {
        const draft = await there.draft();
        await draft.write(Buffer.from(each.SOPInstanceUID));
        await draft.finish();
        await there.keep([{ draft, instance: each }]);
      }
      const project = await other.projects.byName('cases');
      const id = await other.sessions.open(
        newSession(fakeSelection(`1.2.999.${root}`, 1), project, { imageSource: 'received' }),
      );
      await other.sessions.move(id ?? '', { from: 'planning', to: 'cancelled', event: 'cancelled', error: null });
      const { items } = await other.audit.list({ limit: 50 });
      const told = items.filter(({ event }) => event.startsWith('instances-'));
      expect(told.map(({ event }) => event)).toEqual(['instances-deleted', 'instances-received', 'instances-received']);
      for (const line of told) {
        const message = await other.audit.message(line.id, { kind: 'person', name: 'olga' });
        expect(message).toContain(`UID="${instance.SOPClassUID}" NumberOfInstances=`);
        expect(message).not.toContain(instance.StudyInstanceUID);
      }
      expect((await other.audit.verify()).broken).toEqual([]);
    } finally {
      await other.close();
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  test('removes files that a killed request left without a record, once they are old', async () => {
    const before = await files();
    const draft = await received.draft();
    await draft.write(Buffer.from('half of it'));
    await draft.finish();
    expect(await files()).toHaveLength(before.length + 1);
    expect(await received.tidyUp(new Date())).toMatchObject({ orphans: 0 });
    expect(await received.tidyUp(new Date(Date.now() + TWO_HOURS))).toMatchObject({ orphans: 1 });
    expect(await files()).toEqual(before);
  });
});
