import type { Reason } from '../base/outcome';
import type { CodedConcept } from '../dicom/coded-concept';
import type { ExportSelection } from '../selection/export-selection';
import type {
  ExportSession,
  InstanceState,
  ProjectKind,
  SessionCounts,
  SessionError,
  SessionState,
} from './export-session';
import type { FindingCount, ReviewRecords } from './review-port';

/** A project as the flow needs it. The keys are open (unwrapped); they never leave the process. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly kind: ProjectKind;
  readonly receiver: string;
  /** 32 bytes: derivation of UIDs. */
  readonly derivationKey: Uint8Array;
}

export interface NewExportSession {
  readonly imageSource: string;
  /** null: nobody could tell which project; the session stays `received` with an error that asks. */
  readonly project: { readonly id: string; readonly receiver: string } | null;
  readonly documentTitle: CodedConcept;
  readonly disposition: string | null;
  readonly delayReasons: readonly CodedConcept[];
  /** Stored sealed: it holds source UIDs, patient ID and free text. */
  readonly selection: ExportSelection;
  readonly state: SessionState;
  readonly error: SessionError | null;
}

/** One referenced instance of a session, source UIDs opened. `ordinal` counts from 0 in the order of the manifest. */
export interface SelectedInstance {
  readonly ordinal: number;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
  readonly state: InstanceState;
  /** SHA-256 (hex) and size of the de-identified PS3.10 bytes as planned; null before. */
  readonly sha256: string | null;
  readonly byteLength: number | null;
  /** As recorded at delivery; null before, and where it was found kept after an interruption. */
  readonly status: number | null;
  readonly warningReason: number | null;
}

export interface PlannedInstance {
  readonly ordinal: number;
  readonly state: 'planned' | 'quarantined' | 'missing';
  readonly reason: Reason | null;
  /** The series in which the image source keeps it, where the manifest said otherwise or nothing. */
  readonly sourceSeriesInstanceUID?: string;
  /** New UIDs; null where quarantined or missing. */
  readonly target: {
    readonly StudyInstanceUID: string;
    readonly SeriesInstanceUID: string;
    readonly SOPInstanceUID: string;
  } | null;
  readonly sha256: string | null;
  readonly byteLength: number | null;
}

export interface DeliveredInstance {
  readonly ordinal: number;
  /** HTTP status of the answer; null where found by asking the Receiver (QIDO) after an interrupted delivery. */
  readonly status: number | null;
  readonly warningReason: number | null;
}

/** What was done to one attribute path, added up over the instances of a session. */
export interface AttributeChange {
  readonly SOPClassUID: string;
  readonly path: string;
  readonly keyword: string;
  readonly action: string;
  readonly rule: string;
  readonly instances: number;
}

export interface UIDPair {
  readonly kind: 'study' | 'series' | 'instance' | 'other';
  readonly source: string;
  readonly target: string;
}

/** The identity that is kept sealed for an authorised way back. */
export interface SourcePatient {
  readonly PatientID: string;
  readonly IssuerOfPatientID: string;
  readonly PatientName: string;
  readonly PatientBirthDate: string;
  readonly PatientSex: string;
}

export interface DeliveryReceipt {
  readonly receiver: string;
  readonly completedAt: string;
  readonly edition: string;
  readonly options: readonly string[];
  readonly manifest: readonly {
    readonly StudyInstanceUID: string;
    readonly SOPInstanceUID: string;
    readonly sha256: string;
  }[];
  readonly instances: readonly {
    readonly StudyInstanceUID: string;
    readonly SeriesInstanceUID: string;
    readonly SOPInstanceUID: string;
    readonly SOPClassUID: string;
    readonly sha256: string;
    readonly byteLength: number;
    readonly status: number | null;
    readonly warningReason: number | null;
  }[];
  /** What a person had to look at, or nobody was asked about; left out in receipts from before there were findings. */
  readonly findings?: readonly FindingCount[];
  /** true where the Receiver, asked by QIDO-RS, named every instance of the set as kept. */
  readonly confirmedByQuery: boolean;
  /** What the manifest does not say as the received one did; left out where it does. */
  readonly warnings?: readonly Reason[];
}

/**
 * Everything the flow keeps. Each method is one transaction, follow-up job included (`advance-session {sessionId}`),
 * so that killing the process between any two calls loses nothing and does nothing twice.
 */
export interface SessionStore extends ReviewRecords {
  /** Of these Key Object SOP Instance UIDs, those never met before at this image source. */
  unseen(imageSource: string, SOPInstanceUIDs: readonly string[]): Promise<readonly string[]>;
  /** Remember a Key Object that is none of ours (`left-alone`) or cannot be read (`unreadable`). Idempotent. */
  markSeen(
    imageSource: string,
    SOPInstanceUID: string,
    verdict: 'left-alone' | 'too-old' | 'unreadable',
  ): Promise<void>;
  /** Opens a session and remembers its Key Objects; null where one of them was met before. Enqueues unless the state waits for a person. */
  open(session: NewExportSession): Promise<string | null>;

  load(sessionId: string): Promise<{
    readonly session: ExportSession;
    readonly selection: ExportSelection;
    readonly project: Project | null;
  } | null>;
  instances(sessionId: string): Promise<readonly SelectedInstance[]>;

  /**
   * Moves a session on; refuses (Fault SESSION_MOVED, cannot) where its state is not `from`. Writes the timeline
   * event. `next`: enqueue advance-session now (0) or after so many milliseconds; left out: nothing is enqueued.
   * `error: null` clears the error and the attempts; an error counts one attempt more.
   */
  move(
    sessionId: string,
    change: {
      readonly from: SessionState;
      readonly to: SessionState;
      readonly event: string;
      readonly error: SessionError | null;
      readonly next?: number;
      readonly edition?: string;
      readonly options?: readonly string[];
      readonly subject?: string;
      /** The same error in the same state as before: no new line in the timeline. */
      readonly repeated?: boolean;
    },
  ): Promise<void>;

  /** A project was found for a session that had none: received → `to`; enqueued where it goes on. */
  assign(
    sessionId: string,
    change: {
      readonly project: { readonly id: string; readonly receiver: string };
      readonly disposition: string | null;
      readonly to: 'planning' | 'delayed';
      readonly event: string;
    },
  ): Promise<void>;
  /** null where there is no such session. */
  stateOf(sessionId: string): Promise<SessionState | null>;

  /** Replaces what an earlier planning of the same session wrote for these ordinals. */
  recordPlanned(sessionId: string, instances: readonly PlannedInstance[]): Promise<void>;
  /** Replaces the attribute changes of the session. */
  recordChanges(sessionId: string, changes: readonly AttributeChange[]): Promise<void>;
  recordDelivered(sessionId: string, instances: readonly DeliveredInstance[]): Promise<void>;
  /** The Receiver refused these: they stay planned, with the reason beside them, until they are delivered after all. */
  recordRefused(
    sessionId: string,
    refused: readonly { readonly ordinal: number; readonly reason: Reason }[],
  ): Promise<void>;
  /** The Receiver, asked, does not keep these after all: delivered → planned. */
  recordLost(sessionId: string, ordinals: readonly number[]): Promise<void>;
  /** Bulk, idempotent; sealed, found again by keyed blind index. */
  recordUIDs(projectId: string, pairs: readonly UIDPair[]): Promise<void>;
  /** The code of this patient in this project, assigned once (counter of the project), whatever runs side by side. */
  subjectCode(projectId: string, patient: SourcePatient): Promise<string>;
  /** state exporting → completed, with the receipt. */
  complete(sessionId: string, receipt: DeliveryReceipt): Promise<void>;
}

/* ── read models of the pages and the API: one query per screen ── */

export interface WorklistQuery {
  readonly state?: SessionState;
  readonly project?: string;
  readonly limit: number;
  readonly cursor?: string;
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}
export interface InstanceLine {
  readonly ordinal: number;
  readonly state: InstanceState;
  readonly SOPClassUID: string;
  /** New UID; null before planning. */
  readonly SOPInstanceUID: string | null;
  readonly reason: Reason | null;
  readonly byteLength: number | null;
  readonly deliveredAt: Date | null;
  readonly status: number | null;
}
export interface SessionEvent {
  readonly at: Date;
  readonly state: SessionState;
  readonly text: string;
  readonly code: string | null;
}
export interface ReadModels {
  worklist(query: WorklistQuery): Promise<Page<ExportSession>>;
  countsByState(): Promise<ReadonlyMap<SessionState, number>>;
  session(id: string): Promise<ExportSession | null>;
  instances(id: string, page: { readonly limit: number; readonly cursor?: string }): Promise<Page<InstanceLine>>;
  /** Source SOP Instance UIDs the image source does not have (needed to find them in the PACS). */
  missing(id: string): Promise<readonly string[]>;
  changes(id: string): Promise<readonly AttributeChange[]>;
  events(id: string): Promise<readonly SessionEvent[]>;
  receipt(id: string): Promise<DeliveryReceipt | null>;
  /** Image sources as last polled. */
  polls(): Promise<
    readonly { readonly imageSource: string; readonly lastPolledAt: Date | null; readonly error: SessionError | null }[]
  >;
  ready(): Promise<boolean>;
}
export type { SessionCounts };
