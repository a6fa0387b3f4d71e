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
