import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../../src/base/log';
import { migrateJobs } from '../../../src/jobs/schema';
import { subjectCodes } from '../../../src/register/subject-codes';
import { MasterKeyFile } from '../../../src/security/master-key-file';
import { Database, rows } from '../../../src/store/database';
import { openStore, type Store } from '../../../src/store/store';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let test_: TestDatabase;
let directory: string;
let keyPath: string;

beforeEach(async () => {
  test_ = await createTestDatabase({ empty: true });
  directory = await mkdtemp(join(tmpdir(), 'tce-key-'));
  keyPath = join(directory, 'master.key');
});
afterEach(async () => {
  await test_.drop();
  await rm(directory, { recursive: true, force: true });
});

async function opening(path: string): Promise<Store> {
  const database = new Database(test_.url, { connections: 3 });
  try {
    const masterKeyFile = new MasterKeyFile(path);
    return await openStore({ database, masterKeyFile, subjectCodes, migrateJobs, log: silentLog });
  } finally {
    await database.close();
  }
}

async function tables(): Promise<unknown> {
  const database = new Database(test_.url, { connections: 1 });
  try {
    const found = await rows<{ n: number }>(
      database.knex,
      "SELECT count(*)::integer AS n FROM pg_tables WHERE schemaname = 'public'",
    );
    return found[0]?.n;
  } finally {
    await database.close();
  }
}

describe('the master key', () => {
  test('is made with the database, for the owner alone, and opens it again', async () => {
    await opening(keyPath);
    expect((await stat(keyPath)).mode & 0o777).toBe(0o600);
    await opening(keyPath);
  });

  test('that is missing for a database that has one stops the start, and no file is made', async () => {
    await opening(keyPath);
    await rm(keyPath);
    await expect(opening(keyPath)).rejects.toMatchObject({ code: 'WRONG_MASTER_KEY', kind: 'cannot' });
    await expect(stat(keyPath)).rejects.toThrow('ENOENT');
  });

  test('that is another one stops the start before anything is changed', async () => {
    await opening(keyPath);
    const database = new Database(test_.url, { connections: 1 });
    await database.knex.raw("DELETE FROM migration WHERE name LIKE '0005%'");
    await database.knex.raw('DROP TABLE login, sign_in_link');
    await database.close();
    const before = await tables();
    await new MasterKeyFile(join(directory, 'other.key')).create();
    await expect(opening(join(directory, 'other.key'))).rejects.toMatchObject({ code: 'WRONG_MASTER_KEY' });
    expect(await tables()).toBe(before);
    await opening(keyPath);
    expect(await tables()).toBe((before as number) + 2);
  });

  test('is one, where several processes start for the first time at once', async () => {
    await Promise.all([opening(keyPath), opening(keyPath), opening(keyPath)]);
    expect(await readFile(keyPath, 'latin1')).toMatch(/^[0-9a-f]{64}\n$/);
    await opening(keyPath);
  });
});
