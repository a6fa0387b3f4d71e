import { cannot } from '../base/errors';
import { CharacterSet } from './character-set';
import { DataElement, DataSet, inOrder, MADE, type Source, UNDEFINED_LENGTH } from './element';
import { LONGEST_SHORT_FORM, swapped } from './encode';
import { formatTag, type Tag } from './tag';
import { type Encoding, sameEncoding } from './transfer-syntax';
import { stringsIn } from './values';
import { VALUE_REPRESENTATIONS, type VR } from './vr';

/** New elements, encoded for the data set they are to stand in. */

function badValue(tag: Tag, what: string): never {
  throw cannot('BAD_VALUE', `${formatTag(tag)}: ${what}`);
}

function made(owner: DataSet, tag: Tag, vr: VR, value: Uint8Array): DataElement {
  const source: Source = { bytes: value, encoding: owner.encoding };
  return new DataElement(tag, vr, null, source, 0, 0, value.length, MADE);
}

/** Even length, by the padding of the VR (PS3.5 6.2, 7.1.1). */
function padded(value: Uint8Array, vr: VR): Uint8Array {
  if (value.length % 2 === 0) return value;
  const copy = new Uint8Array(value.length + 1);
  copy.set(value);
  copy[value.length] = VALUE_REPRESENTATIONS[vr].padding;
  return copy;
}

function checkShortForm(owner: DataSet, tag: Tag, vr: VR, value: Uint8Array): void {
  if (owner.encoding.explicitVR && !VALUE_REPRESENTATIONS[vr].longLength && value.length > LONGEST_SHORT_FORM) {
    badValue(tag, `${value.length} bytes are more than ${vr} can hold`);
  }
}

/** Same as `textElement` but for the maximum lengths of Table 6.2-1: for values that came in longer than allowed. */
export function lenientTextElement(owner: DataSet, tag: Tag, vr: VR, values: readonly string[]): DataElement {
  const traits = VALUE_REPRESENTATIONS[vr];
  if (traits.kind !== 'text') badValue(tag, `${vr} holds no text`);
  if (!traits.multiple && values.length > 1) badValue(tag, `${vr} holds one value`);
  if (traits.multiple && values.some((value) => value.includes('\\'))) badValue(tag, 'a value holds a backslash');
  let bytes: Uint8Array;
  if (traits.extendedCharacters) {
    bytes = owner.characterSet.encodeValues(values, vr);
  } else {
    const text = values.join('\\');
    if (!/^[\x20-\x7e]*$/.test(text)) badValue(tag, `${vr} holds characters of ISO-IR 6 only`);
    bytes = Buffer.from(text, 'latin1');
  }
  const value = padded(bytes, vr);
  checkShortForm(owner, tag, vr, value);
  return made(owner, tag, vr, value);
}

/** Throws Fault BAD_VALUE on what the VR cannot hold, CHARACTER_NOT_IN_SET on what the data set cannot spell. */
export function textElement(owner: DataSet, tag: Tag, vr: VR, values: readonly string[]): DataElement {
  const { maximum } = VALUE_REPRESENTATIONS[vr];
  if (maximum !== undefined) {
    for (const value of values) {
      const parts = vr === 'PN' ? value.split('=') : [value];
      for (const part of parts) {
        if (part.length > maximum && [...part].length > maximum) badValue(tag, `longer than ${maximum} characters`);
      }
    }
  }
  return lenientTextElement(owner, tag, vr, values);
}

type Writer = (view: DataView, at: number, value: number, littleEndian: boolean) => void;

interface NumberForm {
  readonly size: number;
  readonly least: number;
  readonly most: number;
  readonly write: Writer;
}

function whole(bits: 16 | 32, signed: boolean, write: Writer): NumberForm {
  return { size: bits / 8, least: signed ? -(2 ** (bits - 1)) : 0, most: 2 ** (signed ? bits - 1 : bits) - 1, write };
}

const NUMBER_FORMS: Partial<Record<VR, NumberForm>> = {
  US: whole(16, false, (view, at, value, le) => view.setUint16(at, value, le)),
  SS: whole(16, true, (view, at, value, le) => view.setInt16(at, value, le)),
  UL: whole(32, false, (view, at, value, le) => view.setUint32(at, value, le)),
  SL: whole(32, true, (view, at, value, le) => view.setInt32(at, value, le)),
  AT: whole(32, false, (view, at, value, le) => {
    view.setUint16(at, value >>> 16, le);
    view.setUint16(at + 2, value & 0xffff, le);
  }),
  SV: {
    size: 8,
    least: Number.MIN_SAFE_INTEGER,
    most: Number.MAX_SAFE_INTEGER,
    write: (view, at, value, le) => view.setBigInt64(at, BigInt(value), le),
  },
  UV: {
    size: 8,
    least: 0,
    most: Number.MAX_SAFE_INTEGER,
    write: (view, at, value, le) => view.setBigUint64(at, BigInt(value), le),
  },
};

const FLOAT_FORMS: Partial<Record<VR, { readonly size: number; readonly write: Writer }>> = {
  FL: { size: 4, write: (view, at, value, le) => view.setFloat32(at, value, le) },
  FD: { size: 8, write: (view, at, value, le) => view.setFloat64(at, value, le) },
};

export function numberElement(owner: DataSet, tag: Tag, vr: VR, values: readonly number[]): DataElement {
  if (vr === 'IS' || vr === 'DS')
    return textElement(
      owner,
      tag,
      vr,
      values.map((value) => decimal(tag, vr, value)),
    );
  const wholeForm = NUMBER_FORMS[vr];
  const form = wholeForm ?? FLOAT_FORMS[vr];
  if (form === undefined) badValue(tag, `${vr} holds no numbers`);
  const bytes = new Uint8Array(form.size * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, at) => {
    if (
      wholeForm !== undefined &&
      !(Number.isSafeInteger(value) && value >= wholeForm.least && value <= wholeForm.most)
    ) {
      badValue(tag, `a number is outside the range of ${vr}`);
    }
    form.write(view, at * form.size, value, owner.encoding.littleEndian);
  });
  checkShortForm(owner, tag, vr, bytes);
  return made(owner, tag, vr, bytes);
}

/** Shortest decimal that fits 16 (DS) or 12 (IS) characters (PS3.5 6.2). */
function decimal(tag: Tag, vr: 'IS' | 'DS', value: number): string {
  if (vr === 'IS') {
    if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 31)
      badValue(tag, 'a number is outside the range of IS');
    return String(value);
  }
  if (!Number.isFinite(value)) badValue(tag, 'DS holds finite numbers only');
  const plain = String(value);
  if (plain.length <= 16) return plain;
  for (let digits = 16; digits > 0; digits--) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
  }
  return badValue(tag, 'a number does not fit DS');
}

/** `value` is in the byte order of `owner` already. */
export function bytesElement(owner: DataSet, tag: Tag, vr: VR, value: Uint8Array): DataElement {
  if (vr === 'SQ') badValue(tag, 'a sequence is made of items');
  const even = padded(value, vr);
  checkShortForm(owner, tag, vr, even);
  return made(owner, tag, vr, even);
}

export function emptyElement(owner: DataSet, tag: Tag, vr: VR): DataElement {
  if (vr === 'SQ') return sequenceElement(owner, tag, []);
  return made(owner, tag, vr, new Uint8Array(0));
}

/** Defined length, unless `like` has an undefined one. */
export function sequenceElement(owner: DataSet, tag: Tag, items: readonly DataSet[], like?: DataElement): DataElement {
  const form = MADE | (like?.undefinedLength ? UNDEFINED_LENGTH : 0);
  return new DataElement(tag, 'SQ', items, { bytes: new Uint8Array(0), encoding: owner.encoding }, 0, 0, 0, form);
}

/** Same tag, VR and style of length; itself where the items are the ones it has. */
export function sequenceLike(original: DataElement, items: readonly DataSet[]): DataElement {
  const same = original.items;
  if (same !== null && same.length === items.length && items.every((item, at) => item === same[at])) return original;
  const form = MADE | (original.undefinedLength ? UNDEFINED_LENGTH : 0);
  const source: Source = { bytes: new Uint8Array(0), encoding: original.source.encoding };
  return new DataElement(original.tag, original.vr, items, source, 0, 0, 0, form);
}

const SPECIFIC_CHARACTER_SET: Tag = 0x00080005;

/** (0008,0005) is added where `characterSet` names any and `elements` lack it. */
export function newDataSet(
  encoding: Encoding,
  characterSet: readonly string[],
  elements: readonly DataElement[] = [],
): DataSet {
  const scope = CharacterSet.of(characterSet);
  if (characterSet.length === 0 || elements.some(({ tag }) => tag === SPECIFIC_CHARACTER_SET)) {
    return new DataSet(encoding, scope, inOrder(elements), false);
  }
  const bare = new DataSet(encoding, scope, [], false);
  const named = textElement(bare, SPECIFIC_CHARACTER_SET, 'CS', characterSet);
  return new DataSet(encoding, scope, inOrder([named, ...elements]), false);
}

/** An item that inherits the encoding and character set of `owner`. */
export function newItem(owner: DataSet, build: (item: DataSet) => readonly DataElement[]): DataSet {
  const item = new DataSet(owner.encoding, owner, [], false);
  return item.withElements(build(item));
}

/**
 * An element of another data set, encoded for `owner`: byte order, VR form and characters. Lengths are not checked
 * against Table 6.2-1. Throws Fault CHARACTER_NOT_IN_SET.
 */
export function copiedElement(owner: DataSet, element: DataElement, from: DataSet): DataElement {
  const sameText =
    owner.characterSet === from.characterSet ||
    owner.characterSet.values.join('\\') === from.characterSet.values.join('\\');
  if (sameText && sameEncoding(owner.encoding, from.encoding)) return element;
  const { tag, vr, items } = element;
  if (items !== null) {
    const copies = items.map((item) =>
      newItem(owner, (copy) =>
        item.elements
          .filter((each) => each.tag !== SPECIFIC_CHARACTER_SET)
          .map((each) => copiedElement(copy, each, item)),
      ),
    );
    return sequenceElement(owner, tag, copies, element);
  }
  const traits = VALUE_REPRESENTATIONS[vr];
  if (traits.extendedCharacters && !sameText) {
    return lenientTextElement(owner, tag, vr, stringsIn(element, vr, from.characterSet));
  }
  if (element.undefinedLength) return element;
  const turned = traits.unit > 1 && owner.encoding.littleEndian !== element.source.encoding.littleEndian;
  return made(owner, tag, vr, turned ? swapped(element.bytes(), traits.unit) : element.bytes());
}
