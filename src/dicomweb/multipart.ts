import { randomUUID } from 'node:crypto';
import { couldNot, type Fault } from '../base/errors';

/** One part of a multipart body (RFC 2046 5.1). Header names in lower case. `bytes` can be read once. */
export interface BodyPart {
  readonly headers: ReadonlyMap<string, string>;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Bounds that no honest peer meets: what lies before the first boundary, and the header lines of one part. */
const MAX_PREAMBLE_BYTES = 64 * 1024;
const MAX_PART_HEADER_BYTES = 16 * 1024;
const MAX_PADDING_BYTES = 256;

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const DASH = 0x2d;

/** What follows `--boundary`: the end of the whole body, a next part (its headers begin at `next`), data, or not there yet. */
type AfterBoundary = { readonly kind: 'close' | 'data' | 'short' } | { readonly kind: 'part'; readonly next: number };

/** Unconsumed bytes of the body. Holds one chunk of the source, plus the few bytes that may begin a boundary. */
class Window {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  private readonly source: AsyncIterator<Uint8Array>;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** Appends the next chunk; false at the end of the source. */
  async more(): Promise<boolean> {
    for (;;) {
      const { done, value } = await this.source.next();
      if (done === true) {
        return false;
      }
      if (value.length === 0) {
        continue;
      }
      const chunk = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      this.bytes = this.at === this.bytes.length ? chunk : Buffer.concat([this.bytes.subarray(this.at), chunk]);
      this.at = 0;
      return true;
    }
  }

  async close(): Promise<void> {
    await this.source.return?.();
  }

  /** Bytes at the end of the window that may be the beginning of `delimiter`. */
  heldBack(delimiter: Buffer): number {
    const { bytes } = this;
    const from = Math.max(this.at, bytes.length - delimiter.length + 1);
    for (
      let start = bytes.indexOf(delimiter[0]!, from);
      start !== -1;
      start = bytes.indexOf(delimiter[0]!, start + 1)
    ) {
      const length = bytes.length - start;
      if (bytes.compare(delimiter, 0, length, start) === 0) {
        return length;
      }
    }
    return 0;
  }

  afterBoundary(from: number): AfterBoundary {
    const { bytes } = this;
    if (from + 1 < bytes.length && bytes[from] === DASH && bytes[from + 1] === DASH) {
      return { kind: 'close' };
    }
    if (from + 1 === bytes.length && bytes[from] === DASH) {
      return { kind: 'short' };
    }
    let next = from;
    while (bytes[next] === SPACE || bytes[next] === TAB) {
      next += 1;
    }
    if (next - from > MAX_PADDING_BYTES) {
      return { kind: 'data' };
    }
    if (bytes[next] === LF) {
      return { kind: 'part', next: next + 1 };
    }
    if (next >= bytes.length || (bytes[next] === CR && next + 1 >= bytes.length)) {
      return { kind: 'short' };
    }
    return bytes[next] === CR && bytes[next + 1] === LF ? { kind: 'part', next: next + 2 } : { kind: 'data' };
  }
}

class MultipartReader {
  private readonly window: Window;
  private readonly dashBoundary: Buffer;
  /** CRLF--boundary, or LF--boundary where the peer ends its first boundary line so. */
  private delimiter: Buffer;
  /** The part whose bytes are being read. */
  private inPart = false;
  private closed = false;

  constructor(
    source: AsyncIterable<Uint8Array>,
    boundary: string,
    private readonly from: string,
  ) {
    this.window = new Window(source);
    this.dashBoundary = Buffer.from(`--${boundary}`, 'latin1');
    this.delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  async *parts(): AsyncGenerator<BodyPart, void, undefined> {
    try {
      await this.skipPreamble();
      while (!this.closed) {
        const headers = await this.readHeaders();
        const bytes: AsyncIterableIterator<Uint8Array> = {
          next: () => this.nextChunk(),
          [Symbol.asyncIterator]() {
            return this;
          },
        };
        this.inPart = true;
        yield { headers, bytes };
        while (this.inPart) {
          await this.nextChunk();
        }
      }
    } finally {
      await this.window.close();
    }
  }

  private cutShort(): Fault {
    return couldNot('BODY_CUT_SHORT', `${this.from}: the multipart body ended before its closing boundary.`, {
      remedy:
        'The transfer was interrupted; it is tried again. If it happens every time, look for a proxy or time limit in between.',
    });
  }

  private malformed(what: string): Fault {
    return couldNot('PEER_NOT_DICOMWEB', `${this.from}: ${what}.`, {
      remedy: 'Check that the address is that of the DICOMweb service.',
    });
  }

  private async skipPreamble(): Promise<void> {
    const { window, dashBoundary } = this;
    let skipped = 0;
    let lineStart = true;
    for (;;) {
      const found = window.bytes.indexOf(dashBoundary, window.at);
      if (found !== -1) {
        const startsLine = found === window.at ? lineStart : window.bytes[found - 1] === LF;
        const after = startsLine ? window.afterBoundary(found + dashBoundary.length) : ({ kind: 'data' } as const);
        if (after.kind === 'close') {
          this.closed = true;
          return;
        }
        if (after.kind === 'part') {
          window.at = after.next;
          if (window.bytes[after.next - 2] !== CR) {
            this.delimiter = this.delimiter.subarray(1);
          }
          return;
        }
        if (after.kind === 'data') {
          skipped += found + 1 - window.at;
          window.at = found + 1;
          lineStart = false;
          continue;
        }
      } else {
        // Nothing before the last boundary-length bytes can be the beginning of it.
        const keepFrom = Math.max(window.at, window.bytes.length - dashBoundary.length);
        if (keepFrom > window.at) {
          lineStart = window.bytes[keepFrom - 1] === LF;
          skipped += keepFrom - window.at;
          window.at = keepFrom;
        }
      }
      if (skipped > MAX_PREAMBLE_BYTES) {
        throw this.malformed('the multipart body does not begin with its boundary');
      }
      if (!(await window.more())) {
        throw this.cutShort();
      }
    }
  }

  private async readHeaders(): Promise<ReadonlyMap<string, string>> {
    const { window } = this;
    let searched = window.at;
    for (;;) {
      // The blank line, of either line ending; a part may have no header line at all.
      for (
        let lineEnd = window.bytes.indexOf(LF, searched);
        lineEnd !== -1;
        lineEnd = window.bytes.indexOf(LF, searched)
      ) {
        const lineStart = lineEnd === window.at ? lineEnd : window.bytes.lastIndexOf(LF, lineEnd - 1) + 1;
        const start = Math.max(window.at, lineStart);
        const length = lineEnd - start;
        if (length === 0 || (length === 1 && window.bytes[start] === CR)) {
          const headers = parsePartHeaders(window.bytes.toString('latin1', window.at, start));
          // The line break of the blank line may be the one that a boundary of an empty part begins with.
          window.at = start;
          await this.stepOverBlankLine(lineEnd + 1 - start);
          return headers;
        }
        searched = lineEnd + 1;
      }
      if (window.bytes.length - window.at > MAX_PART_HEADER_BYTES) {
        throw this.malformed('the header of a body part is too large');
      }
      const consumed = searched - window.at;
      if (!(await window.more())) {
        throw this.cutShort();
      }
      searched = window.at + consumed;
    }
  }

  private async stepOverBlankLine(length: number): Promise<void> {
    const { window, delimiter } = this;
    while (window.bytes.length - window.at < delimiter.length + 2 && (await window.more())) {
      // Enough bytes to tell an empty part.
    }
    const end = window.at + delimiter.length;
    const isDelimiter =
      end <= window.bytes.length &&
      window.bytes.compare(delimiter, 0, delimiter.length, window.at, end) === 0 &&
      window.afterBoundary(end).kind !== 'data';
    if (!isDelimiter) {
      window.at += length;
    }
  }

  /** The next run of bytes of the present part: as much as the window holds, never copied. */
  private async nextChunk(): Promise<IteratorResult<Uint8Array, undefined>> {
    const { window, delimiter } = this;
    while (this.inPart) {
      const start = window.at;
      const found = window.bytes.indexOf(delimiter, start);
      if (found === -1) {
        const end = window.bytes.length - window.heldBack(delimiter);
        if (end > start) {
          window.at = end;
          return { done: false, value: window.bytes.subarray(start, end) };
        }
      } else {
        const after = window.afterBoundary(found + delimiter.length);
        if (after.kind === 'data') {
          window.at = found + 1;
          return { done: false, value: window.bytes.subarray(start, found + 1) };
        }
        if (found > start) {
          window.at = found;
          return { done: false, value: window.bytes.subarray(start, found) };
        }
        if (after.kind !== 'short') {
          this.inPart = false;
          this.closed = after.kind === 'close';
          window.at = after.kind === 'part' ? after.next : window.bytes.length;
          break;
        }
      }
      if (!(await window.more())) {
        throw this.cutShort();
      }
    }
    return { done: true, value: undefined };
  }
}

function parsePartHeaders(text: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) {
      headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
  }
  return headers;
}

/**
 * Parts of a multipart body, one after the other, whatever the chunks of `source` are. Asking for the next part
 * passes over what is left of the one before. Content-Length of a part is not looked at. Ends with a Fault
 * `BODY_CUT_SHORT` (from the part that is being read) where the closing boundary is missing; `from` names the peer in it.
 * What follows the closing boundary is not read.
 */
export function readMultipart(
  source: AsyncIterable<Uint8Array>,
  boundary: string,
  from: string,
): AsyncGenerator<BodyPart, void, undefined> {
  return new MultipartReader(source, boundary, from).parts();
}

export interface PartToWrite {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** 122 random bits: never met inside a part. */
export function newBoundary(): string {
  return randomUUID();
}

function headOf({ headers }: Pick<PartToWrite, 'headers'>, boundary: string, first: boolean): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${first ? '' : '\r\n'}--${boundary}\r\n${lines.join('')}\r\n`, 'latin1');
}

function endOf(boundary: string, empty: boolean): Buffer {
  return Buffer.from(`${empty ? '' : '\r\n'}--${boundary}--\r\n`, 'latin1');
}

/** Bytes that `writeMultipart` comes to, where each part has the same `headers` and its content is of a known size. */
export function multipartLength(headers: PartToWrite['headers'], sizes: readonly number[], boundary: string): number {
  return sizes.reduce(
    (sum, size, n) => sum + headOf({ headers }, boundary, n === 0).length + size,
    endOf(boundary, sizes.length === 0).length,
  );
}

/** Chunks below this size are gathered: each one written costs a system call and an HTTP chunk of its own. */
const GATHER_BELOW = 16 * 1024;
const GATHERED_SIZE = 64 * 1024;

/**
 * A multipart body. Where the bytes of a part fail, so does the iteration: the closing boundary is never written.
 */
export async function* writeMultipart(
  parts: AsyncIterable<PartToWrite> | Iterable<PartToWrite>,
  boundary: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let gathered: Uint8Array[] = [];
  let size = 0;
  const take = (): Uint8Array => {
    const whole = gathered.length === 1 ? gathered[0]! : Buffer.concat(gathered, size);
    gathered = [];
    size = 0;
    return whole;
  };
  let first = true;
  for await (const part of parts) {
    const head = headOf(part, boundary, first);
    gathered.push(head);
    size += head.length;
    first = false;
    for await (const chunk of part.bytes) {
      if (chunk.length >= GATHER_BELOW) {
        if (size > 0) {
          yield take();
        }
        yield chunk;
        continue;
      }
      gathered.push(chunk);
      size += chunk.length;
      if (size >= GATHERED_SIZE) {
        yield take();
      }
    }
  }
  const end = endOf(boundary, first);
  gathered.push(end);
  size += end.length;
  yield take();
}
