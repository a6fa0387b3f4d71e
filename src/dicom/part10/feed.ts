/** The part of a source that is looked at: contiguous bytes from `pos` on. */
export interface Window {
  bytes: Uint8Array;
  pos: number;
  /** Offset in the whole of bytes[0]. */
  base: number;
  /** Nothing comes after these bytes. */
  ended: boolean;
}

const NOTHING = new Uint8Array(0);

export function heldWindow(bytes: Uint8Array): Window {
  return { bytes, pos: 0, base: 0, ended: true };
}

/**
 * A window over chunks as they arrive. A chunk is looked at where it lies; only what spans chunks is copied together,
 * and memory grows by what arrived, never by what a length announced. Chunks must not be written to afterwards.
 */
export class Feed implements Window {
  bytes: Uint8Array = NOTHING;
  pos = 0;
  base = 0;
  ended = false;
  private readonly chunks: AsyncIterator<Uint8Array>;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  get available(): number {
    return this.bytes.length - this.pos;
  }

  /** Waits until so many bytes lie from `pos` on, or the source has ended. */
  async fill(count: number): Promise<void> {
    if (this.available >= count || this.ended) return;
    const arrived: Uint8Array[] = [];
    let total = this.available;
    while (total < count) {
      const { done, value } = await this.chunks.next();
      if (done) {
        this.ended = true;
        break;
      }
      if (value.length === 0) continue;
      arrived.push(value);
      total += value.length;
    }
    if (arrived.length === 0) return;
    const rest = this.bytes.subarray(this.pos);
    this.base += this.pos;
    this.pos = 0;
    this.bytes = rest.length === 0 && arrived.length === 1 ? arrived[0]! : Buffer.concat([rest, ...arrived], total);
  }

  /** Up to `most` bytes, as they lie; undefined at the end of the source. */
  async take(most: number): Promise<Uint8Array | undefined> {
    if (this.available === 0) await this.fill(1);
    if (this.available === 0) return undefined;
    const end = Math.min(this.bytes.length, this.pos + most);
    const piece = this.bytes.subarray(this.pos, end);
    this.pos = end;
    return piece;
  }

  /** Lets the source go. */
  async close(): Promise<void> {
    this.ended = true;
    this.bytes = NOTHING;
    this.pos = 0;
    await this.chunks.return?.();
  }
}
