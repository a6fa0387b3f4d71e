import type { Reason } from '../base/outcome';
import type { CodedConcept } from '../dicom/coded-concept';

export const SESSION_STATES = [
  'received',
  'delayed',
  'waiting',
  'planning',
  'review',
  'queued',
  'exporting',
  'completed',
  'failed',
  'quarantined',
  'rejected',
  'cancelled',
  'superseded',
] as const;
export type SessionState = (typeof SESSION_STATES)[number];

export type ProjectKind = 'teaching-file' | 'clinical-trial' | 'research-collection' | 'publication';

/** What stopped a session, or what it is waiting for. Holds no patient data. */
export interface SessionError extends Reason {
  readonly retryable: boolean;
}

/**
 * `selected` → `planned` (read, de-identified and checked once, nothing sent) → `delivered` (the Receiver keeps it).
 * `missing`: the image source does not have it. `quarantined`: held back, with a reason.
 */
export type InstanceState = 'selected' | 'missing' | 'planned' | 'quarantined' | 'delivered';

export interface SessionCounts {
  readonly selected: number;
  readonly retrieved: number;
  readonly deidentified: number;
  readonly delivered: number;
  readonly refused: number;
  readonly quarantined: number;
}

/** One selection on its way to one Receiver. No identifier of the source in it. */
export interface ExportSession {
  readonly id: string;
  readonly state: SessionState;
  readonly project: string | null;
  readonly kind: ProjectKind | null;
  readonly documentTitle: CodedConcept;
  /** Text of (113012, DCM) where it equals a configured disposition; free text of the Selector is kept sealed only. */
  readonly disposition: string | null;
  readonly imageSource: string;
  readonly receiver: string | null;
  /** Code of the patient in the project, as it goes out; null until planned. */
  readonly subject: string | null;
  readonly counts: SessionCounts;
  readonly delayReasons: readonly CodedConcept[];
  /** Sessions of one selection, each on its way to another Receiver, have the same. */
  readonly selectionId: string;
  /** The session that took the place of this one. */
  readonly supersededBy: string | null;
  /** Delayed for longer than the configuration finds usual. */
  readonly overdue: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Failed tries of the present stage, since it last got on. */
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly error: SessionError | null;
  /** Edition of Table E.1-1 and the profile options it ran under; null until planned. */
  readonly edition: string | null;
  readonly options: readonly string[];
}
