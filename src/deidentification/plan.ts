import type { Outcome } from '../base/outcome';
import type { CodedConcept } from '../dicom/coded-concept';
import type { DataElement, DataSet } from '../dicom/data-set';
import { formatTag, type Tag } from '../dicom/tag';
import type { VR } from '../dicom/vr';
import type { Additions } from './additions';
import type { Texts } from './texts';

/** Of text that stays, but for those who are known. */
export const KNOWN_RULE = 'PS3.15 E.3.5 known identifiers';

/** One thing that will be done to one attribute. Holds no value. */
export interface PlannedChange {
  /** `00081030`, or with sequences and the number of the item, from 0: `00400275/0/00400007` */
  readonly path: string;
  /** Empty where the attribute is private or unknown. */
  readonly keyword: string;
  readonly action: 'X' | 'Z' | 'D' | 'U' | 'C' | 'add';
  readonly rule: string;
}

/** What will be done to one data set: the preview, the record of it, and what `apply` carries out. */
export interface DeidentificationPlan {
  readonly edition: string;
  readonly methodCodes: readonly CodedConcept[];
  readonly changes: readonly PlannedChange[];
  /** Text that is neither known to be harmless nor known to identify. */
  readonly findings?: readonly Finding[];
  /** Passed, or held back with a reason. Nothing of what is held back can be applied. */
  readonly verdict: Outcome<null>;
  /** @internal */
  readonly steps: SetPlan;
  /** @internal */
  readonly additions?: Additions;
  /** @internal cleans text once the patient's dates can be moved; only where text was cleaned */
  readonly texts?: Texts;
}

/** Something for a person to look at. What is written down of it holds no value. */
export class Finding {
  readonly severity = 'review';

  constructor(
    readonly path: string,
    readonly keyword: string,
    readonly rule: string,
    readonly reason: string,
    /** @internal the text as it came in: for the person who decides, never for a log */
    readonly text: string,
    /** @internal what took or would take its place */
    readonly proposal: string,
    /** @internal the words in question */
    readonly unknown: readonly string[],
  ) {}

  toJSON(): object {
    const { path, keyword, rule, severity, reason } = this;
    return { path, keyword, rule, severity, reason };
  }
}

/** Place of an item, as a chain so that paths are spelled only for those who ask. */
export interface ItemPlace {
  readonly parent: ItemPlace | null;
  readonly tag: Tag;
  readonly item: number;
}

export function pathOf(place: ItemPlace | null, tag: Tag): string {
  let path = formatTag(tag);
  for (let at = place; at !== null; at = at.parent) path = `${formatTag(at.tag)}/${at.item}/${path}`;
  return path;
}

/** Whether the innermost sequences around an attribute are those that a wish names. */
export function isWithin(place: ItemPlace | null, within: readonly Tag[]): boolean {
  let at = place;
  for (let n = within.length - 1; n >= 0; n -= 1) {
    if (at === null || at.tag !== within[n]) return false;
    at = at.parent;
  }
  return true;
}

export type Deed =
  | 'remove'
  | 'empty'
  | 'dummy'
  | 'constant'
  | 'patient name'
  | 'patient ID'
  | 'uid'
  /** Date moved by the patient's offset. */
  | 'shift'
  /** Text cleaned. */
  | 'text'
  /** Sequence kept, its items changed. */
  | 'items'
  /** Sequence kept, its items put together anew around what may stay of them. */
  | 'rebuild'
  /** Added or completed after the elements that were there. */
  | 'add';

/** What happens to one element of one data set. */
export class Step implements PlannedChange {
  /** @internal number of the element in its data set */
  readonly index: number;
  readonly tag: Tag;
  readonly keyword: string;
  readonly action: PlannedChange['action'];
  readonly rule: string;
  /** @internal */
  readonly deed: Deed;
  /** @internal VR that a new value is written with */
  readonly vr: VR;
  /** @internal fixed value; only where `deed` is `constant` */
  readonly constant: string | undefined;
  /** @internal plans of the items; only where `deed` is `items` or `rebuild` */
  readonly items: readonly (SetPlan | null)[] | undefined;
  /** @internal only where `deed` is `text`: the cleaned values, or `shift`: the dates as they came in */
  readonly values: readonly string[] | undefined;
  /** @internal */
  readonly place: ItemPlace | null;

  constructor(
    place: ItemPlace | null,
    index: number,
    tag: Tag,
    keyword: string,
    action: PlannedChange['action'],
    rule: string,
    deed: Deed,
    vr: VR,
    constant?: string,
    items?: readonly (SetPlan | null)[],
    values?: readonly string[],
  ) {
    this.place = place;
    this.index = index;
    this.tag = tag;
    this.keyword = keyword;
    this.action = action;
    this.rule = rule;
    this.deed = deed;
    this.vr = vr;
    this.constant = constant;
    this.items = items;
    this.values = values;
  }

  get path(): string {
    return pathOf(this.place, this.tag);
  }

  toJSON(): PlannedChange {
    return { path: this.path, keyword: this.keyword, action: this.action, rule: this.rule };
  }
}

/** Steps of one data set or item, in the order of its elements. */
export interface SetPlan {
  /** Number of elements it was made for: a plan fits its own data set only. */
  readonly size: number;
  readonly steps: readonly Step[];
}

export type ElementMaker = (owner: DataSet) => readonly DataElement[];
