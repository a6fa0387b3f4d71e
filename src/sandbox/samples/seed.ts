import { createHash } from 'node:crypto';

/** Everything that looks random in a sample comes from here: the same seed gives the same bytes on every machine. */
export class Seed {
  constructor(
    private readonly seed: string,
    /** '2.25' makes UUID-derived UIDs (PS3.5 B.2); any other root gets one long component. */
    private readonly root = '2.25',
  ) {}

  /** One UID per label. */
  uid(label: string): string {
    const digest = this.digest(`uid/${label}`);
    const bytes = this.root === '2.25' ? 16 : 8;
    return `${this.root}.${BigInt(`0x${digest.subarray(0, bytes).toString('hex')}`)}`;
  }

  /** mulberry32: numbers from 0 up to 1. Good enough for speckle. */
  numbers(label: string): () => number {
    let state = this.digest(`numbers/${label}`).readUInt32LE(0);
    return () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
  }

  private digest(label: string): Buffer {
    return createHash('sha256').update(`${this.seed}\n${label}`, 'utf8').digest();
  }
}
