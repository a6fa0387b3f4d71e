import { copiedElement, type DataElement, type DataSet } from '../dicom/data-set';
import type { Tag } from '../dicom/tag';

/**
 * Attributes of the patient, the study and the trial, which are the same in every instance of a study and so in its
 * manifest: Patient (PS3.3 C.7.1.1), General Study (C.7.2.1), Patient Study (C.7.2.2), Clinical Trial Subject (C.7.1.3),
 * Study (C.7.2.3) and, of the Series (C.7.3.2), the coordinating center. Without those that name instances, and without
 * the marks of de-identification, which a manifest has of its own.
 */
const STUDY_ATTRIBUTES: readonly Tag[] = [
  0x00080020, // Study Date
  0x00080030, // Study Time
  0x00080050, // Accession Number
  0x00080051, // Issuer of Accession Number Sequence
  0x00080090, // Referring Physician's Name
  0x00081030, // Study Description
  0x00081032, // Procedure Code Sequence
  0x00081080, // Admitting Diagnoses Description
  0x00100010, // Patient's Name
  0x00100020, // Patient ID
  0x00100021, // Issuer of Patient ID
  0x00100022, // Type of Patient ID
  0x00100030, // Patient's Birth Date
  0x00100032, // Patient's Birth Time
  0x00100040, // Patient's Sex
  0x00100200, // Quality Control Subject
  0x00101010, // Patient's Age
  0x00101020, // Patient's Size
  0x00101022, // Patient's Body Mass Index
  0x00101030, // Patient's Weight
  0x00102000, // Medical Alerts
  0x00102110, // Allergies
  0x00102160, // Ethnic Group
  0x00102180, // Occupation
  0x001021a0, // Smoking Status
  0x001021b0, // Additional Patient History
  0x001021c0, // Pregnancy Status
  0x001021d0, // Last Menstrual Date
  0x00102201, // Patient Species Description
  0x00102203, // Patient's Sex Neutered
  0x00102292, // Patient Breed Description
  0x00104000, // Patient Comments
  0x00120010, // Clinical Trial Sponsor Name
  0x00120020, // Clinical Trial Protocol ID
  0x00120021, // Clinical Trial Protocol Name
  0x00120022, // Issuer of Clinical Trial Protocol ID
  0x00120023, // Other Clinical Trial Protocol IDs Sequence
  0x00120030, // Clinical Trial Site ID
  0x00120031, // Clinical Trial Site Name
  0x00120032, // Issuer of Clinical Trial Site ID
  0x00120040, // Clinical Trial Subject ID
  0x00120041, // Issuer of Clinical Trial Subject ID
  0x00120042, // Clinical Trial Subject Reading ID
  0x00120043, // Issuer of Clinical Trial Subject Reading ID
  0x00120050, // Clinical Trial Time Point ID
  0x00120051, // Clinical Trial Time Point Description
  0x00120052, // Longitudinal Temporal Offset from Event
  0x00120053, // Longitudinal Temporal Event Type
  0x00120054, // Clinical Trial Time Point Type Code Sequence
  0x00120055, // Issuer of Clinical Trial Time Point ID
  0x00120060, // Clinical Trial Coordinating Center Name
  0x00120081, // Clinical Trial Protocol Ethics Committee Name
  0x00120082, // Clinical Trial Protocol Ethics Committee Approval Number
  0x00120083, // Consent for Clinical Trial Use Sequence
  0x00120086, // Ethics Committee Approval Effectiveness Start Date
  0x00120087, // Ethics Committee Approval Effectiveness End Date
  0x00200010, // Study ID
];

/** Those of an instance, as they stand there. */
export function studyElements(instance: DataSet): readonly DataElement[] {
  return STUDY_ATTRIBUTES.map((tag) => instance.element(tag)).filter(
    (element) => element !== undefined && !element.elided && element.vr !== 'UN',
  ) as readonly DataElement[];
}

/** The same, encoded for `owner`. */
export function copiedStudyElements(owner: DataSet, instance: DataSet): readonly DataElement[] {
  return studyElements(instance).map((element) => copiedElement(owner, element, instance));
}

/** PS3.5 6.1.2.1: of the default repertoire, without code extension. */
export function isPlain(element: DataElement): boolean {
  if (element.items !== null) return element.items.every((item) => item.elements.every(isPlain));
  if (element.elided) return true;
  return element.bytes().every((byte) => byte < 0x80 && byte !== 0x1b);
}
