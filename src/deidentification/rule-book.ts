import { lookUp } from '../dicom/dictionary';
import { isGroupLength, isPrivate, type Tag } from '../dicom/tag';
import type { VR } from '../dicom/vr';
import {
  type ActionCode,
  type AttributeType,
  optionEntry,
  type ProfileRow,
  resolveBasic,
  type TableCode,
} from './action-codes';
import { hasTypeThatMatters } from './attribute-types';
import { isTrialAttribute } from './clinical-trial';
import { kindOf } from './free-text/identifying-attributes';
import { TYPE_1_AT_TOP, TYPE_1_NESTED, TYPE_2_AT_TOP, TYPE_2_NESTED } from './generated/strictest-types-2025e';
import { REMAPPED_UIDS, STRUCTURAL_UIDS, SUPPLEMENT, TEMPORAL_OUTSIDE_TABLE } from './generated/supplement';
import type { AttributeOverride } from './overrides';
import { type ItemPlace, isWithin } from './plan';
import type { DeidentificationPolicy } from './policy';
import { codeValueOf, optionBit } from './profile-options';
import { type ProfileTable, profileTable } from './profile-table';

/**
 * How a value is cleaned (PS3.15 E.3): a date is moved, text goes through the text cleaner, the items of `content` and
 * `graphics` are gone through one by one. What cannot be cleaned gets the action of the Basic Profile.
 */
export type Cleaning = 'date' | 'text' | 'descriptors' | 'content' | 'graphics';

/** What chosen options say of an attribute in place of the Basic Profile. */
export type OptionRule = { readonly bits: number; readonly name: string } & (
  | { readonly code: 'K' }
  | { readonly code: 'C'; readonly cleaning: Cleaning }
);

/** A wish of the project, with the action that it comes to by Type. */
export interface OverrideRule {
  readonly override: AttributeOverride;
  readonly byType: Readonly<Record<AttributeType, ActionCode>>;
  /** Where the Type in the IOD at hand is not known: by the strictest that any IOD has. */
  readonly atTop: ActionCode;
  readonly nested: ActionCode;
}

/** What one attribute has coming, whatever its value. Made once for a policy, looked up for every element. */
export interface Rule {
  readonly keyword: string;
  /** From the dictionary; UN where the attribute is unknown or private. */
  readonly vr: VR;
  /** Named in the plan. */
  readonly name: string;
  /** The Basic Profile's action where the Type of the attribute does not change it; null where it does. */
  readonly always: ActionCode | null;
  readonly byType: Readonly<Record<AttributeType | 'none', ActionCode>>;
  /** UID of a class, a syntax or a coding. */
  readonly structural: boolean;
  readonly constant: string | undefined;
  readonly option: OptionRule | null;
  /** The longest path first. */
  readonly overrides: readonly OverrideRule[] | null;
  /** Stays, unless it holds items or what `screened` looks for: most elements of an image. */
  readonly untouched: boolean;
  /** What may not stay of a value that stays: names in text, words in a number. */
  readonly screened: 'text' | 'number' | null;
}

const TYPES: readonly (AttributeType | 'none')[] = ['1', '1C', '2', '2C', '3', 'none'];

const DEFAULTS = {
  structural: false,
  constant: undefined,
  option: null,
  overrides: null,
  untouched: false,
  screened: null,
} as const;

const TEMPORAL_VRS: ReadonlySet<string> = new Set(['DA', 'DT', 'TM']);
const CLEANABLE_VRS: ReadonlySet<string> = new Set(['LO', 'LT', 'SH', 'ST', 'UC', 'UT']);
const TIMEZONE_OFFSET: Tag = 0x00080201;
/** Manufacturer, Manufacturer's Model Name: a maker may be an institution of its own, and stays one. */
const MAKER: ReadonlySet<Tag> = new Set([0x00080070, 0x00081090]);
const PATIENT_CHARACTERISTICS = optionBit('retain-patient-characteristics');
const GRAPHIC_ANNOTATION: Tag = 0x00700001;

function actions(of: (type: AttributeType | null) => ActionCode): Pick<Rule, 'always' | 'byType'> {
  const byType = Object.fromEntries(TYPES.map((type) => [type, of(type === 'none' ? null : type)])) as Rule['byType'];
  const first = byType.none;
  return { always: TYPES.every((type) => byType[type] === first) ? first : null, byType };
}

function fixed(action: ActionCode, name: string, tag?: Tag): Rule {
  const entry = tag === undefined ? undefined : lookUp(tag);
  return {
    keyword: entry?.keyword ?? '',
    vr: entry?.vr ?? 'UN',
    name,
    ...actions(() => action),
    ...DEFAULTS,
    untouched: action === 'K' && entry?.vr !== 'SQ',
    screened: action === 'K' && tag !== undefined ? screening(tag, entry?.vr) : null,
  };
}

/** PS3.15 E.3.5 note: text outside the table may hold what the table takes out elsewhere; so may a number that is none. */
function screening(tag: Tag, vr: string | undefined): Rule['screened'] {
  if (vr === 'DS' || vr === 'IS') return 'number';
  return vr !== undefined && (CLEANABLE_VRS.has(vr) || vr === 'UR') && !MAKER.has(tag) ? 'text' : null;
}

/**
 * What the profile demands beside its table, or what would be untrue of the changed data set.
 */
const BESIDE_THE_TABLE: readonly (readonly [tag: Tag, rule: string])[] = [
  [0x00080001, 'PS3.5 7.2 length to end'],
  // Describes private blocks, of which none is left (PS3.3 C.12.1).
  [0x00080300, 'E.1-1 private'],
  // PS3.15 E.1.1: signatures do not verify any more; their MAC parameters are of no use.
  [0x4ffe0001, 'E.1-1 signatures'],
  [0xfffcfffc, 'PS3.10 7.2 trailing padding'],
];

const PRIVATE = fixed('X', 'E.1-1 private');
const UNKNOWN = fixed('X', 'unknown attribute');
const GROUP_LENGTH = fixed('X', 'PS3.5 7.2 group length');
/** Command and File Meta elements, directory records: never part of an instance's data set (PS3.10 7.1, PS3.15 E.1.1). */
const STRAY_GROUP = fixed('X', 'PS3.15 E.1.1 group of commands, file meta or directory');
/** Without Overlay Data the rest of the group is of no use, and may hold text. */
const OVERLAY_REST = 'overlay group';

/** What the words of a project stand for in the table. */
const CODE_OF: Readonly<Record<AttributeOverride['action'], TableCode>> = {
  remove: 'X',
  empty: 'Z',
  dummy: 'D',
  keep: 'K',
  clean: 'C',
  uid: 'U',
  set: 'K',
};

export class RuleBook {
  readonly #rules = new Map<Tag, Rule>();
  readonly #table: ProfileTable;
  readonly #policy: DeidentificationPolicy;
  readonly #curve: Rule;
  readonly #privateOverrides: readonly AttributeOverride[];
  readonly options: DeidentificationPolicy['options'];
  readonly mayKeepPrivate: boolean;
  readonly safeHarborAges: boolean;

  constructor(policy: DeidentificationPolicy) {
    this.#policy = policy;
    this.options = policy.options;
    this.safeHarborAges = policy.safeHarborAges === true;
    this.#privateOverrides = (policy.overrides ?? []).filter(({ attribute }) => typeof attribute !== 'number');
    this.mayKeepPrivate =
      policy.options.has('retain-safe-private') || this.#privateOverrides.some(({ action }) => action === 'keep');
    this.#table = profileTable(policy.edition);
    this.#curve = this.#fromRow(this.#table.patterns.curve, 'E.1-1');
    for (const [tag] of STRUCTURAL_UIDS) {
      this.#rules.set(tag, { ...fixed('K', 'UID of a class or coding', tag), structural: true, untouched: false });
    }
    for (const [tag, , of] of REMAPPED_UIDS) {
      // What names an instance stays with the UIDs of the table, or references would not resolve.
      const columns = of === 'instance' ? AS_UID : '';
      this.#rules.set(tag, { ...fixed('U', 'UID outside the table', tag), option: this.#option(columns, 'UI', tag) });
    }
    for (const [tag, , vr] of TEMPORAL_OUTSIDE_TABLE) {
      this.#rules.set(tag, { ...fixed('D', 'supplement', tag), option: this.#option(AS_DATE, vr, tag) });
    }
    for (const [tag, keyword, vr, action, type] of SUPPLEMENT) {
      this.#rules.set(tag, this.#supplement(keyword, vr as VR, action as TableCode, type as AttributeType | ''));
    }
    for (const [tag, rule] of BESIDE_THE_TABLE) this.#rules.set(tag, fixed('X', rule, tag));
    for (const [tag, row] of this.#table.rows) {
      if (tag >= 0x00080000) this.#rules.set(tag, this.#fromRow(row, 'E.1-1', tag));
    }
    for (const [tag, constant] of policy.constants) {
      const rule = this.rule(tag);
      if (this.mayBeConstant(tag)) this.#rules.set(tag, { ...rule, constant });
    }
    for (const override of policy.overrides ?? []) this.#override(override);
  }

  /** It goes, whatever the profile says, because the project writes a trial of its own. */
  isOfAnotherTrial(tag: Tag): boolean {
    const { clinicalTrial } = this.#policy;
    return clinicalTrial !== undefined && isTrialAttribute(tag, clinicalTrial);
  }

  /** Private before 50xx and 60xx: 5001 is a private group. */
  rule(tag: Tag): Rule {
    const known = this.#rules.get(tag);
    if (known !== undefined) return known;
    if (isPrivate(tag)) return PRIVATE;
    if (isGroupLength(tag)) return GROUP_LENGTH;
    const group = tag >>> 16;
    if (group < 0x0008) return STRAY_GROUP;
    if ((group & 0xff01) === 0x5000) return this.#curve;
    if ((group & 0xff01) === 0x6000) return this.#overlay(tag);
    const entry = lookUp(tag);
    if (entry === undefined) return UNKNOWN;
    // Every name of a person is one, also of a retired or industrial object (PS3.5 6.2).
    const rule = entry.vr === 'PN' ? fixed('X', 'PS3.5 6.2 name outside the table', tag) : fixed('K', '', tag);
    this.#rules.set(tag, rule); // bounded by the dictionary
    return rule;
  }

  /** What the project wants done to a private attribute; undefined: nothing in particular. */
  privateOverride(tag: Tag, creator: string, place: ItemPlace | null): AttributeOverride['action'] | undefined {
    return this.#privateOverrides.find(
      ({ attribute, within }) =>
        typeof attribute !== 'number' &&
        attribute.group === tag >>> 16 &&
        attribute.element === (tag & 0xff) &&
        attribute.creator === creator &&
        isWithin(place, within),
    )?.action;
  }

  mayBeConstant(tag: Tag): boolean {
    const rule = this.rule(tag);
    return rule.always !== 'K' && rule.always !== 'U' && TEXT_VRS.has(rule.vr);
  }

  #fromRow(row: ProfileRow, name: string, tag?: Tag): Rule {
    const untyped = tag === undefined || !hasTypeThatMatters(tag);
    const option = this.#option(row.options, row.vr, tag);
    return {
      keyword: row.keyword,
      vr: row.vr === '' ? 'UN' : (row.vr as VR),
      name,
      ...actions((type) => resolveBasic(row.basic, untyped ? null : type)),
      ...DEFAULTS,
      option,
      // What the table has of devices and institutions is kept for what it says.
      screened:
        tag !== undefined && option?.code === 'K' && option.bits === PATIENT_CHARACTERISTICS
          ? screening(tag, row.vr)
          : null,
    };
  }

  /** null where no chosen option speaks of the attribute, or where what it asks for cannot be done to its VR. */
  #option(columns: string, vr: string, tag: Tag | undefined): OptionRule | null {
    const entry = optionEntry(columns, this.#policy.options);
    if (entry === null || tag === undefined) return null;
    const { code, bits, options } = entry;
    const name = `E.1-1 ${options.map(codeValueOf).join(' ')}`;
    if (code === 'K') return { code, bits, name };
    const cleaning = cleaningOf(bits, vr, tag);
    return cleaning === null ? null : { code, cleaning, bits, name };
  }

  #override(override: AttributeOverride): void {
    const { attribute } = override;
    if (typeof attribute !== 'number') return; // private ones are found by their creator
    const rule = this.rule(attribute);
    const action = (type: AttributeType | null) => resolveBasic(CODE_OF[override.action], type);
    const { byType } = actions(action);
    const [atTop, nested] = strictestTypes(attribute).map(action);
    const overrides = [...(rule.overrides ?? []), { override, byType, atTop: atTop!, nested: nested! }];
    overrides.sort((a, b) => b.override.within.length - a.override.within.length);
    this.#rules.set(attribute, { ...rule, overrides, untouched: false, screened: null });
  }

  /**
   * By the strictest Type that any IOD gives the attribute. A whole sequence marked X goes, also where it is 1C: what
   * it says is true only of the original.
   */
  #supplement(keyword: string, vr: VR, action: TableCode, type: AttributeType | ''): Rule {
    const strictest = type === '' || (vr === 'SQ' && action === 'X' && type === '1C') ? null : type;
    const resolved = resolveBasic(action, strictest);
    return { keyword, vr, name: 'supplement', ...actions(() => resolved), ...DEFAULTS };
  }

  #overlay(tag: Tag): Rule {
    const { overlayData, overlayComments } = this.#table.patterns;
    const element = tag & 0xffff;
    if (element === 0x3000) return this.#fromRow(overlayData, 'E.1-1');
    if (element === 0x4000) return this.#fromRow(overlayComments, 'E.1-1');
    return fixed('X', OVERLAY_REST, tag);
  }
}

const listed = (tags: string): ReadonlySet<Tag> =>
  new Set(
    tags
      .trim()
      .split(' ')
      .map((tag) => Number.parseInt(tag, 16)),
  );

function strictestTypes(tag: Tag): readonly (AttributeType | null)[] {
  return [
    [TYPE_1_AT_TOP, TYPE_2_AT_TOP],
    [TYPE_1_NESTED, TYPE_2_NESTED],
  ].map(([first, second]) => (listed(first!).has(tag) ? '1' : listed(second!).has(tag) ? '2' : null));
}

/** AE titles, images and defined terms are not cleaned: nobody can tell what is in them. */
function cleaningOf(bits: number, vr: string, tag: Tag): Cleaning | null {
  if ((bits & optionBit('clean-graphics')) !== 0) return tag === GRAPHIC_ANNOTATION ? 'graphics' : null;
  if ((bits & optionBit('clean-structured-content')) !== 0) return 'content';
  if ((bits & optionBit('retain-longitudinal-modified-dates')) !== 0) {
    return TEMPORAL_VRS.has(vr) || tag === TIMEZONE_OFFSET ? 'date' : null;
  }
  if (vr === 'SQ') return 'descriptors';
  // A requesting service is a place, whatever words it is called by: what is left of its name still tells it.
  return CLEANABLE_VRS.has(vr) && kindOf(tag) === undefined ? 'text' : null;
}

/** As the rows of the table for UIDs and for dates have it. */
const AS_UID = '.K........';
const AS_DATE = '.....KC...';

const TEXT_VRS: ReadonlySet<VR> = new Set<VR>([
  'AE',
  'AS',
  'CS',
  'DA',
  'DS',
  'DT',
  'IS',
  'LO',
  'LT',
  'PN',
  'SH',
  'ST',
  'TM',
  'UC',
  'UR',
  'UT',
]);
