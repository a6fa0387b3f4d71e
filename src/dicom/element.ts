import { cannot } from '../base/errors';
import { CharacterSet } from './character-set';
import { encodedItems } from './encode';
import { formatTag, type Tag } from './tag';
import type { Encoding } from './transfer-syntax';
import { numbersIn, stringsIn } from './values';
import type { VR } from './vr';

/** Bytes as they were read (or made), and how they are encoded. Shared by every element cut from them. */
export interface Source {
  readonly bytes: Uint8Array;
  readonly encoding: Encoding;
}

/** How an element came to be; bits of `form`. */
export const UNDEFINED_LENGTH = 1;
export const ELIDED = 2;
/** Not read: its header has yet to be encoded. */
export const MADE = 4;

const NOTHING = new Uint8Array(0);

/**
 * One attribute of a data set: offsets into the bytes it was read from. Nothing is decoded before it is asked for.
 * Immutable.
 */
export class DataElement {
  readonly tag: Tag;
  /** As stored. Implicit VR: from the dictionary (private: as the creator is known to use it), else UN. */
  readonly vr: VR;
  /** Where the value is a sequence, also one stored as UN (PS3.5 6.2.2). */
  readonly items: readonly DataSet[] | null;
  /** @internal */
  readonly source: Source;
  /** @internal offset of the element header in `source`; meaningless where made */
  readonly start: number;
  /** @internal */
  readonly valueStart: number;
  /** @internal length of the value as read, without a sequence delimitation item */
  readonly valueLength: number;
  /** @internal */
  readonly form: number;

  /** @internal */
  constructor(
    tag: Tag,
    vr: VR,
    items: readonly DataSet[] | null,
    source: Source,
    start: number,
    valueStart: number,
    valueLength: number,
    form: number,
  ) {
    this.tag = tag;
    this.vr = vr;
    this.items = items;
    this.source = source;
    this.start = start;
    this.valueStart = valueStart;
    this.valueLength = valueLength;
    this.form = form;
  }

  /** Bytes of the encoded value field; a sequence delimitation item does not count. */
  get length(): number {
    if ((this.form & MADE) !== 0 && this.items !== null) return this.bytes().length;
    return this.valueLength;
  }

  /** Skipped on reading (`ReadOptions.elide`): it has a length, but no bytes, and cannot be written. */
  get elided(): boolean {
    return (this.form & ELIDED) !== 0;
  }

  /** @internal */
  get made(): boolean {
    return (this.form & MADE) !== 0;
  }

  get undefinedLength(): boolean {
    return (this.form & UNDEFINED_LENGTH) !== 0;
  }

  /** @internal offset after the element, its sequence delimitation item included */
  get end(): number {
    return this.valueStart + this.valueLength + ((this.form & UNDEFINED_LENGTH) !== 0 ? 8 : 0);
  }

  /** The value field as encoded: a view, not to be written into. Throws Fault ELIDED. */
  bytes(): Uint8Array {
    if ((this.form & ELIDED) !== 0) {
      throw cannot('ELIDED', `the value of ${formatTag(this.tag)} was skipped on reading`);
    }
    if ((this.form & MADE) !== 0 && this.items !== null) return encodedItems(this, this.source.encoding);
    if (this.valueLength === 0) return NOTHING;
    return this.source.bytes.subarray(this.valueStart, this.valueStart + this.valueLength);
  }
}

const SPECIFIC_CHARACTER_SET: Tag = 0x00080005;

/** A data set or an item of a sequence. Immutable once read. */
export class DataSet {
  readonly encoding: Encoding;
  readonly elements: readonly DataElement[];
  /** @internal the data set an item lies in, or what applies without (0008,0005) */
  readonly scope: DataSet | CharacterSet;
  /** @internal read and not changed since: group lengths still hold */
  readonly original: boolean;
  /** @internal item was, and will be, encoded with undefined length */
  undefinedLength = false;
  /** @internal where an item lies in the bytes it was read from, item header and delimiter included */
  source: Source | null = null;
  /** @internal */
  start = 0;
  /** @internal */
  end = 0;
  private ownCharacterSet: CharacterSet | undefined;
  private ordered: boolean | undefined;

  /** @internal use `newDataSet`, `newItem` or `withElements` */
  constructor(encoding: Encoding, scope: DataSet | CharacterSet, elements: readonly DataElement[], original: boolean) {
    this.encoding = encoding;
    this.scope = scope;
    this.elements = elements;
    this.original = original;
  }

  /** That of its own (0008,0005), else that of the data set around it (PS3.3 C.12.1.1.2). */
  get characterSet(): CharacterSet {
    if (this.ownCharacterSet === undefined) {
      const own = this.element(SPECIFIC_CHARACTER_SET);
      if (own !== undefined && !own.elided && own.length > 0) {
        this.ownCharacterSet = CharacterSet.of(stringsIn(own, 'CS', CharacterSet.of([])));
      } else {
        this.ownCharacterSet = this.scope instanceof DataSet ? this.scope.characterSet : this.scope;
      }
    }
    return this.ownCharacterSet;
  }

  /** The first element with that tag. */
  element(tag: Tag): DataElement | undefined {
    const { elements } = this;
    if (!this.isOrdered()) return elements.find((candidate) => candidate.tag === tag);
    let low = 0;
    let high = elements.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (elements[middle]!.tag < tag) low = middle + 1;
      else high = middle;
    }
    const found = elements[low];
    return found !== undefined && found.tag === tag ? found : undefined;
  }

  has(tag: Tag): boolean {
    return this.element(tag) !== undefined;
  }

  /** Decoded values, padding trimmed; [] where absent or empty. ST, LT, UT and UR are one value always. */
  strings(tag: Tag): string[] {
    const found = this.element(tag);
    return found === undefined ? [] : stringsIn(found, found.vr, this.characterSet);
  }

  /** The first value that is not empty. */
  string(tag: Tag): string | undefined {
    return this.strings(tag).find((value) => value !== '');
  }

  /** Values of US SS UL SL FL FD AT SV UV and, parsed, IS DS; [] where absent or empty. */
  numbers(tag: Tag): number[] {
    const found = this.element(tag);
    return found === undefined ? [] : numbersIn(found, found.vr);
  }

  items(tag: Tag): readonly DataSet[] {
    return this.element(tag)?.items ?? [];
  }

  /** A copy with these elements, put in the order of their tags; itself where they are the ones it has. */
  withElements(elements: readonly DataElement[]): DataSet {
    if (elements.length === this.elements.length && elements.every((each, at) => each === this.elements[at])) {
      return this;
    }
    const copy = new DataSet(this.encoding, this.scope, inOrder(elements), false);
    copy.undefinedLength = this.undefinedLength;
    return copy;
  }

  private isOrdered(): boolean {
    this.ordered ??= inTagOrder(this.elements);
    return this.ordered;
  }
}

function inTagOrder(elements: readonly DataElement[]): boolean {
  let last = -1;
  for (const { tag } of elements) {
    if (tag < last) return false;
    last = tag;
  }
  return true;
}

export function inOrder(elements: readonly DataElement[]): readonly DataElement[] {
  return inTagOrder(elements) ? elements : [...elements].sort((a, b) => a.tag - b.tag);
}

/** Decoded text of one element of `owner`. */
export function valuesOf(element: DataElement, owner: DataSet): string[] {
  return stringsIn(element, element.vr, owner.characterSet);
}
