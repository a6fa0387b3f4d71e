import { ENCAPSULATED_PDF } from '../../../src/dicom/sop-class';
import { generateSamples, generateSelection, type Sample } from '../../../src/sandbox/samples';
import { Between } from '../../support/between';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { type Peer, sandboxPeer } from '../../support/peers';
import type { ScriptedAnswer, ScriptedRequest } from '../../support/scripted-peer';
import { pause, ServerUnderTest } from '../../support/server';
import { ct, markedIdentity, markedSeed, markedStudy, referenceTo } from '../../support/synth';

const TEACHING = { CodeValue: '128710', CodingSchemeDesignator: 'DCM', CodeMeaning: 'For Teaching File Export' };
const seed = markedSeed();

let database: TestDatabase;
let pacs: Peer;
let archive: Peer;
let toPacs: Between;
let toArchive: Between;
let server: ServerUnderTest;
let count = 0;

/** A new study with its selection, in the image source. */
async function selectNew(instances = 3): Promise<{ images: readonly Sample[] }> {
  const study = markedStudy(markedIdentity(`p${++count}`), `study-${count}`);
  const images = [...ct({ instances, study })];
  for (const image of images) await pacs.put(image.bytes);
  await pacs.put(
    generateSelection({ study, key: 'faults', title: TEACHING, references: images.map(referenceTo) }, seed).bytes,
  );
  return { images };
}

async function newest(fits: (session: { state: string; error: { code: string } | null }) => boolean) {
  const known = new Set(settled);
  const session = await server.until((candidate) => !known.has(candidate.id) && fits(candidate), 40_000);
  return session;
}
const settled: string[] = [];

async function completes(id: string): Promise<void> {
  await server.until((session) => session.id === id && session.state === 'completed', 60_000);
  settled.push(id);
}

beforeAll(async () => {
  database = await createTestDatabase();
  pacs = await sandboxPeer();
  archive = await sandboxPeer();
  toPacs = await Between.start(() => pacs);
  toArchive = await Between.start(() => archive);
  server = new ServerUnderTest({
    databaseUrl: database.url,
    imageSources: [{ name: 'pacs', dicomweb: { url: toPacs.peer.url }, poll: { every: '300ms' } }],
    receivers: [{ name: 'archive', dicomweb: { url: toArchive.peer.url } }],
    projects: [{ name: 'Cases', kind: 'teaching-file', receiver: 'archive' }],
  });
  await server.start();
}, 60_000);

afterEach(() => {
  toPacs.fault = undefined;
  toArchive.fault = undefined;
});

afterAll(async () => {
  await server?.stop();
  await toPacs?.peer.stop();
  await toArchive?.peer.stop();
  await pacs?.stop();
  await archive?.stop();
  await database?.drop();
});

const isStore = (request: ScriptedRequest): boolean => request.method === 'POST';
const isRetrieval = (request: ScriptedRequest): boolean =>
  String(request.headers.accept).startsWith('multipart/related');

describe('a peer that misbehaves: the session says so, tries again, and completes when the peer is well', () => {
  const receiverFaults: readonly [string, ScriptedAnswer, string][] = [
    ['answers 401', { status: 401 }, 'PEER_REFUSED_CREDENTIALS'],
    ['answers 500', { status: 500, body: 'Zqfamily made it fail' }, 'PEER_FAILED'],
    ['is not there', { resetAfter: 0 }, 'PEER_UNREACHABLE'],
    ['answers 200 and an empty body, keeping nothing', { status: 200 }, 'RECEIVER_DID_NOT_KEEP'],
    [
      'answers 409 for each instance',
      { status: 409, headers: { 'content-type': 'application/dicom+json' }, body: JSON.stringify({}) },
      'RECEIVER_DID_NOT_KEEP',
    ],
  ];
  test.each(receiverFaults)(
    'the Receiver %s',
    async (_what, answer, code) => {
      const before = (await archive.everything()).length;
      toArchive.fault = (request) => (isStore(request) ? answer : undefined);
      await selectNew();
      const stuck = await newest(({ error }) => error !== null);
      expect(stuck).toMatchObject({ state: 'exporting', error: { code, retryable: true } });
      expect(await archive.everything()).toHaveLength(before);
      toArchive.fault = undefined;
      await completes(stuck.id);
      expect(await archive.everything()).toHaveLength(before + 4);
    },
    120_000,
  );

  test('the Receiver says it stored, names each instance, and keeps nothing', async () => {
    const before = (await archive.everything()).length;
    toArchive.fault = (request) => {
      if (!isStore(request)) return undefined;
      return {
        headers: { 'content-type': 'application/dicom+json' },
        // Asked for once the request has been read.
        body: () => {
          const uids = [...request.body.toString('latin1').matchAll(/2\.25\.\d+/g)].map(([uid]) => uid);
          const stored = [...new Set(uids)].map((uid) => ({
            '00081150': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
            '00081155': { vr: 'UI', Value: [uid] },
          }));
          return [Buffer.from(JSON.stringify({ '00081199': { vr: 'SQ', Value: stored } }))];
        },
      };
    };
    await selectNew();
    const stuck = await newest(({ error }) => error !== null);
    expect(stuck).toMatchObject({
      state: 'exporting',
      error: { code: 'RECEIVER_DID_NOT_KEEP' },
      counts: { delivered: 0 },
    });
    toArchive.fault = undefined;
    await completes(stuck.id);
    expect(await archive.everything()).toHaveLength(before + 4);
  }, 120_000);

  const sourceFaults: readonly [string, ScriptedAnswer, string][] = [
    ['answers 401', { status: 401 }, 'PEER_REFUSED_CREDENTIALS'],
    ['answers 503', { status: 503 }, 'PEER_FAILED'],
    [
      'cuts the body short',
      {
        headers: { 'content-type': 'multipart/related; type="application/dicom"; boundary=b' },
        body: '--b\r\nContent-Type: application/dicom\r\n\r\nnot whole',
        framing: 'eof',
      },
      'BODY_CUT_SHORT',
    ],
    [
      'sends a page instead',
      { headers: { 'content-type': 'text/html' }, body: '<p>Zqfamily</p>' },
      'PEER_NOT_DICOMWEB',
    ],
  ];
  test.each(sourceFaults)(
    'the image source %s',
    async (_what, answer, code) => {
      const before = (await archive.everything()).length;
      const { images } = await selectNew();
      toPacs.fault = (request) =>
        isRetrieval(request) &&
        request.path.includes(images[0]!.StudyInstanceUID) &&
        !request.path.includes('/instances/')
          ? answer
          : undefined;
      const stuck = await newest(({ error, state }) => error !== null || state === 'completed');
      expect(stuck).toMatchObject({ state: 'planning', error: { code, retryable: true } });
      expect(await archive.everything()).toHaveLength(before);
      toPacs.fault = undefined;
      await completes(stuck.id);
      expect(await archive.everything()).toHaveLength(before + 4);
    },
    120_000,
  );
});

describe('an instance that cannot leave holds the whole set back', () => {
  async function heldBack(bad: (images: readonly Sample[]) => Promise<void>): Promise<void> {
    const before = (await archive.everything()).length;
    const study = markedStudy(markedIdentity(`p${++count}`), `study-${count}`);
    const images = [...ct({ instances: 3, study })];
    await bad(images);
    await pacs.put(
      generateSelection({ study, key: 'held', title: TEACHING, references: images.map(referenceTo) }, seed).bytes,
    );
    const session = await newest(({ error }) => error !== null);
    expect(session).toMatchObject({
      state: 'quarantined',
      error: { code: 'INSTANCES_QUARANTINED' },
      counts: { quarantined: 1, delivered: 0 },
    });
    await pause(500);
    expect(await archive.everything()).toHaveLength(before);
    settled.push(session.id);
  }

  test('one that ends in the middle of its pixels', async () => {
    await heldBack(async ([first, second, third]) => {
      await pacs.put(first!.bytes);
      await pacs.put(second!.bytes);
      await pacs.put(third!.bytes.subarray(0, third!.bytes.length - 700));
    });
    const [session] = await server.sessions();
    const { items } = await server.json<{ items: { state: string; reason: { code: string } | null }[] }>(
      `/api/v1/sessions/${session!.id}/instances`,
    );
    expect(items.map(({ reason }) => reason?.code ?? null)).toEqual([null, null, 'TRUNCATED']);
  }, 60_000);

  test('an encapsulated document', async () => {
    const before = (await archive.everything()).length;
    const letter = [...generateSamples()].find((sample) => sample.SOPClassUID === ENCAPSULATED_PDF)!;
    await pacs.put(letter.bytes);
    const study = { ...markedStudy(), key: 'with-letter' };
    await pacs.put(
      generateSelection(
        { study, key: 'letter', title: TEACHING, references: [{ ...referenceTo(letter), valueType: 'COMPOSITE' }] },
        seed,
      ).bytes,
    );
    const session = await newest(({ error }) => error !== null);
    expect(session).toMatchObject({ state: 'quarantined' });
    expect(await archive.everything()).toHaveLength(before);
    settled.push(session.id);
  }, 60_000);
});

describe('a selection that is odd', () => {
  test('one that the image source cannot give does not stand before the others', async () => {
    const study = markedStudy(markedIdentity(`p${++count}`), `study-${count}`);
    const [image] = [...ct({ instances: 1, study })];
    await pacs.put(image!.bytes);
    const [bad, good] = ['aaa', 'bbb'].map((key) =>
      generateSelection({ study, key, title: TEACHING, references: [referenceTo(image!)] }, seed),
    );
    toPacs.fault = (request) =>
      isRetrieval(request) && request.path.endsWith(bad!.SOPInstanceUID) ? { status: 500 } : undefined;
    await pacs.put(bad!.bytes);
    await pacs.put(good!.bytes);
    const first = await newest(({ state }) => state === 'completed');
    settled.push(first.id);
    toPacs.fault = undefined;
    const second = await newest(({ state }) => state === 'completed');
    settled.push(second.id);
  }, 60_000);

  test('one filed under another patient than its instances is rejected, and one without content says why', async () => {
    const before = (await archive.everything()).length;
    const study = markedStudy(markedIdentity(`p${++count}`), `study-${count}`);
    const other = markedStudy(markedIdentity(`p${count}-other`), `study-${count}`);
    const [image] = [...ct({ instances: 1, study })];
    await pacs.put(image!.bytes);
    const title = { ...TEACHING, CodeMeaning: 'For Zqfamily Zqgiven' };
    await pacs.put(
      generateSelection({ study: other, key: 'other', title, references: [referenceTo(image!)] }, seed).bytes,
    );
    const rejected = await newest(({ state }) => state === 'rejected');
    expect(rejected).toMatchObject({ error: { code: 'MORE_THAN_ONE_PATIENT' }, documentTitle: TEACHING });
    settled.push(rejected.id);
    await pacs.put(generateSelection({ study, key: 'empty', title: TEACHING, references: [] }, seed).bytes);
    const failed = await newest(({ state }) => state === 'failed');
    expect(failed).toMatchObject({ error: { code: 'EMPTY_SELECTION', retryable: false } });
    settled.push(failed.id);
    expect(await archive.everything()).toHaveLength(before);
  }, 60_000);
});

test('nothing that a peer said is repeated in a log line', () => {
  expect(server.output).not.toMatch(/Zqfamily/);
});
