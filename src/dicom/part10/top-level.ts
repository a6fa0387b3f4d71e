import { CharacterSet } from '../character-set';
import { type DataElement, DataSet, type Source } from '../element';
import type { Tag } from '../tag';
import { TAGS } from '../tags';
import type { Encoding } from '../transfer-syntax';
import type { VR } from '../vr';
import { UNDEFINED } from './bytes';
import type { Window } from './feed';
import { NEED_MORE, Parser } from './parse';

/** Walks the top level of a data set, one element at a time, over a window that may still grow. */

const BULK: ReadonlySet<Tag> = new Set<Tag>([TAGS.FloatPixelData, TAGS.DoubleFloatPixelData, TAGS.PixelData]);
const LARGE = 64 * 1024;

export const DEFAULT_MAXIMUM_HEADER = 64 * 1024 * 1024;
export const DEFAULT_MAXIMUM_DEPTH = 100;
/** An element of eight bytes costs a hundred and forty in memory. */
export const DEFAULT_MAXIMUM_ELEMENTS = 600_000;

export interface TopLevelOptions {
  readonly maxHeaderBytes?: number;
  readonly maxDepth?: number;
  readonly maxElements?: number;
  readonly elide?: (tag: Tag, vr: VR) => boolean;
}

/**
 * `element`: in `found`. `elided`: in `found`, the window stands before its value. `bulk`: tag, VR and length as told
 * by `parser`, the window stands before its header. `more`: `needed` bytes from where the window stands.
 */
export type Step = 'element' | 'elided' | 'bulk' | 'more' | 'end';

export class TopLevel {
  readonly elements: DataElement[] = [];
  readonly header: DataSet;
  readonly parser: Parser;
  found: DataElement | null = null;
  needed = 0;
  /** Set once the header is complete: what follows is bounded one by one, and not kept. */
  behindHeader = false;
  private held = 0;
  private source: Source;
  private readonly maximum: number;

  constructor(
    private readonly window: Window,
    private readonly encoding: Encoding,
    private readonly options: TopLevelOptions,
  ) {
    this.maximum = options.maxHeaderBytes ?? DEFAULT_MAXIMUM_HEADER;
    this.parser = new Parser({
      maxDepth: options.maxDepth ?? DEFAULT_MAXIMUM_DEPTH,
      maxElements: options.maxElements ?? DEFAULT_MAXIMUM_ELEMENTS,
    });
    this.header = new DataSet(encoding, CharacterSet.of([]), this.elements, true);
    this.source = { bytes: window.bytes, encoding };
  }

  step(): Step {
    const { window, parser } = this;
    const { bytes, pos } = window;
    if (pos === bytes.length) {
      if (window.ended) return 'end';
      this.needed = 1;
      return 'more';
    }
    if (this.source.bytes !== bytes) this.source = { bytes, encoding: this.encoding };
    parser.base = window.base;
    parser.ended = window.ended;
    parser.ceiling = pos + this.maximum - this.held;
    const limit = Math.min(bytes.length, parser.ceiling);
    parser.length = 0;
    try {
      parser.header(this.source, this.header, pos, limit, true);
      if (BULK.has(parser.tag)) return 'bulk';
      if (parser.length > LARGE && parser.length !== UNDEFINED && this.skips(parser.tag, parser.vr)) {
        this.found = parser.elided(this.source, pos);
        window.pos = parser.valueStart;
        if (!this.behindHeader) this.elements.push(this.found);
        return 'elided';
      }
      this.found = parser.element(this.source, this.header, pos, limit, true, 0);
    } catch (error) {
      if (error !== NEED_MORE) throw error;
      // A value of undefined length is gone through anew each time: so only when there is twice as much of it.
      const have = bytes.length - pos;
      this.needed = Math.min(Math.max(parser.needed - pos, 2 * have), parser.ceiling - pos);
      return 'more';
    }
    window.pos = parser.next;
    if (this.behindHeader) {
      parser.forget();
    } else {
      this.held += parser.next - pos;
      this.elements.push(this.found);
    }
    return 'element';
  }

  /** Padding is not written again, so it need not be held (PS3.10 7.2). */
  private skips(tag: Tag, vr: VR): boolean {
    return tag === TAGS.DataSetTrailingPadding || this.options.elide?.(tag, vr) === true;
  }
}
