import { cannot } from '../base/errors';
import type { MasterKey, SealContext, Sealer } from '../security/envelope';
import { KeyRing, type MasterKeySource } from '../security/key-ring';
import { type Database, firstRow, type Queries, rows } from './database';

const CHECK: SealContext = { table: 'installation', column: 'check_value', row: '1' };
const DATA_KEY: SealContext = { table: 'installation', column: 'data_key', row: '1' };
const CHECK_TEXT = Buffer.from('tce-export-manager', 'utf8');

/** The keys that this database was made with, open. */
export interface Installation {
  readonly keys: KeyRing;
  /** Of what belongs to no project: selections, source UIDs of sessions, Key Objects met. */
  readonly sealer: Sealer;
  /** The master key to wrap with in this transaction; until its end nobody rotates it. */
  masterKeyIn(queries: Queries): Promise<MasterKey>;
}

interface InstallationRow {
  check_value: Buffer;
  data_key: Buffer;
}

async function storedInstallation(database: Database): Promise<InstallationRow | undefined> {
  const table = await firstRow<{ found: string | null }>(
    database.knex,
    "SELECT to_regclass('installation')::text AS found",
  );
  if (table?.found == null) return undefined;
  return firstRow<InstallationRow>(database.knex, 'SELECT check_value, data_key FROM installation');
}

/**
 * Before anything is changed: does the master key belong to this database? Throws Fault WRONG_MASTER_KEY where it does
 * not, or where it is gone; makes one only for a database that knows no key yet.
 */
export async function masterKeyFor(database: Database, source: MasterKeySource): Promise<MasterKey> {
  const stored = await storedInstallation(database);
  const key = await source.read();
  if (stored === undefined) return key ?? source.create();
  if (key === null) throw wrongMasterKey(`the master key file ${source.path} is missing`);
  if (!opens(key, stored))
    throw wrongMasterKey(`the key in ${source.path} is another one than this database was made with`);
  return key;
}

function opens(key: MasterKey, stored: InstallationRow): boolean {
  try {
    return key.unwrap(stored.check_value, CHECK).equals(CHECK_TEXT);
  } catch {
    return false;
  }
}

function wrongMasterKey(message: string) {
  return cannot('WRONG_MASTER_KEY', message, {
    remedy:
      'Restore the master key file that belongs to this database, or name it by masterKeyFile. Nothing was changed.',
  });
}

/** After the migrations: makes the installation's key where there is none, and opens it. */
export async function openInstallation(
  database: Database,
  masterKey: MasterKey,
  source: MasterKeySource,
): Promise<Installation> {
  await database.knex.raw(
    'INSERT INTO installation (check_value, data_key) VALUES (?, ?) ON CONFLICT (id) DO NOTHING',
    [masterKey.wrap(CHECK_TEXT, CHECK), masterKey.wrap(masterKey.newKey(), DATA_KEY)],
  );
  const stored = await storedInstallation(database);
  // Two first starts at once, each with a key of its own: one of them is wrong.
  if (stored === undefined || !opens(masterKey, stored)) {
    throw wrongMasterKey('another process made this database with another master key');
  }
  const keys = new KeyRing(masterKey, source);
  return {
    keys,
    sealer: masterKey.dataKey(masterKey.unwrap(stored.data_key, DATA_KEY)),
    masterKeyIn: async (queries) => {
      const row = await firstRow<InstallationRow>(queries, 'SELECT check_value, data_key FROM installation FOR SHARE');
      return keys.keyOf(row?.check_value ?? Buffer.alloc(0), CHECK);
    },
  };
}

/** How the keys of one project are bound to their place. */
export function projectKeyContext(column: 'data_key' | 'derivation_key', id: string): SealContext {
  return { table: 'project', column, row: id };
}

/**
 * Wraps every key in the database with another master key, in one transaction; what the keys sealed stays as it is.
 * `already`: a run before this one did. Throws Fault WRONG_MASTER_KEY, with nothing changed, where neither key opens it.
 */
export async function rotateMasterKey(
  database: Database,
  from: MasterKey | null,
  to: MasterKey,
): Promise<'rotated' | 'already'> {
  if ((await storedInstallation(database)) === undefined) {
    throw cannot('NOTHING_TO_ROTATE', 'the database has no keys yet', { remedy: 'Start the server once.' });
  }
  return database.transaction(async (queries) => {
    const stored = await firstRow<InstallationRow>(
      queries,
      'SELECT check_value, data_key FROM installation FOR UPDATE',
    );
    if (stored !== undefined && opens(to, stored)) return 'already';
    if (stored === undefined || from === null || !opens(from, stored)) {
      throw wrongMasterKey('neither the present nor the new master key belongs to this database');
    }
    const rewrap = (wrapped: Buffer, context: SealContext) => to.wrap(from.unwrap(wrapped, context), context);
    await queries.raw('UPDATE installation SET check_value = ?, data_key = ?', [
      to.wrap(CHECK_TEXT, CHECK),
      rewrap(stored.data_key, DATA_KEY),
    ]);
    const projects = await rows<{ id: string; data_key: Buffer; derivation_key: Buffer }>(
      queries,
      'SELECT id, data_key, derivation_key FROM project ORDER BY id FOR UPDATE',
    );
    for (const { id, data_key, derivation_key } of projects) {
      await queries.raw('UPDATE project SET data_key = ?, derivation_key = ? WHERE id = ?', [
        rewrap(data_key, projectKeyContext('data_key', id)),
        rewrap(derivation_key, projectKeyContext('derivation_key', id)),
        id,
      ]);
    }
    return 'rotated';
  });
}
