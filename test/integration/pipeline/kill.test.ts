import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { generateSelection } from '../../../src/sandbox/samples';
import { Between } from '../../support/between';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { type Peer, sandboxPeer } from '../../support/peers';
import { pause, ServerUnderTest } from '../../support/server';
import { ct, markedSeed, markedStudy, referenceTo } from '../../support/synth';

const TRIAL = { CodeValue: 'TCE002', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: 'For Clinical Trial Export' };
const INSTANCES = 40;

let database: TestDatabase;
let pacs: Peer;
let archive: Peer;
let toArchive: Between;
let server: ServerUnderTest;

beforeAll(async () => {
  database = await createTestDatabase();
  pacs = await sandboxPeer();
  archive = await sandboxPeer();
  toArchive = await Between.start(() => archive);
  toArchive.storeDelay = 60;
  server = new ServerUnderTest({
    databaseUrl: database.url,
    imageSources: [{ name: 'pacs', dicomweb: { url: pacs.dicomwebUrl }, poll: { every: '300ms' } }],
    receivers: [{ name: 'archive', dicomweb: { url: toArchive.peer.url } }],
    projects: [{ name: 'Trial', kind: 'clinical-trial', receiver: 'archive' }],
  });
  await server.start();
}, 60_000);

afterAll(async () => {
  await server?.stop();
  await toArchive?.peer.stop();
  await pacs?.stop();
  await archive?.stop();
  await database?.drop();
});

test('killed again and again in the middle, an export ends with every instance delivered once', async () => {
  const study = markedStudy();
  const images = [...ct({ instances: INSTANCES, rows: 32, cols: 32, study })];
  for (const image of images) await pacs.put(image.bytes);
  await pacs.put(
    generateSelection({ study, key: 'kill', title: TRIAL, references: images.map(referenceTo) }, seed).bytes,
  );

  for (const share of [0, 0.1, 0.4, 0.8]) {
    const enough = Math.floor(share * INSTANCES);
    for (const end = Date.now() + 30_000; Date.now() < end; await pause(10)) {
      const stored = (await archive.everything()).length;
      if (stored > enough || (share === 0 && (await server.sessions()).length > 0)) break;
    }
    await server.kill();
    await server.start();
  }
  const session = await server.until(({ state }) => state === 'completed', 60_000);
  expect(session.counts).toMatchObject({ selected: INSTANCES, delivered: INSTANCES });
  expect(await server.sessions()).toHaveLength(1);

  const stored = (await archive.everything()).map((bytes) => readPart10Bytes(bytes).header.string(0x00080018));
  expect(new Set(stored).size).toBe(INSTANCES + 1);
  // Not only kept once: sent once, each instance and the manifest.
  const sent = toArchive.passed.filter(({ method, complete }) => method === 'POST' && complete);
  expect(sent).toHaveLength(INSTANCES + 1);
}, 120_000);

const seed = markedSeed();
