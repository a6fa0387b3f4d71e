import {
  type AuditActor,
  type AuditEvent,
  type AuditEventLine,
  type AuditOutcome,
  type AuditQuery,
  SYSTEM,
} from '../audit/audit-event';
import { type AuditSource, auditMessage } from '../audit/audit-message';
import { reducedMessage } from '../audit/reduced-message';
import { type AuditEventName, auditRule } from '../audit/vocabulary';
import type { SealContext, Sealer } from '../security/envelope';
import type { Page } from '../session/store-port';
import { type Database, firstRow, json, type Queries, rows } from './database';
import { decodeCursor, pageOf } from './read/cursor';

/** Events are written one transaction after the other, so that their ids stand in the order of commits. */
const WRITING = 0x7463_6501;
/** Domain of the digest of a row whose message was reduced. */
const ERASURE = 'audit_event.erasure';
/** One process at a time sends. */
const SENDING = 0x7463_6502;

interface EventRow {
  id: string;
  at: Date;
  event: AuditEventName;
  event_id: string;
  event_meaning: string;
  action: string;
  outcome: AuditOutcome;
  actor_kind: AuditActor['kind'];
  actor_name: string;
  session_id: string | null;
  project: string | null;
  sent_at: Date | null;
}

interface ChainedRow extends Omit<EventRow, 'sent_at'> {
  message: Buffer;
  chain: Buffer;
  /** null: as it was written. */
  erasure: Buffer | null;
}

type WrittenRow = Omit<ChainedRow, 'chain' | 'erasure'>;

const COLUMNS = `e.id, e.at, e.event, e.event_id, e.event_meaning, e.action, e.outcome, e.actor_kind, e.actor_name,
  e.session_id, e.project`;

/** The audit trail: rows that are only ever added, each sealed and chained to the one before. */
export class AuditEvents {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #source: AuditSource;

  constructor(database: Database, sealer: Sealer, source: AuditSource) {
    this.#database = database;
    this.#sealer = sealer;
    this.#source = source;
  }

  /** In the transaction of the deed: both are kept, or neither. */
  record(queries: Queries, events: () => Promise<readonly AuditEvent[]>): void {
    // Others who record wait from here to our end, and any lock taken after this one could be held by one of them.
    this.#database.atEnd(queries, async () => this.#write(queries, await events()));
  }

  /** What happened outside of any transaction of ours, or was only looked at. */
  async recordNow(events: readonly AuditEvent[]): Promise<void> {
    await this.#database.transaction(async (queries) => this.record(queries, async () => events));
  }

  async #write(queries: Queries, events: readonly AuditEvent[]): Promise<void> {
    if (events.length === 0) return;
    await queries.raw('SELECT pg_advisory_xact_lock(?)', [WRITING]);
    const last = await firstRow<{ at: Date; id: string | null; chain: Buffer | null }>(
      queries,
      `SELECT clock_timestamp() AS at, l.id, l.chain
       FROM (SELECT) AS one LEFT JOIN LATERAL (SELECT id, chain FROM audit_event ORDER BY id DESC LIMIT 1) AS l ON true`,
    );
    let id = Number(last?.id ?? 0);
    let chain = last?.chain ?? Buffer.alloc(32);
    for (const event of events) {
      id += 1;
      const row = this.#rowOf(id, event, last?.at ?? new Date());
      chain = this.#chained(chain, row);
      await queries.raw(
        `INSERT INTO audit_event (id, at, event, event_id, event_meaning, action, outcome, actor_kind, actor_name,
           session_id, project, message, chain)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          row.id,
          row.at,
          row.event,
          row.event_id,
          row.event_meaning,
          row.action,
          row.outcome,
          row.actor_kind,
          row.actor_name,
          row.session_id,
          row.project,
          row.message,
          chain,
        ],
      );
    }
  }

  #rowOf(id: number, event: AuditEvent, at: Date): WrittenRow {
    const { eventID, action } = auditRule(event.event);
    const message = auditMessage(event, this.#source, at);
    return {
      id: String(id),
      at,
      event: event.event,
      event_id: eventID.code,
      event_meaning: eventID.originalText,
      action,
      outcome: event.outcome ?? 0,
      actor_kind: event.actor.kind,
      actor_name: event.actor.name,
      session_id: event.session ?? null,
      project: event.project ?? null,
      message: this.#sealer.seal(Buffer.from(message, 'utf8'), messageContext(String(id))),
    };
  }

  #chained(previous: Buffer, row: WrittenRow, domain = 'audit_event.chain'): Buffer {
    return this.#sealer.blindIndex(
      domain,
      json([
        previous.toString('base64'),
        row.id,
        row.at.toISOString(),
        row.event,
        row.event_id,
        row.event_meaning,
        row.action,
        row.outcome,
        row.actor_kind,
        row.actor_name,
        row.session_id,
        row.project,
        row.message.toString('base64'),
      ]),
    );
  }

  /**
   * What is kept of these sessions names neither patient nor study any more. The row is sealed once again, over what the
   * chain says of it and what is left, so that this cannot be done by anybody else unnoticed.
   */
  async reduce(queries: Queries, sessionIds: readonly string[]): Promise<void> {
    const found = await rows<ChainedRow>(
      queries,
      `SELECT ${COLUMNS}, e.message, e.chain FROM audit_event e
       WHERE e.session_id = ANY (?::uuid[]) AND e.erasure IS NULL ORDER BY e.id`,
      [[...sessionIds]],
    );
    for (const row of found) {
      const message = this.#open(row.id, row.message);
      const reduced = reducedMessage(message);
      if (reduced === message) continue;
      const left = { ...row, message: this.#sealer.seal(Buffer.from(reduced, 'utf8'), messageContext(row.id)) };
      await queries.raw('UPDATE audit_event SET message = ?, erasure = ? WHERE id = ?', [
        left.message,
        this.#chained(row.chain, left, ERASURE),
        row.id,
      ]);
    }
  }

  /** Newest first. */
  async list(query: AuditQuery): Promise<Page<AuditEventLine>> {
    const conditions: string[] = [];
    const bindings: unknown[] = [];
    const where = (sql: string, value: unknown): void => {
      if (value === undefined) return;
      conditions.push(sql);
      bindings.push(value);
    };
    where('e.event = ?', query.event);
    where('e.actor_name = ?', query.actor);
    where('e.session_id = ?::uuid', query.session);
    where('e.project = ANY (?::text[])', query.projects);
    where('e.at >= ?', query.from);
    where('e.at < ?', query.to);
    if (query.cursor !== undefined) where('e.id < ?', decodeCursor(query.cursor, isPosition)[0]);
    const found = await rows<EventRow>(
      this.#database.knex,
      `SELECT ${COLUMNS}, d.sent_at FROM audit_event e LEFT JOIN audit_delivery d ON d.event_id = e.id
       ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`} ORDER BY e.id DESC LIMIT ?`,
      [...bindings, query.limit + 1],
    );
    return pageOf(found.map(lineOf), query.limit, (last) => [last.id]);
  }

  /** The audit message itself; null where there is no such event in these projects (left out: any). Reading it is recorded first. */
  async message(id: number, actor: AuditActor, projects?: readonly string[]): Promise<string | null> {
    const row = await firstRow<{ message: Buffer }>(
      this.#database.knex,
      `SELECT message FROM audit_event WHERE id = ? ${projects === undefined ? '' : 'AND project = ANY (?::text[])'}`,
      projects === undefined ? [id] : [id, [...projects]],
    );
    if (row === undefined) return null;
    const subject = { kind: 'configuration' as const, id: `/api/v1/audit-events/${id}/message` };
    await this.recordNow([{ event: 'audit-log-used', actor, subject }]);
    return this.#open(String(id), row.message);
  }

  #open(id: string, message: Buffer): string {
    return this.#sealer.open(message, messageContext(id)).toString('utf8');
  }

  /**
   * Hands the oldest events that the repository does not have to `send`, and writes down that it has them once `send`
   * resolved. One process at a time: another one, meanwhile, gets 0. Killed in between, the same events come again.
   */
  async deliver(
    limit: number,
    send: (messages: readonly { readonly at: Date; readonly text: string }[]) => Promise<void>,
  ): Promise<number> {
    if (!(await this.#hasUndelivered())) return 0;
    return this.#database.transaction(async (queries) => {
      const lock = await firstRow<{ mine: boolean }>(queries, 'SELECT pg_try_advisory_xact_lock(?) AS mine', [SENDING]);
      if (lock?.mine !== true) return 0;
      const found = await rows<{ id: string; at: Date; message: Buffer }>(
        queries,
        `SELECT id, at, message FROM audit_event
         WHERE id > (SELECT coalesce(max(event_id), 0) FROM audit_delivery) ORDER BY id LIMIT ?`,
        [limit],
      );
      if (found.length === 0) return 0;
      await send(found.map(({ id, at, message }) => ({ at, text: this.#open(id, message) })));
      await queries.raw('INSERT INTO audit_delivery (event_id) SELECT unnest(?::bigint[])', [
        found.map(({ id }) => id),
      ]);
      return found.length;
    });
  }

  async #hasUndelivered(): Promise<boolean> {
    const found = await firstRow<{ waiting: boolean }>(
      this.#database.knex,
      `SELECT coalesce((SELECT max(id) FROM audit_event), 0) > coalesce((SELECT max(event_id) FROM audit_delivery), 0)
         AS waiting`,
    );
    return found?.waiting === true;
  }

  /** Ids at which the chain does not hold: a row was changed, or one before it is missing. Empty: all is as written. */
  async verify(): Promise<{ readonly events: number; readonly broken: readonly number[] }> {
    const broken: number[] = [];
    let events = 0;
    let previous: { readonly id: number; readonly chain: Buffer } = { id: 0, chain: Buffer.alloc(32) };
    for (;;) {
      const found = await rows<ChainedRow>(
        this.#database.knex,
        `SELECT ${COLUMNS}, e.message, e.chain, e.erasure FROM audit_event e WHERE e.id > ? ORDER BY e.id LIMIT 500`,
        [previous.id],
      );
      if (found.length === 0) return { events, broken };
      for (const row of found) {
        const id = Number(row.id);
        const holds =
          row.erasure === null
            ? this.#chained(previous.chain, row).equals(row.chain)
            : this.#chained(row.chain, row, ERASURE).equals(row.erasure);
        if (id !== previous.id + 1 || !holds) broken.push(id);
        previous = { id, chain: row.chain };
        events += 1;
      }
    }
  }

  /** Records that the configuration is another one than at the last start, of whichever process. */
  async noteConfiguration(configuration: unknown): Promise<void> {
    const digest = this.#sealer.blindIndex('audited_configuration', json(configuration));
    await this.#database.transaction(async (queries) => {
      const before = await firstRow<{ digest: Buffer }>(
        queries,
        'SELECT digest FROM audited_configuration FOR NO KEY UPDATE',
      );
      if (before?.digest.equals(digest) === true) return;
      await queries.raw(
        'INSERT INTO audited_configuration (digest) VALUES (?) ON CONFLICT (id) DO UPDATE SET digest = excluded.digest',
        [digest],
      );
      const description = before === undefined ? 'first configuration' : 'the configuration changed';
      const subject = { kind: 'configuration' as const, id: 'configuration' };
      this.record(queries, async () => [{ event: 'configuration-changed', actor: SYSTEM, subject, description }]);
    });
  }
}

function messageContext(row: string): SealContext {
  return { table: 'audit_event', column: 'message', row };
}

function lineOf(row: EventRow): AuditEventLine {
  return {
    id: Number(row.id),
    at: row.at,
    event: row.event,
    eventID: { code: row.event_id, meaning: row.event_meaning },
    action: row.action,
    outcome: row.outcome,
    actor: { kind: row.actor_kind, name: row.actor_name },
    session: row.session_id,
    project: row.project,
    sentAt: row.sent_at,
  };
}

function isPosition([id]: readonly unknown[]): boolean {
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0;
}
