import { bytesElement, type DataElement, type DataSet, numberElement, textElement } from '../dicom/data-set';
import type { Tag } from '../dicom/tag';
import { VALUE_REPRESENTATIONS, type VR } from '../dicom/vr';

/** Words and times that are nobody's. The same everywhere, so that they are consistent at every level (PS3.15 E.1.1). */
export const DUMMY_TEXT = 'ANONYMIZED';

const BY_VR: Readonly<Partial<Record<VR, string>>> = {
  AE: DUMMY_TEXT,
  AS: '000Y',
  CS: DUMMY_TEXT,
  DA: '19000101',
  DS: '0',
  DT: '19000101000000',
  IS: '0',
  LO: DUMMY_TEXT,
  LT: DUMMY_TEXT,
  PN: `${DUMMY_TEXT}^`, // PS3.5 6.2.1.2: without any ^ it is a name of the retired form
  SH: DUMMY_TEXT,
  ST: DUMMY_TEXT,
  TM: '000000',
  UC: DUMMY_TEXT,
  UR: 'http://anonymized.invalid/', // RFC 6761: .invalid never resolves
  UT: DUMMY_TEXT,
};

/** A name as PS3.5 6.2.1.2 has it: a family name complex alone ends with the delimiter, or reads as the retired form. */
export function personName(text: string): string {
  return text === '' || text.includes('^') || text.includes('=') ? text : `${text}^`;
}

/**
 * Z permits a dummy (PS3.15 Table E.1-1a). These are keys that a directory of the media cannot do without (PS3.3 F.5.2),
 * so that what had them before still has them.
 */
export const FILLED_WHERE_FILLED: ReadonlySet<Tag> = new Set([0x00080020, 0x00080030, 0x00200010]);

/** Where PS3.3 asks for more of a value than its VR does. */
const BY_TAG: ReadonlyMap<Tag, string> = new Map([
  [0x00080201, '+0000'], // Timezone Offset From UTC: &ZZXX (C.12.1.1.7)
  [0x04000565, 'CORRECT'], // Reason for the Attribute Modification: COERCE, CORRECT, ADD, DELETE
]);

/** Bytes of one zero value. */
const ZERO_BYTES: Readonly<Partial<Record<VR, number>>> = { OB: 2, OD: 8, OF: 4, OL: 4, OV: 8, OW: 2, UN: 2 };

/** The dummy of an attribute whose VR holds text. */
export function dummyText(tag: Tag, vr: VR): string {
  return BY_TAG.get(tag) ?? BY_VR[vr] ?? DUMMY_TEXT;
}

/** An element of the given VR with a value that says nothing. */
export function dummyElement(owner: DataSet, tag: Tag, vr: VR): DataElement {
  const text = BY_TAG.get(tag) ?? BY_VR[vr];
  if (text !== undefined) return textElement(owner, tag, vr, [text]);
  const zeros = ZERO_BYTES[vr];
  if (zeros !== undefined) return bytesElement(owner, tag, vr, new Uint8Array(zeros));
  return numberElement(owner, tag, vr, [0]);
}

export function hasDummyText(vr: VR): boolean {
  return BY_VR[vr] !== undefined;
}

/** What came in longer than its VR allows (PS3.5 6.2) is not written anew like that. */
export function cutToFit(text: string, vr: VR): string {
  const { maximum } = VALUE_REPRESENTATIONS[vr];
  return maximum === undefined || text.length <= maximum ? text : [...text].slice(0, maximum).join('').trimEnd();
}
