import { silentLog } from '../../../src/base/log';
import type { CodedConcept } from '../../../src/dicom/coded-concept';
import type { DataSet } from '../../../src/dicom/data-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { KEY_OBJECT_SELECTION_DOCUMENT } from '../../../src/dicom/sop-class';
import {
  generateIdenticalSelections,
  generateSelection,
  type SampleStudy,
  type SelectionOptions,
} from '../../../src/sandbox/samples';
import { assignSession, type DeedDeps, reconsiderProject, releaseSession } from '../../../src/session/deeds';
import { type IntakeDeps, pollImageSource, takeKeyObject } from '../../../src/session/intake';
import type { ImageSource } from '../../../src/session/ports';
import { rejectedAmong } from '../../../src/session/rejection-notes';
import { RECEIVED } from '../../../src/session/selection-policy';
import { createTestStore, type TestStore } from '../../support/database';
import { dump } from '../../support/dump';
import { findMarks, PHI_MARKS } from '../../support/phi-mark';
import { ct, markedIdentity, markedSeed, markedStudy, mr, referenceTo } from '../../support/synth';

const dcm = (CodeValue: string, CodeMeaning = 'x'): CodedConcept => ({
  CodeValue,
  CodingSchemeDesignator: 'DCM',
  CodeMeaning,
});
const TCE001 = { CodeValue: 'TCE001', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: 'For Teaching File Export' };
const TCE012 = {
  CodeValue: 'TCE012',
  CodingSchemeDesignator: 'IHERADTF',
  CodeMeaning: 'Delay export until clinical information is available',
};
const FOR_TEACHING = dcm('113004', 'For Teaching');

const seed = markedSeed();
let store: TestStore;
let deps: IntakeDeps;
let deeds: DeedDeps;
let patients = 0;

beforeAll(async () => {
  store = await createTestStore();
  const projects = [
    {
      name: 'Cases',
      kind: 'teaching-file' as const,
      dispositions: ['Head cases', '頭部'],
      documentTitles: [FOR_TEACHING],
    },
    { name: 'Other cases', kind: 'teaching-file' as const, dispositions: ['Other'] },
    { name: 'Trial', kind: 'clinical-trial' as const, dispositions: [], receivers: ['archive', 'mirror'] },
  ];
  await store.projects.provision(
    projects.map(({ name, kind }) => ({ name, kind, receiver: 'archive', subjectPattern: 'S-{0000}' })),
  );
  const projectRules = projects.map((project) => ({ ...project, imageSources: ['pacs'] }));
  const project = (name: string) => store.projects.byName(name);
  deps = { store: store.sessions, projectRules, project, now: () => new Date(), log: silentLog };
  deeds = { store: store.sessions, projectRules, project };
});
afterAll(() => store.close());

/** A patient of one test alone, with two studies. */
function newPatient() {
  patients += 1;
  const identity = markedIdentity(`p${patients}`);
  const head = markedStudy(identity, `head-${patients}`);
  const spine = markedStudy(identity, `spine-${patients}`);
  const images = [...ct({ instances: 2, study: head })].map(referenceTo);
  const scans = [...mr({ instances: 2, study: spine })].map(referenceTo);
  return { identity, head, spine, images, scans };
}

type Change = Partial<Omit<SelectionOptions, 'study'>>;

function document(study: SampleStudy, change: Change = {}): DataSet {
  const options = { study, key: 'k', title: TCE001, references: [], description: 'Head cases', ...change };
  return readPart10Bytes(generateSelection(options, seed).bytes).header;
}

function copies(studies: readonly SampleStudy[], change: Change = {}): readonly DataSet[] {
  const options = { key: 'k', title: TCE001, references: [], description: 'Head cases', ...change };
  return generateIdenticalSelections(studies, options, seed).map((each) => readPart10Bytes(each.bytes).header);
}

function take(keyObject: DataSet, imageSource = 'pacs') {
  const uid = (tag: number) => keyObject.string(tag) ?? '';
  const origin = {
    imageSource,
    StudyInstanceUID: uid(0x0020000d),
    SeriesInstanceUID: uid(0x0020000e),
    SOPInstanceUID: uid(0x00080018),
  };
  return takeKeyObject(keyObject, origin, undefined, deps);
}

/** What `work` opened or changed last, and the session as the API has it. */
async function newest() {
  const [session] = (await store.reads.worklist({ limit: 1 })).items;
  if (session === undefined) throw new Error('there is no session');
  return session;
}

async function sessionsOf(keyObject: DataSet) {
  const met = await store.sessions.met('pacs', keyObject.string(0x00080018) ?? '', '');
  const session = await store.reads.session(met?.sessionId ?? '');
  if (session === null) throw new Error('the document has no session');
  return session;
}

async function codesOf(id: string): Promise<readonly (string | null)[]> {
  return (await store.reads.events(id)).map(({ code }) => code);
}

describe('a Key Object', () => {
  test('of a general title is an order where a project accepts the title', async () => {
    const { head, images } = newPatient();
    const keyObject = document(head, { title: FOR_TEACHING, references: images });
    expect(await take(keyObject)).toBe('opened');
    expect(await sessionsOf(keyObject)).toMatchObject({ project: 'Cases', documentTitle: FOR_TEACHING });
  });

  test.each([
    ['a general title that nobody accepts', dcm('113000', 'Of Interest')],
    ['a title of document sharing', dcm('113030', 'Manifest')],
    ['a title of an unknown scheme', { ...TCE001, CodingSchemeDesignator: '99UNKNOWN' }],
  ])('of %s is left alone', async (_title, title) => {
    const { head, images } = newPatient();
    const keyObject = document(head, { title, references: images });
    expect(await take(keyObject)).toBe('leftAlone');
    expect(await store.sessions.unseen('pacs', [keyObject.string(0x00080018) ?? ''])).toEqual([]);
  });

  test('with no content and no evidence becomes a session that says so', async () => {
    const { head } = newPatient();
    expect(await take(document(head, { references: [] }))).toBe('unreadable');
    expect(await newest()).toMatchObject({ state: 'failed', error: { code: 'EMPTY_SELECTION' } });
  });

  test('with references in the evidence alone, or twice, selects each once', async () => {
    const { head, images } = newPatient();
    const evidenceOnly = document(head, { references: [], evidence: images });
    await take(evidenceOnly);
    const session = await sessionsOf(evidenceOnly);
    expect(session).toMatchObject({ state: 'planning', counts: { selected: 2 } });
    expect(await codesOf(session.id)).toContain('CONTENT_AND_EVIDENCE_DIFFER');
    const twice = document(head, { key: 'twice', references: [...images, ...images] });
    await take(twice);
    expect((await sessionsOf(twice)).counts.selected).toBe(2);
  });

  test('whose content and evidence differ selects both, with a warning in the timeline', async () => {
    const { head, spine, images, scans } = newPatient();
    const keyObject = document(head, { references: images, evidence: scans });
    await take(keyObject);
    const session = await sessionsOf(keyObject);
    expect(session.counts.selected).toBe(4);
    expect(await codesOf(session.id)).toEqual(
      expect.arrayContaining(['CONTENT_AND_EVIDENCE_DIFFER', 'REFERENCE_NOT_IN_EVIDENCE']),
    );
    expect(spine).toBeDefined();
  });

  test('that references itself leaves itself out, and selects another Key Object like any instance', async () => {
    const { head, images } = newPatient();
    const own = document(head, { references: images });
    const other = document(head, { key: 'other', references: images });
    const place = (of: DataSet) => ({
      StudyInstanceUID: of.string(0x0020000d) ?? '',
      SeriesInstanceUID: of.string(0x0020000e) ?? '',
      SOPClassUID: KEY_OBJECT_SELECTION_DOCUMENT,
      SOPInstanceUID: of.string(0x00080018) ?? '',
    });
    const keyObject = document(head, { references: [...images, place(own), place(other)] });
    await take(keyObject);
    const session = await sessionsOf(keyObject);
    expect(session.counts.selected).toBe(3);
    expect(await codesOf(session.id)).toContain('SELF_REFERENCE');
  });

  test('in a foreign character set names its project all the same', async () => {
    patients += 1;
    const study = markedStudy(markedIdentity(`p${patients}`, ['', 'ISO 2022 IR 87']), `jp-${patients}`);
    const references = [...ct({ instances: 1, study })].map(referenceTo);
    const keyObject = document(study, { references, description: '頭部' });
    await take(keyObject);
    expect(await sessionsOf(keyObject)).toMatchObject({ project: 'Cases', disposition: '頭部' });
  });

  test('that is pushed twice opens one session', async () => {
    const { head, images } = newPatient();
    const keyObject = document(head, { references: images });
    expect([await take(keyObject), await take(keyObject)]).toEqual(['opened', 'leftAlone']);
    expect(await Promise.all([take(keyObject), take(keyObject)])).toEqual(['leftAlone', 'leftAlone']);
  });

  test('of a project with several Receivers opens a session for each', async () => {
    const { head, images } = newPatient();
    const keyObject = document(head, { title: dcm('128711'), references: images, description: 'x' });
    await take(keyObject);
    const { id } = await sessionsOf(keyObject);
    const all = (await store.reads.worklist({ limit: 200 })).items.filter(({ selectionId }) => selectionId === id);
    expect(all.map(({ receiver, state }) => [receiver, state]).sort()).toEqual([
      ['archive', 'planning'],
      ['mirror', 'planning'],
    ]);
  });
});

describe('a selection that could be of several projects', () => {
  test('asks, and goes on when a person assigns it', async () => {
    const { head, images } = newPatient();
    const keyObject = document(head, { references: images, description: `${PHI_MARKS.family} please` });
    await take(keyObject);
    const { id } = await sessionsOf(keyObject);
    expect(await store.reads.session(id)).toMatchObject({ state: 'received', error: { code: 'AMBIGUOUS_PROJECT' } });
    expect(await assignSession(id, 'Nobody', 'ada', deeds)).toMatchObject({ reason: { code: 'NO_SUCH_PROJECT' } });
    expect(await assignSession(id, 'Trial', 'ada', deeds)).toEqual({ result: 'done' });
    expect(await store.reads.session(id)).toMatchObject({ state: 'planning', project: 'Trial', disposition: null });
    expect(await assignSession(id, 'Cases', 'ada', deeds)).toMatchObject({ result: 'refused' });
    const all = (await store.reads.worklist({ limit: 200 })).items.filter(({ selectionId }) => selectionId === id);
    expect(all.map(({ receiver }) => receiver).sort()).toEqual(['archive', 'mirror']);
  });

  test('may be of every project where it was pushed here', async () => {
    const { head, images } = newPatient();
    expect(await take(document(head, { title: dcm('128711'), references: images, description: 'x' }), RECEIVED)).toBe(
      'opened',
    );
    expect(await newest()).toMatchObject({ project: 'Trial', imageSource: RECEIVED });
  });
});

describe('a selection over several studies', () => {
  test('is one session, whose copies may come in any order', async () => {
    const { head, spine, images, scans } = newPatient();
    const [first, second] = copies([head, spine], { references: [...images, ...scans] });
    expect([await take(second!), await take(second!)]).toEqual(['opened', 'leftAlone']);
    const { id } = await sessionsOf(second!);
    const uid = first!.string(0x00080018) ?? '';
    expect(await store.sessions.awaitedCopies(id)).toEqual([uid]);
    expect(await store.reads.missing(id)).toEqual([uid]);
    expect(await take(first!)).toBe('leftAlone');
    expect(await store.sessions.awaitedCopies(id)).toEqual([]);
    expect((await store.sessions.load(id))?.session.counts.selected).toBe(4);
  });

  test('is one session too where two processes meet its copies at once', async () => {
    const { head, spine, images, scans } = newPatient();
    const both = copies([head, spine], { references: [...images, ...scans] });
    expect((await Promise.all(both.map((each) => take(each)))).sort()).toEqual(['leftAlone', 'opened']);
    expect(await store.sessions.awaitedCopies((await sessionsOf(both[0]!)).id)).toEqual([]);
  });

  test('is one session where only the later copy names the earlier', async () => {
    const { head, spine, images, scans } = newPatient();
    const references = [...images, ...scans];
    const [, second] = copies([head, spine], { references });
    expect(await take(document(head, { references }))).toBe('opened');
    expect(await take(second!)).toBe('leftAlone');
    const loaded = await store.sessions.load((await sessionsOf(second!)).id);
    expect(loaded?.selection.identicalDocuments).toHaveLength(1);
  });

  test('is rejected where its copies do not ask for the same', async () => {
    const { head, spine, images, scans } = newPatient();
    const [first] = copies([head, spine], { references: [...images, ...scans] });
    const [, second] = copies([head, spine], { references: images });
    await take(first!);
    await take(second!);
    expect(await sessionsOf(first!)).toMatchObject({ state: 'rejected', error: { code: 'COPIES_DIFFER' } });
  });

  test('is rejected where one Patient ID has different issuers', async () => {
    const { identity, head, images } = newPatient();
    const other = markedStudy({ ...identity, IssuerOfPatientID: `${PHI_MARKS.IssuerOfPatientID}-2` }, 'elsewhere');
    const [first, second] = copies([head, other], { references: images });
    await take(first!);
    await take(second!);
    expect(await sessionsOf(first!)).toMatchObject({ state: 'rejected', error: { code: 'MORE_THAN_ONE_PATIENT' } });
  });

  test('goes on without its missing copies when a person says so', async () => {
    const { head, spine, images } = newPatient();
    const [first] = copies([head, spine], { references: images });
    await take(first!);
    const { id } = await sessionsOf(first!);
    const error = { code: 'COPIES_MISSING', message: 'one is missing', retryable: true };
    await store.sessions.move(id, { from: 'planning', to: 'waiting', event: 'waits', error });
    expect(await releaseSession(id, 'the viewer stores one only', 'ada', deeds)).toEqual({ result: 'done' });
    expect(await store.sessions.awaitedCopies(id)).toEqual([]);
    expect((await store.reads.session(id))?.state).toBe('planning');
  });
});

describe('a delayed selection', () => {
  test('gives way to a later one of the same title, text, patient and at least its instances', async () => {
    const { head, spine, images, scans } = newPatient();
    const delayed = document(head, { key: 'first', references: images, delayReasons: [TCE012] });
    await take(delayed);
    expect(await sessionsOf(delayed)).toMatchObject({ state: 'delayed', delayReasons: [TCE012] });
    const [one, two] = copies([head, spine], { key: 'later', title: dcm('128710'), references: [...images, ...scans] });
    await take(one!);
    await take(two!);
    const later = await sessionsOf(one!);
    expect(later).toMatchObject({ state: 'planning', project: 'Cases' });
    expect(await sessionsOf(delayed)).toMatchObject({ state: 'superseded', supersededBy: later.id });
  });

  test('met after the later one that was made after it is superseded at once', async () => {
    const { head, images } = newPatient();
    const later = document(head, { key: 'later', references: images, contentTime: '170000' });
    const delayed = document(head, { key: 'first', references: images, delayReasons: [TCE012], contentTime: '160000' });
    await take(later);
    await take(delayed);
    expect(await sessionsOf(delayed)).toMatchObject({
      state: 'superseded',
      supersededBy: (await sessionsOf(later)).id,
    });
  });

  test('that no project has claimed yet gives way to the later one, too', async () => {
    const { head, images } = newPatient();
    const description = 'Nobody asked';
    const delayed = document(head, { key: 'first', references: images, delayReasons: [TCE012], description });
    await take(delayed);
    expect((await sessionsOf(delayed)).state).toBe('received');
    const later = document(head, { key: 'later', references: images, description });
    await take(later);
    const { id } = await sessionsOf(later);
    expect(await sessionsOf(delayed)).toMatchObject({ state: 'superseded', supersededBy: id });
  });

  test('stays delayed beside one that leaves an instance of it out', async () => {
    const { head, images } = newPatient();
    const delayed = document(head, { key: 'first', references: images, delayReasons: [dcm('128716')] });
    await take(delayed);
    await take(document(head, { key: 'later', references: images.slice(1) }));
    expect((await sessionsOf(delayed)).state).toBe('delayed');
  });

  test('is released with a reason that is kept sealed and shown in the timeline', async () => {
    const { head, images } = newPatient();
    const delayed = document(head, { references: images, delayReasons: [TCE012] });
    await take(delayed);
    const { id } = await sessionsOf(delayed);
    const reason = `${PHI_MARKS.family} has been discharged`;
    expect(await releaseSession(id, reason, 'ada', deeds)).toEqual({ result: 'done' });
    expect((await store.reads.session(id))?.state).toBe('planning');
    expect((await store.reads.events(id)).at(-1)).toMatchObject({ text: 'released by ada', note: reason });
    expect(await releaseSession(id, reason, 'ada', deeds)).toMatchObject({ result: 'refused' });
  });

  test('is told of once in a while when it waits for long', async () => {
    const { head, images } = newPatient();
    const delayed = document(head, { references: images, delayReasons: [TCE012] });
    await take(delayed);
    const { id } = await sessionsOf(delayed);
    expect(await store.sessions.remindOfDelayed(60_000)).not.toContain(id);
    await store.database.knex.raw("UPDATE export_session SET created_at = now() - interval '15 days' WHERE id = ?", [
      id,
    ]);
    expect(await store.sessions.remindOfDelayed(14 * 86_400_000)).toEqual([id]);
    expect(await store.sessions.remindOfDelayed(14 * 86_400_000)).toEqual([]);
    expect(await store.reads.session(id)).toMatchObject({ state: 'delayed', overdue: true });
    expect(await codesOf(id)).toContain('DELAYED_FOR_LONG');
  });
});

describe('a document that was replaced under its UID', () => {
  test('takes the place of its session where nothing has left yet', async () => {
    const { head, images } = newPatient();
    const before = document(head, { references: images });
    await take(before);
    const old = await sessionsOf(before);
    expect(await take(document(head, { references: images.slice(1) }))).toBe('opened');
    const fresh = await sessionsOf(before);
    expect(fresh).toMatchObject({ state: 'planning', counts: { selected: 1 } });
    expect(await store.reads.session(old.id)).toMatchObject({ state: 'superseded', supersededBy: fresh.id });
  });

  test('that orders nothing any more ends its session', async () => {
    const { head, images } = newPatient();
    const before = document(head, { references: images });
    await take(before);
    const old = await sessionsOf(before);
    await take(document(head, { title: dcm('113000'), references: images }));
    expect(await store.reads.session(old.id)).toMatchObject({ state: 'superseded', supersededBy: null });
  });

  test('is never exported anew without a word once it was exported', async () => {
    const { head, images } = newPatient();
    const before = document(head, { references: images });
    await take(before);
    const old = await sessionsOf(before);
    // As if it had been exported.
    await store.database.knex.raw(
      "UPDATE export_session SET state = 'completed', completed_at = now(), edition = '2026d' WHERE id = ?",
      [old.id],
    );
    await take(document(head, { references: images.slice(1) }));
    const asks = await sessionsOf(before);
    expect(asks).toMatchObject({ state: 'received', project: null, error: { code: 'KEY_OBJECT_REPLACED' } });
    expect((await store.reads.session(old.id))?.state).toBe('completed');
    // Neither a start of the server nor a try takes it up.
    expect(await reconsiderProject(asks.id, deeds)).toMatchObject({ result: 'refused' });
    expect(await assignSession(asks.id, 'Cases', 'ada', deeds)).toEqual({ result: 'done' });
  });

  test('is read again after a while, and not each time', async () => {
    const { head, images } = newPatient();
    const keyObject = document(head, { references: images });
    await take(keyObject);
    const uid = keyObject.string(0x00080018) ?? '';
    expect(await store.sessions.dueAgain('pacs', [uid], 60_000, 10)).toEqual([]);
    await store.database.knex.raw("UPDATE key_object SET met_at = now() - interval '1 hour'");
    expect(await store.sessions.dueAgain('pacs', [uid], 60_000, 10)).toEqual([uid]);
    expect(await store.sessions.dueAgain('pacs', [uid], 60_000, 10)).toEqual([]);
  });
});

describe('a rejection note', () => {
  test.each([
    ['113037', true],
    ['113038', true],
    ['113039', true],
    ['113001', false],
  ])('of title %s keeps the instances it names here', async (title, always) => {
    const { head, images } = newPatient();
    expect(await take(document(head, { title: dcm(title), references: images.slice(0, 1) }))).toBe('leftAlone');
    const among = async (quality: boolean) =>
      [...(await rejectedAmong(images, quality, store.sessions))].map(([image, { code }]) => [image, code]);
    expect(await among(true)).toEqual([[images[0], 'REJECTED_BY_IOCM']]);
    expect(await among(false)).toEqual(always ? [[images[0], 'REJECTED_BY_IOCM']] : []);
  });

  test('is known before the selection that is met together with it', async () => {
    const { head, images } = newPatient();
    const options = { study: head, references: images };
    const met = [
      generateSelection({ ...options, key: 'k', title: TCE001, description: 'Head cases' }, seed),
      generateSelection({ ...options, key: 'note', title: dcm('113037') }, seed),
    ];
    const knownThen: number[] = [];
    const open: IntakeDeps['store']['open'] = async (session) => {
      knownThen.push((await rejectedAmong(images, false, store.sessions)).size);
      return store.sessions.open(session);
    };
    const source: ImageSource = {
      name: 'pacs',
      async *findKeyObjects() {
        yield* met;
      },
      async *retrieve({ instance }) {
        const found = met.find(({ SOPInstanceUID }) => SOPInstanceUID === instance)!;
        yield {
          contentType: null,
          bytes: (async function* () {
            yield found.bytes;
          })(),
        };
      },
      findInstances: async () => [],
      seriesSizes: async () => new Map(),
    };
    const watched = { ...deps, store: { ...deps.store, open } };
    const count = await pollImageSource(source, undefined, watched, new AbortController().signal);
    expect(count).toEqual({ found: 2, opened: 1, leftAlone: 1, unreadable: 0 });
    expect(knownThen).toEqual([images.length]);
  });
});

test('nothing of a patient is in a row in the clear', async () => {
  expect(findMarks(await dump(store.database.url))).toEqual([]);
});
