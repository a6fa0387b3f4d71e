import { type DataElement, type DataSet, valuesOf } from '../dicom/data-set';
import type { Tag } from '../dicom/tag';
import { VALUE_REPRESENTATIONS, type VR } from '../dicom/vr';
import type { VerificationFinding } from './finding';
import { fold, wordsIn } from './folding';
import { STRUCTURAL } from './identifier-attributes';
import { findUID, headOf, isAmongText, isPartOfDecimal, NeedleSearch, wideText } from './needle-search';
import type { Needle } from './needles';
import { WORDS_OF_MEANINGS } from './ordinary-words';
import type { Place } from './place';
import { type SeriesIdentifiers, type SourceIdentifiers, vrOf } from './source-identifiers';
import { uidsOf } from './uid-text';

const CODE_MEANING: Tag = 0x00080104;
const CODING_SCHEME_DESIGNATOR: Tag = 0x00080102;
const CODE_VALUES: ReadonlySet<Tag> = new Set([0x00080100, 0x00080119, 0x00080120]);
/** Schemes whose codes and meanings somebody published (PS3.16 8, Table 8-1): no place for a name of this patient. */
const PUBLISHED_SCHEMES: ReadonlySet<string> = new Set(
  'DCM SCT SRT SNM3 LN UCUM RADLEX FMA MDC UMLS NCIt I9 I9C I10 I10P ICDO3 ISO3166_1 RFC5646 RFC3066 ISO639_1 ISO639_2 CPT4 C4 ACR BI IBSI PUBCHEM_CID UNS NDC RXNORM ITIS_TSN IHERADTF'.split(
    ' ',
  ),
);

/** Bytes of a Code Meaning (LO, 64 characters), generously. */
const LONGEST_MEANING = 512;

/** Digits that a number, a date or a UID component rarely has by chance. */
const TELLING_DIGITS = 7;
const TELLING_DIGITS_OF_A_TIME = 9;
/** Letters that random bytes rarely spell: with neighbours that are no text, fewer do not count. */
const TELLING_LETTERS = 6;
/** Numbers of fewer bytes hold no text, unless every byte of them looks like it. */
const SHORTEST_TEXT_IN_NUMBERS = 16;
/** Longer ones hold no text that would have to be decoded; their bytes are searched all the same. */
const MOST_DECODED = 1024 * 1024;

const TIMES: ReadonlySet<VR> = new Set<VR>(['DA', 'TM', 'DT', 'AS']);
const NUMBERS: ReadonlySet<VR> = new Set<VR>(['DS', 'IS']);

const MANUFACTURER: Tag = 0x00080070;
/** Manufacturer, Manufacturer's Model Name: in no row of Table E.1-1. */
const MAKER: ReadonlySet<Tag> = new Set([0x00080070, 0x00081090]);
const OF_A_PLACE: ReadonlySet<string> = new Set(['organization', 'device']);

export interface SearchTerms {
  readonly source: SourceIdentifiers;
  /** Folded values that are meant to be there. */
  readonly meant: ReadonlySet<string>;
  /** Dates stand where they stood, or moved: a birth date in a date attribute tells nothing. */
  readonly datesKept: boolean;
}

/** Searches every value of a header, at every depth, whatever its attribute. */
export class ResidualSearch {
  readonly #search = new NeedleSearch();
  #terms!: SearchTerms;
  #findings: VerificationFinding[] = [];
  #place!: Place;
  #element!: DataElement;
  #owner!: DataSet;
  #vr!: VR;
  #asBytes = false;
  #exempt: { readonly element: DataElement; readonly is: boolean } | undefined;
  #filled: { readonly series: SeriesIdentifiers; readonly meant: ReadonlySet<string> } | undefined;
  /** How the UIDs of the source begin: those of the result mostly do not. */
  readonly #heads = new Set<number>();
  #shortest = 0;
  readonly #counts = (needle: Needle, bytes: Uint8Array, from: number, to: number): boolean =>
    this.#tells(needle, bytes, from, to);

  /** The places of `result` that hold an identifier of the source, one finding for each. */
  run(result: DataSet, terms: SearchTerms, place: Place): VerificationFinding[] {
    this.#terms = terms;
    this.#findings = [];
    this.#exempt = undefined;
    this.#place = place;
    this.#fill(terms);
    this.#heads.clear();
    for (const uid of terms.source.uids) this.#heads.add(headOf(uid));
    this.#shortest = Math.min(this.#search.shortest, terms.source.shortestUID);
    if (
      this.#shortest !== Number.POSITIVE_INFINITY ||
      terms.source.weakNames.size > 0 ||
      terms.source.weakValues.size > 0
    ) {
      this.#walk(result);
    }
    return this.#findings;
  }

  /** The instance before mostly was of the same series, and the same is looked for. */
  #fill({ source, meant }: SearchTerms): void {
    if (this.#filled?.series === source.series && sameValues(this.#filled.meant, meant)) return;
    this.#filled = undefined;
    this.#search.empty();
    // What equals a value that is meant to be there cannot be told from it.
    this.#search.fill([...source.needles].filter((needle) => !meant.has(textOf(needle))));
    this.#filled = { series: source.series, meant };
  }

  #walk(dataSet: DataSet): void {
    const { source } = this.#terms;
    for (const element of dataSet.elements) {
      const { tag, items } = element;
      if (items !== null) {
        for (let n = 0; n < items.length; n += 1) {
          this.#place.enter(tag, n);
          this.#walk(items[n]!);
          this.#place.leave();
        }
        continue;
      }
      const { length } = element;
      if (length === 0 || element.elided) continue;
      this.#element = element;
      this.#owner = dataSet;
      const vr = element.vr === 'UN' ? vrOf(element) : element.vr;
      this.#vr = vr;
      let kind = this.#inPlace(element, dataSet, source);
      if (kind === undefined && length >= this.#shortest) kind = this.#inBytes(element, dataSet, vr);
      if (kind !== undefined) {
        this.#findings.push({ path: this.#place.path(tag), rule: `residual ${kind}`, severity: 'hold' });
      }
    }
  }

  /** What counts only where such a value belongs. */
  #inPlace(element: DataElement, owner: DataSet, source: SourceIdentifiers): string | undefined {
    const { weakNames, weakValues } = source;
    if (this.#vr === 'PN') {
      if (weakNames.size === 0) return undefined;
      const names = valuesOf(element, owner).filter((name) => !this.#terms.meant.has(fold(name)));
      return names.some((name) => wordsIn(fold(name)).some((word) => weakNames.has(word))) ? 'person name' : undefined;
    }
    const weak = weakValues.size === 0 ? undefined : weakValues.get(element.tag);
    if (weak === undefined) return undefined;
    const values = valuesOf(element, owner).map(fold);
    return values.some((value) => weak.has(value) && !this.#terms.meant.has(value)) ? 'identifier' : undefined;
  }

  #inBytes(element: DataElement, owner: DataSet, vr: VR): string | undefined {
    const { tag } = element;
    if (vr === 'UI' && STRUCTURAL.has(tag)) return undefined;
    const { source } = this.#terms;
    const traits = VALUE_REPRESENTATIONS[vr];
    const bytes = element.bytes();
    if (traits.kind === 'number' && bytes.length < SHORTEST_TEXT_IN_NUMBERS && !maySpell(bytes)) return undefined;
    const isText = traits.kind === 'text';
    if (vr === 'UI' && source.shortestUID < source.shortestUIDInText) {
      for (const uid of uidsOf(element)) if (source.uids.has(uid)) return 'UID';
    }
    if (
      bytes.length >= source.shortestUIDInText &&
      findUID(bytes, source.uids, source.shortestUIDInText, this.#heads)
    ) {
      return 'UID';
    }
    if (bytes.length < 2) return undefined;
    this.#asBytes = !isText;
    const found = this.#search.find(bytes, isText, this.#counts);
    if (found !== undefined) return found.kind;
    if (
      this.#search.extended &&
      bytes.length <= MOST_DECODED &&
      (isText ? traits.extendedCharacters : traits.unit === 1)
    ) {
      const decoded = this.#decoded(element, owner, vr, bytes, isText);
      if (decoded !== undefined) return decoded;
    }
    // NUL is padding of text, and stands within it only where each character takes two bytes.
    const zero = bytes.indexOf(0);
    if (zero < 0 || (isText && zero >= bytes.length - 2)) return undefined;
    const wide = wideText(bytes);
    if (wide === undefined) return undefined;
    this.#asBytes = false;
    if (findUID(wide, source.uids, source.shortestUIDInText, this.#heads)) return 'UID';
    return this.#search.find(wide, true, this.#counts)?.kind;
  }

  /** Text of an attribute in its own character set; of other bytes, in that of the instance. */
  #decoded(element: DataElement, owner: DataSet, vr: VR, bytes: Uint8Array, isText: boolean): string | undefined {
    const text = isText ? valuesOf(element, owner).join('\\') : owner.characterSet.decode(bytes, 'UT');
    this.#asBytes = !isText;
    const folded = Buffer.from(fold(vr === 'PN' ? text.replace(/[\^=]/g, ' ') : text), 'utf8');
    return folded.length < 2 ? undefined : this.#search.find(folded, isText, this.#counts)?.kind;
  }

  /** Whether a match in this attribute says what the needle says, or is a number, a code or noise of the same look. */
  #tells(needle: Needle, bytes: Uint8Array, from: number, to: number): boolean {
    const vr = this.#vr;
    const { tag } = this.#element;
    if (needle.kind === 'birth date') {
      if (vr === 'UI' || (this.#terms.datesKept && TIMES.has(vr))) return false;
    } else if (needle.digits > 0) {
      if (TIMES.has(vr)) {
        if (needle.digits < TELLING_DIGITS_OF_A_TIME) return false;
      } else if (NUMBERS.has(vr)) {
        if (needle.digits < TELLING_DIGITS || isPartOfDecimal(bytes, from, to)) return false;
      } else if (needle.digits < TELLING_DIGITS) {
        if (vr === 'UI' || isPartOfDecimal(bytes, from, to)) return false;
      }
    }
    if (this.#asBytes) {
      const short = needle.digits > 0 ? needle.digits < TELLING_DIGITS : needle.bytes.length < TELLING_LETTERS;
      if (short && !isAmongText(bytes, from, to)) return false;
    }
    if ((tag === CODE_MEANING || CODE_VALUES.has(tag)) && this.#isPublishedCode()) {
      // Codes are made of digits and letters as identifiers are; of persons' names only meanings are (eponyms).
      const isName = needle.kind === 'person name' && !/\d/.test(textOf(needle));
      if (!isName && (CODE_VALUES.has(tag) || OF_A_PLACE.has(needle.kind))) return false;
      if (isName && tag === CODE_MEANING && needle.oneWord && this.#isClinical()) return false;
    }
    if (
      MAKER.has(tag) &&
      (needle.kind === 'person name' ? needle.oneWord || /\d/.test(textOf(needle)) : OF_A_PLACE.has(needle.kind))
    ) {
      // A maker that is its own institution, a station or phantom called after the model: the value says nothing more.
      if (needle.kind === 'person name' && !needle.oneWord) return false;
      if (isWholeValue(bytes, from, to)) return false;
      // com.maker.product: the institution beside it is the maker.
      const makers = tag === MANUFACTURER ? [] : this.#owner.strings(MANUFACTURER);
      if (makers.some((maker) => fold(maker) === textOf(needle))) return false;
    }
    return !this.#isExempt();
  }

  /** A meaning with an eponym in it has clinical words, too; a name alone is no meaning, nor are two names eponyms. */
  #isClinical(): boolean {
    if (this.#element.length > LONGEST_MEANING) return false;
    const words = new Set(valuesOf(this.#element, this.#owner).flatMap((value) => wordsIn(fold(value))));
    let clinical = false;
    for (const word of words) {
      if (!WORDS_OF_MEANINGS.has(word)) continue;
      clinical = true;
      words.delete(word);
    }
    if (!clinical) return false;
    let names = 0;
    for (const needle of this.#terms.source.needles) {
      if (needle.kind === 'person name' && needle.oneWord && words.has(textOf(needle))) names += 1;
    }
    return names < 2;
  }

  #isPublishedCode(): boolean {
    const scheme = this.#owner.string(CODING_SCHEME_DESIGNATOR);
    return scheme !== undefined && PUBLISHED_SCHEMES.has(scheme);
  }

  /** Asked for each hit: a long value may have thousands, and is looked at once. */
  #isExempt(): boolean {
    if (this.#exempt?.element !== this.#element) {
      const { meant, source } = this.#terms;
      const kept = source.keptValues.get(this.#element.tag);
      const is = (meant.size > 0 && this.#isOneOf(meant)) || (kept !== undefined && this.#isOneOf(kept));
      this.#exempt = { element: this.#element, is };
    }
    return this.#exempt.is;
  }

  /**
   * The whole value is a pseudonym, and they may look like what they stand for; or it is a value that this attribute
   * keeps, such as a station that bears the name of a person.
   */
  #isOneOf(folded: ReadonlySet<string>): boolean {
    const values = valuesOf(this.#element, this.#owner);
    return values.length > 0 && values.every((value) => folded.has(fold(value)));
  }
}

function textOf(needle: Needle): string {
  return Buffer.from(needle.bytes).toString('utf8');
}

/** Letters, signs and NUL, as text has them in one or two bytes a character: no number that is likely. */
function maySpell(bytes: Uint8Array): boolean {
  let letters = 0;
  for (const byte of bytes) {
    if ((byte < 0x20 && byte !== 0) || byte === 0x7f) return false;
    const folded = byte | 0x20;
    if (folded >= 0x61 && folded <= 0x7a) letters += 1;
  }
  return letters >= 3;
}

/** But for padding. */
function isWholeValue(bytes: Uint8Array, from: number, to: number): boolean {
  const padding = (byte: number): boolean => byte === 0x20 || byte === 0;
  return bytes.subarray(0, from).every(padding) && bytes.subarray(to).every(padding);
}

function sameValues(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  if (some.size !== others.size) return false;
  for (const each of some) if (!others.has(each)) return false;
  return true;
}
