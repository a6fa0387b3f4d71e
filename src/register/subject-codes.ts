import { cannot } from '../base/errors';

const COUNTER = /\{(0+)\}/;
const RANDOM = /\{random:(\d{1,2})\}/;
/** Letters and digits that people do not take for one another. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

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
  /** `P-{random:6}`; null where the pattern counts. `below`: an even choice from 0 on. */
  random(pattern: string, below: (limit: number) => number): string | null;
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

  random(pattern, below) {
    const length = RANDOM.exec(pattern)?.[1];
    if (length === undefined) return null;
    const characters = Array.from({ length: Number(length) }, () => ALPHABET[below(ALPHABET.length)]);
    return pattern.replace(RANDOM, characters.join(''));
  },
};
