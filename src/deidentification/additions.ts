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
const EQUIPMENT_NAME = 'TCE Export Manager';

interface Addition {
  readonly tag: Tag;
  readonly keyword: string;
  readonly rule: string;
  /** Whether what is there says it already. */
  readonly said: (header: DataSet) => boolean;
  readonly make: (header: DataSet, present: DataElement | undefined) => DataElement;
}

export class Additions {
  readonly #additions: readonly Addition[];

  constructor(edition: string, codes: readonly CodedConcept[]) {
    const method = `PS3.15 ${edition}: ${codes.map((code) => code.CodeValue).join(' ')}`;
    this.#additions = [
      {
        tag: PATIENT_IDENTITY_REMOVED,
        keyword: 'PatientIdentityRemoved',
        rule: 'PS3.15 E.1.1',
        said: (header) => header.string(PATIENT_IDENTITY_REMOVED) === 'YES',
        make: (header) => textElement(header, PATIENT_IDENTITY_REMOVED, 'CS', ['YES']),
      },
      {
        tag: DEIDENTIFICATION_METHOD,
        keyword: 'DeidentificationMethod',
        rule: 'PS3.15 E.1.1',
        said: (header) => header.strings(DEIDENTIFICATION_METHOD).includes(method),
        make: (header, present) => appendedText(header, DEIDENTIFICATION_METHOD, present, method),
      },
      {
        tag: DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
        keyword: 'DeidentificationMethodCodeSequence',
        rule: 'PS3.15 E.1.1',
        said: (header) => codes.every((code) => hasCode(header.items(DEIDENTIFICATION_METHOD_CODE_SEQUENCE), code)),
        make: (header, present) =>
          appended(
            header,
            DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
            present,
            codes.filter((code) => !hasCode(present?.items ?? [], code)).map((code) => codedConceptItem(header, code)),
          ),
      },
      {
        tag: LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED,
        keyword: 'LongitudinalTemporalInformationModified',
        rule: 'PS3.15 E.2',
        said: (header) => header.string(LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED) === 'REMOVED',
        make: (header) => textElement(header, LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED, 'CS', ['REMOVED']),
      },
      {
        tag: CONTRIBUTING_EQUIPMENT_SEQUENCE,
        keyword: 'ContributingEquipmentSequence',
        rule: 'PS3.3 C.12.1',
        said: (header) => header.items(CONTRIBUTING_EQUIPMENT_SEQUENCE).some(isOurEquipment),
        make: (header, present) => appended(header, CONTRIBUTING_EQUIPMENT_SEQUENCE, present, [equipmentItem(header)]),
      },
    ];
  }

  plan(header: DataSet): readonly Addition[] {
    return this.#additions.filter((addition) => !addition.said(header));
  }

  /** Adds to elements that the plan has gone over already. */
  add(header: DataSet, elements: readonly DataElement[]): readonly DataElement[] {
    const result = [...elements];
    for (const addition of this.plan(header)) {
      const index = result.findIndex((element) => element.tag === addition.tag);
      const made = addition.make(header, result[index]);
      if (index < 0) result.push(made);
      else result[index] = made;
    }
    return result;
  }
}

export function additionChange(addition: Addition): PlannedChange {
  return new Step(null, -1, addition.tag, addition.keyword, 'add', addition.rule, 'add', 'UN');
}

function appended(header: DataSet, tag: Tag, present: DataElement | undefined, items: readonly DataSet[]): DataElement {
  if (present === undefined || present.items === null) return sequenceElement(header, tag, items);
  return sequenceLike(present, [...present.items, ...items]);
}

/** A further value behind the bytes that are there: what came in is not spelled anew. */
function appendedText(header: DataSet, tag: Tag, present: DataElement | undefined, value: string): DataElement {
  if (present === undefined || present.vr !== 'LO') return textElement(header, tag, 'LO', [value]);
  const bytes = present.bytes();
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0)) end -= 1;
  if (end === 0) return textElement(header, tag, 'LO', [value]);
  const joined = Buffer.concat([bytes.subarray(0, end), Buffer.from(`\\${value}`, 'latin1')]);
  return bytesElement(header, tag, 'LO', joined);
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
