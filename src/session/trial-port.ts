import type { SourcePatient } from './store-port';
import type { TrialStudy } from './time-points';

/** How the patients of a project come by their subject IDs. */
export interface SubjectRule {
  /** Taken one after the other; empty: by the pattern of the project. */
  readonly list: readonly string[];
  /** `required`: nobody gets one but by a person, the API or an imported list. */
  readonly assign: 'automatic' | 'required';
}

export interface TimePointRule {
  /** Empty: any text. */
  readonly list: readonly string[];
  readonly assign: 'manual' | 'by-order';
}

export type SubjectFound =
  | { readonly code: string; readonly subjectID: string }
  | { readonly code: null; readonly missing: 'SUBJECT_MISSING' | 'SUBJECTS_EXHAUSTED' };

/** Of one study of a session, by its new Study Instance UID. `proposal`: what the order of study dates says. */
export interface StudyTimePoint {
  readonly study: string;
  readonly timePoint: string | null;
  readonly proposal: string | null;
}

/** As a session was planned. */
export interface SessionTrial {
  /** null: none was known. */
  readonly subjectID: string | null;
  readonly timePoints: readonly StudyTimePoint[];
}

/** What the flow asks of the register's subjects, and keeps of them for a session. */
export interface TrialRecords {
  /** The code of a patient, which never changes, and the subject ID, which can be replaced. Assigned once. */
  subject(projectId: string, patient: SourcePatient, rule: SubjectRule): Promise<SubjectFound>;
  /**
   * Remembers the studies of a subject. `propose` is told all of the subject's studies; what it says is taken where
   * `take` is true, and only proposed otherwise.
   */
  timePoints(
    projectId: string,
    code: string,
    studies: readonly Pick<TrialStudy, 'study' | 'date'>[],
    propose: (all: readonly TrialStudy[]) => ReadonlyMap<string, string>,
    take: boolean,
  ): Promise<readonly StudyTimePoint[]>;
  /** Replaces what an earlier planning kept. */
  keepTrial(sessionId: string, projectId: string, patient: SourcePatient, trial: SessionTrial): Promise<void>;
  /** null where the session was planned before there was any of this. */
  trial(sessionId: string): Promise<SessionTrial | null>;
}

/** A subject as anybody may read of it: nothing of the source. */
export interface SubjectLine {
  readonly code: string;
  readonly subjectID: string;
  readonly arm: string | null;
  readonly site: string | null;
  /** Subject ID of the patient that this one turned out to be. */
  readonly mergedInto: string | null;
  /** The subject IDs it had before, the oldest first. */
  readonly formerIDs: readonly string[];
  readonly timePoints: readonly string[];
  readonly sessions: number;
}

/** A patient, told by the session that is about it or by its source identity. */
export type SubjectOf =
  | { readonly session: string }
  | { readonly patient: Pick<SourcePatient, 'PatientID' | 'IssuerOfPatientID'> };

export interface GivenSubject {
  readonly subjectID: string;
  readonly arm?: string | null;
  readonly site?: string | null;
}

/** Codes that a deed on subjects is refused with. */
export type SubjectRefusal =
  | 'UNKNOWN_PROJECT'
  | 'UNKNOWN_SESSION'
  | 'UNKNOWN_SUBJECT'
  | 'NO_PATIENT_KNOWN'
  | 'SUBJECT_ID_TAKEN'
  | 'SUBJECT_ALREADY_ASSIGNED'
  | 'UNKNOWN_STUDY';

export interface SubjectDeedResult {
  /** null: done. */
  readonly refused: SubjectRefusal | null;
  /** Sessions that waited for it and go on. */
  readonly sessions: readonly string[];
}

export interface ImportRow {
  readonly line: number;
  readonly PatientID: string;
  readonly IssuerOfPatientID: string;
  readonly subjectID: string;
  readonly arm: string | null;
  readonly site: string | null;
}
export interface ImportMistake {
  readonly line: number;
  readonly message: string;
}
export interface ImportResult {
  readonly rows: number;
  /** New, and the same as before. */
  readonly assigned: number;
  readonly unchanged: number;
  /** The first of them. */
  readonly mistakes: readonly ImportMistake[];
  readonly mistakeCount: number;
  /** false: it was a trial run, or there are mistakes. */
  readonly imported: boolean;
  readonly sessions: readonly string[];
}
