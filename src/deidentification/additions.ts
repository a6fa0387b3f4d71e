import { type CodedConcept, codedConceptItem, readCodedConcept, sameConcept } from '../dicom/coded-concept';
import {
  bytesElement,
  type DataElement,
  type DataSet,
  newItem,
  sequenceElement,
  sequenceLike,
  textElement,
} from '../dicom/data-set';
import type { Tag } from '../dicom/tag';
import { MadeOnce } from './made-once';
import { type PlannedChange, Step } from './plan';

/** What a de-identified instance has to say of itself (PS3.15 E.1.1, E.2; PS3.3 C.7.1.1, C.12.1). */

const PATIENT_IDENTITY_REMOVED: Tag = 0x00120062;
const DEIDENTIFICATION_METHOD: Tag = 0x00120063;
const DEIDENTIFICATION_METHOD_CODE_SEQUENCE: Tag = 0x00120064;
const LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED: Tag = 0x00280303;
const CONTRIBUTING_EQUIPMENT_SEQUENCE: Tag = 0x0018a001;
const PURPOSE_OF_REFERENCE_CODE_SEQUENCE: Tag = 0x0040a170;
const MANUFACTURER: Tag = 0x00080070;
const MANUFACTURER_MODEL_NAME: Tag = 0x00081090;

const DEIDENTIFYING_EQUIPMENT: CodedConcept = {
  CodeValue: '109104',
  CodingSchemeDesignator: 'DCM',
  CodeMeaning: 'De-identifying Equipment',
};
const BACKSLASH = Buffer.from('\\', 'latin1');
const EQUIPMENT_NAME = 'TCE Export Manager';

/** PS3.3 C.7.1.1, PS3.15 E.2 and E.3.6. */
export type TemporalInformation = 'REMOVED' | 'MODIFIED' | 'UNMODIFIED';

/** Codes in one value of (0012,0063), which holds 64 characters. */
const CODES_IN_A_VALUE = 7;

function methodTexts(edition: string, codes: readonly CodedConcept[], kept: boolean): string[] {
  const values = codes.map((code) => code.CodeValue);
  const texts: string[] = [];
  for (let at = 0; at < values.length; at += CODES_IN_A_VALUE) {
    texts.push(`PS3.15 ${edition}: ${values.slice(at, at + CODES_IN_A_VALUE).join(' ')}`);
  }
  if (kept) texts.push(`PS3.15 ${edition}, but for attributes kept by the project`);
  return texts;
}

interface Addition {
  readonly tag: Tag;
  readonly keyword: string;
  readonly rule: string;
  /** Whether what is there says it already. */
  readonly said: (header: DataSet) => boolean;
  /** The attribute where there was none. */
  readonly made: (owner: DataSet) => DataElement;
  /** The attribute where there was one; left out where that is of no account. */
  readonly joined?: (header: DataSet, present: DataElement, made: DataElement) => DataElement;
}

export class Additions {
  readonly #additions: readonly Addition[];
  readonly #madeOnce = new MadeOnce();

  /** `temporal` is what became of dates; `kept` says so where more stays than the profile and its options leave. */
  constructor(
    edition: string,
    readonly codes: readonly CodedConcept[],
    temporal: TemporalInformation = 'REMOVED',
    kept = false,
  ) {
    const methods = methodTexts(edition, codes, kept);
    this.#additions = [
      {
        tag: PATIENT_IDENTITY_REMOVED,
        keyword: 'PatientIdentityRemoved',
        rule: 'PS3.15 E.1.1',
        said: (header) => header.string(PATIENT_IDENTITY_REMOVED) === 'YES',
        made: (owner) => textElement(owner, PATIENT_IDENTITY_REMOVED, 'CS', ['YES']),
      },
      {
        tag: DEIDENTIFICATION_METHOD,
        keyword: 'DeidentificationMethod',
        rule: 'PS3.15 E.1.1',
        said: (header) => methods.every((method) => header.strings(DEIDENTIFICATION_METHOD).includes(method)),
        made: (owner) => textElement(owner, DEIDENTIFICATION_METHOD, 'LO', methods),
        joined: (header, present, made) => joinedText(header, present, made),
      },
      {
        tag: DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
        keyword: 'DeidentificationMethodCodeSequence',
        rule: 'PS3.15 E.1.1',
        said: (header) => codes.every((code) => hasCode(header.items(DEIDENTIFICATION_METHOD_CODE_SEQUENCE), code)),
        made: (owner) =>
          sequenceElement(
            owner,
            DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
            codes.map((code) => codedConceptItem(owner, code)),
          ),
        joined: (_header, present, made) =>
          joinedItems(present, made, (item, items) => {
            const concept = readCodedConcept(item);
            return concept !== undefined && hasCode(items, concept);
          }),
      },
      {
        tag: LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED,
        keyword: 'LongitudinalTemporalInformationModified',
        rule: 'PS3.15 E.2',
        said: (header) => {
          const before = header.string(LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED);
          // What somebody modified or removed before does not become true again by being left alone.
          return before === temporal || (temporal === 'UNMODIFIED' && (before === 'MODIFIED' || before === 'REMOVED'));
        },
        made: (owner) => textElement(owner, LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED, 'CS', [temporal]),
      },
      {
        tag: CONTRIBUTING_EQUIPMENT_SEQUENCE,
        keyword: 'ContributingEquipmentSequence',
        rule: 'PS3.3 C.12.1',
        said: (header) => header.items(CONTRIBUTING_EQUIPMENT_SEQUENCE).some(isOurEquipment),
        made: (owner) => sequenceElement(owner, CONTRIBUTING_EQUIPMENT_SEQUENCE, [equipmentItem(owner)]),
        joined: (_header, present, made) => joinedItems(present, made, () => false),
      },
    ];
  }

  plan(header: DataSet): readonly Addition[] {
    return this.#additions.filter(
      (addition) =>
        !(header.has(addition.tag) && addition.said(header)) &&
        !(addition.tag === DEIDENTIFICATION_METHOD_CODE_SEQUENCE && this.codes.length === 0),
    );
  }

  /** Adds to elements that the plan has gone over already. */
  addTo(elements: DataElement[], header: DataSet): void {
    for (const addition of this.plan(header)) {
      const made = this.#madeOnce.element(header, addition.tag, addition.made);
      const index = header.has(addition.tag) ? elements.findIndex((element) => element.tag === addition.tag) : -1;
      if (index < 0) elements.push(made);
      else elements[index] = addition.joined?.(header, elements[index]!, made) ?? made;
    }
  }
}

export function additionChange(addition: Addition): PlannedChange {
  return new Step(null, -1, addition.tag, addition.keyword, 'add', addition.rule, 'add', 'UN');
}

/** Items behind those that are there, but for those that are there already. */
function joinedItems(
  present: DataElement,
  made: DataElement,
  isThere: (item: DataSet, items: readonly DataSet[]) => boolean,
): DataElement {
  const { items } = present;
  if (items === null) return made;
  return sequenceLike(present, [...items, ...made.items!.filter((item) => !isThere(item, items))]);
}

/** A further value behind the bytes that are there: what came in is not spelled anew. */
function joinedText(header: DataSet, present: DataElement, made: DataElement): DataElement {
  if (present.vr !== 'LO') return made;
  const bytes = present.bytes();
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0)) end -= 1;
  if (end === 0) return made;
  return bytesElement(header, present.tag, 'LO', Buffer.concat([bytes.subarray(0, end), BACKSLASH, made.bytes()]));
}

function hasCode(items: readonly DataSet[], code: CodedConcept): boolean {
  return items.some((item) => {
    const concept = readCodedConcept(item);
    return concept !== undefined && sameConcept(concept, code);
  });
}

function isOurEquipment(item: DataSet): boolean {
  return (
    item.string(MANUFACTURER) === EQUIPMENT_NAME &&
    hasCode(item.items(PURPOSE_OF_REFERENCE_CODE_SEQUENCE), DEIDENTIFYING_EQUIPMENT)
  );
}

function equipmentItem(header: DataSet): DataSet {
  return newItem(header, (item) => [
    textElement(item, MANUFACTURER, 'LO', [EQUIPMENT_NAME]),
    textElement(item, MANUFACTURER_MODEL_NAME, 'LO', [EQUIPMENT_NAME]),
    sequenceElement(item, PURPOSE_OF_REFERENCE_CODE_SEQUENCE, [codedConceptItem(item, DEIDENTIFYING_EQUIPMENT)]),
  ]);
}
