import type { TeachingFileInformation } from '../selection/additional-teaching-file-information/information';
import type { InstanceReference } from '../selection/export-selection';

/** Additional Teaching File Information that somebody wrote here. Free text: kept sealed. */
export interface WrittenInformation {
  readonly information: TeachingFileInformation;
  /** As which the document is selected, and mapped like every other. */
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
  readonly writtenBy: string;
  readonly writtenAt: Date;
}

export interface InformationRecords {
  /** What was written for the session, for another of its selection, or for one whose place it took. */
  writtenInformation(sessionId: string): Promise<WrittenInformation | null>;
  /** null takes it back. */
  writeInformation(sessionId: string, information: TeachingFileInformation | null, by: string): Promise<void>;
  /**
   * Instances that leave with the session beside those of its selection: replaces what was added before, but for what
   * was delivered.
   */
  addInstances(sessionId: string, added: readonly InstanceReference[]): Promise<void>;
}
