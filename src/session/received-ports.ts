import type { InstanceBytes, InstanceMatch } from './ports';

/** One instance on its way into the sealed store; of no effect until it is kept. */
export interface SealedDraft {
  write(chunk: Uint8Array): Promise<void>;
  /** On disk to the last byte. */
  finish(): Promise<void>;
  /** Leaves nothing behind. Safe to call at any time before it is kept. */
  discard(): Promise<void>;
}

export interface ReceivedInstance {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
  readonly SOPClassUID: string;
}

/** `same`: these very bytes are there already. `other`: the UID stands for other bytes, which stay. */
export type Kept = 'kept' | 'same' | 'other';

/** What was removed, and why. */
export interface TidiedUp {
  /** Every session that they were meant for has ended. */
  readonly sessionsEnded: number;
  /** No selection named them in all that time. */
  readonly unclaimed: number;
  /** Files without a record: left by a process that was killed. */
  readonly orphans: number;
}

/** Instances that were stored here by STOW-RS, sealed, until no session needs them any more. */
export interface ReceivedStore {
  draft(): Promise<SealedDraft>;
  /**
   * All of them in one transaction, which also takes up again at once the sessions that wait for one of them. Answers
   * in the order of `entries`.
   */
  keep(
    entries: readonly { readonly draft: SealedDraft; readonly instance: ReceivedInstance }[],
  ): Promise<readonly Kept[]>;
  find(StudyInstanceUID: string, SeriesInstanceUID: string | null): Promise<readonly InstanceMatch[]>;
  keyObjects(): Promise<readonly InstanceMatch[]>;
  /** The bytes as they came; null where there is no such instance. */
  open(SOPInstanceUID: string): Promise<InstanceBytes | null>;
  tidyUp(now: Date): Promise<TidiedUp>;
}
