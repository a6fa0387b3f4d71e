import { profileTable } from '../../../src/deidentification/profile-table';
import { lookUp } from '../../../src/dicom/dictionary';

const KEPT = [
  0x00080070, 0x00081090, 0x00080060, 0x00080100, 0x00080102, 0x00080104, 0x00180050, 0x00181030, 0x00280010,
];

/** The attributes of Table E.1-1, and some of those that it leaves. */
export const PROFILE_ROWS_TAGS: readonly number[] = [...profileTable('2026d').rows.keys(), ...KEPT].filter(
  (tag) => lookUp(tag) !== undefined,
);
