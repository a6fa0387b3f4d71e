import type { DataSet } from '../../src/dicom/data-set';
import { readPart10Bytes } from '../../src/dicom/part10/read';
import { KEY_OBJECT_SELECTION_DOCUMENT } from '../../src/dicom/sop-class';
import { generateIdenticalSelections, generateSelection, type Sample } from '../../src/sandbox/samples';
import { readExportSelection } from '../../src/selection/export-selection';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type Peer, sandboxPeer } from '../support/peers';
import { findMarks } from '../support/phi-mark';
import { pause, ServerUnderTest } from '../support/server';
import { ct, markedIdentity, markedSeed, markedStudy, mr, referenceTo } from '../support/synth';

/*
 * IHE's own evaluations of an Export Manager (MESA tests 3000, 3001 and 3003), made anew from what they check: the
 * replacement of Table "delta", the title triple and description, the two sets of UIDs, histograms, order of the content
 * and the Identical Documents of several studies.
 */

const FOR_TEACHING = { CodeValue: '113004', CodingSchemeDesignator: 'DCM', CodeMeaning: 'For Teaching' };
const TCE001 = { CodeValue: 'TCE001', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: 'For Teaching File Export' };
const TCE012 = {
  CodeValue: 'TCE012',
  CodingSchemeDesignator: 'IHERADTF',
  CodeMeaning: 'Delay export until clinical information is available',
};
const DESCRIPTION = 'Dr.Jost teaching file';
const REPLACED = { PatientName: 'MR^SCREEN', PatientID: '05-3001-6' };

/** Must be empty or absent: name and address of those who refer, perform, read; what the patient is and was. */
const EMPTIED = [
  0x00080050, 0x00080090, 0x00080092, 0x00080094, 0x00081048, 0x00081050, 0x00081060, 0x00081070, 0x00081080,
  0x00100030, 0x00100032, 0x00100040, 0x00101000, 0x00101001, 0x00101090, 0x00102160, 0x00102180, 0x001021b0,
  0x00104000, 0x00204000,
];
/** Must be empty, absent or what the site configured. */
const STUDY_ID = 0x00200010;

const seed = markedSeed('mesa');
const identity = markedIdentity('mesa');
const studyA = markedStudy(identity, 'a');
const studyB = markedStudy(identity, 'b');
const ofA = [...mr({ instances: 3, study: studyA, seed }), ...ct({ instances: 2, study: studyA, seed })];
const ofB = [...mr({ instances: 2, study: studyB, seed })];

let database: TestDatabase;
let pacs: Peer;
let receiver: Peer;
let server: ServerUnderTest;

beforeEach(async () => {
  database = await createTestDatabase();
  pacs = await sandboxPeer();
  receiver = await sandboxPeer();
  server = new ServerUnderTest({
    databaseUrl: database.url,
    imageSources: [{ name: 'pacs', dicomweb: { url: pacs.dicomwebUrl }, poll: { every: '300ms' } }],
    receivers: [{ name: 'rcvr', dicomweb: { url: receiver.dicomwebUrl } }],
    projects: [
      {
        name: 'Teaching',
        kind: 'teaching-file',
        documentTitles: ['113004^DCM'],
        dispositions: [DESCRIPTION],
        receiver: 'rcvr',
        deidentification: { constants: { ...REPLACED, StudyID: 'MESA' } },
      },
    ],
  });
  await server.start();
}, 60_000);

afterEach(async () => {
  await server?.stop();
  await pacs?.stop();
  await receiver?.stop();
  await database?.drop();
});

async function put(...samples: readonly Sample[]): Promise<void> {
  for (const sample of samples) await pacs.put(sample.bytes);
}

const uid = (header: DataSet, tag: number) => header.string(tag) ?? '';
const STUDY = 0x0020000d;
const SERIES = 0x0020000e;
const INSTANCE = 0x00080018;

interface Exported {
  readonly manifests: readonly DataSet[];
  readonly images: readonly DataSet[];
}

async function exported(): Promise<Exported> {
  const stored = await receiver.everything();
  for (const bytes of stored) expect(findMarks(bytes)).toEqual([]);
  const all = stored.map((bytes) => readPart10Bytes(bytes).header);
  const isManifest = (header: DataSet) => uid(header, 0x00080016) === KEY_OBJECT_SELECTION_DOCUMENT;
  return { manifests: all.filter(isManifest), images: all.filter((header) => !isManifest(header)) };
}

function checkDelta({ manifests, images }: Exported): void {
  for (const header of [...manifests, ...images]) {
    expect(header.string(0x00100010)).toBe(REPLACED.PatientName);
    expect(header.string(0x00100020)).toBe(REPLACED.PatientID);
    expect(EMPTIED.filter((tag) => (header.string(tag) ?? '') !== '')).toEqual([]);
    expect(['', 'MESA']).toContain(header.string(STUDY_ID) ?? '');
    expect(header.string(0x00120062)).toBe('YES');
    expect(header.items(0x00120064).length).toBeGreaterThan(0);
  }
}

/** Sorted sizes: instances of each series, series of each study. */
function histogram(headers: readonly DataSet[], outer: number, inner: number): readonly number[] {
  const groups = new Map<string, Set<string>>();
  for (const header of headers) {
    const key = uid(header, outer);
    groups.set(key, (groups.get(key) ?? new Set()).add(uid(header, inner)));
  }
  return [...groups.values()].map(({ size }) => size).sort();
}

function checkUIDs({ images }: Exported, sources: readonly Sample[]): void {
  const before = sources.map(({ bytes }) => readPart10Bytes(bytes).header);
  for (const tag of [STUDY, SERIES, INSTANCE]) {
    const was = new Set(before.map((header) => uid(header, tag)));
    const is = new Set(images.map((header) => uid(header, tag)));
    expect(is.size).toBe(was.size);
    expect([...is].filter((each) => was.has(each))).toEqual([]);
  }
  expect(histogram(images, STUDY, SERIES)).toEqual(histogram(before, STUDY, SERIES));
  expect(histogram(images, SERIES, INSTANCE)).toEqual(histogram(before, SERIES, INSTANCE));
}

function evidenceOf(manifest: DataSet): readonly string[] {
  return manifest
    .items(0x0040a375)
    .flatMap((study) => study.items(0x00081115))
    .flatMap((series) => series.items(0x00081199))
    .map((reference) => uid(reference, 0x00081155));
}

function contentOf(manifest: DataSet): readonly (readonly [string, string])[] {
  return manifest
    .items(0x0040a730)
    .flatMap((item) => item.items(0x00081199))
    .map((reference) => [uid(reference, 0x00081155), uid(reference, 0x00081150)] as const);
}

/** `source`: the selection that was stored, whose content the manifest repeats. */
function checkManifest(manifest: DataSet, { images }: Exported, source: Sample): void {
  const was = readExportSelection(readPart10Bytes(source.bytes).header);
  const is = readExportSelection(manifest);
  expect(is.documentTitle).toEqual(was.documentTitle);
  expect(is.description).toBe(DESCRIPTION);
  expect(is.delayReasons).toEqual([]);
  const template = manifest.items(0x0040a504)[0]!;
  expect([template.string(0x00080105), template.string(0x0040db00)]).toEqual(['DCMR', '2010']);
  const content = contentOf(manifest);
  expect(content.map(([, SOPClassUID]) => SOPClassUID)).toEqual(was.references.map((each) => each.SOPClassUID));
  const classOf = new Map(images.map((header) => [uid(header, INSTANCE), uid(header, 0x00080016)]));
  expect(new Map(content)).toEqual(classOf);
  expect([...evidenceOf(manifest)].sort()).toEqual(content.map(([SOPInstanceUID]) => SOPInstanceUID).sort());
  const sources = new Set(was.references.map((each) => each.SOPInstanceUID));
  expect(content.filter(([SOPInstanceUID]) => sources.has(SOPInstanceUID))).toEqual([]);
}

async function completes(count: number): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    const sessions = await server.sessions();
    if (sessions.filter(({ state }) => state === 'completed').length >= count) return;
    if (Date.now() > until)
      throw new Error(`not completed: ${JSON.stringify(sessions.map(({ state, error }) => ({ state, error })))}`);
    await pause(200);
  }
}

describe('MESA', () => {
  test.each([
    ['3000: a general title that the project accepts', FOR_TEACHING],
    ['3001: a teaching file of one study', TCE001],
  ])(
    '%s',
    async (_name, title) => {
      const selection = generateSelection(
        { study: studyA, key: 'mesa', title, references: ofA.map(referenceTo), description: DESCRIPTION },
        seed,
      );
      await put(...ofA, selection);
      await completes(1);
      const set = await exported();
      expect(set.manifests).toHaveLength(1);
      expect(set.images).toHaveLength(ofA.length);
      checkDelta(set);
      checkUIDs(set, ofA);
      checkManifest(set.manifests[0]!, set, selection);
      expect(uid(set.manifests[0]!, STUDY)).toBe(uid(set.images[0]!, STUDY));
    },
    90_000,
  );

  test('3003: a delayed selection, then one of both studies, of which two manifests leave and the delayed one never', async () => {
    const delayed = generateSelection(
      {
        study: studyA,
        key: 'wait',
        title: TCE001,
        references: ofA.map(referenceTo),
        delayReasons: [TCE012],
        description: DESCRIPTION,
      },
      seed,
    );
    await put(...ofA, delayed);
    await server.until(({ state }) => state === 'delayed', 40_000);
    const both = generateIdenticalSelections(
      [studyA, studyB],
      {
        key: 'final',
        title: TCE001,
        references: [...ofA, ...ofB].map(referenceTo),
        description: DESCRIPTION,
        contentTime: '170000',
      },
      seed,
    );
    await put(...ofB, ...both);
    await completes(1);
    await server.until(({ state }) => state === 'superseded', 40_000);
    const set = await exported();
    expect(set.manifests).toHaveLength(2);
    expect(set.images).toHaveLength(ofA.length + ofB.length);
    checkDelta(set);
    checkUIDs(set, [...ofA, ...ofB]);
    for (const manifest of set.manifests) checkManifest(manifest, set, both[0]!);
    const [one, other] = set.manifests as [DataSet, DataSet];
    expect(contentOf(one)).toEqual(contentOf(other));
    for (const tag of [STUDY, SERIES, INSTANCE]) expect(uid(one, tag)).not.toBe(uid(other, tag));
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const study = from.items(0x0040a525)[0]!;
      const series = study.items(0x00081115)[0]!;
      expect([uid(study, STUDY), uid(series, SERIES), uid(series.items(0x00081199)[0]!, 0x00081155)]).toEqual(
        [STUDY, SERIES, INSTANCE].map((tag) => uid(to, tag)),
      );
    }
  }, 120_000);
});
