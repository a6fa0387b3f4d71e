import type { CodedConcept } from '../dicom/coded-concept';

/** What an export waits for, as the value of a (113011, DCM) Document Title Modifier. */
export interface DelayReason {
  readonly awaits: string;
  readonly IHERADTF: CodedConcept;
  readonly DCM: CodedConcept;
}

/** IHE RAD TF, Delay for Reason option; DICOM PS3.16 CID 7015. */
export const DELAY_REASONS: readonly DelayReason[] = [
  reason('final-report', 'TCE011', '128715', 'final report is available'),
  reason('clinical-information', 'TCE012', '128716', 'clinical information is available'),
  reason('confirmation-of-diagnosis', 'TCE013', '128717', 'confirmation of diagnosis is available'),
  reason('histopathology', 'TCE014', '128718', 'histopathology is available'),
  // The two standards word this one differently.
  reason(
    'laboratory-results',
    'TCE015',
    '128719',
    'other laboratory results is available',
    'other laboratory results are available',
  ),
  reason('discharge', 'TCE016', '128720', 'patient is discharged'),
  reason('death', 'TCE017', '128721', 'patient dies'),
  reason('expert-review', 'TCE018', '128722', 'expert review is available'),
];

function reason(awaits: string, IHERADTF: string, DCM: string, until: string, untilInDCM = until): DelayReason {
  return {
    awaits,
    IHERADTF: concept(IHERADTF, 'IHERADTF', until),
    DCM: concept(DCM, 'DCM', untilInDCM),
  };
}

function concept(CodeValue: string, CodingSchemeDesignator: string, until: string): CodedConcept {
  return { CodeValue, CodingSchemeDesignator, CodeMeaning: `Delay export until ${until}` };
}

const REASONS_BY_CODE: ReadonlyMap<string, DelayReason> = new Map(
  DELAY_REASONS.flatMap((each) =>
    [each.IHERADTF, each.DCM].map(({ CodingSchemeDesignator, CodeValue }) => [
      `${CodingSchemeDesignator}|${CodeValue}`,
      each,
    ]),
  ),
);

/** IHE's code values and words for a delay, under whatever scheme. */
const DELAY_CODE_VALUE = /^TCE01[1-8]$/;
const DELAY_MEANING = /^\s*delay(ed)?\s+(of\s+)?export\b/i;

/**
 * Whether an export has to wait for what this Document Title Modifier says. One that speaks of a delay in no known code
 * counts, too: nobody here can see its end, so that a person or a later selection ends it, but never a guess.
 */
export function isDelay(value: CodedConcept): boolean {
  return (
    delayReasonOf(value) !== null || DELAY_CODE_VALUE.test(value.CodeValue) || DELAY_MEANING.test(value.CodeMeaning)
  );
}

/** By code value and scheme, whatever the meaning says (PS3.3 8.3). */
export function delayReasonOf(value: CodedConcept): DelayReason | null {
  return REASONS_BY_CODE.get(`${value.CodingSchemeDesignator}|${value.CodeValue}`) ?? null;
}
