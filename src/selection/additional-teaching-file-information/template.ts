import type { CodedConcept } from '../../dicom/coded-concept';

/**
 * The example template of IHE RAD TF-3 Table H-1 for Additional Teaching File Information, in its order. DICOM took
 * title, category, level and their values over into PS3.16 (CID 7016 to 7018); both codes are read, and mean the same.
 */

type Concept = Omit<CodedConcept, 'CodingSchemeDesignator'>;

function ihe(CodeValue: string, CodeMeaning: string): CodedConcept {
  return { CodeValue, CodingSchemeDesignator: 'IHERADTF', CodeMeaning };
}

function dcm(CodeValue: string, CodeMeaning: string): CodedConcept {
  return { CodeValue, CodingSchemeDesignator: 'DCM', CodeMeaning };
}

export const INFORMATION_TITLE = ihe('TCE006', 'Additional Teaching File Information');
/** Either is met as a document title (CID 7018). */
export const INFORMATION_TITLES: readonly CodedConcept[] = [
  INFORMATION_TITLE,
  dcm('128712', 'Additional Teaching File Information'),
];

export const AUTHOR = ihe('TCE101', 'Author');
export const AFFILIATION = ihe('TCE102', 'Affiliation');
export const CONTACT = ihe('TCE103', 'Contact');

/** What a row may hold, once or more often. */
type RowForm = 'text' | 'text-or-code' | 'code';

export interface TemplateRow {
  readonly key: RowKey;
  readonly concept: CodedConcept;
  /** The same concept in the other scheme. */
  readonly alias?: CodedConcept;
  readonly form: RowForm;
  readonly many: boolean;
}

export type RowKey =
  | 'abstract'
  | 'keywords'
  | 'history'
  | 'findings'
  | 'discussion'
  | 'differentialDiagnosis'
  | 'diagnosis'
  | 'anatomy'
  | 'pathology'
  | 'organSystem'
  | 'modality'
  | 'category'
  | 'level'
  | 'diagnosisConfirmed';

/** Rows 5 to 26; Author (row 2) stands before them, with Affiliation and Contact (rows 3 and 4) below it. */
export const TEMPLATE: readonly TemplateRow[] = [
  row('abstract', ihe('TCE104', 'Abstract'), 'text', false),
  row('keywords', ihe('TCE105', 'Keywords'), 'text-or-code', true),
  row('history', dcm('121060', 'History'), 'text-or-code', true),
  row('findings', dcm('121071', 'Finding'), 'text-or-code', true),
  row('discussion', ihe('TCE106', 'Discussion'), 'text', true),
  row('differentialDiagnosis', dcm('111023', 'Differential Diagnosis/Impression'), 'text-or-code', true),
  row('diagnosis', ihe('TCE107', 'Diagnosis'), 'text-or-code', true),
  row('anatomy', dcm('112005', 'Radiographic anatomy'), 'text-or-code', true),
  row('pathology', dcm('111042', 'Pathology'), 'text-or-code', true),
  row('organSystem', ihe('TCE108', 'Organ system'), 'text-or-code', true),
  row('modality', dcm('121139', 'Modality'), 'code', true),
  row('category', ihe('TCE109', 'Category'), 'code', false, dcm('128723', 'Teaching File Category')),
  row('level', ihe('TCE110', 'Level'), 'code', false, dcm('128724', 'Level of Difficulty')),
  row('diagnosisConfirmed', ihe('TCE111', 'Diagnoses confirmed'), 'code', true),
];

function row(key: RowKey, concept: CodedConcept, form: RowForm, many: boolean, alias?: CodedConcept): TemplateRow {
  return { key, concept, form, many, ...(alias === undefined ? {} : { alias }) };
}

interface TwoCodes {
  readonly IHERADTF: CodedConcept;
  readonly DCM: CodedConcept;
}

function both(IHERADTF: Concept, DCM: Concept): TwoCodes {
  return { IHERADTF: ihe(IHERADTF.CodeValue, IHERADTF.CodeMeaning), DCM: dcm(DCM.CodeValue, DCM.CodeMeaning) };
}

/** IHE H-2; PS3.16 CID 7017. */
export const CATEGORIES: readonly TwoCodes[] = [
  subject('TCE301', '128728', 'Musculoskeletal'),
  subject('TCE302', '128729', 'Pulmonary'),
  subject('TCE303', '128730', 'Cardiovascular'),
  subject('TCE304', '128731', 'Gastrointestinal'),
  subject('TCE305', '128732', 'Genitourinary'),
  subject('TCE306', '128733', 'Neuro'),
  subject('TCE307', '128734', 'Vascular and Interventional'),
  subject('TCE308', '128735', 'Nuclear'),
  subject('TCE309', '128736', 'Ultrasound'),
  subject('TCE310', '128737', 'Pediatric'),
  subject('TCE311', '128738', 'Breast'),
];

function subject(CodeValue: string, inDCM: string, CodeMeaning: string): TwoCodes {
  return both({ CodeValue, CodeMeaning }, { CodeValue: inDCM, CodeMeaning: `${CodeMeaning} imaging subject matter` });
}

/** IHE H-3; PS3.16 CID 7016. */
export const LEVELS: readonly TwoCodes[] = [
  level('TCE201', '128725', 'Primary'),
  level('TCE202', '128726', 'Intermediate'),
  level('TCE203', '128727', 'Advanced'),
];

function level(CodeValue: string, inDCM: string, CodeMeaning: string): TwoCodes {
  return both({ CodeValue, CodeMeaning }, { CodeValue: inDCM, CodeMeaning: `${CodeMeaning} level` });
}

/** PS3.16 CID 230. */
export const YES_NO: readonly CodedConcept[] = [
  { CodeValue: '373066001', CodingSchemeDesignator: 'SCT', CodeMeaning: 'Yes' },
  { CodeValue: '373067005', CodingSchemeDesignator: 'SCT', CodeMeaning: 'No' },
];

/** PS3.16 CID 29, of what comes into a teaching file. */
export const MODALITIES: readonly CodedConcept[] = [
  dcm('CR', 'Computed Radiography'),
  dcm('CT', 'Computed Tomography'),
  dcm('DX', 'Digital Radiography'),
  dcm('MG', 'Mammography'),
  dcm('MR', 'Magnetic Resonance'),
  dcm('NM', 'Nuclear Medicine'),
  dcm('PT', 'Positron emission tomography'),
  dcm('RF', 'Radiofluoroscopy'),
  dcm('US', 'Ultrasound'),
  dcm('XA', 'X-Ray Angiography'),
];
