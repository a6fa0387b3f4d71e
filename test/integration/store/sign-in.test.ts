import { SignIn } from '../../../src/security/sign-in';
import { rows } from '../../../src/store/database';
import { createTestStore, type TestStore } from '../../support/database';

let store: TestStore;
let signIn: SignIn;
const ada = { username: 'ada', role: 'administrator', projects: null } as const;

beforeAll(async () => {
  store = await createTestStore();
  signIn = new SignIn(store.signIns, [{ ...ada, password: 'correct horse' }], { now: () => new Date() });
});
afterAll(() => store.close());

describe('signing in', () => {
  test('by password opens a login that lasts until it is ended', async () => {
    const opened = await signIn.byPassword('ada', 'correct horse');
    expect(await signIn.login(opened?.secret ?? '')).toMatchObject({ ...ada, formToken: opened?.login.formToken });
    await signIn.end(opened?.secret ?? '');
    expect(await signIn.login(opened?.secret ?? '')).toBeNull();
  });

  test('with a wrong password or name opens nothing', async () => {
    expect(await signIn.byPassword('ada', 'wrong')).toBeNull();
    expect(await signIn.byPassword('bob', 'correct horse')).toBeNull();
    expect(await signIn.login('made up')).toBeNull();
  });

  test('by a link works once, whoever is quicker', async () => {
    const first = new SignIn(store.signIns, [], { now: () => new Date() });
    const link = await first.issueLink();
    const tries = await Promise.all([first.byLink(link), first.byLink(link), first.byLink(link)]);
    expect(tries.filter((one) => one !== null)).toHaveLength(1);
    expect(await first.byLink(link)).toBeNull();
    expect(await first.byLink('made up')).toBeNull();
  });

  test('by a link or login that expired does not work', async () => {
    const past = new SignIn(store.signIns, [{ ...ada, password: 'p' }], {
      now: () => new Date(Date.now() - 86_400_000),
    });
    const first = new SignIn(store.signIns, [], { now: () => new Date() });
    expect(await first.byLink(await past.issueLink())).toBeNull();
    const old = await past.byPassword('ada', 'p');
    expect(await signIn.login(old?.secret ?? '')).toBeNull();
  });

  test('leaves no secret in the database', async () => {
    const link = await signIn.issueLink();
    const opened = await signIn.byPassword('ada', 'correct horse');
    const stored = JSON.stringify(
      await rows(store.database.knex, 'SELECT l::text, k::text FROM login l, sign_in_link k'),
    );
    expect(stored).not.toContain(link);
    expect(stored).not.toContain(opened?.secret);
    expect(stored).not.toContain('correct horse');
  });
});
