import type { TeachingFileInformation } from '../session/information-draft';
import type { WrittenInformation } from '../session/information-port';
import type { ActionResult, Actor } from './actions';

/** Teaching file information that is written here. It may name the patient: whoever shows it tells the audit trail. */
export interface InformationDesk {
  written(sessionId: string): Promise<WrittenInformation | null>;
  /** null takes it back. */
  write(sessionId: string, information: TeachingFileInformation | null, actor: Actor): Promise<ActionResult>;
}
