import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { api } from 'dicomweb-client';
import { DicomwebReceiver } from '../../../src/dicomweb/receiver';
import { generateSelection, type Sample } from '../../../src/sandbox/samples';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { type Peer, sandboxPeer } from '../../support/peers';
import { findMarks } from '../../support/phi-mark';
import { ServerUnderTest, type SessionJson, TOKEN } from '../../support/server';
import { ct, markedIdentity, markedSeed, markedStudy, referenceTo, sr } from '../../support/synth';

const TEACHING = { CodeValue: 'TCE001', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: 'For Teaching File Export' };
const OF_INTEREST = { CodeValue: '113000', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Of Interest' };
const BOUNDARY = 'a-boundary';
const MULTIPART = `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`;

const seed = markedSeed('received');
let database: TestDatabase;
let pacs: Peer;
let archive: Peer;
let server: ServerUnderTest;
let patients = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  pacs = await sandboxPeer();
  archive = await sandboxPeer();
  server = new ServerUnderTest({
    databaseUrl: database.url,
    // Not polled: what is found here is found through what was pushed.
    imageSources: [{ name: 'pacs', dicomweb: { url: pacs.dicomwebUrl } }],
    receivers: [{ name: 'archive', dicomweb: { url: archive.dicomwebUrl } }],
    projects: [{ name: 'Cases', kind: 'teaching-file', receiver: 'archive' }],
  });
  await server.start();
}, 60_000);

afterAll(async () => {
  await server?.stop();
  await pacs?.stop();
  await archive?.stop();
  await database?.drop();
});

interface Case {
  readonly images: readonly Sample[];
  readonly selection: Sample;
}

/** A study of its own with a selection of all its images. */
function newCase(title = TEACHING, instances = 3): Case {
  patients += 1;
  const study = markedStudy(markedIdentity(`p${patients}`), `study-${patients}`);
  const images = [...ct({ instances, study, seed })];
  const references = images.map((image) => ({ ...referenceTo(image), valueType: 'IMAGE' as const }));
  return { images, selection: generateSelection({ study, key: 'selection', title, references }, seed) };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly json: Record<string, { readonly Value: readonly Record<string, { readonly Value: readonly unknown[] }>[] }>;
}

async function send(
  body: Uint8Array,
  headers: Record<string, string> = {},
  path = '/dicom-web/studies',
): Promise<Answer> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': MULTIPART, ...headers },
    body: body as Uint8Array<ArrayBuffer>,
  });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type') ?? '', json: JSON.parse(text) };
}

function multipart(
  parts: readonly Uint8Array[],
  quirks: { head?: string; eol?: string; preamble?: string; end?: string } = {},
): Buffer {
  const { head = 'Content-Type: application/dicom', eol = '\r\n', preamble = '', end = '--' } = quirks;
  const headLine = head === '' ? '' : `${head}${eol}`;
  return Buffer.concat([
    Buffer.from(preamble),
    ...parts.flatMap((part) => [Buffer.from(`--${BOUNDARY}${eol}${headLine}${eol}`), part, Buffer.from(eol)]),
    Buffer.from(`--${BOUNDARY}${end}${eol}`),
  ]);
}

function store(...samples: readonly { readonly bytes: Uint8Array }[]): Promise<Answer> {
  return send(multipart(samples.map(({ bytes }) => bytes)));
}

function stored({ json }: Answer): unknown[] {
  return (json['00081199']?.Value ?? []).map((item) => item['00081155']?.Value[0]).sort();
}

function failures({ json }: Answer): unknown[] {
  return [...(json['00081198']?.Value ?? []), ...(json['0008119A']?.Value ?? [])].map(
    (item) => item['00081197']?.Value[0],
  );
}

function names(samples: readonly Sample[]): string[] {
  return samples.map(({ SOPInstanceUID }) => SOPInstanceUID).sort();
}

/** The session that a case opened: the only new one. */
async function sessionOf(known: readonly SessionJson[], state: string): Promise<SessionJson> {
  const ids = new Set(known.map(({ id }) => id));
  return server.until((session) => !ids.has(session.id) && session.state === state);
}

function receivedFiles(): string[] {
  const directory = join(server.directory, 'received');
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Those of ended sessions may go meanwhile. */
function newFiles(known: ReadonlySet<string>): string[] {
  return receivedFiles().filter((path) => !known.has(path));
}

describe('selections and instances that are pushed', () => {
  test('export where no image source has the instances, all in one request', async () => {
    const known = await server.sessions();
    const { images, selection } = newCase();
    const answer = await store(selection, ...images);
    expect([answer.status, answer.type]).toEqual([200, 'application/dicom+json']);
    expect(stored(answer)).toEqual(names([selection, ...images]));
    const session = await sessionOf(known, 'completed');
    expect(session).toMatchObject({ imageSource: 'received', project: 'Cases', counts: { delivered: 3 } });
  }, 60_000);

  test('export when the selection comes first and its instances one by one', async () => {
    const known = await server.sessions();
    const { images, selection } = newCase();
    expect((await store(selection)).status).toBe(200);
    await sessionOf(known, 'waiting');
    for (const image of images) expect((await store(image)).status).toBe(200);
    expect((await sessionOf(known, 'completed')).counts).toMatchObject({ delivered: 3 });
  }, 60_000);

  test('export when the instances come first, by our own client of STOW-RS', async () => {
    const known = await server.sessions();
    const { images, selection } = newCase();
    const client = new DicomwebReceiver({ name: 'here', url: `${server.url}/dicom-web`, bearerToken: TOKEN });
    try {
      const study = images[0]?.StudyInstanceUID ?? '';
      for (const batch of [images, [selection]]) {
        const answer = await client.store(study, toStore(batch), new AbortController().signal);
        expect(answer.status).toBe(200);
        expect([...answer.verdicts.values()].every(({ verdict }) => verdict === 'stored')).toBe(true);
        expect([...answer.verdicts.keys()].sort()).toEqual(names(batch));
      }
    } finally {
      await client.close();
    }
    expect((await sessionOf(known, 'completed')).counts).toMatchObject({ delivered: 3 });
  }, 60_000);

  test('are taken from the client that web viewers use', async () => {
    const known = await server.sessions();
    const { images, selection } = newCase();
    const client = new api.DICOMwebClient({ url: `${server.url}/dicom-web`, verbose: false, singlepart: false });
    const options = {
      studyInstanceUID: selection.StudyInstanceUID,
      datasets: [...images, selection].map(({ bytes }) => Uint8Array.from(bytes).buffer),
      request: { instance: new RequestOverFetch() as never },
    };
    await client.storeInstances(options);
    expect((await sessionOf(known, 'completed')).counts).toMatchObject({ delivered: 3 });
  }, 60_000);

  test('export where the instances lie in an image source, and where they lie in both', async () => {
    const known = await server.sessions();
    const { images, selection } = newCase(TEACHING, 4);
    for (const image of images.slice(0, 2)) await pacs.put(image.bytes);
    expect((await store(selection, ...images.slice(2))).status).toBe(200);
    expect((await sessionOf(known, 'completed')).counts).toMatchObject({ delivered: 4 });

    const before = await server.sessions();
    const shared = newCase();
    for (const image of shared.images) await pacs.put(image.bytes);
    expect((await store(shared.selection)).status).toBe(200);
    expect((await sessionOf(before, 'completed')).counts).toMatchObject({ delivered: 3 });
  }, 60_000);

  test('are accepted again as often as they come, and open one session', async () => {
    const known = await server.sessions();
    const { images, selection } = newCase();
    for (let times = 0; times < 3; times += 1) {
      const answer = await store(...images, selection);
      expect(answer.status).toBe(200);
      expect(stored(answer)).toEqual(names([...images, selection]));
    }
    await sessionOf(known, 'completed');
    expect(await server.sessions()).toHaveLength(known.length + 1);
  }, 60_000);

  test('may be reports and selections that ask for nothing: these open no session', async () => {
    const known = await server.sessions();
    const { images, selection } = newCase(OF_INTEREST);
    const report = sr(images, { study: markedStudy(markedIdentity(`p${patients}`), `study-${patients}`), seed });
    const answer = await store(report, selection);
    expect(answer.status).toBe(200);
    expect(stored(answer)).toEqual(names([report, selection]));
    expect(await server.sessions()).toHaveLength(known.length);
  }, 60_000);
});

/** As much of XMLHttpRequest as dicomweb-client sends with. */
class RequestOverFetch {
  readyState = 0;
  status = 0;
  response = '';
  onreadystatechange: (() => void) | null = null;
  private url = '';
  private readonly headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` };

  open(_method: string, url: string): void {
    this.url = url;
  }

  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  getResponseHeader(): string {
    return 'application/dicom+json';
  }

  getAllResponseHeaders(): string {
    return '';
  }

  send(body: ArrayBuffer): void {
    void this.answered(body);
  }

  private async answered(body: ArrayBuffer): Promise<void> {
    const response = await fetch(this.url, { method: 'POST', headers: this.headers, body });
    this.response = await response.text();
    this.status = response.status;
    this.readyState = 4;
    this.onreadystatechange?.();
  }
}

async function* toStore(samples: readonly Sample[]) {
  for (const sample of samples) {
    yield { ...sample, bytes: once(sample.bytes) };
  }
}

async function* once(bytes: Uint8Array) {
  yield bytes;
}

describe('of a request with something wrong', () => {
  test('a good part is kept and a bad one refused: 202', async () => {
    const { images } = newCase();
    const [good, bad] = images as [Sample, Sample];
    const answer = await store(good, { bytes: bad.bytes.subarray(0, bad.bytes.length - 100) });
    expect(answer.status).toBe(202);
    expect(stored(answer)).toEqual(names([good]));
    expect(failures(answer)).toEqual([0xc000]);
  });

  test('no part is kept where none is an instance: 409', async () => {
    const answer = await send(multipart([Buffer.from('no instance'), Buffer.alloc(0)]));
    expect([answer.status, ...failures(answer)]).toEqual([409, 0xc000, 0xc000]);
    expect((await send(multipart([newCase().selection.bytes], { head: 'Content-Type: image/jpeg' }))).status).toBe(409);
  });

  test('instances of another study than the address names are refused: A900', async () => {
    const { images } = newCase();
    const answer = await send(multipart(images.map(({ bytes }) => bytes)), {}, '/dicom-web/studies/1.2.3');
    expect([answer.status, ...failures(answer)]).toEqual([409, 0xa900, 0xa900, 0xa900]);
  });

  test('other bytes under a UID that is here are refused, and the first stay', async () => {
    const { images } = newCase();
    const [image] = images as [Sample];
    expect((await store(image)).status).toBe(200);
    const other = Buffer.from(image.bytes);
    other[other.length - 1] = (other[other.length - 1] ?? 0) ^ 1;
    const answer = await store({ bytes: other });
    expect([answer.status, ...failures(answer)]).toEqual([409, 0x0111]);
    expect((await store(image)).status).toBe(200);
  });

  test.each([
    ['cut off', (body: Buffer) => body.subarray(0, body.length - 30)],
    ['without its closing boundary', (body: Buffer) => Buffer.concat([body.subarray(0, -4), Buffer.from('\r\n')])],
    ['empty', () => Buffer.alloc(0)],
    [
      'with other boundaries',
      (body: Buffer) => Buffer.from(body.toString('latin1').replaceAll(BOUNDARY, 'x'), 'latin1'),
    ],
  ])('nothing is kept of a body that is %s: 400', async (_what, spoilt) => {
    const known = new Set(receivedFiles());
    const { images, selection } = newCase();
    const answer = await send(spoilt(multipart([...images, selection].map(({ bytes }) => bytes))));
    expect(answer).toMatchObject({ status: 400, json: { code: 'BAD_BODY' } });
    expect(newFiles(known)).toEqual([]);
  });

  test('nothing is kept of a request whose client is gone in the middle', async () => {
    const { images } = newCase();
    const body = multipart(images.map(({ bytes }) => bytes));
    const known = new Set(receivedFiles());
    const sending = httpRequest(`${server.url}/dicom-web/studies`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': MULTIPART, 'content-length': body.length },
    });
    const gone = new Promise<void>((settle) => sending.once('error', () => settle()));
    sending.write(body.subarray(0, Math.floor(body.length / 2)));
    // Looked at before the server has begun, there would be nothing that could be kept.
    for (let tries = 0; tries < 400 && newFiles(known).length === 0; tries += 1) {
      await new Promise((settle) => setTimeout(settle, 25));
    }
    expect(newFiles(known)).not.toEqual([]);
    sending.destroy(new Error('gone'));
    await gone;
    for (let tries = 0; tries < 200 && newFiles(known).length > 0; tries += 1) {
      await new Promise((settle) => setTimeout(settle, 50));
    }
    expect(newFiles(known)).toEqual([]);
    expect(server.output).not.toContain('"event":"request-failed"');
  });

  test.each([
    [415, { 'content-type': 'application/dicom' }],
    [415, { 'content-type': `multipart/related; type="application/dicom+json"; boundary=${BOUNDARY}` }],
    [415, { 'content-encoding': 'gzip' }],
    [400, { 'content-type': 'multipart/related; type="application/dicom"' }],
    [406, { accept: 'application/dicom+xml' }],
    [401, { authorization: 'Bearer no-token-at-all-0123456789' }],
  ])('it is answered %d, and says why, before anything is read: %j', async (status, headers) => {
    const answer = await send(multipart([newCase().selection.bytes]), headers as Record<string, string>);
    expect([answer.status, answer.type.split(';')[0]]).toEqual([status, 'application/problem+json']);
  });
});

describe('bodies as clients write them', () => {
  test.each([
    ['with text before the first boundary', { preamble: 'This is a multipart body.\r\n' }, MULTIPART],
    ['with lines that end in LF alone', { eol: '\n' }, MULTIPART],
    ['with parts that do not say what they are', { head: '' }, MULTIPART],
    ['with the boundary in quotes, and no type', {}, `Multipart/Related; boundary="${BOUNDARY}"`],
    [
      'with a transfer syntax named in the part',
      { head: 'content-type: application/dicom; transfer-syntax=*' },
      MULTIPART,
    ],
  ])('%s are read', async (_what, quirks, contentType) => {
    const { images } = newCase();
    const body = multipart(
      images.map(({ bytes }) => bytes),
      quirks,
    );
    const answer = await send(body, { 'content-type': contentType });
    expect(answer.status).toBe(200);
    expect(stored(answer)).toEqual(names(images));
  });

  test('a part without preamble and DICM is taken as it is', async () => {
    const [image] = newCase().images as [Sample];
    const answer = await send(multipart([image.bytes.subarray(132)]));
    expect(answer.status).toBe(200);
  });
});

test('no identifier lies in the clear anywhere below the data directory, nor in the log', async () => {
  // Of a study that nobody asks for, so that it stays while it is looked at.
  expect((await store(...newCase().images)).status).toBe(200);
  let looked = 0;
  for (const path of receivedFiles()) {
    expect(findMarks(path)).toEqual([]);
    if (!existsSync(path)) continue;
    expect(findMarks(readFileSync(path))).toEqual([]);
    looked += 1;
  }
  expect(looked).toBeGreaterThanOrEqual(3);
  expect(findMarks(server.output)).toEqual([]);
});
