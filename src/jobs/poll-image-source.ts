import { Fault } from '../base/errors';
import { faultFields, type Log } from '../base/log';
import type { SessionError } from '../session/export-session';
import { idIn } from './payload';
import type { PollRecords, Queue, Tasks } from './ports';

export interface PollSettings {
  readonly imageSource: string;
  /** Milliseconds from one poll to the next, over all processes. */
  readonly every: number;
}

export interface PollParts {
  readonly queue: Pick<Queue, 'schedulePoll'>;
  readonly records: PollRecords;
  readonly log: Log;
}

/** Asks one image source, writes down what came of it, and is due again one interval later. */
export function pollImageSource(
  run: Tasks['poll-image-source'],
  settings: readonly PollSettings[],
  { queue, records, log }: PollParts,
  stopping: AbortSignal,
) {
  const intervals = new Map(settings.map(({ imageSource, every }) => [imageSource, every]));
  return async (payload: unknown, signal: AbortSignal): Promise<void> => {
    const imageSource = idIn(payload, 'imageSource');
    const every = intervals.get(imageSource);
    // No longer configured, or configured without polling: not due again.
    if (every === undefined) return;
    const age = await records.ageOf(imageSource);
    // Another process was quicker. A tenth is left for clocks and queues.
    if (age !== null && age < every * 0.9) return queue.schedulePoll(imageSource, every - age);
    try {
      signal.throwIfAborted();
      await run({ imageSource }, signal);
      await records.record(imageSource, null);
    } catch (error) {
      if (stopping.aborted) return queue.schedulePoll(imageSource, 0);
      log.warn('image source could not be polled', { imageSource, ...faultFields(error) });
      await records.record(imageSource, errorOf(error));
    }
    await queue.schedulePoll(imageSource, every);
  };
}

/** Only a Fault's words are ours to show. */
function errorOf(error: unknown): SessionError {
  if (!(error instanceof Fault))
    return { code: 'UNEXPECTED', message: 'the poll ended with an error', retryable: true };
  const { code, message, remedy } = error;
  return { code, message, ...(remedy === undefined ? {} : { remedy }), retryable: true };
}
