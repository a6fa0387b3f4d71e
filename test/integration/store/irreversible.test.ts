import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SYSTEM } from '../../../src/audit/audit-event';
import { silentLog } from '../../../src/base/log';
import { migrateJobs } from '../../../src/jobs/schema';
import { ProjectKey } from '../../../src/pseudonymization/project-key';
import { subjectCodes } from '../../../src/register/subject-codes';
import { DataKey, MasterKey } from '../../../src/security/envelope';
import type { DeliveryReceipt, Project } from '../../../src/session/store-port';
import { Database, firstRow, rows } from '../../../src/store/database';
import { openStore } from '../../../src/store/store';
import { createTestStore, type TestStore } from '../../support/database';
import { dump } from '../../support/dump';
import { FAKE_PATIENT, fakeSelection, newSession } from '../../support/selections';

let store: TestStore;
beforeEach(async () => {
  store = await createTestStore();
});
afterEach(() => store.close());

const ROOT = '1.2.888.4711';
const TEXT = 'Fakeperson at the window';
const NOTE = 'Fakeperson said so';

const declared = (reversible: boolean) =>
  [{ name: 'cases', kind: 'teaching-file', receiver: 'archive', subjectPattern: 'S-{0000}', reversible }] as const;

async function provisioned(reversible: boolean): Promise<Project> {
  await store.projects.provision(declared(reversible));
  return store.projects.byName('cases');
}

/** Everything that a whole export leaves behind, with values that are looked for afterwards. */
async function exported(project: Project, root = ROOT): Promise<string> {
  const selection = fakeSelection(root);
  const id = (await store.sessions.open(newSession(selection, null, { state: 'received' }))) ?? '';
  await store.sessions.assign(id, { project, disposition: null, to: 'delayed', event: 'assigned' });
  await store.sessions.release(id, { from: 'delayed', event: 'released', note: NOTE });
  const patientIndex = (await store.projects.sealerOf(project.id)).blindIndex(
    'subject.patient',
    subjectCodes.identityOf(FAKE_PATIENT),
  );
  await store.database.knex.raw('INSERT INTO session_trial (session_id, patient_index) VALUES (?, ?)', [
    id,
    patientIndex,
  ]);
  const key = ProjectKey.of(project.derivationKey);
  const subject = await store.sessions.subjectCode(project.id, FAKE_PATIENT);
  const target = {
    StudyInstanceUID: key.uid(`${root}.1`),
    SeriesInstanceUID: key.uid(`${root}.1.1`),
  };
  const uidOf = (ordinal: number) => key.uid(`${root}.1.1.${ordinal + 1}`);
  const all = [0, 1, 2];
  await store.sessions.recordUIDs(project.id, [
    { kind: 'study', source: `${root}.1`, target: target.StudyInstanceUID },
    ...all.map((ordinal) => ({
      kind: 'instance' as const,
      source: `${root}.1.1.${ordinal + 1}`,
      target: uidOf(ordinal),
    })),
  ]);
  await store.sessions.recordPlanned(
    id,
    all.map((ordinal) => ({
      ordinal,
      state: 'planned',
      reason: null,
      target: { ...target, SOPInstanceUID: uidOf(ordinal) },
      sha256: 'a'.repeat(64),
      byteLength: 1000,
    })),
  );
  await store.sessions.keepPlanContext(id, project.id, {
    known: [[`${root}.1`, [FAKE_PATIENT.PatientName]]] as never,
    decisions: [],
  });
  const text = { text: TEXT, unknown: ['window'], proposal: 'at the window' };
  const finding = {
    kind: 'text',
    reason: 'unknown words',
    paths: ['(0008,1030)'],
    instances: 3,
    text,
    pixels: null,
  } as const;
  await store.sessions.recordFindings(id, project.id, [finding as never], []);
  const edition = '2026d';
  await store.sessions.move(id, { from: 'planning', to: 'review', event: 'review', error: null, edition, subject });
  await store.audit.shown(id, { kind: 'person', name: 'ada' }, 'findings');
  const [open] = await store.review.openFindings(id);
  await store.review.decide(id, open?.id ?? '', { decision: 'edit', replacement: 'by the door' }, 'ada');
  await store.review.approve(id, 'ada');
  await store.sessions.recordFindings(id, project.id, [], [TEXT]);
  await store.sessions.move(id, { from: 'planning', to: 'queued', event: 'checked', error: null, edition, subject });
  await store.sessions.move(id, { from: 'queued', to: 'exporting', event: 'sending', error: null });
  await store.sessions.recordDelivered(
    id,
    all.map((ordinal) => ({ ordinal, status: 200, warningReason: null })),
  );
  const receipt: DeliveryReceipt = {
    receiver: 'archive',
    completedAt: new Date().toISOString(),
    edition,
    options: [],
    manifest: [],
    instances: all.map((ordinal) => ({
      ...target,
      SOPInstanceUID: uidOf(ordinal),
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      sha256: 'a'.repeat(64),
      byteLength: 1000,
      status: 200,
      warningReason: null,
    })),
    confirmedByQuery: true,
  };
  await store.sessions.complete(id, receipt);
  // As a list that comes late leaves it.
  await store.database.knex.raw(
    `INSERT INTO subject_assignment (project_id, patient_index, subject_id, assigned_by) VALUES (?, ?, 'T-1', 'ada')
     ON CONFLICT DO NOTHING`,
    [project.id, patientIndex],
  );
  return id;
}

const SOURCES = [
  ...['.1', '.1.1', '.1.9', '.1.9.1', '.1.1.1', '.1.1.2', '.1.1.3'].map((tail) => `${ROOT}${tail}`),
  FAKE_PATIENT.PatientID,
  FAKE_PATIENT.PatientName,
  FAKE_PATIENT.PatientBirthDate,
  TEXT,
  NOTE,
];

/** Every key that can be had from the database and the master key. */
async function keysLeft() {
  const master = MasterKey.of(Buffer.from((await readFile(store.masterKeyFile.path, 'latin1')).trim(), 'hex'));
  const installation = await firstRow<{ data_key: Buffer }>(store.database.knex, 'SELECT data_key FROM installation');
  const projects = await rows<{ id: string; data_key: Buffer; derivation_key: Buffer }>(
    store.database.knex,
    'SELECT id, data_key, derivation_key FROM project',
  );
  const context = (table: string, column: string, row: string) => ({ table, column, row });
  const raw = [
    master.unwrap(installation?.data_key ?? Buffer.alloc(0), context('installation', 'data_key', '1')),
    ...projects.flatMap(({ id, data_key, derivation_key }) => [
      master.unwrap(data_key, context('project', 'data_key', id)),
      master.unwrap(derivation_key, context('project', 'derivation_key', id)),
    ]),
  ];
  return raw;
}

const DOMAINS = [
  'key_object.sop_instance_uid',
  'export_session.patient',
  'subject.patient',
  'uid_mapping.source',
  'review.text',
  'received_instance.study',
  'received_instance.series',
];

/** Whatever can be opened with the keys that are left, everything stored that can be derived of a source value. */
async function leadsBack(): Promise<string[]> {
  const keys = await keysLeft();
  const text = (await dump(store.url)).toLowerCase();
  const found: string[] = [];
  const values = [...SOURCES, subjectCodes.identityOf(FAKE_PATIENT)];
  for (const value of values) {
    if (text.includes(value.toLowerCase())) found.push(`clear: ${value}`);
    if (text.includes(Buffer.from(value).toString('hex'))) found.push(`hexadecimal: ${value}`);
    for (const [at, bytes] of keys.entries()) {
      const sealer = DataKey.of(bytes);
      for (const domain of DOMAINS) {
        // A document that was met is known to have been met, and nothing else.
        if (domain === 'key_object.sop_instance_uid' && value === `${ROOT}.1.9.1`) continue;
        if (text.includes(sealer.blindIndex(domain, value).toString('hex')))
          found.push(`key ${at} ${domain}: ${value}`);
      }
      for (const spoken of ['uid', 'patient', 'date'].map((word) => `${word}\0${value}`)) {
        const digest = createHmac('sha256', bytes).update(spoken).digest();
        if (text.includes(BigInt(`0x${digest.toString('hex', 0, 16)}`).toString())) found.push(`derived: ${value}`);
      }
      if (text.includes(ProjectKey.of(bytes).uid(value))) found.push(`pseudonym by key ${at}: ${value}`);
    }
  }
  for (const opened of await everythingOpened(keys)) {
    for (const value of SOURCES) if (opened.includes(value)) found.push(`opened: ${value} in ${opened.slice(0, 60)}`);
  }
  return found;
}

/** The plain text of every sealed value of every table, tried with every key at every place where one is sealed. */
async function everythingOpened(keys: readonly Buffer[]): Promise<string[]> {
  const sealed = await rows<{ table: string; column: string; row: string; value: Buffer }>(
    store.database.knex,
    `SELECT 'export_session' AS table, 'selection' AS column, id::text AS row, selection AS value FROM export_session
     UNION ALL SELECT 'session_instance', 'source', session_id || ' ' || ordinal, source FROM session_instance
     UNION ALL SELECT 'key_object', 'sop_instance_uid', image_source || ' ' || encode(instance_index, 'hex'),
       sop_instance_uid FROM key_object
     UNION ALL SELECT 'subject', 'patient', project_id || ' ' || encode(patient_index, 'hex'), patient FROM subject
     UNION ALL SELECT 'uid_mapping', 'source', project_id || ' ' || encode(source_index, 'hex'), source FROM uid_mapping
     UNION ALL SELECT 'session_finding', 'text', id::text, text FROM session_finding
     UNION ALL SELECT 'session_plan_context', 'context', session_id::text, context FROM session_plan_context
     UNION ALL SELECT 'review_decision', 'text', id::text, text FROM review_decision
     UNION ALL SELECT 'review_decision', 'replacement', id::text, replacement FROM review_decision
     UNION ALL SELECT 'session_event', 'note', session_id::text, note FROM session_event
     UNION ALL SELECT 'audit_event', 'message', id::text, message FROM audit_event
     UNION ALL SELECT 'received_instance', 'uids', encode(instance_index, 'hex'), uids FROM received_instance`,
  );
  const opened: string[] = [];
  for (const { value, ...context } of sealed) {
    if (value === null) continue;
    for (const bytes of keys) {
      try {
        opened.push(DataKey.of(bytes).open(value, context).toString('utf8'));
      } catch {
        // another key
      }
    }
  }
  return opened;
}

test('what is looked for is found while it is kept', async () => {
  await exported(await provisioned(true));
  const found = await leadsBack();
  for (const kind of [
    'uid_mapping.source',
    'subject.patient',
    'pseudonym by key',
    'opened: 1.2.888',
    `opened: ${NOTE}`,
  ]) {
    expect(found.join('\n')).toContain(kind);
  }
  for (const value of SOURCES) expect(found.join('\n')).toContain(value);
});

describe('an irreversible project', () => {
  test('keeps nothing at the end of a session that can be opened', async () => {
    const project = await provisioned(false);
    const id = await exported(project);
    const opened = await everythingOpened(await keysLeft());
    expect(opened.length).toBeGreaterThan(5);
    for (const value of SOURCES) expect(opened.filter((text) => text.includes(value))).toEqual([]);
    const found = await leadsBack();
    // The project's own keys stay: the same patient has the same code, the same study the same UID.
    expect(found.filter((line) => !/subject\.patient|review\.text|pseudonym|derived/.test(line))).toEqual([]);

    expect(await store.reads.receipt(id)).toMatchObject({ receiver: 'archive' });
    expect((await store.reads.events(id)).map(({ code }) => code)).toContain('SOURCE_ERASED');
    expect(await store.sessions.load(id)).toMatchObject({ sourceErased: true, session: { state: 'completed' } });
    expect((await store.audit.verify()).broken).toEqual([]);
  });

  test('keeps no map while a session goes on', async () => {
    const { id } = await provisioned(false);
    await store.sessions.subjectCode(id, FAKE_PATIENT);
    await store.sessions.recordUIDs(id, [{ kind: 'study', source: `${ROOT}.1`, target: '2.25.1' }]);
    const [kept] = await rows<{ uids: number; patients: number }>(
      store.database.knex,
      `SELECT (SELECT count(*)::integer FROM uid_mapping) AS uids, (SELECT count(patient)::integer FROM subject) AS patients`,
    );
    expect(kept).toEqual({ uids: 0, patients: 0 });
  });

  test('has one code for a patient who comes again', async () => {
    const project = await provisioned(false);
    await exported(project);
    expect(await store.sessions.subjectCode(project.id, FAKE_PATIENT)).toBe('S-0001');
  });

  test('asks about a text once, though the text is gone', async () => {
    const project = await provisioned(false);
    await exported(project);
    const decisions = await store.sessions.decisions(project.id);
    expect(decisions.get(TEXT)).toEqual({ decision: 'edit', replacement: 'by the door' });
    expect(decisions.get('another text')).toBeUndefined();
    expect((await store.review.decisionsOf('cases'))?.map(({ text }) => text)).toEqual(['']);
  });

  test('does not export a document again whose session is forgotten', async () => {
    const project = await provisioned(false);
    await exported(project);
    expect(await store.sessions.unseen('pacs', [`${ROOT}.1.9.1`])).toEqual([]);
    expect(await store.sessions.met('pacs', `${ROOT}.1.9.1`, 'digest')).toMatchObject({ sessionId: null });
    expect(await store.sessions.open(newSession(fakeSelection(ROOT), project))).toBeNull();
  });

  test('forgets what was cancelled, and what was rejected', async () => {
    const project = await provisioned(false);
    for (const to of ['cancelled', 'rejected'] as const) {
      const root = `${ROOT}.${to.length}`;
      const id = (await store.sessions.open(newSession(fakeSelection(root), project))) ?? '';
      expect(await store.sessions.instances(id)).toHaveLength(3);
      const error = to === 'rejected' ? { code: 'X', message: 'x', retryable: false } : null;
      await store.sessions.move(id, { from: 'planning', to, event: to, error });
      expect(await store.sessions.instances(id)).toEqual([]);
      const opened = await everythingOpened(await keysLeft());
      expect(opened.filter((text) => text.includes(root))).toEqual([]);
    }
    expect((await store.audit.verify()).broken).toEqual([]);
  });

  test('leaves what belongs to other projects alone', async () => {
    await store.projects.provision([...declared(false), { ...declared(true)[0], name: 'trial' }]);
    const trial = await store.projects.byName('trial');
    const id = (await store.sessions.open(newSession(fakeSelection(`${ROOT}.7`), trial))) ?? '';
    await exported(await store.projects.byName('cases'));
    expect(await store.sessions.instances(id)).toHaveLength(3);
    expect((await store.sessions.load(id))?.selection.source.PatientID).toBe(FAKE_PATIENT.PatientID);
  });

  test('is not made of a reversible one while there is a map, nor the other way round', async () => {
    const project = await provisioned(true);
    await store.sessions.subjectCode(project.id, FAKE_PATIENT);
    await expect(store.projects.provision(declared(false))).rejects.toMatchObject({ code: 'REVERSIBILITY_CHANGED' });
    expect((await store.projects.byName('cases')).reversible).toBe(true);
    await store.keys.destroy('cases', SYSTEM);
    const changed = await provisioned(false);
    expect(changed.reversible).toBe(false);
    await store.sessions.subjectCode(project.id, FAKE_PATIENT);
    await expect(store.projects.provision(declared(true))).rejects.toMatchObject({ code: 'REVERSIBILITY_CHANGED' });
  });
});

describe('destroying the keys of a project', () => {
  test.each([true, false])('leaves nothing that leads back (reversible: %s)', async (reversible) => {
    const project = await provisioned(reversible);
    const id = await exported(project);
    await exported(project, `${ROOT}.5`);
    const destroyed = await store.keys.destroy('cases', { kind: 'person', name: 'ada' });
    expect(destroyed).toMatchObject({ project: 'cases', sessions: 2, subjects: 1, uids: reversible ? 8 : 0 });
    expect(await leadsBack()).toEqual([]);

    expect((await store.reads.receipt(id))?.instances).toHaveLength(3);
    expect(await store.reads.session(id)).toMatchObject({ state: 'completed', subject: 'S-0001' });
    expect((await store.audit.verify()).broken).toEqual([]);
    const { items } = await store.audit.list({ limit: 1 });
    expect(items[0]).toMatchObject({ event: 'key-destroyed', project: 'cases', actor: { name: 'ada' } });
  });

  test('begins another domain, in processes that run already, too', async () => {
    const project = await provisioned(true);
    await exported(project);
    const database = new Database(store.url, { connections: 2 });
    try {
      const { masterKeyFile } = store;
      const other = await openStore({ database, masterKeyFile, subjectCodes, migrateJobs, log: silentLog });
      expect((await other.projects.byName('cases')).derivationKey).toEqual(project.derivationKey);
      await store.keys.destroy('cases', SYSTEM);
      const renewed = await other.projects.byName('cases');
      expect(renewed.derivationKey).not.toEqual(project.derivationKey);
      // Codes count on: none stands for two patients.
      expect(await other.sessions.subjectCode(project.id, FAKE_PATIENT)).toBe('S-0002');
      expect(await store.sessions.subjectCode(project.id, FAKE_PATIENT)).toBe('S-0002');
    } finally {
      await database.close();
    }
  });

  test('waits until no session uses them', async () => {
    const project = await provisioned(true);
    const id = (await store.sessions.open(newSession(fakeSelection(ROOT), project))) ?? '';
    await expect(store.keys.destroy('cases', SYSTEM)).rejects.toMatchObject({ code: 'SESSIONS_UNDER_WAY' });
    expect((await store.projects.byName('cases')).derivationKey).toEqual(project.derivationKey);
    await store.sessions.move(id, { from: 'planning', to: 'cancelled', event: 'cancelled', error: null });
    await expect(store.keys.destroy('cases', SYSTEM)).resolves.toMatchObject({ sessions: 1 });
    await expect(store.keys.destroy('never', SYSTEM)).rejects.toMatchObject({ code: 'UNKNOWN_PROJECT' });
  });
});
