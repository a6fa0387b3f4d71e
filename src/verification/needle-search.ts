import type { Edges, Needle } from './needles';
import { isOrdinary } from './ordinary-words';
import { latin1 } from './uid-text';

/** Lower case of ASCII letters; other bytes as they are. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));
const MOST_SEPARATORS = 4;
const SPACE = 0x20;
/** Letters of a name that count also within a word, if it is none of the trade: SMITHERSHEAD, not the west in western. */
const LONG_NAME = 7;
/** Letters looked at to either side of one. */
const LONGEST_WORD = 24;

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isLetter(byte: number, beyondASCII: boolean): boolean {
  const folded = byte | 0x20;
  return (folded >= 0x61 && folded <= 0x7a) || (beyondASCII && byte >= 0x80);
}

/** What may stand between words: anything but letters, digits and the backslash between values. */
function isSeparator(byte: number): boolean {
  return byte < 0x80 && byte !== 0x5c && !isDigit(byte) && !isLetter(byte, false);
}

/** Where a needle was found: the bytes and the piece of them. */
export type Judge = (needle: Needle, bytes: Uint8Array, from: number, to: number) => boolean;

/**
 * Looks for all needles in one go, by their first two bytes. Filled for one instance, used for each of its values,
 * emptied: the table of 65,536 places is made once.
 */
export class NeedleSearch {
  readonly #heads = new Int32Array(65536);
  readonly #next: number[] = [0];
  readonly #needles: (Needle | undefined)[] = [undefined];
  readonly #anchors: number[] = [0];
  /** The last value searched had bytes beyond ASCII, or an escape sequence: it has to be decoded to be read. */
  extended = false;
  /** No value shorter than this can hold a needle. */
  shortest = Number.POSITIVE_INFINITY;

  fill(needles: Iterable<Needle>): void {
    for (const needle of needles) {
      const { bytes } = needle;
      const anchor = anchorOf(bytes);
      if (anchor < 0) continue;
      const key = keyAt(bytes, anchor);
      this.#anchors.push(anchor);
      this.#needles.push(needle);
      this.#next.push(this.#heads[key]!);
      this.#heads[key] = this.#needles.length - 1;
      if (bytes.length < this.shortest) this.shortest = bytes.length;
    }
  }

  empty(): void {
    for (let at = 1; at < this.#needles.length; at += 1) {
      this.#heads[keyAt(this.#needles[at]!.bytes, this.#anchors[at]!)] = 0;
    }
    this.#anchors.length = 1;
    this.#needles.length = 1;
    this.#next.length = 1;
    this.shortest = Number.POSITIVE_INFINITY;
  }

  /** The first needle that the judge lets count. `letters`: bytes beyond ASCII are letters, as in text. */
  find(bytes: Uint8Array, letters: boolean, counts: Judge): Needle | undefined {
    const heads = this.#heads;
    let before = FOLDED[bytes[0]!]!;
    let seen = before;
    let escaped = before === 0x1b;
    let found: Needle | undefined;
    for (let at = 1; at < bytes.length; at += 1) {
      const byte = FOLDED[bytes[at]!]!;
      seen |= byte;
      if (byte === 0x1b) escaped = true;
      let index = heads[(before << 8) | byte]!;
      before = byte;
      while (index !== 0) {
        const needle = this.#needles[index]!;
        const anchor = this.#anchors[index]!;
        const start = anchor === 0 ? at - 1 : startOfMatch(needle.bytes, anchor, bytes, at - 1);
        const end = start < 0 ? -1 : endOfMatch(needle.bytes, anchor, bytes, at - 1);
        if (end > 0 && isFree(needle, bytes, start, end, letters) && counts(needle, bytes, start, end)) {
          found = needle;
          break;
        }
        index = this.#next[index]!;
      }
      if (found !== undefined) break;
    }
    this.extended = escaped || seen >= 0x80;
    return found;
  }
}

/** Where two bytes stand side by side whatever the separators: it is found by these. -1 where none do. */
function anchorOf(needle: Uint8Array): number {
  for (let at = 0; at + 1 < needle.length; at += 1) if (needle[at] !== SPACE && needle[at + 1] !== SPACE) return at;
  return -1;
}

function keyAt(needle: Uint8Array, anchor: number): number {
  return (needle[anchor]! << 8) | needle[anchor + 1]!;
}

/** Start of the match whose anchor is at `from`, or -1. */
function startOfMatch(needle: Uint8Array, anchor: number, bytes: Uint8Array, from: number): number {
  let at = from;
  for (let n = anchor - 1; n >= 0; n -= 1) {
    if (needle[n] === SPACE) {
      const end = at;
      while (at > 0 && end - at < MOST_SEPARATORS && isSeparator(bytes[at - 1]!)) at -= 1;
      if (at === end) return -1;
    } else {
      if (at === 0 || FOLDED[bytes[at - 1]!] !== needle[n]) return -1;
      at -= 1;
    }
  }
  return at;
}

/** End of the match whose anchor is at `from`, or -1. */
function endOfMatch(needle: Uint8Array, anchor: number, bytes: Uint8Array, from: number): number {
  let at = from;
  for (let n = anchor; n < needle.length; n += 1) {
    const wanted = needle[n]!;
    if (wanted === SPACE) {
      const start = at;
      while (at < bytes.length && at - start < MOST_SEPARATORS && isSeparator(bytes[at]!)) at += 1;
      if (at === start) return -1;
    } else {
      if (at >= bytes.length || FOLDED[bytes[at]!] !== wanted) return -1;
      at += 1;
    }
  }
  return at;
}

function isFree(needle: Needle, bytes: Uint8Array, from: number, to: number, letters: boolean): boolean {
  const before = from === 0 ? SPACE : bytes[from - 1]!;
  const after = to >= bytes.length ? SPACE : bytes[to]!;
  switch (needle.edges as Edges) {
    case 'none':
      return true;
    case 'letters':
      return (
        (!isLetter(before, letters) && !isLetter(after, letters)) ||
        (needle.oneWord && to - from >= LONG_NAME && !isOrdinary(wordAround(bytes, from, to)))
      );
    case 'whole':
      return !isLetter(before, letters) && !isLetter(after, letters) && !isDigit(before) && !isDigit(after);
    case 'leading digit':
      return !isDigit(before);
    case 'digits':
      return !(isDigit(before) && isDigit(bytes[from]!)) && !(isDigit(after) && isDigit(bytes[to - 1]!));
  }
}

/** The run of letters of which this is a part. */
function wordAround(bytes: Uint8Array, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start > 0 && from - start < LONGEST_WORD && isLetter(bytes[start - 1]!, false)) start -= 1;
  while (end < bytes.length && end - to < LONGEST_WORD && isLetter(bytes[end]!, false)) end += 1;
  return latin1(bytes.subarray(start, end)).toLowerCase();
}

/** A number of which this is a part: 0.12345 is not the identifier 12345. */
export function isPartOfDecimal(bytes: Uint8Array, from: number, to: number): boolean {
  const point = (byte: number | undefined): boolean => byte === 0x2e || byte === 0x2c;
  return (point(bytes[from - 1]) && isDigit(bytes[from - 2] ?? 0)) || (point(bytes[to]) && isDigit(bytes[to + 1] ?? 0));
}

/** Text, as far as a few bytes around tell. */
export function isAmongText(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = Math.max(0, from - 4); at < Math.min(bytes.length, to + 4); at += 1) {
    const byte = bytes[at]!;
    if (!(byte >= 0x20 && byte < 0x7f) && byte !== 0 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return false;
  }
  return true;
}

/** Text of two bytes a character, of either order, that lies in other bytes; undefined where there is none. */
export function wideText(bytes: Uint8Array): Uint8Array | undefined {
  const found: number[] = [];
  for (let at = 0; at + 1 < bytes.length; at += 1) {
    if (!isPrintable(bytes[at]!) || bytes[at + 1] !== 0) continue;
    const start = found.length;
    while (at < bytes.length && isPrintable(bytes[at]!)) {
      found.push(bytes[at]!);
      if (bytes[at + 1] !== 0) break;
      at += 2;
    }
    if (found.length - start < 4) found.length = start;
    else found.push(0x0a);
  }
  return found.length === 0 ? undefined : Uint8Array.from(found);
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}

/** The first four characters as a number. */
export function headOf(uid: string): number {
  return (
    ((uid.charCodeAt(0) & 0xff) << 24) |
    ((uid.charCodeAt(1) & 0xff) << 16) |
    ((uid.charCodeAt(2) & 0xff) << 8) |
    (uid.charCodeAt(3) & 0xff)
  );
}

/**
 * Runs of digits and dots that are, or begin with, one of these UIDs: 1.2.3.4 is found in 1.2.3.4.1, not in 1.2.3.45.
 * `heads`: how these begin.
 */
export function findUID(
  bytes: Uint8Array,
  uids: ReadonlySet<string>,
  shortest: number,
  heads: ReadonlySet<number>,
): boolean {
  let start = -1;
  for (let at = 0; at <= bytes.length; at += 1) {
    const byte = at < bytes.length ? bytes[at]! : 0;
    if ((byte >= 0x30 && byte <= 0x39) || byte === 0x2e) {
      if (start < 0) start = at;
    } else if (start >= 0) {
      if (at - start >= shortest) {
        const head = (bytes[start]! << 24) | (bytes[start + 1]! << 16) | (bytes[start + 2]! << 8) | bytes[start + 3]!;
        if (heads.has(head) && isOneOf(latin1(bytes.subarray(start, at)), uids, shortest)) return true;
      }
      start = -1;
    }
  }
  return false;
}

function isOneOf(run: string, uids: ReadonlySet<string>, shortest: number): boolean {
  if (uids.has(run)) return true;
  for (let dot = run.indexOf('.', shortest); dot >= 0; dot = run.indexOf('.', dot + 1)) {
    if (uids.has(run.slice(0, dot))) return true;
  }
  return false;
}
