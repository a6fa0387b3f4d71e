import { type CodedConcept, codedConceptItem } from '../dicom/coded-concept';
import {
  type DataElement,
  type DataSet,
  newItem,
  numberElement,
  sequenceElement,
  textElement,
} from '../dicom/data-set';
import type { Tag } from '../dicom/tag';
import { DUMMY_TEXT } from './dummies';

/**
 * How a sequence whose action is D stays valid (PS3.15 E.1.1: the integrity of the IOD).
 * - `rebuild`: items are made anew; only `kept` attributes of the old ones stay, under their own rules.
 * - `scrub`: items stay; what in them has no rule of its own becomes a dummy or goes. Of a reference this leaves the
 *   class and the new UID.
 */
export type DummySequence =
  | { readonly way: 'scrub' }
  | {
      readonly way: 'rebuild';
      readonly kept: ReadonlySet<Tag>;
      /** true: one item for all of them */
      readonly single: boolean;
      readonly added: (item: DataSet) => readonly DataElement[];
    };

const NOTHING: ReadonlySet<Tag> = new Set();

/** (121106, DCM, "Comment") */
const COMMENT: CodedConcept = { CodeValue: '121106', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Comment' };
/** A code of ours; designators of private schemes begin with 99 (PS3.3 8.2). */
const NO_ONE: CodedConcept = { CodeValue: DUMMY_TEXT, CodingSchemeDesignator: '99TCEEM', CodeMeaning: 'Anonymized' };

function codeElements(item: DataSet): readonly DataElement[] {
  return codedConceptItem(item, NO_ONE).elements;
}

/** PS3.3 C.17.3: a TEXT contained in the root CONTAINER is allowed by every SR IOD. */
function contentItem(item: DataSet): readonly DataElement[] {
  return [
    textElement(item, 0x0040a010, 'CS', ['CONTAINS']),
    textElement(item, 0x0040a040, 'CS', ['TEXT']),
    sequenceElement(item, 0x0040a043, [codedConceptItem(item, COMMENT)]),
    textElement(item, 0x0040a160, 'UT', ['REMOVED']),
  ];
}

/** PS3.3 C.10.5: one point in the corner of what is displayed. */
function cornerPoint(item: DataSet): readonly DataElement[] {
  const object = newItem(item, (point) => [
    textElement(point, 0x00700005, 'CS', ['DISPLAY']),
    numberElement(point, 0x00700020, 'US', [2]),
    numberElement(point, 0x00700021, 'US', [1]),
    numberElement(point, 0x00700022, 'FL', [0, 0]),
    textElement(point, 0x00700023, 'CS', ['POINT']),
  ]);
  return [sequenceElement(item, 0x00700009, [object])];
}

function unformattedText(item: DataSet): readonly DataElement[] {
  return [textElement(item, 0x00700006, 'ST', [DUMMY_TEXT])];
}

const CODE: DummySequence = { way: 'rebuild', kept: NOTHING, single: true, added: codeElements };
const SCRUB: DummySequence = { way: 'scrub' };

const BY_TAG: ReadonlyMap<Tag, DummySequence> = new Map<Tag, DummySequence>([
  [0x00080082, CODE], // Institution Code
  [0x00100015, CODE], // Pronoun Code
  [0x00100044, CODE], // Gender Identity Code
  [0x00100046, CODE], // Sex Parameters for Clinical Use Category Code
  [0x00401101, CODE], // Person Identification Code
  [0x0040a730, { way: 'rebuild', kept: NOTHING, single: true, added: contentItem }], // Content
  [
    0x00700001, // Graphic Annotation: to which images and on which layer may stay
    { way: 'rebuild', kept: new Set([0x00081140, 0x00700002]), single: false, added: cornerPoint },
  ],
  [
    0x0040b020, // Waveform Annotation: of which channels may stay
    { way: 'rebuild', kept: new Set([0x0040a0b0]), single: true, added: unformattedText },
  ],
]);

export function dummySequence(tag: Tag): DummySequence {
  return BY_TAG.get(tag) ?? SCRUB;
}

/** What goes into the items that are put together anew. */
export function addedToItems(tag: Tag, item: DataSet): readonly DataElement[] {
  const dummy = dummySequence(tag);
  return dummy.way === 'rebuild' ? dummy.added(item) : codeElements(item);
}

/** Whether an item is a code (PS3.3 8.8), so that a dummy in its place is one too. */
export function isCodeItem(item: DataSet): boolean {
  return item.has(0x00080104);
}
