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
function codeKey(concept: CodedConcept): string {
  return `${concept.CodingSchemeDesignator}|${concept.CodeValue}`;
}

/** null for every title that does not ask for an export: Of Interest, Manifest, rejection notes. */
export function exportPurposeOf(documentTitle: CodedConcept): ExportPurpose | null {
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
