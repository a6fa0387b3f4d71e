import type { Reason } from '../base/outcome';
import type { CodedConcept } from '../dicom/coded-concept';
import type { RejectionTitle } from '../selection/document-titles';
import type { ExportSelection } from '../selection/export-selection';
import type {
  ExportSession,
  InstanceState,
  ProjectKind,
  SessionCounts,
  SessionError,
  SessionState,
} from './export-session';
import type { InformationRecords } from './information-port';
import type { FindingCount, ReviewRecords } from './review-port';
import type { TrialRecords } from './trial-port';

/** A project as the flow needs it. The keys are open (unwrapped); they never leave the process. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly kind: ProjectKind;
  readonly receiver: string;
  /** false: nothing is kept that leads back to the source. Left out: true. */
  readonly reversible?: boolean;
  /** 32 bytes: derivation of UIDs. */
  readonly derivationKey: Uint8Array;
}

/** `alsoTo`: further Receivers, each of which gets a session of its own. */
export interface ReceivingProject {
  readonly id: string;
  readonly receiver: string;
  readonly alsoTo?: readonly string[];
}

/** What is known of a Key Object. */
export interface MetKeyObject {
  /** `awaited`: a copy that another document names, not met yet. */
  readonly verdict: 'taken' | 'awaited' | 'left-alone' | 'too-old' | 'unreadable';
  /** The first session of its selection. */
  readonly sessionId: string | null;
  /** Whether it says what it said when it was read; null where that is not known. */
  readonly sameContent: boolean | null;
}

export interface NewExportSession {
  readonly imageSource: string;
  /** null: nobody could tell which project; the session stays `received` with an error that asks. */
  readonly project: ReceivingProject | null;
  readonly documentTitle: CodedConcept;
  readonly disposition: string | null;
  readonly delayReasons: readonly CodedConcept[];
  /** Stored sealed: it holds source UIDs, patient ID and free text. */
  readonly selection: ExportSelection;
  readonly state: SessionState;
  readonly error: SessionError | null;
  /** `contentDigest` of the document; left out where it could not be read. */
  readonly contentDigest?: string;
  /** Delayed sessions whose place it takes. */
  readonly supersedes?: readonly string[];
  /** State `superseded`: the session that had taken its place before it came. */
  readonly supersededBy?: string;
  /** A session of what the same document said before. */
  readonly replaces?: string;
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
  /** Why it is held back. */
  readonly reasonCode?: string;
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
  readonly kind: 'study' | 'series' | 'instance' | 'frame-of-reference' | 'other';
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
  /** Instances of the selection that stayed here, by reason; left out where the whole set was delivered. */
  readonly leftOut?: readonly { readonly code: string; readonly count: number }[];
}

/**
 * Everything the flow keeps. Each method is one transaction, follow-up job included (`advance-session {sessionId}`),
 * so that killing the process between any two calls loses nothing and does nothing twice.
 */
export interface SessionStore extends ReviewRecords, TrialRecords {
  /** Of these Key Object SOP Instance UIDs, those never met before at this image source. */
  unseen(imageSource: string, SOPInstanceUIDs: readonly string[]): Promise<readonly string[]>;
  /** Remember a Key Object that is none of ours (`left-alone`) or cannot be read (`unreadable`). Idempotent. */
  markSeen(
    imageSource: string,
    SOPInstanceUID: string,
    verdict: 'left-alone' | 'too-old' | 'unreadable',
  ): Promise<void>;
  /** Of these Key Objects, some whose sessions can change and that were not read for so long. */
  dueAgain(
    imageSource: string,
    SOPInstanceUIDs: readonly string[],
    olderThanMs: number,
    limit: number,
  ): Promise<readonly string[]>;
  /** null where it was never met. */
  met(imageSource: string, SOPInstanceUID: string, contentDigest: string): Promise<MetKeyObject | null>;
  /** The instances that a rejection note names. Idempotent. */
  noteRejection(SOPInstanceUID: string, title: RejectionTitle, rejected: readonly string[]): Promise<void>;
  /** By SOP Instance UID; those that no note names are left out. */
  rejections(SOPInstanceUIDs: readonly string[]): Promise<ReadonlyMap<string, readonly RejectionTitle[]>>;
  /** Opens a session and remembers its Key Objects; null where one of them was met before. Enqueues unless the state waits for a person. */
  open(session: NewExportSession): Promise<string | null>;

  load(sessionId: string): Promise<{
    readonly session: ExportSession;
    readonly selection: ExportSelection;
    readonly project: Project | null;
    /** 1, and one more each time that the whole set is sent again. */
    readonly delivery: number;
    /** It has ended, and what leads back to the source was erased: the selection is empty. */
    readonly sourceErased?: true;
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
      /** In the words of a person; kept sealed. */
      readonly note?: string;
    },
  ): Promise<void>;

  /** A project was found for a session that had none: received → `to`; enqueued where it goes on. */
  assign(
    sessionId: string,
    change: {
      readonly project: ReceivingProject;
      readonly disposition: string | null;
      readonly to: 'planning' | 'delayed';
      readonly event: string;
    },
  ): Promise<void>;
  /** Sessions in these states whose selection names this Patient ID, the newest first; perhaps some of other patients. */
  ofPatient(
    PatientID: string,
    states: readonly SessionState[],
  ): Promise<readonly { readonly session: ExportSession; readonly selection: ExportSelection }[]>;
  /** A further copy of the session's selection was read; a session that waited for it goes on. */
  meetCopy(sessionId: string, imageSource: string, copy: ExportSelection, contentDigest: string): Promise<void>;
  /** SOP Instance UIDs of the copies that the session waits for. */
  awaitedCopies(sessionId: string): Promise<readonly string[]>;
  /** The document was replaced by one that orders no export: what has not begun to leave, does not. */
  withdraw(sessionId: string): Promise<void>;
  /** Every session of the selection that is in one of these states. */
  rejectSelection(sessionId: string, from: readonly SessionState[], error: SessionError): Promise<void>;
  /** Every session of the selection that is `from` goes on to planning, without the copies it waits for. */
  release(
    sessionId: string,
    change: { readonly from: 'delayed' | 'waiting'; readonly event: string; readonly note?: string },
  ): Promise<void>;
  remindOfDelayed(afterMs: number): Promise<readonly string[]>;
  delayedToLookAt(projects: readonly string[], everyMs: number, limit: number): Promise<readonly string[]>;
  /** null where there is no such session. */
  stateOf(sessionId: string): Promise<SessionState | null>;
  readonly writtenInformation: InformationRecords['writtenInformation'];
  readonly writeInformation: InformationRecords['writeInformation'];
  readonly addInstances: InformationRecords['addInstances'];

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
  /** Bulk, idempotent; sealed, found again by keyed blind index. `subject`: code of the patient whose UIDs they are. */
  recordUIDs(projectId: string, pairs: readonly UIDPair[], subject?: string | null): Promise<void>;
  /** The code of this patient in this project, assigned once (counter of the project), whatever runs side by side. */
  subjectCode(projectId: string, patient: SourcePatient): Promise<string>;
  /** The whole set is to be sent again: `from` → planning, and what was delivered counts as ready to leave. */
  resend(sessionId: string, change: { readonly from: 'completed' | 'failed'; readonly event: string }): Promise<void>;
  /** state exporting → completed, with the receipt. */
  complete(sessionId: string, receipt: DeliveryReceipt): Promise<void>;
}

/* ── read models of the pages and the API: one query per screen ── */

export interface WorklistQuery {
  readonly state?: SessionState;
  readonly project?: string;
  /** Of these alone; left out: of all, and of none. */
  readonly projects?: readonly string[];
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
  /** In the words of a person. */
  readonly note?: string;
}
export interface ReadModels {
  worklist(query: WorklistQuery): Promise<Page<ExportSession>>;
  countsByState(projects?: readonly string[]): Promise<ReadonlyMap<SessionState, number>>;
  session(id: string): Promise<ExportSession | null>;
  instances(id: string, page: { readonly limit: number; readonly cursor?: string }): Promise<Page<InstanceLine>>;
  /** Source SOP Instance UIDs, of copies of the selection too, that are awaited (needed to find them in the PACS). */
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
