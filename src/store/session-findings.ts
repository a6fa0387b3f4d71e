import { randomUUID } from 'node:crypto';

import type { AuditActor } from '../audit/audit-event';
import type { Sealer } from '../security/envelope';
import type {
  Decided,
  FindingCount,
  FindingKind,
  FindingLine,
  FindingText,
  OpenFinding,
  PlanContext,
  PlannedFinding,
  TextDecision,
} from '../session/review-port';
import { type Database, firstRow, isId, json, type Queries, rows, touched } from './database';
import type { Projects } from './projects';
import { type ReviewDecisions, textIndex } from './review-decisions';
import type { SessionAudit } from './session-audit';
import type { Sessions } from './sessions';

interface FindingRow {
  id: string;
  kind: FindingKind;
  reason: string;
  paths: string[];
  instances: number;
  text: Buffer | null;
  decision_id: string | null;
  decision: TextDecision['decision'] | null;
  decided_by: string | null;
  decided_at: Date | null;
}

interface KnownRow {
  id: string;
  kind: FindingKind;
  reason: string;
  text_index: Buffer | null;
  instances: number;
  seen_instances: number | null;
  seen_pixels: Buffer | null;
}

/** Somebody has looked at these very pixels. */
const SEEN = '(f.seen_instances >= f.instances AND f.seen_pixels IS NOT DISTINCT FROM f.pixels)';

/** Each finding with the decision that applies: in review the one that stands now, afterwards the one that was used. */
const FINDINGS = `
  SELECT f.id, f.kind, f.reason, f.paths, f.instances, f.text, d.id AS decision_id,
    CASE WHEN f.kind = 'text' THEN d.decision WHEN ${SEEN} THEN 'accept' END AS decision,
    CASE WHEN f.kind = 'text' THEN d.decided_by WHEN ${SEEN} THEN f.seen_by END AS decided_by,
    CASE WHEN f.kind = 'text' THEN d.decided_at WHEN ${SEEN} THEN f.seen_at END AS decided_at
  FROM session_finding f
  JOIN export_session s ON s.id = f.session_id
  LEFT JOIN review_decision stands
    ON stands.project_id = s.project_id AND stands.text_index = f.text_index AND stands.revoked_at IS NULL
  LEFT JOIN review_decision d ON d.id = CASE
    WHEN s.state IN ('planning', 'review', 'waiting') THEN stands.id ELSE f.decision_id END
  WHERE f.session_id = ?`;

/** What planning found for a person to look at, and what became of it. */
export class SessionFindings {
  readonly #database: Database;
  readonly #projects: Projects;
  readonly #decisions: ReviewDecisions;
  readonly #sessions: Sessions;
  readonly #audit: SessionAudit;

  constructor(
    database: Database,
    parts: {
      readonly projects: Projects;
      readonly decisions: ReviewDecisions;
      readonly sessions: Sessions;
      readonly audit: SessionAudit;
    },
  ) {
    this.#database = database;
    this.#projects = parts.projects;
    this.#decisions = parts.decisions;
    this.#sessions = parts.sessions;
    this.#audit = parts.audit;
  }

  async keepPlanContext(sessionId: string, projectId: string, context: PlanContext): Promise<void> {
    const sealer = await this.#projects.sealerOf(projectId);
    await this.#database.knex.raw(
      `INSERT INTO session_plan_context (session_id, context) VALUES (?, ?)
       ON CONFLICT (session_id) DO UPDATE SET context = excluded.context`,
      [sessionId, sealer.seal(Buffer.from(json(context), 'utf8'), planContextOf(sessionId))],
    );
  }

  async planContext(sessionId: string, projectId: string): Promise<PlanContext | null> {
    const sql = 'SELECT context FROM session_plan_context WHERE session_id = ?';
    const row = await firstRow<{ context: Buffer }>(this.#database.knex, sql, [sessionId]);
    if (row === undefined) return null;
    const sealer = await this.#projects.sealerOf(projectId);
    return JSON.parse(sealer.open(row.context, planContextOf(sessionId)).toString('utf8')) as PlanContext;
  }

  async record(
    sessionId: string,
    projectId: string,
    findings: readonly PlannedFinding[],
    decided: readonly string[],
  ): Promise<{ readonly undecided: number; readonly approved: boolean }> {
    const sealer = await this.#projects.sealerOf(projectId);
    const used = decided.map((text) => textIndex(sealer, text).toString('hex'));
    return this.#database.transaction(async (queries) => {
      const before = await rows<KnownRow>(
        queries,
        'SELECT id, kind, reason, text_index, instances, seen_instances, seen_pixels FROM session_finding WHERE session_id = ?',
        [sessionId],
      );
      const known = new Map(before.map((row) => [keyOf(row), row]));
      const found = findings.map((finding) => {
        const index = finding.text === null ? null : textIndex(sealer, finding.text.text);
        const row = known.get(keyOf({ ...finding, text_index: index }));
        const pixels = finding.kind === 'pixel' && finding.pixels !== null ? Buffer.from(finding.pixels, 'hex') : null;
        const seen = pixels !== null && row?.seen_pixels?.equals(pixels) === true && row.seen_instances !== null;
        return { finding, index, pixels, id: row?.id ?? randomUUID(), seen: seen ? (row.seen_instances ?? 0) : 0 };
      });
      const keep = new Set(found.map(({ id }) => id));
      const usedBefore = before.filter(
        ({ id, text_index }) => !keep.has(id) && text_index !== null && used.includes(text_index.toString('hex')),
      );
      for (const { id } of usedBefore) keep.add(id);
      await queries.raw('DELETE FROM session_finding WHERE session_id = ? AND id <> ALL (?::uuid[])', [
        sessionId,
        [...keep],
      ]);
      for (const { finding, index, pixels, id } of found) {
        await queries.raw(
          `INSERT INTO session_finding (id, session_id, kind, reason, paths, instances, text_index, text, pixels)
           VALUES (?, ?, ?, ?, ?::text[], ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET reason = excluded.reason, paths = excluded.paths,
             instances = excluded.instances, text = excluded.text, pixels = excluded.pixels, decision_id = NULL`,
          [
            id,
            sessionId,
            finding.kind,
            finding.reason,
            [...finding.paths],
            finding.instances,
            index,
            finding.text === null ? null : sealer.seal(Buffer.from(json(finding.text), 'utf8'), textOf(id)),
            pixels,
          ],
        );
      }
      await queries.raw(
        `UPDATE session_finding f SET decision_id = d.id FROM review_decision d
         WHERE f.id = ANY (?::uuid[]) AND d.project_id = ? AND d.text_index = f.text_index AND d.revoked_at IS NULL`,
        [usedBefore.map(({ id }) => id), projectId],
      );
      const approval = await firstRow(queries, 'SELECT id FROM session_approval WHERE session_id = ? LIMIT 1', [
        sessionId,
      ]);
      return {
        undecided: found.filter(({ finding, seen }) => finding.kind === 'text' || seen < finding.instances).length,
        approved: approval !== undefined,
      };
    });
  }

  async counts(sessionId: string): Promise<readonly FindingCount[]> {
    return rows<FindingCount>(
      this.#database.knex,
      `SELECT kind, reason, decision, count(*)::integer AS findings, sum(instances)::integer AS instances
       FROM (${FINDINGS}) f GROUP BY kind, reason, decision ORDER BY kind, reason, decision NULLS LAST`,
      [sessionId],
    );
  }

  async of(sessionId: string): Promise<readonly FindingLine[]> {
    return isId(sessionId) ? (await this.#rows(sessionId)).map(lineOf) : [];
  }

  async opened(sessionId: string): Promise<readonly OpenFinding[]> {
    if (!isId(sessionId)) return [];
    const found = await this.#rows(sessionId);
    const sealer = await this.#sealerOf(sessionId);
    if (sealer === null) return [];
    const edited = found.flatMap(({ decision, decision_id: id }) => (decision === 'edit' && id !== null ? [id] : []));
    const replacements = await this.#decisions.replacements(sealer, edited);
    return found.map((row) => ({
      ...lineOf(row),
      text: openText(sealer, row),
      replacement: replacements.get(row.decision_id ?? '') ?? null,
    }));
  }

  async decide(sessionId: string, findingId: string, decision: TextDecision, actor: AuditActor): Promise<Decided> {
    if (!isId(sessionId) || !isId(findingId)) return 'unknown-finding';
    return this.#database.transaction(async (queries) => {
      // Nobody approves it meanwhile.
      const session = await lockedSession(queries, sessionId);
      if (session === undefined) return 'unknown-finding';
      const row = (await this.#rows(sessionId, queries)).find(({ id }) => id === findingId);
      if (row === undefined) return 'unknown-finding';
      if (session.state !== 'review') return 'not-in-review';
      if (row.decision !== null) return 'already-decided';
      const isNews =
        row.kind === 'pixel'
          ? (await seen(queries, [findingId], actor.name)) > 0
          : await this.#decideText(queries, session.project_id, row, decision, actor.name);
      if (!isNews) return 'already-decided';
      this.#audit.decided(queries, sessionId, decision.decision, actor);
      return 'done';
    });
  }

  async approve(sessionId: string, actor: AuditActor): Promise<void> {
    const by = actor.name;
    await this.#sessions.moveWith(
      sessionId,
      { from: 'review', to: 'planning', event: `approved by ${by}`, error: null, next: 0 },
      async (queries) => {
        const session = await lockedSession(queries, sessionId);
        const undecided = (await this.#rows(sessionId, queries)).filter(({ decision }) => decision === null);
        const pixels = undecided.filter(({ kind }) => kind === 'pixel');
        await seen(
          queries,
          pixels.map(({ id }) => id),
          by,
        );
        for (const row of undecided) {
          if (row.kind === 'text') {
            await this.#decideText(queries, session?.project_id ?? '', row, { decision: 'accept' }, by);
          }
        }
        await queries.raw('INSERT INTO session_approval (session_id, approved_by) VALUES (?, ?)', [sessionId, by]);
      },
      actor,
    );
  }

  async #decideText(
    queries: Queries,
    projectId: string,
    row: FindingRow,
    decision: TextDecision,
    by: string,
  ): Promise<boolean> {
    const sealer = await this.#projects.sealerOf(projectId, queries);
    const text = openText(sealer, row)?.text ?? '';
    const id = await this.#decisions.add(queries, projectId, sealer, { text, decision, by });
    if (id === null) return false;
    await queries.raw('UPDATE session_finding SET decision_id = ? WHERE id = ?', [id, row.id]);
    return true;
  }

  async #rows(sessionId: string, queries: Queries = this.#database.knex): Promise<readonly FindingRow[]> {
    return rows<FindingRow>(queries, `${FINDINGS} ORDER BY f.kind DESC, f.instances DESC, f.id`, [sessionId]);
  }

  async #sealerOf(sessionId: string): Promise<Sealer | null> {
    const sql = 'SELECT project_id FROM export_session WHERE id = ?';
    const row = await firstRow<{ project_id: string | null }>(this.#database.knex, sql, [sessionId]);
    return row?.project_id == null ? null : this.#projects.sealerOf(row.project_id);
  }
}

async function lockedSession(
  queries: Queries,
  sessionId: string,
): Promise<{ state: string; project_id: string } | undefined> {
  return firstRow(queries, 'SELECT state, project_id FROM export_session WHERE id = ? FOR UPDATE', [sessionId]);
}

async function seen(queries: Queries, ids: readonly string[], by: string): Promise<number> {
  return touched(
    queries,
    `UPDATE session_finding SET seen_by = ?, seen_at = now(), seen_instances = instances, seen_pixels = pixels
     WHERE id = ANY (?::uuid[]) AND kind = 'pixel'
       AND (coalesce(seen_instances, 0) < instances OR seen_pixels IS DISTINCT FROM pixels)`,
    [by, [...ids]],
  );
}

function keyOf({ kind, reason, text_index }: Pick<KnownRow, 'kind' | 'reason' | 'text_index'>): string {
  return kind === 'text' ? `text ${text_index?.toString('hex')}` : `pixel ${reason}`;
}

function lineOf({ id, kind, reason, paths, instances, decision, decided_by, decided_at }: FindingRow): FindingLine {
  return { id, kind, reason, paths, instances, decision, decidedBy: decided_by, decidedAt: decided_at };
}

function openText(sealer: Sealer, row: FindingRow): FindingText | null {
  if (row.text === null) return null;
  return JSON.parse(sealer.open(row.text, textOf(row.id)).toString('utf8')) as FindingText;
}

function textOf(id: string) {
  return { table: 'session_finding', column: 'text', row: id };
}

function planContextOf(sessionId: string) {
  return { table: 'session_plan_context', column: 'context', row: sessionId };
}
