/*
 * What keeps guessing slow and cheap for us. A derivation of a password takes 128 MiB and a thread of Node's pool,
 * which the rest of the server needs too; so only a few run at once, and a name that was tried too often rests.
 */

/** Lets so many works run at once, so many more wait in order, and turns everyone else away. */
export class Turns {
  readonly #atOnce: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, maxWaiting: number) {
    this.#atOnce = atOnce;
    this.#maxWaiting = maxWaiting;
  }

  /** What the work answers; null where too many wait already and it was not begun. */
  async take<T>(work: () => Promise<T>): Promise<T | null> {
    if (this.#running < this.#atOnce) {
      this.#running += 1;
    } else {
      if (this.#waiting.length >= this.#maxWaiting) return null;
      // Whoever ends hands its turn over: the number of those running stays.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}

const WINDOW_MS = 15 * 60_000;
const FREE_TRIES = 5;
const FIRST_LOCK_MS = 60_000;
const LONGEST_LOCK_MS = 15 * 60_000;

interface Tries {
  /** When it failed, within the window. */
  readonly times: readonly number[];
  readonly locks: number;
  readonly lockedUntil: number;
}

/**
 * Failed tries by username, of users and of names that nobody has alike: the answer must not tell which is which.
 * Kept in memory, and only so many: who fills it up has paid a derivation for each.
 */
export class FailedTries {
  readonly #byName = new Map<string, Tries>();
  readonly #maxNames: number;

  constructor(maxNames = 10_000) {
    this.#maxNames = maxNames;
  }

  get size(): number {
    return this.#byName.size;
  }

  /** Milliseconds until the name may be tried again; 0 where it may. */
  lockedFor(username: string, now: number): number {
    return Math.max(0, (this.#byName.get(username)?.lockedUntil ?? 0) - now);
  }

  failed(username: string, now: number): void {
    const known = this.#remembered(username, now);
    const times = [...known.times.filter((time) => time > now - WINDOW_MS), now];
    const locks = known.locks > 0 || times.length >= FREE_TRIES ? known.locks + 1 : 0;
    const lockMs = locks === 0 ? 0 : Math.min(FIRST_LOCK_MS * 2 ** (locks - 1), LONGEST_LOCK_MS);
    // Taken out first, so that the map stays in the order of the latest failure.
    this.#byName.delete(username);
    this.#byName.set(username, { times, locks, lockedUntil: locks === 0 ? 0 : now + lockMs });
    for (const oldest of this.#byName.keys()) {
      if (this.#byName.size <= this.#maxNames) break;
      this.#byName.delete(oldest);
    }
  }

  succeeded(username: string): void {
    this.#byName.delete(username);
  }

  /** What counts still: a quiet window after the last failure and the last lock, all is forgotten. */
  #remembered(username: string, now: number): Tries {
    const known = this.#byName.get(username);
    const until = known === undefined ? 0 : Math.max(known.lockedUntil, ...known.times) + WINDOW_MS;
    return known === undefined || now > until ? { times: [], locks: 0, lockedUntil: 0 } : known;
  }
}
