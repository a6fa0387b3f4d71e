import type { TextDecision } from '../deidentification/deidentifier';
import type { KnownValue } from '../deidentification/free-text';

export type { TextDecision };

/** `text`: neither known to be harmless nor known to identify. `pixel`: what may lie in what is not a header. */
export type FindingKind = 'text' | 'pixel';

/** A text that a person decides on. Identifies somebody, perhaps: kept sealed. */
export interface FindingText {
  readonly text: string;
  readonly proposal: string;
  /** The words in question. */
  readonly unknown: readonly string[];
}

/** What planning found, once for each distinct text, or for each rule on pixels. */
export interface PlannedFinding {
  readonly kind: FindingKind;
  /** Code of the text cleaner, or the rule on pixels. */
  readonly reason: string;
  readonly paths: readonly string[];
  readonly instances: number;
  /** null where it is about pixels. */
  readonly text: FindingText | null;
  /** SHA-256 over the pixels (or documents) of all its instances; null where it is about text. */
  readonly pixels: string | null;
}

/** With what the texts of a session are compared: the same while planning and while sending. Kept sealed. */
export interface PlanContext {
  /** By source Study Instance UID. */
  readonly known: readonly (readonly [StudyInstanceUID: string, values: readonly KnownValue[]])[];
  /** Those decisions of the project that were used. */
  readonly decisions: readonly (readonly [text: string, decision: TextDecision])[];
}

/** Findings of one sort, for the receipt: no text in it. */
export interface FindingCount {
  readonly kind: FindingKind;
  readonly reason: string;
  /** What was decided; null: nobody was asked, and the proposal took its place. */
  readonly decision: TextDecision['decision'] | null;
  /** Distinct values, or 1. */
  readonly findings: number;
  readonly instances: number;
}

/** By text; the texts themselves may be gone. */
export type StandingDecisions = Pick<ReadonlyMap<string, TextDecision>, 'get'>;

/** What the flow keeps of findings. */
export interface ReviewRecords {
  /** The decisions of a project that stand, by text. */
  decisions(projectId: string): Promise<StandingDecisions>;
  keepPlanContext(sessionId: string, projectId: string, context: PlanContext): Promise<void>;
  /** null where the session's texts were compared with nothing. */
  planContext(sessionId: string, projectId: string): Promise<PlanContext | null>;
  /**
   * Replaces what an earlier planning found, but for texts that were decided on and met again (`decided`). Answers how
   * many wait for a person, and whether the session was approved before.
   */
  recordFindings(
    sessionId: string,
    projectId: string,
    findings: readonly PlannedFinding[],
    decided: readonly string[],
  ): Promise<{ readonly undecided: number; readonly approved: boolean }>;
  findingCounts(sessionId: string): Promise<readonly FindingCount[]>;
}

/** A finding as anybody may read of it. */
export interface FindingLine {
  readonly id: string;
  readonly kind: FindingKind;
  readonly reason: string;
  readonly paths: readonly string[];
  readonly instances: number;
  readonly decision: TextDecision['decision'] | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}

/** As the person who decides sees it. */
export interface OpenFinding extends FindingLine {
  readonly text: FindingText | null;
  readonly replacement: string | null;
}

export interface DecisionLine {
  readonly id: string;
  readonly text: string;
  readonly decision: TextDecision['decision'];
  readonly replacement: string | null;
  readonly decidedBy: string;
  readonly decidedAt: Date;
  readonly revokedBy: string | null;
  readonly revokedAt: Date | null;
}

export type Decided = 'done' | 'unknown-finding' | 'already-decided' | 'not-in-review';

/** What the deeds of reviewers change. Each method is one transaction. */
export interface ReviewDesk extends Pick<ReviewRecords, 'planContext'> {
  findings(sessionId: string): Promise<readonly FindingLine[]>;
  /** Opens what is sealed. */
  openFindings(sessionId: string): Promise<readonly OpenFinding[]>;
  decide(sessionId: string, findingId: string, decision: TextDecision, by: string): Promise<Decided>;
  /**
   * Decides what is undecided by its proposal, records the approval and sends the session to be planned again. Throws
   * Fault SESSION_MOVED where it is not in review.
   */
  approve(sessionId: string, by: string): Promise<void>;
  /** The latest first; null where there is no such project. */
  decisionsOf(project: string): Promise<readonly DecisionLine[] | null>;
  /** false where there is none that stands. */
  revoke(project: string, decisionId: string, by: string): Promise<boolean>;
}
