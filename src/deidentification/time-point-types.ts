import type { CodedConcept } from '../dicom/coded-concept';

/** CID 6146 Time Point Type (PS3.16, 2026 edition), and the code that its 2026 edition replaced. */
const CID_6146: readonly (readonly [scheme: string, value: string, meaning: string])[] = [
  ['DCM', '126074', 'Posttreatment'],
  ['DCM', '126075', 'Eligibility'],
  ['SCT', '262068006', 'Pre-operative'],
  ['SCT', '262061000', 'Post-operative'],
  ['SCT', '264908009', 'Post-radiation'],
  ['SCT', '262502001', 'Post-chemotherapy'],
  ['SCT', '314122007', 'Maintenance therapy'],
  ['SCT', '1345242003', 'Maintenance antineoplastic therapy'],
  ['SCT', '25173007', 'Recurrence of tumor'],
  ['UMLS', 'C1442488', 'Baseline'],
  ['UMLS', 'C1699701', 'Unscheduled'],
  ['UMLS', 'C1708760', 'Nadir'],
  ['UMLS', 'C3539075', 'Pretreatment'],
];

/** By code value: no two schemes share one. */
export const TIME_POINT_TYPES: ReadonlyMap<string, CodedConcept> = new Map(
  CID_6146.map(([CodingSchemeDesignator, CodeValue, CodeMeaning]) => [
    CodeValue,
    { CodeValue, CodingSchemeDesignator, CodeMeaning },
  ]),
);
