import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSet } from '../../../src/dicom/data-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { KEY_OBJECT_SELECTION_DOCUMENT } from '../../../src/dicom/sop-class';
import { generateSelection, type Sample } from '../../../src/sandbox/samples';
import { encapsulatedLetter } from '../../../src/sandbox/samples/documents';
import { readExportSelection } from '../../../src/selection/export-selection';
import { Between } from '../../support/between';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { type Peer, sandboxPeer } from '../../support/peers';
import { findMarks } from '../../support/phi-mark';
import { ServerUnderTest } from '../../support/server';
import { ct, markedIdentity, markedSeed, markedStudy, referenceTo, sr } from '../../support/synth';

const TEACHING = { CodeValue: '128710', CodingSchemeDesignator: 'DCM', CodeMeaning: 'For Teaching File Export' };
const seed = markedSeed();

let database: TestDatabase;
let pacs: Peer;
let archive: Peer;
let mirc: Peer;
let toMirc: Between;
let folder: string;
let server: ServerUnderTest;
let count = 0;

/** A new study and its selection, in the image source. */
async function select(
  description: string,
  more: { readonly also?: readonly Sample[]; readonly withReport?: boolean; readonly notStored?: number } = {},
): Promise<readonly Sample[]> {
  const study = markedStudy(markedIdentity(`p${++count}`), `study-${count}`);
  const images = [...ct({ instances: 3, study })];
  const chosen = [...(more.withReport === true ? [sr(images, { study })] : []), ...images, ...(more.also ?? [])];
  const stored = chosen.slice(0, chosen.length - (more.notStored ?? 0));
  for (const each of stored) await pacs.put(each.bytes);
  const references = chosen.map(referenceTo);
  await pacs.put(
    generateSelection({ study, key: `out-${count}`, title: TEACHING, references, description }, seed).bytes,
  );
  return chosen;
}

const completed = (project: string) =>
  server.until((session) => session.project === project && session.state === 'completed', 60_000);

function headers(stored: readonly Uint8Array[]): readonly DataSet[] {
  return stored.map((bytes) => readPart10Bytes(bytes).header);
}

const isManifest = (header: DataSet) => header.string(0x00080016) === KEY_OBJECT_SELECTION_DOCUMENT;

function manifestAndRest(stored: readonly Uint8Array[]) {
  const all = headers(stored);
  const manifests = all.filter(isManifest);
  return { manifests, manifest: readExportSelection(manifests[0]!), rest: all.filter((each) => !isManifest(each)) };
}

const uidsOf = (rest: readonly DataSet[]) => rest.map((header) => header.string(0x00080018)).sort();

beforeAll(async () => {
  database = await createTestDatabase();
  pacs = await sandboxPeer();
  archive = await sandboxPeer();
  mirc = await sandboxPeer();
  toMirc = await Between.start(() => mirc);
  folder = join(mkdtempSync(join(tmpdir(), 'tce-delivery-')), 'out');
  const project = (name: string, receiver: string, more: object = {}) => ({
    name,
    kind: 'teaching-file',
    reversible: true,
    dispositions: [name],
    receiver,
    ...more,
  });
  server = new ServerUnderTest({
    databaseUrl: database.url,
    imageSources: [{ name: 'pacs', dicomweb: { url: pacs.dicomwebUrl }, poll: { every: '300ms' } }],
    receivers: [
      { name: 'archive', dicomweb: { url: archive.dicomwebUrl } },
      { name: 'mirc', dicomweb: { url: toMirc.peer.url }, order: 'manifest-first', titleCodes: 'IHERADTF' },
      { name: 'drop', folder: { path: folder } },
    ],
    projects: [
      project('Drop cases', 'drop'),
      project('Mirc cases', 'mirc'),
      project('Part cases', 'archive', { partial: true, waitForMissing: '1s' }),
      project('Whole cases', 'archive'),
    ],
  });
  await server.start();
}, 60_000);

afterAll(async () => {
  await server?.stop();
  await toMirc?.peer.stop();
  for (const peer of [pacs, archive, mirc]) await peer?.stop();
  await database?.drop();
  if (folder !== undefined) rmSync(join(folder, '..'), { recursive: true, force: true });
});

interface Receipt {
  readonly instances: readonly { readonly SOPInstanceUID: string }[];
  readonly manifest: readonly { readonly SOPInstanceUID: string; readonly sha256: string }[];
  readonly leftOut?: readonly { readonly code: string; readonly count: number }[];
  readonly confirmedByQuery: boolean;
}
const receiptOf = (id: string) => server.json<Receipt>(`/api/v1/sessions/${id}/receipt`);

describe('what a Receiver wants', () => {
  test('a folder gets the set as files, whole and clean, the manifest last', async () => {
    const chosen = await select('Drop cases', { withReport: true });
    const session = await completed('Drop cases');
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.dcm'));
    const stored = names.map((name) => readFileSync(join(folder, name)));
    const { manifest, rest } = manifestAndRest(stored);
    expect(rest).toHaveLength(chosen.length);
    expect(manifest.references.map(({ SOPInstanceUID }) => SOPInstanceUID).sort()).toEqual(uidsOf(rest));
    for (const [at, header] of headers(stored).entries()) {
      const uids = [0x0020000d, 0x0020000e, 0x00080018].map((tag) => header.string(tag)).join('/');
      expect(names[at]).toBe(`${uids}.dcm`);
      expect(findMarks(stored[at]!)).toEqual([]);
    }
    expect((await receiptOf(session.id)).confirmedByQuery).toBe(true);
  }, 60_000);

  test('a folder that cannot be written is said, and written when it can be', async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file in its place');
    const known = new Set((await server.sessions()).map(({ id }) => id));
    await select('Drop cases');
    const stuck = await server.until(({ id, error }) => !known.has(id) && error !== null, 40_000);
    expect(stuck).toMatchObject({
      state: 'exporting',
      error: { code: 'RECEIVER_FOLDER_NOT_WRITABLE', retryable: true },
    });
    rmSync(folder);
    mkdirSync(folder);
    await server.until(({ id, state }) => id === stuck.id && state === 'completed', 60_000);
  }, 120_000);

  test('manifest first, its title in the scheme that the Receiver knows, reports after images', async () => {
    const chosen = await select('Mirc cases', { withReport: true });
    await completed('Mirc cases');
    const { manifest, rest } = manifestAndRest(await mirc.everything());
    expect(manifest.documentTitle).toEqual({
      CodeValue: 'TCE001',
      CodingSchemeDesignator: 'IHERADTF',
      CodeMeaning: 'For Teaching File Export',
    });
    expect(manifest.description).toBe('Mirc cases');
    expect(manifest.references.map(({ SOPInstanceUID }) => SOPInstanceUID).sort()).toEqual(uidsOf(rest));
    const classOf = new Map(
      headers(await mirc.everything()).map((header) => [header.string(0x00080018)!, header.string(0x00080016)]),
    );
    const sent = toMirc.passed
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => [...classOf.keys()].find((uid) => body.includes(`${uid}`) && isOwn(body, uid)))
      .map((uid) => classOf.get(uid ?? ''));
    expect(sent).toHaveLength(chosen.length + 1);
    expect(sent[0]).toBe(KEY_OBJECT_SELECTION_DOCUMENT);
    expect(sent.at(-1)).toMatch(/\.88\.(11|22|33)$/);
  }, 60_000);
});

/** The first UID behind the File Meta's Media Storage SOP Instance UID (0002,0003). */
function isOwn(body: Buffer, uid: string): boolean {
  const at = body.indexOf(Buffer.from([0x02, 0x00, 0x03, 0x00]));
  return body.subarray(at + 8, at + 8 + uid.length).toString('latin1') === uid;
}

describe('a project that lets a set leave in part', () => {
  test('leaves out what is held back and what stays missing, in the manifest too, and says so', async () => {
    const study = markedStudy(markedIdentity('part'), 'study-part');
    const pdf = encapsulatedLetter(study, seed);
    const images = [...ct({ instances: 4, study })];
    for (const each of [...images.slice(0, 3), pdf]) await pacs.put(each.bytes);
    const references = [...images, pdf].map(referenceTo);
    await pacs.put(
      generateSelection({ study, key: 'part', title: TEACHING, references, description: 'Part cases' }, seed).bytes,
    );
    const session = await completed('Part cases');
    expect(session.counts).toMatchObject({ selected: 5, delivered: 3 });
    const { manifests, manifest, rest } = manifestAndRest(await archive.everything());
    expect(manifests).toHaveLength(1);
    expect(rest).toHaveLength(3);
    expect(manifest.references.map(({ SOPInstanceUID }) => SOPInstanceUID).sort()).toEqual(uidsOf(rest));
    expect(manifest.warnings).toEqual([]);
    const receipt = await receiptOf(session.id);
    expect(receipt.instances).toHaveLength(3);
    expect(receipt.leftOut?.map(({ count: number }) => number)).toEqual([1, 1]);
    const { text } = await server.get(`/api/v1/sessions/${session.id}`);
    expect(text).toContain('delivered in part: 3 of the instances, without 1 ');
    expect(findMarks(JSON.stringify(receipt))).toEqual([]);
  }, 90_000);

  test('keeps back a set of which nothing may leave: no manifest is empty', async () => {
    const before = (await archive.everything()).length;
    const known = new Set((await server.sessions()).map(({ id }) => id));
    const study = markedStudy(markedIdentity('none'), 'study-none');
    const pdf = encapsulatedLetter(study, seed);
    await pacs.put(pdf.bytes);
    await pacs.put(
      generateSelection(
        {
          study,
          key: 'none',
          title: TEACHING,
          references: [referenceTo(pdf)],
          description: 'Part cases',
        },
        seed,
      ).bytes,
    );
    await server.until(({ id, state }) => !known.has(id) && state === 'quarantined', 40_000);
    expect(await archive.everything()).toHaveLength(before);
  }, 60_000);
});

describe('a set that is sent again', () => {
  test('goes out whole and under the same UIDs, with the same manifest', async () => {
    const before = (await archive.everything()).length;
    await select('Whole cases');
    const session = await completed('Whole cases');
    const first = await receiptOf(session.id);
    expect(await server.post(`/api/v1/sessions/${session.id}/resend`)).toBe(200);
    await server.until(({ id, state }) => id === session.id && state === 'completed', 60_000);
    const second = await receiptOf(session.id);
    const uids = ({ instances, manifest }: Receipt) => [...instances, ...manifest].map((each) => each.SOPInstanceUID);
    expect(uids(second)).toEqual(uids(first));
    expect(second.manifest).toEqual(first.manifest);
    expect(await archive.everything()).toHaveLength(before + 4);
    expect((await server.session(session.id)).counts).toMatchObject({ selected: 3, delivered: 3 });
  }, 90_000);

  test('is refused where nothing was ever to be sent', async () => {
    const known = new Set((await server.sessions()).map(({ id }) => id));
    await select('Whole cases', { notStored: 1 });
    const waiting = await server.until(({ id, state }) => !known.has(id) && state === 'waiting', 40_000);
    expect(await server.post(`/api/v1/sessions/${waiting.id}/resend`)).toBe(409);
  }, 60_000);
});
