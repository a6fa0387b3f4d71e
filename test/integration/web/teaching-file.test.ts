import request, { type Response } from 'supertest';
import { CATEGORIES, INFORMATION_KEYS } from '../../../src/session/information-draft';
import { FORM_TOKEN_FIELD, formToken } from '../../../src/web/form-token';
import {
  type ExportsInMemory,
  exportsInMemory,
  makeSession,
  OPERATE_TOKEN,
  PASSWORD,
  READ_TOKEN,
  sessionId,
  sessionTokenOf,
  USERNAME,
} from './exports-in-memory';

const PATH = `/api/v1/sessions/${sessionId(1)}/teaching-file-information`;
const NEURO = CATEGORIES.find(({ IHERADTF }) => IHERADTF.CodeValue === 'TCE306')!.IHERADTF;
const WHOLE = { abstract: 'A lesion.', keywords: ['lesion'], category: NEURO };

let exports: ExportsInMemory;
beforeEach(() => {
  exports = exportsInMemory();
  exports.held.sessions = [makeSession(1, 'delayed'), makeSession(2, 'completed')];
});

const put = (body: object, token = OPERATE_TOKEN, path = PATH) =>
  request(exports.app).put(path).set('authorization', `Bearer ${token}`).send(body);
const get = (token = OPERATE_TOKEN) => request(exports.app).get(PATH).set('authorization', `Bearer ${token}`);

describe('teaching file information by the API', () => {
  test('is what was put, with every key of the template; reading it is audited', async () => {
    expect((await get()).body).toMatchObject({ code: 'NO_TEACHING_FILE_INFORMATION' });
    expect((await put({ ...WHOLE, author: 'Dr. Example', findings: [NEURO, 'seen'] })).status).toBe(204);
    const { body } = await get();
    expect(body).toMatchObject({
      ...WHOLE,
      author: 'Dr. Example',
      contact: null,
      findings: [NEURO, 'seen'],
      level: null,
    });
    expect(Object.keys(body)).toEqual(expect.arrayContaining([...INFORMATION_KEYS]));
    expect(exports.audited).toEqual([expect.objectContaining({ what: 'teaching file information' })]);
  });

  test('is only for who may operate', async () => {
    expect((await get(READ_TOKEN)).status).toBe(403);
    expect((await put(WHOLE, READ_TOKEN)).status).toBe(403);
  });

  test.each([
    ['no abstract', { ...WHOLE, abstract: ' ' }],
    ['no keyword', { ...WHOLE, keywords: [] }],
    ['no category', { ...WHOLE, category: null }],
    ['a category of no list', { ...WHOLE, category: { ...NEURO, CodeValue: 'TCE399' } }],
    ['two categories', { ...WHOLE, category: [NEURO, NEURO] }],
    ['text that is no text', { ...WHOLE, discussion: [7] }],
    ['a code without a meaning', { ...WHOLE, diagnosis: [{ CodeValue: '1', CodingSchemeDesignator: 'SCT' }] }],
    ['more text than anybody types', { ...WHOLE, abstract: 'x'.repeat(10_001) }],
  ])('with %s is refused by the name of the field, and nothing of it repeated', async (_what, body) => {
    const answer = await put(body);
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('BAD_TEACHING_FILE_INFORMATION');
    expect(answer.text).not.toMatch(/TCE399|xxxx/);
  });

  test('of a set that has left cannot be written, nor of a session that is none', async () => {
    const path = (number: number) => PATH.replace(sessionId(1), sessionId(number));
    expect((await put(WHOLE, OPERATE_TOKEN, path(2))).status).toBe(409);
    expect((await put(WHOLE, OPERATE_TOKEN, path(9))).status).toBe(404);
    expect((await put({ ...WHOLE, other: 1 })).status).toBe(400);
  });
});

describe('the form of teaching file information', () => {
  const PAGE = `/sessions/${sessionId(1)}/teaching-file`;
  const secret = async () => sessionTokenOf(await exports.deps.authentication.signIn(USERNAME, PASSWORD));
  const open = async (path = PAGE): Promise<Response> =>
    request(exports.app)
      .get(path)
      .set('Cookie', `tce_session=${await secret()}`);
  const send = async (fields: object, path = PAGE): Promise<Response> => {
    const mine = await secret();
    return request(exports.app)
      .post(path)
      .type('form')
      .set('Cookie', `tce_session=${mine}`)
      .send({ ...fields, [FORM_TOKEN_FIELD]: formToken(mine) });
  };
  const FILLED = {
    author: 'Dr. Example',
    abstract: 'A <b>lesion</b>.',
    keywords: 'lesion\r\nhead',
    diagnosis: 'Normal\r\nD001921^MSH^Brain',
    modality: ['CT^DCM', 'MR^DCM'],
    category: 'TCE306^IHERADTF',
    level: '',
  };

  test('asks for every row of the template, and is led to from the session while it waits', async () => {
    const page = await open();
    expect(page.status).toBe(200);
    for (const key of INFORMATION_KEYS) expect(page.text).toContain(`name="${key}"`);
    expect((await open(`/sessions/${sessionId(1)}`)).text).toContain(`href="${PAGE}"`);
    expect((await open(`/sessions/${sessionId(2)}`)).text).not.toContain('/teaching-file"');
  });

  test('is saved, shown again as it was, and taken back', async () => {
    const saved = await send(FILLED);
    expect([saved.status, saved.headers.location]).toEqual([303, `/sessions/${sessionId(1)}`]);
    expect((await get()).body).toMatchObject({
      author: 'Dr. Example',
      keywords: ['lesion', 'head'],
      diagnosis: ['Normal', { CodeValue: 'D001921', CodingSchemeDesignator: 'MSH', CodeMeaning: 'Brain' }],
      modality: [expect.objectContaining({ CodeValue: 'CT' }), expect.objectContaining({ CodeValue: 'MR' })],
      category: NEURO,
      level: null,
    });
    const page = await open();
    expect(page.text).toContain('A &lt;b&gt;lesion&lt;/b&gt;.');
    expect(page.text).toMatch(/value="TCE306\^IHERADTF" selected/);
    expect((await send({}, `${PAGE}/discard`)).status).toBe(303);
    expect((await get()).status).toBe(404);
  });

  test('with something missing comes back with what was written, and each error leads to its field', async () => {
    const page = await send({ ...FILLED, abstract: '', category: 'TCE399^IHERADTF', discussion: '<script>x</script>' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('href="#abstract"');
    expect(page.text).toContain('href="#category"');
    expect(page.text).toContain('lesion\r\nhead');
    expect(page.text).toContain('&lt;script&gt;x&lt;/script&gt;');
    expect((await get()).status).toBe(404);
  });

  test('takes long texts in every field at once', async () => {
    const long = 'word '.repeat(1_900);
    const fields = { ...FILLED, abstract: long, history: long, findings: long, discussion: long, pathology: long };
    expect((await send(fields)).status).toBe(303);
  });

  test('of a set that has left says so, and keeps what was written', async () => {
    const page = await send(FILLED, PAGE.replace(sessionId(1), sessionId(2)));
    expect(page.status).toBe(422);
    expect(page.text).toContain('Not saved');
    expect(page.text).toContain('Dr. Example');
  });
});
