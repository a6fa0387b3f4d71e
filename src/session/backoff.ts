const FIRST_MS = 2_000;
const LONGEST_MS = 60_000;
/** About a week of tries at the longest pause; after that a person must say that it is worth another. */
const MOST_ATTEMPTS = 10_000;

/** Pause before the next try of a stage that failed `attempts` times before: 2 s, 4 s, … at most a minute. */
export function backoff(attempts: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts, 10));
}

export function hasTriedEnough(attempts: number): boolean {
  return attempts >= MOST_ATTEMPTS;
}
