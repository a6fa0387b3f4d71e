import { execFile } from 'node:child_process';
import { chmod, readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { cannot } from '../base/errors';

const run = promisify(execFile);

/** The operating system's user that Postgres runs as. Empty where it runs as whoever we are. */
export type PostgresOwner = { readonly uid: number; readonly gid: number } | Record<string, never>;

const USER = 'postgres';

/** Postgres refuses to run as root: then the user `postgres` is used, and made where it is missing. */
export async function postgresOwner(): Promise<PostgresOwner> {
  if (process.getuid?.() !== 0) return {};
  const known = await lookUpUser(USER);
  if (known !== undefined) return known;
  for (const [command, args] of [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', USER]],
    ['adduser', ['-S', '-D', '-H', USER]],
  ] as const) {
    await run(command, args).catch(() => undefined);
    const made = await lookUpUser(USER);
    if (made !== undefined) return made;
  }
  throw cannot('NO_POSTGRES_USER', 'Postgres does not run as root, and the user postgres could not be made', {
    remedy: 'Run the server as another user than root, make the user postgres, or give database.url.',
  });
}

async function lookUpUser(name: string): Promise<{ uid: number; gid: number } | undefined> {
  const listed = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const line = listed.split('\n').find((entry) => entry.startsWith(`${name}:`));
  const fields = line?.split(':') ?? [];
  const [uid, gid] = [Number(fields[2]), Number(fields[3])];
  return line === undefined || !Number.isInteger(uid) || !Number.isInteger(gid) ? undefined : { uid, gid };
}

/** Whether `owner` may pass through every directory from the root down to `path`, itself included. */
export async function canReach(owner: PostgresOwner, path: string): Promise<boolean> {
  if (!('uid' in owner)) return true;
  for (let directory = await realpath(path); ; directory = dirname(directory)) {
    const { uid, gid, mode } = await stat(directory);
    const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (dirname(directory) === directory) return true;
  }
}

/**
 * Lets everyone pass through (not list) a directory of ours, so that the user postgres reaches the cluster in it. Only
 * ever this one directory: those above it are not ours to open.
 */
export async function letPassThrough(directory: string): Promise<void> {
  const { uid, mode } = await stat(directory);
  if (uid === process.getuid?.() && (mode & 0o001) === 0) await chmod(directory, (mode & 0o7777) | 0o011);
}
