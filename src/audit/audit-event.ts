import type { AuditEventName } from './vocabulary';

/** Who did it. `system`: the Export Manager by itself. */
export interface AuditActor {
  readonly kind: 'person' | 'token' | 'system';
  readonly name: string;
}

export const SYSTEM: AuditActor = { kind: 'system', name: 'export-manager' };

/** PS3.15 A.5.1: 0 success, 4 minor, 8 serious, 12 major failure. */
export type AuditOutcome = 0 | 4 | 8 | 12;

/** A study as the source names it. */
export interface AuditStudy {
  readonly StudyInstanceUID: string;
  readonly SOPClasses: readonly { readonly UID: string; readonly instances: number }[];
}

/** What a Security Alert is about. */
export interface AuditSubject {
  readonly kind: 'session' | 'user' | 'node' | 'configuration' | 'project';
  readonly id: string;
}

/**
 * Something that has to be told to whoever supervises the use of patient data. The message that is made of it names
 * the real patient: it is kept sealed, and goes to the audit repository and nowhere else.
 */
export interface AuditEvent {
  readonly event: AuditEventName;
  readonly actor: AuditActor;
  /** Default 0. */
  readonly outcome?: AuditOutcome;
  /** What was done or went wrong, in words without any identifier. */
  readonly description?: string;
  /** Id of the export session. */
  readonly session?: string;
  /** Name of the project. */
  readonly project?: string;
  /** The other side of a transfer, a query or an export. */
  readonly peer?: { readonly name: string; readonly url?: string };
  /** Source Patient IDs. */
  readonly patients?: readonly string[];
  readonly studies?: readonly AuditStudy[];
  /** As it was asked, for example the resource of a QIDO-RS search. */
  readonly query?: string;
  readonly subject?: AuditSubject;
}

/** What a list shows of an event: no identifier of the source. */
export interface AuditEventLine {
  readonly id: number;
  readonly at: Date;
  readonly event: AuditEventName;
  readonly eventID: { readonly code: string; readonly meaning: string };
  readonly action: string;
  readonly outcome: AuditOutcome;
  readonly actor: AuditActor;
  readonly session: string | null;
  readonly project: string | null;
  /** When the audit repository had it; null before, and where none is configured. */
  readonly sentAt: Date | null;
}

export interface AuditQuery {
  readonly event?: AuditEventName;
  readonly actor?: string;
  readonly session?: string;
  /** Of these projects alone; left out: of all, and of none. */
  readonly projects?: readonly string[];
  /** From this moment on, and before that one. */
  readonly from?: Date;
  readonly to?: Date;
  readonly limit: number;
  readonly cursor?: string;
}
