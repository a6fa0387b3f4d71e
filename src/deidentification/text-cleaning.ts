import type { DataElement, DataSet } from '../dicom/data-set';
import { type CleanedText, KnownIdentifiers, TextCleaner } from './free-text';
import { kindOf, kindOfCodes } from './free-text/identifying-attributes';

/** The free-text cleaner as the walk through an instance uses it (PS3.15 E.3.5). */

/** Headers of a series hardly differ in who they are about; what was made of them once serves the next. */
const REMEMBERED_PEOPLE = 32;
const DAY = 'YYYYMMDD'.length;
const people = new Map<string, KnownIdentifiers>();

/** What text is compared with: who the patient, the staff and the institution of this one instance are. */
/** Remembered by what the header says of people: the same object for the same people. */
export function knownFrom(header: DataSet): KnownIdentifiers {
  const parts: string[] = [header.characterSet.values.join('\\')];
  gather(header, parts);
  const key = parts.join('\n');
  let known = people.get(key);
  if (known === undefined) {
    known = KnownIdentifiers.collect([header]);
    if (people.size >= REMEMBERED_PEOPLE) people.clear();
    people.set(key, known);
  }
  return known;
}

/** The bytes of everything that `KnownIdentifiers` looks at. */
function gather(dataSet: DataSet, parts: string[]): void {
  for (const element of dataSet.elements) {
    if (element.items !== null) {
      const coded = kindOfCodes(element.tag) !== undefined;
      for (const item of element.items) {
        if (coded) {
          for (const each of item.elements) if (each.items === null && !each.elided) parts.push(latin1(each));
        }
        gather(item, parts);
      }
      continue;
    }
    if (element.elided || (element.vr !== 'PN' && element.vr !== 'UN' && kindOf(element.tag) === undefined)) continue;
    const value = latin1(element);
    // Of a moment only the day: each slice has a time of its own.
    parts.push(`${element.tag} ${kindOf(element.tag) === 'date' ? value.slice(0, DAY) : value}`);
  }
}

function latin1(element: DataElement): string {
  const bytes = element.bytes();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** A text stands in every instance of a series: what became of it is remembered for the people it was compared with. */
const REMEMBERED = 1024;

export const TEXT_DECISIONS = ['accept', 'edit', 'keep', 'remove'] as const;

/** What a person said of a text: the proposal, words of their own, the words in question kept, or nothing of it. */
export interface TextDecision {
  readonly decision: (typeof TEXT_DECISIONS)[number];
  /** Only with `edit`. */
  readonly replacement?: string;
}

export class SharedCleaner {
  readonly #cleaner: TextCleaner;
  /** Few texts are decided on, and each is met as often as any other. */
  readonly #decided = new WeakMap<KnownIdentifiers, Map<string, CleanedText>>();
  readonly #remembered = new WeakMap<KnownIdentifiers, Map<string, CleanedText>>();

  constructor(shiftDate?: (da: string) => string | null) {
    this.#cleaner = new TextCleaner(shiftDate === undefined ? {} : { shiftDate });
  }

  clean(text: string, known: KnownIdentifiers): CleanedText {
    return remembered(this.#remembered, known, text, () => this.#cleaner.clean(text, known));
  }

  /** As a person decided; no decision lets a name of this study through. */
  decided(text: string, decision: TextDecision, known: KnownIdentifiers): CleanedText {
    const key = `${decision.decision}\n${decision.replacement ?? ''}\n${text}`;
    return remembered(this.#decided, known, key, () => {
      switch (decision.decision) {
        case 'accept':
          return { ...this.clean(text, known), finding: null };
        case 'keep':
          return this.#cleaner.vouchedFor(text, known);
        case 'remove':
          return { text: '', changed: text !== '', finding: null };
        case 'edit':
          return this.#cleaner.replaced(text, decision.replacement ?? '', known);
      }
    });
  }
}

function remembered(
  all: WeakMap<KnownIdentifiers, Map<string, CleanedText>>,
  known: KnownIdentifiers,
  key: string,
  make: () => CleanedText,
): CleanedText {
  let results = all.get(known);
  if (results === undefined) {
    results = new Map();
    all.set(known, results);
  }
  let result = results.get(key);
  if (result === undefined) {
    result = make();
    if (results.size >= REMEMBERED) results.clear();
    results.set(key, result);
  }
  return result;
}
