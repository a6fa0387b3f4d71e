import { cannot } from '../base/errors';
import type { SealContext, Sealer } from './envelope';

/** What is sealed at a time: also the most that is held of a stream, whatever its length. */
const CHUNK_BYTES = 256 * 1024;
/** More than any chunk is longer when sealed. */
const OVERHEAD_BYTES = 64;
const HEAD_BYTES = 4;
/** Of the length before each chunk: this is the last one. */
const LAST = 0x8000_0000;

/** Place and end are sealed in: chunks that were swapped, left out or taken from another stream do not open. */
function contextOf(name: string, at: number, last: boolean): SealContext {
  return { table: 'sealed stream', column: last ? 'last' : 'chunk', row: `${name} ${at}` };
}

/** Seals a stream chunk by chunk. Each chunk: its length in 4 bytes, then the sealed bytes. */
export class StreamSealer {
  readonly #sealer: Sealer;
  readonly #name: string;
  readonly #held = Buffer.allocUnsafe(CHUNK_BYTES);
  #filled = 0;
  #count = 0;

  /** `name` tells the stream from every other one under the same key. */
  constructor(sealer: Sealer, name: string) {
    this.#sealer = sealer;
    this.#name = name;
  }

  /** What can be written by now. */
  push(bytes: Uint8Array): readonly Buffer[] {
    const sealed: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      // A full chunk waits for the next byte: it may be the last one.
      if (this.#filled === CHUNK_BYTES) sealed.push(...this.#seal(false));
      const taken = bytes.subarray(at, at + CHUNK_BYTES - this.#filled);
      this.#held.set(taken, this.#filled);
      this.#filled += taken.length;
      at += taken.length;
    }
    return sealed;
  }

  end(): readonly Buffer[] {
    return this.#seal(true);
  }

  #seal(last: boolean): readonly Buffer[] {
    const plain = this.#held.subarray(0, this.#filled);
    const sealed = this.#sealer.seal(plain, contextOf(this.#name, this.#count, last));
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32BE((sealed.length | (last ? LAST : 0)) >>> 0);
    this.#filled = 0;
    this.#count += 1;
    return [head, sealed];
  }
}

/**
 * The stream again. `read` answers exactly so many of the next bytes, or fewer at the end. Throws Fault SEAL_BROKEN
 * before giving out a byte of a chunk that was altered, and where the end is missing.
 */
export async function* openStream(
  read: (count: number) => Promise<Uint8Array>,
  sealer: Sealer,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; ; at += 1) {
    const head = await read(HEAD_BYTES);
    if (head.length < HEAD_BYTES) throw broken();
    const word = Buffer.from(head.buffer, head.byteOffset, head.byteLength).readUInt32BE();
    const last = word >= LAST;
    const length = word & (LAST - 1);
    if (length > CHUNK_BYTES + OVERHEAD_BYTES) throw broken();
    const sealed = await read(length);
    if (sealed.length < length) throw broken();
    const plain = sealer.open(sealed, contextOf(name, at, last));
    if (plain.length > 0) yield plain;
    if (!last) continue;
    if ((await read(1)).length > 0) throw broken();
    return;
  }
}

function broken() {
  return cannot('SEAL_BROKEN', 'a sealed file is not whole', {
    remedy: 'It was altered or cut short. Restore it from the backup, or have the instance stored again.',
  });
}
