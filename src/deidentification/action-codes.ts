import type { ProfileOption } from './profile-options';
import { OPTION_COLUMN, optionBit } from './profile-options';

/** Actions that can be carried out (PS3.15 Table E.1-1a), compound codes resolved. */
export type ActionCode = 'X' | 'Z' | 'D' | 'U' | 'K' | 'C';

/** Codes that stand in the columns of Table E.1-1. */
export type TableCode = ActionCode | 'Z/D' | 'X/Z' | 'X/D' | 'X/Z/D' | 'X/Z/U*';

/** Attribute Types of PS3.5 7.4. A present 1C or 2C attribute may have its condition met. */
export type AttributeType = '1' | '1C' | '2' | '2C' | '3';

/** One row of Table E.1-1. */
export interface ProfileRow {
  readonly keyword: string;
  readonly vr: string;
  readonly basic: TableCode;
  /** One character for each option column, `.` where the option says nothing; empty where none does. */
  readonly options: string;
}

/**
 * What the codes come to, by Type. `X` on Type 1 and 2 is the table against the IOD: E.1.1 makes the integrity of the
 * IOD the de-identifier's duty, so the attribute stays with a dummy or empty. An attribute that the IOD does not have
 * counts as Type 3 (E.1.1: standard extended attributes may always be removed).
 * `X/Z` on Type 1 is met in references only, whose dummy is the reference with its UIDs replaced.
 */
const RESOLUTION: Readonly<
  Record<TableCode, { readonly 1: ActionCode; readonly 2: ActionCode; readonly 3: ActionCode }>
> = {
  X: { 1: 'D', 2: 'Z', 3: 'X' },
  Z: { 1: 'D', 2: 'Z', 3: 'Z' },
  D: { 1: 'D', 2: 'D', 3: 'D' },
  U: { 1: 'U', 2: 'U', 3: 'U' },
  K: { 1: 'K', 2: 'K', 3: 'K' },
  C: { 1: 'C', 2: 'C', 3: 'C' },
  'Z/D': { 1: 'D', 2: 'Z', 3: 'Z' },
  'X/Z': { 1: 'D', 2: 'Z', 3: 'X' },
  'X/D': { 1: 'D', 2: 'D', 3: 'X' },
  'X/Z/D': { 1: 'D', 2: 'Z', 3: 'X' },
  'X/Z/U*': { 1: 'U', 2: 'Z', 3: 'X' },
};

const STRICTNESS: Readonly<Record<AttributeType, 1 | 2 | 3>> = { '1': 1, '1C': 1, '2': 2, '2C': 2, '3': 3 };

/** What chosen options say of an attribute in place of the Basic Profile. */
export interface OptionEntry {
  readonly code: 'C' | 'K';
  /** Every chosen option that asks for this very action. */
  readonly options: readonly ProfileOption[];
  readonly bits: number;
}

/**
 * The action for one attribute. `type` is null where the IOD, or the SOP Class, is not known to have it.
 * PS3.15 E.1.1: an option's entry overrides the Basic Profile's.
 */
export function resolve(
  row: Pick<ProfileRow, 'basic' | 'options'>,
  options: ReadonlySet<ProfileOption>,
  type: AttributeType | null,
): ActionCode {
  return optionEntry(row.options, options)?.code ?? resolveBasic(row.basic, type);
}

export function resolveBasic(basic: TableCode, type: AttributeType | null): ActionCode {
  return RESOLUTION[basic][type === null ? 3 : STRICTNESS[type]];
}

/**
 * Where several chosen options speak of one attribute the standard gives no order; the one that removes most wins: C
 * before K.
 */
export function optionEntry(columns: string, options: ReadonlySet<ProfileOption>): OptionEntry | null {
  if (columns === '') return null;
  const saying = (code: string): readonly ProfileOption[] =>
    [...options].filter((option) => {
      const column = OPTION_COLUMN[option];
      return column !== null && columns.charAt(column) === code;
    });
  for (const code of ['C', 'K'] as const) {
    const named = saying(code);
    if (named.length > 0) {
      return { code, options: named, bits: named.reduce((bits, option) => bits | optionBit(option), 0) };
    }
  }
  return null;
}
