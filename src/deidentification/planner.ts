import { cannot } from '../base/errors';
import type { DataElement, DataSet } from '../dicom/data-set';
import type { Tag } from '../dicom/tag';
import type { ActionCode } from './action-codes';
import type { AttributePlace } from './attribute-types';
import { FILLED_WHERE_FILLED, hasDummyText } from './dummies';
import { dummySequence, isCodeItem } from './dummy-sequences';
import { type Deed, type ItemPlace, type PlannedChange, pathOf, type SetPlan, Step } from './plan';
import type { Rule, RuleBook } from './rule-book';
import { looksLikeUIDs, staysAsIs, uidValues } from './uid-values';

const PATIENT_NAME: Tag = 0x00100010;
const PATIENT_ID: Tag = 0x00100020;
const NOTHING: ReadonlySet<Tag> = new Set();

const REFERENCED_SOP_INSTANCE_UID: Tag = 0x00081155;
/** Referenced Series Sequence, Studies Containing Other Referenced Instances Sequence (PS3.3 C.12.2). */
const COMMON_INSTANCE_REFERENCE: ReadonlySet<Tag> = new Set([0x00081115, 0x00081200]);

function isInReferenceModule(place: ItemPlace | null): boolean {
  let top = place;
  while (top?.parent != null) top = top.parent;
  return top !== null && COMMON_INSTANCE_REFERENCE.has(top.tag);
}

function refersToInstances(items: readonly DataSet[]): boolean {
  return items.some((item) =>
    item.elements.some(
      (element) =>
        element.tag === REFERENCED_SOP_INSTANCE_UID || (element.items !== null && refersToInstances(element.items)),
    ),
  );
}

/**
 * Goes through one instance and notes what is to be done, element by element. Every row of the table applies at every
 * depth (PS3.15 E.1.1): the walk goes into each sequence that stays, known or not.
 */
export class Planner {
  readonly changes: PlannedChange[] = [];
  readonly #rules: RuleBook;
  readonly #dropReferenceModule: boolean;
  /** References to instances that stay, those of the Common Instance Reference module not counted. */
  #references = 0;
  #referencesGone = false;
  #place: ItemPlace | null = null;
  #tag: Tag = 0;

  constructor(rules: RuleBook, dropReferenceModule = false) {
    this.#rules = rules;
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
    let steps: Step[] | null = null;
    for (let index = 0; index < elements.length; index += 1) {
      const element = elements[index]!;
      this.#tag = element.tag;
      const rule = this.#rules.rule(element.tag);
      const step =
        rule.untouched && element.items === null && scrubbing === ''
          ? null
          : this.#step(element, rule, index, types, place, scrubbing);
      if (step === null) {
        if (element.elided) throw cannot('ELIDED', 'a value that stays was skipped on reading');
        continue;
      }
      if (steps === null) steps = [step];
      else steps.push(step);
      if (step.deed !== 'items') this.changes.push(step);
    }
    return steps === null ? null : { size: elements.length, steps };
  }

  #step(
    element: DataElement,
    rule: Rule,
    index: number,
    types: AttributePlace | undefined,
    place: ItemPlace | null,
    scrubbing: string,
  ): Step | null {
    const { tag } = element;
    const action = rule.always ?? rule.byType[types?.below(tag)?.type ?? 'none'];
    if (rule.constant !== undefined) {
      return new Step(place, index, tag, rule.keyword, 'D', 'constant', 'constant', rule.vr, rule.constant);
    }
    if (action === 'X') {
      if (element.items !== null) this.#noteReferences(element.items);
      return new Step(place, index, tag, rule.keyword, 'X', rule.name, 'remove', rule.vr);
    }
    const step = (code: PlannedChange['action'], deed: Deed, name = rule.name) =>
      new Step(place, index, tag, rule.keyword, code, name, deed, rule.vr);

    if (place === null && this.#dropReferenceModule && COMMON_INSTANCE_REFERENCE.has(tag)) {
      return step('X', 'remove', 'PS3.3 C.12.2 no reference left');
    }
    if (tag === REFERENCED_SOP_INSTANCE_UID && !isInReferenceModule(place)) this.#references += 1;
    if (element.items !== null || rule.vr === 'SQ') {
      return this.#sequence(element, rule, action, index, types, place, scrubbing);
    }
    switch (action) {
      case 'Z':
      case 'D':
        if (tag === PATIENT_NAME) return step(action, 'patient name');
        if (tag === PATIENT_ID) return step(action, 'patient ID');
        if (rule.vr === 'UI') return this.#changesUIDs(element) ? step(action, 'uid') : null;
        if (action === 'D') return step('D', 'dummy');
        if (element.length === 0) return null;
        return step('Z', FILLED_WHERE_FILLED.has(tag) ? 'dummy' : 'empty');
      case 'U':
        return this.#changesUIDs(element) ? step('U', 'uid') : null;
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
      const step = this.#step(element, rule, index, types, place, '');
      if (step === null) return;
      steps.push(step);
      if (step.deed !== 'items') this.changes.push(step);
    });
    return { size: item.elements.length, steps };
  }

  #noteReferences(items: readonly DataSet[]): void {
    this.#referencesGone ||= refersToInstances(items);
  }

  #changesUIDs(element: DataElement): boolean {
    return element.length > 0 && !uidValues(element).every(staysAsIs);
  }
}
