/**
 * Works through `items` with at most `lanes` at a time. The first error ends it: no new item is begun, the others are
 * told by their signal, and the error is thrown after all have come to rest.
 */
export async function inLanes<T>(
  items: Iterable<T>,
  lanes: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const iterator = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    while (!both.aborted) {
      const next = iterator.next();
      if (next.done === true) return;
      try {
        await work(next.value, both);
      } catch (error) {
        failures.push(error);
        stop.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.length > 0) throw failures[0];
  signal.throwIfAborted();
}

/** Work begun one after the other, so many at a time; the first failure stops the others and comes out of `end`. */
export class Lanes {
  private readonly stop = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private failed = false;
  private failure: unknown;
  /** Aborted by the one that was given, and by the first failure. */
  readonly signal: AbortSignal;

  constructor(
    private readonly lanes: number,
    private readonly given: AbortSignal,
  ) {
    this.signal = AbortSignal.any([given, this.stop.signal]);
  }

  /** Waits for a free lane. Throws once something failed. */
  async begin(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    while (this.running.size >= this.lanes) await Promise.race(this.running);
    this.signal.throwIfAborted();
    const run = work(this.signal)
      .catch((error: unknown) => this.fail(error))
      .finally(() => this.running.delete(run));
    this.running.add(run);
  }

  /** The first failure counts; what comes after it is mostly its echo. */
  fail(error: unknown): void {
    if (!this.failed) {
      this.failed = true;
      this.failure = error;
    }
    this.stop.abort(error);
  }

  /** Waits until all have come to rest. Throws the first failure. */
  async end(): Promise<void> {
    while (this.running.size > 0) await Promise.race(this.running);
    this.given.throwIfAborted();
    if (this.failed) throw this.failure;
  }
}
