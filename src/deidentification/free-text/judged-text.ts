import { COMPANY_OF_EPONYMS, NAMES_AMONG_CLINICAL_WORDS } from './eponyms';
import { hasHarmlessShape, isHarmlessUnspaced, isListedWord } from './harmless-words';
import { type Piece, type Scan, scan } from './pieces';
import type { Span } from './spans';

/** What was found out about a piece. */
export const OPEN = 0;
/** Somebody's name or number: it goes. */
export const IDENTIFYING = 1;
/** Part of something a pattern has dealt with. */
export const SETTLED = 2;
/** Neither known to be harmless nor known to identify. */
export const UNKNOWN = 3;
/** The name of somebody in the headers that is a clinical word too. */
export const AMBIGUOUS = 4;

const MOST_DIGITS = 4;

/** The pieces of one text with what is known about each. */
export class JudgedText {
  readonly text: string;
  readonly scan: Scan;
  readonly pieces: readonly Piece[];
  readonly marks: Uint8Array;
  /** 1 where the word that the piece belongs to is harmless. */
  readonly harmless: Uint8Array;
  /** Index of the first piece of the word, and of the first behind it. */
  readonly wordStart: Int32Array;
  readonly wordEnd: Int32Array;
  /** Whose name it is, for ambiguous pieces and names. */
  readonly owners: (ReadonlySet<number> | undefined)[] = [];
  readonly spans: Span[] = [];
  private readonly alsoHarmless: ReadonlySet<string>;

  constructor(text: string, alsoHarmless: ReadonlySet<string>) {
    this.text = text;
    this.alsoHarmless = alsoHarmless;
    this.scan = scan(text);
    this.pieces = this.scan.pieces;
    const count = this.pieces.length;
    this.marks = new Uint8Array(count);
    this.harmless = new Uint8Array(count);
    this.wordStart = new Int32Array(count);
    this.wordEnd = new Int32Array(count);
    let start = 0;
    while (start < count) {
      let end = start + 1;
      if (this.pieces[start]!.kind !== 'unspaced') {
        while (end < count && this.pieces[end]!.glued && this.pieces[end]!.kind !== 'unspaced') end++;
      }
      const harmless = this.judgeWord(start, end) ? 1 : 0;
      for (let at = start; at < end; at++) {
        this.wordStart[at] = start;
        this.wordEnd[at] = end;
        this.harmless[at] = harmless;
      }
      start = end;
    }
  }

  /** Between the piece before and this one. */
  between(at: number): string {
    return this.text.slice(this.pieces[at - 1]!.end, this.pieces[at]!.start);
  }

  raw(at: number): string {
    return this.text.slice(this.pieces[at]!.start, this.pieces[at]!.end);
  }

  word(at: number): string {
    return this.text.slice(this.pieces[this.wordStart[at]!]!.start, this.pieces[this.wordEnd[at]! - 1]!.end);
  }

  plainWord(at: number): string {
    let plain = '';
    for (let piece = this.wordStart[at]!; piece < this.wordEnd[at]!; piece++) plain += this.pieces[piece]!.plain;
    return plain;
  }

  isWordOfOnePiece(at: number): boolean {
    return this.wordEnd[at]! - this.wordStart[at]! === 1;
  }

  markWord(at: number, mark: number): void {
    for (let piece = this.wordStart[at]!; piece < this.wordEnd[at]!; piece++) {
      if (this.marks[piece] !== SETTLED) this.marks[piece] = mark;
    }
  }

  /** Pieces that lie in a span need no more judging. */
  settle(spans: readonly Span[]): void {
    for (const span of spans) {
      this.spans.push(span);
      // Pieces are sorted: the first that ends behind the beginning of the span.
      let low = 0;
      let high = this.pieces.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (this.pieces[middle]!.end <= span.start) low = middle + 1;
        else high = middle;
      }
      for (let at = low; at < this.pieces.length && this.pieces[at]!.start < span.end; at++) {
        const piece = this.pieces[at]!;
        if (piece.start >= span.start && piece.end <= span.end) this.marks[at] = SETTLED;
      }
    }
  }

  private judgeWord(start: number, end: number): boolean {
    const { pieces } = this;
    const first = pieces[start]!;
    if (first.kind === 'unspaced') return isHarmlessUnspaced(first.plain) || this.alsoHarmless.has(first.plain);
    if (end - start === 1) {
      if (first.kind === 'digits') return this.isShortNumber(start);
      return first.plain.length <= 1 || this.isHarmlessWord(first.plain, start) || hasHarmlessShape(first.plain);
    }
    let whole = '';
    for (let at = start; at < end; at++) whole += pieces[at]!.plain;
    if (this.isHarmlessWord(whole, start) || hasHarmlessShape(whole)) return true;
    for (let at = start; at < end; at++) {
      const { kind, plain } = pieces[at]!;
      if (kind === 'digits' ? !this.isShortNumber(at) : plain.length > 1 && !this.isHarmlessWord(plain, at))
        return false;
    }
    return true;
  }

  private isHarmlessWord(plain: string, at: number): boolean {
    if (isListedWord(plain) || this.alsoHarmless.has(plain)) return true;
    return NAMES_AMONG_CLINICAL_WORDS.has(plain) && this.hasCompany(at);
  }

  /** "Towne view", "Blalock-Taussig shunt", "Morbus Crohn". */
  private hasCompany(at: number): boolean {
    for (let next = at + 1; next < this.pieces.length && next <= at + 4; next++) {
      const { plain } = this.pieces[next]!;
      if (COMPANY_OF_EPONYMS.has(plain)) return true;
      if (plain !== 's' && !NAMES_AMONG_CLINICAL_WORDS.has(plain)) break;
    }
    const before = this.pieces[at - 1]?.plain;
    return before === 'morbus' || before === 'maladie' || before === 'syndrom';
  }

  /** Up to four digits, or the fraction of a decimal number. */
  private isShortNumber(at: number): boolean {
    const { plain, start } = this.pieces[at]!;
    if (plain.length <= MOST_DIGITS) return true;
    if (plain.length > 9 || at === 0) return false;
    const before = this.pieces[at - 1]!;
    const mark = this.text[start - 1];
    return (
      before.kind === 'digits' &&
      before.end === start - 1 &&
      (mark === '.' || mark === ',') &&
      before.plain.length <= MOST_DIGITS
    );
  }
}
