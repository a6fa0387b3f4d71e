import { cannot, type Fault } from '../../base/errors';
import type { DataElement, DataSet } from '../data-set';
import type { Tag } from '../tag';
import type { TransferSyntax } from '../transfer-syntax';
import type { VR } from '../vr';
import { fragmentEnd, isSequenceDelimitation, UNDEFINED } from './bytes';
import { inflated, inflatedBytes } from './deflate';
import { readHead } from './detect';
import { Feed, heldWindow, type Window } from './feed';
import { type Step, TopLevel } from './top-level';

export interface ReadOptions {
  /** Bytes of elements held at a time; more is Fault HEADER_TOO_LARGE. Default 64 MiB. */
  readonly maxHeaderBytes?: number;
  /** Sequences within sequences; more is Fault NESTED_TOO_DEEP. Default 100. */
  readonly maxDepth?: number;
  /** Elements held at a time, nested ones and items included; more is Fault HEADER_TOO_LARGE. Default 600,000. */
  readonly maxElements?: number;
  /**
   * Top-level elements for which this says true are skipped without being held when their value is over 64 KiB and
   * its length is defined; they come out with `elided`.
   */
  readonly elide?: (tag: Tag, vr: VR) => boolean;
}

export interface HeldElement {
  readonly kind: 'element';
  readonly element: DataElement;
}

export interface BulkHeader {
  readonly kind: 'bulk';
  readonly tag: Tag;
  readonly vr: VR;
  /** Of the value field; undefined where it comes as fragments up to a delimiter. */
  readonly length: number | undefined;
}

/** `chunks`: the whole encoded element, its header included, byte for byte. Throws Fault TRUNCATED where it ends early. */
export type TopLevelPart = HeldElement | (BulkHeader & { readonly chunks: AsyncIterable<Uint8Array> });
export type HeldPart = HeldElement | (BulkHeader & { readonly bytes: Uint8Array });

interface InstanceHead {
  readonly fileMeta: DataSet | null;
  /** As the bytes are encoded, also where the File Meta says otherwise or nothing. */
  readonly transferSyntax: TransferSyntax;
  /** Every top-level element before the first bulk one (pixel data), or all. */
  readonly header: DataSet;
}

export interface IncomingInstance extends InstanceHead {
  /** What follows, in order, to be gone through once; asking for the next part drains the one before. */
  readonly rest: AsyncIterable<TopLevelPart>;
}

export interface HeldInstance extends InstanceHead {
  readonly rest: readonly HeldPart[];
}

/**
 * Reads up to the first bulk element. The chunks of `source` are kept where the header lies in them: they must not be
 * written to afterwards. Throws Faults: NOT_DICOM, EMPTY, TRUNCATED, LENGTH_BEYOND_PARENT, NESTED_TOO_DEEP,
 * HEADER_TOO_LARGE, BAD_VR, BAD_DELIMITER, BAD_DEFLATE, UNSUPPORTED_TRANSFER_SYNTAX.
 */
export async function readPart10(
  source: AsyncIterable<Uint8Array>,
  options: ReadOptions = {},
): Promise<IncomingInstance> {
  const outer = new Feed(source);
  let feed = outer;
  try {
    let head = readHead(outer);
    while (typeof head === 'number') {
      await outer.fill(head);
      head = readHead(outer);
    }
    outer.pos = head.dataSetStart;
    if (head.transferSyntax.deflated) feed = new Feed(inflated(outer));
    const topLevel = new TopLevel(feed, head.transferSyntax.encoding, options);
    const step = await readHeader(feed, topLevel);
    return {
      fileMeta: head.fileMeta,
      transferSyntax: head.transferSyntax,
      header: topLevel.header,
      rest: partsBehind(feed, topLevel, step),
    };
  } catch (error) {
    await feed.close();
    throw error;
  }
}

async function readHeader(feed: Feed, topLevel: TopLevel): Promise<'bulk' | 'end'> {
  for (;;) {
    const step = topLevel.step();
    if (step === 'more') await feed.fill(topLevel.needed);
    else if (step === 'elided') await skip(feed, topLevel.parser.length);
    else if (step !== 'element') {
      topLevel.behindHeader = true;
      if (step === 'end' && topLevel.elements.length === 0) throw emptyDataSet();
      return step;
    }
  }
}

async function skip(feed: Feed, count: number): Promise<void> {
  let left = count;
  while (left > 0) {
    const piece = await feed.take(left);
    if (piece === undefined) throw truncated(feed.base + feed.pos);
    left -= piece.length;
  }
}

async function* partsBehind(feed: Feed, topLevel: TopLevel, first: 'bulk' | 'end'): AsyncGenerator<TopLevelPart> {
  const { parser } = topLevel;
  try {
    let step: Step = first;
    while (step !== 'end') {
      if (step === 'bulk') {
        const bulk = new BulkElement(feed, topLevel);
        yield { ...bulk.description, chunks: bulk };
        await bulk.drain();
      } else if (step === 'more') {
        await feed.fill(topLevel.needed);
      } else {
        if (step === 'elided') await skip(feed, parser.length);
        yield { kind: 'element', element: topLevel.found! };
      }
      step = topLevel.step();
    }
  } finally {
    await feed.close();
  }
}

/** A bulk element on its way through: passed on as it lies, its fragments walked (PS3.5 A.4). */
class BulkElement implements AsyncIterable<Uint8Array> {
  readonly description: BulkHeader;
  /** Bytes to pass before anything has to be looked at. */
  private left: number;
  private walking: boolean;
  private failure: unknown;

  constructor(
    private readonly feed: Feed,
    private readonly topLevel: TopLevel,
  ) {
    const { tag, vr, length, valueStart } = topLevel.parser;
    const headerLength = valueStart - feed.pos;
    this.walking = length === UNDEFINED;
    this.left = this.walking ? headerLength : headerLength + length;
    this.description = { kind: 'bulk', tag, vr, length: this.walking ? undefined : length };
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: async () => {
        const value = await this.nextPiece();
        return value === undefined ? { done: true, value: undefined } : { done: false, value };
      },
    };
  }

  async drain(): Promise<void> {
    while ((await this.nextPiece()) !== undefined);
  }

  private async nextPiece(): Promise<Uint8Array | undefined> {
    if (this.failure !== undefined) throw this.failure;
    try {
      if (this.left === 0) {
        if (!this.walking) return undefined;
        await this.lookAtFragment();
      }
      const piece = await this.feed.take(this.left);
      if (piece === undefined) throw truncated(this.feed.base + this.feed.pos);
      this.left -= piece.length;
      return piece;
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  /** Takes in as many whole fragments as lie in the window, so that they go on in one piece. */
  private async lookAtFragment(): Promise<void> {
    const { feed } = this;
    const { encoding } = this.topLevel.header;
    await feed.fill(8);
    if (feed.available < 8) throw truncated(feed.base + feed.bytes.length);
    let end = feed.pos;
    while (end + 8 <= feed.bytes.length && this.walking) {
      const at = end;
      end = fragmentEnd(feed.bytes, at, encoding, feed.base);
      if (isSequenceDelimitation(feed.bytes, at, encoding)) this.walking = false;
    }
    this.left = end - feed.pos;
  }
}

/** Same, for bytes that are all in memory: parts are views of `bytes`. */
export function readPart10Bytes(bytes: Uint8Array, options: ReadOptions = {}): HeldInstance {
  const outer = heldWindow(bytes);
  const head = readHead(outer);
  if (typeof head === 'number') throw new Error('a window that has ended cannot need more');
  const { fileMeta, transferSyntax } = head;
  const window = transferSyntax.deflated
    ? heldWindow(inflatedBytes(bytes.subarray(head.dataSetStart)))
    : { ...outer, pos: head.dataSetStart };
  const topLevel = new TopLevel(window, transferSyntax.encoding, options);
  const rest: HeldPart[] = [];
  for (let step = topLevel.step(); step !== 'end'; step = topLevel.step()) {
    if (step === 'bulk') {
      topLevel.behindHeader = true;
      rest.push(heldBulk(window, topLevel));
      continue;
    }
    if (step === 'elided') {
      const end = window.pos + topLevel.parser.length;
      if (end > window.bytes.length) throw truncated(window.bytes.length);
      window.pos = end;
    }
    if (topLevel.behindHeader) rest.push({ kind: 'element', element: topLevel.found! });
  }
  if (topLevel.elements.length === 0 && rest.length === 0) throw emptyDataSet();
  return { fileMeta, transferSyntax, header: topLevel.header, rest };
}

function heldBulk(window: Window, topLevel: TopLevel): HeldPart {
  const { tag, vr, length, valueStart } = topLevel.parser;
  const { bytes, pos } = window;
  const { encoding } = topLevel.header;
  let end = valueStart;
  if (length === UNDEFINED) {
    for (let last = false; !last; ) {
      if (end + 8 > bytes.length) throw truncated(bytes.length);
      last = isSequenceDelimitation(bytes, end, encoding);
      end = fragmentEnd(bytes, end, encoding, 0);
    }
  } else {
    end += length;
  }
  if (end > bytes.length) throw truncated(bytes.length);
  window.pos = end;
  return { kind: 'bulk', tag, vr, length: length === UNDEFINED ? undefined : length, bytes: bytes.subarray(pos, end) };
}

function truncated(at: number): Fault {
  return cannot('TRUNCATED', `the data ends at offset ${at}, within an element`);
}

function emptyDataSet(): Fault {
  return cannot('EMPTY', 'the data set has no elements');
}
