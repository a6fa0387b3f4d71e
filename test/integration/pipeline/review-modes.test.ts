import type { DataSet } from '../../../src/dicom/data-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { KEY_OBJECT_SELECTION_DOCUMENT } from '../../../src/dicom/sop-class';
import { generateSelection, type Sample, type SampleStudy } from '../../../src/sandbox/samples';
import { readExportSelection } from '../../../src/selection/export-selection';
import { Between } from '../../support/between';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { objectsOfEveryKind } from '../../support/objects';
import { type Peer, sandboxPeer } from '../../support/peers';
import { findMarks, PHI_MARKS } from '../../support/phi-mark';
import { ServerUnderTest, type SessionJson } from '../../support/server';
import { ct, markedIdentity, markedSeed, markedStudy, referenceTo } from '../../support/synth';

const TEACHING = { CodeValue: '128710', CodingSchemeDesignator: 'DCM', CodeMeaning: 'For Teaching File Export' };
const PUBLICATION = { CodeValue: '128714', CodingSchemeDesignator: 'DCM', CodeMeaning: 'For Publication Export' };
const seed = markedSeed();
const DESCRIPTIONS = ['clean-descriptors', 'clean-structured-content'];

let database: TestDatabase;
let pacs: Peer;
let old: Peer;
let withoutMetadata: Between;
let archive: Peer;
let server: ServerUnderTest;
let count = 0;

const newStudy = (StudyDescription = 'CT/Head'): SampleStudy => ({
  ...markedStudy(markedIdentity(`p${++count}`), `study-${count}`),
  StudyDescription,
});

async function select(
  peer: Peer,
  study: SampleStudy,
  description: string,
  samples: readonly Sample[],
  title = TEACHING,
): Promise<SessionJson> {
  const before = new Set((await server.sessions()).map(({ id }) => id));
  for (const sample of samples) await peer.put(sample.bytes);
  const references = samples.map(referenceTo);
  await peer.put(generateSelection({ study, key: 'selection', title, references, description }, seed).bytes);
  return settled((await server.until(({ id }) => !before.has(id))).id);
}

const settled = (id: string): Promise<SessionJson> =>
  server.until((one) => one.id === id && !['received', 'planning', 'queued', 'exporting'].includes(one.state), 60_000);
const approve = async (id: string): Promise<SessionJson> => {
  expect(await server.post(`/api/v1/sessions/${id}/approve`)).toBe(200);
  return settled(id);
};

interface FindingJson {
  readonly id: string;
  readonly kind: string;
  readonly paths: readonly string[];
  readonly text?: string;
  readonly proposal?: string;
}
const findings = async (id: string): Promise<readonly FindingJson[]> =>
  (await server.json<{ items: FindingJson[] }>(`/api/v1/sessions/${id}/findings`)).items;

async function sentOf({ id }: SessionJson): Promise<{ manifest: DataSet; rest: readonly DataSet[] }> {
  const { instances, manifest } = await server.json<{
    instances: readonly { readonly SOPInstanceUID: string }[];
    manifest: readonly { readonly SOPInstanceUID: string }[];
  }>(`/api/v1/sessions/${id}/receipt`);
  const named = new Set([...instances, ...manifest].map(({ SOPInstanceUID }) => SOPInstanceUID));
  const headers = (await archive.everything())
    .map((bytes) => readPart10Bytes(bytes).header)
    .filter((header) => named.has(header.string(0x00080018) ?? ''));
  const isManifest = (header: DataSet) => header.string(0x00080016) === KEY_OBJECT_SELECTION_DOCUMENT;
  return { manifest: headers.find(isManifest)!, rest: headers.filter((header) => !isManifest(header)) };
}

beforeAll(async () => {
  database = await createTestDatabase();
  pacs = await sandboxPeer();
  old = await sandboxPeer();
  archive = await sandboxPeer();
  withoutMetadata = await Between.start(() => old);
  withoutMetadata.fault = ({ path }) => (path.endsWith('/metadata') ? { status: 404 } : undefined);
  const project = (name: string, review: string, more: object = {}) => ({
    name,
    kind: 'teaching-file',
    dispositions: [name],
    imageSources: ['pacs'],
    receiver: 'archive',
    review,
    ...more,
  });
  server = new ServerUnderTest({
    databaseUrl: database.url,
    imageSources: [
      { name: 'pacs', dicomweb: { url: pacs.dicomwebUrl }, poll: { every: '300ms' } },
      { name: 'old', dicomweb: { url: withoutMetadata.peer.url }, poll: { every: '300ms' } },
    ],
    receivers: [{ name: 'archive', dicomweb: { url: archive.dicomwebUrl } }],
    projects: [
      project('Always', 'always'),
      project('Never', 'never', { deidentification: { encapsulatedDocuments: 'keep' } }),
      project('Described', 'on-findings', {
        kind: 'publication',
        dispositions: [],
        deidentification: { options: DESCRIPTIONS },
      }),
      project('Fallback', 'never', { imageSources: ['old'], deidentification: { options: DESCRIPTIONS } }),
    ],
  });
  await server.start();
}, 60_000);

afterAll(async () => {
  await server?.stop();
  await withoutMetadata?.peer.stop();
  for (const peer of [pacs, old, archive]) await peer?.stop();
  await database?.drop();
});

describe('review: always', () => {
  test('stops a session that nothing was found in, once', async () => {
    const study = newStudy();
    const session = await select(pacs, study, 'Always', [...ct({ instances: 1, study })]);
    expect(session).toMatchObject({ state: 'review', counts: { delivered: 0 } });
    expect(await findings(session.id)).toEqual([]);
    expect(await approve(session.id)).toMatchObject({ state: 'completed', counts: { delivered: 1 } });
  }, 90_000);
});

describe('review: never', () => {
  test('holds back what says of itself that somebody is named in its pixels', async () => {
    const study = newStudy();
    const [image] = [...ct({ instances: 1, study })] as [Sample];
    const letter = objectsOfEveryKind(study, seed, image).find(({ kind }) => kind === 'Encapsulated PDF')!;
    const burnedIn = Buffer.from(letter.sample.bytes);
    // BurnedInAnnotation (0028,0301) CS, NO: written over in place.
    const at = burnedIn.indexOf(Buffer.from([0x28, 0, 0x01, 0x03, 0x43, 0x53, 2, 0]));
    const longer = Buffer.concat([
      burnedIn.subarray(0, at),
      Buffer.from([0x28, 0, 0x01, 0x03, 0x43, 0x53, 4, 0]),
      Buffer.from('YES ', 'latin1'),
      burnedIn.subarray(at + 10),
    ]);
    const session = await select(pacs, study, 'Never', [image, { ...letter.sample, bytes: longer }]);
    expect(session).toMatchObject({ state: 'quarantined', counts: { delivered: 0, quarantined: 1 } });
    const { items } = await server.json<{ items: readonly { reason: { code: string } | null }[] }>(
      `/api/v1/sessions/${session.id}/instances`,
    );
    expect(items.flatMap(({ reason }) => (reason === null ? [] : [reason.code]))).toEqual(['PIXEL_RISK']);
  }, 90_000);
});

describe('the description of a selection', () => {
  const AS_WRITTEN = `Vlimpurt of ${PHI_MARKS.family}`;

  test('is asked about like any other text, and leaves as it was decided, without the patient', async () => {
    const study = newStudy();
    const images = [...ct({ instances: 1, study })];
    const session = await select(pacs, study, AS_WRITTEN, images, PUBLICATION);
    expect(session).toMatchObject({ state: 'review', project: 'Described' });
    const found = (await findings(session.id)).find(({ paths }) => paths.includes('0040A730'))!;
    expect(found).toMatchObject({ kind: 'text', text: AS_WRITTEN });
    expect(findMarks(found.proposal ?? '')).toEqual([]);
    expect(
      await server.postJson(`/api/v1/sessions/${session.id}/findings/${found.id}/decision`, { decision: 'keep' }),
    ).toMatchObject({ status: 200 });
    const after = await approve(session.id);
    expect(after.state).toBe('completed');
    const { description } = readExportSelection((await sentOf(after)).manifest);
    expect(description).toContain('Vlimpurt');
    expect(findMarks(description ?? '')).toEqual([]);
  }, 90_000);

  test('is asked about once in a project', async () => {
    const study = newStudy();
    const session = await select(pacs, study, AS_WRITTEN, [...ct({ instances: 1, study })], PUBLICATION);
    expect(session.state).toBe('completed');
    expect(readExportSelection((await sentOf(session)).manifest).description).toContain('Vlimpurt');
  }, 90_000);
});

describe('an image source without metadata', () => {
  test('has its instances read for who is named in the study, those that are not selected too', async () => {
    const study = newStudy(`CT/Head ${PHI_MARKS.birthName}`);
    const [selected, other] = [...ct({ instances: 2, study })] as [Sample, Sample];
    await old.put(other.bytes);
    const session = await select(old, study, 'Fallback', [selected]);
    expect(session).toMatchObject({ state: 'completed', project: 'Fallback', counts: { delivered: 1 } });
    const { rest, manifest } = await sentOf(session);
    expect(rest).toHaveLength(1);
    expect(rest[0]!.string(0x00081030)).toBe('CT/Head');
    expect(manifest).toBeDefined();
    for (const bytes of await archive.everything()) expect(findMarks(bytes)).toEqual([]);
  }, 90_000);
});
