import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { silentLog } from '../../../src/base/log';
import { migrateJobs } from '../../../src/jobs/schema';
import { subjectCodes } from '../../../src/register/subject-codes';
import { KeyManagementCommand } from '../../../src/security/key-management';
import type { MasterKeySource } from '../../../src/security/key-ring';
import { MasterKeyFile } from '../../../src/security/master-key-file';
import { WrappedMasterKey } from '../../../src/security/wrapped-master-key';
import { Database } from '../../../src/store/database';
import { rotateMasterKey } from '../../../src/store/installation';
import { openStore } from '../../../src/store/store';
import { createTestDatabase, createTestStore, type TestDatabase, type TestStore } from '../../support/database';
import { dump } from '../../support/dump';
import { FAKE_PATIENT, provisionedProject } from '../../support/selections';
import { PROGRAM, withoutSettings } from '../../support/server';

const run = promisify(execFile);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tce-rotation-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function withStore<T>(url: string, source: MasterKeySource, work: (store: TestStore) => Promise<T>): Promise<T> {
  const database = new Database(url, { connections: 3 });
  try {
    const parts = { database, masterKeyFile: source, subjectCodes, migrateJobs, log: silentLog };
    return await work((await openStore(parts)) as TestStore);
  } finally {
    await database.close();
  }
}

async function newKey(name: string): Promise<MasterKeyFile> {
  const file = new MasterKeyFile(join(directory, name));
  await file.create();
  return file;
}

describe('the master key is rotated', () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await createTestStore();
  });
  afterEach(() => store.close());

  const rotate = async (to: MasterKeyFile) => {
    const [present, next] = [await store.masterKeyFile.read(), await to.read()];
    if (next === null) throw new Error('no key');
    return rotateMasterKey(store.database, present, next);
  };

  test('while a server runs, which goes on with old and new projects', async () => {
    const before = await provisionedProject(store, 'before');
    expect(await store.sessions.subjectCode(before.id, FAKE_PATIENT)).toBe('S-0001');
    const next = await newKey('next.key');
    expect(await rotate(next)).toBe('rotated');
    // Between the transaction and the new file, too.
    expect(await store.sessions.subjectCode(before.id, FAKE_PATIENT)).toBe('S-0001');
    await store.masterKeyFile.replaceBy(next);

    await withStore(store.url, store.masterKeyFile, async (other) => {
      expect((await other.projects.byName('before')).derivationKey).toEqual(before.derivationKey);
      await provisionedProject(other, 'after');
    });
    // Wrapped by a key that this process has not seen yet.
    const after = await store.projects.byName('after');
    expect(await store.sessions.subjectCode(after.id, FAKE_PATIENT)).toBe('S-0001');
    await store.keys.destroy('before', { kind: 'person', name: 'ada' });
    await withStore(store.url, store.masterKeyFile, async (other) => {
      expect((await other.projects.byName('before')).derivationKey).not.toEqual(before.derivationKey);
    });
  });

  test('once, however often it is asked for', async () => {
    await provisionedProject(store);
    const next = await newKey('next.key');
    expect(await rotate(next)).toBe('rotated');
    const kept = await dump(store.url);
    expect(await rotate(next)).toBe('already');
    expect(await dump(store.url)).toBe(kept);
    const before = await store.masterKeyFile.replaceBy(next);
    expect(await store.masterKeyFile.replaceBy(next)).toBe(before);
    expect(await readFile(store.masterKeyFile.path)).toEqual(await readFile(next.path));
    expect((await stat(store.masterKeyFile.path)).mode & 0o777).toBe(0o600);
    await withStore(store.url, store.masterKeyFile, async (other) => other.projects.byName('teaching'));
  });

  test('by two at once: one of them wins, and everything opens', async () => {
    await provisionedProject(store);
    const [one, two] = [await newKey('one.key'), await newKey('two.key')];
    const results = await Promise.allSettled([rotate(one), rotate(two)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const winner = results[0]?.status === 'fulfilled' ? one : two;
    await withStore(store.url, winner, async (other) => other.projects.byName('teaching'));
  });

  test('by nobody who has neither key, and nothing is changed', async () => {
    await provisionedProject(store);
    const kept = await dump(store.url);
    const [stranger, next] = [await newKey('stranger.key'), await newKey('next.key')];
    const keys = [await stranger.read(), await next.read()] as const;
    if (keys[1] === null) throw new Error('no key');
    for (const from of [keys[0], null]) {
      await expect(rotateMasterKey(store.database, from, keys[1])).rejects.toMatchObject({ code: 'WRONG_MASTER_KEY' });
    }
    expect(await dump(store.url)).toBe(kept);
  });

  test('and the one before stops the next start', async () => {
    const old = join(directory, 'old.key');
    await copyFile(store.masterKeyFile.path, old);
    await rotate(await newKey('next.key'));
    const kept = await dump(store.url);
    await expect(withStore(store.url, new MasterKeyFile(old), async () => undefined)).rejects.toMatchObject({
      code: 'WRONG_MASTER_KEY',
    });
    expect(await dump(store.url)).toBe(kept);
  });

  test('by the command, which finishes what was interrupted', async () => {
    const next = await newKey('next.key');
    const configuration = join(directory, 'tce.yaml');
    const settings = { database: { url: store.url }, masterKeyFile: store.masterKeyFile.path, dataDir: directory };
    await writeFile(configuration, JSON.stringify({ ...settings, logLevel: 'error' }));
    const command = () =>
      run(process.execPath, [PROGRAM, 'rotate-master-key', '--config', configuration, '--new-key-file', next.path], {
        env: withoutSettings(process.env),
      });
    // As a kill between transaction and file leaves it.
    expect(await rotate(next)).toBe('rotated');
    expect((await command()).stdout).toContain('its file is in place');
    expect((await command()).stdout).toContain('its file is in place');
    await withStore(store.url, store.masterKeyFile, async () => undefined);
  });
});

describe('a key management system', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase({ empty: true });
  });
  afterEach(() => database.drop());

  /** Wraps by turning every bit over; `behaviour` is a statement that runs first. */
  async function kms(behaviour = ''): Promise<string[]> {
    const path = join(directory, 'kms.js');
    await writeFile(
      path,
      `${behaviour}
       let text = '';
       process.stdin.on('data', (chunk) => { text += chunk; }).on('end', () => {
         const bytes = Buffer.from(text, 'base64').map((byte) => byte ^ 0xff);
         process.stdout.write(bytes.toString('base64') + '\\n');
       });`,
    );
    return [process.execPath, path];
  }

  const source = (command: string[], timeoutMs = 10_000) =>
    new WrappedMasterKey(join(directory, 'master.key.wrapped'), new KeyManagementCommand(command, timeoutMs));

  test('keeps the master key wrapped, and opens the database again', async () => {
    const keys = source(await kms());
    await withStore(database.url, keys, (store) => provisionedProject(store, 'managed'));
    const [made] = await Promise.all([readFile(keys.path, 'latin1'), keys.read()]);
    expect(made).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
    expect((await stat(keys.path)).mode & 0o777).toBe(0o600);
    await withStore(database.url, keys, (store) => store.projects.byName('managed'));
  });

  test.each([
    ['refuses', 'process.exit(3);', 'ended with status 3'],
    ['answers nonsense', "process.stdout.write('*** no ***'); process.exit(0);", 'no base64'],
    ['answers nothing', 'process.exit(0);', 'no base64'],
  ])('that %s stops the start, and nothing is changed', async (_what, behaviour, said) => {
    await withStore(database.url, source(await kms()), (store) => provisionedProject(store, 'managed'));
    const kept = await dump(database.url);
    await expect(withStore(database.url, source(await kms(behaviour)), async () => undefined)).rejects.toMatchObject({
      code: 'KEY_MANAGEMENT_FAILED',
      message: expect.stringContaining(said),
    });
    expect(await dump(database.url)).toBe(kept);
  });

  test('that never answers is not waited for', async () => {
    const silent = source(
      await kms('setInterval(() => undefined, 1000); process.stdin.on = () => process.stdin;'),
      300,
    );
    await writeFile(silent.path, 'AAAA\n');
    await expect(silent.read()).rejects.toMatchObject({ code: 'KEY_MANAGEMENT_FAILED' });
  });

  test('that is not there, or unwraps to something else, stops the start', async () => {
    await writeFile(join(directory, 'master.key.wrapped'), 'AAAA\n');
    await expect(source([join(directory, 'nothing')]).read()).rejects.toMatchObject({ code: 'KEY_MANAGEMENT_FAILED' });
    await expect(source(await kms()).read()).rejects.toMatchObject({ code: 'BAD_MASTER_KEY_FILE' });
  });

  test('that cannot unwrap what it wrapped makes no key', async () => {
    const forgetful = source(await kms("if (process.argv[2] === 'unwrap') process.exit(1);"));
    await expect(forgetful.create()).rejects.toMatchObject({ code: 'KEY_MANAGEMENT_FAILED' });
    await expect(stat(forgetful.path)).rejects.toThrow('ENOENT');
  });
});
