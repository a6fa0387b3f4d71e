import { deflateRawSync } from 'node:zlib';
import type { DataSet } from '../../../src/dicom/data-set';
import { swapped } from '../../../src/dicom/encode';
import type { HeldInstance } from '../../../src/dicom/part10/read';
import type { Encoding } from '../../../src/dicom/transfer-syntax';
import { VALUE_REPRESENTATIONS, type VR } from '../../../src/dicom/vr';

/** A data set that can be written wrongly: lengths that lie, VRs that are none, elements in any order. */

export interface Node {
  readonly tag: number;
  readonly vr: string;
  readonly value: Uint8Array;
  readonly items: readonly (readonly Node[])[] | null;
  readonly undefinedLength: boolean;
  /** Said in place of the length it has. */
  readonly lie: number | undefined;
  /** The delimitation items of an undefined length are left out. */
  readonly endless: boolean;
}

export interface Base {
  readonly name: string;
  readonly transferSyntaxUID: string;
  readonly encoding: Encoding;
  readonly deflated: boolean;
  readonly elements: readonly Node[];
}

const NOTHING = new Uint8Array(0);
/** Of pixels and other long values only as much is taken: what is tried is the header. */
const LONGEST = 1024;

export function leaf(tag: number, vr: string, value: Uint8Array | string): Node {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  return { tag, vr, value: bytes, items: null, undefinedLength: false, lie: undefined, endless: false };
}

export function sequence(tag: number, items: readonly (readonly Node[])[], undefinedLength = false, vr = 'SQ'): Node {
  return { tag, vr, value: NOTHING, items, undefinedLength, lie: undefined, endless: false };
}

const FORMS = {
  explicit: { uid: '1.2.840.10008.1.2.1', encoding: { explicitVR: true, littleEndian: true }, deflated: false },
  implicit: { uid: '1.2.840.10008.1.2', encoding: { explicitVR: false, littleEndian: true }, deflated: false },
  big: { uid: '1.2.840.10008.1.2.2', encoding: { explicitVR: true, littleEndian: false }, deflated: false },
  deflated: { uid: '1.2.840.10008.1.2.1.99', encoding: { explicitVR: true, littleEndian: true }, deflated: true },
} as const;
export type FormName = keyof typeof FORMS;

/** What was read, to be written in one of the forms. */
export function baseOf(name: string, held: HeldInstance, form: FormName): Base {
  const { uid, encoding, deflated } = FORMS[form];
  const elements = [...nodesOf(held.header, encoding)];
  if (held.rest.length > 0) elements.push(leaf(0x7fe00010, 'OW', Buffer.alloc(64, 7)));
  return { name: `${name} ${form}`, transferSyntaxUID: uid, encoding, deflated, elements };
}

function nodesOf(dataSet: DataSet, encoding: Encoding): readonly Node[] {
  return dataSet.elements.map((element) => {
    const { tag, vr, items, undefinedLength } = element;
    if (items !== null) {
      // A sequence stored as UN is Implicit VR Little Endian inside (PS3.5 6.2.2).
      const inside = vr === 'UN' ? FORMS.implicit.encoding : encoding;
      return sequence(
        tag,
        items.map((item) => nodesOf(item, inside)),
        undefinedLength,
        vr,
      );
    }
    const bytes = Buffer.from(element.bytes().subarray(0, LONGEST));
    const { unit } = VALUE_REPRESENTATIONS[vr];
    const turned = unit > 1 && dataSet.encoding.littleEndian !== encoding.littleEndian;
    return leaf(tag, vr, turned ? swapped(bytes, unit) : bytes);
  });
}

const UNDEFINED = 0xffffffff;
const META = new Map<string, Buffer>();

/** Grows as needed and is used again for every input. */
export class Encoder {
  #bytes = Buffer.alloc(1 << 20);
  #at = 0;

  /** A view that the next call overwrites. */
  file({ transferSyntaxUID, encoding, deflated }: Base, elements: readonly Node[]): Buffer {
    this.#at = 0;
    this.#put(metaOf(transferSyntaxUID));
    const start = this.#at;
    this.#elements(elements, encoding);
    if (deflated) {
      const packed = deflateRawSync(this.#bytes.subarray(start, this.#at), { level: 1 });
      this.#at = start;
      this.#put(packed);
    }
    return this.#bytes.subarray(0, this.#at);
  }

  #elements(elements: readonly Node[], encoding: Encoding): void {
    for (const node of elements) this.#element(node, encoding);
  }

  #element(node: Node, encoding: Encoding): void {
    const { tag, vr, value, items, undefinedLength, lie, endless } = node;
    this.#room(16 + value.length);
    this.#u16(tag >>> 16, encoding);
    this.#u16(tag & 0xffff, encoding);
    const long = !encoding.explicitVR || (VALUE_REPRESENTATIONS[vr as VR]?.longLength ?? false);
    if (encoding.explicitVR) {
      this.#at += this.#bytes.write(vr, this.#at, 'latin1');
      if (long) this.#u16(0, encoding);
    }
    const lengthAt = this.#at;
    this.#at += long ? 4 : 2;
    const start = this.#at;
    if (items === null) {
      this.#put(value);
    } else {
      const inside = vr === 'UN' ? FORMS.implicit.encoding : encoding;
      for (const item of items) this.#item(item, undefinedLength, endless, inside);
    }
    const length = lie ?? (undefinedLength ? UNDEFINED : this.#at - start);
    const end = this.#at;
    this.#at = lengthAt;
    if (long) this.#u32(length, encoding);
    else this.#u16(length & 0xffff, encoding);
    this.#at = end;
    if (undefinedLength && !endless) this.#delimiter(0xe0dd, 0, encoding);
  }

  #item(elements: readonly Node[], undefinedLength: boolean, endless: boolean, encoding: Encoding): void {
    this.#delimiter(0xe000, UNDEFINED, encoding);
    const start = this.#at;
    this.#elements(elements, encoding);
    if (!undefinedLength) {
      const end = this.#at;
      this.#at = start - 4;
      this.#u32(end - start, encoding);
      this.#at = end;
    } else if (!endless) {
      this.#delimiter(0xe00d, 0, encoding);
    }
  }

  #delimiter(element: number, length: number, encoding: Encoding): void {
    this.#room(8);
    this.#u16(0xfffe, encoding);
    this.#u16(element, encoding);
    this.#u32(length, encoding);
  }

  #put(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #room(length: number): void {
    if (this.#at + length + 64 <= this.#bytes.length) return;
    const larger = Buffer.alloc(2 * (this.#at + length + 64));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }

  #u16(value: number, { littleEndian }: Encoding): void {
    this.#at = littleEndian ? this.#bytes.writeUInt16LE(value, this.#at) : this.#bytes.writeUInt16BE(value, this.#at);
  }

  #u32(value: number, { littleEndian }: Encoding): void {
    this.#at = littleEndian ? this.#bytes.writeUInt32LE(value, this.#at) : this.#bytes.writeUInt32BE(value, this.#at);
  }
}

function metaOf(transferSyntaxUID: string): Buffer {
  let meta = META.get(transferSyntaxUID);
  if (meta === undefined) {
    const uid = transferSyntaxUID.length % 2 === 0 ? transferSyntaxUID : `${transferSyntaxUID}\0`;
    meta = Buffer.alloc(128 + 4 + 12 + 8 + uid.length);
    let at = meta.write('DICM', 128, 'latin1') + 128;
    at += meta.write('\x02\x00\x00\x00UL\x04\x00', at, 'latin1');
    at = meta.writeUInt32LE(8 + uid.length, at);
    at += meta.write('\x02\x00\x10\x00UI', at, 'latin1');
    at = meta.writeUInt16LE(uid.length, at);
    meta.write(uid, at, 'latin1');
    META.set(transferSyntaxUID, meta);
  }
  return meta;
}
