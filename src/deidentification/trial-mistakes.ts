import type { ClinicalTrial, TimePoint, TrialConsent } from './clinical-trial';
import { TIME_POINT_TYPES } from './time-point-types';

const LONGEST_LO = 64;
const LONGEST_ST = 1024;
/** PS3.5 6.2: backslash separates values; LO holds no control characters. */
const NOT_IN_LO = /[\u0000-\u001f\u007f-\u009f]/;
// ST may hold TAB, LF, FF and CR.
const NOT_IN_ST = /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f]/;
const CS = /^[A-Z0-9 _]{1,16}$/;

/** Texts that name somebody who gave out something, and what that is. */
const ISSUERS: readonly (readonly [issuer: keyof ClinicalTrial, issued: keyof ClinicalTrial])[] = [
  ['issuerOfSiteID', 'siteID'],
  ['issuerOfSubjectReadingID', 'subjectReadingID'],
  ['issuerOfSeriesID', 'seriesID'],
];

/** What is wrong with what a project says of its trial, each with its key: Types and conditions of PS3.3, VRs of PS3.5. */
export function trialMistakes(trial: Partial<ClinicalTrial>): readonly string[] {
  const mistakes: string[] = [];
  for (const key of ['sponsorName', 'protocolID'] as const) {
    // Type 1 (PS3.3 C.7.1.3)
    if ((trial[key] ?? '').trim() === '') mistakes.push(`${key} is missing`);
  }
  for (const [key, value] of Object.entries(trial)) {
    if (typeof value === 'string') mistakes.push(...lo(key, value));
  }
  for (const [issuer, issued] of ISSUERS) {
    if (trial[issuer] !== undefined && trial[issued] === undefined)
      mistakes.push(`${issuer} is there without ${issued}`);
  }
  for (const [n, { protocolID, issuer }] of (trial.otherProtocolIDs ?? []).entries()) {
    mistakes.push(...required(`otherProtocolIDs[${n}].protocolID`, protocolID));
    mistakes.push(...required(`otherProtocolIDs[${n}].issuer`, issuer));
  }
  return [...mistakes, ...ofEthicsCommittee(trial), ...ofTimePoints(trial), ...ofConsent(trial)];
}

function lo(key: string, value: string): string[] {
  if (value.includes('\\')) return [`${key} holds a backslash`];
  if (NOT_IN_LO.test(value)) return [`${key} holds a control character`];
  return [...value].length > LONGEST_LO ? [`${key} is longer than ${LONGEST_LO} characters`] : [];
}

function required(key: string, value: string | undefined): string[] {
  return value === undefined || value.trim() === '' ? [`${key} is missing`] : lo(key, value);
}

function ofEthicsCommittee(trial: Partial<ClinicalTrial>): string[] {
  const mistakes: string[] = [];
  // Type 1C: required if the approval number is there.
  if (trial.ethicsCommitteeApprovalNumber !== undefined && trial.ethicsCommitteeName === undefined) {
    mistakes.push('ethicsCommitteeName is missing: ethicsCommitteeApprovalNumber needs it');
  }
  const { ethicsCommitteeApprovalStart: start, ethicsCommitteeApprovalEnd: end } = trial;
  for (const [key, value] of Object.entries({
    ethicsCommitteeApprovalStart: start,
    ethicsCommitteeApprovalEnd: end,
  })) {
    if (value !== undefined && !isDate(value)) mistakes.push(`${key} is no date YYYYMMDD`);
  }
  if (start !== undefined && end !== undefined && end < start) {
    mistakes.push('ethicsCommitteeApprovalEnd is before ethicsCommitteeApprovalStart');
  }
  return mistakes;
}

function isDate(value: string): boolean {
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(value);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function ofTimePoints({ timePoints, timePointID, issuerOfTimePointID }: Partial<ClinicalTrial>): string[] {
  const mistakes: string[] = [];
  const { list = [], assign = 'none' } = timePoints ?? {};
  if (assign !== 'none' && timePointID !== undefined) {
    mistakes.push('timePointID and timePoints.assign exclude each other: one says it for all, one for each study');
  }
  if (assign === 'by-order' && list.length === 0) mistakes.push('timePoints.list is empty: by-order takes from it');
  if (issuerOfTimePointID !== undefined && assign === 'none' && timePointID === undefined) {
    mistakes.push('issuerOfTimePointID is there without a time point');
  }
  for (const [n, timePoint] of list.entries()) {
    mistakes.push(...ofTimePoint(timePoint).map((mistake) => `timePoints.list[${n}].${mistake}`));
    if (list.findIndex(({ id }) => id === timePoint.id) < n) mistakes.push(`timePoints.list[${n}].id is there twice`);
  }
  return mistakes;
}

function ofTimePoint({ id, description, types, offsetDays, event }: TimePoint): string[] {
  const mistakes = required('id', id);
  if (description !== undefined) {
    if ([...description].length > LONGEST_ST) mistakes.push(`description is longer than ${LONGEST_ST} characters`);
    if (NOT_IN_ST.test(description)) mistakes.push('description holds a control character');
  }
  for (const [n, code] of (types ?? []).entries()) {
    if (!TIME_POINT_TYPES.has(code)) {
      mistakes.push(`types[${n}] is no code of CID 6146 (${[...TIME_POINT_TYPES.keys()].join(', ')})`);
    }
  }
  if (offsetDays !== undefined && !Number.isFinite(offsetDays)) mistakes.push('offsetDays is no number');
  // Type 1C: required if the offset is there.
  if (offsetDays !== undefined && event === undefined) mistakes.push('event is missing: offsetDays needs it');
  if (offsetDays === undefined && event !== undefined) mistakes.push('event is there without offsetDays');
  if (event !== undefined && !CS.test(event)) mistakes.push('event is no term such as ENROLLMENT or BASELINE');
  return mistakes;
}

function ofConsent({ consent }: Partial<ClinicalTrial>): string[] {
  if (consent?.length === 0) return ['consent has no entry'];
  return (consent ?? []).flatMap((one, n) => ofOneConsent(one).map((mistake) => `consent[${n}].${mistake}`));
}

function ofOneConsent({ distribution, type, protocolID, issuerOfProtocolID }: TrialConsent): string[] {
  const mistakes: string[] = [];
  // Type 1C: required if the flag is YES or WITHDRAWN.
  if (distribution !== 'NO' && type === undefined)
    mistakes.push(`type is missing: distribution ${distribution} needs it`);
  if (distribution === 'NO' && type !== undefined) mistakes.push('type is there although distribution is NO');
  if (protocolID !== undefined) {
    if (type !== 'NAMED_PROTOCOL') mistakes.push('protocolID is there without type NAMED_PROTOCOL');
    mistakes.push(...lo('protocolID', protocolID));
  }
  if (issuerOfProtocolID !== undefined) {
    if (protocolID === undefined) mistakes.push('issuerOfProtocolID is there without protocolID');
    mistakes.push(...lo('issuerOfProtocolID', issuerOfProtocolID));
  }
  return mistakes;
}
