import type { AuditActor } from '../../../src/audit/audit-event';
import { timePointsByOrder } from '../../../src/session/time-points';
import type { ImportMistake, ImportRow, SubjectRule } from '../../../src/session/trial-port';
import { rows } from '../../../src/store/database';
import { createTestStore, type TestStore } from '../../support/database';
import { FAKE_PATIENT, fakeSelection, newSession } from '../../support/selections';

let store: TestStore;
beforeAll(async () => {
  store = await createTestStore();
});
afterAll(() => store.close());

const ADA: AuditActor = { kind: 'person', name: 'ada' };
const REQUIRED: SubjectRule = { list: [], assign: 'required' };
const AUTOMATIC: SubjectRule = { list: [], assign: 'automatic' };
const patient = (PatientID: string, IssuerOfPatientID = 'FAKE') => ({ ...FAKE_PATIENT, PatientID, IssuerOfPatientID });

async function project(name: string, subjectPattern = 'S-{0000}'): Promise<string> {
  await store.projects.provision([{ name, kind: 'clinical-trial', receiver: 'archive', subjectPattern }]);
  return (await store.projects.byName(name)).id;
}

async function* list(
  ...given: readonly (Partial<ImportRow> | ImportMistake)[]
): AsyncGenerator<ImportRow | ImportMistake> {
  for (const [n, row] of given.entries()) {
    if ('message' in row && row.message !== undefined) yield row as ImportMistake;
    else yield { line: n + 2, PatientID: '', IssuerOfPatientID: '', subjectID: '', arm: null, site: null, ...row };
  }
}

/** A session of the patient, planned without a subject ID and waiting for it. */
async function waitingSession(projectId: string, who: ReturnType<typeof patient>, root: string): Promise<string> {
  const selection = fakeSelection(root);
  const source = { ...selection.source, PatientID: who.PatientID, IssuerOfPatientID: who.IssuerOfPatientID };
  const id = await store.sessions.open(newSession({ ...selection, source }, { id: projectId, receiver: 'archive' }));
  if (id === null) throw new Error('no session');
  await store.sessions.keepTrial(id, projectId, who, { subjectID: null, timePoints: [] });
  await store.sessions.move(id, {
    from: 'planning',
    to: 'review',
    event: 'waits',
    error: { code: 'SUBJECT_MISSING', message: 'none', retryable: false },
  });
  return id;
}

describe('subject IDs', () => {
  test('come from a list one after the other, until it has no more', async () => {
    const id = await project('listed');
    const rule: SubjectRule = { list: ['R-101', 'R-205'], assign: 'automatic' };
    expect(await store.sessions.subject(id, patient('A'), rule)).toEqual({ code: 'R-101', subjectID: 'R-101' });
    expect(await store.sessions.subject(id, patient('B'), rule)).toEqual({ code: 'R-205', subjectID: 'R-205' });
    expect(await store.sessions.subject(id, patient('A'), rule)).toEqual({ code: 'R-101', subjectID: 'R-101' });
    expect(await store.sessions.subject(id, patient('C'), rule)).toEqual({ code: null, missing: 'SUBJECTS_EXHAUSTED' });
  });

  test('are drawn at random where the pattern says so, and stay', async () => {
    const id = await project('random', 'P-{random:6}');
    const codes = [];
    for (const who of ['A', 'B', 'C', 'A'])
      codes.push((await store.sessions.subject(id, patient(who), AUTOMATIC)).code);
    expect(new Set(codes).size).toBe(3);
    expect(codes[3]).toBe(codes[0]);
    for (const code of codes) expect(code).toMatch(/^P-[2-9A-HJ-NP-Z]{6}$/);
  });

  test('that are counted leave out those that were given', async () => {
    const id = await project('mixed');
    const given = await store.subjects.give('mixed', { patient: patient('X') }, { subjectID: 'S-0002' }, ADA);
    expect(given.refused).toBeNull();
    const codes = [];
    for (const who of ['A', 'B', 'X']) codes.push((await store.sessions.subject(id, patient(who), AUTOMATIC)).code);
    expect(codes).toEqual(['S-0001', 'S-0003', 'S-0002']);
  });

  test('are waited for where they have to be given, and the session goes on once one is', async () => {
    const id = await project('required');
    expect(await store.sessions.subject(id, patient('A'), REQUIRED)).toEqual({
      code: null,
      missing: 'SUBJECT_MISSING',
    });
    const [one, other] = [
      await waitingSession(id, patient('A'), '1.2.999.71'),
      await waitingSession(id, patient('B'), '1.2.999.72'),
    ];
    expect(await store.subjects.give('required', { session: one }, { subjectID: 'SCR-001', arm: 'A' }, ADA)).toEqual({
      refused: null,
      sessions: [one],
    });
    expect([await store.sessions.stateOf(one), await store.sessions.stateOf(other)]).toEqual(['planning', 'review']);
    expect(await store.sessions.subject(id, patient('A'), REQUIRED)).toEqual({ code: 'SCR-001', subjectID: 'SCR-001' });
    // By the identity, without knowing the issuer that the instances name.
    const byID = { patient: { PatientID: 'B', IssuerOfPatientID: '' } };
    expect(await store.subjects.give('required', byID, { subjectID: 'SCR-002' }, ADA)).toEqual({
      refused: null,
      sessions: [other],
    });
    expect((await store.sessions.subject(id, patient('B'), REQUIRED)).code).toBe('SCR-002');
  });

  test('are given once, to one subject', async () => {
    const id = await project('once');
    await store.sessions.subject(id, patient('A'), AUTOMATIC);
    const give = async (PatientID: string, subjectID: string) =>
      (await store.subjects.give('once', { patient: patient(PatientID) }, { subjectID }, ADA)).refused;
    expect(await give('A', 'NEW')).toBe('SUBJECT_ALREADY_ASSIGNED');
    expect(await give('B', 'S-0001')).toBe('SUBJECT_ID_TAKEN');
    expect(await give('B', 'NEW')).toBeNull();
    expect(await give('B', 'NEWER')).toBeNull();
    expect(await give('C', 'NEWER')).toBe('SUBJECT_ID_TAKEN');
    expect((await store.subjects.give('no such', { session: 'x' }, { subjectID: 'S' }, ADA)).refused).toBe(
      'UNKNOWN_PROJECT',
    );
    expect((await store.subjects.give('once', { session: 'x' }, { subjectID: 'S' }, ADA)).refused).toBe(
      'UNKNOWN_SESSION',
    );
  });

  test('of a screening are replaced by those of the randomisation, under the same code', async () => {
    const id = await project('replaced');
    await store.sessions.subject(id, patient('A'), AUTOMATIC);
    expect((await store.subjects.replace('replaced', 'S-0001', 'RND-77', ADA)).refused).toBeNull();
    expect(await store.sessions.subject(id, patient('A'), AUTOMATIC)).toEqual({ code: 'S-0001', subjectID: 'RND-77' });
    expect((await store.subjects.replace('replaced', 'S-0001', 'RND-78', ADA)).refused).toBe('UNKNOWN_SUBJECT');
    // What was sent under the former ID stays that patient's alone.
    expect(
      (await store.subjects.give('replaced', { patient: patient('B') }, { subjectID: 'S-0001' }, ADA)).refused,
    ).toBe('SUBJECT_ID_TAKEN');
    const { items } = (await store.subjects.list('replaced', { limit: 10 }))!;
    expect(items).toEqual([
      expect.objectContaining({ code: 'S-0001', subjectID: 'RND-77', formerIDs: ['S-0001'], mergedInto: null }),
    ]);
  });

  test('of two patients who turn out to be one are merged, with those merged before', async () => {
    const id = await project('merged');
    for (const who of ['A', 'B', 'C']) await store.sessions.subject(id, patient(who), AUTOMATIC);
    expect((await store.subjects.merge('merged', 'S-0002', 'S-0003', ADA)).refused).toBeNull();
    expect((await store.subjects.merge('merged', 'S-0001', 'S-0002', ADA)).refused).toBeNull();
    for (const who of ['A', 'B', 'C']) {
      expect(await store.sessions.subject(id, patient(who), AUTOMATIC)).toEqual({
        code: 'S-0001',
        subjectID: 'S-0001',
      });
    }
    expect((await store.subjects.merge('merged', 'S-0001', 'S-0003', ADA)).refused).toBe('UNKNOWN_SUBJECT');
    const { items } = (await store.subjects.list('merged', { limit: 10 }))!;
    expect(items.map(({ mergedInto }) => mergedInto)).toEqual([null, 'S-0001', 'S-0001']);
  });

  test('of one patient in two projects have nothing in common', async () => {
    const [one, other] = [await project('apart one', 'P-{random:8}'), await project('apart two', 'P-{random:8}')];
    for (const id of [one, other]) await store.sessions.subject(id, patient('SAME'), AUTOMATIC);
    const found = await rows<{ code: string; patient_index: Buffer }>(
      store.database.knex,
      'SELECT code, patient_index FROM subject WHERE project_id = ANY (?::uuid[])',
      [[one, other]],
    );
    expect(new Set(found.map(({ code }) => code)).size).toBe(2);
    expect(new Set(found.map((row) => row.patient_index.toString('hex'))).size).toBe(2);
  });

  test('are listed page by page', async () => {
    const id = await project('pages');
    for (let n = 0; n < 5; n++) await store.sessions.subject(id, patient(`P${n}`), AUTOMATIC);
    const first = (await store.subjects.list('pages', { limit: 3 }))!;
    const second = (await store.subjects.list('pages', { limit: 3, cursor: first.nextCursor ?? '' }))!;
    expect([...first.items, ...second.items].map(({ code }) => code)).toEqual([1, 2, 3, 4, 5].map((n) => `S-000${n}`));
    expect(second.nextCursor).toBeNull();
  });
});

describe('an imported list', () => {
  test('is tried first, then taken as a whole, and taken again changes nothing', async () => {
    const id = await project('imported');
    const given = () =>
      list(
        { PatientID: 'A', subjectID: 'T-1', arm: 'ARM 1' },
        { PatientID: 'B', IssuerOfPatientID: 'FAKE', subjectID: 'T-2' },
      );
    const tried = await store.subjects.import('imported', given(), true, ADA);
    expect(tried).toMatchObject({ rows: 2, assigned: 2, mistakeCount: 0, imported: false });
    expect((await store.sessions.subject(id, patient('A'), REQUIRED)).code).toBeNull();
    const waiting = await waitingSession(id, patient('A'), '1.2.999.73');
    expect(await store.subjects.import('imported', given(), false, ADA)).toMatchObject({
      assigned: 2,
      imported: true,
      sessions: [waiting],
    });
    expect((await store.sessions.subject(id, patient('A'), REQUIRED)).code).toBe('T-1');
    expect((await store.sessions.subject(id, patient('B'), REQUIRED)).code).toBe('T-2');
    const { items } = (await store.subjects.list('imported', { limit: 10 }))!;
    expect(items[0]).toMatchObject({ subjectID: 'T-1', arm: 'ARM 1' });
    expect(
      await store.subjects.import(
        'imported',
        list({ PatientID: 'B', IssuerOfPatientID: 'FAKE', subjectID: 'T-2' }),
        false,
        ADA,
      ),
    ).toMatchObject({ assigned: 0, unchanged: 1, imported: true });
  });

  test('with a mistake is refused as a whole, each mistake with its line', async () => {
    const id = await project('mistaken');
    await store.sessions.subject(id, patient('OLD', ''), AUTOMATIC);
    const result = await store.subjects.import(
      'mistaken',
      list(
        { PatientID: 'A', subjectID: 'T-1' },
        { PatientID: 'A', subjectID: 'T-2' },
        { PatientID: 'B', subjectID: 'T-1' },
        { line: 5, message: 'has no subjectID' },
        { PatientID: 'OLD', subjectID: 'T-9' },
        { PatientID: 'C', subjectID: 'S-0001' },
      ),
      false,
      ADA,
    );
    expect(result).toMatchObject({ rows: 6, mistakeCount: 5, imported: false });
    expect(result?.mistakes).toEqual([
      { line: 3, message: 'names the patient of line 2 again' },
      { line: 4, message: 'has the subject ID of line 2' },
      { line: 5, message: 'has no subjectID' },
      { line: 6, message: 'the patient has another subject ID already' },
      { line: 7, message: 'the subject ID is that of another patient' },
    ]);
    expect((await store.sessions.subject(id, patient('A'), REQUIRED)).code).toBeNull();
  });

  test('has a hundred thousand rows', async () => {
    const id = await project('large');
    async function* many(): AsyncGenerator<ImportRow> {
      for (let n = 0; n < 100_000; n++) {
        yield { line: n + 2, PatientID: `P${n}`, IssuerOfPatientID: '', subjectID: `L-${n}`, arm: null, site: null };
      }
    }
    expect(await store.subjects.import('large', many(), false, ADA)).toMatchObject({
      rows: 100_000,
      assigned: 100_000,
      imported: true,
    });
    expect((await store.sessions.subject(id, patient('P99999'), REQUIRED)).code).toBe('L-99999');
  }, 120_000);

  test('leaves no Patient ID in the tables', async () => {
    await project('sealed');
    await store.subjects.import('sealed', list({ PatientID: 'PLANTED-4711', subjectID: 'T-1' }), false, ADA);
    const found = await rows<{ text: string }>(
      store.database.knex,
      "SELECT a::text AS text FROM subject_assignment a UNION ALL SELECT encode(e.message, 'escape') FROM audit_event e",
    );
    expect(found.filter(({ text }) => text.includes('PLANTED-4711'))).toEqual([]);
  });
});

describe('time points', () => {
  const propose = (all: Parameters<typeof timePointsByOrder>[1]) => timePointsByOrder(['BL', 'W4', 'W12'], all);

  test('come by the order of studies, over several sessions, and stay', async () => {
    const id = await project('by order');
    const take = (studies: readonly { study: string; date: string }[]) =>
      store.sessions.timePoints(id, 'S-0001', studies, propose, true);
    expect(await take([{ study: '2.25.1', date: '20200101' }])).toEqual([
      { study: '2.25.1', timePoint: 'BL', proposal: null },
    ]);
    expect(
      await take([
        { study: '2.25.3', date: '20200301' },
        { study: '2.25.2', date: '20200201' },
      ]),
    ).toEqual([
      { study: '2.25.3', timePoint: 'W12', proposal: null },
      { study: '2.25.2', timePoint: 'W4', proposal: null },
    ]);
    expect(await take([{ study: '2.25.4', date: '20200401' }])).toEqual([
      { study: '2.25.4', timePoint: null, proposal: null },
    ]);
    expect((await take([{ study: '2.25.1', date: '20200101' }]))[0]?.timePoint).toBe('BL');
  });

  test('are proposed, and given by a person; the session goes on with its last one', async () => {
    const id = await project('by hand');
    const session = await waitingSession(id, patient('T'), '1.2.999.74');
    const studies = [
      { study: '2.25.11', date: '20200101' },
      { study: '2.25.12', date: '20200501' },
    ];
    const timePoints = await store.sessions.timePoints(id, 'S-0001', studies, propose, false);
    expect(timePoints.map(({ timePoint, proposal }) => [timePoint, proposal])).toEqual([
      [null, 'BL'],
      [null, 'W4'],
    ]);
    await store.sessions.keepTrial(session, id, patient('T'), { subjectID: 'S-0001', timePoints });
    await store.sessions.move(session, { from: 'review', to: 'planning', event: 'again', error: null });
    await store.sessions.move(session, {
      from: 'planning',
      to: 'review',
      event: 'waits',
      error: { code: 'TIME_POINT_MISSING', message: 'two', retryable: false },
    });
    expect(await store.subjects.giveTimePoint(session, '2.25.11', 'BL', ADA)).toEqual({ refused: null, sessions: [] });
    expect((await store.subjects.ofSession(session))?.timePoints[0]).toEqual({
      study: '2.25.11',
      timePoint: 'BL',
      proposal: null,
    });
    expect(await store.subjects.giveTimePoint(session, '2.25.12', 'W12', ADA)).toEqual({
      refused: null,
      sessions: [session],
    });
    expect(await store.sessions.stateOf(session)).toBe('planning');
    expect((await store.subjects.giveTimePoint(session, '2.25.99', 'BL', ADA)).refused).toBe('UNKNOWN_STUDY');
  });
});

test('what is done to subjects is in the audit trail', async () => {
  const { items } = await store.audit.list({ limit: 200 });
  const events = new Set(items.filter(({ actor }) => actor.name === 'ada').map(({ event }) => event));
  expect([...events].sort()).toEqual(
    expect.arrayContaining([
      'subject-assigned',
      'subject-replaced',
      'subjects-imported',
      'subjects-merged',
      'time-point-assigned',
    ]),
  );
});
