import type { CharacterSet } from '../dicom/character-set';
import { fold, isASCII, isIdeographic, transcribed, wordsIn } from './folding';
import type { IdentifierKind } from './identifier-attributes';
import { isOrdinary, isPlaceholder } from './ordinary-words';

/**
 * What may not stand before and after a hit: letters of a name; letters and digits; digits where the identifier begins or
 * ends with one; a digit before (dates: a time may follow); nothing.
 */
export type Edges = 'letters' | 'whole' | 'digits' | 'leading digit' | 'none';

/** One spelling of one identifier. */
export interface Needle {
  readonly kind: IdentifierKind;
  /** Lower case; a space stands for any separators. */
  readonly bytes: Uint8Array;
  readonly edges: Edges;
  /** Digits and separators only: numbers of all sorts look like it. */
  readonly digits: number;
  /** One word of a name, alone. */
  readonly oneWord: boolean;
}

/** One value of one attribute, as something to look for. */
export interface Identifier {
  readonly needles: readonly Needle[];
  /** Says too little to be looked for everywhere: told only where such a value belongs. Folded. */
  readonly weak: readonly string[];
}

const NOTHING: Identifier = { needles: [], weak: [] };
const SHORTEST_IDENTIFIER = 5;
const SHORTEST_PHRASE = 4;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** The words of a name are paired; a text that is no name must not make thousands of pairs. */
const MOST_WORDS = 6;

export function identifierOf(kind: IdentifierKind, value: string, characterSet: CharacterSet): Identifier {
  switch (kind) {
    case 'person name':
      return personName(value, characterSet);
    case 'identifier':
      return code(kind, value);
    case 'device':
      return /\d/.test(value) ? code(kind, value) : phrase(kind, value);
    case 'organization':
      return phrase(kind, value, characterSet);
    case 'address':
      return address(value, characterSet);
    case 'telephone number':
      return telephoneNumber(value);
    case 'birth date':
      return birthDate(value);
    case 'UID':
      return NOTHING; // looked up whole, not searched for
  }
}

function needle(kind: IdentifierKind, text: string, edges: Edges, oneWord = false): Needle[] {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length < 2) return [];
  return [{ kind, bytes, edges, digits: /^[\d\W]+$/.test(text) ? text.replace(/\D/g, '').length : 0, oneWord }];
}

/** PS3.5 6.2.1: component groups by =, components by ^; of the five, prefix and suffix name nobody. */
function personName(value: string, characterSet: CharacterSet): Identifier {
  const needles: Needle[] = [];
  const weak: string[] = [];
  for (const group of value.split('=')) {
    const components = group.split('^').slice(0, 3);
    const words: string[][] = [];
    for (const component of components) {
      const spelled = new Set([fold(component), fold(transcribed(component))]);
      for (const text of spelled) words.push(wordsIn(text).slice(0, MOST_WORDS));
      if (!isASCII(component)) needles.push(...otherEncodings(component, characterSet));
    }
    const all = [...new Set(words.flat())].filter((word) => !isPlaceholder(word)).slice(0, 2 * MOST_WORDS);
    for (const word of all) {
      if (/\d/.test(word)) {
        const found = code('person name', word);
        needles.push(...found.needles);
        weak.push(...found.weak);
      } else if (isIdeographic(word)) {
        if (word.normalize('NFC').length >= 2) needles.push(...needle('person name', word, 'none'));
      } else if (isOrdinary(word)) {
        if (word.length > 1) weak.push(word);
      } else {
        needles.push(...needle('person name', word, 'letters', true));
      }
    }
    needles.push(...besideEachOther(all.filter((word) => word.length > 1 || isIdeographic(word))));
  }
  return { needles, weak };
}

/** A word that says nothing alone does beside another one of the name; and names are written without a space. */
function besideEachOther(words: readonly string[]): Needle[] {
  const needles: Needle[] = [];
  for (const first of words) {
    for (const second of words) {
      if (first === second || /\d/.test(first + second)) continue;
      const ideographic = isIdeographic(first + second);
      if (ideographic || isOrdinary(first) || isOrdinary(second)) {
        needles.push(...needle('person name', `${first} ${second}`, ideographic ? 'none' : 'letters'));
      }
      if (ideographic || first.length + second.length >= 6) {
        needles.push(...needle('person name', first + second, ideographic ? 'none' : 'letters'));
      }
    }
  }
  return needles;
}

/** A word as bytes that stand in a value nobody says the character set of. */
function otherEncodings(component: string, characterSet: CharacterSet): Needle[] {
  const needles: Needle[] = [];
  for (const word of component.split(/[^\p{L}\p{M}\p{N}]+/u)) {
    if (isASCII(word) || isPlaceholder(fold(word))) continue;
    const ideographic = isIdeographic(word);
    if (word.length < (ideographic ? 2 : 4) || isOrdinary(fold(word))) {
      if (!ideographic || word.length < 2) continue;
    }
    for (const spelling of new Set([word, word.toUpperCase(), word.toLowerCase()])) {
      const utf16 = Buffer.from(spelling, 'utf16le');
      const encodings = [Buffer.from(spelling, 'utf8'), utf16, Buffer.from(utf16).swap16()];
      if (characterSet.canEncode(spelling)) encodings.push(Buffer.from(characterSet.encode(spelling, 'UT')));
      for (const bytes of encodings) {
        if (bytes.length < 4 || bytes.includes(0x1b)) continue;
        const lower = bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));
        needles.push({ kind: 'person name', bytes: lower, edges: 'none', digits: 0, oneWord: true });
      }
    }
  }
  return needles;
}

/** Identifiers and numbers that somebody assigned. */
function code(kind: IdentifierKind, value: string): Identifier {
  const text = fold(value)
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    .replace(/\s+/g, ' ');
  const core = text.replace(/[^\p{L}\p{N}]/gu, '');
  if (core === '') return NOTHING;
  const letters = core.match(/\p{L}+/gu) ?? [];
  const digits = core.replace(/\D/g, '');
  if (digits === '' && wordsIn(text).every(isPlaceholder)) return NOTHING;
  if (core.length < SHORTEST_IDENTIFIER || isPlaceholder(core)) return { needles: [], weak: [text] };
  if (digits === '') {
    if (wordsIn(text).every(isOrdinaryOrPlaceholder)) return { needles: [], weak: [text] };
    return { needles: needle(kind, text, 'whole'), weak: [] };
  }
  // HEAD2, CASE01: also what a series is called.
  const edges: Edges =
    letters.length > 0 && digits.length < 4 && letters.every(isOrdinaryOrPlaceholder) ? 'whole' : 'digits';
  const needles = needle(kind, text, edges);
  if (core !== text && core.length > SHORTEST_IDENTIFIER) needles.push(...needle(kind, core, edges));
  if (letters.length === 0) {
    const significant = core.replace(/^0+/, '');
    if (significant !== core && significant.length > SHORTEST_IDENTIFIER)
      needles.push(...needle(kind, significant, 'digits'));
  }
  return { needles, weak: [] };
}

function isOrdinaryOrPlaceholder(word: string): boolean {
  return isOrdinary(word) || isPlaceholder(word);
}

/** Several words that count only together, whatever separates them. */
function phrase(kind: IdentifierKind, value: string, characterSet?: CharacterSet): Identifier {
  const text = fold(value);
  const words = wordsIn(text);
  const parts = text.match(/\p{L}+/gu) ?? [];
  if (words.length === 0 || (parts.length > 0 && parts.every(isPlaceholder))) return NOTHING;
  if (isIdeographic(text)) {
    const raw =
      characterSet === undefined ? [] : otherEncodings(value, characterSet).filter(({ bytes }) => bytes.length >= 6);
    return {
      needles: [...(words.join('').length >= 3 ? needle(kind, words.join(' '), 'none') : []), ...raw],
      weak: [],
    };
  }
  if (parts.every(isOrdinaryOrPlaceholder) || words.join('').length < SHORTEST_PHRASE)
    return { needles: [], weak: [words.join(' ')] };
  const needles = needle(kind, words.join(' '), 'whole');
  const plain = wordsIn(fold(transcribed(value))).join(' ');
  if (plain !== words.join(' ')) needles.push(...needle(kind, plain, 'whole'));
  return { needles, weak: [] };
}

/** The whole, and each line that names more than a town. */
function address(value: string, characterSet: CharacterSet): Identifier {
  const needles: Needle[] = [];
  for (const part of new Set([value, ...value.split(/[\^,;\r\n]+/)])) {
    const words = wordsIn(fold(part));
    if (isIdeographic(part) ? part.trim().length >= 4 : words.length > 1 && words.join('').length >= 6) {
      needles.push(...phrase('address', part, characterSet).needles);
    }
  }
  return { needles, weak: [] };
}

function telephoneNumber(value: string): Identifier {
  const groups = value.match(/\d+/g) ?? [];
  const digits = groups.join('');
  if (digits.length < 6) return /[a-z]/i.test(value) ? code('telephone number', value) : NOTHING;
  if (/^(\d)\1*$/.test(digits)) return NOTHING;
  const needles = /\p{L}/u.test(value) ? [...code('telephone number', value).needles] : [];
  needles.push(...needle('telephone number', groups.join(' '), 'digits'));
  if (groups.length > 1) needles.push(...needle('telephone number', digits, 'digits'));
  return { needles, weak: [] };
}

/** Dates that stand for no date: what is put in their place, and what devices write without one. */
const NO_BIRTH_DATE = /^(0|1[0-7]|18[0-7]|19000101)/;

function birthDate(value: string): Identifier {
  const match = /^(\d{4})\.?(\d\d)\.?(\d\d)$/.exec(value.trim());
  if (match === null || NO_BIRTH_DATE.test(value)) return NOTHING;
  const [, year = '', month = '', day = ''] = match;
  const name = MONTHS[Number(month) - 1];
  if (name === undefined) return NOTHING;
  const written = [`${year} ${month} ${day}`, `${day} ${month} ${year}`, `${month} ${day} ${year}`];
  written.push(`${day} ${name} ${year}`, `${name} ${day} ${year}`, `${day}${name}${year}`);
  if (day.startsWith('0') || month.startsWith('0')) {
    const [d, m] = [String(Number(day)), String(Number(month))];
    written.push(`${d} ${m} ${year}`, `${m} ${d} ${year}`);
    written.push(`${year} ${m} ${d}`, `${name} ${d} ${year}`);
  }
  return {
    needles: [
      ...needle('birth date', year + month + day, 'leading digit'),
      ...written.flatMap((text) => needle('birth date', text, 'digits')),
    ],
    weak: [],
  };
}
