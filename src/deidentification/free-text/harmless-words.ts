import { NAMES_AMONG_CLINICAL_WORDS } from './eponyms';
import { plainForm } from './folding';
import { CLINICAL_WORDS } from './generated/clinical-words';
import {
  GERMAN_FIRST_PARTS,
  GERMAN_SECOND_PARTS,
  HARMLESS_SHAPES,
  HARMLESS_TERMS,
  HARMLESS_UNSPACED,
} from './harmless-terms';

/** The allow-list: which words name nobody. Words are given folded (`plainForm`). */

function listed(): ReadonlySet<string> {
  const words = new Set<string>();
  for (const word of CLINICAL_WORDS.trim().split(/\s+/)) {
    if (!NAMES_AMONG_CLINICAL_WORDS.has(word)) words.add(plainForm(word));
  }
  for (const terms of Object.values(HARMLESS_TERMS)) {
    for (const word of terms.trim().split(/\s+/)) words.add(plainForm(word));
  }
  return words;
}

let words: ReadonlySet<string> | undefined;
const firstParts = new Set(GERMAN_FIRST_PARTS);
const secondParts = new Set(GERMAN_SECOND_PARTS);
const LONGEST_WORD = 48;

/** In the list, in the singular or the plural. */
export function isListedWord(word: string): boolean {
  words ??= listed();
  if (words.has(word)) return true;
  if (word.length < 4 || NAMES_AMONG_CLINICAL_WORDS.has(word)) return false;
  if (word.endsWith('s')) {
    const singular = word.slice(0, -1);
    if (isPluralOf(singular)) return true;
    if (word.endsWith('es') && isPluralOf(word.slice(0, -2))) return true;
    if (word.endsWith('ies') && isPluralOf(`${word.slice(0, -3)}y`)) return true;
  }
  // Umlauts in ASCII: "Schaedel" for "Schädel".
  if (/[aou]e/.test(word) && words.has(word.replace(/([aou])e/g, '$1'))) return true;
  return isGermanCompound(word);
}

function isPluralOf(word: string): boolean {
  return word.length > 2 && words!.has(word);
}

function isGermanCompound(spelled: string): boolean {
  if (spelled.length < 8 || spelled.length > LONGEST_WORD) return false;
  const word = spelled.replace(/([aou])e/g, '$1');
  for (const form of word === spelled ? [word] : [word, spelled]) {
    for (let at = 4; at <= form.length - 4; at++) {
      if (!secondParts.has(form.slice(at))) continue;
      const first = form.slice(0, at);
      if (firstParts.has(first) || (/[sn]$/.test(first) && firstParts.has(first.slice(0, -1)))) return true;
    }
  }
  return false;
}

/** The same few words come again in every series; a bound, as some are made up. */
const judgedShapes = new Map<string, boolean>();
const MOST_JUDGED_SHAPES = 4096;

/** Letters and digits together: sequences, kernels, numbers with units. */
export function hasHarmlessShape(word: string): boolean {
  if (word.length > LONGEST_WORD) return false;
  let harmless = judgedShapes.get(word);
  if (harmless === undefined) {
    harmless = HARMLESS_SHAPES.some((shape) => shape.test(word));
    if (judgedShapes.size >= MOST_JUDGED_SHAPES) judgedShapes.clear();
    judgedShapes.set(word, harmless);
  }
  return harmless;
}

const unspaced = new Set(HARMLESS_UNSPACED.map(plainForm));
const longestUnspaced = Math.max(...HARMLESS_UNSPACED.map((term) => term.length));

/** A run of Han, Kana or Hangul that is made of known terms only, the longest first. */
export function isHarmlessUnspaced(run: string): boolean {
  let at = 0;
  while (at < run.length) {
    let size = Math.min(longestUnspaced, run.length - at);
    while (size > 0 && !unspaced.has(run.slice(at, at + size))) size--;
    if (size === 0) return false;
    at += size;
  }
  return true;
}
