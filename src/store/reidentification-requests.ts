import { randomUUID } from 'node:crypto';
import type { AuditActor } from '../audit/audit-event';
import type { ReidentificationRequests, WaitingRequest } from '../register/reidentification';
import { type Database, firstRow, isId, json, rows, touched } from './database';
import type { Projects } from './projects';

/** First of the two keys of the lock under which one person's requests are counted. */
const COUNTING = 0x7463_6503;
const EXPIRES = "interval '1 day'";

interface WaitingRow {
  id: string;
  project_id: string;
  project: string;
  actor_kind: AuditActor['kind'];
  actor_name: string;
  asked_at: Date;
  state: WaitingRequest['state'];
  decided_by: string | null;
  request: Buffer;
}

/** Who asked for the way back. What was asked for is sealed while it waits, and gone once it was answered. */
export class StoredReidentificationRequests implements ReidentificationRequests {
  readonly #database: Database;
  readonly #projects: Projects;

  constructor(database: Database, projects: Projects) {
    this.#database = database;
    this.#projects = projects;
  }

  async add(request: Parameters<ReidentificationRequests['add']>[0]): Promise<string | null> {
    const { projectId, actor, items, waits, most } = request;
    const sealer = await this.#projects.sealerOf(projectId);
    const id = randomUUID();
    const sealed = waits === undefined ? null : sealer.seal(Buffer.from(json(waits), 'utf8'), contextOf(id));
    return this.#database.transaction(async (queries) => {
      await queries.raw('SELECT pg_advisory_xact_lock(?, hashtext(?))', [COUNTING, `${actor.kind} ${actor.name}`]);
      const counted = await firstRow<{ items: number }>(
        queries,
        `SELECT coalesce(sum(items), 0)::integer AS items FROM reidentification
         WHERE actor_kind = ? AND actor_name = ? AND asked_at > now() - make_interval(secs => ?)`,
        [actor.kind, actor.name, most.withinMs / 1000],
      );
      if ((counted?.items ?? 0) + items > most.items) return null;
      await queries.raw(
        `INSERT INTO reidentification (id, project_id, actor_kind, actor_name, items, request, state)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        [id, projectId, actor.kind, actor.name, items, sealed, sealed === null ? 'answered' : 'pending'],
      );
      return id;
    });
  }

  async waiting(projects?: readonly string[]): Promise<readonly WaitingRequest[]> {
    await this.#database.knex.raw(
      `UPDATE reidentification SET state = 'expired', request = NULL
       WHERE request IS NOT NULL AND asked_at <= now() - ${EXPIRES}`,
    );
    const found = await rows<WaitingRow>(
      this.#database.knex,
      `SELECT r.id, r.project_id, p.name AS project, r.actor_kind, r.actor_name, r.asked_at, r.state, r.decided_by,
         r.request
       FROM reidentification r JOIN project p ON p.id = r.project_id
       WHERE r.request IS NOT NULL ${projects === undefined ? '' : 'AND p.name = ANY (?::text[])'}
       ORDER BY r.asked_at LIMIT 500`,
      projects === undefined ? [] : [[...projects]],
    );
    return Promise.all(found.map((row) => this.#opened(row)));
  }

  async #opened(row: WaitingRow): Promise<WaitingRequest> {
    const sealer = await this.#projects.sealerOf(row.project_id);
    return {
      id: row.id,
      project: row.project,
      actor: { kind: row.actor_kind, name: row.actor_name },
      askedAt: row.asked_at,
      state: row.state,
      decidedBy: row.decided_by,
      request: JSON.parse(sealer.open(row.request, contextOf(row.id)).toString('utf8')) as WaitingRequest['request'],
    };
  }

  async decide(id: string, approved: boolean, by: AuditActor): Promise<boolean> {
    if (!isId(id)) return false;
    const decided = await touched(
      this.#database.knex,
      `UPDATE reidentification SET state = ?, decided_by = ?, decided_at = now(),
         request = CASE WHEN ?::boolean THEN request END
       WHERE id = ? AND state = 'pending' AND actor_name <> ? AND asked_at > now() - ${EXPIRES}`,
      [approved ? 'approved' : 'declined', by.name, approved, id, by.name],
    );
    return decided === 1;
  }

  async answered(id: string): Promise<boolean> {
    if (!isId(id)) return false;
    const sql = `UPDATE reidentification SET state = 'answered', request = NULL WHERE id = ? AND state = 'approved'`;
    return (await touched(this.#database.knex, sql, [id])) === 1;
  }
}

function contextOf(row: string) {
  return { table: 'reidentification', column: 'request', row };
}
