import { Fault } from '../base/errors';
import type { Reason } from '../base/outcome';
import { receivingProject } from './intake';
import { chooseProject, dispositionIn, type ProjectRule, projectsServing } from './selection-policy';
import type { Project, SessionStore } from './store-port';
import { mayMove, RUNNING_STATES } from './transitions';

/** What came of a deed that a person or an API token asked for. */
export type DeedResult =
  | { readonly result: 'done' }
  | { readonly result: 'unknown-session' }
  | { readonly result: 'refused'; readonly reason: Reason };

export interface DeedDeps {
  readonly store: Pick<SessionStore, 'load' | 'move' | 'assign' | 'release'>;
  readonly projectRules: readonly ProjectRule[];
  project(name: string): Promise<Pick<Project, 'id' | 'name' | 'receiver'>>;
}

/** Takes a session up again at once, from the stage where it stands. `by` goes into the timeline. */
export async function retrySession(sessionId: string, by: string, deps: DeedDeps): Promise<DeedResult> {
  const loaded = await deps.store.load(sessionId);
  if (loaded === null) return { result: 'unknown-session' };
  const { state } = loaded.session;
  if (state === 'received') return reconsiderProject(sessionId, deps);
  if (loaded.project === null) return refusal('the selection cannot be read and belongs to no project');
  switch (state) {
    case 'waiting':
    case 'planning':
    case 'quarantined':
    case 'failed':
    case 'exporting':
      return settled(
        deps.store.move(sessionId, {
          from: state,
          to: state === 'exporting' ? 'exporting' : 'planning',
          event: `taken up again by ${by}`,
          error: null,
          next: 0,
        }),
      );
    default:
      return refusal(`a session that is ${state} has nothing to be tried again`);
  }
}

/**
 * Sends the whole set once more under the same UIDs, whatever the Receiver keeps of it. Asked for again while that is
 * going on, it has been done.
 */
export async function resendSession(
  sessionId: string,
  by: string,
  deps: { readonly store: Pick<SessionStore, 'load' | 'resend'> },
): Promise<DeedResult> {
  const loaded = await deps.store.load(sessionId);
  if (loaded === null) return { result: 'unknown-session' };
  const { state } = loaded.session;
  if (loaded.project === null) return refusal('the session belongs to no project');
  if (loaded.sourceErased === true) {
    return {
      result: 'refused',
      reason: {
        code: 'SOURCE_ERASED',
        message: 'nothing is kept of where this set came from',
        remedy: 'Make a new selection of the same instances in the image source.',
      },
    };
  }
  if (state === 'completed' || state === 'failed') {
    return settled(deps.store.resend(sessionId, { from: state, event: `to be sent again as a whole, by ${by}` }));
  }
  if (loaded.delivery > 1 && RUNNING_STATES.includes(state)) return { result: 'done' };
  return refusal(`a session that is ${state} has no set to be sent again`);
}

/** Ends a session for good. What the Receiver already keeps stays there. */
export async function cancelSession(sessionId: string, by: string, deps: DeedDeps): Promise<DeedResult> {
  const loaded = await deps.store.load(sessionId);
  if (loaded === null) return { result: 'unknown-session' };
  const { state } = loaded.session;
  if (!mayMove(state, 'cancelled')) return refusal(`a session that is ${state} cannot be cancelled`);
  return settled(
    deps.store.move(sessionId, { from: state, to: 'cancelled', event: `cancelled by ${by}`, error: null }),
  );
}

/** Asks again whose a selection is that no project claimed, after the projects have changed. */
export async function reconsiderProject(sessionId: string, deps: DeedDeps): Promise<DeedResult> {
  const loaded = await deps.store.load(sessionId);
  if (loaded === null) return { result: 'unknown-session' };
  const { session, selection } = loaded;
  if (session.state !== 'received') return refusal('the session has a project');
  // What was exported once is not exported anew because the server started or somebody tried again.
  if (session.error?.code === 'KEY_OBJECT_REPLACED') return { result: 'refused', reason: session.error };
  const choice = chooseProject(deps.projectRules, session.imageSource, selection.documentTitle, selection.description);
  if (choice.project === null) return { result: 'refused', reason: choice.error };
  const project = receivingProject(await deps.project(choice.project), deps.projectRules);
  return settled(
    deps.store.assign(sessionId, {
      project,
      disposition: choice.disposition,
      to: selection.delayReasons.length > 0 ? 'delayed' : 'planning',
      event: `belongs to the project ${choice.project}`,
    }),
  );
}

/** Gives a session that waits for it to one of the projects of its image source. `by` goes into the timeline. */
export async function assignSession(
  sessionId: string,
  project: string,
  by: string,
  deps: DeedDeps,
): Promise<DeedResult> {
  const loaded = await deps.store.load(sessionId);
  if (loaded === null) return { result: 'unknown-session' };
  const { session, selection } = loaded;
  if (session.state !== 'received') return refusal('the session has a project');
  const rule = projectsServing(deps.projectRules, session.imageSource).find(({ name }) => name === project);
  if (rule === undefined) {
    return {
      result: 'refused',
      reason: {
        code: 'NO_SUCH_PROJECT',
        message: 'no project of this name serves the image source of the session',
        remedy: 'Name one of the projects that the configuration gives this image source.',
      },
    };
  }
  const owner = receivingProject(await deps.project(rule.name), deps.projectRules);
  return settled(
    deps.store.assign(sessionId, {
      project: owner,
      disposition: dispositionIn(rule, selection.description),
      to: selection.delayReasons.length > 0 ? 'delayed' : 'planning',
      event: `assigned to the project ${rule.name} by ${by}`,
    }),
  );
}

/**
 * Ends a wait by a person's word, for every Receiver of the selection: a delay, or the wait for copies of the document,
 * which are then made anew. `reason` is kept sealed in the timeline.
 */
export async function releaseSession(
  sessionId: string,
  reason: string,
  by: string,
  deps: DeedDeps,
): Promise<DeedResult> {
  const loaded = await deps.store.load(sessionId);
  if (loaded === null) return { result: 'unknown-session' };
  const { state, error } = loaded.session;
  if (loaded.project === null) return refusal('the session has no project yet');
  if (state === 'delayed') {
    return settled(deps.store.release(sessionId, { from: 'delayed', event: `released by ${by}`, note: reason }));
  }
  if (state === 'waiting' && error?.code === 'COPIES_MISSING') {
    const event = `goes on without its missing copies, by ${by}`;
    return settled(deps.store.release(sessionId, { from: 'waiting', event, note: reason }));
  }
  return refusal(`a session that is ${state} does not wait to be released`);
}

function refusal(message: string): DeedResult {
  return { result: 'refused', reason: { code: 'NOT_IN_THIS_STATE', message } };
}

async function settled(move: Promise<void>): Promise<DeedResult> {
  try {
    await move;
    return { result: 'done' };
  } catch (error) {
    if (error instanceof Fault && error.code === 'SESSION_MOVED') {
      return { result: 'refused', reason: { code: error.code, message: 'the session has moved on meanwhile' } };
    }
    throw error;
  }
}
