import { randomUUID } from 'node:crypto';

import type { AuditActor } from '../audit/audit-event';
import type { Sealer } from '../security/envelope';
import type { DecisionLine, StandingDecisions, TextDecision } from '../session/review-port';
import type { AuditEvents } from './audit-events';
import { type Database, firstRow, isId, type Queries, rows, touched } from './database';
import type { Projects } from './projects';

interface DecisionRow {
  id: string;
  project_id: string;
  /** null: erased. */
  text: Buffer | null;
  text_index: Buffer;
  decision: TextDecision['decision'];
  replacement: Buffer | null;
  decided_by: string;
  decided_at: Date;
  revoked_by: string | null;
  revoked_at: Date | null;
}

const COLUMNS =
  'id, project_id, text, text_index, decision, replacement, decided_by, decided_at, revoked_by, revoked_at';
/** Shown of one project. */
const MOST_LINES = 1_000;

/** What people decided about texts, for each project; the texts are sealed and found again by keyed blind index. */
export class ReviewDecisions {
  readonly #database: Database;
  readonly #projects: Projects;
  readonly #events: AuditEvents;

  constructor(database: Database, projects: Projects, events: AuditEvents) {
    this.#database = database;
    this.#projects = projects;
    this.#events = events;
  }

  async standing(projectId: string): Promise<StandingDecisions> {
    const sealer = await this.#projects.sealerOf(projectId);
    const found = await rows<DecisionRow>(
      this.#database.knex,
      `SELECT ${COLUMNS} FROM review_decision WHERE project_id = ? AND revoked_at IS NULL`,
      [projectId],
    );
    if (found.length === 0) return new Map();
    const byIndex = new Map(found.map((row) => [row.text_index.toString('hex'), decisionOf(sealer, row)]));
    return { get: (text) => byIndex.get(textIndex(sealer, text).toString('hex')) };
  }

  /** The id of the decision; null where one stands already. */
  async add(
    queries: Queries,
    projectId: string,
    sealer: Sealer,
    decided: { readonly text: string; readonly decision: TextDecision; readonly by: string },
  ): Promise<string | null> {
    const id = randomUUID();
    const { text, decision, by } = decided;
    const seal = (value: string, column: Column) => sealer.seal(Buffer.from(value, 'utf8'), contextOf(column, id));
    const added = await touched(
      queries,
      `INSERT INTO review_decision (id, project_id, text_index, text, decision, replacement, decided_by)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (project_id, text_index) WHERE revoked_at IS NULL DO NOTHING`,
      [
        id,
        projectId,
        textIndex(sealer, text),
        seal(text, 'text'),
        decision.decision,
        decision.decision === 'edit' ? seal(decision.replacement ?? '', 'replacement') : null,
        by,
      ],
    );
    return added === 0 ? null : id;
  }

  /** What takes the place of an edited text, by the id of the decision. */
  async replacements(sealer: Sealer, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const found = await rows<DecisionRow>(
      this.#database.knex,
      `SELECT ${COLUMNS} FROM review_decision WHERE id = ANY (?::uuid[]) AND replacement IS NOT NULL`,
      [[...ids]],
    );
    return new Map(found.map((row) => [row.id, open(sealer, row, 'replacement') ?? '']));
  }

  async of(project: string): Promise<readonly DecisionLine[] | null> {
    const projectId = await this.#idOf(project);
    if (projectId === null) return null;
    const sealer = await this.#projects.sealerOf(projectId);
    const found = await rows<DecisionRow>(
      this.#database.knex,
      `SELECT ${COLUMNS} FROM review_decision WHERE project_id = ? ORDER BY decided_at DESC, id DESC LIMIT ?`,
      [projectId, MOST_LINES],
    );
    return found.map((row) => ({
      id: row.id,
      text: open(sealer, row, 'text') ?? '',
      decision: row.decision,
      replacement: open(sealer, row, 'replacement'),
      decidedBy: row.decided_by,
      decidedAt: row.decided_at,
      revokedBy: row.revoked_by,
      revokedAt: row.revoked_at,
    }));
  }

  async revoke(project: string, id: string, actor: AuditActor): Promise<boolean> {
    const projectId = await this.#idOf(project);
    if (projectId === null || !isId(id)) return false;
    return this.#database.transaction(async (queries) => {
      const revoked = await touched(
        queries,
        `UPDATE review_decision SET revoked_by = ?, revoked_at = now()
         WHERE id = ? AND project_id = ? AND revoked_at IS NULL`,
        [actor.name, id, projectId],
      );
      if (revoked === 0) return false;
      const subject = { kind: 'project' as const, id: project };
      const description = `decision ${id}`;
      this.#events.record(queries, async () => [{ event: 'decision-revoked', actor, project, subject, description }]);
      return true;
    });
  }

  async #idOf(project: string): Promise<string | null> {
    const row = await firstRow<{ id: string }>(this.#database.knex, 'SELECT id FROM project WHERE name = ?', [project]);
    return row?.id ?? null;
  }
}

export function textIndex(sealer: Sealer, text: string): Buffer {
  return sealer.blindIndex('review.text', text);
}

type Column = 'text' | 'replacement';

function contextOf(column: Column, id: string) {
  return { table: 'review_decision', column, row: id };
}

function open(sealer: Sealer, row: DecisionRow, column: Column): string | null {
  const sealed = row[column];
  return sealed === null ? null : sealer.open(sealed, contextOf(column, row.id)).toString('utf8');
}

function decisionOf(sealer: Sealer, row: DecisionRow): TextDecision {
  const replacement = open(sealer, row, 'replacement');
  return { decision: row.decision, ...(replacement === null ? {} : { replacement }) };
}
