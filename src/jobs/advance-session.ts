import { idIn } from './payload';
import type { Queue, Tasks } from './ports';

/** The task of one session: one stage on. Cut off by our own end, it goes back to the queue. */
export function advanceSession(run: Tasks['advance-session'], queue: Pick<Queue, 'giveBack'>, stopping: AbortSignal) {
  return async (payload: unknown, signal: AbortSignal): Promise<void> => {
    const sessionId = idIn(payload, 'sessionId');
    try {
      signal.throwIfAborted();
      await run({ sessionId }, signal);
    } catch (error) {
      if (!stopping.aborted) throw error;
      await queue.giveBack(sessionId);
    }
  };
}
