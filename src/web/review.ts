import type { AskedDecision, DecideResult } from '../session/review-deeds';
import type { DecisionLine, FindingLine, OpenFinding } from '../session/review-port';
import type { Actor } from './actions';
import { Problem } from './problem';
import { unknownSession } from './query';

/** What reviewers see and decide. Whatever shows text is told who looks: it may identify the patient. */
export interface Review {
  findings(sessionId: string): Promise<readonly FindingLine[]>;
  openFindings(sessionId: string, actor: Actor): Promise<readonly OpenFinding[]>;
  decide(sessionId: string, findingId: string, asked: AskedDecision, actor: Actor): Promise<DecideResult>;
  /** null where there is no such project. */
  decisions(project: string, actor: Actor): Promise<readonly DecisionLine[] | null>;
  /** false where there is none that stands. */
  revoke(project: string, decisionId: string, actor: Actor): Promise<boolean>;
}

/** Ends the request with what kept the deed from being done. */
export function requireDecided(result: DecideResult): void {
  switch (result.result) {
    case 'done':
      return;
    case 'unknown-session':
      throw unknownSession();
    case 'unknown-finding':
      throw new Problem(404, 'UNKNOWN_FINDING', 'This session has no finding with this id.');
    case 'bad':
      throw new Problem(400, result.reason.code, result.reason.message, result.reason.remedy);
    case 'refused':
      throw new Problem(409, result.reason.code, result.reason.message, result.reason.remedy);
  }
}
