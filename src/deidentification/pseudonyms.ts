/** Values that only the project knows. */
export interface Pseudonyms {
  readonly PatientID: string;
  readonly PatientName: string;
  /** The UID that stands for another; asked for no UID that DICOM itself registered. */
  uid(source: string): string;
  /** Whole days by which every date of the patient moves, never 0. Asked for where dates are modified. */
  readonly dateOffsetDays?: number;
  /** Where the trial's subject is not the Patient ID of what leaves. */
  readonly ClinicalTrialSubjectID?: string;
  readonly ClinicalTrialTimePointID?: string;
}
