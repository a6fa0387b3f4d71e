import type { AuditActor } from '../audit/audit-event';
import { cannot } from '../base/errors';
import type { AuditEvents } from './audit-events';
import { type Database, firstRow, rows } from './database';
import { type Installation, projectKeyContext } from './installation';
import { OPEN, unknownProject } from './projects';
import type { SourceErasure } from './source-erasure';

/** What went with the keys. */
export interface DestroyedKey {
  readonly project: string;
  readonly subjects: number;
  readonly uids: number;
  readonly sessions: number;
  /** Of the keys that are there now. */
  readonly keyGeneration: number;
}

/**
 * Destroys the keys of a project and all that they lead back to. The data key opens the register, the derivation key
 * makes the same pseudonym of the same identifier: both are overwritten, and the project goes on in another domain that
 * nothing links to this one. New UIDs, subject codes, receipts and timelines stay, as proof of what was delivered.
 */
export class KeyDestruction {
  readonly #database: Database;
  readonly #installation: Installation;
  readonly #erasure: SourceErasure;
  readonly #events: AuditEvents;

  constructor(
    database: Database,
    installation: Installation,
    parts: { readonly erasure: SourceErasure; readonly events: AuditEvents },
  ) {
    this.#database = database;
    this.#installation = installation;
    this.#erasure = parts.erasure;
    this.#events = parts.events;
  }

  /** Throws Fault UNKNOWN_PROJECT, and SESSIONS_UNDER_WAY where the keys are in use. */
  async destroy(name: string, actor: AuditActor): Promise<DestroyedKey> {
    const destroyed = await this.#database.transaction(async (queries) => {
      const masterKey = await this.#installation.masterKeyIn(queries);
      // A session that is being opened for the project waits for our end, and begins with the new keys.
      const project = await firstRow<{ id: string; key_generation: number }>(
        queries,
        'SELECT id, key_generation FROM project WHERE name = ? FOR UPDATE',
        [name],
      );
      if (project === undefined) throw unknownProject();
      const { id } = project;
      const sessions = await rows<{ id: string; open: boolean; erased: boolean }>(
        queries,
        `SELECT id, (${OPEN}) AS open, selection IS NULL AS erased FROM export_session
         WHERE project_id = ? ORDER BY id FOR UPDATE`,
        [id],
      );
      const open = sessions.filter((session) => session.open).length;
      if (open > 0) {
        throw cannot('SESSIONS_UNDER_WAY', `${open} sessions of the project have not ended and use its keys`, {
          remedy: 'Let them end, or cancel them.',
        });
      }
      await this.#erasure.ofSessions(
        queries,
        sessions.filter(({ erased }) => !erased).map((session) => session.id),
      );
      await queries.raw('DELETE FROM subject_assignment WHERE project_id = ?', [id]);
      // Time points hang on the codes, which are nobody's any more.
      await queries.raw('DELETE FROM trial_study WHERE project_id = ?', [id]);
      await queries.raw(
        `UPDATE reidentification SET request = NULL, state = 'declined', decided_by = 'the keys were destroyed',
           decided_at = now()
         WHERE project_id = ? AND request IS NOT NULL`,
        [id],
      );
      const uids = await rows(queries, 'DELETE FROM uid_mapping WHERE project_id = ? RETURNING 1', [id]);
      const subjects = await rows(queries, 'DELETE FROM subject WHERE project_id = ? RETURNING 1', [id]);
      await queries.raw(
        'DELETE FROM session_finding WHERE decision_id IN (SELECT id FROM review_decision WHERE project_id = ?)',
        [id],
      );
      await queries.raw('DELETE FROM review_decision WHERE project_id = ?', [id]);
      const keyGeneration = project.key_generation + 1;
      await queries.raw(
        `UPDATE project SET data_key = ?, derivation_key = ?, key_generation = ?, updated_at = now() WHERE id = ?`,
        [
          masterKey.wrap(masterKey.newKey(), projectKeyContext('data_key', id)),
          masterKey.wrap(masterKey.newKey(), projectKeyContext('derivation_key', id)),
          keyGeneration,
          id,
        ],
      );
      this.#events.record(queries, async () => [
        {
          event: 'key-destroyed',
          actor,
          project: name,
          subject: { kind: 'project', id: name },
          description: 'the keys of the project were destroyed, and what they led back to',
        },
      ]);
      return { project: name, subjects: subjects.length, uids: uids.length, sessions: sessions.length, keyGeneration };
    });
    await this.#removeDeadRows();
    return destroyed;
  }

  /** What was deleted or overwritten lies on in the tables' files until they are cleaned. */
  async #removeDeadRows(): Promise<void> {
    const { knex } = this.#database;
    for (const table of EMPTIED) await knex.raw(`VACUUM ${table}`).catch(() => undefined);
  }
}

const EMPTIED = [
  'project',
  'subject',
  'subject_assignment',
  'session_trial',
  'reidentification',
  'uid_mapping',
  'export_session',
  'session_instance',
  'session_event',
  'session_finding',
  'session_plan_context',
  'review_decision',
  'key_object',
  'received_instance',
  'audit_event',
] as const;
