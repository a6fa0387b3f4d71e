import type { DataSet } from '../../../src/dicom/data-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { KEY_OBJECT_SELECTION_DOCUMENT } from '../../../src/dicom/sop-class';
import { generateSelection, type Sample } from '../../../src/sandbox/samples';
import { readExportSelection } from '../../../src/selection/export-selection';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { dump } from '../../support/dump';
import { ORTHANC } from '../../support/orthanc';
import { orthancPeer, type Peer, sandboxPeer } from '../../support/peers';
import { findMarks } from '../../support/phi-mark';
import { pause, ServerUnderTest } from '../../support/server';
import { suiteNeeding } from '../../support/suites';
import { ct, markedIdentity, markedSeed, markedStudy, mr, referenceTo, sr, us } from '../../support/synth';

const TEACHING = { CodeValue: 'TCE001', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: 'For Teaching File Export' };
const TRIAL = { CodeValue: '128711', CodingSchemeDesignator: 'DCM', CodeMeaning: 'For Clinical Trial Export' };
const OF_INTEREST = { CodeValue: '113000', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Of Interest' };
const MANIFEST = { CodeValue: '113030', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Manifest' };

const seed = markedSeed();
const japanese = markedIdentity('p1', ['', 'ISO 2022 IR 87']);
const head = markedStudy(japanese, 'study-1');
const images = [...ct({ instances: 6, study: head })];
const scans = [...mr({ instances: 3, study: head })];
const loops = [...us({ instances: 3, study: head })];
const report = sr(images, { study: head });

function select(key: string, title: typeof TEACHING, samples: readonly Sample[], description?: string): Sample {
  return generateSelection(
    {
      study: head,
      key,
      title,
      references: samples.map((sample) => ({
        ...referenceTo(sample),
        valueType: sample === report ? ('COMPOSITE' as const) : ('IMAGE' as const),
      })),
      ...(description === undefined ? {} : { description }),
    },
    seed,
  );
}

function headers(stored: readonly Uint8Array[]): DataSet[] {
  return stored.map((bytes) => readPart10Bytes(bytes).header);
}

function mainJob(makePeer: () => Promise<Peer>): void {
  let database: TestDatabase;
  let pacs: Peer;
  let receiver: Peer;
  let server: ServerUnderTest;

  beforeAll(async () => {
    database = await createTestDatabase();
    pacs = await makePeer();
    receiver = await makePeer();
    for (const sample of [...images, ...scans, ...loops, report]) await pacs.put(sample.bytes);
    await pacs.put(select('interest', OF_INTEREST, images).bytes);
    await pacs.put(select('manifest', MANIFEST, images).bytes);
    server = new ServerUnderTest({
      databaseUrl: database.url,
      imageSources: [{ name: 'pacs', dicomweb: { url: pacs.dicomwebUrl }, poll: { every: '500ms' } }],
      receivers: [{ name: 'archive', dicomweb: { url: receiver.dicomwebUrl } }],
      projects: [
        {
          name: 'Cases',
          kind: 'teaching-file',
          dispositions: ['Head cases'],
          imageSources: ['pacs'],
          receiver: 'archive',
          subjects: { pattern: 'CASE-{0000}' },
        },
        { name: 'Trial', kind: 'clinical-trial', imageSources: ['pacs'], receiver: 'archive' },
      ],
    });
    await server.start();
  }, 60_000);

  afterAll(async () => {
    await server?.stop();
    await pacs?.stop();
    await receiver?.stop();
    await database?.drop();
  });

  test('a teaching file selection leaves whole, de-identified and with its manifest', async () => {
    const chosen = [...images, ...loops, report];
    await pacs.put(select('teaching', TEACHING, chosen, 'Head cases').bytes);
    // Ultrasound may show a name: a person looks first.
    const looked = await server.until(({ state }) => state === 'review');
    expect(looked.counts).toMatchObject({ delivered: 0 });
    expect(await receiver.everything()).toEqual([]);
    expect(await server.post(`/api/v1/sessions/${looked.id}/approve`)).toBe(200);
    const session = await server.until(({ state }) => state === 'completed');
    expect(session).toMatchObject({
      project: 'Cases',
      documentTitle: TEACHING,
      disposition: 'Head cases',
      receiver: 'archive',
      counts: { selected: chosen.length, delivered: chosen.length, quarantined: 0, refused: 0 },
      error: null,
    });

    const stored = headers(await receiver.everything());
    const manifests = stored.filter((header) => header.string(0x00080016) === KEY_OBJECT_SELECTION_DOCUMENT);
    expect(manifests).toHaveLength(1);
    const manifest = readExportSelection(manifests[0]!);
    expect(manifest.documentTitle).toEqual(TEACHING);
    expect(manifest.description).toBe('Head cases');
    const sent = stored.filter((header) => header !== manifests[0]).map((header) => header.string(0x00080018));
    expect(sent).toHaveLength(chosen.length);
    expect([...new Set(manifest.references.map((reference) => reference.SOPInstanceUID))].sort()).toEqual(
      [...sent].sort(),
    );
    for (const header of stored) {
      expect(header.string(0x00120062)).toBe('YES');
      expect(header.string(0x00100020)).toBe('CASE-0001');
      expect(header.string(0x00100010)).toBe('CASE-0001^');
    }
  }, 60_000);

  test('a clinical trial selection of the same patient gets the code of its own project', async () => {
    await pacs.put(select('trial', TRIAL, scans).bytes);
    const session = await server.until(({ state, project }) => state === 'completed' && project === 'Trial');
    expect(session.counts).toMatchObject({ selected: scans.length, delivered: scans.length });
    const codes = headers(await receiver.everything()).map((header) => header.string(0x00100020));
    expect([...new Set(codes)].sort()).toEqual(['CASE-0001', 'S-0001']);
  }, 60_000);

  test('Key Objects of another purpose are left alone', async () => {
    await pause(1_500);
    expect(await server.sessions()).toHaveLength(2);
  });

  test('no identifier is in a byte that left, a log line, a page, an answer of the API or a row', async () => {
    for (const bytes of await receiver.everything()) expect(findMarks(bytes)).toEqual([]);
    expect(findMarks(server.output)).toEqual([]);
    const [session] = await server.sessions();
    const paths = ['/', `/sessions/${session!.id}`, '/api/v1/sessions'];
    for (const part of ['', '/instances', '/plan', '/receipt']) paths.push(`/api/v1/sessions/${session!.id}${part}`);
    for (const path of paths) {
      const { status, text } = await server.get(path);
      expect([path, status]).toEqual([path, 200]);
      expect([path, findMarks(text)]).toEqual([path, []]);
    }
    const rows = await dump(database.url);
    expect(rows).toContain('CASE-0001');
    expect(findMarks(rows)).toEqual([]);
  });

  test('what was exported before is not exported again after a restart', async () => {
    const before = (await receiver.everything()).length;
    await server.kill();
    await server.start();
    await pause(2_000);
    expect(await server.sessions()).toHaveLength(2);
    expect(await receiver.everything()).toHaveLength(before);
  }, 60_000);

  test('a selection of what the image source does not have waits, names it, and goes on when it is there', async () => {
    const late = [...ct({ instances: 2, study: markedStudy(japanese, 'study-late') })];
    const before = (await receiver.everything()).length;
    await pacs.put(late[0]!.bytes);
    await pacs.put(
      generateSelection(
        { study: markedStudy(japanese, 'study-late'), key: 'late', title: TEACHING, references: late.map(referenceTo) },
        seed,
      ).bytes,
    );
    const waiting = await server.until(({ state }) => state === 'waiting');
    expect(waiting).toMatchObject({
      error: { code: 'INSTANCES_MISSING', retryable: true },
      missing: [late[1]!.SOPInstanceUID],
    });
    expect(await receiver.everything()).toHaveLength(before);
    await pacs.put(late[1]!.bytes);
    await server.until(({ id, state }) => id === waiting.id && state === 'completed');
    expect(await receiver.everything()).toHaveLength(before + 3);
  }, 90_000);
}

describe('the main job between two sandboxes', () => mainJob(sandboxPeer));
suiteNeeding(ORTHANC, 'the main job between two real Orthancs', () => mainJob(orthancPeer));
