import { collapses, foldedUnit } from './folding';

/** A run of letters, of digits, or of a script written without spaces; letters are cut where camel case begins. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly kind: 'letters' | 'digits' | 'unspaced';
  /** Folded: case, width and diacritics gone. */
  readonly plain: string;
  /** Nothing lies between this piece and the one before it. */
  readonly glued: boolean;
  readonly upperFirst: boolean;
  readonly upperAll: boolean;
}

export interface Scan {
  readonly text: string;
  readonly pieces: readonly Piece[];
  /** Search forms of the pieces of letters and digits, joined. */
  readonly squeezed: string;
  /** Offset in `squeezed` of each piece. */
  readonly offsets: readonly number[];
  /** How many digits there are. */
  readonly digits: number;
}

const NONE = 0;
const UPPER = 1;
const LOWER = 2;
const DIGIT = 3;
const UNSPACED = 4;
const MARK = 5;

const classes = new Int8Array(0x10000).fill(-1);

function classOf(code: number): number {
  let found = classes[code]!;
  if (found < 0) {
    found = classify(code);
    classes[code] = found;
  }
  return found;
}

function classify(code: number): number {
  const unit = String.fromCharCode(code);
  // Plane 1 and beyond: rare Han, mathematical letters; never words of a list.
  if (code >= 0xd800 && code <= 0xdfff) return UNSPACED;
  if (/\p{M}/u.test(unit)) return MARK;
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}ー々〆]/u.test(unit))
    return UNSPACED;
  if (/\p{Nd}/u.test(unit)) return DIGIT;
  if (/\p{Lu}|\p{Lt}/u.test(unit)) return UPPER;
  if (/\p{L}/u.test(unit)) return LOWER;
  return NONE;
}

/** Characters that keep a meaning of their own and are no separators: +C, 70%, 37°. */
const SEPARATOR = /[\s,;:./\\|\-_^()[\]{}'"“”„‘’&=*#~·、。・「」（），：；–—!?<>]/u;

export function isSeparator(unit: string): boolean {
  return SEPARATOR.test(unit);
}

export function isWordUnit(code: number): boolean {
  return classOf(code) !== NONE;
}

export function scan(text: string): Scan {
  const pieces: Piece[] = [];
  const offsets: number[] = [];
  let squeezed = '';
  let digits = 0;
  let lastUnit = '';
  let at = 0;
  const size = text.length;
  while (at < size) {
    const first = classOf(text.charCodeAt(at));
    if (first === NONE || first === MARK) {
      at++;
      continue;
    }
    const start = at;
    const previous = pieces[pieces.length - 1];
    const glued = previous !== undefined && previous.end === start;
    // Search forms collapse over camel case ("MUEller"), never over a separator.
    if (!glued || previous.kind !== 'letters' || first === DIGIT) lastUnit = '';
    let form = '';
    let plain = '';
    let uppers = first === UPPER ? 1 : 0;
    let last = first;
    for (;;) {
      const unit = foldedUnit(text.charCodeAt(at));
      plain += unit;
      if (unit.length === 1) {
        if (!collapses(lastUnit, unit)) {
          form += unit;
          lastUnit = unit;
        }
      } else {
        for (const each of unit) {
          if (collapses(lastUnit, each)) continue;
          form += each;
          lastUnit = each;
        }
      }
      at++;
      if (at >= size) break;
      const next = classOf(text.charCodeAt(at));
      if (next === MARK) {
        continue;
      }
      if (next === NONE) break;
      if (first === DIGIT || next === DIGIT) {
        if (first !== next) break;
      } else if (first === UNSPACED || next === UNSPACED) {
        if (first !== next) break;
      } else if (next === UPPER && last === LOWER) break;
      else if (next === UPPER && classOf(text.charCodeAt(at + 1)) === LOWER && uppers > 0) break;
      if (next === UPPER) uppers++;
      last = next;
    }
    const kind = first === DIGIT ? 'digits' : first === UNSPACED ? 'unspaced' : 'letters';
    if (kind === 'digits') digits += at - start;
    offsets.push(squeezed.length);
    if (kind !== 'unspaced') squeezed += form;
    pieces.push({
      start,
      end: at,
      kind,
      plain,
      glued,
      upperFirst: first === UPPER,
      upperAll: uppers > 0 && uppers >= at - start,
    });
  }
  return { text, pieces, squeezed, offsets, digits };
}
