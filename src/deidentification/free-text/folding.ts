/**
 * Letters brought to one form, so that a name is found however it is written: lower case, full and half width, Kana of
 * both kinds, diacritics dropped, and German and Nordic letters by their spelling in ASCII.
 */

/** Letters that do not decompose (Unicode NFD leaves them). */
const SPELLED: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'ss',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  ð: 'd',
  đ: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
  ħ: 'h',
  ŋ: 'n',
};

/** Filled as units turn up; ASCII from the beginning. */
const folded: string[] = new Array<string>(0x10000).fill('?');
const isFolded = new Uint8Array(0x10000);
for (let code = 0; code < 0x80; code++) {
  folded[code] = String.fromCharCode(code).toLowerCase();
  isFolded[code] = 1;
}

/** The form of one UTF-16 code unit; '' for a combining mark. */
export function foldedUnit(code: number): string {
  if (isFolded[code] === 0) {
    folded[code] = foldOne(String.fromCharCode(code), code);
    isFolded[code] = 1;
  }
  return folded[code]!;
}

function foldOne(unit: string, code: number): string {
  if (code >= 0xd800 && code <= 0xdfff) return unit;
  // Katakana as Hiragana: a phonetic group may be written in either.
  if (code >= 0x30a1 && code <= 0x30f6) return String.fromCharCode(code - 0x60);
  if (code >= 0x2e80 && code <= 0xabff) return unit;
  if (code >= 0xac00 && code <= 0xd7a3) return unit;
  const compatible = unit.normalize('NFKC');
  if (compatible !== unit) return [...compatible].map((each) => foldedUnit(each.charCodeAt(0))).join('');
  const lower = unit.toLowerCase();
  const spelled = SPELLED[lower];
  if (spelled !== undefined) return spelled;
  return lower.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC');
}

/** For comparison with the word lists. */
export function plainForm(text: string): string {
  let form = '';
  for (let at = 0; at < text.length; at++) form += foldedUnit(text.charCodeAt(at));
  return form;
}

/**
 * ä = ae = a, ö = ø = oe = o, ü = ue = u, å = aa = a: whether a letter behind `last` is dropped, so that both ways of
 * folding end in one search form.
 */
export function collapses(last: string, unit: string): boolean {
  if (unit === 'e') return last === 'a' || last === 'o' || last === 'u';
  return unit === 'a' && last === 'a';
}

/** For comparison of names with text. */
export function searchForm(text: string): string {
  let form = '';
  let last = '';
  for (let at = 0; at < text.length; at++) {
    for (const unit of foldedUnit(text.charCodeAt(at))) {
      if (collapses(last, unit)) continue;
      form += unit;
      last = unit;
    }
  }
  return form;
}
