import { type DataElement, type DataSet, valuesOf } from '../dicom/data-set';
import type { Tag } from '../dicom/tag';
import { VALUE_REPRESENTATIONS, type VR } from '../dicom/vr';
import type { VerificationFinding } from './finding';
import { fold, wordsIn } from './folding';
import { STRUCTURAL } from './identifier-attributes';
import { findUID, isAmongText, isPartOfDecimal, NeedleSearch, wideText } from './needle-search';
import type { Needle } from './needles';
import type { Place } from './place';
import { type SourceIdentifiers, vrOf } from './source-identifiers';

const CODE_MEANING: Tag = 0x00080104;
const CODING_SCHEME_DESIGNATOR: Tag = 0x00080102;
const CODE_VALUES: ReadonlySet<Tag> = new Set([0x00080100, 0x00080119, 0x00080120]);
/** Schemes whose codes and meanings somebody published (PS3.16 8, Table 8-1): no place for a name of this patient. */
const PUBLISHED_SCHEMES: ReadonlySet<string> = new Set(
  'DCM SCT SRT SNM3 LN UCUM RADLEX FMA MDC UMLS NCIt I9 I9C I10 I10P ICDO3 ISO3166_1 RFC5646 RFC3066 ISO639_1 ISO639_2 CPT4 C4 ACR BI IBSI PUBCHEM_CID UNS NDC RXNORM ITIS_TSN IHERADTF'.split(
    ' ',
  ),
);

/** Digits that a number, a date or a UID component rarely has by chance. */
const TELLING_DIGITS = 7;
const TELLING_DIGITS_OF_A_TIME = 9;
/** Letters that random bytes rarely spell: with neighbours that are no text, fewer do not count. */
const TELLING_LETTERS = 6;
/** Longer ones hold no text that would have to be decoded; their bytes are searched all the same. */
const MOST_DECODED = 1024 * 1024;

const TIMES: ReadonlySet<VR> = new Set<VR>(['DA', 'TM', 'DT', 'AS']);
const NUMBERS: ReadonlySet<VR> = new Set<VR>(['DS', 'IS']);

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
  readonly #counts = (needle: Needle, bytes: Uint8Array, from: number, to: number): boolean =>
    this.#tells(needle, bytes, from, to);

  /** The places of `result` that hold an identifier of the source, one finding for each. */
  run(result: DataSet, terms: SearchTerms, place: Place): VerificationFinding[] {
    this.#terms = terms;
    this.#findings = [];
    this.#place = place;
    if (terms.source.isEmpty) return this.#findings;
    try {
      this.#search.fill(this.#looked(terms));
      this.#walk(result);
    } finally {
      this.#search.empty();
    }
    return this.#findings;
  }

  /** What equals a value that is kept on purpose cannot be told from it. */
  *#looked({ source, meant }: SearchTerms): Generator<Needle> {
    for (const needle of source.needles) {
      if (source.keptValues.size > 0 || meant.size > 0) {
        const text = Buffer.from(needle.bytes).toString('utf8');
        if (source.keptValues.has(text) || meant.has(text)) continue;
      }
      yield needle;
    }
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
      const kind =
        this.#inPlace(element, dataSet, source) ??
        (length < 4 && length < this.#search.shortest ? undefined : this.#inBytes(element, dataSet, vr));
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
    const isText = traits.kind === 'text';
    if (vr === 'UI') {
      for (const uid of valuesOf(element, owner)) if (source.uids.has(uid)) return 'UID';
    }
    if (bytes.length >= source.shortestUID && findUID(bytes, source.uids, source.shortestUID)) return 'UID';
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
    if (isText || !bytes.includes(0)) return undefined;
    const wide = wideText(bytes);
    if (wide === undefined) return undefined;
    this.#asBytes = false;
    if (wide.length >= source.shortestUID && findUID(wide, source.uids, source.shortestUID)) return 'UID';
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
      if (CODE_VALUES.has(tag) || needle.oneWord || needle.kind === 'organization' || needle.kind === 'device')
        return false;
    }
    return this.#terms.meant.size === 0 || !this.#isMeant();
  }

  #isPublishedCode(): boolean {
    const scheme = this.#owner.string(CODING_SCHEME_DESIGNATOR);
    return scheme !== undefined && PUBLISHED_SCHEMES.has(scheme);
  }

  /** The value is one of the pseudonyms, and they may look like what they stand for. */
  #isMeant(): boolean {
    const values = valuesOf(this.#element, this.#owner);
    return values.length > 0 && values.every((value) => this.#terms.meant.has(fold(value)));
  }
}
