import { type CodedConcept, sameConcept } from '../../dicom/coded-concept';
import { type RowKey, TEMPLATE, type TemplateRow } from './template';

/** Free text, or a code. */
export type InformationValue = string | CodedConcept;

/** Text or code of no row of the template: vendors add theirs. */
export interface OtherItem {
  readonly relationship: 'CONTAINS' | 'HAS CONCEPT MOD';
  readonly concept: CodedConcept;
  readonly value: InformationValue;
}

/** What a teaching file says of its case: IHE RAD TF-3 Table H-1. */
export interface TeachingFileInformation {
  readonly documentTitle: CodedConcept;
  readonly author: string | null;
  readonly affiliation: string | null;
  readonly contact: string | null;
  readonly rows: Readonly<Record<RowKey, readonly InformationValue[]>>;
  readonly others: readonly OtherItem[];
}

export function emptyRows(): Record<RowKey, InformationValue[]> {
  return Object.fromEntries(TEMPLATE.map(({ key }) => [key, []])) as unknown as Record<RowKey, InformationValue[]>;
}

export function rowNamed(concept: CodedConcept): TemplateRow | undefined {
  return TEMPLATE.find(
    (row) => sameConcept(row.concept, concept) || (row.alias !== undefined && sameConcept(row.alias, concept)),
  );
}
