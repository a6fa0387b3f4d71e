import type { Pseudonyms } from '../../src/deidentification/deidentifier';
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
} from '../../src/dicom/data-set';
import type { VR } from '../../src/dicom/vr';
import { ProjectKey } from '../../src/pseudonymization/project-key';

/** Values that must not survive, one per VR, and small data sets to put them in. */

export const EXPLICIT_LE = { explicitVR: true, littleEndian: true };
export const IMPLICIT_LE = { explicitVR: false, littleEndian: true };
export const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';

export const key = ProjectKey.of(new Uint8Array(32).fill(42));
export const pseudonyms: Pseudonyms = {
  PatientID: 'CODE-0001',
  PatientName: 'CODE-0001',
  uid: (source) => key.uid(source),
};

/** `n` makes values of one test tell apart. */
export function markedText(vr: VR, n = 0): string {
  switch (vr) {
    case 'AS':
      return '042Y';
    case 'DA':
      return `2017${String((n % 9) + 1).padStart(2, '0')}13`;
    case 'TM':
      return `1347${String(n % 60).padStart(2, '0')}`;
    case 'DT':
      return `201703131347${String(n % 60).padStart(2, '0')}`;
    case 'DS':
    case 'IS':
      return `7351${n % 1000}`;
    case 'UI':
      return `1.2.276.99.7351.${n}`;
    case 'UR':
      return `http://zzmark.example/${n}`;
    default:
      return `ZZMARK^${n % 1000}`;
  }
}

/** Of references that stay with new UIDs (X/Z/U*), only what the table lists has to go from their items. */
function markedInside(sequence: number, item: DataSet, n: number): DataElement {
  return sequence === 0x00081140 || sequence === 0x00082112
    ? textElement(item, 0x00104000, 'LT', [markedText('LT', n)])
    : textElement(item, 0x00080070, 'LO', [markedText('LO', n)]);
}

const MARKED_BYTES = Buffer.from('ZZMARK^BYTES****', 'latin1');

export function markedElement(
  owner: DataSet,
  tag: number,
  vr: VR,
  options: { values?: number; n?: number } = {},
): DataElement {
  const n = options.n ?? 0;
  const count = options.values ?? 1;
  switch (vr) {
    case 'SQ':
      return sequenceElement(
        owner,
        tag,
        Array.from({ length: count }, (_, at) => newItem(owner, (item) => [markedInside(tag, item, n + at)])),
      );
    case 'OB':
    case 'OW':
    case 'OD':
    case 'OF':
    case 'OL':
    case 'OV':
    case 'UN':
      return bytesElement(owner, tag, vr, MARKED_BYTES);
    case 'AT':
    case 'FD':
    case 'FL':
    case 'SL':
    case 'SS':
    case 'SV':
    case 'UL':
    case 'US':
    case 'UV':
      return numberElement(
        owner,
        tag,
        vr,
        Array.from({ length: count }, (_, at) => 7351 + n + at),
      );
    default:
      return textElement(
        owner,
        tag,
        vr,
        Array.from({ length: count }, (_, at) => markedText(vr, n + at)),
      );
  }
}

/** A bare instance; `elements` take the place of those with the same tag. */
export function instance(
  elements: (owner: DataSet) => readonly DataElement[] = () => [],
  options: { SOPClassUID?: string; explicitVR?: boolean; characterSet?: readonly string[] } = {},
): DataSet {
  const encoding = options.explicitVR === false ? IMPLICIT_LE : EXPLICIT_LE;
  const bare = newDataSet(encoding, options.characterSet ?? []);
  const given = elements(bare);
  const basic = [
    textElement(bare, 0x00080016, 'UI', [options.SOPClassUID ?? SECONDARY_CAPTURE]),
    textElement(bare, 0x00080018, 'UI', ['1.2.276.99.1.3']),
    textElement(bare, 0x0020000d, 'UI', ['1.2.276.99.1.1']),
    textElement(bare, 0x0020000e, 'UI', ['1.2.276.99.1.2']),
    textElement(bare, 0x00280301, 'CS', ['YES']),
  ];
  const tags = new Set(given.map((element) => element.tag));
  return newDataSet(encoding, options.characterSet ?? [], [
    ...basic.filter((element) => !tags.has(element.tag)),
    ...given,
  ]);
}

/** `inner` inside items, `path` outermost first. */
export function nested(
  owner: DataSet,
  path: readonly number[],
  inner: (item: DataSet) => readonly DataElement[],
): DataElement {
  const [tag, ...further] = path;
  return sequenceElement(owner, tag!, [
    newItem(owner, (item) => (further.length === 0 ? inner(item) : [nested(item, further, inner)])),
  ]);
}

/** The item at the end of `path`, following the first item of each sequence; undefined where one is gone. */
export function followed(dataSet: DataSet, path: readonly number[]): DataSet | undefined {
  let at: DataSet | undefined = dataSet;
  for (const tag of path) at = at?.items(tag)[0];
  return at;
}

export { emptyElement };
