import type { AuditActor } from '../../../src/audit/audit-event';
import { type AskedItem, askedItem, Reidentification } from '../../../src/register/reidentification';
import type { Project } from '../../../src/session/store-port';
import { rows } from '../../../src/store/database';
import { createTestStore, type TestStore } from '../../support/database';
import { FAKE_PATIENT, fakeSelection, newSession, planned } from '../../support/selections';

const NAMES = ['trial', 'other trial', 'shown to two', 'irreversible'];
const REASON = 'incidental finding of the reader';
const LEA: AuditActor = { kind: 'person', name: 'lea' };
const MAX: AuditActor = { kind: 'person', name: 'max' };

let store: TestStore;
let projects: Record<string, Project>;
let desk: Reidentification;
let hasTrail: boolean;

const STUDY = '1.2.999.77.1';
const OTHER_PATIENT = { ...FAKE_PATIENT, PatientID: 'FAKE-4711', PatientName: 'Otherperson^Planted' };

beforeAll(async () => {
  store = await createTestStore();
  await store.projects.provision(
    NAMES.map((name) => ({
      name,
      kind: 'clinical-trial' as const,
      receiver: 'archive',
      subjectPattern: 'S-{0000}',
      reversible: name !== 'irreversible',
    })),
  );
  projects = Object.fromEntries(
    await Promise.all(NAMES.map(async (name) => [name, await store.projects.byName(name)] as const)),
  );
  for (const name of ['trial', 'shown to two']) await exported(name);
});
afterAll(() => store.close());

beforeEach(() => {
  hasTrail = true;
  desk = new Reidentification({
    register: store.register,
    requests: store.reidentifications,
    record: async (events) => {
      if (!hasTrail) throw new Error('the trail cannot be written');
      await store.audit.record(events);
    },
    needsTwo: (project) => project === 'shown to two',
    viewer: (source) => (source === 'pacs' ? 'https://pacs.test/?study={StudyInstanceUID}&id={PatientID}' : undefined),
  });
});

async function exported(name: string): Promise<void> {
  const project = projects[name] as Project;
  const id =
    (await store.sessions.open(
      newSession(fakeSelection(name === 'trial' ? '1.2.999.77' : '1.2.999.78', 2), project),
    )) ?? '';
  const code = await store.sessions.subjectCode(project.id, FAKE_PATIENT);
  await store.sessions.recordPlanned(id, [planned(0), planned(1)]);
  await store.sessions.move(id, { from: 'planning', to: 'queued', event: 'x', error: null, subject: code });
  const [sent] = await rows<{ study: string; series: string; instance: string }>(
    store.database.knex,
    `SELECT target_study_instance_uid AS study, target_series_instance_uid AS series,
       target_sop_instance_uid AS instance FROM session_instance WHERE session_id = ? ORDER BY ordinal LIMIT 1`,
    [id],
  );
  if (sent === undefined) throw new Error('nothing was planned');
  await store.sessions.recordUIDs(
    project.id,
    [
      { kind: 'study', source: STUDY, target: sent.study },
      { kind: 'series', source: `${STUDY}.1`, target: sent.series },
      { kind: 'instance', source: `${STUDY}.1.1`, target: sent.instance },
      { kind: 'other', source: '1.2.999.8', target: '2.25.8' },
    ],
    code,
  );
  uids[name] = sent;
}
const uids: Record<string, { study: string; series: string; instance: string }> = {};

const ask = (project: string, items: readonly AskedItem[], actor = LEA, reason = REASON) =>
  desk.ask({ project, reason, items }, actor);
const newest = async () => (await store.audit.list({ limit: 1 })).items[0];

describe('who asks for a patient by what was sent', () => {
  test('gets the patient and the studies by Patient ID, and the audit trail has it', async () => {
    expect(await ask('trial', [{ patientID: 'S-0001' }])).toEqual({
      result: 'shown',
      items: [
        {
          outcome: 'FOUND',
          asked: { patientID: 'S-0001' },
          patient: FAKE_PATIENT,
          mergedWith: [],
          pseudonym: 'S-0001',
          uid: null,
          studies: [
            {
              StudyInstanceUID: STUDY,
              sentAs: uids.trial?.study,
              imageSource: 'pacs',
              link: `https://pacs.test/?study=${STUDY}&id=FAKE-0815`,
            },
          ],
        },
      ],
    });
    const line = await newest();
    expect(line).toMatchObject({ event: 're-identified', actor: LEA, project: 'trial', outcome: 0 });
    expect(JSON.stringify(line)).not.toMatch(/FAKE|Planted|1\.2\.999|incidental/);
    const message = await store.audit.message(line?.id ?? 0, MAX);
    expect(message).toContain('FAKE-0815');
    expect(message).toContain(REASON);
  });

  test.each(['study', 'series', 'instance'] as const)(
    'gets the source UID and the study of a UID of a %s',
    async (kind) => {
      const uid = uids.trial?.[kind] ?? '';
      const result = await ask('trial', [askedItem(` ${uid} `)]);
      const source = { study: STUDY, series: `${STUDY}.1`, instance: `${STUDY}.1.1` }[kind];
      expect(result).toMatchObject({
        result: 'shown',
        items: [{ outcome: 'FOUND', patient: FAKE_PATIENT, uid: { kind, source, study: STUDY } }],
      });
    },
  );

  test('is not led to either of two patients who share a UID', async () => {
    const project = projects.trial as Project;
    expect(await ask('trial', [{ uid: '2.25.8' }])).toMatchObject({ items: [{ outcome: 'FOUND' }] });
    const code = await store.sessions.subjectCode(project.id, OTHER_PATIENT);
    await store.sessions.recordUIDs(project.id, [{ kind: 'other', source: '1.2.999.8', target: '2.25.8' }], code);
    expect(await ask('trial', [{ uid: '2.25.8' }])).toEqual({
      result: 'shown',
      items: [{ outcome: 'NO_PATIENT', asked: { uid: '2.25.8' } }],
    });
  });

  test('asks for many, each with its outcome, and what another project exported is not there', async () => {
    const items = [{ patientID: 'S-0001' }, { patientID: 'S-9999' }, { uid: '2.25.4711' }];
    expect(await ask('other trial', items)).toEqual({
      result: 'shown',
      items: items.map((asked) => ({ outcome: 'NOT_IN_REGISTER', asked })),
    });
    expect(await newest()).toMatchObject({ event: 're-identified', outcome: 4 });
    expect(await ask('other trial', [{ uid: uids.trial?.study ?? '' }])).toMatchObject({
      items: [{ outcome: 'NOT_IN_REGISTER' }],
    });
  });

  test.each([
    ['REASON_MISSING', 'trial', [{ patientID: 'S-0001' }], '   '],
    ['REASON_TOO_SHORT', 'trial', [{ patientID: 'S-0001' }], 'because'],
    ['TOO_LONG', 'trial', [{ patientID: 'S-0001' }], 'x'.repeat(501)],
    ['NOTHING_ASKED', 'trial', [], REASON],
    ['TOO_MANY', 'trial', Array.from({ length: 101 }, () => ({ patientID: 'S-0001' })), REASON],
    ['BAD_UID', 'trial', [{ uid: "1.2' OR true" }], REASON],
    ['BAD_PATIENT_ID', 'trial', [{ patientID: '' }], REASON],
    ['UNKNOWN_PROJECT', 'no such', [{ patientID: 'S-0001' }], REASON],
    ['IRREVERSIBLE_PROJECT', 'irreversible', [{ patientID: 'S-0001' }], REASON],
  ] as const)('is refused: %s', async (code, project, items, reason) => {
    expect(await ask(project, items, LEA, reason)).toMatchObject({ result: 'refused', code });
  });

  test('gets nothing where the audit trail cannot be written', async () => {
    hasTrail = false;
    await expect(ask('trial', [{ patientID: 'S-0001' }])).rejects.toThrow('trail');
  });

  test('is refused beyond two hundred in an hour, also at once, and others are not', async () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ patientID: `GUESS-${at}` }));
    const guesser: AuditActor = { kind: 'token', name: 'guesser' };
    const results = await Promise.all([1, 2, 3, 4, 5].map(() => ask('other trial', many, guesser)));
    expect(results.filter(({ result }) => result === 'shown')).toHaveLength(3);
    expect(results.find(({ result }) => result === 'refused')).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
    expect(await ask('trial', [{ patientID: 'S-0001' }], MAX)).toMatchObject({ result: 'shown' });
  });
});

describe('where a project asks for two people', () => {
  const request = async () => {
    const asked = await ask('shown to two', [{ patientID: 'S-0001' }]);
    if (asked.result !== 'pending') throw new Error('it does not wait');
    return asked.id;
  };

  test('another one agrees, and who asked sees it once', async () => {
    const id = await request();
    expect(await desk.show(id, LEA)).toMatchObject({ code: 'NOT_APPROVED' });
    expect(await desk.decide(id, true, LEA)).toMatchObject({ code: 'SAME_PERSON' });
    expect(await desk.decide(id, true, MAX, ['trial'])).toMatchObject({ code: 'UNKNOWN_REQUEST' });
    expect(await desk.decide(id, true, MAX)).toEqual({ result: 'done' });
    expect(await desk.show(id, MAX)).toMatchObject({ code: 'UNKNOWN_REQUEST' });
    const shown = await Promise.all([desk.show(id, LEA), desk.show(id, LEA)]);
    expect(shown.filter(({ result }) => result === 'shown')).toHaveLength(1);
    expect(await desk.show(id, LEA)).toMatchObject({ code: 'UNKNOWN_REQUEST' });
    const told = (await store.audit.list({ limit: 20 })).items.map(({ event }) => event);
    expect(told).toEqual(expect.arrayContaining(['reidentification-requested', 'reidentification-approved']));
  });

  test('nothing is shown where the other one declines, or the trail cannot be written', async () => {
    const declined = await request();
    expect(await desk.decide(declined, false, MAX)).toEqual({ result: 'done' });
    expect(await desk.show(declined, LEA)).toMatchObject({ code: 'UNKNOWN_REQUEST' });
    const id = await request();
    await desk.decide(id, true, MAX);
    hasTrail = false;
    await expect(desk.show(id, LEA)).rejects.toThrow('trail');
    hasTrail = true;
    expect(await desk.show(id, LEA)).toMatchObject({ result: 'shown' });
  });

  test('what waits is sealed, expires after a day, and is gone once it was answered', async () => {
    const id = await request();
    const stored = JSON.stringify(await rows(store.database.knex, 'SELECT r::text FROM reidentification r'));
    expect(stored).not.toMatch(/incidental|S-0001|FAKE|Planted/);
    const long = "UPDATE reidentification SET asked_at = asked_at - interval '2 days' WHERE id = ?";
    await store.database.knex.raw(long, [id]);
    expect(await desk.decide(id, true, MAX)).toMatchObject({ code: 'UNKNOWN_REQUEST' });
    const left = await rows(store.database.knex, 'SELECT 1 FROM reidentification WHERE request IS NOT NULL');
    expect(left).toEqual([]);
  });
});
