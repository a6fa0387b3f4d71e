import { cannot } from '../base/errors';
import {
  bytesElement,
  type DataElement,
  type DataSet,
  emptyElement,
  lenientTextElement,
  newDataSet,
  newItem,
  numberElement,
  sequenceElement,
} from './data-set';
import { swapped } from './encode';
import { element as elementNumber, formatTag, group, isGroupLength, parseTag, type Tag } from './tag';
import { TAGS } from './tags';
import { type Encoding, EXPLICIT_VR_LITTLE_ENDIAN } from './transfer-syntax';
import { stringsIn } from './values';
import { isVR, VALUE_REPRESENTATIONS, type VR } from './vr';

/** DICOM JSON Model (PS3.18 Annex F). */

export interface DicomJsonElement {
  vr: string;
  Value?: unknown[];
  BulkDataURI?: string;
  InlineBinary?: string;
}
export type DicomJson = Record<string, DicomJsonElement>;

/** PS3.18 F.2.2: component groups of a name by role. */
const PERSON_NAME_GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;

const UTF_8 = 'ISO_IR 192';
const DEEPEST = 100;

/**
 * Pixel data and values skipped on reading are left out, group lengths and the File Meta group too (PS3.18 F.2).
 * Numbers that JSON cannot hold exactly are strings.
 */
export function toDicomJson(dataSet: DataSet): DicomJson {
  const json: DicomJson = {};
  for (const element of dataSet.elements) {
    const { tag } = element;
    if (isGroupLength(tag) || group(tag) === 0x0002 || tag === TAGS.DataSetTrailingPadding) continue;
    const written = toJsonElement(element, dataSet);
    const key = formatTag(tag);
    if (written !== undefined && !Object.hasOwn(json, key)) json[key] = written;
  }
  return json;
}

function toJsonElement(element: DataElement, owner: DataSet): DicomJsonElement | undefined {
  const { tag, vr, items } = element;
  if (element.elided) return undefined;
  if (items !== null) return items.length === 0 ? { vr: 'SQ' } : { vr: 'SQ', Value: items.map(toDicomJson) };
  const { kind, unit } = VALUE_REPRESENTATIONS[vr];
  if (kind === 'bytes') {
    if (element.undefinedLength || isBulk(tag)) return undefined;
    if (element.length === 0) return { vr };
    const bytes = element.bytes();
    const littleEndian = element.source.encoding.littleEndian ? bytes : swapped(bytes, unit);
    return { vr, InlineBinary: Buffer.from(littleEndian).toString('base64') };
  }
  // PS3.18 F.2.2: JSON is UTF-8, and says so.
  if (tag === TAGS.SpecificCharacterSet) return { vr, Value: [UTF_8] };
  const Value = jsonValues(element, owner);
  return Value.length === 0 ? { vr } : { vr, Value };
}

function isBulk(tag: Tag): boolean {
  return group(tag) === 0x7fe0 && elementNumber(tag) >= 0x0008;
}

function jsonValues(element: DataElement, owner: DataSet): unknown[] {
  const { vr } = element;
  if (vr === 'SV' || vr === 'UV') return bigValues(element);
  const strings = stringsIn(element, vr, owner.characterSet);
  if (vr === 'PN') return strings.map(toPersonName);
  const isNumeric = vr === 'IS' || vr === 'DS' || (VALUE_REPRESENTATIONS[vr].kind === 'number' && vr !== 'AT');
  return strings.map((value) => (value === '' ? null : isNumeric ? jsonNumber(value, vr) : value));
}

/** A number where it says the same, else the text (PS3.18 F.2.3). */
function jsonNumber(text: string, vr: VR): number | string {
  const number = Number(text);
  if (!Number.isFinite(number)) return text === 'Infinity' ? 'inf' : text === '-Infinity' ? '-inf' : text;
  // Written out again it must fit the 16 characters of DS.
  return vr !== 'DS' || String(number).length <= 16 ? number : text;
}

function bigValues(element: DataElement): unknown[] {
  const bytes = element.bytes();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const le = element.source.encoding.littleEndian;
  const values: unknown[] = [];
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const big = element.vr === 'SV' ? view.getBigInt64(at, le) : view.getBigUint64(at, le);
    const number = Number(big);
    values.push(Number.isSafeInteger(number) ? number : String(big));
  }
  return values;
}

function toPersonName(value: string): Record<string, string> | null {
  if (value === '') return null;
  const name: Record<string, string> = {};
  for (const [at, part] of value.split('=').entries()) {
    const role = PERSON_NAME_GROUPS[at];
    if (role !== undefined && part !== '') name[role] = part;
  }
  return name;
}

function badJson(what: string): never {
  throw cannot('BAD_DICOM_JSON', what);
}

/**
 * Elements that are only referenced (`BulkDataURI`) are left out. Throws Fault BAD_DICOM_JSON, BAD_VALUE,
 * CHARACTER_NOT_IN_SET.
 */
export function fromDicomJson(
  json: DicomJson,
  encoding: Encoding = EXPLICIT_VR_LITTLE_ENDIAN,
  characterSet: readonly string[] = [UTF_8],
): DataSet {
  const owner = newDataSet(encoding, characterSet);
  return owner.withElements([...owner.elements, ...fromJsonElements(json, owner, 0)]);
}

function fromJsonElements(json: unknown, owner: DataSet, depth: number): DataElement[] {
  if (depth > DEEPEST) badJson(`more than ${DEEPEST} sequences within each other`);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) badJson('a data set is an object');
  const elements: DataElement[] = [];
  for (const [key, value] of Object.entries(json as DicomJson)) {
    if (!/^[0-9A-Fa-f]{8}$/.test(key)) badJson('a key is not the eight hexadecimal digits of a tag');
    const tag = parseTag(key);
    // The character set is that of the data set made, not that of the JSON.
    if (tag === TAGS.SpecificCharacterSet || isGroupLength(tag) || group(tag) === 0x0002) continue;
    const element = fromJsonElement(tag, value, owner, depth);
    if (element !== undefined) elements.push(element);
  }
  return elements;
}

function fromJsonElement(tag: Tag, json: unknown, owner: DataSet, depth: number): DataElement | undefined {
  if (typeof json !== 'object' || json === null) badJson(`${formatTag(tag)} is not an object`);
  const { vr, Value, InlineBinary, BulkDataURI } = json as Partial<DicomJsonElement>;
  if (typeof vr !== 'string' || !isVR(vr)) badJson(`${formatTag(tag)} has no known VR`);
  if (BulkDataURI !== undefined) return undefined;
  const { kind, unit } = VALUE_REPRESENTATIONS[vr];
  if (InlineBinary !== undefined) {
    if (typeof InlineBinary !== 'string' || kind === 'sequence') badJson(`${formatTag(tag)} has a bad InlineBinary`);
    const bytes = Buffer.from(InlineBinary, 'base64');
    return bytesElement(owner, tag, vr, owner.encoding.littleEndian ? bytes : swapped(bytes, unit));
  }
  if (Value === undefined || (Array.isArray(Value) && Value.length === 0)) return emptyElement(owner, tag, vr);
  if (!Array.isArray(Value)) badJson(`${formatTag(tag)} has a Value that is no array`);
  switch (kind) {
    case 'sequence':
      return sequenceElement(
        owner,
        tag,
        Value.map((item) => newItem(owner, (made) => (item === null ? [] : fromJsonElements(item, made, depth + 1)))),
      );
    case 'number':
      if (vr === 'SV' || vr === 'UV') return bigElement(owner, tag, vr, Value);
      return numberElement(
        owner,
        tag,
        vr,
        Value.map((value) => (vr === 'AT' ? parseTag(String(value)) : fromNumber(tag, value))),
      );
    case 'text':
      return lenientTextElement(
        owner,
        tag,
        vr,
        Value.map((value) => fromText(tag, vr, value)),
      );
    case 'bytes':
      return badJson(`${formatTag(tag)} has a Value where InlineBinary belongs`);
  }
}

const SPELLED: Readonly<Record<string, number>> = { inf: Infinity, '-inf': -Infinity, NaN: Number.NaN };

function fromNumber(tag: Tag, value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') badJson(`${formatTag(tag)} has a value that is no number`);
  return SPELLED[value] ?? Number(value);
}

function bigElement(owner: DataSet, tag: Tag, vr: 'SV' | 'UV', values: readonly unknown[]): DataElement {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, at) => {
    const text = String(value);
    if (!/^-?\d{1,20}$/.test(text)) badJson(`${formatTag(tag)} has a value that is no number`);
    const big = BigInt(text);
    if (big !== (vr === 'SV' ? BigInt.asIntN(64, big) : BigInt.asUintN(64, big))) {
      badJson(`${formatTag(tag)} has a number outside the range of ${vr}`);
    }
    view.setBigUint64(8 * at, BigInt.asUintN(64, big), owner.encoding.littleEndian);
  });
  return bytesElement(owner, tag, vr, bytes);
}

function fromText(tag: Tag, vr: VR, value: unknown): string {
  if (value === null) return '';
  if (vr === 'PN' && typeof value === 'object') {
    const name = value as Record<string, unknown>;
    const parts = PERSON_NAME_GROUPS.map((role) => (typeof name[role] === 'string' ? name[role] : ''));
    return parts.join('=').replace(/=+$/, '');
  }
  if (typeof value === 'number' && (vr === 'IS' || vr === 'DS')) return shortest(value);
  if (typeof value !== 'string' && typeof value !== 'number') badJson(`${formatTag(tag)} has a value that is no text`);
  return String(value);
}

/** At most the 16 characters of DS. */
function shortest(value: number): string {
  for (let digits = 17; digits > 0; digits--) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
  }
  return '0';
}
