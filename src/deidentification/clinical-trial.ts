import { type DataElement, type DataSet, textElement } from '../dicom/data-set';
import type { Tag } from '../dicom/tag';
import type { Pseudonyms } from './pseudonyms';

/** The trial of a project, as PS3.3 C.7.1.3, C.7.2.3 and C.7.3.2 name it. The subject is the pseudonym. */
export interface ClinicalTrial {
  readonly sponsorName: string;
  readonly protocolID: string;
  readonly protocolName?: string;
  readonly siteID?: string;
  readonly siteName?: string;
  /** With it the Clinical Trial Series module is written. */
  readonly coordinatingCenterName?: string;
  /** With it, or with one of the pseudonyms, the Clinical Trial Study module is written. */
  readonly timePointID?: string;
}

const PATIENT_NAME: Tag = 0x00100010;
const PATIENT_ID: Tag = 0x00100020;

interface TrialAttribute {
  readonly tag: Tag;
  readonly keyword: string;
  /** undefined: the module of which it is a part is not written. */
  readonly value: (trial: ClinicalTrial, pseudonyms: Pseudonyms) => string | undefined;
}

/** Type 1 has a value, Type 2 is there. */
const ATTRIBUTES: readonly TrialAttribute[] = [
  { tag: 0x00120010, keyword: 'ClinicalTrialSponsorName', value: (trial) => trial.sponsorName },
  { tag: 0x00120020, keyword: 'ClinicalTrialProtocolID', value: (trial) => trial.protocolID },
  { tag: 0x00120021, keyword: 'ClinicalTrialProtocolName', value: (trial) => trial.protocolName ?? '' },
  { tag: 0x00120030, keyword: 'ClinicalTrialSiteID', value: (trial) => trial.siteID ?? '' },
  { tag: 0x00120031, keyword: 'ClinicalTrialSiteName', value: (trial) => trial.siteName ?? '' },
  {
    tag: 0x00120040,
    keyword: 'ClinicalTrialSubjectID',
    value: (_trial, pseudonyms) => pseudonyms.ClinicalTrialSubjectID ?? pseudonyms.PatientID,
  },
  {
    tag: 0x00120050,
    keyword: 'ClinicalTrialTimePointID',
    value: (trial, pseudonyms) => pseudonyms.ClinicalTrialTimePointID ?? trial.timePointID,
  },
  {
    tag: 0x00120060,
    keyword: 'ClinicalTrialCoordinatingCenterName',
    value: (trial) => trial.coordinatingCenterName,
  },
];

/** Group 0012 but for what de-identification says of itself and the patient's consent to distribution. */
const NOT_OF_THE_TRIAL: ReadonlySet<Tag> = new Set([0x00120062, 0x00120063, 0x00120064, 0x00120083]);

/** Whether an attribute says to which trial the instance belonged when it came in. */
export function isTrialAttribute(tag: Tag): boolean {
  return tag >>> 16 === 0x0012 && !NOT_OF_THE_TRIAL.has(tag);
}

/** Instances of no patient (palettes, hanging protocols) are in no trial. */
export function mayBeInTrial(header: DataSet): boolean {
  return header.has(PATIENT_ID) || header.has(PATIENT_NAME);
}

/** Those that will be written whatever the pseudonyms are. */
export function trialAttributes(trial: ClinicalTrial): readonly TrialAttribute[] {
  const nobody: Pseudonyms = { PatientID: '', PatientName: '', uid: (source) => source };
  return ATTRIBUTES.filter((attribute) => attribute.value(trial, nobody) !== undefined);
}

export function trialElements(trial: ClinicalTrial, pseudonyms: Pseudonyms, owner: DataSet): DataElement[] {
  return ATTRIBUTES.flatMap(({ tag, value }) => {
    const text = value(trial, pseudonyms);
    return text === undefined ? [] : [textElement(owner, tag, 'LO', text === '' ? [] : [text])];
  });
}
