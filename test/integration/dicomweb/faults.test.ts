import { randomBytes } from 'node:crypto';
import { Fault } from '../../../src/base/errors';
import { DicomwebImageSource } from '../../../src/dicomweb/image-source';
import type { PeerOptions } from '../../../src/dicomweb/peer';
import { DicomwebReceiver } from '../../../src/dicomweb/receiver';
import { type ScriptedAnswer, ScriptedPeer } from '../../support/scripted-peer';
import {
  all,
  bytesOf,
  KEY_OBJECT_SELECTION_DOCUMENT,
  makeInstance,
  newUID,
  type TestInstance,
  toStore,
} from './instances';

const MULTIPART = { 'Content-Type': 'multipart/related; type="application/dicom"; boundary="b o"' };
const JSON_TYPE = { 'Content-Type': 'application/dicom+json' };
const signal = new AbortController().signal;

let peer: ScriptedPeer;
const toClose: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  peer = await ScriptedPeer.start();
});
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((each) => each.close()));
  await peer.stop();
});

function imageSource(options: Partial<PeerOptions> = {}): DicomwebImageSource {
  const source = new DicomwebImageSource({ name: 'pacs', url: peer.url, ...options });
  toClose.push(source);
  return source;
}

function receiver(options: Partial<PeerOptions> = {}): DicomwebReceiver {
  const made = new DicomwebReceiver({ name: 'archive', url: peer.url, ...options });
  toClose.push(made);
  return made;
}

function multipart(...contents: readonly Uint8Array[]): Buffer {
  const parts = contents.flatMap((content) => [
    Buffer.from('\r\n--b o\r\nContent-Type: application/dicom; transfer-syntax=1.2.840.10008.1.2.1\r\n\r\n'),
    content,
  ]);
  return Buffer.concat([...parts, Buffer.from('\r\n--b o--\r\n')]);
}

async function faultOf(deed: Promise<unknown>): Promise<Fault> {
  try {
    await deed;
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    return error as Fault;
  }
  throw new Error('no fault');
}

const study = newUID();
const series = newUID();

async function retrieve(source: DicomwebImageSource, until: AbortSignal = signal): Promise<Buffer[]> {
  const found: Buffer[] = [];
  for await (const { bytes } of source.retrieve({ study }, until)) {
    found.push(await bytesOf(bytes));
  }
  return found;
}

const answers = (answer: ScriptedAnswer) => {
  peer.script = () => answer;
};

describe('retrieving from a peer that misbehaves', () => {
  const content = randomBytes(200_000);
  const body = multipart(content, Buffer.from('two'));

  test.each<[string, ScriptedAnswer]>([
    ['in one piece', { headers: MULTIPART, body }],
    ['in chunks', { headers: MULTIPART, body, framing: 'chunked', trickle: { bytes: 30_011, every: 1 } }],
    ['up to the end of the connection', { headers: MULTIPART, body, framing: 'eof' }],
    [
      'without quotes, in capitals',
      {
        headers: { 'content-type': 'Multipart/Related; BOUNDARY=b%20o' },
        body: multipart(content, Buffer.from('two')).toString('latin1').replaceAll('b o', 'b%20o'),
      },
    ],
  ])('takes a body that comes %s', async (_how, answer) => {
    answers(typeof answer.body === 'string' ? { ...answer, body: Buffer.from(answer.body, 'latin1') } : answer);
    const found = await retrieve(imageSource());
    expect(found.map(({ length }) => length)).toEqual([200_000, 3]);
    expect(found[0]!.equals(content)).toBe(true);
  });

  test('asks for the instances as they are stored, at the configured address', async () => {
    answers({ headers: MULTIPART, body });
    await retrieve(imageSource({ bearerToken: 'a token of the test' }));
    const [request] = peer.requests;
    expect(request!.path).toBe(`/dicom-web/studies/${study}`);
    expect(request!.headers.accept).toBe('multipart/related; type="application/dicom"; transfer-syntax=*');
    expect(request!.headers.authorization).toBe('Bearer a token of the test');
  });

  test('takes a single instance that is not wrapped in parts', async () => {
    answers({ headers: { 'Content-Type': 'application/dicom' }, body: content });
    const [found] = await retrieve(imageSource());
    expect(found!.equals(content)).toBe(true);
  });

  test.each([
    [404, 'INSTANCE_NOT_FOUND'],
    [410, 'INSTANCE_NOT_FOUND'],
    [204, 'INSTANCE_NOT_FOUND'],
    [401, 'PEER_REFUSED_CREDENTIALS'],
    [403, 'PEER_REFUSED_CREDENTIALS'],
    [301, 'PEER_NOT_DICOMWEB'],
    [400, 'PEER_REFUSED_REQUEST'],
    [406, 'PEER_REFUSED_REQUEST'],
    [429, 'PEER_FAILED'],
    [500, 'PEER_FAILED'],
    [503, 'PEER_FAILED'],
  ])('status %i is %s, worth another try, with words of advice', async (status, code) => {
    answers({
      status,
      headers: { Location: 'http://elsewhere.invalid/' },
      body: status === 204 ? '' : 'Testmann^Theo',
    });
    const fault = await faultOf(retrieve(imageSource()));
    expect(fault).toMatchObject({ code, kind: 'could-not', remedy: expect.stringMatching(/\w/) });
    expect(fault.message).toMatch(/^pacs: retrieve \(WADO-RS\)/);
    expect(fault.message).toContain(String(status));
    expect(fault.message).not.toContain(study);
    expect(fault.message).not.toContain('Testmann');
  });

  test.each([
    ['a page', { 'Content-Type': 'text/html' }, '<html>Sign in</html>'],
    ['JSON', { 'Content-Type': 'application/json' }, '{}'],
    ['nothing named', {}, 'abc'],
    ['parts without a boundary', { 'Content-Type': 'multipart/related; type="application/dicom"' }, 'abc'],
    ['no parts after all', MULTIPART, 'x'.repeat(100_000)],
  ])('200 with %s is PEER_NOT_DICOMWEB', async (_what, headers, text) => {
    answers({ headers: headers as Record<string, string>, body: text });
    expect(await faultOf(retrieve(imageSource()))).toMatchObject({ code: 'PEER_NOT_DICOMWEB', kind: 'could-not' });
  });

  test.each<[string, ScriptedAnswer]>([
    ['with a Content-Length', { framing: 'length' }],
    ['in chunks', { framing: 'chunked' }],
    ['as a proper end of the connection', { framing: 'eof' }],
  ])('a body cut short, told %s, is BODY_CUT_SHORT', async (_how, answer) => {
    for (const cutAfter of [20, 1000, body.length - 200, body.length - 5]) {
      answers({ headers: MULTIPART, body, ...answer, cutAfter });
      expect(await faultOf(retrieve(imageSource()))).toMatchObject({ code: 'BODY_CUT_SHORT', kind: 'could-not' });
    }
  });

  test('a complete-looking body without its closing boundary is BODY_CUT_SHORT', async () => {
    answers({ headers: MULTIPART, body: body.subarray(0, body.length - 6) });
    expect(await faultOf(retrieve(imageSource()))).toMatchObject({ code: 'BODY_CUT_SHORT' });
  });

  test('nothing listening is PEER_UNREACHABLE', async () => {
    const source = imageSource();
    await peer.stop();
    expect(await faultOf(retrieve(source))).toMatchObject({ code: 'PEER_UNREACHABLE', kind: 'could-not' });
    peer = await ScriptedPeer.start();
  });

  test('a host name that nobody knows is PEER_UNREACHABLE', async () => {
    const fault = await faultOf(retrieve(imageSource({ url: 'http://no-such-host.invalid/dicom-web' })));
    expect(fault).toMatchObject({ code: 'PEER_UNREACHABLE', kind: 'could-not' });
  });

  test('a connection reset before the answer is PEER_UNREACHABLE', async () => {
    answers({ resetAfter: 0 });
    expect(await faultOf(retrieve(imageSource()))).toMatchObject({ code: 'PEER_UNREACHABLE' });
  });

  test('something that is not HTTP is PEER_NOT_DICOMWEB, and what it said is not repeated', async () => {
    answers({ raw: 'SSH-2.0-OpenSSH Testmann^Theo\r\n' });
    const fault = await faultOf(retrieve(imageSource()));
    expect(fault.code).toBe('PEER_NOT_DICOMWEB');
    expect(JSON.stringify([fault.message, fault.stack, fault.cause])).not.toContain('Testmann');
  });

  test('a TLS address that does not speak TLS is PEER_UNREACHABLE', async () => {
    const fault = await faultOf(retrieve(imageSource({ url: peer.url.replace('http:', 'https:') })));
    expect(fault.code).toBe('PEER_UNREACHABLE');
  });

  test('no answer in time, and a body that stands still, are PEER_TIMEOUT', async () => {
    const timeouts = { answer: 300, idle: 300 };
    answers({ hang: true });
    expect(await faultOf(retrieve(imageSource({ timeouts })))).toMatchObject({
      code: 'PEER_TIMEOUT',
      kind: 'could-not',
    });
    answers({ headers: MULTIPART, body, hangAfter: 5000 });
    expect(await faultOf(retrieve(imageSource({ timeouts })))).toMatchObject({ code: 'PEER_TIMEOUT' });
  });

  test('a slow body that moves is no fault', async () => {
    answers({ headers: MULTIPART, body: multipart(Buffer.alloc(60, 1)), trickle: { bytes: 10, every: 200 } });
    const found = await retrieve(imageSource({ timeouts: { answer: 1500, idle: 1500 } }));
    expect(found.map(({ length }) => length)).toEqual([60]);
  });

  test('a signal ends the request at once, before the answer and in the middle of it', async () => {
    for (const answer of [{ hang: true }, { headers: MULTIPART, body, hangAfter: 5000 }] as const) {
      answers(answer);
      const controller = new AbortController();
      const running = retrieve(imageSource(), controller.signal);
      const reason = new Error('stopped by the test');
      setTimeout(() => controller.abort(reason), 100);
      await expect(running).rejects.toBe(reason);
      await peer.requests.at(-1)!.over;
    }
  });

  test('a reader that stops in the middle ends the transfer', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('--b o\r\n\r\n');
      for (;;) {
        yield Buffer.alloc(65_536);
      }
    }
    answers({ headers: MULTIPART, body: endless });
    for await (const { bytes } of imageSource().retrieve({ study }, signal)) {
      await bytes[Symbol.asyncIterator]().next();
      break;
    }
    await peer.requests[0]!.over;
  });

  test('a reader that is slow holds the sender back', async () => {
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('--b o\r\n\r\n');
      for (;;) {
        sent += 65_536;
        yield Buffer.alloc(65_536);
      }
    }
    answers({ headers: MULTIPART, body: endless });
    for await (const { bytes } of imageSource().retrieve({ study }, signal)) {
      await bytes[Symbol.asyncIterator]().next();
      await new Promise((resolve) => setTimeout(resolve, 500));
      break;
    }
    // Buffers of two sockets and of both programs.
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });

  test('keeps connections for the next requests', async () => {
    answers({ headers: MULTIPART, body });
    const source = imageSource();
    for (let n = 0; n < 20; n += 1) {
      await retrieve(source);
    }
    // The end of an answer may be read while the next request is on its way.
    expect(peer.connections).toBeLessThanOrEqual(2);
  });

  test('never puts into an address what is not a UID', async () => {
    const source = imageSource();
    for (const bad of ['../../instances', '1.2/3', '1.2?x', '', '..', '1'.repeat(65)]) {
      const fault = await faultOf(all(source.retrieve({ study: bad }, signal)));
      expect(fault).toMatchObject({ code: 'BAD_UID', kind: 'cannot' });
      await faultOf(source.findInstances(bad, null, signal));
    }
    expect(peer.requests).toEqual([]);
  });
});

describe('searching at a peer that misbehaves', () => {
  const match = (traits: Record<string, string>) =>
    Object.fromEntries(
      Object.entries({ '0020000D': study, '0020000E': series, ...traits }).map(([tag, value]) => [
        tag,
        { vr: 'UI', Value: [value] },
      ]),
    );
  const instanceMatches = Array.from({ length: 1234 }, () =>
    match({ '00080018': newUID(), '00080016': KEY_OBJECT_SELECTION_DOCUMENT }),
  );
  const json = (value: unknown): ScriptedAnswer => ({ headers: JSON_TYPE, body: JSON.stringify(value) });

  test('pages until nothing comes, even where the peer gives less than it was asked for', async () => {
    peer.script = ({ query }) => {
      const offset = Number(query.get('offset'));
      return json(instanceMatches.slice(offset, offset + Math.min(100, Number(query.get('limit')))));
    };
    expect(await imageSource().findInstances(study, series, signal)).toHaveLength(1234);
  });

  test('does not page for ever where the peer ignores the offset', async () => {
    answers(json(instanceMatches));
    expect(await imageSource().findInstances(study, series, signal)).toHaveLength(1234);
    expect(peer.requests.length).toBe(2);
  });

  test('takes 204 and an empty list both as nothing', async () => {
    for (const answer of [{ status: 204 }, json([]), { headers: JSON_TYPE, body: '' }]) {
      answers(answer);
      expect(await imageSource().findInstances(study, null, signal)).toEqual([]);
      expect(await receiver().kept(study, signal)).toEqual(new Set());
    }
  });

  test('drops matches that were not asked for', async () => {
    const other = newUID();
    const right = match({ '00080018': newUID() });
    answers(
      json([
        right,
        match({ '00080018': newUID(), '0020000D': other }),
        match({ '00080018': newUID(), '0020000E': other }),
        { '0020000D': { vr: 'UI', Value: [study] } },
        {},
      ]),
    );
    const found = await imageSource().findInstances(study, series, signal);
    expect(found.map(({ SOPInstanceUID }) => SOPInstanceUID)).toEqual([right['00080018']!.Value[0]]);
    expect([...(await receiver().kept(study, signal))!]).toHaveLength(2);
  });

  test('takes the UIDs of the address where a match leaves them out', async () => {
    const uid = newUID();
    answers(json([{ '00080018': { vr: 'UI', Value: [`${uid}\0`] } }]));
    expect(await imageSource().findInstances(study, series, signal)).toEqual([
      { StudyInstanceUID: study, SeriesInstanceUID: series, SOPInstanceUID: uid, SOPClassUID: null },
    ]);
  });

  test('finds Key Objects where the peer ignores every key', async () => {
    const keyObject = newUID();
    const otherSeries = newUID();
    peer.script = ({ path }) =>
      path.endsWith('/instances')
        ? json([
            match({ '00080018': keyObject, '00080016': KEY_OBJECT_SELECTION_DOCUMENT }),
            match({ '00080018': '1.2.3', '00080016': '1.2.840.10008.5.1.4.1.1.2' }),
          ])
        : json([match({ '00080060': 'CT', '0020000E': otherSeries }), match({ '00080060': 'KO' })]);
    const found = await all(imageSource().findKeyObjects(signal));
    expect(found.map(({ SOPInstanceUID }) => SOPInstanceUID)).toEqual([keyObject]);
    expect(peer.requests[0]!.query.get('Modality')).toBe('KO');
  });

  test('asks once for a series whose number of instances is known', async () => {
    peer.script = ({ path }) =>
      path.endsWith('/instances')
        ? json([match({ '00080018': newUID(), '00080016': KEY_OBJECT_SELECTION_DOCUMENT })])
        : json([{ ...match({ '00080060': 'KO' }), '00201209': { vr: 'IS', Value: [1] } }]);
    expect(await all(imageSource().findKeyObjects(signal))).toHaveLength(1);
    expect(peer.requests.filter(({ path }) => path.endsWith('/instances'))).toHaveLength(1);
  });

  test.each<[string, ScriptedAnswer]>([
    ['a page', { headers: { 'Content-Type': 'text/html' }, body: '<html></html>' }],
    ['broken JSON', { headers: JSON_TYPE, body: '[{' }],
    ['JSON of another kind', { headers: JSON_TYPE, body: '{"studies": []}' }],
    ['a list of something else', { headers: JSON_TYPE, body: '[{"ID": "abc"}]' }],
    [
      'XML',
      { headers: { 'Content-Type': 'multipart/related; type="application/dicom+xml"; boundary=x' }, body: '--x--' },
    ],
  ])('200 with %s is PEER_NOT_DICOMWEB', async (_what, answer) => {
    answers(answer);
    expect(await faultOf(imageSource().findInstances(study, null, signal))).toMatchObject({
      code: 'PEER_NOT_DICOMWEB',
      kind: 'could-not',
    });
    expect(await imageSource().probe(signal)).toMatchObject({ ok: false, code: 'PEER_NOT_DICOMWEB' });
  });

  test.each([
    [401, 'PEER_REFUSED_CREDENTIALS'],
    [403, 'PEER_REFUSED_CREDENTIALS'],
    [404, 'PEER_NOT_DICOMWEB'],
    [500, 'PEER_FAILED'],
    [502, 'PEER_FAILED'],
  ])('status %i is %s', async (status, code) => {
    answers({ status, headers: JSON_TYPE, body: '{"Message": "Testmann^Theo"}' });
    const fault = await faultOf(all(imageSource().findKeyObjects(signal)));
    expect(fault).toMatchObject({ code, kind: 'could-not', remedy: expect.any(String) });
    expect(fault.message).toMatch(/^pacs: search \(QIDO-RS\)/);
    expect(fault.message).not.toMatch(/Testmann|Modality/);
  });

  test('a search cut short, or without an answer, is told apart', async () => {
    answers({ ...json(instanceMatches), cutAfter: 1000 });
    expect(await faultOf(all(imageSource().findKeyObjects(signal)))).toMatchObject({ code: 'BODY_CUT_SHORT' });
    answers({ hang: true });
    const slow = imageSource({ timeouts: { answer: 200 } });
    expect(await faultOf(all(slow.findKeyObjects(signal)))).toMatchObject({ code: 'PEER_TIMEOUT' });
  });

  test('a signal ends a search at once', async () => {
    answers({ hang: true });
    const controller = new AbortController();
    const reason = new Error('stopped by the test');
    setTimeout(() => controller.abort(reason), 50);
    await expect(imageSource().findInstances(study, null, controller.signal)).rejects.toBe(reason);
  });

  test.each([400, 404, 405, 501])(
    'a receiver that answers searches with %i is one that cannot be asked',
    async (status) => {
      answers({ status });
      expect(await receiver().kept(study, signal)).toBeNull();
    },
  );

  test('404 for a study, where other searches are answered, is a study of which nothing is kept', async () => {
    peer.script = ({ path }) => (path.endsWith('/studies') ? json([]) : { status: 404 });
    expect(await receiver().kept(study, signal)).toEqual(new Set());
  });

  test('a receiver that is down is not one that keeps nothing', async () => {
    answers({ status: 503 });
    expect(await faultOf(receiver().kept(study, signal))).toMatchObject({ code: 'PEER_FAILED' });
  });
});

describe('storing at a peer that misbehaves', () => {
  const instances: readonly TestInstance[] = Array.from({ length: 3 }, () =>
    makeInstance({ study, series, pixelData: randomBytes(300_000) }),
  );
  const [first, second, third] = instances.map(({ SOPInstanceUID }) => SOPInstanceUID) as [string, string, string];
  const item = (uid: string, tag?: string, reason?: number) => ({
    '00081155': { vr: 'UI', Value: [uid] },
    ...(tag === undefined ? {} : { [tag]: { vr: 'US', Value: [reason] } }),
  });
  const store = (options: Partial<PeerOptions> = {}, lengths?: readonly number[]) =>
    receiver(options).store(study, toStore(instances), signal, lengths);

  test('sends one request with a part for each instance, whole', async () => {
    answers({ headers: JSON_TYPE, body: '{}' });
    await store({ username: 'ada', password: 'of the test' });
    const [request] = peer.requests;
    expect(request!.method).toBe('POST');
    expect(request!.path).toBe(`/dicom-web/studies/${study}`);
    expect(request!.headers['content-type']).toMatch(
      /^multipart\/related; type="application\/dicom"; boundary=[\w-]+$/,
    );
    expect(request!.headers.authorization).toBe(`Basic ${Buffer.from('ada:of the test').toString('base64')}`);
    expect(request!.headers['transfer-encoding']).toBe('chunked');
    const boundary = request!.headers['content-type']!.split('boundary=')[1]!;
    const expected = instances.flatMap(({ bytes }, n) => [
      Buffer.from(`${n === 0 ? '' : '\r\n'}--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
      bytes,
    ]);
    expect(request!.body.equals(Buffer.concat([...expected, Buffer.from(`\r\n--${boundary}--\r\n`)]))).toBe(true);
  });

  test('says how long the request is where the sizes are known', async () => {
    answers({ headers: JSON_TYPE, body: '{}' });
    await store(
      {},
      instances.map(({ bytes }) => bytes.length),
    );
    const [request] = peer.requests;
    expect(request!.complete).toBe(true);
    expect(request!.headers['content-length']).toBe(String(request!.body.length));
  });

  test.each([-1, 1])('cuts the request off where a size is off by %i', async (difference) => {
    answers({ headers: JSON_TYPE, body: '{}' });
    const lengths = instances.map(({ bytes }, n) => bytes.length + (n === 1 ? difference : 0));
    expect(await faultOf(store({}, lengths))).toMatchObject({ code: 'LENGTH_CHANGED' });
    const request = await peer.request(0);
    await request.over;
    expect(request.complete).toBe(false);
  });

  test.each<[string, ScriptedAnswer]>([
    [
      'DICOM JSON',
      {
        status: 202,
        headers: JSON_TYPE,
        body: JSON.stringify({
          '00081199': { vr: 'SQ', Value: [item(first, '00081196', 0xb000)] },
          '00081198': { vr: 'SQ', Value: [item(second, '00081197', 0xa700)] },
          '0008119A': { vr: 'SQ', Value: [{ '00081197': { vr: 'US', Value: [0xc000] } }] },
        }),
      },
    ],
    [
      'XML',
      {
        status: 202,
        headers: { 'Content-Type': 'application/dicom+xml; charset=utf-8' },
        body: `<?xml version="1.0"?>
          <!-- a comment -->
          <NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM" xml:space="preserve">
            <DicomAttribute tag="00081190" vr="UR" keyword="RetrieveURL"><Value number="1">http://x/?a&amp;b</Value></DicomAttribute>
            <DicomAttribute tag="00081199" vr="SQ" keyword="ReferencedSOPSequence"><Item number="1">
              <DicomAttribute vr='UI' tag='00081155'><Value number='1'>${first}</Value></DicomAttribute>
              <DicomAttribute tag="00081196" vr="US"><Value number="1">45056</Value></DicomAttribute>
              <DicomAttribute tag="00081190" vr="UR"/>
            </Item></DicomAttribute>
            <n:DicomAttribute vr="SQ" keyword="FailedSOPSequence" xmlns:n="x"><n:Item number="1">
              <n:DicomAttribute keyword="ReferencedSOPInstanceUID"><n:Value>${second}</n:Value></n:DicomAttribute>
              <n:DicomAttribute keyword="FailureReason"><n:Value>42752</n:Value></n:DicomAttribute>
            </n:Item></n:DicomAttribute>
          </NativeDicomModel>`,
      },
    ],
  ])('reads an answer in %s instance by instance', async (_form, answer) => {
    answers(answer);
    const { status, verdicts } = await store();
    expect(status).toBe(202);
    expect(Object.fromEntries(verdicts)).toEqual({
      [first]: { verdict: 'stored', warningReason: 0xb000 },
      [second]: { verdict: 'refused', failureReason: 0xa700 },
      [third]: { verdict: 'unknown' },
    });
  });

  test.each([409, 400])('reads %i too, and knows of no instance that is not named', async (status) => {
    answers({ status, headers: JSON_TYPE, body: JSON.stringify({ '00081199': { vr: 'SQ', Value: [item(first)] } }) });
    const answer = await store();
    expect(answer.status).toBe(status);
    expect(answer.verdicts.get(first)).toEqual({ verdict: 'stored', warningReason: null });
    expect(answer.verdicts.get(second)).toEqual({ verdict: 'unknown' });
  });

  test('200 without a word about any instance leaves all of them unknown', async () => {
    for (const body of ['', '{}', '[]']) {
      answers({ headers: JSON_TYPE, body });
      const { verdicts } = await store();
      expect([...verdicts.values()]).toEqual([{ verdict: 'unknown' }, { verdict: 'unknown' }, { verdict: 'unknown' }]);
    }
  });

  test('an instance named both as stored and as refused is refused', async () => {
    const both = {
      '00081199': { vr: 'SQ', Value: [item(first)] },
      '00081198': { vr: 'SQ', Value: [item(first, '00081197', 1)] },
    };
    answers({ status: 202, headers: JSON_TYPE, body: JSON.stringify(both) });
    expect((await store()).verdicts.get(first)).toEqual({ verdict: 'refused', failureReason: 1 });
  });

  test('200 with a page is PEER_NOT_DICOMWEB', async () => {
    answers({ headers: { 'Content-Type': 'text/html' }, body: '<html><body>Sign in</body></html>' });
    expect(await faultOf(store())).toMatchObject({ code: 'PEER_NOT_DICOMWEB' });
  });

  test.each([
    [401, 'PEER_REFUSED_CREDENTIALS'],
    [403, 'PEER_REFUSED_CREDENTIALS'],
    [404, 'PEER_NOT_DICOMWEB'],
    [413, 'PEER_REFUSED_REQUEST'],
    [415, 'PEER_REFUSED_REQUEST'],
    [400, 'PEER_REFUSED_REQUEST'],
    [500, 'PEER_FAILED'],
    [503, 'PEER_FAILED'],
  ])('status %i is %s', async (status, code) => {
    answers({ status });
    const fault = await faultOf(store());
    expect(fault).toMatchObject({ code, kind: 'could-not', remedy: expect.any(String) });
    expect(fault.message).toMatch(/^archive: store \(STOW-RS\)/);
  });

  test('an answer that comes while instances are still being sent is the one that counts', async () => {
    async function* endless() {
      for (let n = 0; ; n += 1) {
        yield* toStore([instances[n % 3]!]);
      }
    }
    for (const [status, code] of [
      [413, 'PEER_REFUSED_REQUEST'],
      [401, 'PEER_REFUSED_CREDENTIALS'],
      [503, 'PEER_FAILED'],
    ] as const) {
      answers({ status, early: true, body: 'no' });
      expect(await faultOf(receiver().store(study, endless(), signal))).toMatchObject({ code });
    }
  });

  test('the error of the bytes comes out as it is, and the request is never finished', async () => {
    answers({ headers: JSON_TYPE, body: '{}' });
    const failure = new Error('the source broke off');
    async function* failing() {
      yield* toStore([instances[0]!]);
      yield {
        SOPClassUID: '1.2.3',
        SOPInstanceUID: '1.2.4',
        bytes: (async function* () {
          yield Buffer.alloc(100_000, 5);
          await new Promise((resolve) => setTimeout(resolve, 50));
          throw failure;
        })(),
      };
    }
    await expect(receiver().store(study, failing(), signal)).rejects.toBe(failure);
    await peer.requests[0]!.over;
    expect(peer.requests[0]!.complete).toBe(false);
    const boundary = peer.requests[0]!.headers['content-type']!.split('boundary=')[1]!;
    expect(peer.requests[0]!.body.length).toBeGreaterThan(300_000);
    expect(peer.requests[0]!.body.includes(`--${boundary}--`)).toBe(false);
  });

  test('a connection lost while sending is PEER_UNREACHABLE, no answer PEER_TIMEOUT', async () => {
    answers({ resetAfter: 100_000 });
    expect(await faultOf(store())).toMatchObject({ code: 'PEER_UNREACHABLE', kind: 'could-not' });
    answers({ hang: true });
    expect(await faultOf(store({ timeouts: { answer: 300 } }))).toMatchObject({ code: 'PEER_TIMEOUT' });
    answers({ headers: JSON_TYPE, body: '{"00081199": ', cutAfter: 5 });
    expect(await faultOf(store())).toMatchObject({ code: 'BODY_CUT_SHORT' });
  });

  test('a source that is slow is not the peer that is', async () => {
    answers({ headers: JSON_TYPE, body: '{}' });
    async function* slow() {
      yield* toStore([instances[0]!]);
      await new Promise((resolve) => setTimeout(resolve, 2500));
      yield* toStore([instances[1]!]);
    }
    const answer = await receiver({ timeouts: { answer: 500, idle: 500 } }).store(study, slow(), signal);
    expect(answer.status).toBe(200);
  });

  test('a signal ends a delivery at once', async () => {
    answers({ hang: true });
    const controller = new AbortController();
    const reason = new Error('stopped by the test');
    const running = receiver().store(study, toStore(instances), controller.signal);
    setTimeout(() => controller.abort(reason), 100);
    await expect(running).rejects.toBe(reason);
    await peer.requests[0]!.over;
  });
});

describe('the address of a peer', () => {
  test.each(['ftp://x/', 'no address', '', 'dicom-web'])('%j is refused', (url) => {
    expect(() => new DicomwebImageSource({ name: 'pacs', url })).toThrow(
      expect.objectContaining({ code: 'BAD_PEER_ADDRESS' }),
    );
  });

  test('may hold the credentials, which are not sent as part of it', async () => {
    answers({ headers: JSON_TYPE, body: '[]' });
    const source = imageSource({ url: peer.url.replace('http://', 'http://ada:p%40ss@') });
    expect(await source.probe(signal)).toEqual({ ok: true });
    expect(peer.requests[0]!.headers.authorization).toBe(`Basic ${Buffer.from('ada:p@ss').toString('base64')}`);
  });
});
