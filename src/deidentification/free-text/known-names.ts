import type { CompiledIdentifiers, SearchEntry } from './compiled-identifiers';
import { searchForm } from './folding';
import { isListedWord } from './harmless-words';
import { AMBIGUOUS, IDENTIFYING, type JudgedText, OPEN, SETTLED } from './judged-text';

const LONGEST_GAP = 3;
const SHORTEST_SPREAD_IDENTIFIER = 6;

/** Marks what the headers name, in whatever form it is written. */
export function markKnown(judged: JudgedText, known: CompiledIdentifiers): void {
  if (known.empty) return;
  markExact(judged, known);
  markNearAndWithin(judged, known);
  markUnspaced(judged, known);
}

function markExact(judged: JudgedText, known: CompiledIdentifiers): void {
  const { pieces, scan } = judged;
  const { squeezed, offsets } = scan;
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at]!;
    if (piece.kind === 'unspaced') continue;
    const offset = offsets[at]!;
    const length = (offsets[at + 1] ?? squeezed.length) - offset;
    if (length < 4) {
      const form = squeezed.slice(offset, offset + length);
      const entry = known.short(form);
      if (entry !== undefined) markOne(judged, at, entry);
    }
    for (const entry of known.beginningAt(squeezed, offset)) {
      if (!squeezed.startsWith(entry.form, offset)) continue;
      const end = pieceAt(judged, at, offset + entry.form.length);
      if (end > 0) markRun(judged, at, end, entry);
    }
  }
}

/** Index behind the piece that ends at this offset of the squeezed text; 0 where none does. */
function pieceAt(judged: JudgedText, from: number, offset: number): number {
  const { pieces, scan } = judged;
  let at = from + 1;
  while (at < pieces.length && scan.offsets[at]! < offset) {
    if (!pieces[at]!.glued && judged.between(at).length > LONGEST_GAP) return 0;
    at++;
  }
  const end = at < pieces.length ? scan.offsets[at]! : scan.squeezed.length;
  return end === offset ? at : 0;
}

function markRun(judged: JudgedText, start: number, end: number, entry: SearchEntry): void {
  if (end - start === 1) {
    markOne(judged, start, entry);
    return;
  }
  const inOneWord = judged.wordStart[start] === judged.wordStart[end - 1];
  let harmless = true;
  let shortest = Number.POSITIVE_INFINITY;
  for (let at = start; at < end; at++) {
    if (judged.harmless[at] === 0) harmless = false;
    shortest = Math.min(shortest, judged.pieces[at]!.plain.length);
  }
  if (entry.kind === 'identifier') {
    if (!inOneWord && entry.form.length < SHORTEST_SPREAD_IDENTIFIER) return;
    if (harmless && inOneWord) {
      for (let at = start; at < end; at++) markAmbiguous(judged, at, entry);
      return;
    }
  } else if (harmless && entry.kind === 'name') {
    // Two common words that only together spell a name ("be an").
    if (!inOneWord && shortest > 1) return;
    if (inOneWord) {
      for (let at = start; at < end; at++) markAmbiguous(judged, at, entry);
      return;
    }
  }
  for (let at = start; at < end; at++) markIdentifying(judged, at, entry);
}

function markOne(judged: JudgedText, at: number, entry: SearchEntry): void {
  const { plain } = judged.pieces[at]!;
  if (judged.harmless[at] === 0) {
    markIdentifying(judged, at, entry);
    return;
  }
  // "an", "do", "in" in lower case are words of a sentence.
  if (plain.length <= 3 && judged.raw(at) === plain) return;
  // A joined name of one piece that is a word ("Lip" of L. Ip) is no name by itself.
  if (entry.kind === 'names' && plain.length <= 4) return;
  if (entry.kind === 'names' && !isListedWord(plain)) {
    markIdentifying(judged, at, entry);
    return;
  }
  markAmbiguous(judged, at, entry);
}

function markIdentifying(judged: JudgedText, at: number, entry: SearchEntry): void {
  judged.marks[at] = IDENTIFYING;
  judged.owners[at] = entry.owners;
  judged.spans.push({ start: judged.pieces[at]!.start, end: judged.pieces[at]!.end, replacement: '' });
}

function markAmbiguous(judged: JudgedText, at: number, entry: SearchEntry): void {
  if (judged.marks[at] !== OPEN) return;
  judged.marks[at] = AMBIGUOUS;
  judged.owners[at] = entry.owners;
}

/** A name inside a longer word, or one edit away; only where the word is not clinical itself. */
function markNearAndWithin(judged: JudgedText, known: CompiledIdentifiers): void {
  const { pieces } = judged;
  for (let at = 0; at < pieces.length; at = judged.wordEnd[at]!) {
    if (judged.harmless[at] === 1 || pieces[at]!.kind === 'unspaced') continue;
    const word = judged.plainWord(at);
    const whole = searchForm(word);
    let entry = known.near(whole);
    if (entry === undefined) {
      for (let piece = at; piece < judged.wordEnd[at]! && entry === undefined; piece++) {
        if (pieces[piece]!.kind !== 'letters' || judged.marks[piece] === IDENTIFYING) continue;
        entry = known.near(searchForm(pieces[piece]!.plain));
        if (entry !== undefined) {
          markIdentifying(judged, piece, entry);
          entry = undefined;
        }
      }
      const inside = known.within(whole);
      if (inside !== undefined) markInside(judged, at, word, inside);
    } else {
      for (let piece = at; piece < judged.wordEnd[at]!; piece++) markIdentifying(judged, piece, entry);
    }
  }
}

/** "smithct": what is left of the word stays where it is a clinical word, else the whole word goes. */
function markInside(judged: JudgedText, at: number, word: string, entry: SearchEntry): void {
  const end = judged.wordEnd[at]!;
  const start = judged.pieces[at]!.start;
  const found = word.indexOf(entry.form);
  const sameLength = judged.pieces[end - 1]!.end - start === word.length;
  const rest = [word.slice(0, Math.max(0, found)), word.slice(found + entry.form.length)];
  if (end - at === 1 && found >= 0 && sameLength && rest.every((part) => part === '' || isListedWord(part))) {
    judged.marks[at] = SETTLED;
    judged.owners[at] = entry.owners;
    judged.spans.push({ start: start + found, end: start + found + entry.form.length, replacement: '' });
    return;
  }
  // Pieces found by themselves already, and the rest of the word harmless: it stays.
  let open = false;
  let identified = false;
  for (let piece = at; piece < end; piece++) {
    if (judged.marks[piece] === IDENTIFYING) identified = true;
    else if (!isHarmlessPiece(judged, piece)) open = true;
  }
  if (identified && !open) return;
  for (let piece = at; piece < end; piece++) markIdentifying(judged, piece, entry);
}

function isHarmlessPiece(judged: JudgedText, at: number): boolean {
  const { kind, plain } = judged.pieces[at]!;
  return kind === 'digits' ? plain.length <= 4 : plain.length === 1 || isListedWord(plain);
}

/** Han, Kana and Hangul have no word boundaries: a name of two characters or more is found anywhere. */
function markUnspaced(judged: JudgedText, known: CompiledIdentifiers): void {
  if (known.unspaced.length === 0) return;
  for (const [at, piece] of judged.pieces.entries()) {
    if (piece.kind !== 'unspaced') continue;
    const mapped = piece.plain.length === piece.end - piece.start;
    for (const name of known.unspaced) {
      if (name.length === 1) {
        if (piece.plain === name) {
          judged.spans.push({ start: piece.start, end: piece.end, replacement: '' });
          judged.marks[at] = IDENTIFYING;
        }
        continue;
      }
      let found = piece.plain.indexOf(name);
      while (found >= 0) {
        const [start, end] = mapped
          ? [piece.start + found, piece.start + found + name.length]
          : [piece.start, piece.end];
        judged.spans.push({ start, end, replacement: '' });
        found = piece.plain.indexOf(name, found + name.length);
      }
    }
  }
}
