import type { Reason } from '../base/outcome';
import type { ExportSession, SessionError, SessionState } from '../session/export-session';

/** Columns that hold an error, or four times NULL. */
export interface ErrorColumns {
  error_code: string | null;
  error_message: string | null;
  error_remedy: string | null;
  error_retryable: boolean | null;
}

export function errorColumns(
  error: SessionError | null,
): readonly [string | null, string | null, string | null, boolean | null] {
  return error === null ? [null, null, null, null] : [error.code, error.message, error.remedy ?? null, error.retryable];
}

export function errorOf(row: ErrorColumns): SessionError | null {
  if (row.error_code === null) return null;
  return {
    code: row.error_code,
    message: row.error_message ?? '',
    ...(row.error_remedy === null ? {} : { remedy: row.error_remedy }),
    retryable: row.error_retryable ?? false,
  };
}

export function reasonOf(row: {
  reason_code: string | null;
  reason_message: string | null;
  reason_remedy: string | null;
}): Reason | null {
  if (row.reason_code === null) return null;
  return {
    code: row.reason_code,
    message: row.reason_message ?? '',
    ...(row.reason_remedy === null ? {} : { remedy: row.reason_remedy }),
  };
}

export interface SessionRow extends ErrorColumns {
  id: string;
  state: SessionState;
  project: string | null;
  kind: ExportSession['kind'];
  image_source: string;
  receiver: string | null;
  subject: string | null;
  document_title: ExportSession['documentTitle'];
  disposition: string | null;
  delay_reasons: ExportSession['delayReasons'];
  edition: string | null;
  options: string[];
  attempts: number;
  next_attempt_at: Date | null;
  count_selected: number;
  count_retrieved: number;
  count_deidentified: number;
  count_delivered: number;
  count_refused: number;
  count_quarantined: number;
  selection_id: string;
  superseded_by: string | null;
  overdue: boolean;
  created_at: Date;
  updated_at: Date;
}

/** Every column of a `SessionRow`: nothing sealed is read for a list. */
export const SESSION_COLUMNS = `
  s.id, s.state, p.name AS project, p.kind, s.image_source, s.receiver, s.subject, s.document_title, s.disposition,
  s.delay_reasons, s.edition, s.options, s.attempts, s.next_attempt_at, s.count_selected, s.count_retrieved,
  s.count_deidentified, s.count_delivered, s.count_refused, s.count_quarantined, s.created_at, s.updated_at,
  s.selection_id, s.superseded_by, (s.state = 'delayed' AND s.reminded_at IS NOT NULL) AS overdue,
  s.error_code, s.error_message, s.error_remedy, s.error_retryable`;

export const SESSION_TABLES = 'export_session s LEFT JOIN project p ON p.id = s.project_id';

export function sessionOf(row: SessionRow): ExportSession {
  return {
    id: row.id,
    state: row.state,
    project: row.project,
    kind: row.kind,
    documentTitle: row.document_title,
    disposition: row.disposition,
    imageSource: row.image_source,
    receiver: row.receiver,
    subject: row.subject,
    counts: {
      selected: row.count_selected,
      retrieved: row.count_retrieved,
      deidentified: row.count_deidentified,
      delivered: row.count_delivered,
      refused: row.count_refused,
      quarantined: row.count_quarantined,
    },
    delayReasons: row.delay_reasons,
    selectionId: row.selection_id,
    supersededBy: row.superseded_by,
    overdue: row.overdue,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    error: errorOf(row),
    edition: row.edition,
    options: row.options,
  };
}
