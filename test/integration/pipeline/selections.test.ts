import type { DataSet } from '../../../src/dicom/data-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { KEY_OBJECT_SELECTION_DOCUMENT } from '../../../src/dicom/sop-class';
import { generateIdenticalSelections, generateSelection, type Sample } from '../../../src/sandbox/samples';
import { readExportSelection } from '../../../src/selection/export-selection';
import { Database, rows } from '../../../src/store/database';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { type Peer, sandboxPeer } from '../../support/peers';
import { findMarks, PHI_MARKS } from '../../support/phi-mark';
import { pause, ServerUnderTest, type SessionJson, TOKEN } from '../../support/server';
import { ct, markedIdentity, markedSeed, markedStudy, mr, referenceTo, sr } from '../../support/synth';

const IHE = (CodeValue: string, CodeMeaning: string) => ({
  CodeValue,
  CodingSchemeDesignator: 'IHERADTF',
  CodeMeaning,
});
const DCM = (CodeValue: string, CodeMeaning: string) => ({ CodeValue, CodingSchemeDesignator: 'DCM', CodeMeaning });
const TCE001 = IHE('TCE001', 'For Teaching File Export');
const UNTIL_CLINICAL = IHE('TCE012', 'Delay export until clinical information is available');
const UNTIL_REPORT = DCM('128715', 'Delay export until final report is available');

const seed = markedSeed();
let database: TestDatabase;
let pacs: Peer;
let archive: Peer;
let mirror: Peer;
let server: ServerUnderTest;

beforeAll(async () => {
  database = await createTestDatabase();
  [pacs, archive, mirror] = [await sandboxPeer(), await sandboxPeer(), await sandboxPeer()];
  server = new ServerUnderTest({
    databaseUrl: database.url,
    delays: { lookEvery: '200ms' },
    imageSources: [{ name: 'pacs', dicomweb: { url: pacs.dicomwebUrl }, poll: { every: '300ms' } }],
    receivers: [
      { name: 'archive', dicomweb: { url: archive.dicomwebUrl } },
      { name: 'mirror', dicomweb: { url: mirror.dicomwebUrl } },
      // Port 9 (discard): nobody is there.
      { name: 'gone', dicomweb: { url: 'http://127.0.0.1:9/dicom-web' } },
    ],
    projects: [
      {
        name: 'Cases',
        kind: 'teaching-file',
        reversible: true,
        dispositions: ['Cases'],
        receiver: 'archive',
        releaseOn: ['final-report'],
      },
      { name: 'Nowhere', kind: 'teaching-file', reversible: true, dispositions: ['Nowhere'], receiver: 'gone' },
      { name: 'Twice', kind: 'teaching-file', dispositions: ['Twice'], receivers: ['archive', 'mirror'] },
    ],
  });
  await server.start();
}, 60_000);

afterAll(async () => {
  await server?.stop();
  await Promise.all([pacs, archive, mirror].map((peer) => peer?.stop()));
  await database?.drop();
});

async function deed(id: string, name: string, body: object): Promise<number> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const request = { method: 'POST', headers, body: JSON.stringify(body) };
  return (await fetch(`${server.url}/api/v1/sessions/${id}/${name}`, request)).status;
}

async function manifestsAt(peer: Peer): Promise<readonly DataSet[]> {
  return (await peer.everything())
    .map((bytes) => readPart10Bytes(bytes).header)
    .filter((header) => header.string(0x00080016) === KEY_OBJECT_SELECTION_DOCUMENT);
}

/** The note may be met at the same poll as the selection, and after it. */
async function untilNoted(): Promise<void> {
  const store = new Database(database.url);
  try {
    for (const end = Date.now() + 30_000; Date.now() < end; await pause(50)) {
      if ((await rows(store.knex, 'SELECT 1 FROM rejected_instance')).length > 0) return;
    }
    throw new Error('the rejection note was not met');
  } finally {
    await store.close();
  }
}

async function put(...samples: readonly Sample[]): Promise<void> {
  for (const sample of samples) await pacs.put(sample.bytes);
}

const opened = new Set<string>();
/** The session that was opened since the last one was asked for. */
async function nextSession(): Promise<SessionJson> {
  const session = await server.until(({ id }) => !opened.has(id));
  opened.add(session.id);
  return session;
}

function untilIn(id: string, state: string): Promise<SessionJson> {
  return server.until((session) => session.id === id && session.state === state);
}

function patient(key: string) {
  const identity = markedIdentity(key);
  const [head, spine] = [markedStudy(identity, `${key}-head`), markedStudy(identity, `${key}-spine`)];
  return {
    head,
    spine,
    images: [...ct({ instances: 2, study: head })],
    scans: [...mr({ instances: 2, study: spine })],
  };
}

describe('selections between sandboxes', () => {
  test('a delayed one never leaves; the pair over two studies that takes its place does, once both are there', async () => {
    const { head, spine, images, scans } = patient('p1');
    await put(...images, ...scans);
    const first = images.map(referenceTo);
    const options = { key: 'first', title: TCE001, description: 'Cases', references: first };
    await put(generateSelection({ ...options, study: head, delayReasons: [UNTIL_CLINICAL] }, seed));
    const delayed = await nextSession();
    expect(delayed.state).toBe('delayed');

    const both = { ...options, key: 'later', references: [...first, ...scans.map(referenceTo)] };
    const [one, two] = generateIdenticalSelections([head, spine], both, seed);
    await put(one!);
    const later = await nextSession();
    const waiting = await untilIn(later.id, 'waiting');
    expect(waiting.error?.code).toBe('COPIES_MISSING');
    expect(waiting.missing).toEqual([two!.SOPInstanceUID]);
    expect(await archive.everything()).toEqual([]);

    await put(two!);
    await untilIn(later.id, 'completed');
    expect(await untilIn(delayed.id, 'superseded')).toMatchObject({ supersededBy: later.id });
    const manifests = await manifestsAt(archive);
    expect(manifests).toHaveLength(2);
    const read = manifests.map(readExportSelection);
    for (const [at, manifest] of read.entries()) {
      expect(manifest).toMatchObject({ documentTitle: TCE001, description: 'Cases', delayReasons: [] });
      expect(manifest.references).toEqual(read[0]!.references);
      expect(manifest.references).toHaveLength(4);
      expect(manifest.identicalDocuments.map(({ SOPInstanceUID }) => SOPInstanceUID)).toEqual([
        read[1 - at]!.source.SOPInstanceUID,
      ]);
    }
  }, 60_000);

  test('copies that the Selector left out are made, one for each study', async () => {
    const { head, images, scans } = patient('p6');
    await put(...images, ...scans);
    const references = [...images, ...scans].map(referenceTo);
    await put(generateSelection({ study: head, key: 'k', title: TCE001, description: 'Cases', references }, seed));
    const { id } = await nextSession();
    await untilIn(id, 'completed');
    // Those of the test before are there, too.
    const studies = (await manifestsAt(archive)).map((manifest) => manifest.string(0x0020000d));
    expect(studies).toHaveLength(4);
    expect(new Set(studies).size).toBe(4);
  }, 60_000);

  test('a person releases a delayed one, whose manifest leaves without the delay', async () => {
    const { head, images } = patient('p2');
    await put(...images);
    const options = { study: head, key: 'k', title: TCE001, description: 'Cases', delayReasons: [UNTIL_CLINICAL] };
    await put(generateSelection({ ...options, references: images.map(referenceTo) }, seed));
    const { id } = await nextSession();
    expect(await deed(id, 'release', {})).toBe(400);
    expect(await deed(id, 'release', { reason: `${PHI_MARKS.family} went home` })).toBe(200);
    await untilIn(id, 'completed');
    expect(await deed(id, 'release', { reason: 'again' })).toBe(409);
    for (const manifest of await manifestsAt(archive)) expect(readExportSelection(manifest).delayReasons).toEqual([]);
    const events = (await server.json<{ events: { note?: string }[] }>(`/api/v1/sessions/${id}`)).events;
    expect(events.map(({ note }) => note)).toContain(`${PHI_MARKS.family} went home`);
    expect(findMarks(server.output)).toEqual([]);
  }, 60_000);

  test('one that waits for the final report goes on when that is in the study', async () => {
    const { head, images } = patient('p3');
    await put(...images);
    const options = { study: head, key: 'k', title: TCE001, description: 'Cases', delayReasons: [UNTIL_REPORT] };
    await put(generateSelection({ ...options, references: images.map(referenceTo) }, seed));
    const { id } = await nextSession();
    await put(sr(images, { study: head }));
    await untilIn(id, 'completed');
  }, 60_000);

  test('an instance that a rejection note names holds its set back', async () => {
    const { head, images } = patient('p4');
    const references = images.map(referenceTo);
    const note = DCM('113037', 'Rejected for Patient Safety Reasons');
    await put(
      ...images,
      generateSelection({ study: head, key: 'note', title: note, references: references.slice(1) }, seed),
    );
    await untilNoted();
    await put(generateSelection({ study: head, key: 'k', title: TCE001, description: 'Cases', references }, seed));
    const { id } = await nextSession();
    await untilIn(id, 'quarantined');
    const { items } = await server.json<{ items: { reason: { code: string } | null }[] }>(
      `/api/v1/sessions/${id}/instances`,
    );
    expect(items.map(({ reason }) => reason?.code ?? null)).toEqual([null, 'REJECTED_BY_IOCM']);
  }, 60_000);

  test('a rejection note that comes after the set was checked holds it back all the same', async () => {
    const { head, images } = patient('p9');
    const references = images.map(referenceTo);
    await put(
      ...images,
      generateSelection({ study: head, key: 'k', title: TCE001, description: 'Nowhere', references }, seed),
    );
    const { id } = await nextSession();
    await untilIn(id, 'exporting');
    const note = DCM('113039', 'Data Retention Policy Expired');
    await put(generateSelection({ study: head, key: 'note', title: note, references: references.slice(1) }, seed));
    for (const end = Date.now() + 30_000; Date.now() < end; await pause(200)) {
      if ((await server.json<SessionJson>(`/api/v1/sessions/${id}`)).state === 'quarantined') break;
      await deed(id, 'retry', {});
    }
    await untilIn(id, 'quarantined');
  }, 60_000);

  test('a project with two Receivers gives each the whole set', async () => {
    const { head, images } = patient('p5');
    await put(...images);
    const references = images.map(referenceTo);
    await put(generateSelection({ study: head, key: 'k', title: TCE001, description: 'Twice', references }, seed));
    const done = [await nextSession(), await nextSession()];
    for (const { id } of done) await untilIn(id, 'completed');
    expect(await mirror.everything()).toHaveLength(3);
    expect(await manifestsAt(mirror)).toHaveLength(1);
  }, 60_000);
});
