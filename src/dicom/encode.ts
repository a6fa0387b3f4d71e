import { cannot } from '../base/errors';
import type { DataElement, DataSet } from './element';
import { formatTag, isGroupLength, type Tag } from './tag';
import { type Encoding, IMPLICIT_VR_LITTLE_ENDIAN, sameEncoding } from './transfer-syntax';
import { VALUE_REPRESENTATIONS, type VR } from './vr';

/**
 * From data sets to bytes. What was read and not changed goes out as the bytes it came in; neighbours in the same
 * source go out in one piece.
 */

const ITEM: Tag = 0xfffee000;
const ITEM_DELIMITATION: Tag = 0xfffee00d;
const SEQUENCE_DELIMITATION: Tag = 0xfffee0dd;
const UNDEFINED = 0xffffffff;
const DATA_SET_TRAILING_PADDING: Tag = 0xfffcfffc;
const LENGTH_TO_END: Tag = 0x00080001;

export class Chunks {
  readonly list: Uint8Array[] = [];
  size = 0;
  private run: Uint8Array | null = null;
  private runStart = 0;
  private runEnd = 0;

  raw(bytes: Uint8Array, start: number, end: number): void {
    this.size += end - start;
    if (this.run === bytes && this.runEnd === start) {
      this.runEnd = end;
      return;
    }
    this.flush();
    this.run = bytes;
    this.runStart = start;
    this.runEnd = end;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.flush();
    this.list.push(bytes);
    this.size += bytes.length;
  }

  append(other: Chunks): void {
    for (const chunk of other.close()) this.push(chunk);
  }

  close(): readonly Uint8Array[] {
    this.flush();
    return this.list;
  }

  joined(): Uint8Array {
    const list = this.close();
    return list.length === 1 ? list[0]! : Buffer.concat(list, this.size);
  }

  private flush(): void {
    if (this.run === null) return;
    if (this.runEnd > this.runStart) this.list.push(this.run.subarray(this.runStart, this.runEnd));
    this.run = null;
  }
}

function put16(target: Uint8Array, at: number, value: number, littleEndian: boolean): void {
  target[littleEndian ? at : at + 1] = value & 0xff;
  target[littleEndian ? at + 1 : at] = (value >>> 8) & 0xff;
}

function put32(target: Uint8Array, at: number, value: number, littleEndian: boolean): void {
  put16(target, littleEndian ? at : at + 2, value & 0xffff, littleEndian);
  put16(target, littleEndian ? at + 2 : at, value >>> 16, littleEndian);
}

function putTag(target: Uint8Array, at: number, tag: Tag, littleEndian: boolean): void {
  put16(target, at, tag >>> 16, littleEndian);
  put16(target, at + 2, tag & 0xffff, littleEndian);
}

/** Item, Item Delimitation Item, Sequence Delimitation Item: no VR in any syntax (PS3.5 7.5). */
function delimiter(tag: Tag, length: number, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(8);
  putTag(bytes, 0, tag, littleEndian);
  put32(bytes, 4, length, littleEndian);
  return bytes;
}

/** Longest even length of a 16-bit length field. */
export const LONGEST_SHORT_FORM = 0xfffe;

/** Header of an element (PS3.5 7.1.2, 7.1.3), with room for `extra` bytes behind it. */
function elementHeader(tag: Tag, vr: VR, length: number, encoding: Encoding, extra: number): Uint8Array {
  const { littleEndian } = encoding;
  if (!encoding.explicitVR) {
    const bytes = new Uint8Array(8 + extra);
    putTag(bytes, 0, tag, littleEndian);
    put32(bytes, 4, length, littleEndian);
    return bytes;
  }
  // PS3.5 6.2.2: a value too long for the 16-bit form is sent as UN.
  const form = !VALUE_REPRESENTATIONS[vr].longLength && length > 0xffff ? 'UN' : vr;
  const long = VALUE_REPRESENTATIONS[form].longLength;
  const bytes = new Uint8Array((long ? 12 : 8) + extra);
  putTag(bytes, 0, tag, littleEndian);
  bytes[4] = form.charCodeAt(0);
  bytes[5] = form.charCodeAt(1);
  if (long) put32(bytes, 8, length, littleEndian);
  else put16(bytes, 6, length, littleEndian);
  return bytes;
}

/** A copy with every unit turned round. */
export function swapped(bytes: Uint8Array, unit: 1 | 2 | 4 | 8): Uint8Array {
  const copy = Buffer.from(bytes);
  const whole = copy.subarray(0, copy.length - (copy.length % unit));
  if (unit === 2) whole.swap16();
  else if (unit === 4) whole.swap32();
  else if (unit === 8) whole.swap64();
  return copy;
}

/** Items of a sequence stored as UN are Implicit VR Little Endian, whatever is around them (PS3.5 6.2.2). */
function itemEncoding(element: DataElement, encoding: Encoding): Encoding {
  return element.vr === 'UN' ? (element.items?.[0]?.encoding ?? IMPLICIT_VR_LITTLE_ENDIAN) : encoding;
}

function encodeItem(chunks: Chunks, item: DataSet, encoding: Encoding): void {
  const { source } = item;
  if (source !== null && sameEncoding(item.encoding, encoding)) {
    chunks.raw(source.bytes, item.start, item.end);
    return;
  }
  const content = new Chunks();
  encodeElements(content, item, encoding, false);
  const { littleEndian } = encoding;
  chunks.push(delimiter(ITEM, item.undefinedLength ? UNDEFINED : content.size, littleEndian));
  chunks.append(content);
  if (item.undefinedLength) chunks.push(delimiter(ITEM_DELIMITATION, 0, littleEndian));
}

/** The items of a sequence, one after the other, without a sequence delimitation item. */
export function encodedItems(element: DataElement, encoding: Encoding): Uint8Array {
  const chunks = new Chunks();
  for (const item of element.items ?? []) encodeItem(chunks, item, itemEncoding(element, encoding));
  return chunks.joined();
}

function madeOrDiffers(element: DataElement, encoding: Encoding): boolean {
  return element.made || !sameEncoding(element.source.encoding, encoding);
}

export function encodeElement(chunks: Chunks, element: DataElement, encoding: Encoding): void {
  if (element.elided) {
    throw cannot('ELIDED', `the value of ${formatTag(element.tag)} was skipped on reading and cannot be written`);
  }
  if (!madeOrDiffers(element, encoding)) {
    chunks.raw(element.source.bytes, element.start, element.end);
    return;
  }
  const { tag, vr, items, undefinedLength } = element;
  if (items !== null) {
    const content = new Chunks();
    for (const item of items) encodeItem(content, item, itemEncoding(element, encoding));
    chunks.push(elementHeader(tag, vr, undefinedLength ? UNDEFINED : content.size, encoding, 0));
    chunks.append(content);
  } else {
    let value = element.bytes();
    const { unit } = VALUE_REPRESENTATIONS[vr];
    if (unit > 1 && element.source.encoding.littleEndian !== encoding.littleEndian && !undefinedLength) {
      value = swapped(value, unit);
    }
    if (!undefinedLength && value.length <= 1024) {
      const bytes = elementHeader(tag, vr, value.length, encoding, value.length);
      bytes.set(value, bytes.length - value.length);
      chunks.push(bytes);
      return;
    }
    chunks.push(elementHeader(tag, vr, undefinedLength ? UNDEFINED : value.length, encoding, 0));
    chunks.push(value);
  }
  if (undefinedLength) chunks.push(delimiter(SEQUENCE_DELIMITATION, 0, encoding.littleEndian));
}

/** Whether an element of the data set is written at all. */
export function isWritten(tag: Tag, original: boolean, topLevel: boolean): boolean {
  // A group length, or a Length to End, of what has since changed would lie (PS3.5 7.2: retired).
  if (!original && (isGroupLength(tag) || tag === LENGTH_TO_END)) return false;
  if (!topLevel) return true;
  if (tag === DATA_SET_TRAILING_PADDING) return false; // PS3.10 7.2: without meaning
  const group = tag >>> 16;
  return group !== 0x0000 && group !== 0x0002; // command and File Meta elements do not belong in a data set
}

export function encodeElements(chunks: Chunks, dataSet: DataSet, encoding: Encoding, topLevel: boolean): void {
  const original = dataSet.original && sameEncoding(dataSet.encoding, encoding);
  for (const element of dataSet.elements) {
    if (isWritten(element.tag, original, topLevel)) encodeElement(chunks, element, encoding);
  }
}

/** The data set in its own encoding. */
export function encodeDataSet(dataSet: DataSet): Uint8Array {
  const chunks = new Chunks();
  encodeElements(chunks, dataSet, dataSet.encoding, true);
  return chunks.joined();
}
