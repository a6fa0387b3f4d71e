import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import request, { type Response, type Test } from 'supertest';
import { authenticationOf } from '../../../src/commands/web-server';
import { SignIn, type SignInRecords } from '../../../src/security/sign-in';
import { ApiTokens } from '../../../src/security/tokens';
import {
  type ExportsInMemory,
  exportsInMemory,
  makeSession,
  ONE_TIME_TOKEN,
  PASSWORD,
  sessionId,
  USERNAME,
} from './exports-in-memory';

let world: ExportsInMemory;

beforeEach(() => {
  world = exportsInMemory();
  world.held.sessions = [makeSession(1, 'failed')];
});

/** The cookies of one browser. */
class Jar {
  private readonly cookies = new Map<string, string>();

  take(response: Response): Response {
    for (const line of ([] as string[]).concat(response.headers['set-cookie'] ?? [])) {
      const [pair = ''] = line.split(';');
      const equals = pair.indexOf('=');
      const value = pair.slice(equals + 1);
      if (value === '') this.cookies.delete(pair.slice(0, equals));
      else this.cookies.set(pair.slice(0, equals), value);
    }
    return response;
  }

  header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  has(name: string): boolean {
    return this.cookies.has(name);
  }

  async get(address: string): Promise<Response> {
    return this.take(await request(world.app).get(address).set('Cookie', this.header()));
  }

  /** As a form of our own page sends it. */
  post(address: string, fields: Readonly<Record<string, string>>): Test {
    return request(world.app)
      .post(address)
      .set('Cookie', this.header())
      .set('Origin', 'http://localhost:8080')
      .set('Sec-Fetch-Site', 'same-origin')
      .type('form')
      .send(fields);
  }
}

function tokenIn(response: Response): string {
  const token = /name="formToken" value="([^"]+)"/.exec(response.text)?.[1];
  if (token === undefined) throw new Error('the page has no form token');
  return token.replaceAll('&#x3D;', '=');
}

async function signedIn(username = USERNAME): Promise<Jar> {
  const jar = new Jar();
  const formToken = tokenIn(await jar.get('/sign-in'));
  const response = jar.take(await jar.post('/sign-in', { formToken, username, password: PASSWORD }));
  expect(response.status).toBe(303);
  return jar;
}

describe('signing in with a password', () => {
  test('opens the page that was asked for', async () => {
    const jar = new Jar();
    const asked = await jar.get(`/sessions/${sessionId(1)}?refresh=off`);
    const form = await jar.get(String(asked.headers.location));
    expect(form.text).toContain(`name="to" value="/sessions/${sessionId(1)}?refresh&#x3D;off"`);
    const response = await jar.post('/sign-in', {
      formToken: tokenIn(form),
      username: USERNAME,
      password: PASSWORD,
      to: `/sessions/${sessionId(1)}?refresh=off`,
    });
    expect(response.headers.location).toBe(`/sessions/${sessionId(1)}?refresh=off`);
    jar.take(response);
    expect((await jar.get(`/sessions/${sessionId(1)}`)).status).toBe(200);
  });

  test.each([
    '//elsewhere.example',
    '/\\elsewhere.example',
    'https://elsewhere.example/',
    '/\t/elsewhere.example',
    'x',
  ])('leads to no other site: %j', async (to) => {
    const jar = new Jar();
    const form = await jar.get(`/sign-in?to=${encodeURIComponent(to)}`);
    expect(form.text).not.toContain('elsewhere');
    const response = await jar.post('/sign-in', {
      formToken: tokenIn(form),
      username: USERNAME,
      password: PASSWORD,
      to,
    });
    expect(response.headers.location).toBe('/');
  });

  test('says which field is empty, links to it and keeps what was typed', async () => {
    const jar = new Jar();
    const formToken = tokenIn(await jar.get('/sign-in'));
    const response = await jar.post('/sign-in', { formToken, username: 'grace "the" <admiral>', password: '' });
    expect(response.status).toBe(422);
    expect(response.text).toContain('<a href="#password">Enter your password</a>');
    expect(response.text).toContain('aria-describedby="password-error"');
    expect(response.text).toContain('value="grace &quot;the&quot; &lt;admiral&gt;"');
    expect(response.text).toContain('<title>Error: Sign in');
  });

  test('does not say whether the username or the password is wrong, and never repeats the password', async () => {
    const jar = new Jar();
    const formToken = tokenIn(await jar.get('/sign-in'));
    const answers = [
      await jar.post('/sign-in', { formToken, username: USERNAME, password: 'wrong-one' }),
      await jar.post('/sign-in', { formToken, username: 'nobody', password: 'wrong-one' }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('The username or the password is not right');
      expect(answer.text).not.toContain('wrong-one');
      expect(String(answer.headers['set-cookie'] ?? '')).not.toContain('tce_session');
    }
    expect(world.logLines.join('')).not.toContain('wrong-one');
  });

  test('survives fields that are lists, objects or missing', async () => {
    const jar = new Jar();
    const formToken = tokenIn(await jar.get('/sign-in'));
    for (const body of ['username=a&username=b', 'username[x]=a', '', 'to=a&to=b', '%00=%00']) {
      const response = await request(world.app)
        .post('/sign-in')
        .set('Cookie', jar.header())
        .type('form')
        .send(`formToken=${encodeURIComponent(formToken)}&password=x&${body}`);
      expect(response.status).toBe(422);
    }
  });
});

describe('signing in too often', () => {
  test.each([
    ['locked', 90, 'Try again in 2 minutes.'],
    ['locked', 60, 'Try again in a minute.'],
    ['busy', 5, 'Try again in a few seconds.'],
  ] as const)('is put off (%s, %i s) with what was typed kept, the password aside', async (delayed, seconds, words) => {
    world = exportsInMemory({ signIn: async () => ({ delayed, retryAfterSeconds: seconds }) });
    const jar = new Jar();
    const formToken = tokenIn(await jar.get('/sign-in'));
    const answer = await jar.post('/sign-in', { formToken, username: 'ada', password: 'wrong-one', to: '/sessions/1' });
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, String(seconds)]);
    expect(answer.text).toContain(words);
    expect(answer.text).toContain('value="ada"');
    expect(answer.text).toContain('value="/sessions/1"');
    expect(answer.text).not.toContain('wrong-one');
    expect(String(answer.headers['set-cookie'] ?? '')).not.toContain('tce_session');
  });

  test('by sixty at once leaves the server ready', async () => {
    const nobody: SignInRecords = {
      addLogin: async () => undefined,
      login: async () => null,
      removeLogin: async () => undefined,
      addLink: async () => undefined,
      takeLink: async () => null,
      account: async () => null,
      fingerprint: () => new Uint8Array(32),
      sweep: async () => undefined,
    };
    const accounts = new SignIn(nobody, [{ username: USERNAME, role: 'administrator', password: PASSWORD }], {
      now: () => new Date(),
    });
    world = exportsInMemory({
      signIn: authenticationOf(accounts, new ApiTokens([]), { bearerOf: async () => null }).signIn,
    });
    // As a database driver may: by a thread of the pool that the derivations run in.
    world.held.ready = async () => (await lookup('localhost')).address !== '';
    const server = world.app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const form = await fetch(`${at}/sign-in`);
      const cookie = form.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ');
      const formToken =
        /name="formToken" value="([^"]+)"/.exec(await form.text())?.[1]?.replaceAll('&#x3D;', '=') ?? '';
      let over = false;
      const tries = Promise.all(
        Array.from({ length: 60 }, async (_nothing, index) => {
          const body = new URLSearchParams({ formToken, username: `made-up-${index}`, password: 'wrong-one' });
          return (await fetch(`${at}/sign-in`, { method: 'POST', headers: { cookie }, body })).status;
        }),
      ).finally(() => {
        over = true;
      });
      const answers: number[] = [];
      let slowest = 0;
      while (!over) {
        const began = Date.now();
        answers.push((await fetch(`${at}/readyz`)).status);
        slowest = Math.max(slowest, Date.now() - began);
      }
      expect(new Set(answers)).toEqual(new Set([200]));
      expect(slowest).toBeLessThan(4_000);
      const statuses = await tries;
      expect(statuses.filter((status) => status === 422)).toHaveLength(10);
      expect(statuses.filter((status) => status === 429)).toHaveLength(50);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('signing in with a one-time link', () => {
  test('does nothing until the button is pressed, so that a preview does not use the link up', async () => {
    for (let preview = 0; preview < 3; preview += 1) {
      const page = await request(world.app).get(`/sign-in/once?token=${ONE_TIME_TOKEN}`);
      expect([page.status, String(page.headers['set-cookie'])]).toEqual([
        200,
        expect.not.stringContaining('tce_session'),
      ]);
    }
    const jar = new Jar();
    const formToken = tokenIn(await jar.get(`/sign-in/once?token=${ONE_TIME_TOKEN}`));
    const response = jar.take(await jar.post('/sign-in/once', { formToken, token: ONE_TIME_TOKEN }));
    expect([response.status, response.headers.location]).toEqual([303, '/']);
    expect((await jar.get('/')).status).toBe(200);
  });

  test('works once', async () => {
    const jar = new Jar();
    const formToken = tokenIn(await jar.get(`/sign-in/once?token=${ONE_TIME_TOKEN}`));
    await jar.post('/sign-in/once', { formToken, token: ONE_TIME_TOKEN });
    const again = await jar.post('/sign-in/once', { formToken, token: ONE_TIME_TOKEN });
    expect(again.status).toBe(422);
    expect(again.text).toContain('expired or was used before');
  });

  test('needs the form of our own page', async () => {
    const response = await request(world.app).post('/sign-in/once').type('form').send({ token: ONE_TIME_TOKEN });
    expect(response.status).toBe(422);
    const jar = new Jar();
    const formToken = tokenIn(await jar.get(`/sign-in/once?token=${ONE_TIME_TOKEN}`));
    expect((await jar.post('/sign-in/once', { formToken, token: ONE_TIME_TOKEN })).status).toBe(303);
  });

  test('says so where the link is broken', async () => {
    for (const address of [
      '/sign-in/once',
      '/sign-in/once?token=',
      '/sign-in/once?token=a&token=b',
      '/sign-in/once?token=%00',
    ]) {
      const response = await request(world.app).get(address);
      expect([response.status, response.text.includes('not complete')]).toEqual([422, true]);
    }
  });
});

describe('the cookies', () => {
  test('are out of reach of scripts and of other sites', async () => {
    const jar = new Jar();
    const form = await jar.get('/sign-in');
    const response = await jar.post('/sign-in', { formToken: tokenIn(form), username: USERNAME, password: PASSWORD });
    const lines = [
      ...([] as string[]).concat(form.headers['set-cookie'] ?? []),
      ...([] as string[]).concat(response.headers['set-cookie'] ?? []),
    ];
    expect(lines.length).toBeGreaterThanOrEqual(2);
    for (const line of lines) {
      expect(line).toMatch(/; Path=\/; .*HttpOnly; SameSite=Lax|; Path=\/; HttpOnly; SameSite=Lax/);
      expect(line).not.toContain('Secure');
    }
  });

  test('are Secure and bound to the host where the pages are reached over https', async () => {
    world = exportsInMemory({ publicUrl: 'https://exports.example' });
    const response = await request(world.app).get('/sign-in');
    expect(String(response.headers['set-cookie'])).toMatch(/^__Host-tce_form=.*; Secure/);
    expect(response.headers['strict-transport-security']).toContain('max-age=');
  });

  test('are worth nothing after signing out', async () => {
    const jar = await signedIn();
    const cookie = jar.header();
    const formToken = tokenIn(await jar.get('/'));
    const response = await jar.post('/sign-out', { formToken });
    expect([response.status, response.headers.location]).toEqual([303, '/sign-in?signed-out=1']);
    expect((await request(world.app).get('/').set('Cookie', cookie)).status).toBe(303);
    expect((await request(world.app).get('/sign-in?signed-out=1')).text).toContain('You have signed out');
  });

  test('that are broken lead to the sign-in page', async () => {
    for (const cookie of [
      'tce_session',
      'tce_session=',
      'tce_session=%E0%A4%A',
      `tce_session=${'a'.repeat(2000)}`,
      'tce_session=%00',
    ]) {
      expect((await request(world.app).get('/').set('Cookie', cookie)).status).toBe(303);
    }
  });
});

describe('the forms of a signed-in person', () => {
  const RETRY = `/sessions/${sessionId(1)}/retry`;

  test('do what they say and lead back to the page', async () => {
    const jar = await signedIn();
    const formToken = tokenIn(await jar.get(`/sessions/${sessionId(1)}`));
    const response = await jar.post(RETRY, { formToken });
    expect([response.status, response.headers.location]).toEqual([303, `/sessions/${sessionId(1)}`]);
    expect(world.deeds).toEqual([
      { action: 'retry', sessionId: sessionId(1), actor: { kind: 'person', name: USERNAME } },
    ]);
  });

  test('do nothing without the token, or with that of somebody else', async () => {
    const jar = await signedIn();
    const other = await signedIn();
    const foreign = tokenIn(await other.get('/'));
    const anonymous = tokenIn(await new Jar().get('/sign-in'));
    for (const formToken of ['', 'x', foreign, anonymous]) {
      const response = await jar.post(RETRY, { formToken });
      expect(response.status).toBe(403);
      expect(response.text).toContain('FORM_EXPIRED');
    }
    expect(world.deeds).toEqual([]);
  });

  test.each([
    ['Origin', 'https://elsewhere.example'],
    ['Origin', 'null'],
    ['Origin', 'http://localhost:8080.elsewhere.example'],
    ['Sec-Fetch-Site', 'cross-site'],
    ['Sec-Fetch-Site', 'same-site'],
  ])('do nothing when the browser says that they come from elsewhere: %s: %s', async (header, value) => {
    const jar = await signedIn();
    const formToken = tokenIn(await jar.get(`/sessions/${sessionId(1)}`));
    expect((await jar.post(RETRY, { formToken }).set(header, value)).status).toBe(403);
    expect(world.deeds).toEqual([]);
  });

  test('work at another address of the same server', async () => {
    const jar = await signedIn();
    const formToken = tokenIn(await jar.get(`/sessions/${sessionId(1)}`));
    const response = await jar
      .post(RETRY, { formToken })
      .set('Host', '127.0.0.1:9999')
      .set('Origin', 'http://127.0.0.1:9999');
    expect(response.status).toBe(303);
  });

  test('are neither shown to nor taken from a role that may only read', async () => {
    const jar = await signedIn('olga');
    const page = await jar.get(`/sessions/${sessionId(1)}`);
    expect(page.text).not.toContain('Try again now');
    const response = await jar.post(RETRY, { formToken: tokenIn(page) });
    expect(response.status).toBe(403);
    expect(response.text).toContain('Your role does not allow this');
    expect(world.deeds).toEqual([]);
  });

  test('say why a deed is not possible any more', async () => {
    const jar = await signedIn();
    const formToken = tokenIn(await jar.get(`/sessions/${sessionId(1)}`));
    world.answerActionsWith({
      result: 'refused',
      reason: { code: 'SESSION_MOVED', message: 'the session has moved on', remedy: 'Look again.' },
    });
    const response = await jar.post(RETRY, { formToken });
    expect(response.status).toBe(409);
    expect(response.text).toContain('Look again.');
  });
});
