import type { Tag } from '../dicom/tag';

/** What a search matches and returns at each level (PS3.18 Tables 10.6.3-3 to 10.6.3-5), as far as files hold it. */
export const STUDY_ATTRIBUTES: readonly Tag[] = [
  0x00080005, // SpecificCharacterSet
  0x00080020, // StudyDate
  0x00080030, // StudyTime
  0x00080050, // AccessionNumber
  0x00080090, // ReferringPhysicianName
  0x00081030, // StudyDescription
  0x00100010, // PatientName
  0x00100020, // PatientID
  0x00100021, // IssuerOfPatientID
  0x00100030, // PatientBirthDate
  0x00100040, // PatientSex
  0x0020000d, // StudyInstanceUID
  0x00200010, // StudyID
];

export const SERIES_ATTRIBUTES: readonly Tag[] = [
  0x00080060, // Modality
  0x0008103e, // SeriesDescription
  0x00180015, // BodyPartExamined
  0x0020000e, // SeriesInstanceUID
  0x00200011, // SeriesNumber
];

export const INSTANCE_ATTRIBUTES: readonly Tag[] = [
  0x00080016, // SOPClassUID
  0x00080018, // SOPInstanceUID
  0x00200013, // InstanceNumber
  0x00280008, // NumberOfFrames
  0x00280010, // Rows
  0x00280011, // Columns
  0x00280100, // BitsAllocated
];

/** Answered from the index, not from a file. */
export const MODALITIES_IN_STUDY: Tag = 0x00080061;
export const NUMBER_OF_STUDY_RELATED_SERIES: Tag = 0x00201206;
export const NUMBER_OF_STUDY_RELATED_INSTANCES: Tag = 0x00201208;
export const NUMBER_OF_SERIES_RELATED_INSTANCES: Tag = 0x00201209;
