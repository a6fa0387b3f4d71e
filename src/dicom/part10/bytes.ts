import { cannot } from '../../base/errors';
import { type Tag, tagFrom } from '../tag';
import type { Encoding } from '../transfer-syntax';

/** Items and delimiters, which have no VR in any syntax (PS3.5 7.5, A.4). */

export const ITEM: Tag = 0xfffee000;
export const ITEM_DELIMITATION: Tag = 0xfffee00d;
export const SEQUENCE_DELIMITATION: Tag = 0xfffee0dd;
export const UNDEFINED = 0xffffffff;

export function uint16(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  return littleEndian ? bytes[at]! | (bytes[at + 1]! << 8) : (bytes[at]! << 8) | bytes[at + 1]!;
}

export function uint32(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  const first = uint16(bytes, at, littleEndian);
  const second = uint16(bytes, at + 2, littleEndian);
  return (littleEndian ? (second << 16) | first : (first << 16) | second) >>> 0;
}

/** Offset behind the fragment, or the delimiter, whose eight bytes of item header lie at `at`. */
export function fragmentEnd(bytes: Uint8Array, at: number, encoding: Encoding, base: number): number {
  const le = encoding.littleEndian;
  const tag = tagFrom(uint16(bytes, at, le), uint16(bytes, at + 2, le));
  const length = uint32(bytes, at + 4, le);
  if (tag === SEQUENCE_DELIMITATION) return at + 8;
  if (tag !== ITEM || length === UNDEFINED) {
    throw cannot('BAD_DELIMITER', `at offset ${base + at} a fragment of pixel data should begin`);
  }
  return at + 8 + length;
}

export function isSequenceDelimitation(bytes: Uint8Array, at: number, encoding: Encoding): boolean {
  return uint16(bytes, at, encoding.littleEndian) === 0xfffe && uint16(bytes, at + 2, encoding.littleEndian) === 0xe0dd;
}
