import { type CodedConcept, readCodedConcept, sameConcept } from '../../dicom/coded-concept';
import type { DataSet } from '../../dicom/data-set';
import { BASIC_TEXT_SR, COMPREHENSIVE_SR, ENHANCED_SR } from '../../dicom/sop-class';
import { Attribute } from '../attributes';
import { asReceived } from '../key-object-codes';
import {
  emptyRows,
  type InformationValue,
  type OtherItem,
  rowNamed,
  type TeachingFileInformation,
} from './information';
import { AFFILIATION, AUTHOR, CATEGORIES, CONTACT, INFORMATION_TITLES, LEVELS, type RowKey } from './template';

/** No rule names one of them; each is met. */
export const INFORMATION_SOP_CLASSES: readonly string[] = [BASIC_TEXT_SR, ENHANCED_SR, COMPREHENSIVE_SR];

const PERSON_NAME = 0x0040a123;
/** Sections within sections; whoever nests deeper means no teaching file. */
const DEEPEST = 8;

/** By SOP Class and title, in either coding scheme. */
export function isTeachingFileInformation(document: DataSet): boolean {
  if (!INFORMATION_SOP_CLASSES.includes(document.string(Attribute.SOPClassUID) ?? '')) return false;
  const title = conceptOf(document.items(Attribute.ConceptNameCodeSequence)[0]);
  return title !== null && INFORMATION_TITLES.some((known) => sameConcept(known, title));
}

/** Reads what `isTeachingFileInformation` accepts, tolerantly: sections, order and where rows 3 and 4 lie do not matter. */
export function readTeachingFileInformation(document: DataSet): TeachingFileInformation {
  const reading = new Reading();
  reading.read(document.items(Attribute.ContentSequence), 0);
  const title = conceptOf(document.items(Attribute.ConceptNameCodeSequence)[0]);
  return {
    documentTitle: INFORMATION_TITLES.find((known) => title !== null && sameConcept(known, title))!,
    author: reading.staff.get(AUTHOR.CodeValue) ?? null,
    affiliation: reading.staff.get(AFFILIATION.CodeValue) ?? null,
    contact: reading.staff.get(CONTACT.CodeValue) ?? null,
    rows: reading.rows,
    others: reading.others,
  };
}

class Reading {
  readonly staff = new Map<string, string>();
  readonly rows = emptyRows();
  readonly others: OtherItem[] = [];

  read(items: readonly DataSet[], depth: number): void {
    for (const item of items) this.#item(item, depth);
  }

  #item(item: DataSet, depth: number): void {
    const concept = conceptOf(item.items(Attribute.ConceptNameCodeSequence)[0]);
    if (concept !== null && [AUTHOR, AFFILIATION, CONTACT].some((each) => sameConcept(each, concept))) {
      const name = (item.string(Attribute.TextValue) ?? item.string(PERSON_NAME)?.replace(/[\^=]+/g, ' '))?.trim();
      if (name !== undefined && name !== '' && !this.staff.has(concept.CodeValue))
        this.staff.set(concept.CodeValue, name);
      if (depth < DEEPEST) this.read(item.items(Attribute.ContentSequence), depth + 1);
      return;
    }
    // A section of no row holds rows, perhaps.
    if (item.string(Attribute.ValueType) === 'CONTAINER') {
      if (depth < DEEPEST) this.read(item.items(Attribute.ContentSequence), depth + 1);
      return;
    }
    const value = textOrCode(item);
    if (concept === null || value === null) return;
    const row = rowNamed(concept);
    if (row === undefined) {
      const relationship = item.string(Attribute.RelationshipType);
      if (relationship === 'CONTAINS' || relationship === 'HAS CONCEPT MOD') {
        this.others.push({ relationship, concept, value });
      }
      return;
    }
    // A category or a level in the words of who wrote it is none; it stays as a keyword.
    if (row.form === 'code' && typeof value === 'string') this.rows.keywords.push(value);
    else if (row.form === 'text' && typeof value !== 'string') this.rows[row.key].push(value.CodeMeaning);
    else this.rows[row.key].push(worded(row.key, value));
  }
}

/** Texts of a row that may hold one are one. */
export function oneOf(values: readonly InformationValue[]): InformationValue | null {
  const [first] = values;
  if (first === undefined) return null;
  return values.every((value) => typeof value === 'string') ? values.join('\n\n') : first;
}

/** TEXT or CODE; null for every other value type. */
function textOrCode(item: DataSet): InformationValue | null {
  switch (item.string(Attribute.ValueType)) {
    case 'TEXT': {
      const text = item.string(Attribute.TextValue)?.trim() ?? '';
      return text === '' ? null : text;
    }
    case 'CODE':
      return conceptOf(item.items(Attribute.ConceptCodeSequence)[0]);
    default:
      return null;
  }
}

/** Codes of the template's own lists in the words of the standards: a meaning is free text. */
function worded(key: RowKey, value: InformationValue): InformationValue {
  if (typeof value === 'string' || (key !== 'category' && key !== 'level')) return value;
  for (const { IHERADTF, DCM } of key === 'category' ? CATEGORIES : LEVELS) {
    for (const known of [IHERADTF, DCM]) if (sameConcept(known, value)) return asReceived(value, known);
  }
  return value;
}

function conceptOf(item: DataSet | undefined): CodedConcept | null {
  const concept = item === undefined ? undefined : readCodedConcept(item);
  return concept?.CodeValue && concept.CodingSchemeDesignator ? concept : null;
}
