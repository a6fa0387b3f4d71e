import createKnex, { type Knex } from 'knex';
import { Client } from 'pg';
import { couldNot, type Fault } from '../base/errors';
import { type Log, silentLog } from '../base/log';

/** Rows, or a transaction over them. */
export type Queries = Knex | Knex.Transaction;

export interface DatabaseOptions {
  /** Connections held at most. Default 10. */
  readonly connections?: number;
  readonly log?: Log;
}

/** A pool of connections to one Postgres database. Nothing outside `store/` looks inside. */
export class Database {
  readonly knex: Knex;
  readonly url: string;
  readonly #log: Log;
  readonly #atEnd = new WeakMap<Queries, (() => Promise<void>)[]>();

  constructor(url: string, options: DatabaseOptions = {}) {
    this.url = url;
    this.#log = options.log ?? silentLog;
    this.knex = createKnex({
      client: 'pg',
      connection: { connectionString: url, keepAlive: true },
      pool: { min: 0, max: options.connections ?? 10 },
      acquireConnectionTimeout: 30_000,
      // knex prints whole statements with their bindings otherwise.
      log: { warn: () => undefined, error: () => undefined, deprecate: () => undefined, debug: () => undefined },
    });
  }

  /** A connection of its own, for what lives as long as a connection does: session-level advisory locks. */
  async dedicatedConnection(onLost?: () => void): Promise<Client> {
    const client = new Client({ connectionString: this.url, keepAlive: true });
    client.on('error', () => onLost?.());
    client.on('end', () => onLost?.());
    await client.connect();
    return client;
  }

  /** Waits until the server answers: it may be starting beside us. Throws Fault DATABASE_UNREACHABLE after `timeoutMs`. */
  async waitUntilReachable(timeoutMs = 30_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (let attempt = 0; ; attempt += 1) {
      const client = new Client({ connectionString: this.url, connectionTimeoutMillis: 5_000 });
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.query('SELECT 1');
        return;
      } catch (error) {
        if (!isPassing(error) || Date.now() >= deadline) throw unreachable(error);
        if (attempt === 0) this.#log.info('database does not answer yet', { code: codeOf(error) });
        await new Promise((resolve) => setTimeout(resolve, 500));
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  }

  async transaction<T>(work: (queries: Knex.Transaction) => Promise<T>): Promise<T> {
    return this.knex.transaction(async (queries) => {
      const result = await work(queries);
      for (const last of this.#atEnd.get(queries) ?? []) await last();
      return result;
    });
  }

  /** As the last things that the transaction does, before it commits: what takes a lock that many wait for. */
  atEnd(queries: Queries, work: () => Promise<void>): void {
    const others = this.#atEnd.get(queries) ?? [];
    others.push(work);
    this.#atEnd.set(queries, others);
  }

  async close(): Promise<void> {
    await this.knex.destroy();
  }
}

export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'UNKNOWN';
}

/** Refused by the operating system, or by a server that is starting up or shutting down (57P03). */
function isPassing(error: unknown): boolean {
  return [
    'ECONNREFUSED',
    'ECONNRESET',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ENOTFOUND',
    'EAI_AGAIN',
    '57P03',
    '57P01',
    'UNKNOWN',
  ].includes(codeOf(error));
}

/** Neither the address nor the password: both may be secret. */
function unreachable(error: unknown): Fault {
  return couldNot('DATABASE_UNREACHABLE', `the database does not let us in (${codeOf(error)})`, {
    remedy: 'Check database.url, and that the server runs, knows the user and has the database.',
    cause: error,
  });
}

/** Rows of a statement with `?` placeholders. */
export async function rows<T>(queries: Queries, sql: string, bindings: readonly unknown[] = []): Promise<T[]> {
  const result = (await queries.raw(sql, bindings as Knex.RawBinding[])) as unknown as { rows: T[] };
  return result.rows;
}

/** Like `rows`, for statements that answer how many rows they touched. */
export async function touched(queries: Queries, sql: string, bindings: readonly unknown[] = []): Promise<number> {
  const result = (await queries.raw(sql, bindings as Knex.RawBinding[])) as unknown as { rowCount: number | null };
  return result.rowCount ?? 0;
}

export async function firstRow<T>(
  queries: Queries,
  sql: string,
  bindings: readonly unknown[] = [],
): Promise<T | undefined> {
  return (await rows<T>(queries, sql, bindings))[0];
}

/** Where the driver would turn an array into a Postgres array: JSON columns take text. */
export function json(value: unknown): string {
  return JSON.stringify(value);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Ids come from URLs too; what is none is not found, and no error of the database. */
export function isId(text: string): boolean {
  return UUID.test(text);
}
