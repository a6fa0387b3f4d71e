import {
  createDeflateRaw,
  createInflateRaw,
  type DeflateRaw,
  deflateRawSync,
  type InflateRaw,
  inflateRawSync,
} from 'node:zlib';
import { cannot, type Fault } from '../../base/errors';
import type { Feed } from './feed';

/** Deflated data sets (PS3.5 A.5, RFC 1951). */

/** In memory, all of a data set is inflated at once: a bound against a few bytes that become very many. */
const MAXIMUM_INFLATED = 256 * 1024 * 1024;

function faultOf(error: unknown): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return truncatedDeflate();
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    return cannot('HEADER_TOO_LARGE', `the deflated data set is larger than ${MAXIMUM_INFLATED} bytes`);
  }
  if (typeof code === 'string' && code.startsWith('Z_')) {
    return cannot('BAD_DEFLATE', 'the data set is not deflated as the transfer syntax says');
  }
  return error;
}

function truncatedDeflate(): Fault {
  return cannot('TRUNCATED', 'the deflated data set ends early');
}

export function inflatedBytes(bytes: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: MAXIMUM_INFLATED });
  } catch (error) {
    throw faultOf(error);
  }
}

export async function* inflated(feed: Feed): AsyncGenerator<Uint8Array> {
  async function* compressed(): AsyncGenerator<Uint8Array> {
    try {
      for (let piece = await feed.take(1 << 20); piece !== undefined; piece = await feed.take(1 << 20)) yield piece;
    } finally {
      await feed.close();
    }
  }
  yield* through(createInflateRaw(), compressed());
}

/** Even length, with one NUL where needed (PS3.5 A.5). */
export function deflatedBytes(bytes: Uint8Array): Uint8Array[] {
  const compressed = deflateRawSync(bytes);
  return compressed.length % 2 === 0 ? [compressed] : [compressed, new Uint8Array(1)];
}

export async function* deflated(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const piece of through(createDeflateRaw(), body)) {
    length += piece.length;
    yield piece;
  }
  if (length % 2 !== 0) yield new Uint8Array(1);
}

/** Pumps `body` through a zlib stream, no faster than it is taken; an error on either side ends both. */
async function* through(zlib: InflateRaw | DeflateRaw, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let stopped = false;
  let wake = (): void => {};
  const onward = (): void => wake();
  zlib.on('drain', onward);
  zlib.on('close', onward);
  zlib.on('end', onward);
  const pump = (async () => {
    try {
      for await (const piece of body) {
        if (stopped || zlib.destroyed || zlib.readableEnded) return;
        if (!zlib.write(piece)) {
          await new Promise<void>((resolve) => {
            wake = resolve;
            if (zlib.destroyed || zlib.readableEnded || !zlib.writableNeedDrain) resolve();
          });
        }
      }
      if (!zlib.destroyed) zlib.end();
    } catch (error) {
      zlib.destroy(error as Error);
    }
  })();
  try {
    for await (const piece of zlib) yield piece as Uint8Array;
    await pump;
  } catch (error) {
    throw faultOf(error);
  } finally {
    stopped = true;
    zlib.destroy();
    wake();
    await pump;
  }
}
