import type { DataSet } from '../../../src/dicom/data-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { BASIC_TEXT_SR, ENHANCED_SR, KEY_OBJECT_SELECTION_DOCUMENT } from '../../../src/dicom/sop-class';
import { generateSelection, type Sample } from '../../../src/sandbox/samples';
import {
  isTeachingFileInformation,
  readTeachingFileInformation,
} from '../../../src/selection/additional-teaching-file-information/read';
import { readExportSelection } from '../../../src/selection/export-selection';
import { Database, rows } from '../../../src/store/database';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { type Peer, sandboxPeer } from '../../support/peers';
import { findMarks, PHI_MARKS } from '../../support/phi-mark';
import { ServerUnderTest, type SessionJson, TOKEN } from '../../support/server';
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
      { ...project, name: 'Reviewed', dispositions: ['Reviewed'], review: 'always' },
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

  describe('written for a session that waits', () => {
    const WAIT = {
      CodeValue: 'TCE012',
      CodingSchemeDesignator: 'IHERADTF',
      CodeMeaning: 'Delay export until clinical information is available',
    };
    const NEURO = { CodeValue: 'TCE306', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: 'Neuro' };
    const WRITTEN = {
      author: `Dr. Bob ${PHI_MARKS.performing}`,
      abstract: `Lesion of the head of ${PHI_MARKS.given} ${PHI_MARKS.family}, ${PHI_MARKS.PatientID}-x.`,
      history: [`Seen by Dr. ${PHI_MARKS.referring} on ${PHI_MARKS.studyDate}.`],
      keywords: ['lesion', 'head'],
      category: NEURO,
    };
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const ask = (method: string, id: string, path: string, body: object) =>
      fetch(`${server.url}/api/v1/sessions/${id}/${path}`, { method, headers, body: JSON.stringify(body) });

    test('leaves as a document of the set, without a name, sealed until then', async () => {
      const given = caseOf('written');
      for (const { bytes } of given.images) await pacs.put(bytes);
      await select('Basic', given, [], [WAIT]);
      const { id, state } = await nextSession();
      expect(state).toBe('delayed');
      expect((await ask('PUT', id, 'teaching-file-information', WRITTEN)).status).toBe(204);
      const store = new Database(database.url);
      const [row] = await rows<{ information: Buffer }>(
        store.knex,
        'SELECT information FROM teaching_file_information',
      );
      await store.close();
      expect(findMarks(row!.information)).toEqual([]);

      expect((await ask('POST', id, 'release', { reason: 'the case is complete' })).status).toBe(200);
      const held = await server.until((each) => each.id === id && ['review', 'completed'].includes(each.state));
      if (held.state === 'review') expect((await ask('POST', id, 'approve', {})).status).toBe(200);
      const done = await server.until((each) => each.id === id && each.state === 'completed');
      expect(done.counts).toMatchObject({ selected: 3, delivered: 3 });
      const arrived = await newAt(archive);
      const document = arrived.find(isTeachingFileInformation)!;
      expect(document.string(0x00080016)).toBe(ENHANCED_SR);
      const info = readTeachingFileInformation(document);
      expect(info).toMatchObject({ author: 'ANONYMIZED', rows: { keywords: ['lesion', 'head'], category: [NEURO] } });
      expect(info.rows.abstract[0]).toMatch(/^Lesion of the head/);
      const [image] = arrived.filter((each) => each.string(0x00080060) === 'CT');
      for (const tag of [0x00100010, 0x00100020, 0x0020000d, 0x00200010]) {
        expect(document.string(tag)).toBe(image!.string(tag));
      }
      expect(manifestIn(arrived).references.at(-1)).toMatchObject({
        SOPInstanceUID: document.string(0x00080018),
        SOPClassUID: ENHANCED_SR,
        valueType: 'COMPOSITE',
      });
      await expectNoMarks(archive);
      expect((await ask('PUT', id, 'teaching-file-information', WRITTEN)).status).toBe(409);
      expect(findMarks(server.output)).toEqual([]);
    }, 60_000);

    test('goes over to the selection that takes the place of a delayed one', async () => {
      const given = caseOf('later');
      for (const { bytes } of given.images) await pacs.put(bytes);
      await select('Authors', given, [], [WAIT]);
      const { id } = await nextSession();
      expect((await ask('PUT', id, 'teaching-file-information', { ...WRITTEN, history: [] })).status).toBe(204);
      const selection = generateSelection(
        {
          key: 'later',
          study: given.study,
          title: TCE001,
          description: 'Authors',
          references: given.images.map(referenceTo),
        },
        seed,
      );
      await pacs.put(selection.bytes);
      const { id: laterId } = await nextSession();
      await server.until((each) => each.id === laterId && each.state === 'completed');
      const document = (await newAt(mirc)).find(isTeachingFileInformation)!;
      expect(readTeachingFileInformation(document).author).toBe(WRITTEN.author);
    }, 60_000);

    test('while it is looked at sends the set to be planned once more', async () => {
      const given = caseOf('review');
      for (const { bytes } of given.images) await pacs.put(bytes);
      await select('Reviewed', given, []);
      const { id } = await nextSession();
      await server.until((each) => each.id === id && each.state === 'review');
      expect((await ask('PUT', id, 'teaching-file-information', WRITTEN)).status).toBe(204);
      const again = await server.until(
        (each) => each.id === id && each.state === 'review' && each.counts.selected === 3,
      );
      expect(again.counts).toMatchObject({ deidentified: 3, delivered: 0 });
      expect((await ask('POST', id, 'approve', {})).status).toBe(200);
      await server.until((each) => each.id === id && each.state === 'completed');
      expect((await newAt(archive)).filter(isTeachingFileInformation)).toHaveLength(1);
      await expectNoMarks(archive);
    }, 60_000);
  });
});
