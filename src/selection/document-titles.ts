import type { CodedConcept } from '../dicom/coded-concept';
import { knownConcept } from './key-object-codes';

/** What the exported set is for: IHE RAD TF, Teaching File and Clinical Trial Export; DICOM PS3.16 CID 7014. */
export type ExportPurpose = 'teaching-file' | 'clinical-trial' | 'research-collection' | 'publication';

export type ExportCodingScheme = 'IHERADTF' | 'DCM';

export interface ExportDocumentTitle {
  readonly purpose: ExportPurpose;
  readonly IHERADTF: CodedConcept;
  readonly DCM: CodedConcept;
}

/** IHE's own codes came first; DICOM took them over into CID 7014 (2017). Both are met, and mean the same. */
export const EXPORT_DOCUMENT_TITLES: readonly ExportDocumentTitle[] = [
  title('teaching-file', 'TCE001', '128710', 'For Teaching File Export'),
  title('clinical-trial', 'TCE002', '128711', 'For Clinical Trial Export'),
  title('research-collection', 'TCE007', '128713', 'For Research Collection Export'),
  title('publication', 'TCE008', '128714', 'For Publication Export'),
];

function title(purpose: ExportPurpose, IHERADTF: string, DCM: string, CodeMeaning: string): ExportDocumentTitle {
  return {
    purpose,
    IHERADTF: { CodeValue: IHERADTF, CodingSchemeDesignator: 'IHERADTF', CodeMeaning },
    DCM: { CodeValue: DCM, CodingSchemeDesignator: 'DCM', CodeMeaning },
  };
}

const TITLES_BY_CODE: ReadonlyMap<string, { readonly purpose: ExportPurpose; readonly concept: CodedConcept }> =
  new Map(
    EXPORT_DOCUMENT_TITLES.flatMap(({ purpose, IHERADTF, DCM }) =>
      [IHERADTF, DCM].map((concept) => [codeKey(concept), { purpose, concept }] as const),
    ),
  );

/** Code value and scheme together are the code; the meaning is for people and may be worded otherwise (PS3.3 8.3). */
function codeKey(concept: TitleCode): string {
  return `${concept.CodingSchemeDesignator}|${concept.CodeValue}`;
}

/** What tells codes apart. */
export type TitleCode = Pick<CodedConcept, 'CodeValue' | 'CodingSchemeDesignator'>;

export function isTitle(code: TitleCode, other: TitleCode): boolean {
  return codeKey(code) === codeKey(other);
}

/** Why instances were rejected: IHE RAD TF, Imaging Object Change Management; PS3.16 CID 7011 and CID 7010. */
export const REJECTION_TITLES = ['113001', '113037', '113038', '113039'] as const;
export type RejectionTitle = (typeof REJECTION_TITLES)[number];

export function rejectionTitleOf(documentTitle: TitleCode): RejectionTitle | null {
  if (documentTitle.CodingSchemeDesignator !== 'DCM') return null;
  return REJECTION_TITLES.find((code) => code === documentTitle.CodeValue) ?? null;
}

/**
 * Titles that are never an order, whatever a project accepts: the manifests of document sharing (XDS-I.b, MADO) say
 * what there is, and rejection notes say what there should not be. `base/config-cross-checks` refuses the same.
 */
const NEVER_AN_ORDER: ReadonlySet<string> = new Set([
  ...['113030', '113031', '113032', '113033', '113034', '113035'].map((code) => `DCM|${code}`),
  ...REJECTION_TITLES.map((code) => `DCM|${code}`),
  // Rejection Withdrawn.
  'DCM|131360',
  '99IHE|MADOTEMP001',
]);

export function isNeverAnOrder(documentTitle: TitleCode): boolean {
  return NEVER_AN_ORDER.has(codeKey(documentTitle));
}

/** null for every title that does not ask for an export: Of Interest, Manifest, rejection notes. */
export function exportPurposeOf(documentTitle: TitleCode): ExportPurpose | null {
  return TITLES_BY_CODE.get(codeKey(documentTitle))?.purpose ?? null;
}

/** The title of a purpose in one of the two schemes. */
export function exportDocumentTitle(purpose: ExportPurpose, scheme: ExportCodingScheme): CodedConcept {
  const row = EXPORT_DOCUMENT_TITLES.find((each) => each.purpose === purpose);
  if (row === undefined) throw new RangeError('no document title for this purpose');
  return row[scheme];
}

/** The same title written in `scheme`; any title that is not one of the table comes back as it is. */
export function documentTitleIn(scheme: ExportCodingScheme, documentTitle: CodedConcept): CodedConcept {
  const purpose = exportPurposeOf(documentTitle);
  return purpose === null ? documentTitle : exportDocumentTitle(purpose, scheme);
}

/** The title as the standards word it, or undefined for a code of neither CID 7010 nor CID 7014. */
export function knownDocumentTitle(documentTitle: CodedConcept): CodedConcept | undefined {
  return TITLES_BY_CODE.get(codeKey(documentTitle))?.concept ?? knownConcept('CID 7010', documentTitle);
}
