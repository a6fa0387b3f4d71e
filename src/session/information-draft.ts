import { type CodedConcept, sameConcept } from '../dicom/coded-concept';
import {
  emptyRows,
  type InformationValue,
  type TeachingFileInformation,
} from '../selection/additional-teaching-file-information/information';
import {
  CATEGORIES,
  INFORMATION_TITLE,
  LEVELS,
  MODALITIES,
  TEMPLATE,
  type TemplateRow,
  YES_NO,
} from '../selection/additional-teaching-file-information/template';

/*
 * Teaching file information as people and programs write it: an object with a key for each row of the template. A value
 * is a text or a code; rows that may be repeated have lists.
 */

export type { InformationValue, TeachingFileInformation };
export { CATEGORIES, LEVELS, MODALITIES, TEMPLATE, YES_NO };

export const STAFF_KEYS = ['author', 'affiliation', 'contact'] as const;
export const INFORMATION_KEYS: readonly string[] = [...STAFF_KEYS, ...TEMPLATE.map(({ key }) => key)];

export const LONGEST_TEXT = 10_000;
const LONGEST_STAFF = 400;
const MOST_VALUES = 50;

export interface DraftError {
  /** One of `INFORMATION_KEYS`. */
  readonly field: string;
  /** Holds nothing of what was sent. */
  readonly message: string;
}

export type ReadDraft =
  | { readonly information: TeachingFileInformation; readonly errors?: undefined }
  | { readonly errors: readonly DraftError[]; readonly information?: undefined };

/** What each coded row may say. */
const LISTS: Readonly<Partial<Record<TemplateRow['key'], readonly CodedConcept[]>>> = {
  modality: MODALITIES,
  category: CATEGORIES.flatMap(({ IHERADTF, DCM }) => [IHERADTF, DCM]),
  level: LEVELS.flatMap(({ IHERADTF, DCM }) => [IHERADTF, DCM]),
  diagnosisConfirmed: YES_NO,
};

/** Rows 5 to 7 and 24 are mandatory; without an author the document says that there is none to name. */
const MANDATORY: Readonly<Partial<Record<TemplateRow['key'], string>>> = {
  abstract: 'Write an abstract.',
  keywords: 'Give at least one keyword.',
  category: 'Choose a category.',
};

export function readDraft(input: Readonly<Record<string, unknown>>): ReadDraft {
  const errors: DraftError[] = [];
  const wrong = (field: string, message: string): null => {
    errors.push({ field, message });
    return null;
  };
  const staff = Object.fromEntries(
    STAFF_KEYS.map((key) => [key, textOf(input[key], LONGEST_STAFF, (message) => wrong(key, message))]),
  ) as Record<(typeof STAFF_KEYS)[number], string | null>;
  const rows = emptyRows();
  for (const row of TEMPLATE) {
    const given = input[row.key];
    const values = given === undefined || given === null ? [] : Array.isArray(given) ? given : [given];
    if (values.length > (row.many ? MOST_VALUES : 1)) {
      wrong(row.key, row.many ? `Give at most ${MOST_VALUES} values.` : 'Give one value.');
      continue;
    }
    for (const value of values) {
      const read = valueIn(row, value, (message) => wrong(row.key, message));
      if (read !== null) rows[row.key].push(read);
    }
    const missing = MANDATORY[row.key];
    if (missing !== undefined && rows[row.key].length === 0 && !errors.some(({ field }) => field === row.key)) {
      wrong(row.key, missing);
    }
  }
  if (errors.length > 0) return { errors };
  return { information: { documentTitle: INFORMATION_TITLE, ...staff, rows, others: [] } };
}

/** The same object again. */
export function draftOf({ rows, author, affiliation, contact }: TeachingFileInformation): Record<string, unknown> {
  return {
    author,
    affiliation,
    contact,
    ...Object.fromEntries(TEMPLATE.map(({ key, many }) => [key, many ? rows[key] : (rows[key][0] ?? null)])),
  };
}

function valueIn(row: TemplateRow, value: unknown, wrong: (message: string) => null): InformationValue | null {
  if (row.form !== 'code' && typeof value === 'string') return textOf(value, LONGEST_TEXT, wrong);
  if (row.form === 'text') return wrong('Give a text.');
  const code = codeOf(value);
  if (code === null) return wrong(row.form === 'code' ? 'Choose one of the list.' : 'Give texts, or whole codes.');
  const list = LISTS[row.key];
  if (list === undefined) return code;
  return list.find((known) => sameConcept(known, code)) ?? wrong('Choose one of the list.');
}

/** null where there is none, and where it cannot be one. PS3.5 6.2: of the control characters TAB, LF, FF and CR. */
function textOf(value: unknown, longest: number, wrong: (message: string) => null): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') return wrong('Give a text.');
  if (value.length > longest) return wrong(`This has more than ${longest.toLocaleString('en')} characters.`);
  const text = value
    .replace(/\p{Surrogate}/gu, '')
    .replace(/[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f]/g, ' ')
    .trim();
  return text === '' ? null : text;
}

/** PS3.3 8.1, 8.3: a Code Value or Long Code Value, its scheme and its meaning. */
function codeOf(value: unknown): CodedConcept | null {
  if (typeof value !== 'object' || value === null) return null;
  const { CodeValue, CodingSchemeDesignator, CodeMeaning } = value as Partial<Record<keyof CodedConcept, unknown>>;
  const isPart = (part: unknown, most: number): part is string =>
    typeof part === 'string' && part.trim() !== '' && part.length <= most && !/[\\\p{Cc}\p{Surrogate}]/u.test(part);
  if (!isPart(CodeValue, 64) || !/^[\x21-\x7e]+$/.test(CodeValue)) return null;
  if (!isPart(CodingSchemeDesignator, 16) || !/^[\x20-\x7e]+$/.test(CodingSchemeDesignator)) return null;
  if (!isPart(CodeMeaning, 64)) return null;
  return { CodeValue, CodingSchemeDesignator, CodeMeaning };
}
