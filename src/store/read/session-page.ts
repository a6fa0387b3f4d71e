import type { ExportSession, InstanceState } from '../../session/export-session';
import type { DeliveryReceipt, InstanceLine, Page, SessionEvent } from '../../session/store-port';
import { type Database, firstRow, rows } from '../database';
import type { EventNotes } from '../event-notes';
import type { SessionInstances } from '../session-instances';
import { reasonOf, SESSION_COLUMNS, SESSION_TABLES, type SessionRow, sessionOf } from '../session-rows';
import { decodeCursor, pageOf } from './cursor';

export async function sessionById(database: Database, id: string): Promise<ExportSession | null> {
  const sql = `SELECT ${SESSION_COLUMNS} FROM ${SESSION_TABLES} WHERE s.id = ?`;
  const row = await firstRow<SessionRow>(database.knex, sql, [id]);
  return row === undefined ? null : sessionOf(row);
}

interface LineRow {
  ordinal: number;
  state: InstanceState;
  sop_class_uid: string | null;
  target_sop_instance_uid: string | null;
  reason_code: string | null;
  reason_message: string | null;
  reason_remedy: string | null;
  byte_length: string | null;
  delivered_at: Date | null;
  status: number | null;
}

/** In the order of the manifest. New UIDs only. */
export async function instanceLines(
  database: Database,
  id: string,
  page: { readonly limit: number; readonly cursor?: string },
): Promise<Page<InstanceLine>> {
  const isPosition = (position: readonly unknown[]): boolean =>
    Number.isInteger(position[0]) && Math.abs(position[0] as number) < 2 ** 31;
  const after = page.cursor === undefined ? -1 : decodeCursor(page.cursor, isPosition)[0];
  const found = await rows<LineRow>(
    database.knex,
    `SELECT ordinal, state, sop_class_uid, target_sop_instance_uid, reason_code, reason_message, reason_remedy,
            byte_length, delivered_at, status
     FROM session_instance WHERE session_id = ? AND ordinal > ? ORDER BY ordinal LIMIT ?`,
    [id, after, page.limit + 1],
  );
  const lines = found.map((row) => ({
    ordinal: row.ordinal,
    state: row.state,
    SOPClassUID: row.sop_class_uid ?? '',
    SOPInstanceUID: row.target_sop_instance_uid,
    reason: reasonOf(row),
    byteLength: row.byte_length === null ? null : Number(row.byte_length),
    deliveredAt: row.delivered_at,
    status: row.status,
  }));
  return pageOf(lines, page.limit, (last) => [last.ordinal]);
}

/** Opens what is sealed: these UIDs are looked for in the PACS by the person who reads them. */
export async function missingInstances(
  database: Database,
  instances: SessionInstances,
  id: string,
): Promise<readonly string[]> {
  const found = await rows<{ ordinal: number; source: Buffer }>(
    database.knex,
    `SELECT ordinal, source FROM session_instance
     WHERE session_id = ? AND state = 'missing' AND source IS NOT NULL ORDER BY ordinal`,
    [id],
  );
  return found.map((row) => instances.openSource(id, row).SOPInstanceUID);
}

export async function sessionEvents(
  database: Database,
  notes: EventNotes,
  id: string,
): Promise<readonly SessionEvent[]> {
  const sql = 'SELECT at, state, text, code, note FROM session_event WHERE session_id = ? ORDER BY id';
  const found = await rows<Omit<SessionEvent, 'note'> & { note: Buffer | null }>(database.knex, sql, [id]);
  return found.map(({ note, ...event }) => (note === null ? event : { ...event, note: notes.open(id, note) }));
}

export async function receiptOf(database: Database, id: string): Promise<DeliveryReceipt | null> {
  const sql = 'SELECT receipt FROM delivery_receipt WHERE session_id = ? ORDER BY delivery DESC LIMIT 1';
  const row = await firstRow<{ receipt: DeliveryReceipt }>(database.knex, sql, [id]);
  return row?.receipt ?? null;
}
