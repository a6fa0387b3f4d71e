import {
  type DataElement,
  type DataSet,
  newDataSet,
  newItem,
  sequenceElement,
  textElement,
} from '../../../src/dicom/data-set';

/** A source with an identifier of every kind, all plainly made up, and what a sound de-identification makes of it. */

export const EXPLICIT_LE = { explicitVR: true, littleEndian: true };
export const IMPLICIT_LE = { explicitVR: false, littleEndian: true };
export const CT = '1.2.840.10008.5.1.4.1.1.2';

export const SOURCE_UIDS = {
  SOPInstanceUID: '1.2.276.0.99.4711.3.1',
  StudyInstanceUID: '1.2.276.0.99.4711.1',
  SeriesInstanceUID: '1.2.276.0.99.4711.2',
  FrameOfReferenceUID: '1.2.276.0.99.4711.4',
};
export const NEW_UIDS = {
  SOPInstanceUID: '2.25.100000000000000000000000000000000003',
  StudyInstanceUID: '2.25.100000000000000000000000000000000001',
  SeriesInstanceUID: '2.25.100000000000000000000000000000000002',
  FrameOfReferenceUID: '2.25.100000000000000000000000000000000004',
};
export const PSEUDONYM = 'P7K3M9X2Q4WZ';

export interface Shape {
  readonly characterSet?: readonly string[];
  readonly explicitVR?: boolean;
  readonly SOPClassUID?: string;
}

export type Elements = (owner: DataSet) => readonly DataElement[];

/** `further` takes the place of what has the same tag. */
function header(basic: Elements, further: Elements, { characterSet = [], explicitVR = true }: Shape): DataSet {
  const encoding = explicitVR ? EXPLICIT_LE : IMPLICIT_LE;
  const owner = newDataSet(encoding, characterSet);
  const given = further(owner);
  const tags = new Set(given.map(({ tag }) => tag));
  const declared = characterSet.length === 0 ? [] : [textElement(owner, 0x00080005, 'CS', characterSet)];
  return newDataSet(encoding, characterSet, [
    ...declared,
    ...basic(owner).filter(({ tag }) => !tags.has(tag)),
    ...given,
  ]);
}

function image(owner: DataSet, uids: typeof SOURCE_UIDS, SOPClassUID: string): DataElement[] {
  return [
    textElement(owner, 0x00080008, 'CS', ['ORIGINAL', 'PRIMARY', 'AXIAL', 'HEAD']),
    textElement(owner, 0x00080016, 'UI', [SOPClassUID]),
    textElement(owner, 0x00080018, 'UI', [uids.SOPInstanceUID]),
    textElement(owner, 0x00080060, 'CS', ['CT']),
    textElement(owner, 0x00080070, 'LO', ['Made-up Scanners']),
    textElement(owner, 0x00180015, 'CS', ['HEAD']),
    textElement(owner, 0x00180050, 'DS', ['1.25']),
    textElement(owner, 0x0020000d, 'UI', [uids.StudyInstanceUID]),
    textElement(owner, 0x0020000e, 'UI', [uids.SeriesInstanceUID]),
    textElement(owner, 0x00200013, 'IS', ['17']),
    textElement(owner, 0x00200052, 'UI', [uids.FrameOfReferenceUID]),
    textElement(owner, 0x00280030, 'DS', ['0.351562', '0.351562']),
  ];
}

export function source(further: Elements = () => [], shape: Shape = {}): DataSet {
  return header(
    (owner) => [
      ...image(owner, SOURCE_UIDS, shape.SOPClassUID ?? CT),
      textElement(owner, 0x00080050, 'SH', ['ACC7788123']),
      textElement(owner, 0x00080080, 'LO', ['Saint Fictia Infirmary']),
      textElement(owner, 0x00080081, 'ST', ['12 Nowhere Lane, 99999 Fictia']),
      textElement(owner, 0x00080090, 'PN', ['Referrwell^Ada^^Dr.']),
      textElement(owner, 0x00081010, 'SH', ['FICTCT07']),
      textElement(owner, 0x00081070, 'PN', ['Operatti^Cleo']),
      textElement(owner, 0x00100010, 'PN', ['Zqfamily^Zqgiven']),
      textElement(owner, 0x00100020, 'LO', ['MRN-0047119']),
      textElement(owner, 0x00100030, 'DA', ['19570913']),
      textElement(owner, 0x00101000, 'LO', ['88123457']),
      textElement(owner, 0x00101040, 'LO', ['7 Zqstreet^Fictia']),
      textElement(owner, 0x00102154, 'SH', ['+99 555 0147 88']),
      textElement(owner, 0x00181000, 'LO', ['SN-55102']),
    ],
    further,
    shape,
  );
}

/** Clean but for what `further` puts in. */
export function result(further: Elements = () => [], shape: Shape = {}): DataSet {
  return header(
    (owner) => [
      ...image(owner, NEW_UIDS, shape.SOPClassUID ?? CT),
      textElement(owner, 0x00080050, 'SH', []),
      textElement(owner, 0x00100010, 'PN', [`${PSEUDONYM}^`]),
      textElement(owner, 0x00100020, 'LO', [PSEUDONYM]),
      textElement(owner, 0x00100030, 'DA', []),
      textElement(owner, 0x00120062, 'CS', ['YES']),
      sequenceElement(owner, 0x00120064, [newItem(owner, (item) => code(item, '113100', 'DCM', 'Basic Profile'))]),
    ],
    further,
    shape,
  );
}

export function code(item: DataSet, value: string, scheme: string, meaning: string): DataElement[] {
  return [
    textElement(item, 0x00080100, 'SH', [value]),
    textElement(item, 0x00080102, 'SH', [scheme]),
    textElement(item, 0x00080104, 'LO', [meaning]),
  ];
}

export const MEANT = { pseudonyms: [PSEUDONYM, `${PSEUDONYM}^`] };
