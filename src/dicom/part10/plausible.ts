import { lookUp } from '../dictionary';
import type { Encoding } from '../transfer-syntax';
import { valueRepresentationOf } from '../vr';
import { ITEM, UNDEFINED, uint16, uint32 } from './bytes';

/**
 * Whether a data set or item in this encoding could begin at `at`: with an attribute the dictionary knows, its VR, and
 * a length that fits.
 */
export function begins(bytes: Uint8Array, at: number, limit: number, encoding: Encoding): boolean {
  if (limit - at < 8) return false;
  const le = encoding.littleEndian;
  const groupNumber = uint16(bytes, at, le);
  const tag = ((groupNumber << 16) | uint16(bytes, at + 2, le)) >>> 0;
  if (groupNumber === 0 || groupNumber === 0xfffe) return false;
  const entry = lookUp(tag);
  const isGroupLength = (tag & 0xffff) === 0;
  if (encoding.explicitVR) {
    const traits = valueRepresentationOf(bytes[at + 4]!, bytes[at + 5]!);
    if (traits === undefined) return false;
    if (isGroupLength) return traits.vr === 'UL';
    if (entry === undefined || (!traits.longLength && at + 8 + uint16(bytes, at + 6, le) > limit)) return false;
    return entry.vr === traits.vr || traits.vr === 'UN' || groupNumber <= 0x0020;
  }
  const length = uint32(bytes, at + 4, le);
  if (length === UNDEFINED) {
    // Only a sequence can be that long, and it must begin with an item, however unknown its tag is.
    return limit - at >= 12 && ((uint16(bytes, at + 8, le) << 16) | uint16(bytes, at + 10, le)) >>> 0 === ITEM;
  }
  if (isGroupLength) return length === 4;
  return entry !== undefined && length < 0x0100_0000;
}
