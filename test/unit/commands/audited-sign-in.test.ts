import type { AuditEvent } from '../../../src/audit/audit-event';
import { auditedSignIn } from '../../../src/commands/audited-sign-in';
import type { Authentication } from '../../../src/web/authentication';

type Answer = Awaited<ReturnType<Authentication['signIn']>>;

const SIGNED_IN = {
  username: 'ada',
  role: 'auditor',
  projects: null,
  sessionToken: 'of-a-fake-session',
} as unknown as Answer;
const LOCKED: Answer = { delayed: 'locked', retryAfterSeconds: 60 };

/** A sign-in that answers as told, and what the audit trail is told of it. */
function audited(answers: readonly Answer[]) {
  const left = [...answers];
  const recorded: AuditEvent[] = [];
  const clock = { now: new Date('2026-01-31T09:15:00Z').getTime() };
  const inner = {
    signIn: async () => left.shift() ?? null,
    redeemLink: async () => null,
  } as unknown as Authentication;
  const signIn = auditedSignIn(inner, {
    isAccount: async (username) => username === 'ada',
    record: async (events) => void recorded.push(...events),
    now: () => new Date(clock.now),
  });
  const told = () => recorded.map(({ event, actor, outcome }) => `${event} ${actor.name} ${outcome}`);
  return { signIn, recorded, told, clock };
}

describe('the audit trail of sign-ins', () => {
  test('names the account with which it was tried', async () => {
    const { signIn, told } = audited([null]);
    expect(await signIn.signIn('ada', 'a wrong password')).toBeNull();
    expect(told()).toEqual(['sign-in-failed ada 4']);
  });

  test('never has what was typed where there is no such account, nor any password', async () => {
    const { signIn, recorded, told } = audited([null, LOCKED]);
    await signIn.signIn('Fakeperson^Fred', 'a wrong password');
    await signIn.signIn('Fakeperson^Fred', 'a wrong password');
    expect(told()).toEqual(['sign-in-failed no account of this name 4', 'sign-in-locked no account of this name 4']);
    expect(JSON.stringify(recorded)).not.toMatch(/Fakeperson|wrong password/);
  });

  test('has a lock once, however often it is tried meanwhile, and the next lock again', async () => {
    const { signIn, told, clock } = audited([LOCKED, LOCKED, LOCKED]);
    await signIn.signIn('ada', 'x');
    clock.now += 59_000;
    await signIn.signIn('ada', 'x');
    expect(told()).toEqual(['sign-in-locked ada 4']);
    clock.now += 1_000;
    await signIn.signIn('ada', 'x');
    expect(told()).toHaveLength(2);
  });

  test('leaves those that succeed to the login, and a server that is busy alone', async () => {
    const { signIn, told } = audited([SIGNED_IN, { delayed: 'busy', retryAfterSeconds: 1 }]);
    expect(await signIn.signIn('ada', 'x')).toBe(SIGNED_IN);
    await signIn.signIn('ada', 'x');
    expect(told()).toEqual([]);
  });

  test('has a one-time link that does not work', async () => {
    const { signIn, told } = audited([]);
    expect(await signIn.redeemLink('no-such-token')).toBeNull();
    expect(told()).toEqual(['sign-in-failed no account of this name 4']);
  });
});
