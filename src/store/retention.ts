import { SYSTEM } from '../audit/audit-event';
import type { AuditEvents } from './audit-events';
import { type Database, firstRow, rows, touched } from './database';
import { OPEN } from './projects';
import type { SourceErasure } from './source-erasure';

/** For how long a project keeps what identifies, in milliseconds. */
export interface RetentionRule {
  readonly project: string;
  readonly identity: number;
}

/** What was purged of one project. */
export interface Purged {
  readonly project: string;
  readonly sessions: number;
  readonly patients: number;
  readonly uids: number;
}

/** Sessions of one transaction. */
const AT_A_TIME = 100;

/**
 * Purges the identity of originals once a project has kept it for long enough: of sessions that ended, of UIDs that
 * were last given out, and of patients whose last session ended so long ago. What proves the delivery stays, and so
 * does the keyed index of the patient: who comes again has the same code.
 */
export class Retention {
  readonly #database: Database;
  readonly #erasure: SourceErasure;
  readonly #events: AuditEvents;

  constructor(database: Database, parts: { readonly erasure: SourceErasure; readonly events: AuditEvents }) {
    this.#database = database;
    this.#erasure = parts.erasure;
    this.#events = parts.events;
  }

  /** Safe to run from any number of processes. Projects of which nothing was due are left out. */
  async purge(rules: readonly RetentionRule[]): Promise<readonly Purged[]> {
    const purged: Purged[] = [];
    for (const rule of rules) {
      const project = await firstRow<{ id: string }>(this.#database.knex, 'SELECT id FROM project WHERE name = ?', [
        rule.project,
      ]);
      if (project === undefined) continue;
      let sessions = 0;
      for (let some = AT_A_TIME; some === AT_A_TIME; sessions += some) some = await this.#sessions(project.id, rule);
      const { patients, uids } = await this.#register(project.id, rule);
      if (sessions + patients + uids > 0) purged.push({ project: rule.project, sessions, patients, uids });
    }
    return purged;
  }

  async #sessions(projectId: string, { project, identity }: RetentionRule): Promise<number> {
    return this.#database.transaction(async (queries) => {
      const due = await rows<{ id: string }>(
        queries,
        `SELECT id FROM export_session
         WHERE project_id = ? AND selection IS NOT NULL AND NOT (${OPEN}) AND ${longAgo('coalesce(completed_at, closed_at)')}
         ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED`,
        [projectId, identity, AT_A_TIME],
      );
      await this.#erasure.ofSessions(
        queries,
        due.map(({ id }) => id),
      );
      if (due.length > 0) this.#events.record(queries, async () => [purgedEvent(project, `${due.length} sessions`)]);
      return due.length;
    });
  }

  async #register(projectId: string, { project, identity }: RetentionRule) {
    return this.#database.transaction(async (queries) => {
      const uids = await touched(queries, `DELETE FROM uid_mapping WHERE project_id = ? AND ${longAgo('used_at')}`, [
        projectId,
        identity,
      ]);
      const patients = await touched(
        queries,
        `UPDATE subject u SET patient = NULL
         WHERE u.project_id = ? AND u.patient IS NOT NULL AND ${longAgo('u.created_at')}
           -- Whose a session is that is being planned is not known yet.
           AND NOT EXISTS (
             SELECT 1 FROM export_session s
             WHERE s.project_id = u.project_id AND s.subject IS NULL AND s.state IN ('planning', 'waiting'))
           AND NOT EXISTS (
             SELECT 1 FROM export_session s
             WHERE s.project_id = u.project_id AND s.subject IN (u.code, u.subject_id)
               AND (s.selection IS NOT NULL OR NOT ${longAgo('coalesce(s.completed_at, s.closed_at)')}))`,
        [projectId, identity, identity],
      );
      // What was decided holds on; the words go, unless somebody has them before them.
      const texts = await touched(
        queries,
        `UPDATE review_decision d SET text = NULL
         WHERE d.project_id = ? AND d.text IS NOT NULL AND ${longAgo('d.decided_at')}
           AND NOT EXISTS (
             SELECT 1 FROM session_finding f JOIN export_session s ON s.id = f.session_id
             WHERE s.project_id = d.project_id AND f.text_index = d.text_index AND s.${OPEN})`,
        [projectId, identity],
      );
      if (uids + patients + texts > 0) {
        const what = `${patients} patients, ${uids} UIDs and ${texts} texts`;
        this.#events.record(queries, async () => [purgedEvent(project, what)]);
      }
      return { patients, uids };
    });
  }
}

function longAgo(column: string): string {
  return `${column} < now() - ?::double precision * interval '1 millisecond'`;
}

function purgedEvent(project: string, what: string) {
  return {
    event: 'identity-purged' as const,
    actor: SYSTEM,
    project,
    subject: { kind: 'project' as const, id: project },
    description: `the identity of originals was purged after its time: ${what}`,
  };
}
