import { faultFields, type Log } from '../base/log';

/** What the audit trail holds for its repository. Implemented by the store. */
export interface AuditOutbox {
  /** Hands the oldest undelivered events to `send`, in order; they count as delivered once it resolved. */
  deliver(
    limit: number,
    send: (messages: readonly { readonly at: Date; readonly text: string }[]) => Promise<void>,
  ): Promise<number>;
}

export interface AuditSenderParts {
  readonly outbox: AuditOutbox;
  readonly send: (
    messages: readonly { readonly at: Date; readonly text: string }[],
    signal: AbortSignal,
  ) => Promise<void>;
  readonly log: Log;
}

const BATCH = 100;
const LOOK_EVERY_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Sends what the audit trail holds until told to stop: in order, one process at a time, again and again with longer
 * pauses while the repository is down. Resolves once it has stopped.
 */
export async function sendAuditEvents(parts: AuditSenderParts, signal: AbortSignal): Promise<void> {
  const { outbox, send, log } = parts;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const sent = await outbox.deliver(BATCH, (messages) => send(messages, signal));
      if (sent > 0 && failures > 0) log.info('audit events are sent again');
      if (sent > 0) failures = 0;
      if (sent < BATCH) await pause(failures === 0 ? LOOK_EVERY_MS : pauseAfter(failures), signal);
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      // Once for each outage: the repository may be down for days.
      if (failures === 1) log.error('audit events cannot be sent; they are kept', faultFields(error));
      await pause(pauseAfter(failures), signal);
    }
  }
}

function pauseAfter(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** Math.min(failures - 1, 10));
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
