/** Hand-made DICOM bytes, spelled as the standard draws them, for tests of the codec. */

export interface Form {
  readonly explicitVR: boolean;
  readonly littleEndian: boolean;
}
export const IMPLICIT: Form = { explicitVR: false, littleEndian: true };
export const EXPLICIT: Form = { explicitVR: true, littleEndian: true };
export const BIG: Form = { explicitVR: true, littleEndian: false };

const LONG = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

export function u16(value: number, form: Form): Buffer {
  const bytes = Buffer.alloc(2);
  if (form.littleEndian) bytes.writeUInt16LE(value);
  else bytes.writeUInt16BE(value);
  return bytes;
}

export function u32(value: number, form: Form): Buffer {
  const bytes = Buffer.alloc(4);
  if (form.littleEndian) bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
}

export function tagBytes(tag: number, form: Form): Buffer {
  return Buffer.concat([u16(tag >>> 16, form), u16(tag & 0xffff, form)]);
}

/** `length` where it is to lie. */
export function elementBytes(form: Form, tag: number, vr: string, value: Uint8Array | string, length?: number): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.from(value);
  const said = length ?? bytes.length;
  const head = !form.explicitVR
    ? [tagBytes(tag, form), u32(said, form)]
    : LONG.has(vr)
      ? [tagBytes(tag, form), Buffer.from(vr), Buffer.alloc(2), u32(said, form)]
      : [tagBytes(tag, form), Buffer.from(vr), u16(said, form)];
  return Buffer.concat([...head, bytes]);
}

const UNDEFINED = 0xffffffff;

export function itemBytes(form: Form, content: Uint8Array, undefinedLength = false): Buffer {
  const head = [tagBytes(0xfffee000, form), u32(undefinedLength ? UNDEFINED : content.length, form), content];
  return Buffer.concat(undefinedLength ? [...head, tagBytes(0xfffee00d, form), u32(0, form)] : head);
}

export function sequenceBytes(
  form: Form,
  tag: number,
  items: readonly Uint8Array[],
  undefinedLength = false,
  vr = 'SQ',
): Buffer {
  const content = Buffer.concat(items);
  if (!undefinedLength) return elementBytes(form, tag, vr, content);
  return Buffer.concat([elementBytes(form, tag, vr, content, UNDEFINED), tagBytes(0xfffee0dd, form), u32(0, form)]);
}

/** Preamble, prefix and File Meta Information. */
export function fileMetaBytes(transferSyntaxUID: string): Buffer {
  const padded = transferSyntaxUID.length % 2 === 0 ? transferSyntaxUID : `${transferSyntaxUID}\0`;
  const content = elementBytes(EXPLICIT, 0x00020010, 'UI', padded);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    elementBytes(EXPLICIT, 0x00020000, 'UL', u32(content.length, EXPLICIT)),
    content,
  ]);
}

/** What lies behind the File Meta Information of a file. */
export function dataSetStart(bytes: Uint8Array): number {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = view.toString('latin1', 128, 132) === 'DICM' ? 132 : 0;
  while (at + 8 <= view.length && view.readUInt16LE(at) === 0x0002) {
    const isLong = LONG.has(view.toString('latin1', at + 4, at + 6));
    at += isLong ? 12 + view.readUInt32LE(at + 8) : 8 + view.readUInt16LE(at + 6);
  }
  return at;
}

export async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

export async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const list: Uint8Array[] = [];
  for await (const chunk of chunks) list.push(chunk);
  return Buffer.concat(list);
}
