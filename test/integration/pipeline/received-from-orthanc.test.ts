import { generateSelection } from '../../../src/sandbox/samples';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { ORTHANC, type Orthanc, startOrthanc } from '../../support/orthanc';
import { type Peer, sandboxPeer } from '../../support/peers';
import { findMarks } from '../../support/phi-mark';
import { ServerUnderTest, TOKEN } from '../../support/server';
import { suiteNeeding } from '../../support/suites';
import { ct, markedIdentity, markedSeed, markedStudy, referenceTo } from '../../support/synth';

const TEACHING = { CodeValue: '128710', CodingSchemeDesignator: 'DCM', CodeMeaning: 'For Teaching File Export' };
const seed = markedSeed('from-orthanc');

suiteNeeding(ORTHANC, 'an Orthanc as Export Selector', () => {
  let database: TestDatabase;
  let archive: Peer;
  let orthanc: Orthanc;
  let server: ServerUnderTest;

  beforeAll(async () => {
    database = await createTestDatabase();
    archive = await sandboxPeer();
    orthanc = await startOrthanc();
    server = new ServerUnderTest({
      databaseUrl: database.url,
      imageSources: [],
      receivers: [{ name: 'archive', dicomweb: { url: archive.dicomwebUrl } }],
      projects: [{ name: 'Cases', kind: 'teaching-file', receiver: 'archive' }],
    });
    await server.start();
  }, 60_000);

  afterAll(async () => {
    await server?.stop();
    await orthanc?.stop();
    await archive?.stop();
    await database?.drop();
  });

  test('stores a selection and its instances here by its own STOW-RS client, and they are exported', async () => {
    const study = markedStudy(markedIdentity('p1'), 'study-1');
    const images = [...ct({ instances: 3, study, seed })];
    const references = images.map((image) => ({ ...referenceTo(image), valueType: 'IMAGE' as const }));
    const selection = generateSelection({ study, key: 'selection', title: TEACHING, references }, seed);
    for (const { bytes } of [...images, selection]) await orthanc.upload(bytes);
    const json = (method: string, body: object) => ({
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await orthanc.rest(
      '/dicom-web/servers/export-manager',
      json('PUT', { Url: `${server.url}/dicom-web`, HttpHeaders: { Authorization: `Bearer ${TOKEN}` } }),
    );
    const Resources = await orthanc.rest('/studies');
    await orthanc.rest('/dicom-web/servers/export-manager/stow', json('POST', { Resources, Synchronous: true }));
    const session = await server.until(({ state }) => state === 'completed', 60_000);
    expect(session).toMatchObject({ project: 'Cases', counts: { selected: 3, delivered: 3 } });
    const sent = await archive.everything();
    expect(sent).toHaveLength(4);
    for (const bytes of sent) expect(findMarks(bytes)).toEqual([]);
  }, 90_000);
});
