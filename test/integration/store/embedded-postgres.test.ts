import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, firstRow } from '../../../src/store/database';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/store/embedded-postgres';
import { isAlive, readPostmaster } from '../../../src/store/postmaster';
import { type Child, startChild } from '../../support/children/child';

jest.setTimeout(60_000);

const settings = { fsync: 'off' };
let home: string;
let dataDir: string;
const children: Child[] = [];
const servers: EmbeddedPostgres[] = [];

async function start(directory = dataDir): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir: directory, settings });
  servers.push(server);
  return server;
}

async function ask<T>(server: EmbeddedPostgres, sql: string): Promise<T | undefined> {
  const database = new Database(server.url, { connections: 1 });
  try {
    return await firstRow<T>(database.knex, sql);
  } finally {
    await database.close();
  }
}

async function holdInChild(): Promise<{ child: Child; pid: number }> {
  const child = startChild('hold-embedded-postgres.ts', [dataDir]);
  children.push(child);
  return { child, pid: Number(await child.said('up')) };
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tce-embedded-'));
  await chmod(home, 0o755);
  dataDir = join(home, 'var');
});

afterEach(async () => {
  for (const child of children.splice(0)) await child.kill('SIGKILL');
  for (const server of servers.splice(0)) await server.stop();
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

describe('the embedded Postgres', () => {
  test('is made at the first start, and keeps its data, port and password over a restart', async () => {
    const first = await start();
    await ask(first, 'CREATE TABLE kept (id integer PRIMARY KEY)');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);

    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await ask(second, "SELECT to_regclass('kept')::text AS found")).toEqual({ found: 'kept' });
  });

  test('listens on 127.0.0.1 only, in UTF-8, and asks for the password', async () => {
    const server = await start();
    expect(await ask(server, 'SHOW listen_addresses')).toEqual({ listen_addresses: '127.0.0.1' });
    expect(await ask(server, 'SHOW unix_socket_directories')).toEqual({ unix_socket_directories: '' });
    expect(await ask(server, 'SHOW server_encoding')).toEqual({ server_encoding: 'UTF8' });
    expect((await stat(join(dataDir, 'postgres.password'))).mode & 0o777).toBe(0o600);

    const wrong = new Database(server.url.replace(/:[0-9a-f]+@/, ':wrong@'), { connections: 1 });
    await expect(wrong.waitUntilReachable(0)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    await wrong.close();
  });

  test('refuses a second server process on the same data directory', async () => {
    await holdInChild();
    await expect(start()).rejects.toMatchObject({ code: 'DATA_DIR_IN_USE', kind: 'cannot' });
  });

  test('is taken over where its server process was killed', async () => {
    const { child, pid } = await holdInChild();
    await child.kill('SIGKILL');
    expect(isAlive(pid)).toBe(true);
    const server = await start();
    expect(server.pid).toBe(pid);
    await server.stop();
    expect(isAlive(pid)).toBe(false);
  });

  test('starts again where Postgres was killed too', async () => {
    const { child, pid } = await holdInChild();
    await child.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
    const server = await start();
    expect(server.pid).not.toBe(pid);
    expect(await ask(server, 'SELECT 1 AS one')).toEqual({ one: 1 });
  });

  test('starts again where another process now has the number of the dead one', async () => {
    const { child, pid } = await holdInChild();
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
    const left = await readFile(pidFile, 'utf8');
    await child.kill('SIGTERM');
    expect(isAlive(pid)).toBe(false);
    await writeFile(pidFile, left.replace(String(pid), String(process.pid)));
    const server = await start();
    expect((await readPostmaster(join(dataDir, 'postgres')))?.pid).toBe(server.pid);
  });

  test('makes no half cluster when the first start is cut off', async () => {
    const directory = join(home, 'cut-off');
    await mkdir(join(directory, `postgres.${process.pid}.partial`), { recursive: true });
    const server = await start(directory);
    expect(await ask(server, 'SELECT 1 AS one')).toEqual({ one: 1 });
  });

  test('works in a data directory that is closed to others', async () => {
    const closed = await mkdtemp(join(home, 'closed-'));
    await chmod(closed, 0o700);
    const server = await start(closed);
    expect(await ask(server, 'SELECT 1 AS one')).toEqual({ one: 1 });
    expect((await stat(closed)).mode & 0o066).toBe(0);
  });

  test('works under a directory that is closed to others, keeps its data over a restart, and begins anew without it', async () => {
    const closed = await mkdtemp(join(home, 'closed-'));
    await chmod(closed, 0o700);
    const first = await start(join(closed, 'var'));
    await ask(first, 'CREATE TABLE kept (id integer PRIMARY KEY)');
    await first.stop();
    const second = await start(join(closed, 'var'));
    expect(await ask(second, "SELECT to_regclass('kept')::text AS found")).toEqual({ found: 'kept' });
    await second.stop();

    const elsewhere = await readFile(join(closed, 'var', 'postgres.location'), 'utf8').catch(() => '');
    await rm(join(closed, 'var'), { recursive: true });
    const anew = await start(join(closed, 'var'));
    expect(await ask(anew, "SELECT to_regclass('kept')::text AS found")).toEqual({ found: null });
    await anew.stop();
    const again = await readFile(join(closed, 'var', 'postgres.location'), 'utf8').catch(() => '');
    for (const folder of [elsewhere, again]) if (folder !== '') await rm(folder.trim(), { recursive: true });
  });
});
