import { cannot } from '../base/errors';
import { type DataElement, type DataSet, emptyElement, sequenceLike, textElement } from '../dicom/data-set';
import type { Tag } from '../dicom/tag';
import { DUMMY_TEXT, dummyElement, personName } from './dummies';
import { addedToItems } from './dummy-sequences';
import type { SetPlan, Step } from './plan';
import type { Pseudonyms } from './pseudonyms';
import { staysAsIs, uidValues } from './uid-values';

const PATIENT_NAME: Tag = 0x00100010;
const PATIENT_ID: Tag = 0x00100020;

/** Carries a plan out on a copy. What is not in the plan stays the element that was read. */
export class Applier {
  readonly #pseudonyms: Pseudonyms;
  readonly #patientName: string;
  readonly #patientID: string;
  /** The step that was being carried out, for who has to say where it failed. */
  at: Step | null = null;

  constructor(header: DataSet, pseudonyms: Pseudonyms) {
    this.#pseudonyms = pseudonyms;
    this.#patientName = text(header, PATIENT_NAME);
    this.#patientID = text(header, PATIENT_ID);
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
        return element.items !== null ? sequenceLike(element, []) : emptyElement(owner, tag, vr);
      case 'dummy':
        return dummyElement(owner, tag, vr);
      case 'constant':
        return textElement(owner, tag, vr, step.constant === '' ? [] : [step.constant!]);
      case 'patient name':
        return textElement(owner, tag, 'PN', [
          personName(text(owner, tag) === this.#patientName ? this.#pseudonyms.PatientName : DUMMY_TEXT),
        ]);
      case 'patient ID':
        return textElement(owner, tag, 'LO', [
          text(owner, tag) === this.#patientID ? this.#pseudonyms.PatientID : DUMMY_TEXT,
        ]);
      case 'uid':
        return textElement(
          owner,
          tag,
          'UI',
          uidValues(element).map((value) => (staysAsIs(value) ? value : this.#pseudonyms.uid(value))),
        );
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
}

function text(dataSet: DataSet, tag: Tag): string {
  return dataSet.strings(tag).join('\\');
}

function planOfAnother(): never {
  throw cannot('PLAN_OF_ANOTHER', 'the plan was made for another data set');
}
