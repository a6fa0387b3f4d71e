import { Fault } from '../base/errors';
import type { Reason } from '../base/outcome';
import { TEXT_DECISIONS, type TextDecision } from '../deidentification/deidentifier';
import { KnownIdentifiers, TextCleaner } from '../deidentification/free-text';
import type { DeedResult } from './deeds';
import type { ReviewDesk } from './review-port';
import type { SessionStore } from './store-port';

export interface ReviewDeedDeps {
  readonly desk: ReviewDesk;
  readonly store: Pick<SessionStore, 'load'>;
}

/** As it was sent: nothing of it is checked yet. */
export interface AskedDecision {
  readonly decision: unknown;
  readonly replacement?: unknown;
}

export type DecideResult =
  | DeedResult
  | { readonly result: 'unknown-finding' }
  /** What was asked makes no sense, whatever the state of the session. */
  | { readonly result: 'bad'; readonly reason: Reason };

/** Longer texts than these are not typed by hand. */
const LONGEST_REPLACEMENT = 10_000;
// PS3.5 6.2: backslash separates values; of the control characters a text may hold TAB, LF, FF and CR.
const NOT_IN_A_VALUE = /[\\\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f]/;

/** One person decides on one finding, for the project: the same text is not asked about again. */
export async function decideFinding(
  sessionId: string,
  findingId: string,
  asked: AskedDecision,
  by: string,
  { desk, store }: ReviewDeedDeps,
): Promise<DecideResult> {
  const decision = decisionOf(asked);
  if ('code' in decision) return { result: 'bad', reason: decision };
  const loaded = await store.load(sessionId);
  if (loaded === null) return { result: 'unknown-session' };
  const finding = (await desk.findings(sessionId)).find(({ id }) => id === findingId);
  if (finding === undefined) return { result: 'unknown-finding' };
  if (finding.kind === 'pixel' && decision.decision !== 'accept') {
    return { result: 'bad', reason: bad('pixels can be accepted as they are, or the session cancelled') };
  }
  if (decision.decision === 'edit' && loaded.project !== null) {
    const known = await knownOf(sessionId, loaded.project.id, desk);
    const replacement = decision.replacement ?? '';
    if (new TextCleaner().replaced(replacement, replacement, known).changed)
      return { result: 'bad', reason: IDENTIFIES };
  }
  switch (await desk.decide(sessionId, findingId, decision, by)) {
    case 'done':
      return { result: 'done' };
    case 'unknown-finding':
      return { result: 'unknown-finding' };
    case 'not-in-review':
      return refused('NOT_IN_THIS_STATE', 'only a session in review can be decided on');
    case 'already-decided':
      return refused('FINDING_ALREADY_DECIDED', 'somebody has decided on this finding before');
  }
}

/**
 * Everything undecided is decided by its proposal, in the name of who approves, and the session goes on: it is planned
 * once more with what was decided, and stops again only where that finds something new.
 */
export async function approveSession(
  sessionId: string,
  by: string,
  { desk, store }: ReviewDeedDeps,
): Promise<DeedResult> {
  const loaded = await store.load(sessionId);
  if (loaded === null) return { result: 'unknown-session' };
  const { state } = loaded.session;
  if (state !== 'review') return refused('NOT_IN_THIS_STATE', `a session that is ${state} cannot be approved`);
  try {
    await desk.approve(sessionId, by);
    return { result: 'done' };
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'SESSION_MOVED') throw error;
    return refused('NOT_IN_THIS_STATE', 'the session has moved on meanwhile');
  }
}

function decisionOf({ decision: asked, replacement }: AskedDecision): TextDecision | Reason {
  const decision = TEXT_DECISIONS.find((known) => known === asked);
  if (decision === undefined) return bad(`a decision is one of ${TEXT_DECISIONS.join(', ')}`);
  if (decision !== 'edit') {
    return replacement === undefined || replacement === '' ? { decision } : bad('only "edit" has a replacement');
  }
  if (typeof replacement !== 'string' || replacement.trim() === '') return bad('"edit" needs a replacement');
  if (replacement.length > LONGEST_REPLACEMENT)
    return bad(`a replacement has ${LONGEST_REPLACEMENT} characters at most`);
  if (NOT_IN_A_VALUE.test(replacement)) return bad('a replacement holds neither backslash nor control characters');
  return { decision, replacement: replacement.trim() };
}

/** Of all the session's studies: who decides sees them together. */
async function knownOf(sessionId: string, projectId: string, desk: ReviewDesk): Promise<KnownIdentifiers> {
  const context = await desk.planContext(sessionId, projectId);
  return KnownIdentifiers.of((context?.known ?? []).flatMap(([, values]) => values));
}

const IDENTIFIES: Reason = {
  code: 'REPLACEMENT_IDENTIFIES',
  message: 'the replacement names somebody or something of the patient, the staff or the institution',
  remedy: 'Leave the name or number out.',
};

function bad(message: string): Reason {
  return { code: 'BAD_DECISION', message };
}

function refused(code: string, message: string): DeedResult & { readonly result: 'refused' } {
  return { result: 'refused', reason: { code, message } };
}
