import type { Log } from '../base/log';
import type { Deidentifier, Pseudonyms } from '../deidentification/deidentifier';
import { personName } from '../deidentification/dummies';
import type { CodedConcept } from '../dicom/coded-concept';
import type { SelectionDates } from '../selection/export-selection';
import type { SetReferences } from '../verification/set-references';
import type { Verifier } from '../verification/verifier';
import type { ImageSource, Receiver, ReceiverHabits } from './ports';
import type { Project, SessionStore } from './store-port';
import type { SubjectRule, TimePointRule } from './trial-port';

/** What a manifest says of itself. */
export interface ManifestStatement {
  readonly contentDate: string;
  readonly contentTime: string;
  readonly studyDate: string;
  readonly studyTime: string;
  readonly studyID: string;
  readonly deidentificationMethod: string;
  readonly methodCodes: readonly CodedConcept[];
  readonly longitudinalTemporalInformation: 'REMOVED' | 'MODIFIED' | 'UNMODIFIED';
}

/**
 * When a person looks at a session before anything is sent: at every one, at those with findings, or at none. At none,
 * proposals take the place of texts nobody can vouch for, and what says of itself that its pixels name somebody stays.
 */
export const REVIEW_MODES = ['on-findings', 'always', 'never'] as const;
export type ReviewMode = (typeof REVIEW_MODES)[number];

/** How one project de-identifies: made once from its settings. */
export interface ProjectPolicy {
  readonly edition: string;
  readonly options: readonly string[];
  readonly deidentifier: Deidentifier;
  readonly verifier: Verifier;
  /** For the references of one whole set. */
  setReferences(): SetReferences;
  /** The manifest of a selection with these dates, whose patient's dates move by so many days. */
  manifest(dates: SelectionDates | undefined, dateOffsetDays: number): ManifestStatement;
  /** Text is kept and cleaned: what identifies somebody is gathered from whole studies. */
  readonly keepsText: boolean;
  readonly review: ReviewMode;
  /** Dates move by whole weeks. */
  readonly keepWeekday: boolean;
  /** Fixed values by attribute that replace the pseudonym in what leaves, for example PatientName. */
  readonly constants: { readonly PatientName?: string; readonly PatientID?: string };
  /** How patients come by their subject IDs. Left out: by the pattern of the project. */
  readonly subjects?: SubjectRule;
  /** How studies come by their time points. Left out: they have none of their own. */
  readonly timePoints?: TimePointRule;
}

/** What is derived from the project's key. */
export interface PseudonymKey {
  uid(source: string): string;
  dateOffsetDays(patientID: string, issuer: string, options: { readonly keepWeekday?: boolean }): number;
}

export interface FlowDeps {
  readonly store: SessionStore;
  imageSource(name: string): ImageSource | undefined;
  receiver(name: string): Receiver | undefined;
  habits(receiver: string): ReceiverHabits;
  /** Where a project lets a set leave without what is held back, and how long it waits for what is missing. */
  partial?(project: Project): { readonly waitForMissing: number } | null;
  policy(project: Project): ProjectPolicy;
  /** Whether teaching file information that lies in a study of the selection leaves with it. */
  addsUnreferencedInformation?(project: Project): boolean;
  /** Whether instances rejected for quality reasons stay here too. */
  rejectsQualityToo?(project: Project): boolean;
  /** UIDs and date offsets of the project's pseudonym domain. */
  keyOf(project: Project): PseudonymKey;
  readonly now: () => Date;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  readonly log: Log;
  /** Instances on their way at the same time. */
  readonly lanes: number;
}

/**
 * `code`: of the patient in the project. The offset is derived from it, which is all that both passes over an instance
 * know of the patient.
 */
export function pseudonymsFor(
  code: string,
  policy: ProjectPolicy,
  key: PseudonymKey,
  uid: (source: string) => string = (source) => key.uid(source),
  /** Of the trial, where it was replaced by another than the code. */
  subjectID: string = code,
): Pseudonyms & { readonly dateOffsetDays: number } {
  return {
    PatientID: policy.constants.PatientID ?? code,
    PatientName: personName(policy.constants.PatientName ?? code),
    ClinicalTrialSubjectID: subjectID,
    uid,
    dateOffsetDays: key.dateOffsetDays(code, '', { keepWeekday: policy.keepWeekday }),
  };
}
