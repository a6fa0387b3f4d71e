import type { Express } from 'express';
import request, { type Response } from 'supertest';
import type { Route } from '../../../src/web/route';
import { siteMap } from '../../../src/web/routes';
import { webContext } from '../../../src/web/web-context';
import {
  AUDIT_TOKEN,
  type ExportsInMemory,
  exportsInMemory,
  IDLE_TOKEN,
  makeSession,
  OPERATE_TOKEN,
  READ_TOKEN,
  sessionId,
  sessionTokenOf,
} from './exports-in-memory';

let world: ExportsInMemory;

beforeEach(() => {
  world = exportsInMemory();
  world.held.sessions = [makeSession(1, 'failed')];
});

const map = siteMap(webContext(exportsInMemory().deps));

function addressOf({ path }: Route): string {
  return path
    .replace(':id', sessionId(1))
    .replace(':study', '1.2.3')
    .replace(':project', 'a-project')
    .replace(':name', 'style.css');
}

function ask(app: Express, { method }: Pick<Route, 'method'>, address: string, token?: string) {
  const own = { GET: 'get', POST: 'post', PUT: 'put' } as const;
  const asked = request(app)[own[method]](address);
  return token === undefined ? asked : asked.set('Authorization', `Bearer ${token}`);
}

function sentence({ method, path }: Route): string {
  return `${method} ${path}`;
}

function problemOf(response: Response): { code: string; status: number; detail: string } {
  expect(response.type).toBe('application/problem+json');
  return JSON.parse(response.text);
}

const OPEN = [
  'GET /healthz',
  'GET /readyz',
  'GET /assets/:name',
  'GET /sign-in',
  'POST /sign-in',
  'GET /sign-in/once',
  'POST /sign-in/once',
];

test('only health, the assets and the ways to sign in are open to anyone', () => {
  const open = [...map.api, ...map.pages].filter(({ access }) => access.access === 'anyone').map(sentence);
  expect(open.sort()).toEqual([...OPEN].sort());
});

test('no two routes have the same method and path', () => {
  const sentences = [...map.api, ...map.pages].map(sentence);
  expect(new Set(sentences).size).toBe(sentences.length);
});

const closed = (routes: readonly Route[]) =>
  routes.filter(({ access }) => access.access !== 'anyone').map((route) => [sentence(route), route] as const);

describe.each(closed(map.api))('%s', (_name, route) => {
  test('answers 401 with problem details to whoever has no token', async () => {
    const response = await ask(world.app, route, addressOf(route));
    expect(response.status).toBe(401);
    expect(problemOf(response).code).toBe('NOT_SIGNED_IN');
    expect(response.headers['www-authenticate']).toMatch(/^Bearer /);
  });

  test('answers 401 to a wrong token', async () => {
    const response = await ask(world.app, route, addressOf(route), 'a-token-nobody-has');
    expect([response.status, problemOf(response).code]).toEqual([401, 'INVALID_TOKEN']);
  });

  test('answers 403 to a token without the scope', async () => {
    const response = await ask(world.app, route, addressOf(route), IDLE_TOKEN);
    expect([response.status, problemOf(response).code]).toEqual([403, 'INSUFFICIENT_SCOPE']);
  });

  test('gets past the door with a token of every scope', async () => {
    const response = await ask(world.app, route, addressOf(route), OPERATE_TOKEN);
    expect([401, 403]).not.toContain(response.status);
  });
});

describe.each(closed(map.pages))('%s', (_name, route) => {
  test('leads strangers to the sign-in page', async () => {
    const response = await ask(world.app, route, addressOf(route));
    expect(response.status).toBe(303);
    expect(response.headers.location).toMatch(/^\/sign-in(\?|$)/);
  });

  if (route.method === 'GET') {
    test('opens with a Bearer token of its scope, and not with one that lacks it', async () => {
      const permission = route.access.access === 'can' ? route.access.permission : 'read';
      const tokens: Readonly<Record<string, string>> = { audit: AUDIT_TOKEN, read: READ_TOKEN };
      const response = await ask(world.app, route, addressOf(route), tokens[permission] ?? OPERATE_TOKEN);
      // No scope gives what is a person's alone.
      if (permission === 'administer') expect(response.status).toBe(403);
      else expect([401, 403]).not.toContain(response.status);
      if (route.access.access === 'can')
        expect((await ask(world.app, route, addressOf(route), IDLE_TOKEN)).status).toBe(403);
      expect((await ask(world.app, route, addressOf(route), 'a-token-nobody-has')).status).toBe(401);
    });
  } else {
    test('takes no Bearer token: forms are for people', async () => {
      const response = await ask(world.app, route, addressOf(route), OPERATE_TOKEN);
      expect(response.status).toBe(303);
      expect(world.deeds).toEqual([]);
    });
  }
});

test('a cookie of a signed-in person does not open the API', async () => {
  const signIn = await world.deps.authentication.signIn('ada', 'correct horse battery staple');
  const response = await request(world.app)
    .get('/api/v1/sessions')
    .set('Cookie', `tce_session=${encodeURIComponent(sessionTokenOf(signIn))}`);
  expect(response.status).toBe(401);
});

test('local addresses, and headers that claim one, open nothing', async () => {
  for (const header of ['X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'Client-IP']) {
    const response = await request(world.app).get('/api/v1/sessions').set(header, '127.0.0.1');
    expect(response.status).toBe(401);
  }
});

test('an address that does not exist tells strangers as little as one that does', async () => {
  expect((await request(world.app).get('/api/v1/nothing')).status).toBe(401);
  expect((await request(world.app).get('/nothing')).headers.location).toBe('/sign-in?to=%2Fnothing');
  expect((await request(world.app).delete('/api/v1/sessions')).status).toBe(401);
  expect((await request(world.app).get('/api/v1/nothing').set('Authorization', `Bearer ${READ_TOKEN}`)).status).toBe(
    404,
  );
});

test('a known address answers 405 and what it allows to another method', async () => {
  const response = await request(world.app)
    .delete(`/api/v1/sessions/${sessionId(1)}`)
    .set('Authorization', `Bearer ${OPERATE_TOKEN}`);
  expect(response.status).toBe(405);
  expect(response.headers.allow).toBe('GET, HEAD');
});

test('upper case, a trailing slash or a doubled one are no way round the guard', async () => {
  for (const address of [
    '/API/v1/sessions',
    '/api/v1/sessions/',
    '//api/v1/sessions',
    '/api//v1/sessions',
    '/%61pi/v1/sessions',
  ]) {
    const response = await request(world.app).get(address);
    expect([address, [401, 303].includes(response.status)]).toEqual([address, true]);
  }
});

test('the health of the server is told to anyone, and says no more than that', async () => {
  const health = await request(world.app).get('/healthz');
  expect([health.status, health.body]).toEqual([200, { status: 'ok' }]);
  const ready = await request(world.app).get('/readyz');
  expect([ready.status, ready.body]).toEqual([200, { status: 'ready' }]);
  world.held.ready = async () => false;
  expect(problemOf(await request(world.app).get('/readyz'))).toMatchObject({ status: 503, code: 'NOT_READY' });
  world.held.ready = () => Promise.reject(new Error('connection refused to secret-host'));
  const broken = await request(world.app).get('/readyz');
  expect(broken.status).toBe(503);
  expect(broken.text).not.toContain('secret-host');
  expect((await request(world.app).get('/healthz')).status).toBe(200);
});

test('every answer carries the headers that keep browsers from harm', async () => {
  for (const address of ['/sign-in', '/assets/style.css', '/healthz', '/api/v1/sessions', '/']) {
    const { headers } = await request(world.app).get(address);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toMatch(/unsafe|script-src/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['strict-transport-security']).toBeUndefined();
  }
});

test('pages and answers are kept in no cache; assets are, under an address that changes with them', async () => {
  for (const address of ['/sign-in', '/api/v1/sessions', '/healthz']) {
    expect((await request(world.app).get(address)).headers['cache-control']).toBe('no-store');
  }
  const page = await request(world.app).get('/sign-in');
  const style = /href="(\/assets\/style\.css\?v&#x3D;[0-9a-f]+)"/.exec(page.text)?.[1]?.replace('&#x3D;', '=');
  const asset = await request(world.app).get(style ?? '');
  expect(asset.type).toBe('text/css');
  expect(asset.headers['cache-control']).toContain('immutable');
});

test('the assets are the files of public/ and nothing else', async () => {
  for (const address of [
    '/assets/nothing.css',
    '/assets/..%2Fpackage.json',
    '/assets/%2e%2e%2fpackage.json',
    '/assets/constructor',
  ]) {
    expect([address, (await request(world.app).get(address)).status]).toEqual([address, 404]);
  }
});
