import request, { type Response } from 'supertest';
import { FORM_TOKEN_FIELD, formToken } from '../../../src/web/form-token';
import {
  type ExportsInMemory,
  exportsInMemory,
  HEAD_TOKEN,
  OPERATE_TOKEN,
  PASSWORD,
  READ_TOKEN,
  sessionTokenOf,
} from './exports-in-memory';
import { REGISTERED, REGISTERED_STUDY } from './people-in-memory';

const REASON = 'incidental finding of the reader';
const IDENTIFIERS = /FAKE-0815|Fakeperson|1\.2\.999/;

let world: ExportsInMemory;
beforeEach(() => {
  world = exportsInMemory();
});

function post(body: object, token = OPERATE_TOKEN, path = '/api/v1/reidentifications') {
  return request(world.app).post(path).set('Authorization', `Bearer ${token}`).send(body);
}
const codeOf = (response: Response) => [response.status, (JSON.parse(response.text) as { code: string }).code];

async function person(username: string) {
  const session = sessionTokenOf(await world.deps.authentication.signIn(username, PASSWORD));
  const cookie = `tce_session=${encodeURIComponent(session)}`;
  return {
    get: (path: string) => request(world.app).get(path).set('Cookie', cookie),
    post: (path: string, fields: Readonly<Record<string, string | readonly string[]>> = {}) =>
      request(world.app)
        .post(path)
        .set('Cookie', cookie)
        .type('form')
        .send({ ...fields, [FORM_TOKEN_FIELD]: formToken(session) }),
  };
}

describe('POST /api/v1/reidentifications', () => {
  test.each([{ patientID: 'S-0001' }, { uid: '2.25.1' }])('answers who it is, and which study: %j', async (asked) => {
    const response = await post({ project: 'HEAD-01', reason: REASON, ...asked });
    expect(response.status).toBe(200);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(JSON.parse(response.text)).toMatchObject({
      project: 'HEAD-01',
      outcome: 'FOUND',
      patient: REGISTERED,
      pseudonym: 'S-0001',
      studies: [
        {
          StudyInstanceUID: REGISTERED_STUDY,
          sentAs: '2.25.1',
          imageSource: 'pacs',
          link: `https://pacs.test/?study=${REGISTERED_STUDY}`,
        },
      ],
    });
    expect(world.told).toEqual([
      expect.objectContaining({ event: 're-identified', actor: { kind: 'token', name: 'script' }, project: 'HEAD-01' }),
    ]);
    expect(world.logLines.join('')).not.toMatch(/FAKE-0815|Fakeperson|1\.2\.999|S-0001|2\.25\.1|incidental/);
  });

  test('answers a list with an outcome for each', async () => {
    const list = ['S-0001', '2.25.1', '2.25.4711', { patientID: 'S-9999' }, { uid: '2.25.1' }];
    const response = await post({ project: 'HEAD-01', reason: REASON, list });
    const { items } = JSON.parse(response.text) as { items: { outcome: string }[] };
    expect(items.map(({ outcome }) => outcome)).toEqual([
      'FOUND',
      'FOUND',
      'NOT_IN_REGISTER',
      'NOT_IN_REGISTER',
      'FOUND',
    ]);
  });

  test.each([
    [404, 'NOT_IN_REGISTER', { patientID: 'S-4711' }],
    [404, 'NOT_IN_REGISTER', { uid: '2.25.4711' }],
    [404, 'UNKNOWN_PROJECT', { project: 'nowhere', patientID: 'S-0001' }],
    [409, 'IRREVERSIBLE_PROJECT', { project: 'Dr.Jost teaching file', patientID: 'S-0001' }],
    [400, 'PROJECT_MISSING', { project: '', patientID: 'S-0001' }],
    [400, 'REASON_MISSING', { reason: undefined, patientID: 'S-0001' }],
    [400, 'REASON_TOO_SHORT', { reason: 'because', patientID: 'S-0001' }],
    [400, 'ONE_OF_THREE', {}],
    [400, 'ONE_OF_THREE', { patientID: 'S-0001', uid: '2.25.1' }],
    [400, 'BAD_VALUE', { patientID: 7 }],
    [400, 'BAD_VALUE', { list: [{ patientID: 'S-0001', uid: '2.25.1' }] }],
    [400, 'BAD_VALUE', { list: [null] }],
    [400, 'BAD_UID', { uid: 'x' }],
    [400, 'BAD_PATIENT_ID', { patientID: '' }],
    [400, 'NOTHING_ASKED', { list: [] }],
    [400, 'TOO_MANY', { list: Array.from({ length: 101 }, () => 'S-0001') }],
    [400, 'BAD_BODY', { patientID: 'S-0001', more: 1 }],
  ])('answers %i %s to %j', async (status, code, asked) => {
    const response = await post({ project: 'HEAD-01', reason: REASON, ...asked });
    expect(codeOf(response)).toEqual([status, code]);
    expect(response.text).not.toMatch(IDENTIFIERS);
  });

  test('needs the scope, and the project', async () => {
    const asked = { project: 'TWO-01', reason: REASON, patientID: 'S-0001' };
    expect(codeOf(await post(asked, READ_TOKEN))).toEqual([403, 'INSUFFICIENT_SCOPE']);
    expect(codeOf(await post(asked, HEAD_TOKEN))).toEqual([404, 'UNKNOWN_PROJECT']);
    expect((await post({ ...asked, project: 'HEAD-01' }, HEAD_TOKEN)).status).toBe(200);
    expect(world.told).toHaveLength(1);
  });

  test('waits for a second person where the project asks for one, and is answered once', async () => {
    const response = await post({ project: 'TWO-01', reason: REASON, patientID: 'S-0001' });
    expect(response.status).toBe(202);
    expect(response.text).not.toMatch(IDENTIFIERS);
    const { id } = JSON.parse(response.text) as { id: string };
    const show = `/api/v1/reidentifications/${id}/show`;
    expect(codeOf(await post({}, OPERATE_TOKEN, show))).toEqual([409, 'NOT_APPROVED']);
    const max = await person('max');
    expect((await max.get('/reidentify')).text).toContain(REASON);
    expect((await max.post(`/reidentify/${id}/approve`)).status).toBe(303);
    expect((await post({}, OPERATE_TOKEN, show)).text).toContain('FAKE-0815');
    expect(codeOf(await post({}, OPERATE_TOKEN, show))).toEqual([404, 'UNKNOWN_REQUEST']);
  });
});

describe('the page', () => {
  test('shows who it is in the answer to the form, and nowhere else', async () => {
    const lea = await person('lea');
    const form = await lea.get('/reidentify');
    expect(form.text).toContain('HEAD-01');
    const answer = await lea.post('/reidentify', { project: 'HEAD-01', reason: REASON, list: 'S-0001\r\n2.25.4711' });
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    for (const shown of ['FAKE-0815', 'Fakeperson^Planted', '19700101', REGISTERED_STUDY, 'Open in the PACS']) {
      expect(answer.text).toContain(shown);
    }
    expect((await lea.get('/reidentify')).text).not.toMatch(IDENTIFIERS);
    expect(world.told).toHaveLength(1);
    expect(world.logLines.join('')).not.toMatch(IDENTIFIERS);
  });

  test.each([
    [422, { project: 'HEAD-01', reason: '', list: 'S-0001' }],
    [422, { project: 'HEAD-01', reason: REASON, list: ' ' }],
    [404, { project: 'nowhere', reason: REASON, list: 'S-0001' }],
    [409, { project: 'Dr.Jost teaching file', reason: REASON, list: 'S-0001' }],
  ])('answers %i with the form to %j', async (status, fields) => {
    const answer = await (await person('lea')).post('/reidentify', fields);
    expect([answer.status, answer.text.includes('There is a problem')]).toEqual([status, true]);
    expect(answer.text).not.toMatch(IDENTIFIERS);
  });

  test('lets another person approve or decline, and not whoever asked', async () => {
    const [lea, max] = [await person('lea'), await person('max')];
    const asked = await lea.post('/reidentify', { project: 'TWO-01', reason: REASON, list: 'S-0001' });
    expect([asked.status, IDENTIFIERS.test(asked.text)]).toEqual([202, false]);
    expect((await lea.post('/reidentify/request-1/approve')).status).toBe(403);
    expect((await max.post('/reidentify/request-1/approve')).status).toBe(303);
    expect((await max.post('/reidentify/request-1/show')).status).toBe(404);
    expect((await lea.get('/reidentify')).text).toContain('Show it, once');
    expect((await lea.post('/reidentify/request-1/show')).text).toContain('Fakeperson^Planted');
    expect((await lea.post('/reidentify/request-1/show')).status).toBe(404);
    await lea.post('/reidentify', { project: 'TWO-01', reason: REASON, list: 'S-0001' });
    expect((await max.post('/reidentify/request-2/decline')).status).toBe(303);
    expect((await lea.post('/reidentify/request-2/show')).status).toBe(404);
  });
});

describe('the page of accounts', () => {
  test('adds a person with a password that is shown once', async () => {
    const ada = await person('ada');
    const added = await ada.post('/accounts', { username: 'bob', role: 'reviewer', projects: 'HEAD-01\r\n' });
    const secret = /<code>([A-Za-z0-9_-]{43})<\/code>/.exec(added.text)?.[1] ?? '';
    expect(secret).not.toBe('');
    const page = await ada.get('/accounts');
    expect(page.text).toContain('bob');
    expect(page.text).toContain('HEAD-01');
    expect(page.text).not.toContain(secret);
    expect(await world.deps.accounts.changePassword('bob', secret, 'a long new password')).toEqual({ done: true });
    expect((await ada.post('/accounts/disable', { username: 'bob' })).status).toBe(303);
    expect((await ada.get('/accounts')).text).toContain('(disabled)');
    expect((await ada.post('/accounts/enable', { username: 'bob' })).status).toBe(303);
    expect((await ada.post('/accounts/reset', { username: 'bob' })).text).toContain('shown this once');
    expect(world.logLines.join('')).not.toContain(secret);
  });

  test.each([
    [{ username: 'ada', role: 'reviewer' }, 'taken'],
    [{ username: '', role: 'reviewer' }, 'username'],
    [{ username: 'bob', role: 'king' }, 'role'],
  ])('refuses %j', async (fields, words) => {
    const answer = await (await person('ada')).post('/accounts', fields);
    expect([answer.status, answer.text.includes(words)]).toEqual([422, true]);
  });

  test('makes an API token that is shown once, and revokes it', async () => {
    const ada = await person('ada');
    const made = await ada.post('/accounts/tokens', { name: 'desk', scopes: ['read', 'reidentify'] });
    const secret = /<code>([A-Za-z0-9_-]{43})<\/code>/.exec(made.text)?.[1] ?? '';
    expect(secret).not.toBe('');
    const page = await ada.get('/accounts');
    expect([page.text.includes('read, reidentify'), page.text.includes(secret)]).toEqual([true, false]);
    expect((await ada.post('/accounts/tokens/revoke', { id: 'token-desk' })).status).toBe(303);
    expect((await ada.get('/accounts')).text).toContain('(revoked)');
    expect((await ada.post('/accounts/tokens', { name: 'none' })).status).toBe(422);
  });
});

test('everybody may change a password of their own that was made on the page; it is long, and repeated', async () => {
  const ada = await person('ada');
  expect((await ada.get('/password')).status).toBe(200);
  const fields = { present: 'x', next: 'a long new password', again: 'a long new password' };
  expect((await ada.post('/password', { ...fields, again: 'another' })).text).toContain('not repeated');
  expect((await ada.post('/password', { ...fields, next: 'short', again: 'short' })).text).toContain('at least 15');
  expect((await ada.post('/password', fields)).text).toContain('configuration of the server');
});
