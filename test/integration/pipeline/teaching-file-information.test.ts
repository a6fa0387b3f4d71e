import type { DataSet } from '../../../src/dicom/data-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { BASIC_TEXT_SR, KEY_OBJECT_SELECTION_DOCUMENT } from '../../../src/dicom/sop-class';
import { generateSelection, type Sample } from '../../../src/sandbox/samples';
import {
  isTeachingFileInformation,
  readTeachingFileInformation,
} from '../../../src/selection/additional-teaching-file-information/read';
import { readExportSelection } from '../../../src/selection/export-selection';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { type Peer, sandboxPeer } from '../../support/peers';
import { findMarks } from '../../support/phi-mark';
import { ServerUnderTest, type SessionJson } from '../../support/server';
import { ct, markedIdentity, markedSeed, markedStudy, referenceTo } from '../../support/synth';
import { informationSample } from '../../support/teaching-file-information';

const TCE001 = { CodeValue: 'TCE001', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: 'For Teaching File Export' };
const seed = markedSeed('information');
let database: TestDatabase;
let pacs: Peer;
let archive: Peer;
let mirc: Peer;
let server: ServerUnderTest;

beforeAll(async () => {
  database = await createTestDatabase();
  [pacs, archive, mirc] = [await sandboxPeer(), await sandboxPeer(), await sandboxPeer()];
  const project = { kind: 'teaching-file', receiver: 'archive' };
  server = new ServerUnderTest({
    databaseUrl: database.url,
    imageSources: [{ name: 'pacs', dicomweb: { url: pacs.dicomwebUrl }, poll: { every: '300ms' } }],
    receivers: [
      { name: 'archive', dicomweb: { url: archive.dicomwebUrl } },
      { name: 'mirc', dicomweb: { url: mirc.dicomwebUrl }, additionalInformation: 'flat' },
    ],
    projects: [
      { ...project, name: 'Basic', dispositions: ['Basic'], addUnreferencedInformation: true },
      {
        ...project,
        name: 'Authors',
        dispositions: ['Authors'],
        receiver: 'mirc',
        deidentification: { preset: 'teaching-file', keepAuthor: true },
        review: 'never',
      },
    ],
  });
  await server.start();
}, 60_000);

afterAll(async () => {
  await server?.stop();
  await Promise.all([pacs, archive, mirc].map((peer) => peer?.stop()));
  await database?.drop();
});

function caseOf(key: string) {
  const study = markedStudy(markedIdentity(key), key);
  const images = [...ct({ instances: 2, study, seed })];
  return { study, images, information: informationSample({ study, seed }) };
}

async function select(
  disposition: string,
  { study, images }: ReturnType<typeof caseOf>,
  also: readonly Sample[],
  delayReasons: readonly (typeof TCE001)[] = [],
): Promise<Sample> {
  const selection = generateSelection(
    {
      key: `${study.key}-selection`,
      study,
      title: TCE001,
      description: disposition,
      references: [...images, ...also].map(referenceTo),
      delayReasons,
    },
    seed,
  );
  await pacs.put(selection.bytes);
  return selection;
}

const opened = new Set<string>();
async function nextSession(): Promise<SessionJson> {
  const session = await server.until(({ id }) => !opened.has(id));
  opened.add(session.id);
  return session;
}

/** What one Receiver got that it did not have before. */
const had = new Map<Peer, Set<string>>();
async function newAt(peer: Peer): Promise<readonly DataSet[]> {
  const before = had.get(peer) ?? new Set();
  had.set(peer, before);
  const headers = (await peer.everything()).map((bytes) => readPart10Bytes(bytes).header);
  const fresh = headers.filter((header) => !before.has(header.string(0x00080018) ?? ''));
  for (const header of fresh) before.add(header.string(0x00080018) ?? '');
  return fresh;
}

async function expectNoMarks(peer: Peer): Promise<void> {
  for (const bytes of await peer.everything()) expect(findMarks(bytes)).toEqual([]);
}

const manifestIn = (headers: readonly DataSet[]) => {
  const manifest = headers.find((header) => header.string(0x00080016) === KEY_OBJECT_SELECTION_DOCUMENT)!;
  return readExportSelection(manifest);
};

describe('teaching file information', () => {
  test('that a selection names leaves under the Basic Profile, cleaned, and the manifest names it', async () => {
    const given = caseOf('named');
    for (const { bytes } of [...given.images, given.information]) await pacs.put(bytes);
    await select('Basic', given, [given.information]);
    const { id } = await nextSession();
    const held = await server.until((each) => each.id === id && ['review', 'completed'].includes(each.state));
    expect(held.state).toBe('completed');
    const arrived = await newAt(archive);
    expect(arrived).toHaveLength(4);
    const document = arrived.find(isTeachingFileInformation)!;
    const info = readTeachingFileInformation(document);
    expect(info).toMatchObject({ author: 'ANONYMIZED', affiliation: null });
    expect(info.rows).toMatchObject({ findings: ['Small lesion on the left.'], keywords: ['lesion'] });
    expect(document.string(0x00080016)).toBe(BASIC_TEXT_SR);
    const { references } = manifestIn(arrived);
    expect(references.at(-1)).toMatchObject({
      SOPInstanceUID: document.string(0x00080018),
      SeriesInstanceUID: document.string(0x0020000e),
      StudyInstanceUID: arrived[0]!.string(0x0020000d),
      SOPClassUID: BASIC_TEXT_SR,
    });
    await expectNoMarks(archive);
  }, 60_000);

  test('that a selection does not name leaves with it where the project says so', async () => {
    const given = caseOf('beside');
    for (const { bytes } of [...given.images, given.information]) await pacs.put(bytes);
    await select('Basic', given, []);
    const { id } = await nextSession();
    const { counts } = await server.until((each) => each.id === id && each.state === 'completed');
    expect(counts).toMatchObject({ selected: 3, delivered: 3 });
    const arrived = await newAt(archive);
    const document = arrived.find(isTeachingFileInformation)!;
    expect(manifestIn(arrived).references.at(-1)).toMatchObject({
      SOPInstanceUID: document.string(0x00080018),
      valueType: 'COMPOSITE',
    });
    await expectNoMarks(archive);
  }, 60_000);

  test('keeps its author where the project says so, and is flat for a Receiver that wants it so', async () => {
    const given = caseOf('author');
    for (const { bytes } of [...given.images, given.information]) await pacs.put(bytes);
    await select('Authors', given, [given.information]);
    const { id } = await nextSession();
    await server.until((each) => each.id === id && each.state === 'completed');
    const document = (await newAt(mirc)).find(isTeachingFileInformation)!;
    const top = document.items(0x0040a730).map((item) => item.items(0x0040a043)[0]?.string(0x00080100));
    expect(top.slice(0, 3)).toEqual(['TCE101', 'TCE102', 'TCE103']);
    expect(readTeachingFileInformation(document).author).toMatch(/^Dr\. Bob Zq/);
  }, 60_000);
});
