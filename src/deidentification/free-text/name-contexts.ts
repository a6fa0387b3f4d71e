import type { CompiledIdentifiers } from './compiled-identifiers';
import { AMBIGUOUS, IDENTIFYING, type JudgedText, OPEN, SETTLED, UNKNOWN } from './judged-text';
import { isTitle, NAME_LABELS, NAME_SUFFIXES, PARTICLES, titleAt } from './titles';

/** Names shown by what stands around them: titles, labels, degrees, "Last, First", carets. */

const NAME_GAP = /^(?:[ .,_^·・\u3000-]|\. |, ){1,3}$/;
const TITLE_GAP = /^[ .]{1,3}$/;
const NEXT_WORD_GAP = /^[ .-]{1,2}$/;
const MOST_NAME_WORDS = 4;
const MOST_TITLES = 6;
const LABEL_HINTS = new Set(['by', 'ref', 'referring', 'von', 'par', 'adresse']);
/** Degrees that are clinical abbreviations too need a comma ("knee RT", "MD maps"). */
const CLINICAL_SUFFIXES = new Set([
  'rt',
  'rtr',
  'rtt',
  'do',
  'np',
  'ma',
  'md',
  'msc',
  'bsc',
  'sr',
  'rn',
  'mba',
  'dds',
  'arnp',
]);

export function markContexts(judged: JudgedText): void {
  const { pieces, text } = judged;
  let hinted = text.includes(':') || text.includes('=') || text.includes('：') || text.includes('c/o');
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at]!;
    if (piece.kind !== 'letters') continue;
    if (LABEL_HINTS.has(piece.plain)) hinted = true;
    if (judged.wordStart[at] !== at) continue;
    // "PhD" is a word of two pieces.
    const word = judged.isWordOfOnePiece(at) ? piece.plain : judged.plainWord(at);
    if (isTitle(word)) {
      markAfterTitle(judged, at);
      markBeforeSuffix(judged, at, word);
    }
  }
  if (hinted) markAfterLabels(judged);
  if (text.includes('^')) markCarets(judged);
  if (text.includes(',')) markLastFirst(judged);
}

function name(judged: JudgedText, at: number): void {
  judged.markWord(at, IDENTIFYING);
}

function isNameLike(judged: JudgedText, at: number): boolean {
  return judged.pieces[at]!.kind !== 'digits' && judged.harmless[at] === 0;
}

function markAfterTitle(judged: JudgedText, at: number): void {
  const { pieces, text } = judged;
  const piece = pieces[at]!;
  if (!judged.isWordOfOnePiece(at)) return;
  const before = pieces[at - 1];
  if (before?.kind === 'digits' && /^ ?$/.test(judged.between(at))) return; // 5 Fr catheter
  const certainty = titleAt(piece.plain, judged.raw(at), text[piece.end] === '.');
  if (certainty === null) return;
  let next = at + 1;
  while (
    next < pieces.length &&
    next - at < MOST_TITLES &&
    TITLE_GAP.test(judged.between(next)) &&
    (isTitle(pieces[next]!.plain) || pieces[next]!.plain === 'med')
  )
    next++;
  if (next >= pieces.length || !TITLE_GAP.test(judged.between(next)) || pieces[next]!.kind === 'digits') return;
  const first = pieces[next]!;
  const clinical = judged.harmless[next] === 1 && first.plain.length > 1;
  if (clinical && (certainty === 'likely' || !first.upperFirst)) return;
  if (markNameFrom(judged, next, true)) for (let title = at; title < next; title++) name(judged, title);
}

/** This word, whatever it is, and the words behind it that are no clinical ones. */
function markNameFrom(judged: JudgedText, start: number, anything: boolean): boolean {
  const { pieces } = judged;
  if (!anything && !isNameLike(judged, start) && !startsWithInitial(judged, start)) return false;
  let at = start;
  let words = 0;
  while (at < pieces.length && words < MOST_NAME_WORDS) {
    if (words > 0) {
      const gap = judged.between(at);
      const comma = /^, ?$/.test(gap) && words === 1;
      const known = judged.marks[at] === IDENTIFYING || judged.marks[at] === AMBIGUOUS;
      const particle = PARTICLES.has(pieces[at]!.plain) && at + 1 < pieces.length && isNameLike(judged, at + 1);
      if (!NEXT_WORD_GAP.test(gap) && !comma) break;
      if (!isNameLike(judged, at) && !known && !particle && !startsWithInitial(judged, at)) {
        // "Dr. J. Head": an initial has not named anybody yet.
        if (!(words === 1 && pieces[start]!.plain.length === 1 && pieces[at]!.upperFirst)) break;
      }
    }
    name(judged, at);
    at = judged.wordEnd[at]!;
    words++;
  }
  return words > 0;
}

function startsWithInitial(judged: JudgedText, at: number): boolean {
  const piece = judged.pieces[at]!;
  return piece.kind === 'letters' && piece.plain.length === 1 && judged.text[piece.end] === '.';
}

function markBeforeSuffix(judged: JudgedText, at: number, plain: string): void {
  const { pieces } = judged;
  if (at === 0 || !NAME_SUFFIXES.has(plain)) return;
  const gap = judged.between(at);
  const comma = gap.includes(',');
  if (!/^[ ,]{1,3}$/.test(gap) || (CLINICAL_SUFFIXES.has(plain) && !comma && isHarmlessBefore(judged, at))) return;
  let word = at - 1;
  if (pieces[word]!.kind !== 'letters' || !pieces[word]!.upperFirst) return;
  if (judged.harmless[word] === 1 && !(comma && !CLINICAL_SUFFIXES.has(plain))) return;
  name(judged, at);
  let words = 0;
  while (word >= 0 && words < 3 && (words === 0 || isNameLike(judged, word) || startsWithInitial(judged, word))) {
    name(judged, word);
    const first = judged.wordStart[word]!;
    if (first === 0 || !/^[ .,]{1,2}$/.test(judged.between(first))) break;
    word = first - 1;
    words++;
  }
}

function isHarmlessBefore(judged: JudgedText, at: number): boolean {
  return judged.harmless[at - 1] === 1;
}

function markAfterLabels(judged: JudgedText): void {
  const { pieces, text } = judged;
  for (const { pattern, anything } of NAME_LABELS) {
    for (const match of text.matchAll(pattern)) {
      const end = match.index + match[0].length;
      let at = firstPieceFrom(judged, end);
      while (
        at < pieces.length &&
        isTitle(pieces[at]!.plain) &&
        at + 1 < pieces.length &&
        TITLE_GAP.test(judged.between(at + 1))
      )
        at++;
      const piece = pieces[at];
      if (piece === undefined || piece.start - end > 8 || piece.kind === 'digits') continue;
      const known = judged.marks[at] === IDENTIFYING || judged.marks[at] === AMBIGUOUS;
      if (markNameFrom(judged, at, anything || known)) {
        judged.spans.push({ start: match.index, end, replacement: '' });
        for (let covered = firstPieceFrom(judged, match.index); covered < at; covered++)
          judged.marks[covered] = SETTLED;
      }
    }
  }
}

function firstPieceFrom(judged: JudgedText, offset: number): number {
  let low = 0;
  let high = judged.pieces.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (judged.pieces[middle]!.start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** "Doe^Jane": a chain with no clinical word. "Head^Routine" is the name of a protocol. */
function markCarets(judged: JudgedText): void {
  const { pieces } = judged;
  let start = 0;
  while (start < pieces.length) {
    let end = judged.wordEnd[start]!;
    while (end < pieces.length && /^ ?\^{1,3} ?$/.test(judged.between(end))) end = judged.wordEnd[end]!;
    if (end > judged.wordEnd[start]!) {
      let clinical = false;
      let nameLike = false;
      for (let at = start; at < end; at++) {
        const { kind, plain } = pieces[at]!;
        if (
          kind === 'letters' &&
          plain.length > 1 &&
          judged.harmless[at] === 1 &&
          !isTitle(plain) &&
          judged.marks[at] !== AMBIGUOUS
        )
          clinical = true;
        if (isNameLike(judged, at)) nameLike = true;
      }
      if (nameLike && !clinical) for (let at = start; at < end; at = judged.wordEnd[at]!) name(judged, at);
    }
    start = end;
  }
}

/** "Doe, Jane": two capitalised words, both unknown. */
function markLastFirst(judged: JudgedText): void {
  const { pieces } = judged;
  for (let at = 1; at < pieces.length; at++) {
    const [last, first] = [pieces[at - 1]!, pieces[at]!];
    if (last.kind !== 'letters' || first.kind !== 'letters' || !/^, ?$/.test(judged.between(at))) continue;
    if (!last.upperFirst || !first.upperFirst || !isNameLike(judged, at - 1) || !isNameLike(judged, at)) continue;
    name(judged, at - 1);
    name(judged, at);
  }
}

/** Whether a name that is a clinical word is the name here: next to more of the same name, or the whole text. */
export function resolveAmbiguous(judged: JudgedText): void {
  const { pieces, marks } = judged;
  let all = pieces.length > 0;
  let any = false;
  for (let at = 0; at < pieces.length; at++) {
    if (marks[at] === AMBIGUOUS) any = true;
    else if (marks[at] !== IDENTIFYING) all = false;
  }
  if (!any) return;
  for (const step of [1, -1]) {
    for (let at = step > 0 ? 1 : pieces.length - 2; at >= 0 && at < pieces.length; at += step) {
      const neighbour = at - step;
      if (marks[at] !== AMBIGUOUS || (marks[neighbour] !== IDENTIFYING && marks[neighbour] !== AMBIGUOUS)) continue;
      const gap = judged.between(Math.max(at, neighbour));
      if (gap !== '' && !NAME_GAP.test(gap)) continue;
      if (!shareOwner(judged.owners[at], judged.owners[neighbour])) continue;
      if (marks[neighbour] === AMBIGUOUS && judged.pieces[at]!.plain === judged.pieces[neighbour]!.plain) continue;
      marks[at] = IDENTIFYING;
      marks[neighbour] = IDENTIFYING;
    }
  }
  if (all) marks.fill(IDENTIFYING);
}

function shareOwner(a: ReadonlySet<number> | undefined, b: ReadonlySet<number> | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  for (const owner of a) if (b.has(owner)) return true;
  return false;
}

/** Initials, particles, titles and degrees next to a name go with it. */
export function extendNames(judged: JudgedText, known: CompiledIdentifiers): void {
  const { pieces, marks } = judged;
  for (const step of [1, -1]) {
    for (let at = step > 0 ? 1 : pieces.length - 2; at >= 0 && at < pieces.length; at += step) {
      const neighbour = marks[at - step];
      if (neighbour !== IDENTIFYING && neighbour !== UNKNOWN) continue;
      if (marks[at] !== OPEN || pieces[at]!.kind !== 'letters') continue;
      const gap = judged.between(step > 0 ? at : at + 1);
      if (gap !== '' && !NAME_GAP.test(gap)) continue;
      if (belongsToName(judged, known, at, gap, step, neighbour === IDENTIFYING)) marks[at] = IDENTIFYING;
    }
  }
}

const LETTERS_WITH_A_MEANING = 'lrtxswvbcmp';

function belongsToName(
  judged: JudgedText,
  known: CompiledIdentifiers,
  at: number,
  gap: string,
  step: number,
  certain: boolean,
): boolean {
  const { plain, end } = judged.pieces[at]!;
  const dotted = judged.text[end] === '.';
  if (plain.length === 1) {
    if (!judged.isWordOfOnePiece(at)) return gap === '' && certain && known.initials.has(plain);
    if (dotted && !/\d/.test(judged.text[end + 1] ?? '')) return true;
    if (!certain || !known.initials.has(plain)) return false;
    return gap === '' || /[,^]/.test(gap) || !LETTERS_WITH_A_MEANING.includes(plain);
  }
  if (!certain) return false;
  if (step < 0) {
    if (PARTICLES.has(plain)) return true;
    return titleAt(plain, judged.raw(at), dotted) !== null;
  }
  return NAME_SUFFIXES.has(plain) && (!CLINICAL_SUFFIXES.has(plain) || gap.includes(','));
}
