import request from 'supertest';
import { exportsInMemory, OPERATE_TOKEN, PASSWORD, READ_TOKEN, sessionTokenOf, USERNAME } from './exports-in-memory';

const CASES = 'Dr.Jost teaching file';
const ADDRESS = `/api/v1/projects/${encodeURIComponent(CASES)}/destroy-key`;

let world: ReturnType<typeof exportsInMemory>;
beforeEach(() => {
  world = exportsInMemory();
});

const post = (path: string, body: object, token = OPERATE_TOKEN) =>
  request(world.app).post(path).set('Authorization', `Bearer ${token}`).send(body);
const projects = async () => (await world.deps.projects.list()).map(({ name, keyGeneration }) => [name, keyGeneration]);

test('the interface lists the projects and what they promise', async () => {
  const answer = await request(world.app).get('/api/v1/projects').set('Authorization', `Bearer ${READ_TOKEN}`);
  expect(answer.status).toBe(200);
  expect(answer.body.items).toEqual([
    expect.objectContaining({ name: CASES, reversible: false, keyGeneration: 1, subjects: 3, openSessions: 0 }),
    expect.objectContaining({ name: 'HEAD-01', reversible: true }),
  ]);
});

describe('destroying the keys of a project by the interface', () => {
  test('does it where the name is repeated', async () => {
    const answer = await post(ADDRESS, { confirm: CASES });
    expect([answer.status, answer.body]).toEqual([
      200,
      { project: CASES, subjects: 3, uids: 0, sessions: 1, keyGeneration: 2 },
    ]);
    expect(await projects()).toContainEqual([CASES, 2]);
  });

  test.each([
    ['without the name', {}, 400, 'NOT_CONFIRMED'],
    ['with another name', { confirm: 'HEAD-01' }, 400, 'NOT_CONFIRMED'],
    ['with more than the name', { confirm: CASES, force: true }, 400, 'UNKNOWN_FIELD'],
  ])('does nothing %s', async (_what, body, status, code) => {
    const answer = await post(ADDRESS, body);
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([status, code]);
    expect(await projects()).toContainEqual([CASES, 1]);
  });

  test('is not for who may only read, and not for what is unknown or in use', async () => {
    expect((await post(ADDRESS, { confirm: CASES }, READ_TOKEN)).status).toBe(403);
    const unknown = await post('/api/v1/projects/none/destroy-key', { confirm: 'none' });
    expect([unknown.status, JSON.parse(unknown.text).code]).toEqual([404, 'UNKNOWN_PROJECT']);
    const used = await post('/api/v1/projects/HEAD-01/destroy-key', { confirm: 'HEAD-01' });
    expect([used.status, JSON.parse(used.text).code]).toEqual([409, 'SESSIONS_UNDER_WAY']);
  });
});

describe('the pages of the projects', () => {
  const signedIn = async () => {
    const secret = sessionTokenOf(await world.deps.authentication.signIn(USERNAME, PASSWORD));
    return `tce_session=${encodeURIComponent(secret)}`;
  };

  test('say what it means before it is done, and do it by a form of their own', async () => {
    const cookie = await signedIn();
    const list = await request(world.app).get('/projects').set('Cookie', cookie);
    expect(list.text).toContain(`/projects/${encodeURIComponent(CASES)}/destroy-key`);
    const path = `/projects/${encodeURIComponent(CASES)}/destroy-key`;
    const page = await request(world.app).get(path).set('Cookie', cookie);
    expect(page.status).toBe(200);
    expect(page.text).toContain('cannot be undone');
    expect(page.text).toContain('Backups from before still hold the old keys');
    const [, field, token] = /<input type="hidden" name="([^"]+)" value="([^"]+)"/.exec(page.text) ?? [];
    const send = (confirm: string, form: Record<string, string>) =>
      request(world.app)
        .post(path)
        .set('Cookie', cookie)
        .set('Origin', 'http://localhost:8080')
        .type('form')
        .send({ confirm, ...form });
    expect((await send(CASES, {})).status).toBe(403);
    expect((await send('another', { [field ?? '']: token ?? '' })).status).toBe(400);
    expect(await projects()).toContainEqual([CASES, 1]);
    const done = await send(CASES, { [field ?? '']: token ?? '' });
    expect([done.status, done.headers.location]).toEqual([303, '/projects']);
    expect(await projects()).toContainEqual([CASES, 2]);
  });

  test('ask to come back where sessions are under way, and know no other projects', async () => {
    const cookie = await signedIn();
    const page = await request(world.app).get('/projects/HEAD-01/destroy-key').set('Cookie', cookie);
    expect(page.text).toContain('1 session of this project under way');
    expect(page.text).not.toContain('<input id="confirm"');
    expect((await request(world.app).get('/projects/none/destroy-key').set('Cookie', cookie)).status).toBe(404);
  });
});
