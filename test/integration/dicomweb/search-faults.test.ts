import { DicomwebImageSource } from '../../../src/dicomweb/image-source';
import type { ScriptedAnswer } from '../../support/scripted-peer';
import { all, KEY_OBJECT_SELECTION_DOCUMENT, newUID } from './instances';
import { faultOf, JSON_TYPE, Scripted, signal } from './scripted';

const scripted = new Scripted();
const study = newUID();
const series = newUID();

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
    scripted.peer.script = ({ query }) => {
      const offset = Number(query.get('offset'));
      return json(instanceMatches.slice(offset, offset + Math.min(100, Number(query.get('limit')))));
    };
    expect(await scripted.imageSource().findInstances(study, series, signal)).toHaveLength(1234);
  });

  test('does not page for ever where the peer ignores the offset', async () => {
    scripted.answers(json(instanceMatches));
    expect(await scripted.imageSource().findInstances(study, series, signal)).toHaveLength(1234);
    expect(scripted.peer.requests.length).toBe(2);
  });

  test('takes 204 and an empty list both as nothing', async () => {
    for (const answer of [{ status: 204 }, json([]), { headers: JSON_TYPE, body: '' }]) {
      scripted.answers(answer);
      expect(await scripted.imageSource().findInstances(study, null, signal)).toEqual([]);
      expect(await scripted.receiver().kept({ study: study }, signal)).toEqual(new Set());
    }
  });

  test('drops matches that were not asked for', async () => {
    const other = newUID();
    const right = match({ '00080018': newUID() });
    scripted.answers(
      json([
        right,
        match({ '00080018': newUID(), '0020000D': other }),
        match({ '00080018': newUID(), '0020000E': other }),
        { '0020000D': { vr: 'UI', Value: [study] } },
        {},
      ]),
    );
    const found = await scripted.imageSource().findInstances(study, series, signal);
    expect(found.map(({ SOPInstanceUID }) => SOPInstanceUID)).toEqual([right['00080018']!.Value[0]]);
    expect([...(await scripted.receiver().kept({ study: study }, signal))!]).toHaveLength(2);
  });

  test('takes the UIDs of the address where a match leaves them out', async () => {
    const uid = newUID();
    scripted.answers(json([{ '00080018': { vr: 'UI', Value: [`${uid}\0`] } }]));
    expect(await scripted.imageSource().findInstances(study, series, signal)).toEqual([
      { StudyInstanceUID: study, SeriesInstanceUID: series, SOPInstanceUID: uid, SOPClassUID: null },
    ]);
  });

  test('finds Key Objects where the peer ignores every key', async () => {
    const keyObject = newUID();
    const otherSeries = newUID();
    scripted.peer.script = ({ path }) =>
      path.endsWith('/instances')
        ? json([
            match({ '00080018': keyObject, '00080016': KEY_OBJECT_SELECTION_DOCUMENT }),
            match({ '00080018': '1.2.3', '00080016': '1.2.840.10008.5.1.4.1.1.2' }),
          ])
        : json([match({ '00080060': 'CT', '0020000E': otherSeries }), match({ '00080060': 'KO' })]);
    const found = await all(scripted.imageSource().findKeyObjects(signal));
    expect(found.map(({ SOPInstanceUID }) => SOPInstanceUID)).toEqual([keyObject]);
    expect(scripted.peer.requests[0]!.query.get('Modality')).toBe('KO');
  });

  test('asks once for a series whose number of instances is known', async () => {
    scripted.peer.script = ({ path }) =>
      path.endsWith('/instances')
        ? json([match({ '00080018': newUID(), '00080016': KEY_OBJECT_SELECTION_DOCUMENT })])
        : json([{ ...match({ '00080060': 'KO' }), '00201209': { vr: 'IS', Value: [1] } }]);
    expect(await all(scripted.imageSource().findKeyObjects(signal))).toHaveLength(1);
    expect(scripted.peer.requests.filter(({ path }) => path.endsWith('/instances'))).toHaveLength(1);
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
    scripted.answers(answer);
    expect(await faultOf(scripted.imageSource().findInstances(study, null, signal))).toMatchObject({
      code: 'PEER_NOT_DICOMWEB',
      kind: 'could-not',
    });
    expect(await scripted.imageSource().probe(signal)).toMatchObject({ ok: false, code: 'PEER_NOT_DICOMWEB' });
  });

  test.each([
    [401, 'PEER_REFUSED_CREDENTIALS'],
    [403, 'PEER_REFUSED_CREDENTIALS'],
    [404, 'PEER_NOT_DICOMWEB'],
    [500, 'PEER_FAILED'],
    [502, 'PEER_FAILED'],
  ])('status %i is %s', async (status, code) => {
    scripted.answers({ status, headers: JSON_TYPE, body: '{"Message": "Testmann^Theo"}' });
    const fault = await faultOf(all(scripted.imageSource().findKeyObjects(signal)));
    expect(fault).toMatchObject({ code, kind: 'could-not', remedy: expect.any(String) });
    expect(fault.message).toMatch(/^pacs: search \(QIDO-RS\)/);
    expect(fault.message).not.toMatch(/Testmann|Modality/);
  });

  test('a search cut short, or without an answer, is told apart', async () => {
    scripted.answers({ ...json(instanceMatches), cutAfter: 1000 });
    expect(await faultOf(all(scripted.imageSource().findKeyObjects(signal)))).toMatchObject({ code: 'BODY_CUT_SHORT' });
    scripted.answers({ hang: true });
    const slow = scripted.imageSource({ timeouts: { answer: 200 } });
    expect(await faultOf(all(slow.findKeyObjects(signal)))).toMatchObject({ code: 'PEER_TIMEOUT' });
  });

  test('a signal ends a search at once', async () => {
    scripted.answers({ hang: true });
    const controller = new AbortController();
    const reason = new Error('stopped by the test');
    setTimeout(() => controller.abort(reason), 50);
    await expect(scripted.imageSource().findInstances(study, null, controller.signal)).rejects.toBe(reason);
  });

  test.each([400, 404, 405, 501])(
    'a receiver that answers searches with %i is one that cannot be asked',
    async (status) => {
      scripted.answers({ status });
      expect(await scripted.receiver().kept({ study: study }, signal)).toBeNull();
    },
  );

  test('404 for a study, where other searches are answered, is a study of which nothing is kept', async () => {
    scripted.peer.script = ({ path }) => (path.endsWith('/studies') ? json([]) : { status: 404 });
    expect(await scripted.receiver().kept({ study: study }, signal)).toEqual(new Set());
  });

  test('a receiver that is down is not one that keeps nothing', async () => {
    scripted.answers({ status: 503 });
    expect(await faultOf(scripted.receiver().kept({ study: study }, signal))).toMatchObject({ code: 'PEER_FAILED' });
  });
});

describe('the address of a peer', () => {
  test.each(['ftp://x/', 'no address', '', 'dicom-web'])('%j is refused', (url) => {
    expect(() => new DicomwebImageSource({ name: 'pacs', url })).toThrow(
      expect.objectContaining({ code: 'BAD_PEER_ADDRESS' }),
    );
  });

  test('may hold the credentials, which are not sent as part of it', async () => {
    scripted.answers({ headers: JSON_TYPE, body: '[]' });
    const source = scripted.imageSource({ url: scripted.peer.url.replace('http://', 'http://ada:p%40ss@') });
    expect(await source.probe(signal)).toEqual({ ok: true });
    expect(scripted.peer.requests[0]!.headers.authorization).toBe(
      `Basic ${Buffer.from('ada:p@ss').toString('base64')}`,
    );
  });
});
