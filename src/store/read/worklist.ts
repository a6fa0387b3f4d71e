import type { ExportSession, SessionState } from '../../session/export-session';
import type { Page, WorklistQuery } from '../../session/store-port';
import { type Database, isId, rows } from '../database';
import { SESSION_COLUMNS, SESSION_TABLES, type SessionRow, sessionOf } from '../session-rows';
import { decodeCursor, pageOf } from './cursor';

/** Sessions, the last changed first. */
export async function worklist(database: Database, query: WorklistQuery): Promise<Page<ExportSession>> {
  const conditions: string[] = [];
  const bindings: unknown[] = [];
  if (query.state !== undefined) {
    conditions.push('s.state = ?');
    bindings.push(query.state);
  }
  if (query.project !== undefined) {
    conditions.push('p.name = ?');
    bindings.push(query.project);
  }
  if (query.projects !== undefined) {
    conditions.push('p.name = ANY (?::text[])');
    bindings.push([...query.projects]);
  }
  if (query.cursor !== undefined) {
    const [updatedAt, id] = decodeCursor(query.cursor, isPosition);
    conditions.push('(s.updated_at, s.id) < (?::timestamptz, ?::uuid)');
    bindings.push(updatedAt, id);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const found = await rows<SessionRow>(
    database.knex,
    `SELECT ${SESSION_COLUMNS} FROM ${SESSION_TABLES} ${where} ORDER BY s.updated_at DESC, s.id DESC LIMIT ?`,
    [...bindings, query.limit + 1],
  );
  return pageOf(found.map(sessionOf), query.limit, (last) => [last.updatedAt.toISOString(), last.id]);
}

function isPosition(position: readonly unknown[]): boolean {
  const [updatedAt, id] = position;
  return (
    typeof updatedAt === 'string' &&
    /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(updatedAt) &&
    !Number.isNaN(Date.parse(updatedAt)) &&
    typeof id === 'string' &&
    isId(id)
  );
}

export async function countsByState(
  database: Database,
  projects?: readonly string[],
): Promise<ReadonlyMap<SessionState, number>> {
  const found = await rows<{ state: SessionState; sessions: number }>(
    database.knex,
    `SELECT state, count(*)::integer AS sessions FROM export_session
     ${projects === undefined ? '' : 'WHERE project_id IN (SELECT id FROM project WHERE name = ANY (?::text[]))'}
     GROUP BY state`,
    projects === undefined ? [] : [[...projects]],
  );
  return new Map(found.map(({ state, sessions }) => [state, sessions]));
}
