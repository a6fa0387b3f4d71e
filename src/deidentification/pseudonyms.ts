/** Values that only the project knows. */
export interface Pseudonyms {
  readonly PatientID: string;
  readonly PatientName: string;
  /** The UID that stands for another; asked for no UID that DICOM itself registered. */
  uid(source: string): string;
}
