import { SYSTEM } from '../audit/audit-event';
import { RECEIVED } from '../base/reserved-names';
import type { SessionError } from '../session/export-session';
import type { AuditEvents } from './audit-events';
import { type Database, firstRow, type Queries, rows } from './database';
import { isTrustFailure } from './session-audit';
import { type ErrorColumns, errorColumns, errorOf } from './session-rows';

/** When each image source was asked last, and what came of it: one clock for all processes. */
export class ImageSourcePolls {
  readonly #database: Database;
  readonly #events: Pick<AuditEvents, 'record'>;

  constructor(database: Database, events: Pick<AuditEvents, 'record'>) {
    this.#database = database;
    this.#events = events;
  }

  /** Milliseconds since the last poll that ended, by the clock of the database; null where there was none. */
  async ageOf(imageSource: string): Promise<number | null> {
    const row = await firstRow<{ age: number | null }>(
      this.#database.knex,
      `SELECT extract(epoch FROM now() - last_polled_at)::double precision * 1000 AS age
       FROM image_source_poll WHERE image_source = ?`,
      [imageSource],
    );
    return row?.age ?? null;
  }

  async record(imageSource: string, error: SessionError | null): Promise<void> {
    await this.#database.transaction(async (queries) => {
      if (error !== null && isTrustFailure(error)) await this.#tellDistrust(queries, imageSource, error);
      await this.#write(queries, imageSource, error);
    });
  }

  /** Once for each failure that lasts, not at every poll. */
  async #tellDistrust(queries: Queries, imageSource: string, { message }: SessionError): Promise<void> {
    const before = await firstRow<{ error_message: string | null }>(
      queries,
      'SELECT error_message FROM image_source_poll WHERE image_source = ? FOR UPDATE',
      [imageSource],
    );
    if (before?.error_message === message) return;
    const subject = { kind: 'node' as const, id: imageSource };
    this.#events.record(queries, async () => [
      { event: 'node-authentication-failed', actor: SYSTEM, outcome: 4, subject, description: message },
    ]);
  }

  async #write(queries: Queries, imageSource: string, error: SessionError | null): Promise<void> {
    await queries.raw(
      `INSERT INTO image_source_poll
         (image_source, last_polled_at, error_code, error_message, error_remedy, error_retryable)
       VALUES (?, now(), ?, ?, ?, ?)
       ON CONFLICT (image_source) DO UPDATE SET
         last_polled_at = excluded.last_polled_at, error_code = excluded.error_code,
         error_message = excluded.error_message, error_remedy = excluded.error_remedy,
         error_retryable = excluded.error_retryable`,
      [imageSource, ...errorColumns(error)],
    );
  }

  /** Those of the configuration. What is stored here is looked after in the same way, and is none. */
  async all(): Promise<readonly { imageSource: string; lastPolledAt: Date | null; error: SessionError | null }[]> {
    const found = await rows<ErrorColumns & { image_source: string; last_polled_at: Date | null }>(
      this.#database.knex,
      'SELECT * FROM image_source_poll WHERE image_source <> ? ORDER BY image_source',
      [RECEIVED],
    );
    return found.map((row) => ({
      imageSource: row.image_source,
      lastPolledAt: row.last_polled_at,
      error: errorOf(row),
    }));
  }
}
