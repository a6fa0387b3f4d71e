import { isRealDay } from './calendar';
import { searchForm } from './folding';
import { isListedWord } from './harmless-words';
import type { KnownValue } from './known-identifiers';
import { type Piece, scan } from './pieces';
import { isTitle, PARTICLES } from './titles';

export interface SearchEntry {
  /** Search form, letters and digits only. */
  readonly form: string;
  readonly kind: 'name' | 'names' | 'identifier' | 'place' | 'places';
  /** Whose it is: numbers of the values it came from. */
  readonly owners: Set<number>;
}

/** Values that stand for nobody. */
const PLACEHOLDERS = new Set(
  `anonymous anonymized anonymised anonym anon unknown unbekannt none null nil na nn nobody test tester testing phantom
  patient patientname name xxx xxxx xx removed deleted deidentified pseudonym user admin administrator operator default
  service siemens philips ge service mr ct us cr dx`.split(/\s+/),
);

const PREFIX = 4;
const SHORTEST_IDENTIFIER = 4;
const SHORTEST_FUZZY = 5;
const LONGEST_FUZZY = 32;
const MOST_COMPONENT_WORDS = 8;

/** The written forms of known identifiers, indexed for search. */
export class CompiledIdentifiers {
  readonly empty: boolean;
  readonly birthDates = new Set<string>();
  /** Other dates of the headers: they tell day and month apart. */
  readonly dates = new Set<string>();
  readonly initials = new Set<string>();
  /** Names in Han, Kana or Hangul, folded, the longest first. */
  readonly unspaced: string[] = [];
  private readonly entries = new Map<string, SearchEntry>();
  private readonly byPrefix = new Map<string, SearchEntry[]>();
  private readonly inner: SearchEntry[] = [];
  private readonly nearly = new Map<string, SearchEntry[]>();

  constructor(values: readonly KnownValue[]) {
    values.forEach((value, owner) => {
      switch (value.kind) {
        case 'name':
          for (const group of value.value.split('=')) this.addName(group, owner);
          break;
        case 'identifier':
          this.addIdentifier(value.value, owner);
          break;
        case 'telephone':
          this.addTelephone(value.value, owner);
          break;
        case 'place':
          this.addPlace(value.value, owner);
          break;
        case 'birth date':
          this.addBirthDate(value.value, owner);
          break;
        case 'date':
          if (/^\d{8}/.test(value.value)) this.dates.add(value.value.slice(0, 8));
          break;
      }
    });
    this.unspaced.sort((a, b) => b.length - a.length);
    for (const entry of this.entries.values()) this.index(entry);
    this.empty = this.entries.size === 0 && this.unspaced.length === 0;
  }

  /** Those whose form begins like `squeezed` at `at`. */
  beginningAt(squeezed: string, at: number): readonly SearchEntry[] {
    return this.byPrefix.get(squeezed.substr(at, PREFIX)) ?? NO_ENTRIES;
  }

  /** Exactly this form, shorter than a prefix. */
  short(form: string): SearchEntry | undefined {
    return form.length < PREFIX ? this.entries.get(form) : undefined;
  }

  /** A name or identifier lies somewhere in this word. */
  within(form: string): SearchEntry | undefined {
    if (form.length < PREFIX) return undefined;
    return this.inner.find((entry) => form.length >= entry.form.length && form.includes(entry.form));
  }

  /** A name one edit away: a letter more, less, other, or two swapped. */
  near(form: string): SearchEntry | undefined {
    if (form.length < SHORTEST_FUZZY - 1 || form.length > LONGEST_FUZZY + 1) return undefined;
    for (const key of deletions(form)) {
      const candidates = this.nearly.get(key);
      const found = candidates?.find((entry) => withinOneEdit(form, entry.form));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private addName(group: string, owner: number): void {
    const components = group
      .normalize('NFC')
      .split('^')
      .map((component) => namePieces(component));
    const all = components.flat();
    if (all.every((piece) => PLACEHOLDERS.has(piece.plain))) return;
    const unspaced = components.map((pieces) =>
      pieces
        .filter(({ kind }) => kind === 'unspaced')
        .map(({ plain }) => plain)
        .join(''),
    );
    this.addUnspacedName(unspaced);
    const spelled = components
      .map((pieces) => pieces.filter(({ kind, plain }) => kind !== 'unspaced' && !isTitle(plain)))
      .filter((pieces) => pieces.length > 0);
    const lettered = spelled
      .map((pieces) => pieces.filter(({ kind }) => kind === 'letters'))
      .filter((p) => p.length > 0);
    const words = lettered.flat();
    for (const { plain } of words) {
      const form = searchForm(plain);
      if (form !== '') this.initials.add(form[0]!);
      if (form.length >= 2 && !PARTICLES.has(plain) && !PLACEHOLDERS.has(plain)) this.add(form, 'name', owner);
    }
    // "Anna-Lena", "van der Berg", "O'Brien": a component of several words, in one.
    const joined = lettered.map((pieces) => both(pieces.map(({ plain }) => plain)));
    for (const [at, forms] of joined.entries()) {
      if (lettered[at]!.length > 1) for (const form of forms) if (form.length >= PREFIX) this.add(form, 'names', owner);
    }
    // The five components after the first: given, middle, prefix, suffix (PS3.5 6.2.1). Every pair, both ways round.
    const parts = [
      ...lettered.map((pieces) => pieces.map(({ plain }) => plain).join('')),
      ...(words.length > lettered.length ? words.map(({ plain }) => plain) : []),
    ].slice(0, MOST_COMPONENT_WORDS);
    for (const first of parts) {
      for (const second of parts) {
        if (first === second) continue;
        for (const form of both([first, second])) this.add(form, 'names', owner);
        if (first.length >= 3 && second.length > 0) {
          for (const form of both([second[0]!, first])) this.add(form, 'names', owner);
          for (const form of both([first, second[0]!])) this.add(form, 'names', owner);
        }
      }
    }
    const family = parts[0];
    if (family !== undefined && lettered.length > 2) {
      const given = lettered.slice(1).map((pieces) => pieces.map(({ plain }) => plain).join(''));
      const initials = given.map((each) => each[0]!).join('');
      for (const rest of [given.join(''), initials]) {
        for (const form of [...both([family, rest]), ...both([rest, family])]) this.add(form, 'names', owner);
      }
    }
  }

  private addUnspacedName(components: readonly string[]): void {
    const present = components.filter((component) => component !== '');
    if (present.length > 1) this.addUnspaced(present.join(''));
    if (present.length > 1) this.addUnspaced([...present].reverse().join(''));
    for (const component of present) this.addUnspaced(component);
  }

  private addUnspaced(form: string): void {
    if (!this.unspaced.includes(form)) this.unspaced.push(form);
  }

  private addIdentifier(value: string, owner: number): void {
    const form = joinedForm(value);
    if (form.length < SHORTEST_IDENTIFIER || PLACEHOLDERS.has(form)) return;
    this.add(form, 'identifier', owner);
    const bare = form.replace(/^0+/, '');
    if (bare.length >= SHORTEST_IDENTIFIER + 1) this.add(bare, 'identifier', owner);
    const pieces = scan(value.normalize('NFC')).pieces;
    // The long number in an identifier is known by itself ("PAT-00123456").
    for (const piece of pieces) {
      if (pieces.length > 1 && piece.kind === 'digits' && piece.plain.length >= 6)
        this.add(piece.plain, 'identifier', owner);
    }
  }

  private addTelephone(value: string, owner: number): void {
    const digits = value.replace(/\D/g, '');
    if (digits.length >= 5) {
      this.add(digits, 'identifier', owner);
      for (const shorter of [digits.replace(/^0+/, ''), digits.slice(-10), digits.slice(-7)])
        if (shorter.length >= 7) this.add(shorter, 'identifier', owner);
      if (value.trim().startsWith('+')) {
        this.add(`00${digits}`, 'identifier', owner);
        this.add(`0${digits.slice(2)}`, 'identifier', owner);
      }
    } else this.addIdentifier(value, owner);
  }

  /** As a whole; and each of its words that is neither clinical nor common ("Charité", "Seestrasse"). */
  private addPlace(value: string, owner: number): void {
    for (const line of value.normalize('NFC').split(/[\r\n;]+/)) {
      const { pieces } = scan(line);
      const form = joinedForm(line);
      if (form.length >= 6 && pieces.length > 1) this.add(form, 'places', owner);
      for (const piece of pieces) {
        if (piece.kind === 'unspaced' && piece.plain.length > 1) this.addUnspaced(piece.plain);
        if (piece.kind !== 'letters' || piece.plain.length < 4) continue;
        if (!isListedWord(piece.plain) && !COMMON_IN_PLACES.has(piece.plain) && !PLACEHOLDERS.has(piece.plain))
          this.add(searchForm(piece.plain), 'place', owner);
      }
      const word = joinedForm(line);
      if (
        pieces.length > 1 &&
        pieces.every(({ glued }, at) => at === 0 || glued) &&
        !isListedWord(word) &&
        word.length >= 4
      )
        this.add(word, 'place', owner);
    }
  }

  private addBirthDate(value: string, owner: number): void {
    const found = /^(\d{4})[.]?(\d{2})[.]?(\d{2})$/.exec(value.trim());
    if (found === null) {
      this.addIdentifier(value, owner);
      return;
    }
    const [, year, month, day] = found as unknown as [string, string, string, string];
    if (!isRealDay(Number(year), Number(month), Number(day))) return;
    this.birthDates.add(year + month + day);
    const short = year.slice(2);
    for (const form of [
      year + month + day,
      day + month + year,
      month + day + year,
      short + month + day,
      day + month + short,
      month + day + short,
      year + day + month,
    ])
      this.add(form, 'identifier', owner);
  }

  private add(form: string, kind: SearchEntry['kind'], owner: number): void {
    const entry = this.entries.get(form);
    if (entry === undefined) this.entries.set(form, { form, kind, owners: new Set([owner]) });
    else {
      entry.owners.add(owner);
      // A single name decides over a joined one: it asks for more care.
      if (kind === 'name' && entry.kind !== 'name') this.entries.set(form, { ...entry, kind });
    }
  }

  private index(entry: SearchEntry): void {
    const { form, kind } = entry;
    if (form.length < PREFIX) return;
    const key = form.slice(0, PREFIX);
    const list = this.byPrefix.get(key);
    if (list === undefined) this.byPrefix.set(key, [entry]);
    else list.push(entry);
    const name = kind === 'name' || kind === 'place';
    if (name || (kind === 'names' && form.length >= 6) || (kind === 'identifier' && form.length >= 5))
      this.inner.push(entry);
    if (name && form.length >= SHORTEST_FUZZY - 1 && form.length <= LONGEST_FUZZY) {
      // Five letters as written may be four here ("Bauer" is "baur").
      for (const near of deletions(form)) {
        const found = this.nearly.get(near);
        if (found === undefined) this.nearly.set(near, [entry]);
        else if (!found.includes(entry)) found.push(entry);
      }
    }
  }
}

const NO_ENTRIES: readonly SearchEntry[] = [];

/** Words of addresses and institutions that tell nothing. */
const COMMON_IN_PLACES = new Set(
  `hospital clinic clinics center centre medical university universitat universitatsklinikum klinikum klinik krankenhaus
  institut institute institution praxis radiologie radiology department abteilung imaging diagnostic diagnostics group
  general community regional memorial saint sankt street strasse avenue road lane drive platz allee hopital clinique
  centro ospedale health healthcare system services national county city college school care north south east west
  germany deutschland france italy spain switzerland austria usa united states kingdom station ward floor room building
  haus station unit`.split(/\s+/),
);

function namePieces(component: string): readonly Piece[] {
  // Camel case within a name is one word there ("McDonald").
  const words: Piece[] = [];
  for (const piece of scan(component).pieces) {
    const last = words[words.length - 1];
    if (piece.glued && last !== undefined && last.kind === 'letters' && piece.kind === 'letters')
      words[words.length - 1] = { ...last, end: piece.end, plain: last.plain + piece.plain };
    else words.push(piece);
  }
  return words;
}

/** Search forms of words written with separators, and as one. */
function both(words: readonly string[]): readonly string[] {
  const apart = words.map(searchForm).join('');
  const glued = searchForm(words.join(''));
  return apart === glued ? [apart] : [apart, glued];
}

function joinedForm(value: string): string {
  return scan(value.normalize('NFC')).squeezed;
}

function deletions(form: string): Set<string> {
  const keys = new Set([form]);
  for (let at = 0; at < form.length; at++) keys.add(form.slice(0, at) + form.slice(at + 1));
  return keys;
}

/** Damerau's distance of at most one. */
function withinOneEdit(a: string, b: string): boolean {
  if (a.length > b.length) return withinOneEdit(b, a);
  if (b.length - a.length > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  if (a.length < b.length) return a.slice(at) === b.slice(at + 1);
  if (a.slice(at + 1) === b.slice(at + 1)) return true;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}
