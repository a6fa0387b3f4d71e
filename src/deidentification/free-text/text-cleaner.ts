import { findCertain } from './certain-patterns';
import { beginsLikeMonth, findDates, type ShiftDate } from './date-patterns';
import { NAMES_AMONG_CLINICAL_WORDS } from './eponyms';
import { plainForm } from './folding';
import { isHarmlessUnspaced, isListedWord } from './harmless-words';
import { findPatterns } from './identifier-patterns';
import { AMBIGUOUS, IDENTIFYING, JudgedText, OPEN, UNKNOWN } from './judged-text';
import { KnownIdentifiers } from './known-identifiers';
import { markKnown } from './known-names';
import { extendNames, markContexts, resolveAmbiguous } from './name-contexts';
import { withSpans } from './removal';
import { mergedSpans, type Span } from './spans';

/** Stable codes, the gravest first. */
export const TEXT_FINDING_REASONS = [
  'KNOWN_NAME_OR_CLINICAL_WORD',
  'NAME_OR_EPONYM',
  'UNKNOWN_SCRIPT',
  'UNKNOWN_WORD',
  'UNKNOWN_NUMBER',
] as const;
export type TextFindingReason = (typeof TEXT_FINDING_REASONS)[number];

/** Text that is neither known to be harmless nor known to identify: a person decides. */
export interface TextFinding {
  /** The words in question, as written. */
  readonly unknown: readonly string[];
  readonly reason: TextFindingReason;
  /** The text without them. */
  readonly proposal: string;
}

export interface CleanedText {
  /** What may leave where the proposal is applied; certain where there is no finding. */
  readonly text: string;
  readonly changed: boolean;
  readonly finding: TextFinding | null;
  /** A date or time was met: another offset of the patient's dates gives another text. */
  readonly dated?: true;
}

export interface TextCleanerOptions {
  /** Moves a DA by the patient's offset; null where it cannot. Without it dates and times are removed. */
  readonly shiftDate?: ShiftDate;
  /** Words that the project has found harmless. */
  readonly alsoHarmless?: ReadonlySet<string>;
  /** What people have decided about a text: the text as received → what may leave. */
  readonly decisions?: ReadonlyMap<string, string>;
}

/** Taking something out can bring together what was apart; so it is looked at again until nothing changes. */
const MOST_PASSES = 8;
/** Private use: stands for what must not be judged again (a date that has been moved). */
const HALF_WIDTH_KANA = /[\uff61-\uff9f]+/g;
const PRIVATE_USE = /[\ue000-\uf8ff]/g;
const FIRST_PLACEHOLDER = 0xe000;
const MOST_PLACEHOLDERS = 0x1900;

interface Pass {
  readonly text: string;
  readonly unknown: readonly string[];
  readonly reasons: ReadonlySet<TextFindingReason>;
  readonly dated: boolean;
}

/**
 * PS3.15 E.3.5, Clean Descriptors: text that keeps what is clinical and loses who it is about. Four questions in this
 * order: is it somebody of the headers, does it have the shape of an identifier, is it on the allow-list, and if none of
 * these, what does a person say?
 */
export class TextCleaner {
  private readonly shiftDate: ShiftDate | undefined;
  private readonly alsoHarmless: ReadonlySet<string>;
  private readonly decisions: ReadonlyMap<string, string>;

  constructor(options: TextCleanerOptions = {}) {
    this.shiftDate = options.shiftDate;
    this.alsoHarmless = new Set([...(options.alsoHarmless ?? [])].map((word) => plainForm(word.normalize('NFC'))));
    this.decisions = options.decisions ?? new Map();
  }

  clean(text: string, known: KnownIdentifiers): CleanedText {
    const decided = this.decisions.get(text);
    if (decided !== undefined) return this.replaced(text, decided, known);
    return this.cleaned(text, known, false);
  }

  /** The words in question are harmless, a person said; what is known to identify, and every date, goes all the same. */
  vouchedFor(text: string, known: KnownIdentifiers): CleanedText {
    return this.cleaned(text, known, true);
  }

  private cleaned(text: string, known: KnownIdentifiers, vouched: boolean): CleanedText {
    const composed = isAscii(text)
      ? text
      : text
          .normalize('NFC')
          .replace(HALF_WIDTH_KANA, (kana) => kana.normalize('NFKC'))
          .replace(PRIVATE_USE, '');
    const kept: string[] = [];
    const unknown: string[] = [];
    const reasons = new Set<TextFindingReason>();
    let current = composed;
    let stable = false;
    let dated = false;
    for (let pass = 0; pass < MOST_PASSES && !stable; pass++) {
      const result = this.pass(current, known, kept, vouched);
      for (const word of result.unknown) if (!unknown.includes(word)) unknown.push(word);
      for (const reason of result.reasons) reasons.add(reason);
      dated ||= result.dated;
      stable = result.text === current;
      current = result.text;
    }
    if (!stable) current = '';
    if (kept.length > 0)
      current = current.replace(PRIVATE_USE, (unit) => kept[unit.charCodeAt(0) - FIRST_PLACEHOLDER] ?? '');
    if (current === composed && !/[\ue000-\uf8ff]/.test(text)) current = text;
    const reason = TEXT_FINDING_REASONS.find((each) => reasons.has(each));
    const finding = reason === undefined ? null : { unknown, reason, proposal: current };
    return { text: current, changed: current !== text, finding, ...(dated ? { dated } : {}) };
  }

  /** A person has answered; still nobody known may be named, nor a day of the study, whoever the words come with. */
  replaced(text: string, decided: string, known: KnownIdentifiers): CleanedText {
    const { text: safe } = this.screened(decided, known, false);
    return { text: safe, changed: safe !== text, finding: null };
  }

  /**
   * Text of an attribute that the table does not list: it loses who is known and what is of somebody's for certain;
   * whatever else it says stays. `coded`: the meaning of a published code, whose clinical words are its own.
   */
  screened(text: string, known: KnownIdentifiers, coded: boolean): CleanedText {
    const forms = known.forms();
    const judged = new JudgedText(text.normalize('NFC'), this.alsoHarmless);
    markKnown(judged, forms);
    const { pieces, marks } = judged;
    if (!coded || marks.some((mark) => mark !== AMBIGUOUS)) resolveAmbiguous(judged);
    for (const [at, piece] of pieces.entries()) {
      if (marks[at] === IDENTIFYING) judged.spans.push({ start: piece.start, end: piece.end, replacement: '' });
    }
    if (!coded) judged.spans.push(...findCertain(judged, forms));
    const safe = judged.spans.length === 0 ? text : withSpans(judged.text, judged.spans);
    return { text: safe, changed: safe !== text, finding: null };
  }

  private pass(text: string, known: KnownIdentifiers, kept: string[], vouched: boolean): Pass {
    const forms = known.forms();
    const judged = new JudgedText(text, this.alsoHarmless);
    const { pieces, marks } = judged;
    const named = pieces.some(({ kind, plain }) => kind === 'letters' && beginsLikeMonth(plain));
    const { digits } = judged.scan;
    const dates = digits > 0 ? findDates(text, forms, named, digits, this.shiftDate) : [];
    const moved = new Set(dates.filter(({ replacement }) => replacement !== '').map(({ start }) => start));
    // 20190304 has the shape of a record number too; a date that was moved is none.
    const patterns = findPatterns(text, judged.scan).filter(
      (span) => !(moved.has(span.start) && /^\d+$/.test(text.slice(span.start, span.end))),
    );
    for (const span of dates) patterns.push(placeheld(span, kept));
    judged.settle(patterns);
    markKnown(judged, forms);
    markContexts(judged);
    resolveAmbiguous(judged);
    const reasons = new Set<TextFindingReason>();
    const unknown: string[] = [];
    const cuts = mergedSpans(judged.spans);
    for (let at = 0; !vouched && at < pieces.length; at++) {
      if (marks[at] === AMBIGUOUS) {
        reasons.add('KNOWN_NAME_OR_CLINICAL_WORD');
        unknown.push(judged.raw(at));
      } else if (marks[at] === OPEN && judged.harmless[at] === 0) {
        if (pieces[at]!.kind === 'unspaced') judgeUnspaced(judged, at, cuts, reasons, unknown);
        else this.judgeWord(judged, at, reasons, unknown);
      }
    }
    extendNames(judged, forms);
    for (let at = 0; at < pieces.length; at++) {
      const mark = marks[at];
      if (mark === IDENTIFYING || (!vouched && (mark === UNKNOWN || mark === AMBIGUOUS)))
        judged.spans.push({ start: pieces[at]!.start, end: pieces[at]!.end, replacement: '' });
    }
    return {
      text: judged.spans.length === 0 ? text : withSpans(text, judged.spans),
      unknown,
      reasons,
      dated: dates.length > 0,
    };
  }

  /** A word that is not known to be harmless. */
  private judgeWord(judged: JudgedText, at: number, reasons: Set<TextFindingReason>, unknown: string[]): void {
    const { pieces, marks } = judged;
    const piece = pieces[at]!;
    let identified = false;
    for (let other = judged.wordStart[at]!; other < judged.wordEnd[at]!; other++) {
      if (marks[other] === IDENTIFYING) identified = true;
    }
    if (identified) {
      const harmless =
        piece.kind === 'digits' ? piece.plain.length <= 4 : piece.plain.length === 1 || isListedWord(piece.plain);
      if (harmless || this.alsoHarmless.has(piece.plain)) return;
      marks[at] = UNKNOWN;
    } else judged.markWord(at, UNKNOWN);
    const word = identified ? judged.raw(at) : judged.word(at);
    unknown.push(word);
    if (/^\p{N}+$/u.test(word)) reasons.add('UNKNOWN_NUMBER');
    else if (NAMES_AMONG_CLINICAL_WORDS.has(piece.plain)) reasons.add('NAME_OR_EPONYM');
    else reasons.add(/[^\p{Script=Latin}\p{N}\p{M}]/u.test(word) ? 'UNKNOWN_SCRIPT' : 'UNKNOWN_WORD');
  }
}

/** What names and dates have left of a run of Han, Kana or Hangul. `cuts` are sorted and do not overlap. */
function judgeUnspaced(
  judged: JudgedText,
  at: number,
  cuts: readonly Span[],
  reasons: Set<TextFindingReason>,
  unknown: string[],
): void {
  const { start, end } = judged.pieces[at]!;
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cuts[middle]!.end <= start) low = middle + 1;
    else high = middle;
  }
  let from = start;
  let behindName = false;
  for (let cut = low; from < end; cut++) {
    const span = cuts[cut];
    const to = span === undefined ? end : Math.min(span.start, end);
    if (to > from) {
      const rest = judged.text.slice(from, to);
      if (behindName && HONORIFICS.test(rest)) judged.spans.push({ start: from, end: to, replacement: '' });
      else if (!isHarmlessUnspaced(plainForm(rest))) {
        judged.spans.push({ start: from, end: to, replacement: '' });
        reasons.add('UNKNOWN_SCRIPT');
        unknown.push(rest);
      }
    }
    if (span === undefined) return;
    behindName = true;
    from = Math.max(from, span.end);
  }
}

const HONORIFICS = /^(?:様|さま|さん|先生|殿|氏|君|医師|님|씨|선생님|선생|교수|의사|先生|医生|女士|小姐|教授)$/;
const NOBODY = KnownIdentifiers.collect([]);

/** Nobody is known: patterns and allow-list only. */
export function nobodyKnown(): KnownIdentifiers {
  return NOBODY;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

function placeheld(span: Span, kept: string[]): Span {
  if (span.replacement === '') return span;
  if (kept.length >= MOST_PLACEHOLDERS) return { ...span, replacement: '' };
  kept.push(span.replacement);
  return { ...span, replacement: String.fromCharCode(FIRST_PLACEHOLDER + kept.length - 1) };
}
