import { cannot, Fault } from '../../base/errors';
import { CharacterSet } from '../character-set';
import { lookUp, privateVR } from '../dictionary';
import { DataElement, DataSet, ELIDED, type Source, UNDEFINED_LENGTH } from '../element';
import { element as elementNumber, formatTag, type Tag, tagFrom } from '../tag';
import { EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN } from '../transfer-syntax';
import { stringsIn } from '../values';
import { type VR, valueRepresentationOf } from '../vr';
import {
  fragmentEnd,
  ITEM,
  ITEM_DELIMITATION,
  isSequenceDelimitation,
  SEQUENCE_DELIMITATION,
  UNDEFINED,
  uint16,
  uint32,
} from './bytes';
import { begins } from './plausible';

/**
 * From bytes to data elements (PS3.5 7): one top-level element at a time, nested ones with it. Every length is held
 * against what is there before it is believed; nothing is allocated by a length.
 */

const PIXEL_REPRESENTATION: Tag = 0x00280103;
const DIRECTORY_RECORD_SEQUENCE: Tag = 0x00041220;

/** Thrown while the source is open and what was asked for may still come: `parser.needed` says up to where. */
export const NEED_MORE = Symbol('need more');

export interface ParseLimits {
  readonly maxDepth: number;
  readonly maxElements: number;
}

export class Parser {
  /** Offset in the window up to which bytes are needed, after NEED_MORE. */
  needed = 0;
  /** No more bytes will come than the window has. */
  ended = false;
  /** Offset in the file of the first byte of the window; for messages. */
  base = 0;
  /** Offset in the window beyond which the header is too large. */
  ceiling = 0;
  /** Offset after the last thing parsed. */
  next = 0;

  /* the element header read last */
  tag: Tag = 0;
  vr: VR = 'UN';
  length = 0;
  valueStart = 0;

  private elementsSeen = 0;
  private signedPixels = false;
  /** Where the Directory Record Sequence being read ends. */
  private directoryEnd = -1;
  /* private creator met last: consecutive private elements mostly share it */
  private creatorOwner: DataSet | null = null;
  private creatorTag: Tag = 0;
  private creator: string | undefined;

  constructor(private readonly limits: ParseLimits) {}

  /** The bound on elements is for what is held at a time. */
  forget(): void {
    this.elementsSeen = 0;
  }

  /** What ran out: the stream (more may come), the file, or the sequence or item around. */
  private short(needed: number, open: boolean, at: number): never {
    if (!open) {
      throw cannot('LENGTH_BEYOND_PARENT', `an element at offset ${this.base + at} is longer than what it lies in`);
    }
    if (needed > this.ceiling) {
      throw cannot('HEADER_TOO_LARGE', `an element at offset ${this.base + at} goes beyond the bound for headers`);
    }
    if (this.ended) throw cannot('TRUNCATED', `the data ends within an element at offset ${this.base + at}`);
    this.needed = needed;
    throw NEED_MORE;
  }

  /** Reads tag, VR and length at `at` into the fields of the parser. */
  header(source: Source, owner: DataSet | null, at: number, limit: number, open: boolean): void {
    const { bytes, encoding } = source;
    if (limit - at < 8) this.short(at + 8, open, at);
    const le = encoding.littleEndian;
    const b0 = bytes[at]!;
    const b1 = bytes[at + 1]!;
    const b2 = bytes[at + 2]!;
    const b3 = bytes[at + 3]!;
    const tag = (le ? (b1 << 24) | (b0 << 16) | (b3 << 8) | b2 : (b0 << 24) | (b1 << 16) | (b2 << 8) | b3) >>> 0;
    this.tag = tag;
    const b4 = bytes[at + 4]!;
    const b5 = bytes[at + 5]!;
    const b6 = bytes[at + 6]!;
    const b7 = bytes[at + 7]!;
    if (!encoding.explicitVR || tag >>> 16 === 0xfffe) {
      this.length = (le ? (b7 << 24) | (b6 << 16) | (b5 << 8) | b4 : (b4 << 24) | (b5 << 16) | (b6 << 8) | b7) >>> 0;
      this.valueStart = at + 8;
      this.vr = encoding.explicitVR ? 'UN' : this.implicitVR(tag, owner);
      return;
    }
    const traits = valueRepresentationOf(b4, b5);
    if (traits === undefined) throw cannot('BAD_VR', `${formatTag(tag)} at offset ${this.base + at} has no known VR`);
    this.vr = traits.vr;
    if (!traits.longLength) {
      this.length = le ? (b7 << 8) | b6 : (b6 << 8) | b7;
      this.valueStart = at + 8;
      return;
    }
    if (limit - at < 12) this.short(at + 12, open, at);
    this.length = uint32(bytes, at + 8, le);
    this.valueStart = at + 12;
  }

  /**
   * The element at `at` of the data set `owner`. `open`: the limit is the end of what has come so far, not that of a
   * sequence or item. Afterwards `next` is the offset behind it.
   */
  element(source: Source, owner: DataSet, at: number, limit: number, open: boolean, depth: number): DataElement {
    this.header(source, owner, at, limit, open);
    const { tag, vr, length, valueStart } = this;
    if (tag >>> 16 === 0xfffe) {
      throw cannot('BAD_DELIMITER', `${formatTag(tag)} at offset ${this.base + at} stands where an attribute should`);
    }
    if (++this.elementsSeen > this.limits.maxElements) {
      throw cannot('HEADER_TOO_LARGE', `more than ${this.limits.maxElements} elements in a header`);
    }
    if (length === UNDEFINED) return this.undefinedLength(source, owner, at, limit, open, depth);
    const end = valueStart + length;
    if (end > limit) this.short(end, open, at);
    let items: readonly DataSet[] | null = null;
    if (vr === 'SQ') {
      items = this.definedSequence(source, owner, tag, valueStart, end, depth);
    } else if (vr === 'UN' && length >= 8 && source.encoding.explicitVR && lookUp(tag)?.vr === 'SQ') {
      items = this.sequenceInUN(source, owner, valueStart, end, depth);
    } else if (tag === PIXEL_REPRESENTATION && length === 2) {
      this.signedPixels = source.bytes[source.encoding.littleEndian ? valueStart : valueStart + 1] === 1;
    }
    this.next = end;
    const storedVR = vr === 'SQ' && items === null ? 'UN' : vr;
    return new DataElement(tag, storedVR, items, source, at, valueStart, length, 0);
  }

  /** An element whose value is passed over without being held. */
  elided(source: Source, at: number): DataElement {
    const { bytes, encoding } = source;
    // Only the header is kept, apart from the window, which goes.
    const header: Source = { bytes: bytes.slice(at, this.valueStart), encoding };
    return new DataElement(this.tag, this.vr, null, header, 0, header.bytes.length, this.length, ELIDED);
  }

  private undefinedLength(
    source: Source,
    owner: DataSet,
    at: number,
    limit: number,
    open: boolean,
    depth: number,
  ): DataElement {
    const { tag, vr, valueStart } = this;
    let items: readonly DataSet[] | null = null;
    let storedVR = vr;
    const isPrivate = (tag & 0x0001_0000) !== 0;
    if (vr === 'SQ') {
      items = this.items(source, owner, valueStart, limit, true, open, depth + 1);
    } else if (vr === 'UN' && source.encoding.explicitVR) {
      // PS3.5 6.2.2: UN of undefined length is a sequence in Implicit VR Little Endian.
      items = this.items(otherwise(source), owner, valueStart, limit, true, open, depth + 1);
    } else if (FRAGMENTED.has(vr) && (source.encoding.explicitVR || !isPrivate)) {
      this.fragments(source, valueStart, limit, open);
    } else if (!source.encoding.explicitVR) {
      // Only a sequence has undefined length in Implicit VR (PS3.5 7.1.3), whatever a dictionary says of the tag.
      storedVR = 'SQ';
      items = this.items(source, owner, valueStart, limit, true, open, depth + 1);
    } else {
      throw cannot('BAD_VR', `${formatTag(tag)} at offset ${this.base + at} has undefined length and is no sequence`);
    }
    return new DataElement(tag, storedVR, items, source, at, valueStart, this.next - 8 - valueStart, UNDEFINED_LENGTH);
  }

  private definedSequence(
    source: Source,
    owner: DataSet,
    tag: Tag,
    start: number,
    end: number,
    depth: number,
  ): readonly DataSet[] | null {
    if (!source.encoding.explicitVR && (tag & 0x0001_0000) !== 0) {
      // The VR is a hint of the private dictionary: where it does not fit, the value stays bytes.
      return this.attempt(source, owner, start, end, depth);
    }
    if (tag === DIRECTORY_RECORD_SEQUENCE) this.directoryEnd = end;
    return this.items(source, owner, start, end, false, false, depth + 1);
  }

  /** A public sequence stored as UN is known by its tag; where it does not read as one, it stays bytes. */
  private sequenceInUN(
    source: Source,
    owner: DataSet,
    start: number,
    end: number,
    depth: number,
  ): readonly DataSet[] | null {
    return this.attempt(otherwise(source), owner, start, end, depth);
  }

  private attempt(
    source: Source,
    owner: DataSet,
    start: number,
    end: number,
    depth: number,
  ): readonly DataSet[] | null {
    try {
      return this.items(source, owner, start, end, false, false, depth + 1);
    } catch (error) {
      if (error instanceof Fault && error.code !== 'NESTED_TOO_DEEP' && error.code !== 'HEADER_TOO_LARGE') return null;
      throw error;
    }
  }

  /** Items of a sequence from `at` (PS3.5 7.5), up to `limit` or to the sequence delimitation item. */
  private items(
    source: Source,
    parent: DataSet,
    at: number,
    limit: number,
    delimited: boolean,
    open: boolean,
    depth: number,
  ): DataSet[] {
    const { bytes, encoding } = source;
    const le = encoding.littleEndian;
    if (depth > this.limits.maxDepth) {
      throw cannot('NESTED_TOO_DEEP', `more than ${this.limits.maxDepth} sequences within each other`);
    }
    const items: DataSet[] = [];
    let position = at;
    while (delimited || position < limit) {
      if (limit - position < 8) this.short(position + 8, open, position);
      const tag = tagFrom(uint16(bytes, position, le), uint16(bytes, position + 2, le));
      const length = uint32(bytes, position + 4, le);
      if (tag === SEQUENCE_DELIMITATION && delimited) {
        this.next = position + 8;
        return items;
      }
      if (tag !== ITEM) {
        throw cannot(
          'BAD_DELIMITER',
          `${formatTag(tag)} at offset ${this.base + position} stands where an item should`,
        );
      }
      if (++this.elementsSeen > this.limits.maxElements) {
        throw cannot('HEADER_TOO_LARGE', `more than ${this.limits.maxElements} elements in a header`);
      }
      const start = position;
      position += 8;
      const inside = sourceOfItem(source, position, limit);
      // Most of the memory of a hostile header would be empty arrays of empty items.
      const elements = length === 0 ? NO_ELEMENTS : [];
      const item = new DataSet(inside.encoding, parent, elements, true);
      if (length === UNDEFINED) {
        item.undefinedLength = true;
        for (;;) {
          if (limit - position < 8) this.short(position + 8, open, position);
          if (
            uint16(bytes, position, le) === 0xfffe &&
            tagFrom(0xfffe, uint16(bytes, position + 2, le)) === ITEM_DELIMITATION
          ) {
            position += 8;
            break;
          }
          elements.push(this.element(inside, item, position, limit, open, depth));
          position = this.next;
        }
      } else {
        let end = position + length;
        // Directory records are found by offsets (PS3.3 F.3.2.2): writers get the length of the last one wrong unnoticed.
        if (end > limit && limit === this.directoryEnd) end = limit;
        if (end > limit) this.short(end, open, start);
        while (position < end) {
          elements.push(this.element(inside, item, position, end, false, depth));
          position = this.next;
        }
      }
      item.source = source;
      item.start = start;
      item.end = position;
      items.push(item);
    }
    this.next = position;
    return items;
  }

  /** Fragments of encapsulated pixel data (PS3.5 A.4), walked up to their delimiter. */
  private fragments(source: Source, at: number, limit: number, open: boolean): void {
    const { bytes, encoding } = source;
    let position = at;
    for (;;) {
      if (limit - position < 8) this.short(position + 8, open, position);
      const next = fragmentEnd(bytes, position, encoding, this.base);
      if (next > limit) this.short(next, open, position);
      const last = isSequenceDelimitation(bytes, position, encoding);
      position = next;
      if (last) break;
    }
    this.next = position;
  }

  private implicitVR(tag: Tag, owner: DataSet | null): VR {
    if (tag >>> 16 === 0xfffe) return 'UN';
    if ((tag & 0x0001_0000) === 0) {
      const entry = lookUp(tag);
      if (entry === undefined) return (tag & 0xffff) === 0 ? 'UL' : 'UN';
      return entry.signedByPixelRepresentation && this.signedPixels ? 'SS' : entry.vr;
    }
    const number = elementNumber(tag);
    if (number === 0) return 'UL';
    if (number < 0x0010) return 'UN';
    if (number <= 0x00ff) return 'LO'; // PS3.5 7.8.1: Private Creator
    if (number < 0x1000 || owner === null) return 'UN';
    const creatorTag = tagFrom(tag >>> 16, number >>> 8);
    if (this.creatorOwner !== owner || this.creatorTag !== creatorTag) {
      this.creatorOwner = owner;
      this.creatorTag = creatorTag;
      this.creator = undefined;
      for (let at = owner.elements.length - 1; at >= 0; at--) {
        const candidate = owner.elements[at]!;
        if (candidate.tag === creatorTag) {
          // Not the data set's own character set: it may not have been read to the end yet.
          this.creator = stringsIn(candidate, 'LO', CharacterSet.of([]))[0];
          break;
        }
      }
    }
    return this.creator === undefined ? 'UN' : (privateVR(this.creator, tag) ?? 'UN');
  }
}

/** VRs whose value may come as fragments (PS3.5 A.4). */
const FRAGMENTED: ReadonlySet<VR> = new Set<VR>(['OB', 'OW', 'OD', 'OF', 'OL', 'OV']);

const NO_ELEMENTS: DataElement[] = [];

const OTHERWISE = new WeakMap<Source, Source>();

/** The same bytes in the other VR form, little endian: as a sequence stored as UN is encoded (PS3.5 6.2.2). */
function otherwise(source: Source): Source {
  let other = OTHERWISE.get(source);
  if (other === undefined) {
    const encoding = source.encoding.explicitVR ? IMPLICIT_VR_LITTLE_ENDIAN : EXPLICIT_VR_LITTLE_ENDIAN;
    other = { bytes: source.bytes, encoding };
    OTHERWISE.set(source, other);
  }
  return other;
}

/**
 * How the item whose content begins at `at` is encoded: as what is around it, unless its first element plainly is in
 * the other VR form. Some writers put sequences together from data sets of another syntax.
 */
function sourceOfItem(source: Source, at: number, limit: number): Source {
  const { bytes, encoding } = source;
  if (!encoding.littleEndian || limit - at < 8) return source;
  if (uint16(bytes, at, true) === 0xfffe) return source;
  const spelled = valueRepresentationOf(bytes[at + 4]!, bytes[at + 5]!) !== undefined;
  if (spelled === encoding.explicitVR) return source;
  return begins(bytes, at, limit, otherwise(source).encoding) ? otherwise(source) : source;
}
