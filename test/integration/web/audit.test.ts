import request from 'supertest';
import {
  AUDIT_TOKEN,
  exportsInMemory,
  makeSession,
  PASSWORD,
  READ_TOKEN,
  sessionId,
  sessionTokenOf,
  USERNAME,
} from './exports-in-memory';

const world = exportsInMemory();
world.held.sessions.push(makeSession(1, 'waiting'));
world.held.missing.set(sessionId(1), ['1.2.999.1']);

const get = (path: string, token = AUDIT_TOKEN) => request(world.app).get(path).set('Authorization', `Bearer ${token}`);

beforeEach(() => {
  world.audited.length = 0;
});

describe('the audit trail by the interface', () => {
  test('lists events newest first, in pages', async () => {
    const first = await get('/api/v1/audit-events?limit=1', READ_TOKEN);
    expect(first.status).toBe(200);
    expect(first.body.items).toEqual([
      {
        id: '2',
        at: expect.any(String),
        event: 'session-cancelled',
        eventID: { code: '110113', meaning: 'Security Alert' },
        action: 'E',
        outcome: 0,
        actor: { kind: 'person', name: USERNAME },
        session: sessionId(1),
        project: 'HEAD-01',
        sentAt: null,
      },
    ]);
    const second = await get(`/api/v1/audit-events?limit=1&cursor=${first.body.nextCursor}`);
    expect(second.body.items).toEqual([expect.objectContaining({ id: '1', event: 'export-finished', outcome: 8 })]);
    expect(second.body.nextCursor).toBeNull();
  });

  test.each([
    ['event=nothing', 'BAD_EVENT'],
    ['session=x', 'BAD_SESSION'],
    ['from=yesterday', 'BAD_MOMENT'],
    ['limit=0', 'BAD_LIMIT'],
    ['evnt=x', 'UNKNOWN_PARAMETER'],
  ])('refuses %s', async (query, code) => {
    const answer = await get(`/api/v1/audit-events?${query}`);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).code).toBe(code);
  });

  test('gives a message to those who may audit, and to nobody else', async () => {
    const answer = await get('/api/v1/audit-events/1/message');
    expect([answer.status, answer.type]).toEqual([200, 'application/xml']);
    expect(world.audited).toEqual([{ what: 'message', of: '1', by: 'script' }]);
    expect((await get('/api/v1/audit-events/1/message', READ_TOKEN)).status).toBe(403);
    for (const id of ['3', '0', 'x', '99999999999999999999']) {
      expect((await get(`/api/v1/audit-events/${id}/message`)).status).toBe(404);
    }
  });
});

describe('showing identifiers', () => {
  test('is recorded once in a while for each who looks', async () => {
    for (let look = 0; look < 3; look += 1) {
      expect((await get(`/api/v1/sessions/${sessionId(1)}`)).body.missing).toEqual(['1.2.999.1']);
    }
    expect(world.audited).toEqual([{ what: 'missing instances', of: sessionId(1), by: 'script' }]);
  });
});

test('the page shows who did what to those who may audit', async () => {
  const session = sessionTokenOf(await world.deps.authentication.signIn(USERNAME, PASSWORD));
  const page = await request(world.app).get('/audit?event=export-finished').set('Cookie', `tce_session=${session}`);
  expect(page.status).toBe(200);
  expect(page.text).toContain('Export finished');
  expect(page.text).toContain('Serious failure');
});
