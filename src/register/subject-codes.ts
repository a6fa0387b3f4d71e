import { cannot } from '../base/errors';

const COUNTER = /\{(0+)\}/;

/** The parts of a patient's identity that say who it is (PS3.3 C.7.1.1; HL7 v2 CX without the rest). */
export interface PatientIdentity {
  readonly PatientID: string;
  readonly IssuerOfPatientID: string;
}

/** How the register tells patients apart, and what their codes look like. */
export interface SubjectCodes {
  /** Equal for two data sets of one patient. Identifies the person: it goes into a keyed blind index, nowhere else. */
  identityOf(patient: PatientIdentity): string;
  /** `S-{0000}` and 7 → `S-0007`; a number with more digits than zeros is written out. */
  format(pattern: string, number: number): string;
}

export const subjectCodes: SubjectCodes = {
  identityOf(patient) {
    return JSON.stringify([patient.PatientID.trim(), patient.IssuerOfPatientID.trim()]);
  },

  format(pattern, number) {
    const zeros = COUNTER.exec(pattern)?.[1];
    if (zeros === undefined) {
      throw cannot('BAD_SUBJECT_PATTERN', 'the pattern of the subject codes has no counter', {
        remedy: 'Write one, for example S-{0000}.',
      });
    }
    return pattern.replace(COUNTER, String(number).padStart(zeros.length, '0'));
  },
};
