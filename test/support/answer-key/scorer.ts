import { type DataElement, type DataSet, valuesOf } from '../../../src/dicom/data-set';
import { lookUp, tagOf } from '../../../src/dicom/dictionary';
import { formatTag, parseTag, type Tag } from '../../../src/dicom/tag';
import { EXPECTED } from './expectations';
import { type Keyed, type KeyedValue, type Letter, PRESETS_SCORED, Said, type ScoredPreset } from './notation';
import type { Person } from './people';

/** The categories of the MIDI-B benchmark. */
export const CATEGORIES = [
  'tag retained',
  'text notnull',
  'text removed',
  'text retained',
  'date shifted',
  'uid changed',
  'uid consistent',
  'patid consistent',
  'pixels retained',
] as const;
export type Category = (typeof CATEGORIES)[number];

export interface Action {
  readonly category: Category;
  /** Instance and attribute. */
  readonly at: string;
  readonly right: boolean;
}

const DAY = 24 * 60 * 60 * 1000;
const BULK: ReadonlySet<string> = new Set(['PixelData', 'WaveformData']);
const TEXT: ReadonlySet<string> = new Set(['LO', 'LT', 'SH', 'ST', 'UC', 'UT', 'PN']);
const REFERENCED_SOP_INSTANCE_UID: Tag = 0x00081155;

/** Scores the results of one preset over the whole corpus: what has to be consistent is so over all of it. */
export class Scorer {
  readonly actions: Action[] = [];
  readonly #at: number;
  readonly #uids = new Map<string, string>();
  readonly #sources = new Map<string, string>();
  readonly #codes = new Map<string, string>();
  readonly #offsets = new Map<string, number>();
  #name = '';
  #who!: Person;

  constructor(preset: ScoredPreset) {
    this.#at = PRESETS_SCORED.indexOf(preset);
  }

  score(name: string, who: Person, keyed: Keyed, source: DataSet, result: DataSet): void {
    this.#name = name;
    this.#who = who;
    this.#visit(keyed, source, result, '');
  }

  note(category: Category, at: string, right: boolean): void {
    this.actions.push({ category, at, right });
  }

  #visit(keyed: Keyed, source: DataSet, result: DataSet, within: string): void {
    for (const [name, value] of Object.entries(keyed)) {
      const said = value instanceof Said ? value : undefined;
      const letters = said?.letters ?? EXPECTED.get(name);
      if (letters === undefined) throw new RangeError(`nothing is said of ${name}`);
      const tag = tagOf(name) ?? parseTag(name.slice(0, 8));
      const before = source.element(tag);
      if (before === undefined) throw new RangeError(`${name} is not in the source`);
      const path = `${within}${formatTag(tag)}`;
      const raw = value instanceof Said ? value.value : value;
      const letter = letters[this.#at] as Letter;
      if (before.items !== null) this.#sequence(letter, before, result.element(tag), raw, path);
      else this.#value(letter, name, before, source, result, said, path);
    }
  }

  #sequence(letter: Letter, before: DataElement, after: DataElement | undefined, raw: KeyedValue, path: string): void {
    const items = before.items!;
    const results = after?.items ?? [];
    switch (letter) {
      case 'X':
        this.#note('text removed', path, after === undefined);
        return;
      case 'G':
        this.#note('text removed', path, results.length === 0);
        return;
      case 'Z':
        this.#note('text removed', path, after !== undefined && results.length === 0);
        return;
      case 'D': {
        this.#note('text notnull', path, results.length > 0);
        const left = new Set(results.flatMap(textsIn));
        this.#note('text removed', path, !items.flatMap(textsIn).some((text) => left.has(text)));
        return;
      }
      case 'R': {
        const wanted = items.flatMap(referencesIn).map((uid) => this.#uids.get(uid));
        const got = results.flatMap(referencesIn);
        this.#note('uid consistent', path, wanted.join() === got.join());
        return;
      }
      case 'K':
      case 'A': {
        const count = items.length + (letter === 'A' ? 1 : 0);
        this.#note('tag retained', path, after !== undefined && results.length === count);
        const keyed = (raw instanceof Uint8Array ? [] : (raw ?? [])) as readonly Keyed[];
        keyed.forEach((each, n) => {
          const result = results[n];
          if (result !== undefined) this.#visit(each, items[n]!, result, `${path}/${n}/`);
        });
        return;
      }
      default:
        throw new RangeError(`${letter} of a sequence`);
    }
  }

  #value(
    letter: Letter,
    name: string,
    before: DataElement,
    source: DataSet,
    result: DataSet,
    said: Said | undefined,
    path: string,
  ): void {
    const after = result.element(before.tag);
    const old = valuesOf(before, source);
    const now = after === undefined ? [] : valuesOf(after, result);
    const isOther = !now.some((value) => value !== '' && old.includes(value));
    switch (letter) {
      case 'X':
        this.#note('text removed', path, after === undefined);
        return;
      case 'G':
        this.#note('text removed', path, isOther);
        return;
      case 'Z':
        this.#note('text removed', path, after !== undefined && isOther);
        return;
      case 'D':
        this.#note(
          'text notnull',
          path,
          now.some((value) => value !== ''),
        );
        this.#note('text removed', path, isOther);
        return;
      case 'K': {
        const same = after !== undefined && Buffer.compare(before.bytes(), after.bytes()) === 0;
        const isText = TEXT.has(lookUp(before.tag)?.vr ?? '');
        this.#note(BULK.has(name) ? 'pixels retained' : isText ? 'text retained' : 'tag retained', path, same);
        return;
      }
      case 'C':
        if (said?.text === '') this.#note('text removed', path, isOther);
        else this.#note('text retained', path, now.join('\\') === said?.text);
        return;
      case 'T':
        this.#note(
          'text retained',
          path,
          said!.phrases.every((phrase) => now.join('\\').includes(phrase)),
        );
        this.#note('text removed', path, isOther);
        return;
      case 'U':
        this.#uid(old, now, path);
        return;
      case 'S':
        this.#note(
          'date shifted',
          path,
          old.every((value, n) => this.#isShifted(value, now[n])),
        );
        return;
      case 'P':
        this.#pseudonym(name, now.join('\\'), path);
        return;
      default:
        throw new RangeError(`${letter} of a value`);
    }
  }

  #uid(old: readonly string[], now: readonly string[], path: string): void {
    this.#note(
      'uid changed',
      path,
      now.length === old.length && now.every((uid) => /^2\.25\.[1-9]\d{0,38}$/.test(uid)),
    );
    const consistent = old.map((uid, n) => {
      const other = now[n] ?? '';
      const known = this.#uids.get(uid);
      const owner = this.#sources.get(other);
      this.#uids.set(uid, other);
      this.#sources.set(other, uid);
      return (known === undefined || known === other) && (owner === undefined || owner === uid);
    });
    this.#note('uid consistent', path, !consistent.includes(false));
  }

  #pseudonym(name: string, value: string, path: string): void {
    const key = `${name} ${this.#who.key}`;
    const known = this.#codes.get(key) ?? value;
    this.#codes.set(key, known);
    const ofOthers = [...this.#codes].some(
      ([other, code]) => other !== key && other.startsWith(`${name} `) && code === value,
    );
    this.#note('patid consistent', path, value !== '' && value === known && !ofOthers);
  }

  /** Whole days, into the past, the same for all dates of the patient; what follows the day stays. */
  #isShifted(old: string, now: string | undefined): boolean {
    if (now === undefined || now.slice(8) !== old.slice(8)) return false;
    const days = Math.round((dayOf(now) - dayOf(old)) / DAY);
    const known = this.#offsets.get(this.#who.key) ?? days;
    this.#offsets.set(this.#who.key, known);
    return days === known && days < 0;
  }

  #note(category: Category, path: string, right: boolean): void {
    this.note(category, `${this.#name} ${path}`, right);
  }
}

function dayOf(date: string): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8)));
}

function textsIn(item: DataSet): readonly string[] {
  return item.elements.flatMap((element) => {
    if (element.items !== null) return element.items.flatMap(textsIn);
    // Codes are of their schemes, and may be the same by chance.
    if (isCode(element.tag) || !(TEXT.has(element.vr) || element.vr === 'UI')) return [];
    return valuesOf(element, item).filter((text) => text !== '' && !text.startsWith('1.2.840.10008.'));
  });
}

function isCode(tag: Tag): boolean {
  return tag >= 0x00080100 && tag <= 0x00080104;
}

function referencesIn(item: DataSet): readonly string[] {
  return item.elements.flatMap((element) => {
    if (element.items !== null) return element.items.flatMap(referencesIn);
    return element.tag === REFERENCED_SOP_INSTANCE_UID ? valuesOf(element, item) : [];
  });
}
