import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../src/base/log';
import { migrateJobs } from '../../src/jobs/schema';
import { subjectCodes } from '../../src/register/subject-codes';
import { MasterKeyFile } from '../../src/security/master-key-file';
import { Database } from '../../src/store/database';
import { migrate } from '../../src/store/migrations';
import { openStore, type Store } from '../../src/store/store';
import { testPostgres } from './test-postgres';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

export interface TestStore extends Store {
  readonly database: Database;
  readonly url: string;
  readonly masterKeyFile: MasterKeyFile;
  close(): Promise<void>;
}

function named(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

async function asAdministrator<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = new Database(url, { connections: 1 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

function templateName(): string {
  // With a server of its own each run has one; on a server that is given, runs must not meet.
  return `tce_template_${process.env.TCE_TEST_RUN_PID ?? process.pid}`;
}

async function makeTemplate(url: string): Promise<void> {
  const name = templateName();
  await asAdministrator(url, async ({ knex }) => {
    await knex.raw('DROP DATABASE IF EXISTS ??', [name]);
    await knex.raw('CREATE DATABASE ??', [name]);
  });
  await asAdministrator(named(url, name), (database) => migrate(database, { also: () => migrateJobs(database.url) }));
}

/** A database of one's own, migrated: a clone of the template. To be dropped when done. */
export async function createTestDatabase(options: { readonly empty?: boolean } = {}): Promise<TestDatabase> {
  const { url } = await testPostgres(makeTemplate);
  const name = `tce_${randomBytes(8).toString('hex')}`;
  const template = options.empty === true ? 'template0' : templateName();
  await asAdministrator(url, ({ knex }) =>
    cloneTemplate(() => knex.raw('CREATE DATABASE ?? TEMPLATE ??', [name, template])),
  );
  return {
    url: named(url, name),
    drop: () =>
      asAdministrator(url, async ({ knex }) => void (await knex.raw('DROP DATABASE ?? WITH (FORCE)', [name]))),
  };
}

/** Two who clone at once disturb each other for a moment (55006, object in use). */
async function cloneTemplate(clone: () => PromiseLike<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await clone();
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== '55006' || attempt >= 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** The whole store over a database of one's own, with a master key of its own. */
export async function createTestStore(): Promise<TestStore> {
  const { url, drop } = await createTestDatabase();
  const directory = await mkdtemp(join(tmpdir(), 'tce-key-'));
  const masterKeyFile = new MasterKeyFile(join(directory, 'master.key'));
  const database = new Database(url);
  const store = await openStore({ database, masterKeyFile, subjectCodes, migrateJobs, log: silentLog });
  return {
    ...store,
    database,
    url,
    masterKeyFile,
    close: async () => {
      await database.close();
      await drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
