import { cannot } from '../../base/errors';
import { CharacterSet } from '../character-set';
import { type DataElement, DataSet } from '../element';
import { TAGS } from '../tags';
import {
  EXPLICIT_VR_LITTLE_ENDIAN,
  ExplicitVRBigEndian,
  ExplicitVRLittleEndian,
  IMPLICIT_VR_LITTLE_ENDIAN,
  ImplicitVRLittleEndian,
  sameEncoding,
  type TransferSyntax,
  transferSyntax,
} from '../transfer-syntax';
import { valueRepresentationOf } from '../vr';
import { uint16, uint32 } from './bytes';
import type { Window } from './feed';
import { NEED_MORE, Parser } from './parse';
import { begins } from './plausible';

/** Preamble, File Meta Information (PS3.10 7.1), and how the data set behind them is encoded. */

export interface Head {
  readonly fileMeta: DataSet | null;
  readonly transferSyntax: TransferSyntax;
  /** Offset of the data set in the window. */
  readonly dataSetStart: number;
}

const MAXIMUM_FILE_META = 1 << 20;

/**
 * Reads the head from the start of the window. Returns a number where more bytes are needed first: how many from
 * the start. The window is left where it is.
 */
export function readHead(window: Window): Head | number {
  const { bytes, ended } = window;
  if (bytes.length < 144 && !ended) return 144;
  if (bytes.length === 0) throw cannot('EMPTY', 'there are no bytes');
  const start = hasPrefix(bytes, 128) ? 132 : hasPrefix(bytes, 0) ? 4 : 0;
  const meta = readFileMeta(window, start);
  if (typeof meta === 'number') return meta;
  const { fileMeta, next } = meta;
  // What the first element says is needed to know the encoding; a data set may be as short as that.
  if (bytes.length - next < 16 && !ended) return next + 16;
  const uid = fileMeta?.string(TAGS.TransferSyntaxUID);
  if (next === bytes.length && start !== 0)
    throw cannot('EMPTY', 'there is no data set behind the File Meta Information');
  if (uid === undefined) return { fileMeta, transferSyntax: guessed(bytes, next), dataSetStart: next };
  const named = transferSyntax(uid);
  if (named === undefined) {
    throw cannot('UNSUPPORTED_TRANSFER_SYNTAX', 'the File Meta Information names a transfer syntax that is not known');
  }
  return { fileMeta, transferSyntax: verified(named, bytes, next), dataSetStart: next };
}

function hasPrefix(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x44 && bytes[at + 1] === 0x49 && bytes[at + 2] === 0x43 && bytes[at + 3] === 0x4d;
}

/** Group 0002 ends where another group begins: its group length is wrong or missing too often to rely on. */
function readFileMeta(window: Window, start: number): { fileMeta: DataSet | null; next: number } | number {
  const { bytes, ended } = window;
  if (bytes.length - start < 8 || uint16(bytes, start, true) !== 0x0002) return { fileMeta: null, next: start };
  const explicitVR = valueRepresentationOf(bytes[start + 4]!, bytes[start + 5]!) !== undefined;
  const source = { bytes, encoding: explicitVR ? EXPLICIT_VR_LITTLE_ENDIAN : IMPLICIT_VR_LITTLE_ENDIAN };
  const elements: DataElement[] = [];
  const fileMeta = new DataSet(source.encoding, CharacterSet.of([]), elements, true);
  const parser = new Parser({ maxDepth: 10, maxElements: 1000 });
  parser.base = window.base;
  parser.ended = ended;
  parser.ceiling = start + MAXIMUM_FILE_META;
  let position = start;
  let groupEnd = -1;
  try {
    while (position !== groupEnd || !deflatedBehind(fileMeta)) {
      if (bytes.length - position < 8) {
        if (ended) break;
        return position + 144;
      }
      if (uint16(bytes, position, true) !== 0x0002) break;
      const element = parser.element(source, fileMeta, position, Math.min(bytes.length, parser.ceiling), true, 0);
      elements.push(element);
      position = parser.next;
      if (element.tag === TAGS.FileMetaInformationGroupLength && element.length === 4) {
        groupEnd = position + uint32(bytes, element.valueStart, true);
      }
    }
  } catch (error) {
    if (error === NEED_MORE) return Math.max(parser.needed, 2 * bytes.length);
    throw error;
  }
  return { fileMeta, next: position };
}

/** Compressed bytes may look like group 0002: here the group length is the only end. */
function deflatedBehind(fileMeta: DataSet): boolean {
  const uid = new DataSet(fileMeta.encoding, CharacterSet.of([]), [...fileMeta.elements], true).string(
    TAGS.TransferSyntaxUID,
  );
  return uid !== undefined && transferSyntax(uid)?.deflated === true;
}

/** How much follows is not known here, and must not matter: the same bytes are read the same however they arrive. */
const ANYWHERE = Number.MAX_SAFE_INTEGER;

const NATIVE: readonly TransferSyntax[] = [ExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian];

/** No transfer syntax is named: the first element decides (as dcmtk and pydicom do). */
function guessed(bytes: Uint8Array, at: number): TransferSyntax {
  for (const syntax of NATIVE) if (begins(bytes, at, ANYWHERE, syntax.encoding)) return syntax;
  throw cannot('NOT_DICOM', 'neither File Meta Information nor a data set begins where one should');
}

/** The syntax named, unless the first element is plainly encoded otherwise; then the syntax that it is. */
function verified(named: TransferSyntax, bytes: Uint8Array, at: number): TransferSyntax {
  if (named.deflated) return named;
  const explicitLooking = NATIVE.find(({ encoding }) => encoding.explicitVR && begins(bytes, at, ANYWHERE, encoding));
  if (named.encoding.explicitVR ? begins(bytes, at, ANYWHERE, named.encoding) : explicitLooking === undefined)
    return named;
  const actual = explicitLooking ?? NATIVE.find(({ encoding }) => begins(bytes, at, ANYWHERE, encoding));
  if (actual === undefined || sameEncoding(actual.encoding, named.encoding)) return named;
  // An encapsulated syntax with another header is no syntax at all; the frames are what it says, the header is not.
  return named.encapsulated ? { ...named, encoding: actual.encoding } : actual;
}
