import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { Client } from 'pg';
import { cannot, couldNot } from '../base/errors';
import { type Log, silentLog } from '../base/log';
import { copyPostgresBinaries, findPostgresBinaries, type PostgresBinaries } from './postgres-binaries';
import { canReach, letPassThrough, type PostgresOwner, postgresOwner } from './postgres-owner';
import { hasLeftovers, isAlive, isServerOf, isZombie, readPostmaster, waitUntilGone } from './postmaster';

const DATABASE = 'tce_export_manager';
const SUPERUSER = 'postgres';
/** Where clusters and programs go that the user postgres could not reach otherwise. Everyone can pass through it. */
const REACHABLE = '/var/lib/tce-export-manager';
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 60_000;
/** Session-level advisory lock: the one server process that this cluster belongs to. 'TCES' in ASCII. */
const SERVER_LOCK = 0x54434553;
/** How long the lock of a process that was just killed may still stand. */
const SERVER_LOCK_PATIENCE_MS = 2_000;
const LONGEST_LOG = 10 * 1024 * 1024;

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  readonly log?: Log;
  /** Further `-c` settings, by name. */
  readonly settings?: Readonly<Record<string, string>>;
  /** true: it goes on when this process ends. For test runs, where several processes share one. Default false. */
  readonly outlivesUs?: boolean;
}

export interface EmbeddedPostgres {
  /** Of the database, with its password. */
  readonly url: string;
  readonly pid: number;
  /** Ends it cleanly, other connections included. Safe to call twice. */
  stop(): Promise<void>;
}

interface Cluster {
  readonly dataDir: string;
  /** PGDATA. */
  readonly directory: string;
  readonly binaries: PostgresBinaries;
  readonly owner: PostgresOwner;
  readonly password: string;
  readonly log: Log;
}

/**
 * A real Postgres of our own, kept in `dataDir/postgres`: made at the first start, bound to 127.0.0.1, with a random
 * password. One server process at a time: throws Fault DATA_DIR_IN_USE where another one has it. A Postgres whose
 * server process was killed goes on and is taken over.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  await mkdir(options.dataDir, { recursive: true });
  const dataDir = await realpath(options.dataDir);
  const log = options.log ?? silentLog;
  const owner = await postgresOwner();
  const { directory, binaries } = await place(dataDir, owner, log);
  const password = await rememberedPassword(dataDir);
  const cluster: Cluster = { dataDir, directory, binaries, owner, password, log };

  if (!existsSync(join(directory, 'PG_VERSION'))) await initialise(cluster);
  const { port, pid } = (await running(cluster)) ?? (await launch(cluster, options.settings ?? {}));
  const lock = await holdServerLock(cluster, port);
  try {
    await createDatabaseOnce(lock);
  } catch (error) {
    await lock.end();
    await stopPostmaster(directory, pid);
    throw error;
  }
  if (options.outlivesUs === true) await lock.end();
  const endWithUs = (): void => endNow(pid);
  if (options.outlivesUs !== true) process.once('exit', endWithUs);

  let stopping: Promise<void> | undefined;
  return {
    url: urlOf(cluster, port, DATABASE),
    pid,
    stop: () => {
      stopping ??= (async () => {
        await lock.end().catch(() => undefined);
        await stopPostmaster(directory, pid);
        process.removeListener('exit', endWithUs);
      })();
      return stopping;
    },
  };
}

function urlOf(cluster: Cluster, port: number, database: string): string {
  return `postgres://${SUPERUSER}:${cluster.password}@127.0.0.1:${port}/${database}`;
}

/** In dataDir, unless Postgres has to run as a user who cannot get there: then elsewhere, and said so. */
async function place(dataDir: string, owner: PostgresOwner, log: Log) {
  let binaries = await findPostgresBinaries();
  if (!(await canReach(owner, join(binaries.directory, 'bin')))) {
    await makeReachable(join(REACHABLE, 'programs'));
    binaries = await copyPostgresBinaries(binaries, join(REACHABLE, 'programs'));
  }
  if (!(await canReach(owner, dataDir))) await letPassThrough(dataDir);
  if (await canReach(owner, dataDir)) return { binaries, directory: join(dataDir, 'postgres') };
  const directory = join(await placeElsewhere(dataDir), 'postgres');
  log.warn('database is kept outside dataDir: the user postgres cannot reach it', { dataDir, directory });
  return { binaries, directory };
}

/**
 * A folder of its own, named in `dataDir/postgres.location`: whoever deletes dataDir begins anew. What is temporary
 * stays among the temporary files.
 */
async function placeElsewhere(dataDir: string): Promise<string> {
  const note = join(dataDir, 'postgres.location');
  const known = await readFile(note, 'utf8').catch(() => null);
  if (known !== null) return known.trim();
  const temporary = await realpath(tmpdir());
  const isTemporary = dataDir.startsWith(`${temporary}${sep}`);
  if (!isTemporary) await makeReachable(join(REACHABLE, 'clusters'));
  const folder = await mkdtemp(
    isTemporary ? join(temporary, 'tce-export-manager-') : join(REACHABLE, 'clusters', 'cluster-'),
  );
  await chmod(folder, 0o711);
  try {
    await writeFile(note, `${folder}\n`, { flag: 'wx' });
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true });
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await readFile(note, 'utf8')).trim();
  }
}

async function makeReachable(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  // Whatever the umask says.
  await chmod(REACHABLE, 0o755);
  await chmod(directory, 0o755);
}

async function rememberedPassword(dataDir: string): Promise<string> {
  const path = join(dataDir, 'postgres.password');
  try {
    await writeFile(path, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(path, 'utf8')).trim();
}

/** Into a directory beside, renamed when it is whole: a kill in the middle leaves no half cluster. */
async function initialise(cluster: Cluster): Promise<void> {
  const { directory, binaries, owner, password, log } = cluster;
  const partial = `${directory}.${process.pid}.partial`;
  const passwordFile = `${partial}.password`;
  log.info('database is made', { directory });
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    if ('uid' in owner) {
      await chown(partial, owner.uid, owner.gid);
      await chown(passwordFile, owner.uid, owner.gid);
    }
    // The built-in C.UTF-8 sorts the same on every operating system.
    const args = [
      `--pgdata=${partial}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ];
    const { code, output } = await finished(
      spawn(binaries.initdb, args, { ...owner, cwd: partial, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    if (code !== 0) {
      throw cannot('DATABASE_NOT_MADE', `initdb ended with ${code}: ${lastLines(output)}`, {
        remedy: `Run: npm rebuild ${binaries.packageName}, look for room on the disk, or give database.url.`,
      });
    }
    await rename(partial, directory).catch((error: NodeJS.ErrnoException) => {
      // Another process was quicker; its cluster is the one.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(passwordFile, { force: true });
    await rm(partial, { recursive: true, force: true });
  }
}

/** The server of this cluster that a killed process left behind, once it accepts connections; null where there is none. */
async function running(cluster: Cluster): Promise<{ port: number; pid: number } | null> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const postmaster = await readPostmaster(cluster.directory);
    if (postmaster === null) return null;
    const { pid, port } = postmaster;
    // Postgres clears up after a dead server by itself, but not while the dead one is unburied, and it refuses where
    // another process got its number.
    if (!isAlive(pid) && !isZombie(pid)) return null;
    if (!isAlive(pid) || !(await isServerOf(cluster.directory, pid))) {
      if ((await hasLeftovers(cluster.directory)) && Date.now() < deadline) {
        await pause(50);
        continue;
      }
      await rm(join(cluster.directory, 'postmaster.pid'), { force: true });
      return null;
    }
    if (port !== null && (await answers(cluster, port))) return { pid, port };
    if (Date.now() > deadline) {
      throw couldNot('DATABASE_STUCK', `Postgres (process ${pid}) runs and does not let us in`, {
        remedy: `Look into ${join(cluster.directory, 'server.log')}; end the process and start again.`,
      });
    }
    await pause(50);
  }
}

/** Starting up and shutting down are no answer; a wrong password is, and comes out as a Fault. */
async function answers(cluster: Cluster, port: number): Promise<boolean> {
  const client = new Client({ connectionString: urlOf(cluster, port, 'postgres'), connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '28P01') {
      throw cannot('DATABASE_PASSWORD', 'the embedded Postgres refuses the password in postgres.password', {
        remedy: 'Restore that file from the same backup as the folder postgres.',
        cause: error,
      });
    }
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function launch(
  cluster: Cluster,
  settings: Readonly<Record<string, string>>,
): Promise<{ port: number; pid: number }> {
  const { directory, binaries, owner, log } = cluster;
  const logFile = join(directory, 'server.log');
  for (let attempt = 1; ; attempt += 1) {
    const port = await rememberedPort(cluster.dataDir, attempt);
    const tooLong = (await stat(logFile).catch(() => undefined))?.size ?? 0;
    const output = await open(logFile, tooLong > LONGEST_LOG ? 'w' : 'a', 0o600);
    const all = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      port: String(port),
      // No values of rows in the log.
      log_error_verbosity: 'terse',
      log_min_error_statement: 'panic',
      ...settings,
    };
    const child = spawn(
      binaries.postgres,
      ['-D', directory, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      // A group of its own: Ctrl-C in the terminal ends us first, and us alone.
      { ...owner, cwd: directory, env: environment(), detached: true, stdio: ['ignore', output.fd, output.fd] },
    );
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(`ended with ${code ?? signal}`));
    });
    child.unref();
    try {
      const outcome = await Promise.race([ended, ready(cluster, child, port)]);
      if (outcome === true) {
        log.info('database started', { port, pid: child.pid });
        return { port, pid: child.pid as number };
      }
      // Another process may have started it in the same moment.
      const other = await running(cluster);
      if (other !== null) return other;
      if (attempt >= 3) {
        const said = await readFile(logFile, 'utf8').catch(() => '');
        throw couldNot('DATABASE_NOT_STARTED', `Postgres ${outcome}: ${lastLines(said)}`, {
          remedy: `Look into ${logFile}, or give database.url.`,
        });
      }
    } finally {
      await output.close();
    }
  }
}

async function ready(cluster: Cluster, child: ChildProcess, port: number): Promise<true | string> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && child.signalCode === null) {
    const postmaster = await readPostmaster(cluster.directory);
    if (postmaster !== null && postmaster.pid === child.pid && postmaster.ready && (await answers(cluster, port)))
      return true;
    if (Date.now() > deadline) {
      child.kill('SIGINT');
      return 'did not become ready in time';
    }
    await pause(20);
  }
  return new Promise<never>(() => undefined);
}

/** The port of the last start, as long as it is free. */
async function rememberedPort(dataDir: string, attempt: number): Promise<number> {
  const path = join(dataDir, 'postgres.port');
  const remembered = Number(await readFile(path, 'utf8').catch(() => ''));
  const port =
    attempt === 1 && remembered > 0 && (await freePort(remembered)) !== null ? remembered : await freePort(0);
  if (port === null) throw couldNot('NO_PORT', 'no port of 127.0.0.1 is free for Postgres');
  if (port !== remembered) await writeFile(path, `${port}\n`);
  return port;
}

function freePort(wanted: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : null));
    });
  });
}

/** Held by this connection as long as this process lives, however it ends. */
async function holdServerLock(cluster: Cluster, port: number): Promise<Client> {
  const client = new Client({ connectionString: urlOf(cluster, port, 'postgres'), keepAlive: true });
  client.on('error', () => cluster.log.debug('connection that holds the server lock was lost'));
  await client.connect();
  const deadline = Date.now() + SERVER_LOCK_PATIENCE_MS;
  for (;;) {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [SERVER_LOCK]);
    if (rows[0]?.held === true) return client;
    if (Date.now() > deadline) break;
    await pause(100);
  }
  await client.end();
  throw cannot('DATA_DIR_IN_USE', `another server process uses ${cluster.dataDir}`, {
    remedy: 'End it, give this one a dataDir of its own, or let both share a Postgres server by database.url.',
  });
}

async function createDatabaseOnce(client: Client): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
}

/** Fast shutdown: open transactions are rolled back, nothing committed is lost. */
async function stopPostmaster(directory: string, pid: number): Promise<void> {
  if ((await readPostmaster(directory))?.pid !== pid) return;
  endNow(pid);
  if (!(await waitUntilGone(pid, STOP_TIMEOUT_MS))) {
    throw couldNot('DATABASE_NOT_STOPPED', `Postgres (process ${pid}) does not end`);
  }
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // It ended by itself.
  }
}

/** PG* variables of the caller would change what initdb and the server do. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && !name.startsWith('LC_'));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

function finished(child: ChildProcess): Promise<{ code: number | string; output: string }> {
  return new Promise((resolve) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')));
    child.once('error', (error) => resolve({ code: (error as NodeJS.ErrnoException).code ?? 'error', output }));
    child.once('close', (code, signal) => resolve({ code: code ?? signal ?? 'unknown', output }));
  });
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' / ');
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
