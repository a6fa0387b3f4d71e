import type { UIDPair } from '../../../src/session/store-port';
import { rows } from '../../../src/store/database';
import { createTestStore, type TestStore } from '../../support/database';
import { FAKE_PATIENT, fakeSelection, newSession, provisionedProject } from '../../support/selections';

let store: TestStore;
beforeAll(async () => {
  store = await createTestStore();
});
afterAll(() => store.close());

const patient = (PatientID: string, IssuerOfPatientID = 'FAKE') => ({ ...FAKE_PATIENT, PatientID, IssuerOfPatientID });

describe('the codes of patients', () => {
  test('count up in each project, and stay with the patient', async () => {
    const one = await provisionedProject(store, 'codes one');
    const codes = [];
    for (const id of ['A', 'B', 'A', 'C']) codes.push(await store.sessions.subjectCode(one.id, patient(id)));
    expect(codes).toEqual(['S-0001', 'S-0002', 'S-0001', 'S-0003']);
    const other = await provisionedProject(store, 'codes two');
    expect(await store.sessions.subjectCode(other.id, patient('C'))).toBe('S-0001');
  });

  test('tell patients of two issuers apart, and names do not matter', async () => {
    const { id } = await provisionedProject(store, 'issuers');
    expect(await store.sessions.subjectCode(id, patient('A', 'X'))).toBe('S-0001');
    expect(await store.sessions.subjectCode(id, patient('A', 'Y'))).toBe('S-0002');
    expect(await store.sessions.subjectCode(id, { ...patient('A', 'X'), PatientName: 'Other^Spelling' })).toBe(
      'S-0001',
    );
  });

  test('are one for each patient and without gaps, whatever runs side by side', async () => {
    const { id } = await provisionedProject(store, 'race');
    const asked = Array.from({ length: 60 }, (_, at) => `P${at % 12}`);
    const codes = await Promise.all(asked.map((PatientID) => store.sessions.subjectCode(id, patient(PatientID))));
    const byPatient = new Map(asked.map((PatientID, at) => [PatientID, codes[at]]));
    expect(asked.every((PatientID, at) => byPatient.get(PatientID) === codes[at])).toBe(true);
    const expected = Array.from({ length: 12 }, (_, at) => `S-${String(at + 1).padStart(4, '0')}`);
    expect([...byPatient.values()].sort()).toEqual(expected);
    expect(await store.sessions.subjectCode(id, patient('P99'))).toBe('S-0013');
  });
});

describe('the map of UIDs', () => {
  const pairs = (from: number, count: number): UIDPair[] =>
    Array.from({ length: count }, (_, at) => ({
      kind: 'instance',
      source: `1.2.999.5.${from + at}`,
      target: `2.25.${from + at}`,
    }));

  test('takes thousands at once, and the same again', async () => {
    const { id } = await provisionedProject(store, 'uids');
    const all = pairs(0, 12_000);
    await store.sessions.recordUIDs(id, all);
    await store.sessions.recordUIDs(id, [...all.slice(0, 100), ...all.slice(0, 100)]);
    await store.sessions.recordUIDs(id, []);
    const [count] = await rows<{ n: number }>(
      store.database.knex,
      'SELECT count(*)::integer AS n FROM uid_mapping WHERE project_id = ?',
      [id],
    );
    expect(count?.n).toBe(12_000);
  });

  test('takes the same UIDs from two sessions at once, in whatever order', async () => {
    const { id } = await provisionedProject(store, 'uids race');
    const all = pairs(50_000, 2_000);
    await Promise.all([
      store.sessions.recordUIDs(id, all),
      store.sessions.recordUIDs(id, [...all].reverse()),
      store.sessions.recordUIDs(id, all.slice(500)),
    ]);
    const found = await rows(store.database.knex, 'SELECT 1 FROM uid_mapping WHERE project_id = ?', [id]);
    expect(found).toHaveLength(2_000);
  });
});

describe('projects', () => {
  test('keep their keys over a restart, follow the configuration, and stay when it drops them', async () => {
    const declared = { name: 'kept', kind: 'teaching-file', receiver: 'a', subjectPattern: 'K{00}' } as const;
    await store.projects.provision([declared]);
    const first = await store.projects.byName('kept');
    await store.projects.provision([
      { ...declared, receiver: 'b' },
      { ...declared, name: 'another' },
    ]);
    const second = await store.projects.byName('kept');
    expect(second).toEqual({ ...first, receiver: 'b' });
    expect((await store.projects.byName('another')).derivationKey).not.toEqual(first.derivationKey);
    expect(await store.sessions.subjectCode(first.id, patient('A'))).toBe('K01');

    await store.projects.provision([]);
    expect(await store.projects.names()).toContainEqual({ name: 'kept', provisioned: false });
    expect((await store.projects.byName('kept')).derivationKey).toEqual(first.derivationKey);
    await expect(store.projects.byName('never')).rejects.toMatchObject({ code: 'UNKNOWN_PROJECT' });
  });

  test('are provisioned by many processes at once without a second key', async () => {
    const declared = { name: 'at once', kind: 'publication', receiver: 'a', subjectPattern: 'S{0}' } as const;
    await Promise.all(Array.from({ length: 6 }, () => store.projects.provision([declared])));
    expect((await store.projects.names()).filter(({ name }) => name === 'at once')).toHaveLength(1);
  });
});

test('no identifier of the source lies in the database in the clear', async () => {
  const { id: projectId, receiver } = await provisionedProject(store, 'sealed');
  const root = '1.2.888.4711';
  const selection = fakeSelection(root);
  const id = await store.sessions.open(newSession(selection, { id: projectId, receiver }));
  await store.sessions.markSeen('pacs', `${root}.42`, 'unreadable');
  await store.sessions.subjectCode(projectId, FAKE_PATIENT);
  await store.sessions.recordUIDs(projectId, [{ kind: 'study', source: `${root}.1`, target: '2.25.4711' }]);
  expect((await store.sessions.load(id ?? ''))?.selection.source.StudyInstanceUID).toBe(`${root}.1`);

  const marks = [root, FAKE_PATIENT.PatientID, 'Fakeperson', FAKE_PATIENT.PatientBirthDate];
  const tables = await rows<{ name: string }>(
    store.database.knex,
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'graphile_worker')`,
  );
  expect(tables.length).toBeGreaterThan(15);
  for (const { name } of tables) {
    const [dump] = await rows<{ text: string | null }>(
      store.database.knex,
      // bytea shows as hexadecimal digits, so what it holds is looked for in both forms
      `SELECT string_agg(t::text, ' ') AS text FROM ${name} t`,
    );
    for (const mark of marks) {
      expect(dump?.text ?? '').not.toContain(mark);
      expect(dump?.text ?? '').not.toContain(Buffer.from(mark).toString('hex'));
    }
  }
});
