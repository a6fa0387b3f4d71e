import type { CharacterSet } from './character-set';
import { lookUp } from './dictionary';
import type { DataElement } from './element';
import { formatTag, tagFrom } from './tag';
import { VALUE_REPRESENTATIONS, type ValueRepresentation, type VR } from './vr';

/** From encoded value fields to text and numbers. Never throws on what a value holds. */

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** The value field, no view of it being made where that can be avoided. */
function latin1Of(element: DataElement): string {
  const { bytes } = element.source;
  if (element.made || !(bytes instanceof Buffer)) return latin1(element.bytes());
  return bytes.toString('latin1', element.valueStart, element.valueStart + element.valueLength);
}

/** Trailing spaces and NULs are padding (PS3.5 6.2); some writers pad text with NUL. */
function trimmed(text: string, traits: ValueRepresentation): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 0x20 || text.charCodeAt(end - 1) === 0)) end--;
  let start = 0;
  if (traits.leadingSpaces === 'trimmed') while (start < end && text.charCodeAt(start) === 0x20) start++;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/**
 * The VR to decode by. UN whose attribute the dictionary knows holds that VR, little endian (PS3.5 6.2.2).
 */
function decodingVR(element: DataElement, vr: VR): { readonly vr: VR; readonly littleEndian: boolean } {
  if (vr !== 'UN') return { vr, littleEndian: element.source.encoding.littleEndian };
  return { vr: lookUp(element.tag)?.vr ?? 'UN', littleEndian: true };
}

export function stringsIn(element: DataElement, storedVR: VR, characterSet: CharacterSet): string[] {
  if (element.items !== null || element.elided || element.valueLength === 0) return [];
  const { vr } = decodingVR(element, storedVR);
  const traits = VALUE_REPRESENTATIONS[vr];
  if (traits.kind === 'number') {
    const numbers = numbersIn(element, storedVR);
    return vr === 'AT' ? numbers.map(formatTag) : numbers.map(String);
  }
  if (traits.kind !== 'text') return [];
  let values: string[];
  if (!traits.extendedCharacters) {
    const text = latin1Of(element);
    values = traits.multiple && text.includes('\\') ? text.split('\\') : [text];
  } else if (traits.multiple) {
    values = characterSet.decodeValues(element.bytes(), vr);
  } else {
    values = [characterSet.decode(element.bytes(), vr)];
  }
  for (let at = 0; at < values.length; at++) values[at] = trimmed(values[at]!, traits);
  return values.length === 1 && values[0] === '' ? [] : values;
}

type Reader = (view: DataView, at: number, littleEndian: boolean) => number;

const READERS: Partial<Record<VR, readonly [size: number, read: Reader]>> = {
  US: [2, (view, at, le) => view.getUint16(at, le)],
  SS: [2, (view, at, le) => view.getInt16(at, le)],
  UL: [4, (view, at, le) => view.getUint32(at, le)],
  SL: [4, (view, at, le) => view.getInt32(at, le)],
  FL: [4, (view, at, le) => view.getFloat32(at, le)],
  FD: [8, (view, at, le) => view.getFloat64(at, le)],
  SV: [8, (view, at, le) => Number(view.getBigInt64(at, le))],
  UV: [8, (view, at, le) => Number(view.getBigUint64(at, le))],
  AT: [4, (view, at, le) => tagFrom(view.getUint16(at, le), view.getUint16(at + 2, le))],
};

/** Values of a numeric VR, and of IS and DS as numbers (NaN where one is none). */
export function numbersIn(element: DataElement, storedVR: VR): number[] {
  if (element.items !== null || element.elided || element.valueLength === 0) return [];
  const { vr, littleEndian } = decodingVR(element, storedVR);
  const bytes = element.bytes();
  if (vr === 'IS' || vr === 'DS') {
    const text = latin1(bytes).replaceAll('\0', ' ');
    if (text.trim() === '') return [];
    return text.split('\\').map((value) => (value.trim() === '' ? Number.NaN : Number(value)));
  }
  const reader = READERS[vr];
  if (reader === undefined) return [];
  const [size, read] = reader;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const numbers: number[] = [];
  for (let at = 0; at + size <= bytes.length; at += size) numbers.push(read(view, at, littleEndian));
  return numbers;
}
