import request from 'supertest';
import { ROLES, type Role } from '../../../src/base/roles';
import { FORM_TOKEN_FIELD, formToken } from '../../../src/web/form-token';
import { type Permission, permissionsOfRole } from '../../../src/web/permissions';
import type { Route } from '../../../src/web/route';
import { siteMap } from '../../../src/web/routes';
import { webContext } from '../../../src/web/web-context';
import {
  type ExportsInMemory,
  exportsInMemory,
  HEAD_TOKEN,
  makeSession,
  PASSWORD,
  sessionId,
  sessionTokenOf,
} from './exports-in-memory';

const PEOPLE: Readonly<Record<Role, string>> = {
  administrator: 'ada',
  'trial-coordinator': 'tina',
  reviewer: 'rita',
  reidentifier: 'lea',
  auditor: 'olga',
};

let world: ExportsInMemory;
beforeEach(() => {
  world = exportsInMemory();
  world.held.sessions = [
    makeSession(1, 'failed'),
    makeSession(2, 'failed', { project: 'HEAD-01' }),
    makeSession(3, 'received', { project: null }),
  ];
});

async function cookieOf(username: string): Promise<string> {
  return sessionTokenOf(await world.deps.authentication.signIn(username, PASSWORD));
}

async function asPerson(username: string, { method, path }: Pick<Route, 'method' | 'path'>) {
  const session = await cookieOf(username);
  const cookie = `tce_session=${encodeURIComponent(session)}`;
  return method === 'GET'
    ? request(world.app).get(path).set('Cookie', cookie)
    : request(world.app)
        .post(path)
        .set('Cookie', cookie)
        .type('form')
        .send({ [FORM_TOKEN_FIELD]: formToken(session) });
}

const map = siteMap(webContext(exportsInMemory().deps));
const guarded = (routes: readonly Route[]) =>
  routes.flatMap((route) =>
    route.access.access === 'can' ? [{ route, permission: route.access.permission as Permission }] : [],
  );

function addressOf(path: string, session: number, project: string): string {
  return path
    .replace(':id', path.includes('audit-events') ? '1' : sessionId(session))
    .replace(/\/projects\/:name/, `/projects/${encodeURIComponent(project)}`)
    .replace(':project', encodeURIComponent(project))
    .replace(/:[a-z]+/gi, 'x');
}

describe.each(ROLES)('a person whose role is %s', (role) => {
  test('is let through to the pages and forms that the table gives to the role, and to no other', async () => {
    const may = permissionsOfRole(role);
    for (const { route, permission } of guarded(map.pages)) {
      const path = addressOf(route.path, 1, 'Dr.Jost teaching file');
      const response = await asPerson(PEOPLE[role], { method: route.method, path });
      const turnedAway = response.status === 403 && response.text.includes('Your role does not allow this');
      expect([route.method, route.path, turnedAway]).toEqual([route.method, route.path, !may.has(permission)]);
    }
  });

  test('does not open the interface for programs with it', async () => {
    for (const { route } of guarded(map.api)) {
      const path = addressOf(route.path, 1, 'Dr.Jost teaching file');
      expect((await asPerson(PEOPLE[role], { method: route.method, path })).status).not.toBe(200);
    }
  });
});

test('whoever grants rights cannot re-identify, and whoever re-identifies moves and decides nothing', () => {
  const withRight = (permission: Permission) => ROLES.filter((role) => permissionsOfRole(role).has(permission));
  expect(withRight('reidentify')).toEqual(['reidentifier']);
  expect(withRight('administer')).toEqual(['administrator']);
  expect(withRight('operate')).not.toContain('reidentifier');
  expect(withRight('review')).not.toContain('auditor');
  expect(permissionsOfRole('no such role').size).toBe(0);
});

describe('whoever may see one project', () => {
  const narrowed = guarded([...map.pages, ...map.api]).filter(({ route }) =>
    /\/sessions\/:id|\/projects\/:name|\/:project(\/|$)/.test(route.path),
  );

  test('finds nothing at the addresses of the sessions and projects of others, nor of those without a project', async () => {
    expect(narrowed.length).toBeGreaterThan(20);
    for (const { route } of narrowed.filter(({ route: { path } }) => /^\/(api|returns)/.test(path))) {
      for (const session of [1, 3]) {
        const path = addressOf(route.path, session, 'Dr.Jost teaching file');
        const agent = request(world.app);
        const asked = { GET: agent.get(path), POST: agent.post(path), PUT: agent.put(path) }[route.method];
        const response = await asked.set('Authorization', `Bearer ${HEAD_TOKEN}`);
        const { code } = JSON.parse(response.text) as { code: string };
        expect([route.path, response.status, code]).toEqual([
          route.path,
          404,
          route.path.includes('/sessions/') ? 'UNKNOWN_SESSION' : 'UNKNOWN_PROJECT',
        ]);
      }
    }
    for (const { route, permission } of narrowed.filter(({ route: { path } }) => !/^\/(api|returns)/.test(path))) {
      if (!permissionsOfRole('trial-coordinator').has(permission)) continue;
      const path = addressOf(route.path, 1, 'Dr.Jost teaching file');
      expect([route.path, (await asPerson('hank', { method: route.method, path })).status]).toEqual([route.path, 404]);
    }
    expect(world.deeds).toEqual([]);
  });

  test('finds the own ones, in lists too, and counts of nothing else', async () => {
    const get = (path: string) => request(world.app).get(path).set('Authorization', `Bearer ${HEAD_TOKEN}`);
    const sessions = JSON.parse((await get('/api/v1/sessions')).text) as { items: { id: string }[] };
    expect(sessions.items.map(({ id }) => id)).toEqual([sessionId(2)]);
    expect((await get(`/api/v1/sessions/${sessionId(2)}`)).status).toBe(200);
    const page = await asPerson('hank', { method: 'GET', path: '/' });
    expect(page.text).toContain(sessionId(2));
    expect(page.text).not.toContain(sessionId(1));
    expect(page.text).not.toContain(sessionId(3));
    const events = JSON.parse((await get('/api/v1/audit-events')).text) as { items: { project: string }[] };
    expect(events.items.map(({ project }) => project)).toEqual(['HEAD-01']);
    expect((await get('/api/v1/audit-events/1/message')).status).toBe(404);
    expect((await get('/api/v1/audit-events/2/message')).status).toBe(200);
  });

  test('gives no rights to others, as an administrator either', async () => {
    for (const { route } of guarded(map.pages).filter(({ permission }) => permission === 'administer')) {
      const response = await asPerson('adam', { method: route.method, path: route.path });
      expect([route.path, response.status]).toEqual([route.path, 403]);
    }
    expect(await world.deps.accounts.accounts()).toEqual([]);
  });

  test('stores no instances, which say themselves what they are for', async () => {
    const response = await request(world.app).post('/dicom-web/studies').set('Authorization', `Bearer ${HEAD_TOKEN}`);
    expect([response.status, response.text.includes('ALL_PROJECTS_NEEDED')]).toEqual([403, true]);
  });

  test('meets no list that has what is of others', async () => {
    const lists = [...map.pages, ...map.api].filter(
      (route) => route.method === 'GET' && !narrowed.some((each) => each.route === route),
    );
    const seen: string[] = [];
    for (const route of lists) {
      const path = addressOf(route.path, 1, 'HEAD-01');
      const response = path.startsWith('/api')
        ? await request(world.app).get(path).set('Authorization', `Bearer ${HEAD_TOKEN}`)
        : await asPerson('hank', { method: 'GET', path });
      if (response.status === 200) seen.push(route.path);
      const told = ['Dr.Jost', sessionId(3)].filter((word) => response.text?.includes(word));
      expect([route.path, told]).toEqual([route.path, []]);
    }
    expect(seen).toEqual(expect.arrayContaining(['/', '/api/v1/sessions', '/api/v1/audit-events', '/projects']));
  });
});
