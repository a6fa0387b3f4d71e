import { Fault } from '../base/errors';
import type { TeachingFileInformation } from '../selection/additional-teaching-file-information/information';
import type { DeedResult } from './deeds';
import type { SessionState } from './export-session';
import type { SessionStore } from './store-port';

export interface InformationDeedDeps {
  readonly store: Pick<SessionStore, 'stateOf' | 'move' | 'writeInformation'>;
}

/** Nothing has left yet, and nobody is about to send it. */
export const INFORMATION_STATES: readonly SessionState[] = ['received', 'delayed', 'waiting', 'review', 'quarantined'];

/** Writes teaching file information for a session that waits; null takes it back. What was in review is planned anew. */
export async function writeInformation(
  sessionId: string,
  information: TeachingFileInformation | null,
  by: string,
  { store }: InformationDeedDeps,
): Promise<DeedResult> {
  const state = await store.stateOf(sessionId);
  if (state === null) return { result: 'unknown-session' };
  if (!INFORMATION_STATES.includes(state)) {
    return {
      result: 'refused',
      reason: {
        code: 'NOT_IN_THIS_STATE',
        message: `teaching file information is written while a session waits; this one is ${state}`,
      },
    };
  }
  await store.writeInformation(sessionId, information, by);
  if (state !== 'review') return { result: 'done' };
  try {
    await store.move(sessionId, {
      from: 'review',
      to: 'planning',
      event: `teaching file information was written by ${by}`,
      error: null,
      next: 0,
    });
  } catch (error) {
    // Somebody was quicker; it is planned once more before anything leaves, should that have changed anything.
    if (!(error instanceof Fault) || error.code !== 'SESSION_MOVED') throw error;
  }
  return { result: 'done' };
}
