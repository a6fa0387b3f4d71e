import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { encodeDataSet } from '../../../src/dicom/part10/write';
import { KEY_OBJECT_SELECTION_DOCUMENT } from '../../../src/dicom/sop-class';
import { generateSelection, type Sample, type SampleStudy } from '../../../src/sandbox/samples';
import { readExportSelection } from '../../../src/selection/export-selection';
import { readCorpusFile, suiteNeedingCorpus } from '../../support/corpus';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { type ObjectOfKind, objectsOfEveryKind, rehomed } from '../../support/objects';
import { type Peer, sandboxPeer } from '../../support/peers';
import { findMarks } from '../../support/phi-mark';
import { ServerUnderTest, type SessionJson } from '../../support/server';
import { ct, markedIdentity, markedSeed, markedStudy, referenceTo, sr } from '../../support/synth';

const TEACHING = { CodeValue: '128710', CodingSchemeDesignator: 'DCM', CodeMeaning: 'For Teaching File Export' };
const OF_INTEREST = { CodeValue: '113000', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Of Interest' };
const seed = markedSeed();

let database: TestDatabase;
let pacs: Peer;
let archive: Peer;
let server: ServerUnderTest;

beforeAll(async () => {
  database = await createTestDatabase();
  pacs = await sandboxPeer();
  archive = await sandboxPeer();
  const project = (name: string, more: object, deidentification: object) => ({
    name,
    kind: 'teaching-file',
    dispositions: [name],
    receiver: 'archive',
    ...more,
    deidentification: {
      options: ['clean-descriptors', 'clean-structured-content', 'clean-graphics'],
      ...deidentification,
    },
  });
  server = new ServerUnderTest({
    databaseUrl: database.url,
    imageSources: [{ name: 'pacs', dicomweb: { url: pacs.dicomwebUrl }, poll: { every: '300ms' } }],
    receivers: [{ name: 'archive', dicomweb: { url: archive.dicomwebUrl } }],
    projects: [
      project('Every kind', { review: 'never' }, { encapsulatedDocuments: 'keep' }),
      project('Real files', { review: 'never', partial: true }, { encapsulatedDocuments: 'keep' }),
      project('Looked at', { review: 'on-findings' }, { encapsulatedDocuments: 'keep' }),
      project('As it is', { review: 'never' }, {}),
    ],
  });
  await server.start();
}, 60_000);

afterAll(async () => {
  await server?.stop();
  for (const peer of [pacs, archive]) await peer?.stop();
  await database?.drop();
});

type Chosen = Pick<ObjectOfKind, 'sample' | 'valueType'>;

async function select(study: SampleStudy, description: string, chosen: readonly Chosen[]): Promise<void> {
  for (const { sample } of chosen) await pacs.put(sample.bytes);
  const references = chosen.map(({ sample, valueType }) => ({ ...referenceTo(sample), valueType }));
  await pacs.put(
    generateSelection({ study, key: description.replace(/ /g, '-'), title: TEACHING, references, description }, seed)
      .bytes,
  );
}

const ended = (
  project: string,
  states: readonly string[] = ['completed', 'failed', 'quarantined', 'review', 'waiting'],
) => server.until((session) => session.project === project && states.includes(session.state), 60_000);

/** By source SOP Instance UID of each that was selected; the manifest under ''. */
async function sentOf(session: SessionJson): Promise<ReadonlyMap<string, Uint8Array>> {
  const { instances, manifest } = await server.json<{
    instances: readonly { readonly SOPInstanceUID: string }[];
    manifest: readonly { readonly SOPInstanceUID: string }[];
  }>(`/api/v1/sessions/${session.id}/receipt`);
  const wanted = new Set([...instances, ...manifest].map(({ SOPInstanceUID }) => SOPInstanceUID));
  const sent = new Map<string, Uint8Array>();
  for (const bytes of await archive.everything()) {
    const UID = readPart10Bytes(bytes).header.string(0x00080018) ?? '';
    if (wanted.has(UID)) sent.set(UID, bytes);
  }
  return sent;
}

/** What has to hold of the copy that left, whatever the kind. */
function expectSameButNameless(object: ObjectOfKind, bytes: Uint8Array): void {
  const { header, transferSyntax } = readPart10Bytes(bytes);
  expect([object.kind, transferSyntax.uid]).toEqual([object.kind, object.transferSyntaxUID]);
  expect([object.kind, header.string(0x00080016)]).toEqual([object.kind, object.sample.SOPClassUID]);
  // Deflated bytes spell nothing: the header is looked at as it is read, too.
  expect([object.kind, findMarks(bytes), findMarks(encodeDataSet(header))]).toEqual([object.kind, [], []]);
  expect(header.string(0x00120062)).toBe('YES');
}

describe('objects of every kind', () => {
  test('leave in their transfer syntax, their pixels, samples and documents byte for byte', async () => {
    const study = markedStudy(markedIdentity('kinds'), 'kinds');
    const [image] = [...ct({ instances: 1, study })] as [Sample];
    const kinds = objectsOfEveryKind(study, seed, image);
    const report: Chosen = { sample: sr([image], { study }), valueType: 'COMPOSITE' };
    const keyImages: Chosen = {
      sample: generateSelection(
        { study, key: 'key-images', title: OF_INTEREST, references: [referenceTo(image)] },
        seed,
      ),
      valueType: 'COMPOSITE',
    };
    const chosen: readonly Chosen[] = [{ sample: image, valueType: 'IMAGE' }, ...kinds, report, keyImages];
    await select(study, 'Every kind', chosen);
    const session = await ended('Every kind');
    expect({ ...session, instances: session.state === 'completed' ? [] : await held(session) }).toMatchObject({
      state: 'completed',
      counts: { selected: chosen.length, delivered: chosen.length },
      instances: [],
    });
    const sent = [...(await sentOf(session)).values()];
    expect(sent).toHaveLength(chosen.length + 1);
    for (const object of kinds) {
      const copies = sent.filter((bytes) => isCopyOf(object, bytes));
      expect([object.kind, copies.length]).toEqual([object.kind, 1]);
      expectSameButNameless(object, copies[0]!);
    }
    for (const bytes of sent) expect(findMarks(bytes)).toEqual([]);
    const all = new Set(sent.map((bytes) => readPart10Bytes(bytes).header.string(0x00080018)));
    const manifest = sent
      .map((bytes) => readPart10Bytes(bytes).header)
      .filter((header) => header.string(0x00080016) === KEY_OBJECT_SELECTION_DOCUMENT)
      .map((header) => readExportSelection(header))
      .find(({ references }) => references.length === chosen.length);
    expect(manifest?.references.map(({ valueType }) => valueType).sort()).toEqual(
      chosen.map(({ valueType }) => valueType).sort(),
    );
    for (const { SOPInstanceUID } of manifest!.references) expect(all).toContain(SOPInstanceUID);
  }, 90_000);

  test('with an encapsulated document stay as a whole where the project does not keep documents', async () => {
    const study = markedStudy(markedIdentity('letter'), 'letter');
    const [image] = [...ct({ instances: 1, study })] as [Sample];
    const letter = objectsOfEveryKind(study, seed, image).find(({ kind }) => kind === 'Encapsulated PDF')!;
    await select(study, 'As it is', [{ sample: image, valueType: 'IMAGE' }, letter]);
    const session = await ended('As it is');
    expect(session).toMatchObject({ state: 'quarantined', counts: { delivered: 0 } });
    expect(await held(session)).toMatchObject([{ reason: { code: 'ENCAPSULATED_DOCUMENT' } }]);
  }, 90_000);

  test('with an encapsulated document wait for a person first where findings are looked at', async () => {
    const study = markedStudy(markedIdentity('looked'), 'looked');
    const [image] = [...ct({ instances: 1, study })] as [Sample];
    const letter = objectsOfEveryKind(study, seed, image).find(({ kind }) => kind === 'Encapsulated PDF')!;
    await select(study, 'Looked at', [letter]);
    const session = await ended('Looked at');
    expect(session.state).toBe('review');
    const { findings } = await server.json<{ findings: readonly { reason: string; instances: number }[] }>(
      `/api/v1/sessions/${session.id}/plan`,
    );
    expect(findings).toContainEqual(
      expect.objectContaining({ reason: 'pixel risk: encapsulated document', instances: 1 }),
    );
    expect(await server.post(`/api/v1/sessions/${session.id}/approve`)).toBe(200);
    const after = await ended('Looked at', ['completed', 'failed', 'quarantined']);
    expect(after.state).toBe('completed');
    const sent = [...(await sentOf(after)).values()].find((bytes) => isCopyOf(letter, bytes))!;
    expectSameButNameless(letter, sent);
  }, 90_000);
});

/** Of each what makes it another kind, or what a codec wrote. */
const FILES = [
  'multiframe-enhanced/pydicom-data__emri_small_big_endian.dcm',
  'multiframe-enhanced/pydicom-data__emri_small_RLE.dcm',
  'multiframe-enhanced/pydicom-data__emri_small_jpeg_2k_lossless.dcm',
  'multiframe-enhanced/pydicom-data__emri_small_jpeg_ls_lossless.dcm',
  'pydicom-wheel/test_files/693_J2KI.dcm',
  'pydicom-wheel/test_files/MR_small_RLE.dcm',
  'pydicom-wheel/test_files/MR_small_expb.dcm',
  'pydicom-wheel/test_files/JPEG-lossy.dcm',
  'pydicom-wheel/test_files/image_dfl.dcm',
  'pydicom-wheel/test_files/liver_1frame.dcm',
  'pydicom-wheel/test_files/liver_expb_1frame.dcm',
  'pydicom-wheel/test_files/reportsi.dcm',
  'pydicom-wheel/test_files/rtdose_rle.dcm',
  'pydicom-wheel/test_files/rtdose_expb.dcm',
  'pydicom-wheel/test_files/rtplan.dcm',
  'pydicom-wheel/test_files/waveform_ecg.dcm',
  'presentation-state-hp/weasis-dicom-tools__prLUTs.dcm',
  'rt/orthanc-tests__RT.dcm',
  'seg-parametric/dcmqi__label.seg.dcm',
  'seg-parametric/pydicom-data__parametric_map_float.dcm',
  'encapsulated-doc/orthanc-tests__sample-pdf.dcm',
];

suiteNeedingCorpus("other people's files of many kinds", () => {
  test('leave in their transfer syntax with their pixels byte for byte', async () => {
    const study = markedStudy(markedIdentity('files'), 'files');
    const objects = FILES.map((file) => rehomed(readCorpusFile(file), file, study, seed));
    await select(study, 'Real files', objects);
    const session = await ended('Real files');
    expect({ ...session, held: await held(session) }).toMatchObject({
      state: 'completed',
      counts: { selected: FILES.length, delivered: FILES.length },
      held: [],
    });
    const sent = [...(await sentOf(session)).values()];
    for (const object of objects) {
      const copies = sent.filter((bytes) => isCopyOf(object, bytes));
      expect([object.kind, copies.length]).toEqual([object.kind, 1]);
      expectSameButNameless(object, copies[0]!);
    }
  }, 120_000);
});

/** UIDs are new: what is left to tell the copy by is what must not change. */
function isCopyOf({ bulk, transferSyntaxUID, sample }: ObjectOfKind, bytes: Uint8Array): boolean {
  const { header, rest, transferSyntax } = readPart10Bytes(bytes);
  if (transferSyntax.uid !== transferSyntaxUID || header.string(0x00080016) !== sample.SOPClassUID) return false;
  if (bulk === null) return true;
  // A deflated file has them in what its reader inflated.
  const inflated = rest.flatMap((part) => (part.kind === 'element' ? [] : [part.bytes]));
  return [bytes, ...inflated].some((part) => Buffer.from(part).includes(Buffer.from(bulk)));
}

async function held(session: SessionJson): Promise<readonly { reason: { code: string; message: string } | null }[]> {
  const { items } = await server.json<{
    items: readonly { state: string; reason: { code: string; message: string } | null }[];
  }>(`/api/v1/sessions/${session.id}/instances`);
  return items.filter(({ reason }) => reason !== null);
}
