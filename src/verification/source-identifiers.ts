import type { CharacterSet } from '../dicom/character-set';
import { type DataElement, type DataSet, valuesOf } from '../dicom/data-set';
import { everyTag, lookUp } from '../dicom/dictionary';
import type { Tag } from '../dicom/tag';
import { isWellKnown } from '../dicom/uid';
import { VALUE_REPRESENTATIONS, type VR } from '../dicom/vr';
import { fold, isASCII } from './folding';
import { type IdentifierKind, KIND_OF, STRUCTURAL } from './identifier-attributes';
import { type Identifier, identifierOf, type Needle } from './needles';
import { sameBytes, uidsOf } from './uid-text';

const CODE_VALUES: ReadonlySet<Tag> = new Set([0x00080100, 0x00080119, 0x00080120]);
const CODE_MEANING: Tag = 0x00080104;
const PERSON_IDENTIFICATION_CODE_SEQUENCE: Tag = 0x00401101;
const INSTITUTION_CODE_SEQUENCE: Tag = 0x00080082;
const INSTITUTION_ADDRESS: Tag = 0x00080081;
/** Device UID, Manufacturer's Device Class UID: of Retain UIDs and of Retain Device Identity (Table E.1-1). */
export const DEVICE_UIDS: ReadonlySet<Tag> = new Set([0x00181002, 0x0018100b]);
/** Codes of who and where: what they say is a name (PS3.3 10.1, Table 10-1). */
const CODED_IDENTITIES: ReadonlyMap<Tag, IdentifierKind> = new Map([
  [PERSON_IDENTIFICATION_CODE_SEQUENCE, 'person name'],
  [INSTITUTION_CODE_SEQUENCE, 'organization'],
]);

/** A name stays one in whatever VR it came. */
const NAMES: ReadonlySet<Tag> = new Set([...everyTag()].flatMap(([tag]) => (lookUp(tag)?.vr === 'PN' ? [tag] : [])));

/** A UID of fewer characters looks like a version number: it counts only where UIDs stand. */
const SHORTEST_UID_IN_TEXT = 12;
/** Values met in one run: those of a patient, a clinic and its staff come again with every instance. */
const REMEMBERED = 1024;
/** Longer ones are no name or number, and many of them would fill the memory. */
const LONGEST_REMEMBERED = 256;

/** What is kept on purpose, for it is no leak there. */
export interface Kept {
  readonly uids: boolean;
  readonly device: boolean;
  readonly institution: boolean;
  /** Attributes that the project keeps by name. */
  readonly attributes: ReadonlySet<Tag>;
}

/** What one element says of who and where. */
interface Entry {
  readonly tag: Tag;
  readonly within: IdentifierKind | undefined;
  /** A copy: what was read may lie in bytes that are used again. */
  readonly raw: Uint8Array;
  readonly characterSet: CharacterSet;
  readonly needles: readonly Needle[];
  readonly weakNames: readonly string[];
  readonly weakValues: readonly string[];
  /** Values kept on purpose. */
  readonly kept: readonly string[];
}

interface UIDEntry {
  readonly tag: Tag;
  readonly structural: boolean;
  readonly raw: Uint8Array;
  readonly uids: readonly string[];
}

/** All but the UIDs: the same for all instances of a series. */
export interface SeriesIdentifiers {
  readonly needles: ReadonlySet<Needle>;
  /** Words that count only in names of persons. Folded. */
  readonly weakNames: ReadonlySet<string>;
  /** Values that count only where the source had them. Folded. */
  readonly weakValues: ReadonlyMap<Tag, ReadonlySet<string>>;
  /** Folded values of what is kept, by the attribute that keeps them: they tell nothing there, and only there. */
  readonly keptValues: ReadonlyMap<Tag, ReadonlySet<string>>;
}

export interface SourceIdentifiers extends SeriesIdentifiers {
  /** Identical to that of the instance before where nothing but UIDs differs. */
  readonly series: SeriesIdentifiers;
  readonly uids: ReadonlySet<string>;
  /** Lengths of the shortest UID, and of the shortest that is looked for in text. */
  readonly shortestUID: number;
  readonly shortestUIDInText: number;
}

/** Finds the identifiers of an instance in its header. Its only state is what it remembers to be quick. */
export class IdentifierCollector {
  readonly #kept: Kept;
  readonly #remembered = new Map<string, Identifier>();
  /** What was found in the instance before, in order: the next of the series mostly has the same. */
  #before: { readonly entries: readonly Entry[]; readonly series: SeriesIdentifiers } | undefined;
  #entries: Entry[] = [];
  #uidsBefore: readonly UIDEntry[] = [];
  #uidEntries: UIDEntry[] = [];

  constructor(kept: Kept) {
    this.#kept = kept;
  }

  collect(source: DataSet): SourceIdentifiers {
    this.#entries = [];
    this.#uidEntries = [];
    this.#walk(source, undefined);
    this.#uidsBefore = this.#uidEntries;
    const uids = new Set<string>();
    for (const entry of this.#uidEntries) if (!entry.structural) for (const uid of entry.uids) uids.add(uid);
    for (const entry of this.#uidEntries) if (entry.structural) for (const uid of entry.uids) uids.delete(uid);
    let shortestUID = Number.POSITIVE_INFINITY;
    let shortestUIDInText = Number.POSITIVE_INFINITY;
    for (const { length } of uids) {
      if (length < shortestUID) shortestUID = length;
      if (length >= SHORTEST_UID_IN_TEXT && length < shortestUIDInText) shortestUIDInText = length;
    }
    const series = this.#series();
    return { ...series, series, uids, shortestUID, shortestUIDInText };
  }

  #series(): SeriesIdentifiers {
    const entries = this.#entries;
    const before = this.#before;
    if (before?.entries.length === entries.length && entries.every((entry, at) => entry === before.entries[at])) {
      return before.series;
    }
    const series = {
      needles: new Set<Needle>(),
      weakNames: new Set<string>(),
      weakValues: new Map<Tag, Set<string>>(),
      keptValues: new Map<Tag, Set<string>>(),
    };
    for (const entry of entries) {
      for (const needle of entry.needles) series.needles.add(needle);
      for (const word of entry.weakNames) series.weakNames.add(word);
      addTo(series.keptValues, entry.tag, entry.kept);
      addTo(series.weakValues, entry.tag, entry.weakValues);
    }
    this.#before = { entries, series };
    return series;
  }

  #walk(dataSet: DataSet, within: IdentifierKind | undefined): void {
    for (const element of dataSet.elements) {
      const { tag, items } = element;
      if (items !== null) {
        for (const item of items) this.#walk(item, CODED_IDENTITIES.get(tag));
        continue;
      }
      const vr = element.vr === 'UN' ? vrOf(element) : element.vr;
      if (vr === 'UI') {
        this.#addUIDs(element);
        continue;
      }
      const isName = vr === 'PN' || (NAMES.has(tag) && VALUE_REPRESENTATIONS[vr].kind === 'text');
      const kind = isName ? 'person name' : within === undefined ? KIND_OF.get(tag) : codedIdentity(tag, within);
      if (kind === undefined || element.elided || element.length === 0) continue;
      const before = this.#before?.entries[this.#entries.length];
      const isSame =
        before?.tag === tag &&
        before.within === within &&
        before.characterSet === dataSet.characterSet &&
        sameBytes(before.raw, element.bytes());
      this.#entries.push(isSame ? before : this.#entry(kind, within, element, dataSet));
    }
  }

  #entry(kind: IdentifierKind, within: IdentifierKind | undefined, element: DataElement, owner: DataSet): Entry {
    const values = valuesOf(element, owner).filter((value) => value !== '');
    const { characterSet } = owner;
    const entry: Entry = {
      tag: element.tag,
      within,
      raw: element.bytes().slice(),
      characterSet,
      needles: [],
      weakNames: [],
      weakValues: [],
      kept: [],
    };
    if (this.#isKept(kind, element.tag)) return { ...entry, kept: values.map(fold) };
    const identifiers = values.map((value) => this.#identifier(kind, value, characterSet));
    const needles = identifiers.flatMap((identifier) => identifier.needles);
    if (kind === 'person name') return { ...entry, needles, weakNames: identifiers.flatMap(({ weak }) => weak) };
    return { ...entry, needles, weakValues: values.filter((_, at) => identifiers[at]!.weak.length > 0).map(fold) };
  }

  #identifier(kind: IdentifierKind, value: string, characterSet: CharacterSet): Identifier {
    if (value.length > LONGEST_REMEMBERED) return identifierOf(kind, value, characterSet);
    const key = isASCII(value) ? `${kind}\\${value}` : `${kind}\\${value}\\${characterSet.values.join('\\')}`;
    let identifier = this.#remembered.get(key);
    if (identifier === undefined) {
      identifier = identifierOf(kind, value, characterSet);
      if (this.#remembered.size >= REMEMBERED) this.#remembered.clear();
      this.#remembered.set(key, identifier);
    }
    return identifier;
  }

  /** PS3.15 E.3.9 note: UIDs that DICOM registered name no instance. */
  #addUIDs(element: DataElement): void {
    const { tag } = element;
    if (element.elided || element.length === 0) return;
    const structural = STRUCTURAL.has(tag);
    if (!structural && this.#isUIDKept(tag)) return;
    const before = this.#uidsBefore[this.#uidEntries.length];
    const bytes = element.bytes();
    if (before?.tag === tag && sameBytes(before.raw, bytes)) {
      this.#uidEntries.push(before);
    } else {
      const uids = uidsOf(element).filter((uid) => uid !== '' && !isWellKnown(uid));
      this.#uidEntries.push({ tag, structural, raw: bytes.slice(), uids });
    }
  }

  #isUIDKept(tag: Tag): boolean {
    const { uids, device, attributes } = this.#kept;
    return uids || attributes.has(tag) || (device && DEVICE_UIDS.has(tag));
  }

  #isKept(kind: IdentifierKind, tag: Tag): boolean {
    const kept = this.#kept;
    if (kept.attributes.has(tag)) return true;
    switch (kind) {
      case 'device':
        return kept.device;
      case 'organization':
        return kept.institution;
      case 'address':
        return kept.institution && tag === INSTITUTION_ADDRESS;
      default:
        return false;
    }
  }
}

function addTo(valuesByTag: Map<Tag, Set<string>>, tag: Tag, more: readonly string[]): void {
  if (more.length === 0) return;
  const values = valuesByTag.get(tag);
  if (values === undefined) valuesByTag.set(tag, new Set(more));
  else for (const value of more) values.add(value);
}

function codedIdentity(tag: Tag, within: IdentifierKind): IdentifierKind | undefined {
  if (tag === CODE_MEANING) return within;
  return CODE_VALUES.has(tag) ? 'identifier' : KIND_OF.get(tag);
}

/** As stored; of UN, as the dictionary has it (PS3.5 6.2.2). */
export function vrOf(element: DataElement): VR {
  return element.vr === 'UN' ? (lookUp(element.tag)?.vr ?? 'UN') : element.vr;
}
