import type { Client } from 'pg';
import { couldNot } from '../base/errors';
import { type Log, silentLog } from '../base/log';
import { codeOf, type Database } from './database';

/**
 * Shows the other processes that our workers live: one connection holds an advisory lock for each worker id, and
 * however this process ends, Postgres lets go of them. When the connection is lost while we live, `onLost` is told so
 * that what runs can be stopped: others may already have taken it.
 */
export class WorkerPresence {
  readonly #database: Database;
  readonly #log: Log;
  readonly #announced = new Set<string>();
  #locked = new Set<string>();
  #client: Client | undefined;
  #holding: Promise<void> | undefined;
  #closed = false;
  #onLost: () => void = () => undefined;

  constructor(database: Database, log: Log = silentLog) {
    this.#database = database;
    this.#log = log;
  }

  onLost(told: () => void): void {
    this.#onLost = told;
  }

  announce(workerId: string): void {
    this.#announced.add(workerId);
  }

  /** The worker is gone, although this process lives: its jobs may be taken. */
  async retire(workerId: string): Promise<void> {
    this.#announced.delete(workerId);
    if (!this.#locked.delete(workerId)) return;
    await this.#client?.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [workerId]).catch(() => undefined);
  }

  /** Resolves once the lock of every announced worker is held. No worker may look for a job before that. */
  async held(): Promise<void> {
    while (this.#client === undefined || [...this.#announced].some((id) => !this.#locked.has(id))) {
      if (this.#closed) throw couldNot('WORKER_STOPPED', 'the worker is stopping');
      this.#holding ??= this.#hold().finally(() => {
        this.#holding = undefined;
      });
      await this.#holding;
    }
  }

  async #hold(): Promise<void> {
    let client = this.#client;
    if (client === undefined) {
      const fresh: Client = await this.#database.dedicatedConnection(() => this.#lose(fresh));
      client = fresh;
      this.#client = fresh;
      this.#locked = new Set();
      // A peer that vanished without a word is noticed within half a minute, not after two hours.
      await client.query('SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3');
    }
    for (const id of [...this.#announced]) {
      if (this.#locked.has(id)) continue;
      await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [id]);
      this.#locked.add(id);
    }
  }

  #lose(client: Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#locked = new Set();
    void client.end().catch(() => undefined);
    if (this.#closed) return;
    this.#log.warn('connection that shows our workers live was lost');
    this.#onLost();
    void this.held().catch((error) => this.#log.debug('workers are not shown yet', { code: codeOf(error) }));
  }

  async close(): Promise<void> {
    this.#closed = true;
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }
}
