import type { DataSet } from './data-set';
import { type Encoding, EXPLICIT_VR_LITTLE_ENDIAN } from './transfer-syntax';

export interface DicomJsonElement {
  vr: string;
  Value?: unknown[];
  BulkDataURI?: string;
  InlineBinary?: string;
}
export type DicomJson = Record<string, DicomJsonElement>;
export function toDicomJson(_dataSet: DataSet): DicomJson {
  throw new Error('not yet');
}
export function fromDicomJson(
  _json: DicomJson,
  _encoding: Encoding = EXPLICIT_VR_LITTLE_ENDIAN,
  _characterSet: readonly string[] = ['ISO_IR 192'],
): DataSet {
  throw new Error('not yet');
}
