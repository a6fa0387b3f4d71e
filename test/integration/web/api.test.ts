import request, { type Response } from 'supertest';
import { SESSION_STATES } from '../../../src/session/export-session';
import {
  type ExportsInMemory,
  exportsInMemory,
  makeSession,
  OPERATE_TOKEN,
  READ_TOKEN,
  sessionId,
} from './exports-in-memory';
import { DONE, fillWithSamples, QUARANTINED, WAITING } from './sample-exports';

let world: ExportsInMemory;

beforeEach(() => {
  world = exportsInMemory();
  fillWithSamples(world);
});

function get(address: string, token = READ_TOKEN) {
  return request(world.app).get(address).set('Authorization', `Bearer ${token}`);
}

function post(address: string, token = OPERATE_TOKEN) {
  return request(world.app).post(address).set('Authorization', `Bearer ${token}`);
}

function problemOf(response: Response): Record<string, unknown> {
  expect(response.type).toBe('application/problem+json');
  return JSON.parse(response.text);
}

describe('the list of sessions', () => {
  test('gives each session the fields of the contract and no others', async () => {
    const { status, body } = await get('/api/v1/sessions');
    expect(status).toBe(200);
    expect(body.items).toHaveLength(8);
    expect(body.items[6]).toEqual({
      id: DONE,
      state: 'completed',
      project: 'Dr.Jost teaching file',
      kind: 'teaching-file',
      documentTitle: {
        CodeValue: 'TCE001',
        CodingSchemeDesignator: 'IHERADTF',
        CodeMeaning: 'For Teaching File Export',
      },
      disposition: 'Dr.Jost teaching file',
      imageSource: 'pacs',
      receiver: 'teaching-archive',
      counts: { selected: 40, retrieved: 40, deidentified: 40, delivered: 40, refused: 0, quarantined: 0 },
      delayReasons: [],
      overdue: false,
      selection: DONE,
      supersededBy: null,
      createdAt: '2026-03-04T04:06:06.000Z',
      updatedAt: '2026-03-04T05:05:06.000Z',
      error: null,
    });
  });

  test('says of an error its code, its message, what to do and whether another try may help', async () => {
    const { body } = await get('/api/v1/sessions?state=waiting');
    expect(body.items[0].error).toEqual({
      code: 'INSTANCES_MISSING',
      message: 'the image source does not have 2 of the referenced instances',
      remedy: 'They are looked for again; store them in the image source, or cancel the session.',
      retryable: true,
    });
  });

  test('is narrowed by state and by project', async () => {
    expect((await get('/api/v1/sessions?state=delayed')).body.items).toHaveLength(1);
    expect((await get('/api/v1/sessions?project=FAKE-TRIAL-7')).body.items).toHaveLength(2);
    expect((await get('/api/v1/sessions?project=nobody-knows-it')).body).toEqual({ items: [], nextCursor: null });
  });

  test('takes every state of a session, and an empty value as none', async () => {
    for (const state of SESSION_STATES) expect((await get(`/api/v1/sessions?state=${state}`)).status).toBe(200);
    expect((await get('/api/v1/sessions?state=&project=&limit=&cursor=')).body.items).toHaveLength(8);
  });

  test('is walked to its end by nextCursor, each session once', async () => {
    world.held.sessions = Array.from({ length: 23 }, (_, index) => makeSession(index, 'completed'));
    const ids: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = (await get(`/api/v1/sessions?limit=5&cursor=${cursor}`)) as Response;
      ids.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    }
    expect(ids).toEqual(Array.from({ length: 23 }, (_, index) => sessionId(index)));
  });

  test.each([
    ['state=nonsense', 'BAD_STATE'],
    ['state=completed&state=failed', 'REPEATED_PARAMETER'],
    ['limit=0', 'BAD_LIMIT'],
    ['limit=201', 'BAD_LIMIT'],
    ['limit=-1', 'BAD_LIMIT'],
    ['limit=1.5', 'BAD_LIMIT'],
    ['limit=1e2', 'BAD_LIMIT'],
    ['limit=ten', 'BAD_LIMIT'],
    ['cursor=%00', 'BAD_CURSOR'],
    [`cursor=${'a'.repeat(513)}`, 'BAD_CURSOR'],
    ['project=%00', 'BAD_PROJECT'],
    [`project=${'p'.repeat(201)}`, 'BAD_PROJECT'],
    ['stat=failed', 'UNKNOWN_PARAMETER'],
  ])('answers 400 to %s', async (query, code) => {
    const response = await get(`/api/v1/sessions?${query}`);
    expect(problemOf(response)).toMatchObject({ status: 400, code, title: 'Bad Request' });
  });

  test('never repeats in an error what was sent', async () => {
    const mark = 'MARKED^PATIENT';
    for (const address of [
      `/api/v1/sessions?state=${mark}`,
      `/api/v1/sessions?project=%00${mark}`,
      `/api/v1/sessions?${mark}=1`,
      `/api/v1/sessions/${mark}`,
      `/api/v1/${mark}`,
      `/api/v1/sessions?cursor=%00${mark}`,
    ]) {
      const response = await get(address);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify(response.headers) + response.text).not.toContain(mark);
    }
    expect(world.logLines.join('')).not.toContain(mark);
  });
});

describe('one session', () => {
  test('has its events', async () => {
    const { body } = await get(`/api/v1/sessions/${DONE}`);
    expect(body.state).toBe('completed');
    expect(body.events).toHaveLength(4);
    expect(body.events[3]).toEqual({
      at: '2026-03-04T05:05:06.000Z',
      state: 'completed',
      text: 'the Receiver keeps the whole set',
      code: null,
    });
    expect(body).not.toHaveProperty('missing');
  });

  test('names the missing instances while it waits for them', async () => {
    const { body } = await get(`/api/v1/sessions/${WAITING}`);
    expect(body.missing).toEqual(['1.2.826.0.1.3680043.10.1.7001', '1.2.826.0.1.3680043.10.1.7002']);
  });

  test.each(['', '/instances', '/plan', '/receipt'])('answers 404 where there is none: …%s', async (part) => {
    expect(problemOf(await get(`/api/v1/sessions/${sessionId(99)}${part}`)).code).toBe('UNKNOWN_SESSION');
  });

  test('has no id with anything but letters, digits and dashes, and the database is not asked about such', async () => {
    world.read.session = () => Promise.reject(new Error('asked'));
    for (const id of ['%00', "1'--", '..%2f..', 'a'.repeat(65), '%E2%80%AE']) {
      expect((await get(`/api/v1/sessions/${id}`)).status).toBe(404);
    }
  });

  test('lists its instances page by page', async () => {
    const first = await get(`/api/v1/sessions/${QUARANTINED}/instances?limit=10`);
    expect(first.body.items).toHaveLength(10);
    expect(first.body.items[3]).toMatchObject({
      ordinal: 3,
      state: 'quarantined',
      SOPInstanceUID: null,
      reason: { code: 'TRUNCATED', message: 'the value of (7FE0,0010) ends before its length says' },
    });
    const second = await get(`/api/v1/sessions/${QUARANTINED}/instances?limit=10&cursor=${first.body.nextCursor}`);
    expect(second.body.items.map(({ ordinal }: { ordinal: number }) => ordinal)).toEqual([10, 11]);
    expect(second.body.nextCursor).toBeNull();
  });

  test('tells what was done to each attribute', async () => {
    const { body } = await get(`/api/v1/sessions/${DONE}/plan`);
    expect(body.items).toContainEqual({
      path: '00400275/0/00400007',
      keyword: 'ScheduledProcedureStepDescription',
      action: 'X',
      rule: 'E.1-1',
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      instances: 39,
    });
  });

  test('has its receipt once it is completed, and none before', async () => {
    const { body } = await get(`/api/v1/sessions/${DONE}/receipt`);
    expect(body).toEqual(JSON.parse(JSON.stringify(world.held.receipts.get(DONE))));
    expect(problemOf(await get(`/api/v1/sessions/${WAITING}/receipt`))).toMatchObject({
      status: 404,
      code: 'NO_RECEIPT',
    });
  });
});

describe('a deed', () => {
  test.each(['retry', 'cancel'] as const)('is done by a token that may operate: %s', async (action) => {
    const response = await post(`/api/v1/sessions/${QUARANTINED}/${action}`);
    expect([response.status, response.body.id]).toEqual([200, QUARANTINED]);
    expect(world.deeds).toEqual([{ action, sessionId: QUARANTINED, actor: { kind: 'token', name: 'script' } }]);
  });

  test('is not done by a token that may only read', async () => {
    const response = await post(`/api/v1/sessions/${QUARANTINED}/retry`, READ_TOKEN);
    expect(problemOf(response)).toMatchObject({ status: 403, code: 'INSUFFICIENT_SCOPE' });
    expect(world.deeds).toEqual([]);
  });

  test('that the session does not allow any more answers 409 with the reason', async () => {
    world.answerActionsWith({
      result: 'refused',
      reason: { code: 'SESSION_MOVED', message: 'the session has moved on' },
    });
    expect(problemOf(await post(`/api/v1/sessions/${DONE}/retry`))).toMatchObject({
      status: 409,
      code: 'SESSION_MOVED',
      detail: 'the session has moved on',
    });
  });

  test('on a session that does not exist answers 404', async () => {
    expect((await post(`/api/v1/sessions/${sessionId(99)}/cancel`)).status).toBe(404);
    world.answerActionsWith({ result: 'unknown-session' });
    expect((await post(`/api/v1/sessions/${DONE}/cancel`)).status).toBe(404);
  });

  test.each([
    ['assign', 'project', 'HEAD-01'],
    ['release', 'reason', 'histology is back'],
  ])('that says something is done with it: %s', async (action, field, said) => {
    const address = `/api/v1/sessions/${QUARANTINED}/${action}`;
    expect((await post(address).send({ [field]: ` ${said} ` })).status).toBe(200);
    expect(world.deeds).toEqual([{ action, sessionId: QUARANTINED, actor: { kind: 'token', name: 'script' }, said }]);
    for (const [body, code] of [
      [{}, `${field.toUpperCase()}_MISSING`],
      [{ [field]: 'x'.repeat(2_000) }, 'TOO_LONG'],
      [{ [field]: said, more: 1 }, 'UNKNOWN_FIELD'],
      [[], 'BAD_JSON'],
    ] as const) {
      expect(problemOf(await post(address).send(body))).toMatchObject({ status: 400, code });
    }
    expect(problemOf(await post(address).type('json').send('{"broken'))).toMatchObject({
      status: 400,
      code: 'BAD_JSON',
    });
    expect(world.deeds).toHaveLength(1);
  });

  test('takes no body, and one that is sent does no harm', async () => {
    const response = await post(`/api/v1/sessions/${QUARANTINED}/retry`).type('json').send('{"broken');
    expect(response.status).toBe(200);
  });
});

test.each([
  ['POST', '/api/v1/sessions'],
  ['POST', '/api/v1/projects'],
  ['GET', '/api/v1/openapi.json'],
  ['POST', '/returns/any/dicom-web/studies'],
  ['GET', '/metrics'],
])('%s %s is promised and says that it is not available yet', async (method, address) => {
  const response = await (method === 'GET' ? get(address, OPERATE_TOKEN) : post(address));
  expect(problemOf(response)).toMatchObject({ status: 501, code: 'NOT_AVAILABLE_YET' });
});

test('HEAD is answered like GET, without a body', async () => {
  const response = await request(world.app).head('/api/v1/sessions').set('Authorization', `Bearer ${READ_TOKEN}`);
  expect([response.status, response.type, response.text]).toEqual([200, 'application/json', undefined]);
});
