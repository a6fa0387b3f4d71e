/** Letters that Unicode does not take apart, and how they are written where there are none. */
const UNDIVIDED: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
};
const TRANSCRIBED: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' };

/** Lower case, without diacritics, wide and narrow forms alike. */
export function fold(text: string): string {
  if (isASCII(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßøæœłđðþ]/g, (letter) => UNDIVIDED[letter] ?? letter);
}

/** As written where there are no umlauts: Müller, Mueller. The same text where there is nothing to transcribe. */
export function transcribed(text: string): string {
  return text.toLowerCase().replace(/[äöüåø]/g, (letter) => TRANSCRIBED[letter] ?? letter);
}

export function isASCII(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** Written without spaces between words. */
export function isIdeographic(text: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text);
}

/** Runs of letters and digits. `text`: folded. */
export function wordsIn(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}
