import type { CharacterSet } from '../dicom/character-set';
import { type DataElement, type DataSet, valuesOf } from '../dicom/data-set';
import { lookUp } from '../dicom/dictionary';
import type { Tag } from '../dicom/tag';
import { isWellKnown } from '../dicom/uid';
import type { VR } from '../dicom/vr';
import { fold, isASCII } from './folding';
import { type IdentifierKind, KIND_OF, STRUCTURAL } from './identifier-attributes';
import { type Identifier, identifierOf, type Needle } from './needles';

const CODE_VALUES: ReadonlySet<Tag> = new Set([0x00080100, 0x00080119, 0x00080120]);
const CODE_MEANING: Tag = 0x00080104;
const PERSON_IDENTIFICATION_CODE_SEQUENCE: Tag = 0x00401101;
const INSTITUTION_CODE_SEQUENCE: Tag = 0x00080082;
const INSTITUTION_ADDRESS: Tag = 0x00080081;
/** Codes of who and where: what they say is a name (PS3.3 10.1, Table 10-1). */
const CODED_IDENTITIES: ReadonlyMap<Tag, IdentifierKind> = new Map([
  [PERSON_IDENTIFICATION_CODE_SEQUENCE, 'person name'],
  [INSTITUTION_CODE_SEQUENCE, 'organization'],
]);

/** A UID of fewer characters looks like a version number: it counts only where UIDs stand. */
const SHORTEST_UID_IN_TEXT = 12;
/** Values met in one run: those of a patient, a clinic and its staff come again with every instance. */
const REMEMBERED = 4096;

/** What is kept on purpose, for it is no leak there. */
export interface Kept {
  readonly uids: boolean;
  readonly device: boolean;
  readonly institution: boolean;
  /** Attributes that the project keeps by name. */
  readonly attributes: ReadonlySet<Tag>;
}

export class SourceIdentifiers {
  readonly needles = new Set<Needle>();
  readonly uids = new Set<string>();
  /** The shortest UID that is looked for in text. */
  shortestUID = Number.POSITIVE_INFINITY;
  /** Words that count only in names of persons. Folded. */
  readonly weakNames = new Set<string>();
  /** Values that count only where the source had them. Folded. */
  readonly weakValues = new Map<Tag, Set<string>>();
  /** Folded values of what is kept. */
  readonly keptValues = new Set<string>();

  get isEmpty(): boolean {
    return this.needles.size === 0 && this.uids.size === 0 && this.weakNames.size === 0 && this.weakValues.size === 0;
  }
}

/** Finds the identifiers of an instance in its header. Without state but for what it remembers to be quick. */
export class IdentifierCollector {
  readonly #kept: Kept;
  readonly #remembered = new Map<string, Identifier>();

  constructor(kept: Kept) {
    this.#kept = kept;
  }

  collect(source: DataSet): SourceIdentifiers {
    const found = new SourceIdentifiers();
    const structural = new Set<string>();
    this.#walk(source, undefined, found, structural);
    for (const uid of structural) found.uids.delete(uid);
    for (const uid of found.uids) {
      if (uid.length >= SHORTEST_UID_IN_TEXT && uid.length < found.shortestUID) found.shortestUID = uid.length;
    }
    return found;
  }

  #walk(dataSet: DataSet, within: IdentifierKind | undefined, found: SourceIdentifiers, structural: Set<string>): void {
    for (const element of dataSet.elements) {
      const { tag, items } = element;
      if (items !== null) {
        for (const item of items) this.#walk(item, CODED_IDENTITIES.get(tag), found, structural);
        continue;
      }
      const vr = vrOf(element);
      if (vr === 'UI') {
        this.#addUIDs(element, dataSet, found, structural);
        continue;
      }
      const kind = vr === 'PN' ? 'person name' : within === undefined ? KIND_OF.get(tag) : codedIdentity(tag, within);
      if (kind === undefined || element.elided || element.length === 0) continue;
      if (this.#isKept(kind, tag)) {
        for (const value of valuesOf(element, dataSet)) found.keptValues.add(fold(value));
        continue;
      }
      for (const value of valuesOf(element, dataSet)) {
        if (value !== '') this.#add(kind, tag, value, dataSet.characterSet, found);
      }
    }
  }

  #add(kind: IdentifierKind, tag: Tag, value: string, characterSet: CharacterSet, found: SourceIdentifiers): void {
    const identifier = this.#identifier(kind, value, characterSet);
    for (const needle of identifier.needles) found.needles.add(needle);
    if (identifier.weak.length === 0) return;
    if (kind === 'person name') {
      for (const word of identifier.weak) found.weakNames.add(word);
      return;
    }
    let values = found.weakValues.get(tag);
    if (values === undefined) {
      values = new Set();
      found.weakValues.set(tag, values);
    }
    values.add(fold(value));
  }

  #identifier(kind: IdentifierKind, value: string, characterSet: CharacterSet): Identifier {
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
  #addUIDs(element: DataElement, owner: DataSet, found: SourceIdentifiers, structural: Set<string>): void {
    if (element.elided || element.length === 0) return;
    const isStructural = STRUCTURAL.has(element.tag);
    if (!isStructural && (this.#kept.uids || this.#kept.attributes.has(element.tag))) return;
    for (const uid of valuesOf(element, owner)) {
      if (uid === '' || isWellKnown(uid)) continue;
      (isStructural ? structural : found.uids).add(uid);
    }
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

function codedIdentity(tag: Tag, within: IdentifierKind): IdentifierKind | undefined {
  if (tag === CODE_MEANING) return within;
  return CODE_VALUES.has(tag) ? 'identifier' : KIND_OF.get(tag);
}

/** As stored; of UN, as the dictionary has it (PS3.5 6.2.2). */
export function vrOf(element: DataElement): VR {
  return element.vr === 'UN' ? (lookUp(element.tag)?.vr ?? 'UN') : element.vr;
}
