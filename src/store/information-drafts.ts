import { randomUUID } from 'node:crypto';
import type { Sealer } from '../security/envelope';
import type { TeachingFileInformation } from '../selection/additional-teaching-file-information/information';
import type { WrittenInformation } from '../session/information-port';
import { type Database, firstRow, isId, json, touched } from './database';

interface InformationRow {
  session_id: string;
  information: Buffer | null;
  series_instance_uid: string;
  sop_instance_uid: string;
  written_by: string;
  written_at: Date;
}

/** Teaching file information that is written here, sealed. */
export class InformationDrafts {
  readonly #database: Database;
  readonly #sealer: Sealer;

  constructor(database: Database, sealer: Sealer) {
    this.#database = database;
    this.#sealer = sealer;
  }

  /** Its own before that of another session of the selection, and that before one of the selection that it supersedes. */
  async of(sessionId: string): Promise<WrittenInformation | null> {
    if (!isId(sessionId)) return null;
    const row = await firstRow<InformationRow>(
      this.#database.knex,
      `SELECT i.session_id, i.information, i.series_instance_uid, i.sop_instance_uid, i.written_by, i.written_at
       FROM export_session s
       JOIN export_session w ON w.selection_id = s.selection_id OR w.selection_id IN (
         SELECT before.selection_id FROM export_session before JOIN export_session after ON after.id = before.superseded_by
         WHERE after.selection_id = s.selection_id)
       JOIN teaching_file_information i ON i.session_id = w.id
       WHERE s.id = ?
       ORDER BY w.id = s.id DESC, w.selection_id = s.selection_id DESC, i.written_at DESC, i.session_id LIMIT 1`,
      [sessionId],
    );
    if (row === undefined || row.information === null) return null;
    const opened = this.#sealer.open(row.information, contextOf(row.session_id));
    return {
      information: JSON.parse(opened.toString('utf8')) as TeachingFileInformation,
      SeriesInstanceUID: row.series_instance_uid,
      SOPInstanceUID: row.sop_instance_uid,
      writtenBy: row.written_by,
      writtenAt: row.written_at,
    };
  }

  async write(sessionId: string, information: TeachingFileInformation | null, by: string): Promise<void> {
    const sealed =
      information === null ? null : this.#sealer.seal(Buffer.from(json(information), 'utf8'), contextOf(sessionId));
    await touched(
      this.#database.knex,
      `INSERT INTO teaching_file_information (session_id, information, series_instance_uid, sop_instance_uid, written_by)
       VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (session_id) DO UPDATE
         SET information = excluded.information, written_by = excluded.written_by, written_at = now()`,
      [sessionId, sealed, newUID(), newUID(), by],
    );
  }
}

/** PS3.5 B.2: a UUID as one decimal number. */
function newUID(): string {
  return `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;
}

function contextOf(sessionId: string) {
  return { table: 'teaching_file_information', column: 'information', row: sessionId };
}
