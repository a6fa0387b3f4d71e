import type { StoredAccount } from '../../../src/security/accounts';
import { hashPassword } from '../../../src/security/passwords';
import {
  type Account,
  SignIn,
  SignInDelayed,
  type SignInRecords,
  type StoredLogin,
} from '../../../src/security/sign-in';
import { FailedTries, Turns } from '../../../src/security/sign-in-limits';

const MINUTE = 60_000;

describe('the failed tries with a username', () => {
  const failing = (tries: FailedTries, times: readonly number[], username = 'ada') => {
    for (const time of times) tries.failed(username, time);
  };

  test('are free up to the fifth within a quarter of an hour', () => {
    const tries = new FailedTries();
    failing(tries, [0, 1, 2, 3]);
    expect(tries.lockedFor('ada', 3)).toBe(0);
    failing(tries, [4]);
    expect(tries.lockedFor('ada', 4)).toBe(MINUTE);
    expect(tries.lockedFor('ada', 4 + MINUTE)).toBe(0);
    expect(tries.lockedFor('bob', 4)).toBe(0);
  });

  test('do not add up where they are far apart', () => {
    const tries = new FailedTries();
    failing(
      tries,
      [0, 4, 8, 12, 16, 20, 24].map((time) => time * MINUTE),
    );
    expect(tries.lockedFor('ada', 24 * MINUTE)).toBe(0);
  });

  test('lock it for longer each time, up to a quarter of an hour', () => {
    const tries = new FailedTries();
    failing(tries, [0, 0, 0, 0]);
    let now = 0;
    const locks: number[] = [];
    for (let count = 0; count < 6; count += 1) {
      tries.failed('ada', now);
      const lock = tries.lockedFor('ada', now);
      locks.push(lock / MINUTE);
      now += lock;
    }
    expect(locks).toEqual([1, 2, 4, 8, 15, 15]);
  });

  test('are forgotten after a right one, and after a quiet quarter of an hour', () => {
    const tries = new FailedTries();
    failing(tries, [0, 0, 0, 0]);
    tries.succeeded('ada');
    failing(tries, [1, 1, 1, 1]);
    expect(tries.lockedFor('ada', 1)).toBe(0);
    failing(tries, [1]);
    const later = 1 + MINUTE + 15 * MINUTE + 1;
    failing(tries, [later]);
    expect(tries.lockedFor('ada', later)).toBe(0);
  });

  test('take a bounded amount of memory', () => {
    const tries = new FailedTries(3);
    for (let index = 0; index < 10; index += 1) tries.failed(`made-up-${index}`, index);
    expect(tries.size).toBe(3);
  });
});

describe('turns', () => {
  test('are given to so many at once, to so many in a queue, and to nobody beyond', async () => {
    const turns = new Turns(2, 3);
    let running = 0;
    let most = 0;
    const ends: (() => void)[] = [];
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => ends.push(resolve));
      running -= 1;
      return 'done';
    };
    const all = Array.from({ length: 7 }, () => turns.take(work));
    expect(await all[5]).toBeNull();
    expect(await all[6]).toBeNull();
    for (let ended = 0; ended < 5; ended += 1) {
      ends[ended]?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await Promise.all(all)).toEqual(['done', 'done', 'done', 'done', 'done', null, null]);
    expect(most).toBe(2);
  });

  test('go on after work that threw', async () => {
    const turns = new Turns(1, 1);
    const broken = turns.take(async () => {
      throw new Error('broken');
    });
    const next = turns.take(async () => 'done');
    await expect(broken).rejects.toThrow('broken');
    expect(await next).toBe('done');
  });
});

class RecordsInMemory implements SignInRecords {
  readonly logins = new Map<string, StoredLogin>();
  readonly stored = new Map<string, StoredAccount>();
  readonly links = new Map<string, Pick<Account, 'username' | 'role'>>();
  readonly #key = (hash: Uint8Array) => Buffer.from(hash).toString('hex');

  async addLogin({ idHash, account, credential, formToken, expiresAt }: Parameters<SignInRecords['addLogin']>[0]) {
    this.logins.set(this.#key(idHash), { username: account.username, credential, formToken, expiresAt });
  }
  async login(idHash: Uint8Array) {
    return this.logins.get(this.#key(idHash)) ?? null;
  }
  async removeLogin(idHash: Uint8Array) {
    this.logins.delete(this.#key(idHash));
  }
  async addLink({ hash, account }: Parameters<SignInRecords['addLink']>[0]) {
    this.links.set(this.#key(hash), account);
  }
  async takeLink(hash: Uint8Array) {
    const account = this.links.get(this.#key(hash)) ?? null;
    this.links.delete(this.#key(hash));
    return account;
  }
  async account(username: string) {
    return this.stored.get(username) ?? null;
  }
  fingerprint(text: string) {
    return Buffer.from(text, 'utf8');
  }
  async sweep() {}
}

const ada = { username: 'ada', role: 'administrator', password: 'correct horse' } as const;
const administrator = { username: 'administrator', role: 'administrator' } as const;

async function delayOf(tried: Promise<unknown>): Promise<SignInDelayed | null> {
  return tried.then(
    () => null,
    (error) => {
      if (error instanceof SignInDelayed) return error;
      throw error;
    },
  );
}

describe('signing in by password', () => {
  test.each(['ada', 'nobody'])('is put off after five wrong tries as %s, whatever the password', async (username) => {
    let now = 0;
    const signIn = new SignIn(new RecordsInMemory(), [ada], { now: () => new Date(now) });
    for (let count = 0; count < 5; count += 1) expect(await signIn.byPassword(username, 'wrong')).toBeNull();
    const delay = await delayOf(signIn.byPassword(username, 'correct horse'));
    expect([delay?.reason, delay?.retryAfterSeconds]).toEqual(['locked', 60]);
    now += MINUTE;
    const opened = await signIn.byPassword(username, 'correct horse');
    expect(opened?.login.username).toBe(username === 'ada' ? 'ada' : undefined);
  });

  test('counts the tries that were already waiting when the name was locked', async () => {
    const signIn = new SignIn(new RecordsInMemory(), [ada], { now: () => new Date(0) });
    const tries = Array.from({ length: 30 }, () =>
      signIn.byPassword('ada', 'wrong').then(
        (opened) => (opened === null ? 'wrong' : 'open'),
        (error: SignInDelayed) => error.reason,
      ),
    );
    const ends = await Promise.all(tries);
    const counted = (end: string) => ends.filter((one) => one === end).length;
    expect(counted('open')).toBe(0);
    expect(counted('wrong')).toBeLessThanOrEqual(6);
    expect(counted('busy')).toBe(20);
  });
});

describe('a login', () => {
  test('ends with the account, and with another role for it', async () => {
    const records = new RecordsInMemory();
    const before = new SignIn(records, [ada], { now: () => new Date(0) });
    const opened = await before.byPassword('ada', 'correct horse');
    const secret = opened?.secret ?? '';
    expect(await before.login(secret)).toMatchObject({ username: 'ada' });
    const after = new SignIn(records, [{ ...ada, username: 'bob' }], { now: () => new Date(0) });
    expect(await after.login(secret)).toBeNull();
  });

  test('by the first link is worth nothing once users are configured, nor is the link', async () => {
    const records = new RecordsInMemory();
    const before = new SignIn(records, [], { now: () => new Date(0) });
    const unused = await before.issueLink();
    const secret = (await before.byLink(await before.issueLink()))?.secret ?? '';
    expect(await before.login(secret)).toMatchObject(administrator);
    const after = new SignIn(records, [ada], { now: () => new Date(0) });
    expect(await after.login(secret)).toBeNull();
    expect(await after.byLink(unused)).toBeNull();
  });

  test('by the first link is not one of a user who is configured under the same name', async () => {
    const records = new RecordsInMemory();
    const before = new SignIn(records, [], { now: () => new Date(0) });
    const secret = (await before.byLink(await before.issueLink()))?.secret ?? '';
    const unused = await before.issueLink();
    const after = new SignIn(records, [{ ...administrator, password: 'correct horse' }], { now: () => new Date(0) });
    expect(await after.login(secret)).toBeNull();
    expect(await after.byLink(unused)).toBeNull();
  });

  test('ends with the password, of the configuration and of the page', async () => {
    const records = new RecordsInMemory();
    const before = new SignIn(records, [ada], { now: () => new Date(0) });
    const account = { username: 'bob', role: 'reviewer', projects: ['one'] } as const;
    records.stored.set('bob', { ...account, passwordHash: await hashPassword('staple battery') });
    const ofAda = (await before.byPassword('ada', 'correct horse'))?.secret ?? '';
    const ofBob = (await before.byPassword('bob', 'staple battery'))?.secret ?? '';
    expect(await before.login(ofBob)).toMatchObject(account);
    records.stored.set('bob', {
      ...account,
      role: 'auditor',
      passwordHash: records.stored.get('bob')?.passwordHash ?? '',
    });
    expect(await before.login(ofBob)).toMatchObject({ role: 'auditor' });
    records.stored.set('bob', { ...account, passwordHash: await hashPassword('another') });
    expect(await before.login(ofBob)).toBeNull();
    expect(await before.byPassword('bob', 'staple battery')).toBeNull();
    const after = new SignIn(records, [{ ...ada, password: 'another' }], { now: () => new Date(0) });
    expect(await before.login(ofAda)).not.toBeNull();
    expect(await after.login(ofAda)).toBeNull();
  });
});
