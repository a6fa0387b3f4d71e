import { randomUUID } from 'node:crypto';
import type { AuditActor } from '../audit/audit-event';
import { cannot, Fault } from '../base/errors';
import type { SealContext, Sealer } from '../security/envelope';
import type { ExportSelection } from '../selection/export-selection';
import type { ExportSession, SessionError, SessionState } from '../session/export-session';
import type { DeliveryReceipt, NewExportSession, Project, SessionStore } from '../session/store-port';
import { type Database, firstRow, isId, json, type Queries, rows, touched } from './database';
import type { EventNotes } from './event-notes';
import { enqueueAdvance } from './job-queue';
import type { KeyObjects } from './key-objects';
import type { Projects } from './projects';
import type { SessionAudit } from './session-audit';
import type { SessionInstances } from './session-instances';
import { errorColumns, SESSION_COLUMNS, SESSION_TABLES, type SessionRow, sessionOf } from './session-rows';
import type { SourceErasure } from './source-erasure';

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

/** In these nothing has left yet, and a document that was replaced can still take its place. */
const REPLACEABLE: readonly SessionState[] = [
  'received',
  'delayed',
  'waiting',
  'planning',
  'review',
  'queued',
  'failed',
  'quarantined',
  'rejected',
];

export interface SessionOfPatient {
  readonly session: ExportSession;
  readonly selection: ExportSelection;
}

export interface LoadedSession {
  readonly session: ExportSession;
  readonly selection: ExportSelection;
  readonly project: Project | null;
  readonly delivery: number;
  readonly sourceErased?: true;
}

/** Thrown inside a transaction to undo it. */
class MetBefore extends Error {}

export class Sessions {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #projects: Projects;
  readonly #keyObjects: KeyObjects;
  readonly #instances: SessionInstances;
  readonly #notes: EventNotes;
  readonly #audit: SessionAudit;
  readonly #erasure: SourceErasure;

  constructor(
    database: Database,
    sealer: Sealer,
    parts: {
      readonly projects: Projects;
      readonly keyObjects: KeyObjects;
      readonly instances: SessionInstances;
      readonly notes: EventNotes;
      readonly audit: SessionAudit;
      readonly erasure: SourceErasure;
    },
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#projects = parts.projects;
    this.#keyObjects = parts.keyObjects;
    this.#instances = parts.instances;
    this.#notes = parts.notes;
    this.#audit = parts.audit;
    this.#erasure = parts.erasure;
  }

  async open(session: NewExportSession): Promise<string | null> {
    const id = randomUUID();
    const { selection, imageSource, replaces } = session;
    try {
      await this.#database.transaction(async (queries) => {
        await this.#insert(queries, id, id, session);
        const document = {
          imageSource,
          SOPInstanceUID: selection.source.SOPInstanceUID,
          content: session.contentDigest ?? null,
          copies: selection.identicalDocuments.map((copy) => copy.SOPInstanceUID),
        };
        const losing = replaces === undefined ? [] : await this.#ofSelection(queries, replaces);
        const taken = await this.#keyObjects.take(queries, document, id, losing);
        if (!taken) throw new MetBefore();
        await this.#begin(queries, id, session);
        for (const other of session.project?.alsoTo ?? []) await this.#openBeside(queries, id, session, other);
        if (replaces !== undefined) await this.#supersedeReplaced(queries, losing, id);
        for (const delayed of session.supersedes ?? []) {
          await this.#supersede(queries, delayed, ['delayed', 'received'], id, 'a later selection took its place');
        }
      });
    } catch (error) {
      if (error instanceof MetBefore) return null;
      throw error;
    }
    return id;
  }

  /** The same selection on its way to another Receiver. */
  async #openBeside(queries: Queries, first: string, session: NewExportSession, receiver: string): Promise<void> {
    if (session.project === null) return;
    const id = randomUUID();
    const beside = { ...session, project: { ...session.project, receiver } };
    await this.#insert(queries, id, first, beside);
    await this.#begin(queries, id, beside);
  }

  async #begin(queries: Queries, id: string, session: NewExportSession): Promise<void> {
    const { selection, state, error } = session;
    await this.#instances.add(queries, id, selection.references);
    await addEvent(queries, id, state, 'selection received', error?.code ?? null);
    for (const warning of selection.warnings) await addEvent(queries, id, state, warning.message, warning.code);
    if (!STANDING.has(state)) await enqueueAdvance(queries, id);
    this.#audit.opened(queries, id);
    // One that a later selection had superseded before it came has ended already.
    await this.#erasure.afterMove(queries, id);
  }

  async #ofSelection(queries: Queries, sessionId: string): Promise<readonly string[]> {
    const found = await rows<{ id: string }>(
      queries,
      `SELECT id FROM export_session
       WHERE selection_id = (SELECT selection_id FROM export_session WHERE id = ?) ORDER BY id FOR UPDATE`,
      [sessionId],
    );
    return found.map(({ id }) => id);
  }

  async #supersedeReplaced(queries: Queries, sessions: readonly string[], by: string): Promise<void> {
    for (const session of sessions) {
      await this.#supersede(queries, session, REPLACEABLE, by, 'the document was replaced in the image source');
    }
  }

  /** Nothing where it has moved on meanwhile. */
  async #supersede(
    queries: Queries,
    sessionId: string,
    from: readonly SessionState[],
    by: string | null,
    event: string,
  ): Promise<void> {
    const moved = await touched(
      queries,
      `UPDATE export_session SET state = 'superseded', superseded_by = ?, updated_at = now(), closed_at = now(),
         next_attempt_at = NULL, error_code = NULL, error_message = NULL, error_remedy = NULL, error_retryable = NULL
       WHERE id = ? AND state = ANY (?::text[])`,
      [by, sessionId, [...from]],
    );
    if (moved === 0) return;
    await addEvent(queries, sessionId, 'superseded', event, null);
    this.#audit.superseded(queries, sessionId, event);
    await this.#erasure.afterMove(queries, sessionId);
  }

  /** The document says something else now, and orders nothing any more. */
  async withdraw(sessionId: string): Promise<void> {
    await this.#database.transaction(async (queries) => {
      for (const session of await this.#ofSelection(queries, sessionId)) {
        await this.#supersede(
          queries,
          session,
          REPLACEABLE,
          null,
          'the document was replaced in the image source by one that orders no export',
        );
      }
    });
  }

  /** Every session of the selection that is in one of these states. */
  async rejectSelection(sessionId: string, from: readonly SessionState[], error: SessionError): Promise<void> {
    await this.#database.transaction(async (queries) => {
      for (const id of await this.#ofSelection(queries, sessionId)) {
        const row = await firstRow<{ state: SessionState }>(queries, 'SELECT state FROM export_session WHERE id = ?', [
          id,
        ]);
        if (row === undefined || !from.includes(row.state)) continue;
        await this.#move(queries, id, { from: row.state, to: 'rejected', event: 'rejected', error });
      }
    });
  }

  async ofPatient(PatientID: string, states: readonly SessionState[]): Promise<readonly SessionOfPatient[]> {
    const found = await rows<SessionRow & { selection: Buffer }>(
      this.#database.knex,
      `SELECT ${SESSION_COLUMNS}, s.selection FROM ${SESSION_TABLES}
       WHERE s.state = ANY (?::text[]) AND (s.patient_index = ? OR s.patient_index IS NULL) AND s.selection IS NOT NULL
       ORDER BY s.created_at DESC, s.id`,
      [[...states], this.#patientIndex(PatientID)],
    );
    return found.map((row) => ({ session: sessionOf(row), selection: this.#openSelection(row.id, row.selection) }));
  }

  #patientIndex(PatientID: string): Buffer {
    return this.#sealer.blindIndex('export_session.patient', PatientID.trim());
  }

  #openSelection(id: string, sealed: Buffer): ExportSelection {
    return JSON.parse(this.#sealer.open(sealed, selectionContext(id)).toString('utf8')) as ExportSelection;
  }

  /** A further copy of the selection was read. */
  async meetCopy(sessionId: string, imageSource: string, copy: ExportSelection, contentDigest: string): Promise<void> {
    await this.#database.transaction(async (queries) => {
      const sessions = await this.#ofSelection(queries, sessionId);
      const copies = copy.identicalDocuments.map(({ SOPInstanceUID }) => SOPInstanceUID);
      const { SOPInstanceUID } = copy.source;
      await this.#keyObjects.meet(queries, { imageSource, SOPInstanceUID, content: contentDigest, copies }, sessionId);
      const whole = (await this.#keyObjects.awaited(queries, sessionId)).length === 0;
      for (const id of sessions) {
        await this.#addDocuments(queries, id, [copy.source, ...copy.identicalDocuments]);
        const row = await firstRow<{ state: SessionState }>(queries, 'SELECT state FROM export_session WHERE id = ?', [
          id,
        ]);
        if (row === undefined) continue;
        await addEvent(queries, id, row.state, 'a further copy of the selection was met', null);
        if (whole && row.state === 'waiting') await enqueueAdvance(queries, id);
      }
    });
  }

  /** Documents that one copy names and another does not. */
  async #addDocuments(
    queries: Queries,
    id: string,
    documents: readonly ExportSelection['identicalDocuments'][number][],
  ): Promise<void> {
    const row = await firstRow<{ selection: Buffer | null }>(
      queries,
      'SELECT selection FROM export_session WHERE id = ?',
      [id],
    );
    if (row?.selection == null) return;
    const selection = this.#openSelection(id, row.selection);
    const known = new Set([selection.source, ...selection.identicalDocuments].map((one) => one.SOPInstanceUID));
    const added = documents.filter(({ SOPInstanceUID }) => !known.has(SOPInstanceUID));
    if (added.length === 0) return;
    const identicalDocuments = [
      ...selection.identicalDocuments,
      ...added.map(({ StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID }) => ({
        StudyInstanceUID,
        SeriesInstanceUID,
        SOPInstanceUID,
      })),
    ];
    await queries.raw('UPDATE export_session SET selection = ? WHERE id = ?', [
      this.#sealer.seal(Buffer.from(json({ ...selection, identicalDocuments }), 'utf8'), selectionContext(id)),
      id,
    ]);
  }

  async awaitedCopies(sessionId: string): Promise<readonly string[]> {
    if (!isId(sessionId)) return [];
    const row = await firstRow<{ selection_id: string }>(
      this.#database.knex,
      'SELECT selection_id FROM export_session WHERE id = ?',
      [sessionId],
    );
    return row === undefined ? [] : this.#keyObjects.awaited(this.#database.knex, row.selection_id);
  }

  async release(sessionId: string, change: Parameters<SessionStore['release']>[1], by?: AuditActor): Promise<void> {
    const { from, event, note } = change;
    await this.#database.transaction(async (queries) => {
      const sessions = await this.#ofSelection(queries, sessionId);
      if (from === 'waiting') {
        for (const id of sessions) await this.#keyObjects.awaitNoLonger(queries, id);
      }
      for (const id of sessions) {
        const onward = { from, to: 'planning' as const, event, error: null, next: 0, ...noteOf(note) };
        const moved = this.#move(queries, id, onward, by);
        // Of the others some may have been cancelled.
        if (id === sessionId) await moved;
        else await moved.catch((error: unknown) => ignoreMoved(error));
      }
    });
  }

  /** Sessions delayed for so long; each is told of once in that time. */
  async remindOfDelayed(afterMs: number): Promise<readonly string[]> {
    return this.#database.transaction(async (queries) => {
      const found = await rows<{ id: string; days: number }>(
        queries,
        `UPDATE export_session SET reminded_at = now()
         WHERE id IN (
           SELECT id FROM export_session
           WHERE state = 'delayed'
             AND coalesce(reminded_at, created_at) < now() - ?::double precision * interval '1 millisecond'
           ORDER BY id FOR UPDATE SKIP LOCKED)
         RETURNING id, floor(extract(epoch FROM now() - created_at) / 86400)::integer AS days`,
        [afterMs],
      );
      for (const { id, days } of found) {
        await addEvent(queries, id, 'delayed', `still delayed after ${days} days`, 'DELAYED_FOR_LONG');
      }
      return found.map(({ id }) => id);
    });
  }

  /** Delayed sessions of these projects whose condition is due to be looked at; they count as looked at from now on. */
  async delayedToLookAt(projects: readonly string[], everyMs: number, limit: number): Promise<readonly string[]> {
    const found = await rows<{ id: string }>(
      this.#database.knex,
      `UPDATE export_session SET looked_at = now()
       WHERE id IN (
         SELECT s.id FROM export_session s JOIN project p ON p.id = s.project_id
         WHERE s.state = 'delayed' AND p.name = ANY (?::text[])
           AND coalesce(s.looked_at, '-infinity') < now() - ?::double precision * interval '1 millisecond'
         ORDER BY s.looked_at NULLS FIRST LIMIT ? FOR UPDATE OF s SKIP LOCKED)
       RETURNING id`,
      [[...projects], everyMs, limit],
    );
    return found.map(({ id }) => id);
  }

  async #insert(queries: Queries, id: string, selectionId: string, session: NewExportSession): Promise<void> {
    await queries.raw(
      `INSERT INTO export_session (id, selection_id, state, project_id, image_source, receiver, document_title,
         disposition, delay_reasons, selection, patient_index, superseded_by, closed_at, count_selected,
         error_code, error_message, error_remedy, error_retryable)
       VALUES (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?::jsonb, ?, ?, ?, CASE WHEN ? = 'superseded' THEN now() END, ?,
         ?, ?, ?, ?)`,
      [
        id,
        selectionId,
        session.state,
        session.project?.id ?? null,
        session.imageSource,
        session.project?.receiver ?? null,
        json(session.documentTitle),
        session.disposition,
        json(session.delayReasons),
        this.#sealer.seal(Buffer.from(json(session.selection), 'utf8'), selectionContext(id)),
        this.#patientIndex(session.selection.source.PatientID),
        session.supersededBy ?? null,
        session.state,
        session.selection.references.length,
        ...errorColumns(session.error),
      ],
    );
  }

  async load(sessionId: string): Promise<LoadedSession | null> {
    if (!isId(sessionId)) return null;
    const row = await firstRow<SessionRow & { selection: Buffer | null; project_id: string | null; delivery: number }>(
      this.#database.knex,
      `SELECT ${SESSION_COLUMNS}, s.selection, s.project_id, s.delivery FROM ${SESSION_TABLES} WHERE s.id = ?`,
      [sessionId],
    );
    if (row === undefined) return null;
    const project = row.project_id === null ? null : await this.#projects.byId(this.#database.knex, row.project_id);
    const { selection: sealed, delivery } = row;
    const session = sessionOf(row);
    if (sealed === null) return { session, selection: erasedSelection(session), project, delivery, sourceErased: true };
    return { session, selection: this.#openSelection(sessionId, sealed), project, delivery };
  }

  async move(sessionId: string, change: Change, by?: AuditActor): Promise<void> {
    await this.#database.transaction((queries) => this.#move(queries, sessionId, change, by));
  }

  /** With something that belongs to the move, in one transaction. */
  async moveWith(
    sessionId: string,
    change: Change,
    work: (queries: Queries) => Promise<void>,
    by?: AuditActor,
  ): Promise<void> {
    await this.#database.transaction(async (queries) => {
      await this.#move(queries, sessionId, change, by);
      await work(queries);
    });
  }

  async #move(queries: Queries, sessionId: string, change: Change, by?: AuditActor): Promise<void> {
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
      const sealed = change.note === undefined ? null : this.#notes.seal(sessionId, change.note);
      await addEvent(queries, sessionId, to, event, error?.code ?? null, sealed);
    }
    if (next !== undefined) await enqueueAdvance(queries, sessionId, next);
    this.#audit.moved(queries, sessionId, change, by);
    await this.#erasure.afterMove(queries, sessionId);
  }

  async assign(sessionId: string, change: Parameters<SessionStore['assign']>[1], by?: AuditActor): Promise<void> {
    const { project, disposition, to, event } = change;
    await this.#database.transaction(async (queries) => {
      // First, and in the same transaction: only a session without a project may be without one in the new state.
      await queries.raw(
        `UPDATE export_session SET project_id = ?, receiver = ?, disposition = ?
         WHERE id = ? AND state = 'received' AND project_id IS NULL`,
        [project.id, project.receiver, disposition, sessionId],
      );
      const onward = STANDING.has(to) ? {} : { next: 0 };
      await this.#move(queries, sessionId, { from: 'received', to, event, error: null, ...onward }, by);
      for (const receiver of project.alsoTo ?? [])
        await this.#copyBeside(queries, sessionId, { project, receiver, to });
    });
  }

  /** As `#openBeside`, for a selection whose project was found later. */
  async #copyBeside(
    queries: Queries,
    first: string,
    change: { readonly project: { readonly id: string }; readonly receiver: string; readonly to: SessionState },
  ): Promise<void> {
    const row = await firstRow<SessionRow & { selection: Buffer }>(
      queries,
      `SELECT ${SESSION_COLUMNS}, s.selection FROM ${SESSION_TABLES} WHERE s.id = ?`,
      [first],
    );
    if (row === undefined) return;
    const session = sessionOf(row);
    await this.#openBeside(
      queries,
      first,
      {
        imageSource: session.imageSource,
        project: { id: change.project.id, receiver: change.receiver },
        documentTitle: session.documentTitle,
        disposition: session.disposition,
        delayReasons: session.delayReasons,
        selection: this.#openSelection(first, row.selection),
        state: change.to,
        error: null,
      },
      change.receiver,
    );
  }

  async stateOf(sessionId: string): Promise<SessionState | null> {
    if (!isId(sessionId)) return null;
    const sql = 'SELECT state FROM export_session WHERE id = ?';
    const row = await firstRow<{ state: SessionState }>(this.#database.knex, sql, [sessionId]);
    return row?.state ?? null;
  }

  async resend(sessionId: string, change: Parameters<SessionStore['resend']>[1], by?: AuditActor): Promise<void> {
    await this.#database.transaction(async (queries) => {
      await this.#move(queries, sessionId, { ...change, to: 'planning', error: null, next: 0 }, by);
      await this.#instances.forgetDeliveries(queries, sessionId);
    });
  }

  async complete(sessionId: string, receipt: DeliveryReceipt): Promise<void> {
    await this.#database.transaction(async (queries) => {
      await this.#move(queries, sessionId, {
        from: 'exporting',
        to: 'completed',
        event: deliveredInWords(receipt),
        error: null,
        edition: receipt.edition,
        options: receipt.options,
      });
      await queries.raw(
        `INSERT INTO delivery_receipt (session_id, delivery, receipt)
         SELECT id, delivery, ?::jsonb FROM export_session WHERE id = ?`,
        [json(receipt), sessionId],
      );
    });
  }
}

async function addEvent(
  queries: Queries,
  sessionId: string,
  state: SessionState,
  text: string,
  code: string | null,
  note: Buffer | null = null,
): Promise<void> {
  await queries.raw('INSERT INTO session_event (session_id, state, text, code, note) VALUES (?, ?, ?, ?, ?)', [
    sessionId,
    state,
    text,
    code,
    note,
  ]);
}

function noteOf(note: string | undefined): { readonly note?: string } {
  return note === undefined ? {} : { note };
}

function ignoreMoved(error: unknown): void {
  if (!(error instanceof Fault) || error.code !== 'SESSION_MOVED') throw error;
}

function deliveredInWords({ leftOut = [], instances }: DeliveryReceipt): string {
  if (leftOut.length === 0) return 'delivered';
  const reasons = leftOut.map(({ code, count }) => `${count} ${code}`).join(', ');
  return `delivered in part: ${instances.length} of the instances, without ${reasons}`;
}

/** Of a session that has ended: nothing is done with it any more. */
function erasedSelection({ documentTitle }: ExportSession): ExportSelection {
  const source = {
    StudyInstanceUID: '',
    SeriesInstanceUID: '',
    SOPInstanceUID: '',
    PatientID: '',
    IssuerOfPatientID: '',
  };
  const nothing = { purpose: null, description: null, language: null, delayReasons: [], modifiers: [] };
  return { ...nothing, documentTitle, references: [], identicalDocuments: [], warnings: [], source };
}

function selectionContext(id: string): SealContext {
  return { table: 'export_session', column: 'selection', row: id };
}
