import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/sandbox';
import { JPEG_2000, makeInstance, newUID, type TestInstance } from '../dicomweb/instances';

/** Removed after each test; `directory` is it, or lies in it. */
let root: string;
let directory: string;
let sandbox: Sandbox;
let url: string;

async function open(options: Partial<SandboxOptions> = {}): Promise<void> {
  sandbox = await createSandbox({ directory, ...options });
  url = await sandbox.listen(0);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tce-sandbox-'));
  directory = root;
});
afterEach(async () => {
  await sandbox.close();
  rmSync(root, { recursive: true, force: true });
});

const JSON_ONLY = { accept: 'application/dicom+json' };
type Match = Record<string, { vr: string; Value?: unknown[] }>;

async function search(path: string): Promise<Match[]> {
  const answer = await fetch(`${url}${path}`, { headers: JSON_ONLY });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/dicom+json');
  return (await answer.json()) as Match[];
}

function valuesOf(matches: readonly Match[], tag: string): unknown[] {
  return matches.map((match) => match[tag]?.Value?.[0]);
}

async function store(path: string, ...parts: readonly Uint8Array[]): Promise<{ status: number; json: Match }> {
  const body = Buffer.concat([
    ...parts.flatMap((part) => [Buffer.from('\r\n--b\r\nContent-Type: application/dicom\r\n\r\n'), part]),
    Buffer.from('\r\n--b--\r\n'),
  ]);
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { ...JSON_ONLY, 'content-type': 'multipart/related; type="application/dicom"; boundary=b' },
    body,
  });
  const text = await answer.text();
  return { status: answer.status, json: text.startsWith('{') ? JSON.parse(text) : {} };
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('a sandbox over a folder', () => {
  const study = newUID();
  const ct = [1, 2, 3].map((instanceNumber) => makeInstance({ study, series: `${study}.1`, instanceNumber }));
  const sr = makeInstance({
    study,
    series: `${study}.2`,
    modality: 'SR',
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.22',
  });
  const other = makeInstance({
    patientName: 'Muster^Änne',
    patientID: 'TEST-2',
    studyDate: '20230405',
    accessionNumber: 'A2',
    studyDescription: 'Something else',
    pixelData: randomBytes(300_000),
  });
  const compressed = makeInstance({ transferSyntaxUID: JPEG_2000, pixelData: randomBytes(1000) });
  const instances: readonly TestInstance[] = [...ct, sr, other, compressed];

  beforeEach(async () => {
    mkdirSync(join(directory, 'any', 'layout'), { recursive: true });
    for (const [n, { bytes }] of instances.entries()) {
      writeFileSync(join(directory, n % 2 === 0 ? 'any/layout' : 'any', `IM${n}`), bytes);
    }
    writeFileSync(join(directory, 'README.txt'), 'no DICOM');
    writeFileSync(join(directory, 'empty.dcm'), '');
    await open();
  });

  test('offers what is DICOM in it and leaves the rest alone', async () => {
    expect(sandbox.size).toBe(instances.length);
    expect(valuesOf(await search('/instances'), '00080018').sort()).toEqual(
      instances.map(({ SOPInstanceUID }) => SOPInstanceUID).sort(),
    );
  });

  test.each([
    ['', 3],
    ['?PatientName=muster*', 1],
    ['?PatientID=TEST-?', 3],
    ['?PatientID=TEST-2', 1],
    ['?AccessionNumber=A2', 1],
    ['?StudyDate=20230101-20231231', 1],
    ['?StudyDescription=Something*', 1],
    ['?ModalitiesInStudy=SR', 1],
    [`?StudyInstanceUID=${study}`, 1],
    [`?0020000D=${study},${other.StudyInstanceUID}`, 2],
    ['?Modality=KO', 3],
    ['?Unheard=of&includefield=all&fuzzymatching=false', 3],
    ['?limit=2', 2],
    ['?limit=2&offset=2', 1],
    ['?offset=3', 0],
    ['?limit=0', 0],
  ])('finds studies by %j', async (query, count) => {
    expect(await search(`/studies${query}`)).toHaveLength(count);
  });

  test('says of a study what it holds', async () => {
    const [match] = await search(`/studies?StudyInstanceUID=${study}`);
    expect(match!['00080061']!.Value!.sort()).toEqual(['CT', 'SR']);
    expect(match!['00201206']).toEqual({ vr: 'IS', Value: [2] });
    expect(match!['00201208']).toEqual({ vr: 'IS', Value: [4] });
    expect(match!['00100010']).toEqual({ vr: 'PN', Value: [{ Alphabetic: 'Testmann^Theo' }] });
    expect(match!['00080005']).toEqual({ vr: 'CS', Value: ['ISO_IR 192'] });
  });

  test('finds series and instances within a study and across all of them', async () => {
    expect(valuesOf(await search('/series?Modality=SR'), '0020000E')).toEqual([`${study}.2`]);
    expect(await search(`/studies/${study}/series`)).toHaveLength(2);
    expect(await search(`/studies/${study}/instances`)).toHaveLength(4);
    expect(await search(`/studies/${study}/series/${study}.1/instances`)).toHaveLength(3);
    expect(await search(`/instances?SOPClassUID=${sr.SOPClassUID}`)).toHaveLength(1);
    expect(await search(`/instances?SOPInstanceUID=${sr.SOPInstanceUID}`)).toHaveLength(1);
    expect(await search('/studies/1.2.3/series')).toEqual([]);
  });

  test('pages without leaving anything out', async () => {
    const pages = await Promise.all([0, 2, 4, 6].map((offset) => search(`/instances?limit=2&offset=${offset}`)));
    expect(new Set(valuesOf(pages.flat(), '00080018')).size).toBe(instances.length);
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 2, 0]);
  });

  test.each(['limit=x', 'offset=-1', 'limit=1e9'])('answers 400 to %s', async (query) => {
    expect((await fetch(`${url}/studies?${query}`, { headers: JSON_ONLY })).status).toBe(400);
  });

  test.each([
    ['multipart/related; type="application/dicom"; transfer-syntax=*', compressed, 200],
    [`multipart/related; type="application/dicom"; transfer-syntax=${JPEG_2000}`, compressed, 200],
    ['multipart/related; type="application/dicom"', compressed, 406],
    ['multipart/related; type="application/dicom"', sr, 200],
    ['application/dicom; transfer-syntax=*', compressed, 200],
    ['application/dicom', sr, 200],
    ['multipart/related; type="image/jpeg"', sr, 406],
    ['application/json', sr, 406],
    ['*/*', compressed, 200],
  ])('Accept: %s', async (accept, instance, status) => {
    const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = instance;
    const path = `/studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances/${SOPInstanceUID}`;
    const answer = await fetch(`${url}${path}`, { headers: { accept } });
    expect(answer.status).toBe(status);
    const body = Buffer.from(await answer.arrayBuffer());
    expect(body.includes(instance.bytes)).toBe(status === 200);
  });

  test.each([
    ['GET', '/nothing/here', 404],
    ['GET', '/studies/1.2.3', 404],
    ['GET', '/studies/1.2.3/metadata', 404],
    ['GET', '/studies/..%2F..%2Fetc/series', 200],
    ['GET', '/studies/%E0%A4%A', 400],
    ['DELETE', `/studies/${study}`, 405],
    ['POST', '/studies', 415],
  ])('%s %s is answered with %i', async (method, path, status) => {
    expect((await fetch(`${url}${path}`, { method })).status).toBe(status);
  });

  test('answers at the root of the server as well', async () => {
    const root = url.replace('/dicom-web', '');
    expect(await (await fetch(`${root}/studies`)).json()).toHaveLength(3);
  });

  test('answers 500, and goes on, when a file has gone', async () => {
    const { StudyInstanceUID } = other;
    for (const path of filesBelow(directory)) {
      if (readFileSync(path).equals(other.bytes)) {
        rmSync(path);
      }
    }
    expect((await fetch(`${url}/studies/${StudyInstanceUID}`)).status).toBe(500);
    expect(await search('/studies')).toHaveLength(3);
  });

  test('takes in files that others put there, when told to', async () => {
    const late = makeInstance();
    writeFileSync(join(directory, 'late'), late.bytes);
    await sandbox.scan();
    expect(await search(`/instances?SOPInstanceUID=${late.SOPInstanceUID}`)).toHaveLength(1);
    expect(sandbox.size).toBe(instances.length + 1);
  });
});

describe('storing at the sandbox', () => {
  test('puts each instance at its place, byte for byte, and has it after a restart', async () => {
    await open();
    const instance = makeInstance({ pixelData: randomBytes(200_000) });
    const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID, SOPClassUID } = instance;
    const { status, json } = await store('/studies', instance.bytes);
    expect(status).toBe(200);
    expect(json['00081199']!.Value).toEqual([
      {
        '00081150': { vr: 'UI', Value: [SOPClassUID] },
        '00081155': { vr: 'UI', Value: [SOPInstanceUID] },
        '00081190': {
          vr: 'UR',
          Value: [`${url}/studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances/${SOPInstanceUID}`],
        },
      },
    ]);
    const path = join(directory, StudyInstanceUID, SeriesInstanceUID, `${SOPInstanceUID}.dcm`);
    expect(filesBelow(directory)).toEqual([path]);
    expect(readFileSync(path).equals(instance.bytes)).toBe(true);
    await sandbox.close();
    await open();
    expect(sandbox.size).toBe(1);
  });

  test('says of each part why it was not stored', async () => {
    await open();
    const good = makeInstance();
    const elsewhere = makeInstance();
    const cut = makeInstance({ pixelData: randomBytes(100_000) });
    const { status, json } = await store(
      `/studies/${good.StudyInstanceUID}`,
      good.bytes,
      elsewhere.bytes,
      Buffer.from('no DICOM'),
      cut.bytes.subarray(0, 50_000),
    );
    expect(status).toBe(202);
    expect(json['00081199']!.Value).toHaveLength(1);
    expect(json['00081198']!.Value).toEqual([
      {
        '00081150': { vr: 'UI', Value: [elsewhere.SOPClassUID] },
        '00081155': { vr: 'UI', Value: [elsewhere.SOPInstanceUID] },
        '00081197': { vr: 'US', Value: [0xa900] },
      },
    ]);
    expect(json['0008119A']!.Value).toEqual([
      { '00081197': { vr: 'US', Value: [0xc000] } },
      { '00081197': { vr: 'US', Value: [0xc000] } },
    ]);
    expect(filesBelow(directory)).toHaveLength(1);
  });

  test('answers 409 where nothing was stored, and 400 to a body that is none', async () => {
    await open();
    expect((await store('/studies', Buffer.from('no DICOM'))).status).toBe(409);
    expect((await store('/studies')).status).toBe(400);
    const answer = await fetch(`${url}/studies`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/related; type="application/dicom"; boundary=b' },
      body: '--b\r\n\r\nnever closed',
    });
    expect(answer.status).toBe(400);
    expect(filesBelow(directory)).toEqual([]);
  });

  test('keeps the first of two instances with the same UID', async () => {
    await open();
    const first = makeInstance({ pixelData: Buffer.alloc(100, 1) });
    const changed = Buffer.from(first.bytes);
    changed[changed.length - 1] = 2;
    await store('/studies', first.bytes);
    const { status } = await store('/studies', changed, first.bytes);
    expect(status).toBe(200);
    const [path] = filesBelow(directory);
    expect(readFileSync(path!).equals(first.bytes)).toBe(true);
    expect(filesBelow(directory)).toHaveLength(1);
  });

  test('stores an instance once that comes in several times at the same moment', async () => {
    await open();
    const instance = makeInstance({ pixelData: randomBytes(50_000) });
    const answers = await Promise.all(Array.from({ length: 8 }, () => store('/studies', instance.bytes)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(filesBelow(directory)).toHaveLength(1);
  });

  test('never leaves its folder, whatever the UIDs say', async () => {
    directory = join(directory, 'inner');
    await open();
    const instance = makeInstance();
    for (const evil of ['../../../evil', '..', '.', '1/../../2', `1.2\0.3`]) {
      const bytes = Buffer.from(instance.bytes);
      const at = bytes.indexOf(instance.SeriesInstanceUID);
      bytes.fill(0, at, at + instance.SeriesInstanceUID.length);
      bytes.write(evil, at, 'latin1');
      await store('/studies', bytes);
    }
    expect(filesBelow(root).every((path) => path.startsWith(directory))).toBe(true);
    expect(filesBelow(directory).every((path) => /^[0-9./]+\.dcm$/.test(path.slice(directory.length)))).toBe(true);
  });
});

describe('a sandbox with credentials', () => {
  test.each([
    [undefined, 401],
    ['Basic YWRhOnNlY3JldA==', 200],
    ['Basic YWRhOndyb25n', 401],
    ['Bearer token-of-the-test', 200],
    ['Bearer other', 401],
  ])('Authorization: %s is answered with %i', async (authorization, status) => {
    await open({ username: 'ada', password: 'secret', bearerToken: 'token-of-the-test' });
    const answer = await fetch(`${url}/studies`, { headers: authorization === undefined ? {} : { authorization } });
    expect(answer.status).toBe(status);
    expect(answer.headers.has('www-authenticate')).toBe(status === 401);
  });
});
