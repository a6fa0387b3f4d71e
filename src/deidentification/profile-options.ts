import { CID_7050 } from './generated/cid-7050-2026d';
import { OPTION_COLUMNS } from './generated/e1-1-2026d';

/** The options of PS3.15 E.3. */
export const PROFILE_OPTIONS = [
  'retain-safe-private',
  'retain-uids',
  'retain-device-identity',
  'retain-institution-identity',
  'retain-patient-characteristics',
  'retain-longitudinal-full-dates',
  'retain-longitudinal-modified-dates',
  'clean-descriptors',
  'clean-structured-content',
  'clean-graphics',
  'clean-pixel-data',
  'clean-recognizable-visual-features',
] as const;
export type ProfileOption = (typeof PROFILE_OPTIONS)[number];

/** Names of the options in the generated tables. */
const TABLE_NAME: Readonly<Record<ProfileOption, string>> = {
  'retain-safe-private': 'rtnSafePriv',
  'retain-uids': 'rtnUids',
  'retain-device-identity': 'rtnDevId',
  'retain-institution-identity': 'rtnInstId',
  'retain-patient-characteristics': 'rtnPatChars',
  'retain-longitudinal-full-dates': 'rtnLongFullDates',
  'retain-longitudinal-modified-dates': 'rtnLongModifDates',
  'clean-descriptors': 'cleanDesc',
  'clean-structured-content': 'cleanStructCont',
  'clean-graphics': 'cleanGraph',
  'clean-pixel-data': 'cleanPixelData',
  'clean-recognizable-visual-features': 'cleanRecognizableVisualFeatures',
};

/** Column of each option in the rows of Table E.1-1; null where the table has none (the two options on pixels). */
export const OPTION_COLUMN = Object.fromEntries(
  PROFILE_OPTIONS.map((option) => {
    const column = (OPTION_COLUMNS as readonly string[]).indexOf(TABLE_NAME[option]);
    return [option, column < 0 ? null : column];
  }),
) as Readonly<Record<ProfileOption, number | null>>;

/** Options that can be asked for; the others are refused by name. */
export const AVAILABLE_OPTIONS: ReadonlySet<ProfileOption> = new Set<ProfileOption>([
  'retain-safe-private',
  'retain-uids',
  'retain-device-identity',
  'retain-institution-identity',
  'retain-patient-characteristics',
  'retain-longitudinal-full-dates',
  'retain-longitudinal-modified-dates',
  'clean-descriptors',
  'clean-structured-content',
  'clean-graphics',
]);

/** E.3.6: one of the two, or none. */
export const DATE_OPTIONS = ['retain-longitudinal-full-dates', 'retain-longitudinal-modified-dates'] as const;

/** Options as bits of a number, for who notes what each attribute made use of. */
export function optionBit(option: ProfileOption): number {
  return 1 << PROFILE_OPTIONS.indexOf(option);
}

export function optionsOf(bits: number): ReadonlySet<ProfileOption> {
  return new Set(PROFILE_OPTIONS.filter((option) => (bits & optionBit(option)) !== 0));
}

/** Code value of CID 7050 by which rules are named. */
export function codeValueOf(option: ProfileOption): string {
  return CID_7050.find(([name]) => name === TABLE_NAME[option])![1];
}

/** De-identification Method (CID 7050): the Basic Profile and the options that were in force, no other. */
export function methodCodes(
  options: ReadonlySet<ProfileOption>,
): readonly { readonly CodeValue: string; readonly CodingSchemeDesignator: 'DCM'; readonly CodeMeaning: string }[] {
  const inForce = new Set(['basic', ...[...options].map((option) => TABLE_NAME[option])]);
  return CID_7050.filter(([name]) => inForce.has(name)).map(([, CodeValue, CodeMeaning]) => ({
    CodeValue,
    CodingSchemeDesignator: 'DCM',
    CodeMeaning,
  }));
}
