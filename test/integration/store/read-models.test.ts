import { createTestStore, type TestStore } from '../../support/database';
import { fakeSelection, newSession, planned, provisionedProject } from '../../support/selections';

let store: TestStore;
const ids: string[] = [];

beforeAll(async () => {
  store = await createTestStore();
  const one = await provisionedProject(store, 'one');
  await store.projects.provision([
    { name: 'one', kind: 'teaching-file', receiver: 'archive', subjectPattern: 'S-{0000}' },
    { name: 'two', kind: 'clinical-trial', receiver: 'archive', subjectPattern: 'S-{0000}' },
  ]);
  const two = await store.projects.byName('two');
  for (let at = 0; at < 7; at += 1) {
    const project = at < 4 ? one : two;
    ids.push((await store.sessions.open(newSession(fakeSelection(`1.2.999.${at}`, 5), project))) ?? '');
  }
  await store.sessions.move(ids[0] ?? '', {
    from: 'planning',
    to: 'cancelled',
    event: 'cancelled by ada',
    error: null,
  });
});
afterAll(() => store.close());

describe('the worklist', () => {
  test('shows what changed last first, page by page, each session once', async () => {
    const seen: string[] = [];
    let cursor: string | null | undefined;
    let pages = 0;
    do {
      const page = await store.reads.worklist({ limit: 3, ...(typeof cursor === 'string' ? { cursor } : {}) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor !== null);
    expect(pages).toBe(3);
    expect(seen[0]).toBe(ids[0]);
    expect([...seen].sort()).toEqual([...ids].sort());
  });

  test('shows the sessions of one state or one project', async () => {
    const cancelled = await store.reads.worklist({ state: 'cancelled', limit: 10 });
    expect(cancelled.items.map(({ id }) => id)).toEqual([ids[0]]);
    expect(cancelled.nextCursor).toBeNull();
    const two = await store.reads.worklist({ project: 'two', limit: 10 });
    expect(two.items.map(({ project, kind }) => [project, kind])).toEqual(Array(3).fill(['two', 'clinical-trial']));
    expect((await store.reads.worklist({ project: 'three', limit: 10 })).items).toEqual([]);
    expect(await store.reads.countsByState()).toEqual(
      new Map([
        ['cancelled', 1],
        ['planning', 6],
      ]),
    );
  });

  test.each([['x'], [''], ['WyJhIiwiYiJd'], [Buffer.from('["2026-99-99T99:99:99Z","x"]').toString('base64url')]])(
    'refuses the cursor %p, which it never gave out',
    async (cursor) => {
      await expect(store.reads.worklist({ limit: 3, cursor })).rejects.toMatchObject({ code: 'BAD_CURSOR' });
    },
  );
});

describe('the session page', () => {
  test('shows the instances in the order of the manifest, by their new UIDs', async () => {
    const id = ids[1] ?? '';
    await store.sessions.recordPlanned(
      id,
      [0, 1, 2, 3, 4].map((ordinal) => planned(ordinal, '2.25.9')),
    );
    const first = await store.reads.instances(id, { limit: 3 });
    expect(first.items.map(({ ordinal, SOPInstanceUID }) => [ordinal, SOPInstanceUID])).toEqual([
      [0, '2.25.9.1.1.1'],
      [1, '2.25.9.1.1.2'],
      [2, '2.25.9.1.1.3'],
    ]);
    const second = await store.reads.instances(id, { limit: 3, cursor: first.nextCursor ?? '' });
    expect(second.items.map(({ ordinal, byteLength }) => [ordinal, byteLength])).toEqual([
      [3, 1_003],
      [4, 1_004],
    ]);
    expect(second.nextCursor).toBeNull();
  });

  test('shows the timeline', async () => {
    expect(await store.reads.events(ids[0] ?? '')).toEqual([
      { at: expect.any(Date), state: 'planning', text: 'selection received', code: null },
      { at: expect.any(Date), state: 'cancelled', text: 'cancelled by ada', code: null },
    ]);
  });

  test.each(['00000000-0000-4000-8000-000000000000', 'no-uuid', "'; DROP TABLE login"])(
    'of the id %p does not exist',
    async (id) => {
      expect(await store.reads.session(id)).toBeNull();
      expect(await store.sessions.load(id)).toBeNull();
      expect(await store.reads.receipt(id)).toBeNull();
      expect(await store.reads.instances(id, { limit: 5 })).toEqual({ items: [], nextCursor: null });
      expect(await store.reads.missing(id)).toEqual([]);
      expect(await store.reads.events(id)).toEqual([]);
      expect(await store.reads.changes(id)).toEqual([]);
    },
  );
});

describe('readiness', () => {
  test('is there with the schema, and gone with it', async () => {
    expect(await store.reads.ready()).toBe(true);
    await store.database.knex.raw('ALTER TABLE migration RENAME TO migration_away');
    expect(await store.reads.ready()).toBe(false);
    await store.database.knex.raw('ALTER TABLE migration_away RENAME TO migration');
  });

  test('polls are shown as they went', async () => {
    await store.polls.record('pacs', { code: 'DOWN', message: 'does not answer', retryable: true });
    await store.polls.record('other', null);
    expect(await store.reads.polls()).toEqual([
      { imageSource: 'other', lastPolledAt: expect.any(Date), error: null },
      {
        imageSource: 'pacs',
        lastPolledAt: expect.any(Date),
        error: { code: 'DOWN', message: 'does not answer', retryable: true },
      },
    ]);
    expect(await store.polls.ageOf('pacs')).toBeLessThan(60_000);
    expect(await store.polls.ageOf('never')).toBeNull();
  });
});
