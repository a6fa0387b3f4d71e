import type { DataElement, DataSet } from '../dicom/data-set';
import { type CleanedText, KnownIdentifiers, TextCleaner } from './free-text';
import { kindOf, kindOfCodes } from './free-text/identifying-attributes';

/** The free-text cleaner as the walk through an instance uses it (PS3.15 E.3.5). */

/** Headers of a series hardly differ in who they are about; what was made of them once serves the next. */
const REMEMBERED_PEOPLE = 32;
const DAY = 'YYYYMMDD'.length;
const people = new Map<string, KnownIdentifiers>();

/** What text is compared with: who the patient, the staff and the institution of this one instance are. */
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

export class SharedCleaner {
  readonly #cleaner: TextCleaner;
  readonly #remembered = new WeakMap<KnownIdentifiers, Map<string, CleanedText>>();

  constructor(shiftDate?: (da: string) => string | null) {
    this.#cleaner = new TextCleaner(shiftDate === undefined ? {} : { shiftDate });
  }

  clean(text: string, known: KnownIdentifiers): CleanedText {
    let results = this.#remembered.get(known);
    if (results === undefined) {
      results = new Map();
      this.#remembered.set(known, results);
    }
    let result = results.get(text);
    if (result === undefined) {
      result = this.#cleaner.clean(text, known);
      if (results.size >= REMEMBERED) results.clear();
      results.set(text, result);
    }
    return result;
  }
}
