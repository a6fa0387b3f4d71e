import { data, log } from 'dcmjs';
import { cannot } from '../base/errors';
import type { DicomJson } from './dicom-json';
import { lookUp, tagOf } from './dictionary';
import { VALUE_REPRESENTATIONS } from './vr';

/**
 * The naturalised model of dcmjs: attributes by keyword, single values without their array. Convenient for KOS and SR
 * content; bytes are never made by dcmjs.
 */
export type NaturalizedValue =
  | string
  | number
  | null
  | { readonly Alphabetic?: string; readonly Ideographic?: string; readonly Phonetic?: string }
  | { readonly InlineBinary: string }
  | { readonly BulkDataURI: string }
  | NaturalizedDataSet
  | readonly NaturalizedValue[];

export interface NaturalizedDataSet {
  readonly [keyword: string]: NaturalizedValue | undefined;
}

// It prints values it cuts or does not know; they may be of a patient.
log.setLevel('silent');

/** Attributes that dcmjs does not know keep their tag for a name. */
export function naturalized(json: DicomJson): NaturalizedDataSet {
  return data.DicomMetaDictionary.naturalizeDataset(json) as NaturalizedDataSet;
}

/**
 * Throws Fault UNKNOWN_ATTRIBUTE for a name that is no keyword of the standard (dcmjs would leave it out), BAD_VALUE
 * for a value longer than its VR allows (dcmjs would cut it).
 */
export function denaturalized(dataSet: NaturalizedDataSet): DicomJson {
  check(dataSet);
  try {
    return plain(data.DicomMetaDictionary.denaturalizeDataset(dataSet) as LooseJson);
  } catch {
    throw cannot('BAD_VALUE', 'a value cannot be brought into the DICOM JSON model');
  }
}

type LooseJson = Record<string, { readonly vr: string; readonly Value?: readonly unknown[] | null }>;

/** dcmjs writes `Value: null` for empty attributes, and hangs accessors on what it returns. */
function plain(json: LooseJson): DicomJson {
  return Object.fromEntries(
    Object.entries(json).map(([tag, { vr, Value }]) => {
      if (Value === undefined || Value === null) return [tag, { vr }];
      const [first] = Value;
      if (vr !== 'SQ' && Value.length === 1 && typeof first === 'object' && first !== null && 'InlineBinary' in first) {
        return [tag, { vr, InlineBinary: String(first.InlineBinary) }];
      }
      return [tag, { vr, Value: vr === 'SQ' ? Value.map((item) => plain(item as LooseJson)) : [...Value] }];
    }),
  );
}

const KNOWN_TO_DCMJS: { readonly [keyword: string]: unknown } = data.DicomMetaDictionary.nameMap;

function check(dataSet: NaturalizedDataSet): void {
  for (const [keyword, value] of Object.entries(dataSet)) {
    if (value === undefined || keyword === '_vrMap' || keyword === '_meta') continue;
    const tag = tagOf(keyword);
    const entry = tag === undefined ? undefined : lookUp(tag);
    if (entry === undefined || KNOWN_TO_DCMJS[keyword] === undefined) {
      throw cannot('UNKNOWN_ATTRIBUTE', 'a name in the data set is no keyword that can be written');
    }
    const { maximum, kind } = VALUE_REPRESENTATIONS[entry.vr];
    for (const each of Array.isArray(value) ? (value as readonly NaturalizedValue[]) : [value]) {
      if (kind === 'sequence') {
        if (typeof each === 'object' && each !== null) check(each as NaturalizedDataSet);
      } else if (typeof each === 'string' && maximum !== undefined && each.length > maximum && entry.vr !== 'PN') {
        throw cannot('BAD_VALUE', `${keyword} is longer than ${maximum} characters`);
      }
    }
  }
}
