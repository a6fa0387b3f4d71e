/**
 * How an answer key is written down. Beside each value stands what has to become of it under each preset, one letter
 * each, in the order of PRESETS_SCORED. The letters follow PS3.15 Table E.1-1a where it has one:
 *
 * X removed, or gone with what held it        Z emptied, or another value (Z permits a dummy)
 * D another value, not empty                  K stays as it is; of a sequence: its items stay, and are looked into
 * U a new UID, the same for the same          S a date, moved by the offset of its patient
 * P the pseudonym of its patient              C becomes `text` exactly; empty: emptied, removed or a dummy
 * T text: every one of `phrases` still in it, no identifier
 * A items stay, and one is appended           R the same references, mapped, whatever else became of it
 * G gone from there: removed, emptied or another value
 */
export type Letter = 'A' | 'C' | 'D' | 'G' | 'K' | 'P' | 'R' | 'S' | 'T' | 'U' | 'X' | 'Z';

export const PRESETS_SCORED = ['basic', 'clinical-trial', 'research-collection', 'teaching-file'] as const;
export type ScoredPreset = (typeof PRESETS_SCORED)[number];

export type KeyedValue = string | number | Uint8Array | readonly string[] | readonly number[] | readonly Keyed[] | null;

/** A value with an expectation of its own. */
export class Said {
  constructor(
    readonly value: KeyedValue,
    readonly letters: string,
    readonly text: string | undefined,
    readonly phrases: readonly string[],
  ) {}
}

/** Attributes by keyword, or by tag and VR ('00191010 LO'), in an instance or item. */
export interface Keyed {
  readonly [keywordOrTag: string]: KeyedValue | Said;
}

export function says(value: KeyedValue, letters: string): Said {
  return new Said(value, letters, undefined, []);
}

/** Removed under the Basic Profile, cleaned to exactly `text` where descriptors are cleaned. */
export function cleaned(value: string, text: string, letters = 'XCCC'): Said {
  return new Said(value, letters, text, []);
}

/** As `cleaned`, for prose: what has to be in it still. */
export function prose(value: string, phrases: readonly string[], letters = 'XTTT'): Said {
  return new Said(value, letters, undefined, phrases);
}
