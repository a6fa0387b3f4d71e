import type { DataElement, DataSet } from '../dicom/data-set';
import type { AttributePlace } from './attribute-types';
import type { ItemPlace } from './plan';
import type { Rule } from './rule-book';

/** An attribute at its place. */
export interface AttributeAt {
  readonly owner: DataSet;
  readonly element: DataElement;
  readonly rule: Rule;
  readonly index: number;
  readonly types: AttributePlace | undefined;
  readonly place: ItemPlace | null;
}
