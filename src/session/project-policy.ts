import { DUMMY_TEXT } from '../deidentification/dummies';
import type { DeidentificationPolicy } from '../deidentification/policy';
import { methodCodes } from '../deidentification/profile-options';
import type { ProjectPolicy } from './flow-deps';

/** Dates of a manifest are dummies like those of the instances: its Type 1 Content Date may not be empty. */
export const MANIFEST_DATE = '19000101';
export const MANIFEST_TIME = '000000';
export const DEIDENTIFICATION_METHOD = 'TCE Export Manager: DICOM PS3.15 Annex E';

/**
 * What a manifest says of how it was made. It is built anew and holds only codes, mapped references and configured
 * text, which is what Clean Structured Content (113104) asks of it.
 */
export function manifestStatement(policy: DeidentificationPolicy): ProjectPolicy['manifest'] {
  return {
    contentDate: MANIFEST_DATE,
    contentTime: MANIFEST_TIME,
    // As the instances of the study have them.
    studyDate: MANIFEST_DATE,
    studyTime: MANIFEST_TIME,
    studyID: DUMMY_TEXT,
    deidentificationMethod: `${DEIDENTIFICATION_METHOD} ${policy.edition}`,
    methodCodes: methodCodes(policy.options),
  };
}
