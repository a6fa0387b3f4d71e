import { randomUUID } from 'node:crypto';
import { cannot } from '../base/errors';
import type { SealContext, Sealer } from '../security/envelope';
import type { ExportSelection } from '../selection/export-selection';
import type { ExportSession, SessionState } from '../session/export-session';
import type { DeliveryReceipt, NewExportSession, Project, SessionStore } from '../session/store-port';
import { type Database, firstRow, isId, json, type Queries, touched } from './database';
import { enqueueAdvance } from './job-queue';
import type { KeyObjects } from './key-objects';
import type { Projects } from './projects';
import type { SessionInstances } from './session-instances';
import { errorColumns, SESSION_COLUMNS, SESSION_TABLES, type SessionRow, sessionOf } from './session-rows';

type Change = Parameters<SessionStore['move']>[1];

/** In these a session stands until a person, or another selection, moves it. */
const STANDING: ReadonlySet<SessionState> = new Set([
  'received',
  'delayed',
  'review',
  'completed',
  'failed',
  'quarantined',
  'rejected',
  'cancelled',
  'superseded',
]);

export interface LoadedSession {
  readonly session: ExportSession;
  readonly selection: ExportSelection;
  readonly project: Project | null;
}

/** Thrown inside a transaction to undo it. */
class MetBefore extends Error {}

export class Sessions {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #projects: Projects;
  readonly #keyObjects: KeyObjects;
  readonly #instances: SessionInstances;

  constructor(
    database: Database,
    sealer: Sealer,
    parts: { readonly projects: Projects; readonly keyObjects: KeyObjects; readonly instances: SessionInstances },
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#projects = parts.projects;
    this.#keyObjects = parts.keyObjects;
    this.#instances = parts.instances;
  }

  async open(session: NewExportSession): Promise<string | null> {
    const id = randomUUID();
    const { selection, imageSource } = session;
    const keyObjects = new Set([selection.source, ...selection.identicalDocuments].map((one) => one.SOPInstanceUID));
    keyObjects.delete('');
    try {
      await this.#database.transaction(async (queries) => {
        await this.#insert(queries, id, session);
        const taken = await this.#keyObjects.take(queries, imageSource, [...keyObjects], id);
        if (!taken) throw new MetBefore();
        await this.#instances.add(queries, id, selection.references);
        await addEvent(queries, id, session.state, 'selection received', session.error?.code ?? null);
        if (!STANDING.has(session.state)) await enqueueAdvance(queries, id);
      });
    } catch (error) {
      if (error instanceof MetBefore) return null;
      throw error;
    }
    return id;
  }

  async #insert(queries: Queries, id: string, session: NewExportSession): Promise<void> {
    await queries.raw(
      `INSERT INTO export_session (id, state, project_id, image_source, receiver, document_title, disposition,
         delay_reasons, selection, count_selected, error_code, error_message, error_remedy, error_retryable)
       VALUES (?, ?, ?, ?, ?, ?::jsonb, ?, ?::jsonb, ?, ?, ?, ?, ?, ?)`,
      [
        id,
        session.state,
        session.project?.id ?? null,
        session.imageSource,
        session.project?.receiver ?? null,
        json(session.documentTitle),
        session.disposition,
        json(session.delayReasons),
        this.#sealer.seal(Buffer.from(json(session.selection), 'utf8'), selectionContext(id)),
        session.selection.references.length,
        ...errorColumns(session.error),
      ],
    );
  }

  async load(sessionId: string): Promise<LoadedSession | null> {
    if (!isId(sessionId)) return null;
    const row = await firstRow<SessionRow & { selection: Buffer; project_id: string | null }>(
      this.#database.knex,
      `SELECT ${SESSION_COLUMNS}, s.selection, s.project_id FROM ${SESSION_TABLES} WHERE s.id = ?`,
      [sessionId],
    );
    if (row === undefined) return null;
    const selection = this.#sealer.open(row.selection, selectionContext(sessionId)).toString('utf8');
    const project = row.project_id === null ? null : await this.#projects.byId(this.#database.knex, row.project_id);
    return { session: sessionOf(row), selection: JSON.parse(selection) as ExportSelection, project };
  }

  async move(sessionId: string, change: Change): Promise<void> {
    await this.#database.transaction((queries) => this.#move(queries, sessionId, change));
  }

  /** With something that belongs to the move, in one transaction. */
  async moveWith(sessionId: string, change: Change, work: (queries: Queries) => Promise<void>): Promise<void> {
    await this.#database.transaction(async (queries) => {
      await this.#move(queries, sessionId, change);
      await work(queries);
    });
  }

  async #move(queries: Queries, sessionId: string, change: Change): Promise<void> {
    const { from, to, event, error, next } = change;
    const waitMs = next !== undefined && next > 0 ? next : null;
    const moved = await touched(
      queries,
      `UPDATE export_session SET
         state = ?, updated_at = now(),
         attempts = CASE WHEN ? THEN 0 ELSE attempts + 1 END,
         next_attempt_at = now() + ?::double precision * interval '1 millisecond',
         error_code = ?, error_message = ?, error_remedy = ?, error_retryable = ?,
         edition = coalesce(?, edition), options = coalesce(?::text[], options), subject = coalesce(?, subject),
         completed_at = CASE WHEN ? = 'completed' THEN now() END,
         closed_at = CASE WHEN ? IN ('rejected', 'cancelled', 'superseded') THEN now() END
       WHERE id = ? AND state = ?`,
      [
        to,
        error === null,
        waitMs,
        ...errorColumns(error),
        change.edition ?? null,
        change.options === undefined ? null : [...change.options],
        change.subject ?? null,
        to,
        to,
        sessionId,
        from,
      ],
    );
    if (moved === 0) {
      throw cannot('SESSION_MOVED', `the session is not ${from} any more`, { remedy: 'Look at it again.' });
    }
    // A stage that fails as it did the time before says nothing new.
    if (from !== to || error === null || change.repeated !== true) {
      await addEvent(queries, sessionId, to, event, error?.code ?? null);
    }
    if (next !== undefined) await enqueueAdvance(queries, sessionId, next);
  }

  async assign(sessionId: string, change: Parameters<SessionStore['assign']>[1]): Promise<void> {
    const { project, disposition, to, event } = change;
    await this.#database.transaction(async (queries) => {
      // First, and in the same transaction: only a session without a project may be without one in the new state.
      await queries.raw(
        `UPDATE export_session SET project_id = ?, receiver = ?, disposition = ?
         WHERE id = ? AND state = 'received' AND project_id IS NULL`,
        [project.id, project.receiver, disposition, sessionId],
      );
      await this.#move(queries, sessionId, {
        from: 'received',
        to,
        event,
        error: null,
        ...(STANDING.has(to) ? {} : { next: 0 }),
      });
    });
  }

  async stateOf(sessionId: string): Promise<SessionState | null> {
    if (!isId(sessionId)) return null;
    const sql = 'SELECT state FROM export_session WHERE id = ?';
    const row = await firstRow<{ state: SessionState }>(this.#database.knex, sql, [sessionId]);
    return row?.state ?? null;
  }

  async complete(sessionId: string, receipt: DeliveryReceipt): Promise<void> {
    await this.#database.transaction(async (queries) => {
      await this.#move(queries, sessionId, {
        from: 'exporting',
        to: 'completed',
        event: 'delivered',
        error: null,
        edition: receipt.edition,
        options: receipt.options,
      });
      await queries.raw('INSERT INTO delivery_receipt (session_id, receipt) VALUES (?, ?::jsonb)', [
        sessionId,
        json(receipt),
      ]);
    });
  }
}

async function addEvent(
  queries: Queries,
  sessionId: string,
  state: SessionState,
  text: string,
  code: string | null,
): Promise<void> {
  await queries.raw('INSERT INTO session_event (session_id, state, text, code) VALUES (?, ?, ?, ?)', [
    sessionId,
    state,
    text,
    code,
  ]);
}

function selectionContext(id: string): SealContext {
  return { table: 'export_session', column: 'selection', row: id };
}
