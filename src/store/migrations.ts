import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { cannot } from '../base/errors';
import { type Log, silentLog } from '../base/log';
import { packageRoot } from '../base/package-root';
import type { Database } from './database';

/** Any number that nobody else uses: 'TCEM' in ASCII. */
const MIGRATION_LOCK = 0x5443454d;

interface MigrationFile {
  /** Without extension: what is recorded must not depend on how the file is packed. */
  readonly name: string;
  readonly path: string;
}

/** `migrations/` beside package.json, whether this runs from src/ or from dist/. */
export function migrationsDirectory(): string {
  return join(packageRoot(), 'migrations');
}

async function migrationFiles(): Promise<MigrationFile[]> {
  const directory = migrationsDirectory();
  const names = (await readdir(directory)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort();
  return names.map((name) => ({ name: name.slice(0, -'.sql'.length), path: join(directory, name) }));
}

const source: Knex.MigrationSource<MigrationFile> = {
  getMigrations: migrationFiles,
  getMigrationName: ({ name }) => name,
  getMigration: async ({ name, path }) => {
    const sql = await readFile(path, 'utf8');
    return {
      // An unescaped ? would become a placeholder.
      up: async (knex) => void (await knex.raw(sql.replaceAll('?', '\\?'))),
      down: async () => {
        throw cannot('FORWARD_ONLY', `migration ${name} goes forward only`);
      },
    };
  },
};

/**
 * Brings the schema up to date. Any number of processes may call this at once: one migrates, the others wait.
 * `also` runs under the same lock, for the schema that the job queue brings along.
 */
export async function migrate(
  database: Database,
  options: { readonly also?: () => Promise<void>; readonly log?: Log } = {},
): Promise<void> {
  const log = options.log ?? silentLog;
  const lock = await database.dedicatedConnection();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const { knex } = database;
    const config = { migrationSource: source, tableName: 'migration' };
    // A process that was killed while it migrated leaves knex's own lock behind; ours is the one that counts.
    await knex.migrate.forceFreeMigrationsLock(config);
    const [, done] = (await knex.migrate.latest(config)) as [number, string[]];
    for (const name of done) log.info('migration applied', { migration: name });
    await options.also?.();
  } finally {
    await lock.end();
  }
}

/** true where every migration of this version is applied. */
export async function isMigrated(database: Database): Promise<boolean> {
  const applied = await database.knex('migration').select<{ name: string }[]>('name');
  const names = new Set(applied.map(({ name }) => name));
  return (await migrationFiles()).every(({ name }) => names.has(name));
}
