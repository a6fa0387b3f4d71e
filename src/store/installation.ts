import { cannot } from '../base/errors';
import type { MasterKey, SealContext, Sealer } from '../security/envelope';
import type { MasterKeyFile } from '../security/master-key-file';
import { type Database, firstRow } from './database';

const CHECK: SealContext = { table: 'installation', column: 'check_value', row: '1' };
const DATA_KEY: SealContext = { table: 'installation', column: 'data_key', row: '1' };
const CHECK_TEXT = Buffer.from('tce-export-manager', 'utf8');

/** The keys that this database was made with, open. */
export interface Installation {
  readonly masterKey: MasterKey;
  /** Of what belongs to no project: selections, source UIDs of sessions, Key Objects met. */
  readonly sealer: Sealer;
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
 * not, or where the file is gone; makes the file only for a database that knows no key yet.
 */
export async function masterKeyFor(database: Database, file: MasterKeyFile): Promise<MasterKey> {
  const stored = await storedInstallation(database);
  const key = await file.read();
  if (stored === undefined) return key ?? file.create();
  if (key === null) throw wrongMasterKey(`the master key file ${file.path} is missing`);
  if (!opens(key, stored))
    throw wrongMasterKey(`the key in ${file.path} is another one than this database was made with`);
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
export async function openInstallation(database: Database, masterKey: MasterKey): Promise<Installation> {
  await database.knex.raw(
    'INSERT INTO installation (check_value, data_key) VALUES (?, ?) ON CONFLICT (id) DO NOTHING',
    [masterKey.wrap(CHECK_TEXT, CHECK), masterKey.wrap(masterKey.newKey(), DATA_KEY)],
  );
  const stored = await storedInstallation(database);
  // Two first starts at once, each with a key of its own: one of them is wrong.
  if (stored === undefined || !opens(masterKey, stored)) {
    throw wrongMasterKey('another process made this database with another master key');
  }
  return { masterKey, sealer: masterKey.dataKey(masterKey.unwrap(stored.data_key, DATA_KEY)) };
}
