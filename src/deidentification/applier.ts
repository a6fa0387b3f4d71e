import { cannot, Fault } from '../base/errors';
import {
  bytesElement,
  type DataElement,
  type DataSet,
  emptyElement,
  lenientTextElement,
  sequenceLike,
  textElement,
  valuesOf,
} from '../dicom/data-set';
import type { Tag } from '../dicom/tag';
import { shiftedValue } from './dates';
import { cutToFit, DUMMY_TEXT, dummyElement, dummyText, personName } from './dummies';
import { addedToItems } from './dummy-sequences';
import type { MadeOnce } from './made-once';
import { KNOWN_RULE, type SetPlan, type Step } from './plan';
import type { Pseudonyms } from './pseudonyms';
import type { SharedCleaner } from './text-cleaning';
import type { Texts } from './texts';
import { staysAsIs, uidValues } from './uid-values';

/** One attribute may be empty in one instance and a dummy in another: one store for each. */
export interface MadeElements {
  readonly empty: MadeOnce;
  readonly dummies: MadeOnce;
  /** Cleans text in which dates move by so many days. */
  cleaner(days: number): SharedCleaner;
}

/** Carries a plan out on a copy. What is not in the plan stays the element that was read. */
export class Applier {
  readonly #pseudonyms: Pseudonyms;
  readonly #header: DataSet;
  readonly #made: MadeElements;
  readonly #texts: Texts | null;
  /** The step that was being carried out, for who has to say where it failed. */
  at: Step | null = null;

  /** `texts`: cleans once more, the patient's dates being moved; null where what the plan found stands. */
  constructor(header: DataSet, pseudonyms: Pseudonyms, made: MadeElements, texts: Texts | null = null) {
    this.#texts = texts;
    this.#header = header;
    this.#pseudonyms = pseudonyms;
    this.#made = made;
  }

  /** The elements of the result, in the order of the original. Throws Fault PLAN_OF_ANOTHER. */
  elements(dataSet: DataSet, plan: SetPlan | null): DataElement[] {
    const { elements } = dataSet;
    if (plan === null) return [...elements];
    if (plan.size !== elements.length) planOfAnother();
    const result: DataElement[] = [];
    let from = 0;
    for (const step of plan.steps) {
      for (let index = from; index < step.index; index += 1) result.push(elements[index]!);
      const element = elements[step.index]!;
      if (element.tag !== step.tag) planOfAnother();
      from = step.index + 1;
      if (step.deed === 'remove') continue;
      this.at = step;
      result.push(this.#changed(element, step, dataSet));
    }
    for (let index = from; index < elements.length; index += 1) result.push(elements[index]!);
    return result;
  }

  #changed(element: DataElement, step: Step, owner: DataSet): DataElement {
    const { tag, vr } = step;
    switch (step.deed) {
      case 'empty':
        if (element.items !== null) return sequenceLike(element, []);
        return this.#made.empty.element(owner, tag, (plain) => emptyElement(plain, tag, vr));
      case 'dummy':
        return this.#made.dummies.element(owner, tag, (plain) => dummyElement(plain, tag, vr));
      case 'constant':
        return textElement(owner, tag, vr, step.constant === '' ? [] : [step.constant!]);
      case 'patient name':
        return textElement(owner, tag, 'PN', [
          personName(this.#isOwn(owner, tag) ? this.#pseudonyms.PatientName : DUMMY_TEXT),
        ]);
      case 'patient ID':
        return textElement(owner, tag, 'LO', [this.#isOwn(owner, tag) ? this.#pseudonyms.PatientID : DUMMY_TEXT]);
      case 'uid':
        return bytesElement(owner, tag, 'UI', this.#uids(element));
      case 'shift':
        return this.#shifted(step, owner);
      case 'text':
        return this.#textElement(element, step, owner);
      case 'items':
        return sequenceLike(
          element,
          element.items!.map((item, n) => {
            const plan = step.items![n];
            return plan == null ? item : item.withElements(this.elements(item, plan));
          }),
        );
      case 'rebuild': {
        const items = step.items!.map((plan, n) => {
          const item = element.items![n]!;
          const kept = this.elements(item, plan);
          this.at = step;
          return item.withElements([...kept, ...addedToItems(tag, item)]);
        });
        return sequenceLike(element, items);
      }
      case 'remove':
      case 'add':
        throw new Error(`no element comes of ${step.deed}`);
    }
  }

  /** Whole days, so that time, fraction and zone stay as they are written. */
  #shifted({ tag, vr, values: dates }: Step, owner: DataSet): DataElement {
    const days = this.#days();
    const values = dates!.map((value) =>
      value === '' ? value : (shiftedValue(value, vr, days) ?? dummyText(tag, vr)),
    );
    return textElement(owner, tag, vr, values);
  }

  /** Where the characters are not those of the declared set, no text can be written anew: a dummy takes its place. */
  #textElement(element: DataElement, step: Step, owner: DataSet): DataElement {
    const values = this.#textValues(element, step, owner);
    try {
      return lenientTextElement(owner, step.tag, step.vr, values);
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'CHARACTER_NOT_IN_SET') throw error;
      return dummyElement(owner, step.tag, step.vr);
    }
  }

  #textValues(element: DataElement, step: Step, owner: DataSet): readonly string[] {
    const texts = this.#texts;
    // A grouped age is no text of anybody's.
    if (texts === null || step.vr === 'AS' || step.rule === KNOWN_RULE) return step.values!;
    const cleaner = this.#made.cleaner(this.#days());
    return valuesOf(element, owner).map((value) =>
      value === '' ? value : cutToFit(texts.clean(value, cleaner).text, step.vr),
    );
  }

  #days(): number {
    const { dateOffsetDays } = this.#pseudonyms;
    if (dateOffsetDays === undefined || !Number.isSafeInteger(dateOffsetDays) || dateOffsetDays === 0) {
      throw cannot('NO_DATE_OFFSET', 'dates are to be moved, and no offset is given');
    }
    return dateOffsetDays;
  }

  /** Whether a name or ID is that of the instance's own patient: others are told apart only from these. */
  #isOwn(owner: DataSet, tag: Tag): boolean {
    const header = this.#header;
    return owner === header || owner.strings(tag).join('\\') === header.strings(tag).join('\\');
  }

  #uids(element: DataElement): Uint8Array {
    const values = uidValues(element).map((value) => (staysAsIs(value) ? value : this.#pseudonyms.uid(value)));
    const text = values.join('\\');
    if (!/^[0-9.\\]*$/.test(text)) throw cannot('BAD_VALUE', 'not a UID');
    return Buffer.from(text, 'latin1');
  }
}

function planOfAnother(): never {
  throw cannot('PLAN_OF_ANOTHER', 'the plan was made for another data set');
}
