import { Accounts } from '../../../src/security/accounts';
import { SignIn } from '../../../src/security/sign-in';
import { hashSecret } from '../../../src/security/tokens';
import { rows } from '../../../src/store/database';
import { createTestStore, type TestStore } from '../../support/database';

let store: TestStore;
let accounts: Accounts;
let signIn: SignIn;
beforeAll(async () => {
  store = await createTestStore();
  accounts = new Accounts(store.accounts, { usernames: ['ada'], tokens: ['ci'] });
  signIn = new SignIn(store.signIns, [], { now: () => new Date() });
});
afterAll(() => store.close());

const secretOf = (result: object) => ('secret' in result ? String(result.secret) : '');
const newest = async (count: number) =>
  (await store.audit.list({ limit: count })).items.map(({ event, actor }) => [event, actor.name]);

test('an account signs in with its password, and another password ends what was open', async () => {
  const first = secretOf(await accounts.add({ username: 'bob', role: 'reviewer', projects: ['HEAD-01'] }, 'ada'));
  const opened = await signIn.byPassword('bob', first);
  expect(await signIn.login(opened?.secret ?? '')).toMatchObject({
    username: 'bob',
    role: 'reviewer',
    projects: ['HEAD-01'],
  });
  expect(await accounts.changePassword('bob', 'wrong', 'a long new password')).toMatchObject({
    refused: 'WRONG_PASSWORD',
  });
  expect(await accounts.changePassword('bob', first, 'a long new password')).toEqual({ done: true });
  expect(await signIn.login(opened?.secret ?? '')).toBeNull();
  expect(await signIn.byPassword('bob', first)).toBeNull();
  const again = await signIn.byPassword('bob', 'a long new password');
  expect(await signIn.login(again?.secret ?? '')).not.toBeNull();
  await accounts.resetPassword('bob', 'ada');
  expect(await signIn.login(again?.secret ?? '')).toBeNull();
});

test('a disabled account has no logins and opens none, until it is enabled', async () => {
  const password = secretOf(await accounts.add({ username: 'eve', role: 'auditor', projects: null }, 'ada'));
  const opened = await signIn.byPassword('eve', password);
  expect(await accounts.setDisabled('eve', true, 'ada')).toEqual({ done: true });
  expect(await signIn.login(opened?.secret ?? '')).toBeNull();
  expect(await signIn.byPassword('eve', password)).toBeNull();
  expect(await accounts.setDisabled('eve', false, 'ada')).toEqual({ done: true });
  expect(await signIn.login(opened?.secret ?? '')).toBeNull();
  expect(await signIn.byPassword('eve', password)).not.toBeNull();
  expect(await accounts.setDisabled('eve', true, 'eve')).toMatchObject({ refused: 'OWN_ACCOUNT' });
});

test('names of the configuration and of others are taken', async () => {
  await accounts.add({ username: 'kim', role: 'auditor', projects: null }, 'ada');
  for (const username of ['ada', 'kim']) {
    expect(await accounts.add({ username, role: 'auditor', projects: null }, 'ada')).toMatchObject({
      refused: 'NAME_TAKEN',
    });
  }
  expect(await accounts.addToken({ name: 'ci', scopes: ['read'], projects: null }, 'ada')).toMatchObject({
    refused: 'NAME_TAKEN',
  });
});

test('there is an administrator once one who is not restricted was added', async () => {
  await accounts.add({ username: 'narrow', role: 'administrator', projects: ['HEAD-01'] }, 'ada');
  expect(await store.accounts.hasAdministrator()).toBe(false);
  await accounts.add({ username: 'wide', role: 'administrator', projects: null }, 'ada');
  expect(await store.accounts.hasAdministrator()).toBe(true);
  await accounts.setDisabled('wide', true, 'ada');
  expect(await store.accounts.hasAdministrator()).toBe(false);
});

test('an API token works until it is revoked; only its hash is kept, and each change is audited', async () => {
  const asked = { name: 'desk', scopes: ['reidentify', 'read'], projects: ['HEAD-01'] };
  const secret = secretOf(await accounts.addToken(asked, 'ada'));
  expect(await store.accounts.bearerOf(hashSecret(secret))).toEqual({
    name: 'desk',
    scopes: new Set(['read', 'reidentify']),
    projects: ['HEAD-01'],
  });
  const [token] = await accounts.tokens();
  const stored = JSON.stringify(await rows(store.database.knex, 'SELECT t::text FROM api_token t'));
  expect(stored).not.toContain(secret);
  expect(await accounts.revokeToken(token?.id ?? '', 'ada')).toEqual({ done: true });
  expect(await accounts.revokeToken(token?.id ?? '', 'ada')).toMatchObject({ refused: 'UNKNOWN_TOKEN' });
  expect(await accounts.revokeToken('no id', 'ada')).toMatchObject({ refused: 'UNKNOWN_TOKEN' });
  expect(await store.accounts.bearerOf(hashSecret(secret))).toBeNull();
  expect(await newest(2)).toEqual([
    ['account-changed', 'ada'],
    ['account-changed', 'ada'],
  ]);
});
