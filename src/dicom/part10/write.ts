import { CharacterSet } from '../character-set';
import { type DataElement, DataSet } from '../element';
import { Chunks, encodeElement, encodeElements, isWritten, LONGEST_SHORT_FORM } from '../encode';
import { bytesElement, numberElement, textElement } from '../make-element';
import type { Tag } from '../tag';
import { TAGS } from '../tags';
import { EXPLICIT_VR_LITTLE_ENDIAN, type TransferSyntax } from '../transfer-syntax';
import { deflated, deflatedBytes } from './deflate';
import type { HeldInstance, HeldPart, TopLevelPart } from './read';

export { encodeDataSet } from '../encode';

/** Own Implementation Class UID, made from a UUID (PS3.5 B.2), and version name (PS3.7 D.3.3.2). */
export const IMPLEMENTATION_CLASS_UID = '2.25.109896848732021915953318069594187043646';
export const IMPLEMENTATION_VERSION_NAME = 'TCE_EM_0_1';

/** Preamble of zeros, prefix, and File Meta Information made of nothing but the data set and the syntax (PS3.10 7.1). */
function fileMetaInformation(syntax: TransferSyntax, header: DataSet): Uint8Array {
  const bare = new DataSet(EXPLICIT_VR_LITTLE_ENDIAN, CharacterSet.of([]), [], false);
  const elements = [
    bytesElement(bare, TAGS.FileMetaInformationVersion, 'OB', Uint8Array.of(0, 1)),
    // As the bytes they are, also where they are no valid UIDs: the two must be equal.
    ...sameValue(bare, TAGS.MediaStorageSOPClassUID, header.element(TAGS.SOPClassUID)),
    ...sameValue(bare, TAGS.MediaStorageSOPInstanceUID, header.element(TAGS.SOPInstanceUID)),
    textElement(bare, TAGS.TransferSyntaxUID, 'UI', [syntax.uid]),
    textElement(bare, TAGS.ImplementationClassUID, 'UI', [IMPLEMENTATION_CLASS_UID]),
  ];
  elements.push(textElement(bare, TAGS.ImplementationVersionName, 'SH', [IMPLEMENTATION_VERSION_NAME]));
  const content = new Chunks();
  for (const element of elements) encodeElement(content, element, bare.encoding);
  const whole = new Chunks();
  whole.push(new Uint8Array(128));
  whole.push(Buffer.from('DICM', 'latin1'));
  const groupLength = numberElement(bare, TAGS.FileMetaInformationGroupLength, 'UL', [content.size]);
  encodeElement(whole, groupLength, bare.encoding);
  whole.append(content);
  return whole.joined();
}

function sameValue(bare: DataSet, tag: Tag, element: DataElement | undefined): DataElement[] {
  if (element === undefined || element.items !== null || element.length === 0 || element.length > LONGEST_SHORT_FORM) {
    return [];
  }
  return [bytesElement(bare, tag, 'UI', element.bytes())];
}

/** Small pieces are copied together, large ones passed as they are. */
const LARGE = 64 * 1024;

function gathered(pieces: readonly Uint8Array[]): Uint8Array[] {
  const result: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const flush = (): void => {
    if (small.length > 0) result.push(small.length === 1 ? small[0]! : Buffer.concat(small));
    small = [];
  };
  for (const piece of pieces) {
    if (piece.length < LARGE) {
      small.push(piece);
      continue;
    }
    flush();
    result.push(piece);
  }
  flush();
  return result;
}

function headerPieces(syntax: TransferSyntax, header: DataSet): readonly Uint8Array[] {
  const chunks = new Chunks();
  encodeElements(chunks, header, syntax.encoding, true);
  return chunks.close();
}

function elementPieces(
  syntax: TransferSyntax,
  header: DataSet,
  part: (TopLevelPart | HeldPart) & { readonly kind: 'element' },
): readonly Uint8Array[] {
  if (!isWritten(part.element.tag, header.original, true)) return [];
  const chunks = new Chunks();
  encodeElement(chunks, part.element, syntax.encoding);
  return chunks.close();
}

/**
 * A whole PS3.10 file: File Meta Information rebuilt, preamble zeroed; padding (FFFC,FFFC), elements of groups 0000 and
 * 0002 within the data set, and the group lengths of a changed data set left out; deflated where the syntax is.
 * Bulk parts must be in `transferSyntax` already.
 */
export async function* writePart10(
  transferSyntax: TransferSyntax,
  header: DataSet,
  rest?: AsyncIterable<TopLevelPart>,
): AsyncGenerator<Uint8Array> {
  const meta = fileMetaInformation(transferSyntax, header);
  const first = headerPieces(transferSyntax, header);
  if (transferSyntax.deflated) {
    yield meta;
    yield* deflated(body(transferSyntax, header, gathered(first), rest));
  } else {
    yield* body(transferSyntax, header, gathered([meta, ...first]), rest);
  }
}

async function* body(
  transferSyntax: TransferSyntax,
  header: DataSet,
  first: readonly Uint8Array[],
  rest: AsyncIterable<TopLevelPart> | undefined,
): AsyncGenerator<Uint8Array> {
  yield* first;
  if (rest === undefined) return;
  for await (const part of rest) {
    if (part.kind === 'bulk') yield* part.chunks;
    else yield* elementPieces(transferSyntax, header, part);
  }
}

/** Same in memory: pieces for a gathering write. */
export function writePart10Bytes(
  transferSyntax: TransferSyntax,
  header: DataSet,
  rest: HeldInstance['rest'] = [],
): Uint8Array[] {
  const meta = fileMetaInformation(transferSyntax, header);
  const pieces = [...headerPieces(transferSyntax, header)];
  for (const part of rest) {
    if (part.kind === 'bulk') pieces.push(part.bytes);
    else pieces.push(...elementPieces(transferSyntax, header, part));
  }
  if (transferSyntax.deflated) return [meta, ...deflatedBytes(Buffer.concat(pieces))];
  return gathered([meta, ...pieces]);
}
