import type { SessionError } from '../session/export-session';

/** What a worker does. Payloads hold ids and names only; the signal says: stop, and leave it as it is recorded. */
export interface Tasks {
  'advance-session'(payload: { readonly sessionId: string }, signal: AbortSignal): Promise<void>;
  'poll-image-source'(payload: { readonly imageSource: string }, signal: AbortSignal): Promise<void>;
}

/** Shows the other processes that our workers live. Implemented by the store. */
export interface Presence {
  announce(workerId: string): void;
  /** Resolves once all that were announced are shown. */
  held(): Promise<void>;
  retire(workerId: string): Promise<void>;
  onLost(told: () => void): void;
  close(): Promise<void>;
}

/** What the workers need of the queue beyond what graphile-worker does by itself. Implemented by the store. */
export interface Queue {
  giveBack(sessionId: string): Promise<void>;
  schedulePoll(imageSource: string, delayMs: number): Promise<void>;
  ensurePoll(imageSource: string, everyMs: number): Promise<void>;
  /** Unlocks the jobs of workers that are gone; answers their ids. */
  reap(): Promise<readonly string[]>;
  maintain(): Promise<void>;
}

export interface PollRecords {
  /** Milliseconds since the last poll, by whichever process; null where there was none. */
  ageOf(imageSource: string): Promise<number | null>;
  record(imageSource: string, error: SessionError | null): Promise<void>;
}
