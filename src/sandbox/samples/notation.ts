import {
  bytesElement,
  type DataElement,
  type DataSet,
  emptyElement,
  newDataSet,
  newItem,
  numberElement,
  sequenceElement,
  textElement,
} from '../../dicom/data-set';
import { lookUp, tagOf } from '../../dicom/dictionary';
import { parseTag, type Tag } from '../../dicom/tag';
import type { Encoding } from '../../dicom/transfer-syntax';
import type { VR } from '../../dicom/vr';

export type AttributeValue =
  | string
  | number
  | readonly string[]
  | readonly number[]
  | readonly Attributes[]
  | Uint8Array
  | null;

/**
 * A data set as it is written down: by keyword, or by tag and VR ('00091001 LO') where the dictionary has no say.
 * null and [] are empty.
 */
export type Attributes = { readonly [keywordOrTag: string]: AttributeValue };

export const EXPLICIT: Encoding = { explicitVR: true, littleEndian: true };
export const IMPLICIT: Encoding = { explicitVR: false, littleEndian: true };

export function dataSetOf(attributes: Attributes, encoding: Encoding, characterSet: readonly string[]): DataSet {
  const base = newDataSet(encoding, characterSet);
  return base.withElements([...base.elements, ...elementsOf(base, attributes)]);
}

function elementsOf(owner: DataSet, attributes: Attributes): readonly DataElement[] {
  return Object.entries(attributes).map(([name, value]) => {
    const { tag, vr } = attributeOf(name);
    return elementOf(owner, tag, vr, value);
  });
}

function attributeOf(name: string): { readonly tag: Tag; readonly vr: VR } {
  const explicit = /^([0-9A-F]{8}) ([A-Z]{2})$/.exec(name);
  if (explicit !== null) return { tag: parseTag(explicit[1]!), vr: explicit[2] as VR };
  const tag = tagOf(name);
  const vr = tag === undefined ? undefined : lookUp(tag)?.vr;
  if (tag === undefined || vr === undefined) throw new RangeError(`no attribute ${name} in the dictionary`);
  return { tag, vr };
}

const NUMERIC: ReadonlySet<VR> = new Set<VR>(['US', 'SS', 'UL', 'SL', 'FL', 'FD', 'AT', 'SV', 'UV']);

function elementOf(owner: DataSet, tag: Tag, vr: VR, value: AttributeValue): DataElement {
  if (vr === 'SQ') {
    const items = (value ?? []) as readonly Attributes[];
    return sequenceElement(
      owner,
      tag,
      items.map((each) => newItem(owner, (item) => elementsOf(item, each))),
    );
  }
  if (value instanceof Uint8Array) return bytesElement(owner, tag, vr, value);
  const values = (Array.isArray(value) ? value : [value]).filter((each) => each !== null && each !== '');
  if (values.length === 0) return emptyElement(owner, tag, vr);
  return NUMERIC.has(vr)
    ? numberElement(owner, tag, vr, values.map(Number))
    : textElement(owner, tag, vr, values.map(String));
}
