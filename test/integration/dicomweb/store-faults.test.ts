import { randomBytes } from 'node:crypto';
import type { PeerOptions } from '../../../src/dicomweb/peer';
import type { ScriptedAnswer } from '../../support/scripted-peer';
import { makeInstance, newUID, type TestInstance, toStore } from './instances';
import { faultOf, JSON_TYPE, Scripted, signal } from './scripted';

const scripted = new Scripted();
const study = newUID();
const series = newUID();

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
    scripted.receiver(options).store(study, toStore(instances), signal, lengths);

  test('sends one request with a part for each instance, whole', async () => {
    scripted.answers({ headers: JSON_TYPE, body: '{}' });
    await store({ username: 'ada', password: 'of the test' });
    const [request] = scripted.peer.requests;
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
    scripted.answers({ headers: JSON_TYPE, body: '{}' });
    await store(
      {},
      instances.map(({ bytes }) => bytes.length),
    );
    const [request] = scripted.peer.requests;
    expect(request!.complete).toBe(true);
    expect(request!.headers['content-length']).toBe(String(request!.body.length));
  });

  test.each([-1, 1])('cuts the request off where a size is off by %i', async (difference) => {
    scripted.answers({ headers: JSON_TYPE, body: '{}' });
    const lengths = instances.map(({ bytes }, n) => bytes.length + (n === 1 ? difference : 0));
    expect(await faultOf(store({}, lengths))).toMatchObject({ code: 'LENGTH_CHANGED' });
    const request = await scripted.peer.request(0);
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
    scripted.answers(answer);
    const { status, verdicts } = await store();
    expect(status).toBe(202);
    expect(Object.fromEntries(verdicts)).toEqual({
      [first]: { verdict: 'stored', warningReason: 0xb000 },
      [second]: { verdict: 'refused', failureReason: 0xa700 },
      [third]: { verdict: 'unknown' },
    });
  });

  test.each([409, 400])('reads %i too, and knows of no instance that is not named', async (status) => {
    scripted.answers({
      status,
      headers: JSON_TYPE,
      body: JSON.stringify({ '00081199': { vr: 'SQ', Value: [item(first)] } }),
    });
    const answer = await store();
    expect(answer.status).toBe(status);
    expect(answer.verdicts.get(first)).toEqual({ verdict: 'stored', warningReason: null });
    expect(answer.verdicts.get(second)).toEqual({ verdict: 'unknown' });
  });

  test('200 without a word about any instance leaves all of them unknown', async () => {
    for (const body of ['', '{}', '[]']) {
      scripted.answers({ headers: JSON_TYPE, body });
      const { verdicts } = await store();
      expect([...verdicts.values()]).toEqual([{ verdict: 'unknown' }, { verdict: 'unknown' }, { verdict: 'unknown' }]);
    }
  });

  test('an instance named both as stored and as refused is refused', async () => {
    const both = {
      '00081199': { vr: 'SQ', Value: [item(first)] },
      '00081198': { vr: 'SQ', Value: [item(first, '00081197', 1)] },
    };
    scripted.answers({ status: 202, headers: JSON_TYPE, body: JSON.stringify(both) });
    expect((await store()).verdicts.get(first)).toEqual({ verdict: 'refused', failureReason: 1 });
  });

  test('200 with a page is PEER_NOT_DICOMWEB', async () => {
    scripted.answers({ headers: { 'Content-Type': 'text/html' }, body: '<html><body>Sign in</body></html>' });
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
    scripted.answers({ status });
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
      scripted.answers({ status, early: true, body: 'no' });
      expect(await faultOf(scripted.receiver().store(study, endless(), signal))).toMatchObject({ code });
    }
  });

  test('the error of the bytes comes out as it is, and the request is never finished', async () => {
    scripted.answers({ headers: JSON_TYPE, body: '{}' });
    const failure = new Error('the source broke off');
    async function* failing() {
      yield* toStore([instances[0]!]);
      yield {
        SOPClassUID: '1.2.3',
        SeriesInstanceUID: '1.2.5',
        SOPInstanceUID: '1.2.4',
        bytes: (async function* () {
          yield Buffer.alloc(100_000, 5);
          await new Promise((resolve) => setTimeout(resolve, 50));
          throw failure;
        })(),
      };
    }
    await expect(scripted.receiver().store(study, failing(), signal)).rejects.toBe(failure);
    await scripted.peer.requests[0]!.over;
    expect(scripted.peer.requests[0]!.complete).toBe(false);
    const boundary = scripted.peer.requests[0]!.headers['content-type']!.split('boundary=')[1]!;
    expect(scripted.peer.requests[0]!.body.length).toBeGreaterThan(300_000);
    expect(scripted.peer.requests[0]!.body.includes(`--${boundary}--`)).toBe(false);
  });

  test('a connection lost while sending is PEER_UNREACHABLE, no answer PEER_TIMEOUT', async () => {
    scripted.answers({ resetAfter: 100_000 });
    expect(await faultOf(store())).toMatchObject({ code: 'PEER_UNREACHABLE', kind: 'could-not' });
    scripted.answers({ hang: true });
    expect(await faultOf(store({ timeouts: { answer: 300 } }))).toMatchObject({ code: 'PEER_TIMEOUT' });
    scripted.answers({ headers: JSON_TYPE, body: '{"00081199": ', cutAfter: 5 });
    expect(await faultOf(store())).toMatchObject({ code: 'BODY_CUT_SHORT' });
  });

  test('a source that is slow is not the peer that is', async () => {
    scripted.answers({ headers: JSON_TYPE, body: '{}' });
    async function* slow() {
      yield* toStore([instances[0]!]);
      await new Promise((resolve) => setTimeout(resolve, 2500));
      yield* toStore([instances[1]!]);
    }
    const answer = await scripted.receiver({ timeouts: { answer: 500, idle: 500 } }).store(study, slow(), signal);
    expect(answer.status).toBe(200);
  });

  test('a signal ends a delivery at once', async () => {
    scripted.answers({ hang: true });
    const controller = new AbortController();
    const reason = new Error('stopped by the test');
    const running = scripted.receiver().store(study, toStore(instances), controller.signal);
    setTimeout(() => controller.abort(reason), 100);
    await expect(running).rejects.toBe(reason);
    await scripted.peer.requests[0]!.over;
  });
});
