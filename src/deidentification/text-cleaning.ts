import type { CharacterSet } from '../dicom/character-set';
import type { DataElement, DataSet } from '../dicom/data-set';
import type { Tag } from '../dicom/tag';
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
  const same = new SameAsBefore(before.entries);
  same.walk(header);
  if (same.holds) return before.known;
  const known = peopleIn(header);
  before = { entries: entriesOf(header), known };
  return known;
}

/** What one element says of somebody, in the order of the header. */
interface Entry {
  readonly tag: Tag;
  readonly characterSet: CharacterSet;
  /** A copy: what was read may lie in bytes that are used again. */
  readonly raw: Uint8Array;
}

/** Of the header before: mostly of the same series, and compared without making a text of it. */
let before: { readonly entries: readonly Entry[]; readonly known: KnownIdentifiers } = {
  entries: [],
  known: KnownIdentifiers.collect([]),
};

class SameAsBefore {
  readonly #entries: readonly Entry[];
  #at = 0;
  #differs = false;

  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  get holds(): boolean {
    return !this.#differs && this.#at === this.#entries.length;
  }

  walk(header: DataSet): void {
    eachIdentifying(header, (element, owner) => {
      const entry = this.#entries[this.#at++];
      this.#differs =
        entry === undefined ||
        entry.tag !== element.tag ||
        entry.characterSet !== owner.characterSet ||
        !sameBytes(entry.raw, element);
      return !this.#differs;
    });
  }
}

function entriesOf(header: DataSet): readonly Entry[] {
  const entries: Entry[] = [];
  eachIdentifying(header, (element, { characterSet }) => {
    entries.push({ tag: element.tag, characterSet, raw: element.bytes().slice(0, lengthThatCounts(element)) });
    return true;
  });
  return entries;
}

function lengthThatCounts(element: DataElement): number {
  // Of a moment only the day: each slice has a time of its own.
  return kindOf(element.tag) === 'date' ? Math.min(DAY, element.length) : element.length;
}

function sameBytes(raw: Uint8Array, element: DataElement): boolean {
  if (lengthThatCounts(element) !== raw.length) return false;
  const { valueStart } = element;
  const { bytes } = element.source;
  for (let at = 0; at < raw.length; at += 1) if (raw[at] !== bytes[valueStart + at]) return false;
  return true;
}

/** Everything that `KnownIdentifiers` looks at; ends where `visit` says false. */
function eachIdentifying(dataSet: DataSet, visit: (element: DataElement, owner: DataSet) => boolean): boolean {
  for (const element of dataSet.elements) {
    const { tag, items } = element;
    if (items !== null) {
      const coded = kindOfCodes(tag) !== undefined;
      for (const item of items) {
        if (coded) {
          for (const each of item.elements) {
            if (each.items === null && !each.elided && !visit(each, item)) return false;
          }
        }
        if (!eachIdentifying(item, visit)) return false;
      }
      continue;
    }
    if (element.elided || (element.vr !== 'PN' && element.vr !== 'UN' && kindOf(tag) === undefined)) continue;
    if (!visit(element, dataSet)) return false;
  }
  return true;
}

function peopleIn(header: DataSet): KnownIdentifiers {
  const parts: string[] = [];
  eachIdentifying(header, (element, { characterSet }) => {
    parts.push(
      `${element.tag} ${characterSet.values.join('\\')} ${latin1(element).slice(0, lengthThatCounts(element))}`,
    );
    return true;
  });
  const key = parts.join('\n');
  let known = people.get(key);
  if (known === undefined) {
    known = KnownIdentifiers.collect([header]);
    if (people.size >= REMEMBERED_PEOPLE) people.clear();
    people.set(key, known);
  }
  return known;
}

function latin1(element: DataElement): string {
  const bytes = element.bytes();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** A text stands in every instance of a series: what became of it is remembered for the people it was compared with. */
const REMEMBERED = 1024;
/** Of all that is remembered together: texts may have any length (UT, PS3.5 6.2), and each instance its own. */
const CHARACTERS_REMEMBERED = 256 * 1024;

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
  readonly #decided = new WeakMap<KnownIdentifiers, Remembered>();
  readonly #remembered = new WeakMap<KnownIdentifiers, Remembered>();
  readonly #screened = new WeakMap<KnownIdentifiers, Remembered>();

  constructor(shiftDate?: (da: string) => string | null) {
    this.#cleaner = new TextCleaner(shiftDate === undefined ? {} : { shiftDate });
  }

  clean(text: string, known: KnownIdentifiers): CleanedText {
    return remembered(this.#remembered, known, text, () => this.#cleaner.clean(text, known));
  }

  /** Without those who are known and what identifies for certain, whatever else it says. */
  screened(text: string, known: KnownIdentifiers, coded: boolean): CleanedText {
    return remembered(this.#screened, known, `${coded ? 'coded' : 'text'}\n${text}`, () =>
      this.#cleaner.screened(text, known, coded),
    );
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

interface Remembered {
  readonly results: Map<string, CleanedText>;
  /** Of the texts and what became of them. */
  characters: number;
}

function remembered(
  all: WeakMap<KnownIdentifiers, Remembered>,
  known: KnownIdentifiers,
  key: string,
  make: () => CleanedText,
): CleanedText {
  let before = all.get(known);
  if (before === undefined) {
    before = { results: new Map(), characters: 0 };
    all.set(known, before);
  }
  let result = before.results.get(key);
  if (result === undefined) {
    result = make();
    const characters = key.length + result.text.length;
    if (characters > CHARACTERS_REMEMBERED) return result;
    if (before.results.size >= REMEMBERED || before.characters + characters > CHARACTERS_REMEMBERED) {
      before.results.clear();
      before.characters = 0;
    }
    before.results.set(key, result);
    before.characters += characters;
  }
  return result;
}
