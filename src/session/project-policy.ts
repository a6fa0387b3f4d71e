import { shiftedDate } from '../deidentification/dates';
import { DUMMY_TEXT } from '../deidentification/dummies';
import type { DeidentificationPolicy } from '../deidentification/policy';
import { methodCodes, type ProfileOption } from '../deidentification/profile-options';
import type { SelectionDates } from '../selection/export-selection';
import type { ManifestStatement } from './flow-deps';

/** Dates of a manifest are dummies like those of the instances: its Type 1 Content Date may not be empty. */
export const MANIFEST_DATE = '19000101';
export const MANIFEST_TIME = '000000';
export const DEIDENTIFICATION_METHOD = 'TCE Export Manager: DICOM PS3.15 Annex E';

const DATE_OPTIONS: readonly ProfileOption[] = ['retain-longitudinal-full-dates', 'retain-longitudinal-modified-dates'];

/** Dates of the Key Object as it came, and the patient's offset, where the policy keeps or moves dates. */
export interface ManifestDates {
  readonly dates: SelectionDates;
  readonly dateOffsetDays: number;
}

/**
 * What a manifest says of how it was made. It is built anew and holds only codes, mapped references and configured
 * text, which is what Clean Structured Content (113104) asks of it; of the options only those on dates touch it.
 */
export function manifestStatement(policy: DeidentificationPolicy, moved?: ManifestDates): ManifestStatement {
  const dateOption = DATE_OPTIONS.find((option) => policy.options.has(option));
  const kept = moved !== undefined && dateOption !== undefined;
  const date = (name: 'contentDate' | 'studyDate'): string => {
    const value = kept ? moved.dates[name] : '';
    if (dateOption === 'retain-longitudinal-full-dates') return shiftedDate(value, 0) ?? MANIFEST_DATE;
    return (kept ? shiftedDate(value, moved.dateOffsetDays) : null) ?? MANIFEST_DATE;
  };
  const time = (name: 'contentTime' | 'studyTime'): string => (kept && moved.dates[name]) || MANIFEST_TIME;
  return {
    contentDate: date('contentDate'),
    contentTime: time('contentTime'),
    // As the instances of the study have them.
    studyDate: date('studyDate'),
    studyTime: time('studyTime'),
    studyID: DUMMY_TEXT,
    deidentificationMethod: `${DEIDENTIFICATION_METHOD} ${policy.edition}`,
    methodCodes: methodCodes(new Set(kept ? [dateOption] : [])),
    longitudinalTemporalInformation: !kept
      ? 'REMOVED'
      : dateOption === 'retain-longitudinal-full-dates'
        ? 'UNMODIFIED'
        : 'MODIFIED',
  };
}
