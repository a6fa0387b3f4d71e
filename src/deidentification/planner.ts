import { cannot } from '../base/errors';
import { type DataElement, type DataSet, valuesOf } from '../dicom/data-set';
import { isPrivate, type Tag } from '../dicom/tag';
import type { VR } from '../dicom/vr';
import type { ActionCode } from './action-codes';
import type { AttributeAt } from './attribute-at';
import type { AttributePlace } from './attribute-types';
import { isCodeAttribute, valueRule } from './content-items';
import { cutToFit, FILLED_WHERE_FILLED, hasDummyText } from './dummies';
import { dummySequence, isCodeItem } from './dummy-sequences';
import { type Deed, Finding, type ItemPlace, isWithin, type PlannedChange, pathOf, type SetPlan, Step } from './plan';
import { isEmptied, privateSteps, safePrivateStep } from './private-attributes';
import { optionBit } from './profile-options';
import {
  COMMON_INSTANCE_REFERENCE,
  isInReferenceModule,
  REFERENCED_SOP_INSTANCE_UID,
  refersToInstances,
} from './references';
import { keptStep, shiftedStep } from './retained-values';
import type { OptionRule, OverrideRule, Rule, RuleBook } from './rule-book';
import { isKnownCreator, safePrivate } from './safe-private';
import { screened } from './screening';
import type { Texts } from './texts';
import { changesUIDs, looksLikeUIDs } from './uid-values';

const PATIENT_NAME: Tag = 0x00100010;
const PATIENT_ID: Tag = 0x00100020;
const PATIENT_AGE: Tag = 0x00101010;
const CONTENT_RULE = 'PS3.15 E.3.4 content';
const NOTHING: ReadonlySet<Tag> = new Set();

/** (0040,A30A) Numeric Value of a measured age, in years or what says nothing of itself. */
function isOver89(element: DataElement): boolean {
  return element.items?.some((item) => item.numbers(0x0040a30a).some((age) => !(age < 90))) ?? false;
}

/** What the items of a sequence have in common, so that what they hold is looked at in another way. */
type Mode = '' | 'content' | 'descriptors' | 'unvouched';

const CLEANABLE: ReadonlySet<string> = new Set(['LO', 'LT', 'SH', 'ST', 'UC', 'UT']);
const RETAIN_SAFE_PRIVATE = optionBit('retain-safe-private');

/**
 * Goes through one instance and notes what is to be done, element by element. Every row of the table applies at every
 * depth (PS3.15 E.1.1): the walk goes into each sequence that stays, known or not.
 */
export class Planner {
  readonly changes: PlannedChange[] = [];
  readonly findings: Finding[] = [];
  /** Options that something was kept or cleaned by. */
  used = 0;
  /** Something stays that the profile and its options would not leave. */
  weakened = false;
  readonly #rules: RuleBook;
  readonly #texts: Texts | null;
  readonly #dropReferenceModule: boolean;
  /** References to instances that stay, those of the Common Instance Reference module not counted. */
  #references = 0;
  #referencesGone = false;
  #place: ItemPlace | null = null;
  #tag: Tag = 0;
  #mode: Mode = '';

  constructor(rules: RuleBook, texts: Texts | null, dropReferenceModule = false) {
    this.#rules = rules;
    this.#texts = texts;
    this.#dropReferenceModule = dropReferenceModule;
  }

  /** Every reference that the Common Instance Reference module sums up has gone: the module has to go, too. */
  get leftReferencesDangling(): boolean {
    return this.#referencesGone && this.#references === 0;
  }

  /** Where the planner is, for who has to say where it failed. */
  get path(): string {
    return pathOf(this.#place, this.#tag);
  }

  /**
   * Steps for a data set or item; null where nothing changes.
   * `types`: where in its IOD it is. `scrubbing`: name of the sequence whose items may hold nothing as it was.
   */
  plan(dataSet: DataSet, types: AttributePlace | undefined, place: ItemPlace | null, scrubbing = ''): SetPlan | null {
    const { elements } = dataSet;
    const plain = scrubbing === '' && this.#mode === '';
    let steps: Step[] | null = null;
    let privates: number[] | null = null;
    for (let index = 0; index < elements.length; index += 1) {
      const element = elements[index]!;
      this.#tag = element.tag;
      if (this.#rules.mayKeepPrivate && isPrivate(element.tag)) {
        privates ??= [];
        privates.push(index);
        continue;
      }
      const rule = this.#rules.rule(element.tag);
      let step =
        rule.untouched && element.items === null && plain
          ? null
          : this.#step(dataSet, element, rule, index, types, place, scrubbing);
      if (step === null && rule.screened !== null && element.length > 0 && !element.elided) {
        // What an option keeps of devices and institutions is kept in content, too.
        const isKept = this.#mode === 'content' && typeof valueRule(dataSet, element.tag) === 'number';
        const type = types?.below(element.tag)?.type;
        if (!isKept) step = screened(dataSet, element, rule, index, type, place, this.#texts);
      }
      if (step === null) {
        if (element.elided) throw cannot('ELIDED', 'a value that stays was skipped on reading');
        continue;
      }
      if (steps === null) steps = [step];
      else steps.push(step);
      if (step.deed !== 'items') this.changes.push(step);
    }
    if (privates !== null) {
      const more = privateSteps(dataSet, privates, place, (element, creator, index) => {
        this.#tag = element.tag;
        return scrubbing === '' ? this.#private(dataSet, element, creator, index, place) : undefined;
      });
      for (const step of more) if (step.deed !== 'items') this.changes.push(step);
      steps = [...(steps ?? []), ...more].sort((a, b) => a.index - b.index);
    }
    return steps === null || steps.length === 0 ? null : { size: elements.length, steps };
  }

  #step(
    owner: DataSet,
    element: DataElement,
    rule: Rule,
    index: number,
    types: AttributePlace | undefined,
    place: ItemPlace | null,
    scrubbing: string,
  ): Step | null {
    const { tag } = element;
    if (rule.constant !== undefined) {
      return new Step(place, index, tag, rule.keyword, 'D', 'constant', 'constant', rule.vr, rule.constant);
    }
    if (tag === REFERENCED_SOP_INSTANCE_UID && !isInReferenceModule(place)) this.#references += 1;
    if (place === null) {
      if (this.#dropReferenceModule && COMMON_INSTANCE_REFERENCE.has(tag)) {
        return new Step(null, index, tag, rule.keyword, 'X', 'PS3.3 C.12.2 no reference left', 'remove', rule.vr);
      }
      if (this.#rules.isOfAnotherTrial(tag)) {
        return new Step(null, index, tag, rule.keyword, 'X', 'PS3.3 C.7.1.3 another trial', 'remove', rule.vr);
      }
    }
    const type = types?.below(tag)?.type ?? 'none';
    const at: AttributeAt = { owner, element, rule, index, types, place };
    if (rule.overrides !== null) {
      const wish = rule.overrides.find(({ override }) => isWithin(place, override.within));
      if (wish !== undefined) {
        const unknown = place === null ? wish.atTop : wish.nested;
        return this.#asWished(
          at,
          wish,
          type === 'none' ? unknown : wish.byType[type],
          rule.always ?? rule.byType[type],
        );
      }
    }
    if (this.#mode !== '' && scrubbing === '') {
      const step = this.#byMode(at);
      if (step !== undefined) return step;
    }
    if (rule.option !== null) {
      const step = this.#byOption(at, rule.option, scrubbing);
      if (step !== undefined) return step;
    }
    return this.#basic(element, rule, rule.always ?? rule.byType[type], index, types, place, scrubbing);
  }

  /** undefined: the option cannot have its way here, and the Basic Profile has. */
  #byOption(at: AttributeAt, option: OptionRule, scrubbing: string): Step | null | undefined {
    const { element, rule, types, place } = at;
    const { tag, items } = element;
    const isSequence = items !== null || rule.vr === 'SQ';
    if (option.code === 'K' || (option.cleaning === 'date' && !isSequence)) {
      if (isSequence) {
        if (items === null) return undefined;
        if (items.length > 0) this.used |= option.bits;
        return this.#walked(at, option.name, this.#items(items, tag, types?.below(tag), place, ''));
      }
      if (element.length === 0) return null;
      const step = option.code === 'K' ? keptStep(at, this.#rules.safeHarborAges) : shiftedStep(at, option);
      // A dummy in place of what is no date retains nothing.
      if (step !== undefined && step?.deed !== 'dummy') this.used |= option.bits;
      return step;
    }
    if (scrubbing !== '') return undefined;
    if (!isSequence) {
      if (option.cleaning !== 'text' || this.#texts === null) return undefined;
      const step = this.#cleaned(at, this.#texts, rule.vr, option.name);
      if (step !== undefined && element.length > 0) this.used |= option.bits;
      return step;
    }
    if (items === null) return undefined;
    if (items.length > 0) this.used |= option.bits;
    const mode = option.cleaning === 'descriptors' ? 'descriptors' : 'content';
    return this.#walked(at, option.name, this.#inMode(mode, items, at));
  }

  #inMode(
    mode: Mode,
    items: readonly DataSet[],
    { element, types, place }: AttributeAt,
  ): readonly (SetPlan | null)[] | null {
    const before = this.#mode;
    this.#mode = mode;
    const plans = this.#items(items, element.tag, types?.below(element.tag), place, '');
    this.#mode = before;
    return plans;
  }

  #walked(
    { element, rule, index, place }: AttributeAt,
    name: string,
    plans: readonly (SetPlan | null)[] | null,
  ): Step | null {
    if (plans === null) return null;
    return new Step(place, index, element.tag, rule.keyword, 'C', name, 'items', 'SQ', undefined, plans);
  }

  /** undefined: nothing is left that could stay. */
  #cleaned(
    { owner, element, rule, index, place }: AttributeAt,
    texts: Texts,
    vr: VR,
    name: string,
  ): Step | null | undefined {
    if (element.length === 0) return null;
    if (element.elided) return undefined;
    const values = valuesOf(element, owner);
    if (values.length === 0) return undefined;
    let changed = false;
    const cleaned = values.map((value) => {
      if (value === '') return value;
      const result = texts.clean(value);
      if (result.finding !== null) {
        const { reason, proposal, unknown } = result.finding;
        const path = pathOf(place, element.tag);
        this.findings.push(new Finding(path, rule.keyword, name, reason, value, proposal, unknown));
      }
      changed ||= result.changed;
      return result.changed ? cutToFit(result.text, vr) : result.text;
    });
    if (!changed) return null;
    if (cleaned.every((value) => value.trim() === '')) return undefined;
    return new Step(place, index, element.tag, rule.keyword, 'C', name, 'text', vr, undefined, undefined, cleaned);
  }

  #byMode(at: AttributeAt): Step | null | undefined {
    const { owner, element, rule, index, place } = at;
    const { tag } = element;
    if (this.#mode === 'unvouched') {
      // In a private sequence of which nothing is known, nobody vouches for text.
      if (rule.always !== 'K' || rule.structural || element.items !== null || !hasDummyText(rule.vr)) return undefined;
      if (rule.vr === 'CS' || rule.vr === 'DS' || rule.vr === 'IS') return undefined;
      return new Step(place, index, tag, rule.keyword, 'X', 'E.1-1 private', 'remove', rule.vr);
    }
    const by = this.#mode === 'content' ? valueRule(owner, tag) : null;
    if (by === 'identifier') return this.#withoutValue(at);
    if (typeof by === 'number') {
      const { option, always } = this.#rules.rule(by);
      if (option === null && always !== 'K') return this.#withoutValue(at);
      this.used |= option?.bits ?? 0;
      if (!this.#rules.safeHarborAges || by !== PATIENT_AGE || !isOver89(element)) return null;
      return this.#withoutValue(at);
    }
    const isText =
      by === 'text' ||
      (rule.always === 'K' &&
        rule.option === null &&
        element.items === null &&
        CLEANABLE.has(rule.vr) &&
        !isCodeAttribute(tag, owner));
    if (!isText || element.length === 0) return undefined;
    const step = this.#texts === null ? undefined : this.#cleaned(at, this.#texts, rule.vr, CONTENT_RULE);
    return step === undefined ? new Step(place, index, tag, rule.keyword, 'D', CONTENT_RULE, 'dummy', rule.vr) : step;
  }

  /** The value of a content item replaced so that the item stays where it is: others may refer to its position. */
  #withoutValue({ element, rule, index, types, place }: AttributeAt): Step | null {
    const { tag, items } = element;
    const make = (code: PlannedChange['action'], deed: Deed, plans?: readonly (SetPlan | null)[]): Step =>
      new Step(place, index, tag, rule.keyword, code, CONTENT_RULE, deed, rule.vr, undefined, plans);
    if (items === null) return make('D', 'dummy');
    if (items.length === 0) return null;
    if (!items.every(isCodeItem)) return make('Z', 'empty'); // a measurement without a value is one (PS3.3 C.18.1)
    return make('D', 'rebuild', [this.#keepOnly(items[0]!, NOTHING, types?.below(tag), place)]);
  }

  #asWished(at: AttributeAt, { override }: OverrideRule, action: ActionCode, basic: ActionCode): Step | null {
    const { element, rule, index, types, place } = at;
    const { tag, items } = element;
    const optionAllows = rule.option !== null || basic === 'K';
    if (override.action === 'set') {
      return new Step(place, index, tag, rule.keyword, 'D', 'override', 'constant', rule.vr, override.value ?? '');
    }
    if (action === 'K' || action === 'C') {
      if (items !== null) {
        this.weakened ||= !optionAllows && items.length > 0;
        return this.#walked(at, 'override', this.#inMode(action === 'C' ? 'content' : '', items, at));
      }
      if (action === 'K') {
        this.weakened ||= !optionAllows && element.length > 0;
        return null;
      }
      const step = this.#texts === null ? undefined : this.#cleaned(at, this.#texts, rule.vr, 'override');
      if (step !== undefined) {
        this.weakened ||= !optionAllows && element.length > 0;
        return step;
      }
      return this.#basic(element, { ...rule, name: 'override' }, basic === 'K' ? 'D' : basic, index, types, place, '');
    }
    return this.#basic(element, { ...rule, name: 'override' }, action, index, types, place, '');
  }

  /** undefined: it goes; null: it stays as it is. */
  #private(
    owner: DataSet,
    element: DataElement,
    creator: string,
    index: number,
    place: ItemPlace | null,
  ): Step | null | undefined {
    const { tag, items } = element;
    if (element.elided) return undefined;
    const wish = this.#rules.privateOverride(tag, creator, place);
    if (wish === 'remove') return undefined;
    const entry = this.#rules.options.has('retain-safe-private') ? safePrivate(tag, creator) : undefined;
    if (items !== null) {
      if (entry === undefined && wish !== 'keep' && !isKnownCreator(creator)) return undefined;
      const at: AttributeAt = { owner, element, rule: this.#rules.rule(tag), index, types: undefined, place };
      const used = this.used;
      const noted = [this.changes.length, this.findings.length] as const;
      const plans = this.#inMode(entry === undefined && wish !== 'keep' ? 'unvouched' : '', items, at);
      if (items.every((item, n) => isEmptied(item, plans?.[n] ?? null))) {
        this.used = used;
        this.changes.length = noted[0];
        this.findings.length = noted[1];
        return undefined;
      }
      if (entry !== undefined) this.used |= RETAIN_SAFE_PRIVATE;
      return this.#walked(at, 'E.1-1 113111', plans);
    }
    if (wish === 'keep') {
      this.weakened = true;
      return null;
    }
    if (entry === undefined) return undefined;
    const step = safePrivateStep(
      { owner, element, index, place },
      entry,
      this.#texts,
      this.#rules.options.has('retain-uids'),
    );
    if (step !== undefined) this.used |= RETAIN_SAFE_PRIVATE;
    return step;
  }

  #basic(
    element: DataElement,
    rule: Rule,
    action: ActionCode,
    index: number,
    types: AttributePlace | undefined,
    place: ItemPlace | null,
    scrubbing: string,
  ): Step | null {
    const { tag } = element;
    if (action === 'X') {
      if (element.items !== null) this.#noteReferences(element.items);
      return new Step(place, index, tag, rule.keyword, 'X', rule.name, 'remove', rule.vr);
    }
    const step = (code: PlannedChange['action'], deed: Deed, name = rule.name) =>
      new Step(place, index, tag, rule.keyword, code, name, deed, rule.vr);

    if (element.items !== null || rule.vr === 'SQ') {
      return this.#sequence(element, rule, action, index, types, place, scrubbing);
    }
    switch (action) {
      case 'Z':
      case 'D':
        if (tag === PATIENT_NAME) return step(action, 'patient name');
        if (tag === PATIENT_ID) return step(action, 'patient ID');
        if (rule.vr === 'UI') return changesUIDs(element) ? step(action, 'uid') : null;
        if (action === 'D') return step('D', 'dummy');
        if (element.length === 0) return null;
        return step('Z', FILLED_WHERE_FILLED.has(tag) ? 'dummy' : 'empty');
      case 'U':
        return changesUIDs(element) ? step('U', 'uid') : null;
      case 'K':
        if (element.length === 0) return null;
        if (rule.structural) return looksLikeUIDs(element) ? null : step('X', 'remove', 'not a UID');
        if (scrubbing === '') return null;
        if (rule.vr === 'UI') return step('U', 'uid', scrubbing);
        return hasDummyText(rule.vr) && rule.vr !== 'CS'
          ? step('D', 'dummy', scrubbing)
          : step('X', 'remove', scrubbing);
      case 'C':
        throw cannot('OPTION_NOT_AVAILABLE', 'cleaning is not available');
    }
  }

  #sequence(
    element: DataElement,
    rule: Rule,
    action: Exclude<ActionCode, 'X'>,
    index: number,
    types: AttributePlace | undefined,
    place: ItemPlace | null,
    scrubbing: string,
  ): Step | null {
    const { tag, items } = element;
    const make = (code: PlannedChange['action'], deed: Deed, name: string, plans?: readonly (SetPlan | null)[]): Step =>
      new Step(place, index, tag, rule.keyword, code, name, deed, 'SQ', undefined, plans);

    if (items === null) {
      // The dictionary says sequence, the bytes do not: nobody can say what is in it.
      return element.length === 0 ? null : make('X', 'remove', 'unreadable sequence');
    }
    if (items.length === 0) return null;
    if (action === 'Z') {
      this.#noteReferences(items);
      return make('Z', 'empty', rule.name);
    }

    const below = types?.below(tag);
    if (action === 'D') {
      const dummy = dummySequence(tag);
      if (dummy.way === 'rebuild') {
        this.#noteReferences(items);
        const kept = dummy.single ? items.slice(0, 1) : items;
        const plans = kept.map((item, n) => this.#keepOnly(item, dummy.kept, below, { parent: place, tag, item: n }));
        return make('D', 'rebuild', rule.name, plans);
      }
      const plans = this.#items(items, tag, below, place, `${rule.name} in ${rule.keyword}`);
      return plans === null ? null : make('D', 'items', rule.name, plans);
    }
    if (scrubbing !== '' && items.every(isCodeItem)) {
      return make('D', 'rebuild', scrubbing, [this.#keepOnly(items[0]!, NOTHING, below, place)]);
    }
    const plans = this.#items(items, tag, below, place, scrubbing);
    return plans === null ? null : make('U', 'items', rule.name, plans);
  }

  #items(
    items: readonly DataSet[],
    tag: Tag,
    types: AttributePlace | undefined,
    place: ItemPlace | null,
    scrubbing: string,
  ): readonly (SetPlan | null)[] | null {
    let plans: (SetPlan | null)[] | null = null;
    for (let n = 0; n < items.length; n += 1) {
      const at: ItemPlace = { parent: place, tag, item: n };
      this.#place = at;
      const plan = this.plan(items[n]!, types, at, scrubbing);
      if (plan !== null) {
        plans ??= new Array<SetPlan | null>(items.length).fill(null);
        plans[n] = plan;
      }
    }
    this.#place = place;
    this.#tag = tag;
    return plans;
  }

  /** The plan of an item of which only some attributes stay; that the others go is part of the sequence's own change. */
  #keepOnly(
    item: DataSet,
    kept: ReadonlySet<Tag>,
    types: AttributePlace | undefined,
    place: ItemPlace | null,
  ): SetPlan | null {
    const steps: Step[] = [];
    item.elements.forEach((element, index) => {
      const rule = this.#rules.rule(element.tag);
      if (!kept.has(element.tag)) {
        steps.push(new Step(place, index, element.tag, rule.keyword, 'X', rule.name, 'remove', rule.vr));
        return;
      }
      const step = this.#step(item, element, rule, index, types, place, '');
      if (step === null) return;
      steps.push(step);
      if (step.deed !== 'items') this.changes.push(step);
    });
    return { size: item.elements.length, steps };
  }

  #noteReferences(items: readonly DataSet[]): void {
    this.#referencesGone ||= refersToInstances(items);
  }
}
