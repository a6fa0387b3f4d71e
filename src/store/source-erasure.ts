import { SYSTEM } from '../audit/audit-event';
import { RECEIVED } from '../base/reserved-names';
import type { AuditEvents } from './audit-events';
import { type Queries, rows } from './database';
import { studiesOf } from './session-audit';

const ENDED = `('completed', 'rejected', 'cancelled', 'superseded')`;

/**
 * Takes out of the database what leads from a session back to its source: selection, source UIDs, the links to Key
 * Objects and received instances, texts, notes, and patient and study in the audit trail. New UIDs, receipts, timelines
 * and counts stay: they prove what was delivered.
 */
export class SourceErasure {
  readonly #events: AuditEvents;

  constructor(events: AuditEvents) {
    this.#events = events;
  }

  /** After a move, in its transaction: a session of an irreversible project loses its source when it ends. */
  async afterMove(queries: Queries, sessionId: string): Promise<void> {
    const ended = await rows<{ id: string }>(
      queries,
      `SELECT s.id FROM export_session s JOIN project p ON p.id = s.project_id
       WHERE s.id = ? AND NOT p.reversible AND s.state IN ${ENDED} AND s.selection IS NOT NULL`,
      [sessionId],
    );
    await this.ofSessions(
      queries,
      ended.map(({ id }) => id),
    );
  }

  /** They have to have ended. */
  async ofSessions(queries: Queries, sessionIds: readonly string[]): Promise<void> {
    if (sessionIds.length === 0) return;
    const ids = [...sessionIds];
    await this.#receivedInstances(queries, ids);
    await this.#keyObjects(queries, ids);
    await queries.raw('DELETE FROM session_plan_context WHERE session_id = ANY (?::uuid[])', [ids]);
    await queries.raw('DELETE FROM session_trial WHERE session_id = ANY (?::uuid[]) AND patient_index IS NOT NULL', [
      ids,
    ]);
    await this.#information(queries, ids);
    await queries.raw("DELETE FROM session_finding WHERE session_id = ANY (?::uuid[]) AND kind = 'text'", [ids]);
    await queries.raw('UPDATE session_event SET note = NULL WHERE session_id = ANY (?::uuid[]) AND note IS NOT NULL', [
      ids,
    ]);
    await queries.raw(
      'UPDATE session_instance SET source = NULL, source_index = NULL WHERE session_id = ANY (?::uuid[])',
      [ids],
    );
    await queries.raw('UPDATE export_session SET selection = NULL, patient_index = NULL WHERE id = ANY (?::uuid[])', [
      ids,
    ]);
    await this.#decisions(queries, ids);
    await queries.raw(
      `INSERT INTO session_event (session_id, state, text, code)
       SELECT id, state, 'what leads back to the source was erased', 'SOURCE_ERASED'
       FROM export_session WHERE id = ANY (?::uuid[]) ORDER BY id`,
      [ids],
    );
    await this.#events.reduce(queries, ids);
  }

  /** Those that no session that goes on needs. The bytes are unreadable without the key in the row; the file follows. */
  async #receivedInstances(queries: Queries, ids: string[]): Promise<void> {
    const deleted = await rows<{ sop_class_uid: string }>(
      queries,
      `DELETE FROM received_instance r
       WHERE r.instance_index IN (
           SELECT i.source_index FROM session_instance i JOIN export_session s ON s.id = i.session_id
           WHERE s.id = ANY (?::uuid[]) AND s.image_source = ?
           UNION
           SELECT k.instance_index FROM key_object k JOIN export_session s ON s.selection_id = k.session_id
           WHERE s.id = ANY (?::uuid[]) AND k.image_source = ?)
         AND NOT EXISTS (
           SELECT 1 FROM session_instance i JOIN export_session s ON s.id = i.session_id
           WHERE i.source_index = r.instance_index AND s.id <> ALL (?::uuid[]) AND s.state NOT IN ${ENDED})
         AND NOT EXISTS (
           SELECT 1 FROM key_object k JOIN export_session s ON s.selection_id = k.session_id
           WHERE k.image_source = ? AND k.instance_index = r.instance_index AND s.id <> ALL (?::uuid[])
             AND s.state NOT IN ${ENDED})
       RETURNING r.sop_class_uid`,
      [ids, RECEIVED, ids, RECEIVED, ids, RECEIVED, ids],
    );
    if (deleted.length === 0) return;
    // How many, and not of which study: the trail is kept.
    const studies = studiesOf(deleted.map((row) => ({ StudyInstanceUID: '', SOPClassUID: row.sop_class_uid })));
    this.#events.record(queries, async () => [
      { event: 'instances-deleted', actor: SYSTEM, peer: { name: RECEIVED }, studies },
    ]);
  }

  /** What was written for a selection serves all of its sessions, and that which takes its place: it goes with the last. */
  async #information(queries: Queries, ids: string[]): Promise<void> {
    await queries.raw(
      `DELETE FROM teaching_file_information i USING export_session w
       WHERE w.id = i.session_id
         AND w.selection_id IN (
           SELECT s.selection_id FROM export_session s WHERE s.id = ANY (?::uuid[])
           UNION
           SELECT before.selection_id FROM export_session before
             JOIN export_session after ON after.id = before.superseded_by
             JOIN export_session s ON s.selection_id = after.selection_id
           WHERE s.id = ANY (?::uuid[]))
         AND NOT EXISTS (
           SELECT 1 FROM export_session o
           WHERE o.state NOT IN ${ENDED} AND (o.selection_id = w.selection_id OR o.selection_id = (
             SELECT after.selection_id FROM export_session after WHERE after.id = w.superseded_by)))`,
      [ids, ids],
    );
  }

  /** They belong to every session of the selection, and go with the last. When they were met tells the session, too. */
  async #keyObjects(queries: Queries, ids: string[]): Promise<void> {
    await queries.raw(
      `UPDATE key_object k SET verdict = 'left-alone', session_id = NULL, sop_instance_uid = NULL,
         content_index = NULL, met_at = 'epoch', read_at = NULL
       WHERE k.session_id IN (SELECT selection_id FROM export_session WHERE id = ANY (?::uuid[]))
         AND NOT EXISTS (
           SELECT 1 FROM export_session o
           WHERE o.selection_id = k.session_id AND o.selection IS NOT NULL AND o.id <> ALL (?::uuid[]))`,
      [ids, ids],
    );
  }

  /** What was decided holds on, found by the keyed index of the text; words go once no session that goes on has them. */
  async #decisions(queries: Queries, ids: string[]): Promise<void> {
    await queries.raw(
      `UPDATE review_decision d SET text = NULL
       WHERE d.text IS NOT NULL
         AND d.project_id IN (
           SELECT s.project_id FROM export_session s JOIN project p ON p.id = s.project_id
           WHERE s.id = ANY (?::uuid[]) AND NOT p.reversible)
         AND NOT EXISTS (
           SELECT 1 FROM session_finding f JOIN export_session s ON s.id = f.session_id
           WHERE s.project_id = d.project_id AND f.text_index = d.text_index AND s.state NOT IN ${ENDED})`,
      [ids],
    );
  }
}
