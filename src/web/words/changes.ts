import type { AttributeChange } from '../../session/store-port';

export interface ActionWords {
  readonly action: string;
  readonly title: string;
  readonly explanation: string;
}

/** PS3.15 E.1, Table E.1-1a: what each action code asks for, in plain words, in the order of the page. */
export const ACTION_WORDS: readonly ActionWords[] = [
  { action: 'X', title: 'Removed', explanation: 'The attribute is not in what was sent.' },
  {
    action: 'Z',
    title: 'Emptied or replaced',
    explanation: 'The value was taken out. Where the project has a pseudonym for it, that stands in its place.',
  },
  {
    action: 'D',
    title: 'Replaced by a dummy',
    explanation: 'The value was replaced by one that says nothing about the person.',
  },
  {
    action: 'U',
    title: 'New UID',
    explanation: 'The UID was replaced by another, the same one everywhere in this project.',
  },
  { action: 'C', title: 'Cleaned', explanation: 'Identifying parts of the value were replaced, the rest was kept.' },
  { action: 'add', title: 'Added', explanation: 'The attribute says that, and how, the instance was de-identified.' },
];

/** One row of the table: items of a sequence folded together, SOP Classes added up. */
export interface FoldedChange {
  readonly path: string;
  readonly keyword: string;
  readonly name: string;
  readonly rule: string;
  readonly instances: number;
}

export interface ChangeGroup extends ActionWords {
  readonly rows: readonly FoldedChange[];
}

/** `00400275/0/00400007` → `(0040,0275) › (0040,0007)`. */
export function formatPath(path: string): string {
  return path
    .split('/')
    .filter((step) => !/^\d{1,7}$/.test(step))
    .map((step) => (/^[0-9A-Fa-f]{8}$/.test(step) ? `(${step.slice(0, 4)},${step.slice(4)})`.toUpperCase() : step))
    .join(' › ');
}

/** `PatientBirthDate` → `Patient Birth Date`; runs of capitals stay together (`SOPInstanceUID` → `SOP Instance UID`). */
export function keywordInWords(keyword: string): string {
  return keyword.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z](?!s(?:[A-Z]|$))[a-z])/g, '$1 $2');
}

export function groupChanges(changes: readonly AttributeChange[]): readonly ChangeGroup[] {
  const known = new Set(ACTION_WORDS.map(({ action }) => action));
  const others = [...new Set(changes.map(({ action }) => action))].filter((action) => !known.has(action)).sort();
  const words = [...ACTION_WORDS, ...others.map((action) => ({ action, title: 'Changed', explanation: '' }))];
  return words
    .map((entry) => ({ ...entry, rows: fold(changes.filter(({ action }) => action === entry.action)) }))
    .filter(({ rows }) => rows.length > 0);
}

/**
 * The items of a sequence are counted apart; the page shows one row for them. An instance that has item 1 has item 0
 * too, so the largest count of one SOP Class is the number of its instances, and the SOP Classes add up.
 */
function fold(changes: readonly AttributeChange[]): readonly FoldedChange[] {
  const rows = new Map<string, { row: Omit<FoldedChange, 'instances'>; bySOPClass: Map<string, number> }>();
  for (const { path, keyword, rule, SOPClassUID, instances } of changes) {
    const folded = formatPath(path);
    const key = `${folded}\n${rule}`;
    const entry = rows.get(key) ?? {
      row: { path: folded, keyword, name: keywordInWords(keyword), rule },
      bySOPClass: new Map<string, number>(),
    };
    entry.bySOPClass.set(SOPClassUID, Math.max(entry.bySOPClass.get(SOPClassUID) ?? 0, instances));
    rows.set(key, entry);
  }
  return [...rows.values()]
    .map(({ row, bySOPClass }) => ({
      ...row,
      instances: [...bySOPClass.values()].reduce((sum, count) => sum + count, 0),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
