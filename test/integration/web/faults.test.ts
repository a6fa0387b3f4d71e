import request from 'supertest';
import { cannot, couldNot } from '../../../src/base/errors';
import { type ExportsInMemory, exportsInMemory, makeSession, READ_TOKEN, sessionId } from './exports-in-memory';

let world: ExportsInMemory;

beforeEach(() => {
  world = exportsInMemory();
  world.held.sessions = [makeSession(1, 'completed')];
});

function get(address: string) {
  return request(world.app).get(address).set('Authorization', `Bearer ${READ_TOKEN}`);
}

function lines(): Record<string, unknown>[] {
  return world.logLines.map((line) => JSON.parse(line));
}

test('each request leaves one line: method, pattern, status, time and id, never the address', async () => {
  const response = await get(`/api/v1/sessions/${sessionId(1)}`);
  expect(lines()).toEqual([
    {
      level: 30,
      time: expect.any(String),
      event: 'request',
      requestId: response.headers['x-request-id'],
      method: 'GET',
      route: '/api/v1/sessions/:id',
      status: 200,
      ms: expect.any(Number),
    },
  ]);
});

test('what matches no route is logged without its address', async () => {
  await get('/MARKED^PATIENT?q=MARKED^PATIENT');
  await request(world.app).get('/sign-in/once?token=MARKED^PATIENT');
  await request(world.app).get('/sign-in?to=/MARKED^PATIENT');
  expect(world.logLines.join('')).not.toContain('MARKED');
  expect(lines().map(({ route }) => route)).toEqual(['(none)', '/sign-in/once', '/sign-in']);
});

test('a fault of the server shows an id and nothing of the error, on a page and in the API', async () => {
  world.read.session = () => Promise.reject(new Error('duplicate key (patient)=(MARKED^PATIENT)'));
  const api = await get(`/api/v1/sessions/${sessionId(1)}`);
  expect(api.status).toBe(500);
  expect(JSON.parse(api.text)).toMatchObject({ code: 'INTERNAL_ERROR', requestId: api.headers['x-request-id'] });
  const page = await get(`/sessions/${sessionId(1)}`);
  expect([page.status, page.type]).toEqual([500, 'text/html']);
  expect(page.text).toContain(String(page.headers['x-request-id']));
  expect(api.text + page.text + world.logLines.join('')).not.toContain('MARKED');
  const errors = lines().filter(({ level }) => level === 50);
  expect(errors).toHaveLength(2);
  expect(errors[0]).toMatchObject({ event: 'request-failed', route: '/api/v1/sessions/:id', error: 'Error' });
});

test('what may work later answers 503 with its code', async () => {
  world.read.worklist = () => Promise.reject(couldNot('DATABASE_AWAY', 'the database does not answer'));
  const response = await get('/api/v1/sessions');
  expect(JSON.parse(response.text)).toMatchObject({ status: 503, code: 'DATABASE_AWAY' });
  expect((await get('/')).status).toBe(503);
});

test('a cursor that the store cannot read answers 400', async () => {
  world.read.worklist = () => Promise.reject(cannot('BAD_CURSOR', 'not a cursor'));
  expect((await get('/api/v1/sessions?cursor=abc')).status).toBe(400);
});

test('an address that is no valid one answers 400, and a body that is too large 413', async () => {
  expect((await get('/sessions/%E0%A4%A')).status).toBe(400);
  const response = await request(world.app)
    .post('/sign-in')
    .type('form')
    .send(`username=${'a'.repeat(40_000)}`);
  expect(response.status).toBe(413);
  expect(response.text).toContain('Too much was sent');
});

test('a request that the client gives up is logged as such', async () => {
  world.read.worklist = () => new Promise(() => undefined);
  await expect(get('/api/v1/sessions').timeout(150)).rejects.toThrow();
  for (let wait = 0; wait < 40 && lines().length === 0; wait += 1) await new Promise((done) => setTimeout(done, 25));
  expect(lines()[0]).toMatchObject({ event: 'request', status: 499 });
});
