import { type CodedConcept, codedConceptItem } from '../dicom/coded-concept';
import {
  type DataElement,
  type DataSet,
  emptyElement,
  newItem,
  numberElement,
  sequenceElement,
  textElement,
} from '../dicom/data-set';
import type { Tag } from '../dicom/tag';
import type { VR } from '../dicom/vr';
import type { Pseudonyms } from './pseudonyms';
import { TIME_POINT_TYPES } from './time-point-types';

export interface OtherProtocolID {
  readonly protocolID: string;
  readonly issuer: string;
}

/** PS3.3 C.7.2.3: an item of Consent for Clinical Trial Use Sequence (0012,0083). */
export interface TrialConsent {
  readonly distribution: 'NO' | 'YES' | 'WITHDRAWN';
  readonly type?: 'NAMED_PROTOCOL' | 'RESTRICTED_REUSE' | 'PUBLIC_RELEASE';
  /** Of type NAMED_PROTOCOL, where it is another than the trial's. */
  readonly protocolID?: string;
  readonly issuerOfProtocolID?: string;
}

/** What a trial calls one of its time points, and what it says of it. */
export interface TimePoint {
  readonly id: string;
  readonly description?: string;
  /** Code values of CID 6146. */
  readonly types?: readonly string[];
  /** Days from the event, fractions allowed, negative before it. */
  readonly offsetDays?: number;
  /** Needed with an offset: ENROLLMENT, BASELINE or a term of the trial. */
  readonly event?: string;
}

/** How the studies of a subject come by their time points. `none`: nobody asks. */
export type TimePointAssignment = 'manual' | 'by-order' | 'none';

/**
 * The trial of a project: all that PS3.3 C.7.1.3 (Subject), C.7.2.3 (Study) and C.7.3.2 (Series) name of it. The subject
 * and the time point come with the pseudonyms.
 */
export interface ClinicalTrial {
  readonly sponsorName: string;
  readonly protocolID: string;
  readonly issuerOfProtocolID?: string;
  readonly otherProtocolIDs?: readonly OtherProtocolID[];
  readonly protocolName?: string;
  readonly siteID?: string;
  readonly issuerOfSiteID?: string;
  readonly siteName?: string;
  readonly issuerOfSubjectID?: string;
  /** `{subject}` stands for the Clinical Trial Subject ID. */
  readonly subjectReadingID?: string;
  readonly issuerOfSubjectReadingID?: string;
  readonly ethicsCommitteeName?: string;
  readonly ethicsCommitteeApprovalNumber?: string;
  /** DA. */
  readonly ethicsCommitteeApprovalStart?: string;
  readonly ethicsCommitteeApprovalEnd?: string;
  /** Of every study, where there is only one. */
  readonly timePointID?: string;
  readonly timePoints?: { readonly list: readonly TimePoint[]; readonly assign: TimePointAssignment };
  readonly issuerOfTimePointID?: string;
  readonly consent?: readonly TrialConsent[];
  readonly coordinatingCenterName?: string;
  readonly seriesID?: string;
  readonly issuerOfSeriesID?: string;
  readonly seriesDescription?: string;
}

const PATIENT_NAME: Tag = 0x00100010;
const PATIENT_ID: Tag = 0x00100020;
const PROTOCOL_ID: Tag = 0x00120020;
const ISSUER_OF_PROTOCOL_ID: Tag = 0x00120022;
const CONSENT: Tag = 0x00120083;
const DISTRIBUTION_TYPE: Tag = 0x00120084;
const CONSENT_FOR_DISTRIBUTION_FLAG: Tag = 0x00120085;

/** Of one subject at one time point. */
interface Of {
  readonly trial: ClinicalTrial;
  readonly subjectID: string;
  readonly timePointID: string | undefined;
  /** undefined where the project's list does not know it. */
  readonly timePoint: TimePoint | undefined;
}

type Value = string | number | readonly ((item: DataSet) => readonly DataElement[])[];

interface TrialAttribute {
  readonly tag: Tag;
  readonly keyword: string;
  readonly clause: string;
  readonly vr: VR;
  /** undefined: it is not written. Type 2 is there, empty where nothing is known, when its module is. */
  readonly value: (of: Of) => Value | undefined;
}

const text = (owner: DataSet, tag: Tag, vr: VR, value: string) => textElement(owner, tag, vr, [value]);

const otherProtocols = ({ trial: { otherProtocolIDs } }: Of): Value | undefined =>
  otherProtocolIDs?.map(({ protocolID, issuer }) => (item: DataSet) => [
    text(item, PROTOCOL_ID, 'LO', protocolID),
    text(item, ISSUER_OF_PROTOCOL_ID, 'LO', issuer),
  ]);

const consent = ({ trial: { consent: given } }: Of): Value | undefined =>
  given?.map(({ distribution, type, protocolID, issuerOfProtocolID }) => (item: DataSet) => [
    ...(protocolID === undefined ? [] : [text(item, PROTOCOL_ID, 'LO', protocolID)]),
    ...(issuerOfProtocolID === undefined ? [] : [text(item, ISSUER_OF_PROTOCOL_ID, 'LO', issuerOfProtocolID)]),
    ...(type === undefined ? [] : [text(item, DISTRIBUTION_TYPE, 'CS', type)]),
    text(item, CONSENT_FOR_DISTRIBUTION_FLAG, 'CS', distribution),
  ]);

const timePointTypes = ({ timePoint }: Of): Value | undefined =>
  timePoint?.types?.flatMap((code) => {
    const concept: CodedConcept | undefined = TIME_POINT_TYPES.get(code);
    return concept === undefined ? [] : [(item: DataSet) => codedConceptItem(item, concept).elements];
  });

/** PS3.3 C.7.2.3: all of the module is there, or nothing. */
function hasStudyModule({ trial, timePointID }: Of): boolean {
  const { assign = 'none' } = trial.timePoints ?? {};
  return timePointID !== undefined || assign !== 'none' || trial.consent !== undefined;
}

/** PS3.3 C.7.3.2. */
function hasSeriesModule({ trial }: Of): boolean {
  return [trial.coordinatingCenterName, trial.seriesID, trial.seriesDescription].some((value) => value !== undefined);
}

const [SUBJECT, STUDY, SERIES] = ['PS3.3 C.7.1.3', 'PS3.3 C.7.2.3', 'PS3.3 C.7.3.2'] as const;

function row(clause: string, tag: Tag, keyword: string, vr: VR, value: TrialAttribute['value']): TrialAttribute {
  return { tag, keyword, clause, vr, value };
}

/** Those of Type 1 have a value by the checks of `trialMistakes`. */
const ATTRIBUTES: readonly TrialAttribute[] = [
  row(SUBJECT, 0x00120010, 'ClinicalTrialSponsorName', 'LO', ({ trial }) => trial.sponsorName),
  row(SUBJECT, PROTOCOL_ID, 'ClinicalTrialProtocolID', 'LO', ({ trial }) => trial.protocolID),
  row(SUBJECT, 0x00120021, 'ClinicalTrialProtocolName', 'LO', ({ trial }) => trial.protocolName ?? ''),
  row(SUBJECT, ISSUER_OF_PROTOCOL_ID, 'IssuerOfClinicalTrialProtocolID', 'LO', ({ trial }) => trial.issuerOfProtocolID),
  row(SUBJECT, 0x00120023, 'OtherClinicalTrialProtocolIDsSequence', 'SQ', otherProtocols),
  row(SUBJECT, 0x00120030, 'ClinicalTrialSiteID', 'LO', ({ trial }) => trial.siteID ?? ''),
  row(SUBJECT, 0x00120031, 'ClinicalTrialSiteName', 'LO', ({ trial }) => trial.siteName ?? ''),
  row(SUBJECT, 0x00120032, 'IssuerOfClinicalTrialSiteID', 'LO', ({ trial }) => trial.issuerOfSiteID),
  row(SUBJECT, 0x00120040, 'ClinicalTrialSubjectID', 'LO', ({ subjectID }) => subjectID),
  row(SUBJECT, 0x00120041, 'IssuerOfClinicalTrialSubjectID', 'LO', ({ trial }) => trial.issuerOfSubjectID),
  row(SUBJECT, 0x00120042, 'ClinicalTrialSubjectReadingID', 'LO', ({ trial, subjectID }) =>
    trial.subjectReadingID?.replaceAll('{subject}', subjectID),
  ),
  row(
    SUBJECT,
    0x00120043,
    'IssuerOfClinicalTrialSubjectReadingID',
    'LO',
    ({ trial }) => trial.issuerOfSubjectReadingID,
  ),
  row(STUDY, 0x00120050, 'ClinicalTrialTimePointID', 'LO', (of) =>
    hasStudyModule(of) ? (of.timePointID ?? '') : undefined,
  ),
  row(STUDY, 0x00120051, 'ClinicalTrialTimePointDescription', 'ST', ({ timePoint }) => timePoint?.description),
  row(STUDY, 0x00120052, 'LongitudinalTemporalOffsetFromEvent', 'FD', ({ timePoint }) => timePoint?.offsetDays),
  row(STUDY, 0x00120053, 'LongitudinalTemporalEventType', 'CS', ({ timePoint }) =>
    timePoint?.offsetDays === undefined ? undefined : timePoint.event,
  ),
  row(STUDY, 0x00120054, 'ClinicalTrialTimePointTypeCodeSequence', 'SQ', timePointTypes),
  row(STUDY, 0x00120055, 'IssuerOfClinicalTrialTimePointID', 'LO', ({ trial, timePointID }) =>
    timePointID === undefined ? undefined : trial.issuerOfTimePointID,
  ),
  row(SERIES, 0x00120060, 'ClinicalTrialCoordinatingCenterName', 'LO', (of) =>
    hasSeriesModule(of) ? (of.trial.coordinatingCenterName ?? '') : undefined,
  ),
  row(SERIES, 0x00120071, 'ClinicalTrialSeriesID', 'LO', ({ trial }) => trial.seriesID),
  row(SERIES, 0x00120072, 'ClinicalTrialSeriesDescription', 'LO', ({ trial }) => trial.seriesDescription),
  row(SERIES, 0x00120073, 'IssuerOfClinicalTrialSeriesID', 'LO', ({ trial }) => trial.issuerOfSeriesID),
  row(SUBJECT, 0x00120081, 'ClinicalTrialProtocolEthicsCommitteeName', 'LO', ({ trial }) => trial.ethicsCommitteeName),
  row(
    SUBJECT,
    0x00120082,
    'ClinicalTrialProtocolEthicsCommitteeApprovalNumber',
    'LO',
    ({ trial }) => trial.ethicsCommitteeApprovalNumber,
  ),
  row(STUDY, CONSENT, 'ConsentForClinicalTrialUseSequence', 'SQ', consent),
  row(
    SUBJECT,
    0x00120086,
    'EthicsCommitteeApprovalEffectivenessStartDate',
    'DA',
    ({ trial }) => trial.ethicsCommitteeApprovalStart,
  ),
  row(
    SUBJECT,
    0x00120087,
    'EthicsCommitteeApprovalEffectivenessEndDate',
    'DA',
    ({ trial }) => trial.ethicsCommitteeApprovalEnd,
  ),
];

/** Group 0012 but for what de-identification says of itself. */
const NOT_OF_THE_TRIAL: ReadonlySet<Tag> = new Set([0x00120062, 0x00120063, 0x00120064]);

/**
 * Whether an attribute says to which trial the instance belonged when it came in. What the patient consented to stays
 * where the project says nothing of it.
 */
export function isTrialAttribute(tag: Tag, trial: ClinicalTrial): boolean {
  if (tag === CONSENT) return trial.consent !== undefined;
  return tag >>> 16 === 0x0012 && !NOT_OF_THE_TRIAL.has(tag);
}

/** Instances of no patient (palettes, hanging protocols) are in no trial. */
export function mayBeInTrial(header: DataSet): boolean {
  return header.has(PATIENT_ID) || header.has(PATIENT_NAME);
}

function of(trial: ClinicalTrial, subjectID: string, timePointID: string | undefined): Of {
  return { trial, subjectID, timePointID, timePoint: trial.timePoints?.list.find(({ id }) => id === timePointID) };
}

/** Those that will be written, at one time point or another. */
export function trialAttributes(trial: ClinicalTrial): readonly Pick<TrialAttribute, 'tag' | 'keyword' | 'clause'>[] {
  const { assign = 'none', list = [] } = trial.timePoints ?? {};
  const mayCome = assign === 'none' ? [] : list.map(({ id }) => id);
  const cases = [trial.timePointID, ...mayCome].map((timePointID) => of(trial, '', timePointID));
  return ATTRIBUTES.filter(({ value }) => cases.some((one) => isWritten(value(one))));
}

export function trialElements(trial: ClinicalTrial, pseudonyms: Pseudonyms, owner: DataSet): DataElement[] {
  const one = of(
    trial,
    pseudonyms.ClinicalTrialSubjectID ?? pseudonyms.PatientID,
    pseudonyms.ClinicalTrialTimePointID ?? trial.timePointID,
  );
  return ATTRIBUTES.flatMap(({ tag, vr, value }) => {
    const given = value(one);
    return isWritten(given) ? [element(owner, tag, vr, given)] : [];
  });
}

/** A sequence of Type 3 without items says nothing. */
function isWritten(value: Value | undefined): value is Value {
  return value !== undefined && !(typeof value === 'object' && value.length === 0);
}

function element(owner: DataSet, tag: Tag, vr: VR, value: Value): DataElement {
  if (typeof value === 'number') return numberElement(owner, tag, vr, [value]);
  if (typeof value !== 'string') {
    return sequenceElement(
      owner,
      tag,
      value.map((build) => newItem(owner, build)),
    );
  }
  return value === '' ? emptyElement(owner, tag, vr) : text(owner, tag, vr, value);
}

/** Every text that a project writes on purpose. */
export function trialTexts(trial: ClinicalTrial | undefined): readonly string[] {
  const texts = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : value !== null && typeof value === 'object'
        ? Object.values(value).flatMap(texts)
        : [];
  return texts(trial ?? {});
}
