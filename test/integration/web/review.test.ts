import request from 'supertest';
import type { OpenFinding } from '../../../src/session/review-port';
import { formToken } from '../../../src/web/form-token';
import {
  exportsInMemory,
  makeSession,
  OPERATE_TOKEN,
  PASSWORD,
  READ_TOKEN,
  sessionId,
  sessionTokenOf,
  USERNAME,
} from './exports-in-memory';

const SESSION = sessionId(1);
const FINDING = '00000000-0000-4000-8000-0000000000aa';

function finding(more: Partial<OpenFinding> = {}): OpenFinding {
  return {
    id: FINDING,
    kind: 'text',
    reason: 'UNKNOWN_WORD',
    paths: ['00081030'],
    instances: 3,
    decision: null,
    decidedBy: null,
    decidedAt: null,
    text: { text: 'CT <b>Fakeword</b>', proposal: 'CT', unknown: ['Fakeword'] },
    replacement: null,
    ...more,
  };
}

function world() {
  const made = exportsInMemory();
  made.held.sessions.push(makeSession(1, 'review'));
  made.held.findings.set(SESSION, [finding()]);
  return made;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const decision = `/api/v1/sessions/${SESSION}/findings/${FINDING}/decision`;

describe('findings by the API', () => {
  test('are told with their texts to who may operate, and to nobody else', async () => {
    const { app } = world();
    const address = `/api/v1/sessions/${SESSION}/findings`;
    const shown = await request(app).get(address).set(bearer(OPERATE_TOKEN));
    expect(shown.body.items).toMatchObject([
      { id: FINDING, text: 'CT <b>Fakeword</b>', proposal: 'CT', decision: null },
    ]);
    expect((await request(app).get(address).set(bearer(READ_TOKEN))).status).toBe(403);
    const plan = await request(app).get(`/api/v1/sessions/${SESSION}/plan`).set(bearer(READ_TOKEN));
    expect(plan.body.findings).toEqual([
      { id: FINDING, kind: 'text', reason: 'UNKNOWN_WORD', paths: ['00081030'], instances: 3, decision: null },
    ]);
  });

  test('are decided on once', async () => {
    const { app, held } = world();
    const decide = () => request(app).post(decision).set(bearer(OPERATE_TOKEN)).send({ decision: 'keep' });
    expect((await decide()).body).toMatchObject({ id: FINDING, decision: 'keep' });
    expect(held.findings.get(SESSION)).toMatchObject([{ decision: 'keep', decidedBy: 'script' }]);
    const again = await decide();
    expect([again.status, again.body.code]).toEqual([409, 'FINDING_ALREADY_DECIDED']);
  });

  test.each([
    ['no JSON', 'application/json', '{"decision"', 400],
    ['a list', 'application/json', '[]', 400],
    ['a form', 'application/x-www-form-urlencoded', 'decision=keep', 400],
    ['an unknown key', 'application/json', '{"decision":"keep","also":1}', 400],
    ['more than is read', 'application/json', JSON.stringify({ decision: 'x'.repeat(70_000) }), 413],
  ])('a decision that is %s changes nothing', async (_what, type, body, status) => {
    const { app, held } = world();
    const response = await request(app).post(decision).set(bearer(OPERATE_TOKEN)).type(type).send(body);
    expect(response.status).toBe(status);
    expect(held.findings.get(SESSION)).toMatchObject([{ decision: null }]);
  });
});

describe('the page of a session in review', () => {
  test('shows no text to a token that may only read', async () => {
    const { app } = world();
    const page = await request(app).get(`/sessions/${SESSION}`).set(bearer(READ_TOKEN));
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('Fakeword');
    expect(page.text).not.toContain('decision');
  });

  test('shows a person the text, escaped, and forms that decide without script', async () => {
    const { app, deps, held } = world();
    const secret = sessionTokenOf(await deps.authentication.signIn(USERNAME, PASSWORD));
    const cookie = `tce_session=${secret}`;
    const page = await request(app).get(`/sessions/${SESSION}`).set('Cookie', cookie);
    expect(page.text).toContain('CT &lt;b&gt;Fakeword&lt;/b&gt;');
    expect(page.text).not.toContain('<b>Fakeword');
    expect(page.text).toContain(`action="/sessions/${SESSION}/approve"`);
    const form = { formToken: formToken(secret), decision: 'edit', replacement: 'CT Head' };
    const address = `/sessions/${SESSION}/findings/${FINDING}`;
    const stranger = await request(app).post(address).set('Cookie', cookie).type('form').send({ decision: 'keep' });
    expect(stranger.status).toBe(403);
    const answer = await request(app).post(address).set('Cookie', cookie).type('form').send(form);
    expect([answer.status, answer.headers.location]).toEqual([303, `/sessions/${SESSION}#review`]);
    expect(held.findings.get(SESSION)).toMatchObject([
      { decision: 'edit', replacement: 'CT Head', decidedBy: USERNAME },
    ]);
  });
});
