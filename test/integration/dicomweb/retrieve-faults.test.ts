import { randomBytes } from 'node:crypto';
import type { DicomwebImageSource } from '../../../src/dicomweb/image-source';
import { type ScriptedAnswer, ScriptedPeer } from '../../support/scripted-peer';
import { all, bytesOf, newUID } from './instances';
import { faultOf, Scripted, signal } from './scripted';

const MULTIPART = { 'Content-Type': 'multipart/related; type="application/dicom"; boundary="b o"' };
const scripted = new Scripted();
const study = newUID();

function multipart(...contents: readonly Uint8Array[]): Buffer {
  const parts = contents.flatMap((content) => [
    Buffer.from('\r\n--b o\r\nContent-Type: application/dicom; transfer-syntax=1.2.840.10008.1.2.1\r\n\r\n'),
    content,
  ]);
  return Buffer.concat([...parts, Buffer.from('\r\n--b o--\r\n')]);
}

async function retrieve(source: DicomwebImageSource, until: AbortSignal = signal): Promise<Buffer[]> {
  const found: Buffer[] = [];
  for await (const { bytes } of source.retrieve({ study }, until)) {
    found.push(await bytesOf(bytes));
  }
  return found;
}

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
    scripted.answers(
      typeof answer.body === 'string' ? { ...answer, body: Buffer.from(answer.body, 'latin1') } : answer,
    );
    const found = await retrieve(scripted.imageSource());
    expect(found.map(({ length }) => length)).toEqual([200_000, 3]);
    expect(found[0]!.equals(content)).toBe(true);
  });

  test('asks for the instances as they are stored, at the configured address', async () => {
    scripted.answers({ headers: MULTIPART, body });
    await retrieve(scripted.imageSource({ bearerToken: 'a token of the test' }));
    const [request] = scripted.peer.requests;
    expect(request!.path).toBe(`/dicom-web/studies/${study}`);
    expect(request!.headers.accept).toBe('multipart/related; type="application/dicom"; transfer-syntax=*');
    expect(request!.headers.authorization).toBe('Bearer a token of the test');
  });

  test('takes a single instance that is not wrapped in parts', async () => {
    scripted.answers({ headers: { 'Content-Type': 'application/dicom' }, body: content });
    const [found] = await retrieve(scripted.imageSource());
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
    scripted.answers({
      status,
      headers: { Location: 'http://elsewhere.invalid/' },
      body: status === 204 ? '' : 'Testmann^Theo',
    });
    const fault = await faultOf(retrieve(scripted.imageSource()));
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
    scripted.answers({ headers: headers as Record<string, string>, body: text });
    expect(await faultOf(retrieve(scripted.imageSource()))).toMatchObject({
      code: 'PEER_NOT_DICOMWEB',
      kind: 'could-not',
    });
  });

  test.each<[string, ScriptedAnswer]>([
    ['with a Content-Length', { framing: 'length' }],
    ['in chunks', { framing: 'chunked' }],
    ['as a proper end of the connection', { framing: 'eof' }],
  ])('a body cut short, told %s, is BODY_CUT_SHORT', async (_how, answer) => {
    for (const cutAfter of [20, 1000, body.length - 200, body.length - 5]) {
      scripted.answers({ headers: MULTIPART, body, ...answer, cutAfter });
      expect(await faultOf(retrieve(scripted.imageSource()))).toMatchObject({
        code: 'BODY_CUT_SHORT',
        kind: 'could-not',
      });
    }
  });

  test('a complete-looking body without its closing boundary is BODY_CUT_SHORT', async () => {
    scripted.answers({ headers: MULTIPART, body: body.subarray(0, body.length - 6) });
    expect(await faultOf(retrieve(scripted.imageSource()))).toMatchObject({ code: 'BODY_CUT_SHORT' });
  });

  test('nothing listening is PEER_UNREACHABLE', async () => {
    const source = scripted.imageSource();
    await scripted.peer.stop();
    expect(await faultOf(retrieve(source))).toMatchObject({ code: 'PEER_UNREACHABLE', kind: 'could-not' });
    scripted.peer = await ScriptedPeer.start();
  });

  test('a host name that nobody knows is PEER_UNREACHABLE', async () => {
    const fault = await faultOf(retrieve(scripted.imageSource({ url: 'http://no-such-host.invalid/dicom-web' })));
    expect(fault).toMatchObject({ code: 'PEER_UNREACHABLE', kind: 'could-not' });
  });

  test('a connection reset before the answer is PEER_UNREACHABLE', async () => {
    scripted.answers({ resetAfter: 0 });
    expect(await faultOf(retrieve(scripted.imageSource()))).toMatchObject({ code: 'PEER_UNREACHABLE' });
  });

  test('something that is not HTTP is PEER_NOT_DICOMWEB, and what it said is not repeated', async () => {
    scripted.answers({ raw: 'SSH-2.0-OpenSSH Testmann^Theo\r\n' });
    const fault = await faultOf(retrieve(scripted.imageSource()));
    expect(fault.code).toBe('PEER_NOT_DICOMWEB');
    expect(JSON.stringify([fault.message, fault.stack, fault.cause])).not.toContain('Testmann');
  });

  test('a TLS address that does not speak TLS is PEER_UNREACHABLE', async () => {
    const fault = await faultOf(retrieve(scripted.imageSource({ url: scripted.peer.url.replace('http:', 'https:') })));
    expect(fault.code).toBe('PEER_UNREACHABLE');
  });

  test('no answer in time, and a body that stands still, are PEER_TIMEOUT', async () => {
    const timeouts = { answer: 300, idle: 300 };
    scripted.answers({ hang: true });
    expect(await faultOf(retrieve(scripted.imageSource({ timeouts })))).toMatchObject({
      code: 'PEER_TIMEOUT',
      kind: 'could-not',
    });
    scripted.answers({ headers: MULTIPART, body, hangAfter: 5000 });
    expect(await faultOf(retrieve(scripted.imageSource({ timeouts })))).toMatchObject({ code: 'PEER_TIMEOUT' });
  });

  test('a slow body that moves is no fault', async () => {
    scripted.answers({ headers: MULTIPART, body: multipart(Buffer.alloc(60, 1)), trickle: { bytes: 10, every: 200 } });
    const found = await retrieve(scripted.imageSource({ timeouts: { answer: 1500, idle: 1500 } }));
    expect(found.map(({ length }) => length)).toEqual([60]);
  });

  test('a signal ends the request at once, before the answer and in the middle of it', async () => {
    for (const answer of [{ hang: true }, { headers: MULTIPART, body, hangAfter: 5000 }] as const) {
      scripted.answers(answer);
      const controller = new AbortController();
      const running = retrieve(scripted.imageSource(), controller.signal);
      const reason = new Error('stopped by the test');
      setTimeout(() => controller.abort(reason), 100);
      await expect(running).rejects.toBe(reason);
      await scripted.peer.requests.at(-1)!.over;
    }
  });

  test('a reader that stops in the middle ends the transfer', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('--b o\r\n\r\n');
      for (;;) {
        yield Buffer.alloc(65_536);
      }
    }
    scripted.answers({ headers: MULTIPART, body: endless });
    for await (const { bytes } of scripted.imageSource().retrieve({ study }, signal)) {
      await bytes[Symbol.asyncIterator]().next();
      break;
    }
    await scripted.peer.requests[0]!.over;
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
    scripted.answers({ headers: MULTIPART, body: endless });
    for await (const { bytes } of scripted.imageSource().retrieve({ study }, signal)) {
      await bytes[Symbol.asyncIterator]().next();
      await new Promise((resolve) => setTimeout(resolve, 500));
      break;
    }
    // Buffers of two sockets and of both programs.
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });

  test('keeps connections for the next requests', async () => {
    scripted.answers({ headers: MULTIPART, body });
    const source = scripted.imageSource();
    for (let n = 0; n < 20; n += 1) {
      await retrieve(source);
    }
    // The end of an answer may be read while the next request is on its way.
    expect(scripted.peer.connections).toBeLessThanOrEqual(2);
  });

  test('never puts into an address what is not a UID', async () => {
    const source = scripted.imageSource();
    for (const bad of ['../../instances', '1.2/3', '1.2?x', '', '..', '1'.repeat(65)]) {
      const fault = await faultOf(all(source.retrieve({ study: bad }, signal)));
      expect(fault).toMatchObject({ code: 'BAD_UID', kind: 'cannot' });
      await faultOf(source.findInstances(bad, null, signal));
    }
    expect(scripted.peer.requests).toEqual([]);
  });
});
