import { type CodedConcept, codedConceptItem } from '../dicom/coded-concept';
import {
  type DataElement,
  type DataSet,
  emptyElement,
  newItem,
  numberElement,
  sequenceElement,
  textElement,
} from '../dicom/data-set';
import { REAL_WORLD_VALUE_MAPPING } from '../dicom/sop-class';
import type { Tag } from '../dicom/tag';
import type { VR } from '../dicom/vr';
import { Attribute } from './attributes';
import type { InstanceReference } from './export-selection';
import { valueTypeOf } from './reference-value-types';
import type { EvidenceReference } from './references';

/** Elements and content items of a manifest, all encoded for `owner`. */
export class ManifestBuilder {
  constructor(
    private readonly owner: DataSet,
    private readonly uid: (source: string) => string,
  ) {}

  text(tag: Tag, vr: VR, value: string): DataElement {
    return value === '' ? emptyElement(this.owner, tag, vr) : textElement(this.owner, tag, vr, [value]);
  }

  sequence(tag: Tag, ...items: readonly DataSet[]): DataElement {
    return sequenceElement(this.owner, tag, items);
  }

  codes(...concepts: readonly CodedConcept[]): readonly DataSet[] {
    return concepts.map((concept) => codedConceptItem(this.owner, concept));
  }

  item(build: (item: ManifestBuilder) => readonly DataElement[]): DataSet {
    return newItem(this.owner, (item) => build(new ManifestBuilder(item, this.uid)));
  }

  /** Hierarchical SOP Instance Reference Macro (PS3.3 C.17.2.1), grouped in order of first appearance. */
  hierarchy(references: readonly EvidenceReference[]): readonly DataSet[] {
    return [...groupedBy(references, (each) => each.StudyInstanceUID)].map(([study, ofStudy]) =>
      this.item((item) => [
        item.text(Attribute.StudyInstanceUID, 'UI', study),
        item.sequence(
          Attribute.ReferencedSeriesSequence,
          ...[...groupedBy(ofStudy, (each) => each.SeriesInstanceUID)].map(([series, ofSeries]) =>
            item.item((seriesItem) => [
              seriesItem.text(Attribute.SeriesInstanceUID, 'UI', series),
              seriesItem.sequence(
                Attribute.ReferencedSOPSequence,
                ...ofSeries.map((each) => seriesItem.item((reference) => reference.sopReference(each))),
              ),
            ]),
          ),
        ),
      ]),
    );
  }

  codeContent(name: CodedConcept, value: CodedConcept): DataSet {
    return this.item((item) => [
      item.text(Attribute.RelationshipType, 'CS', 'HAS CONCEPT MOD'),
      item.text(Attribute.ValueType, 'CS', 'CODE'),
      item.sequence(Attribute.ConceptNameCodeSequence, ...item.codes(name)),
      item.sequence(Attribute.ConceptCodeSequence, ...item.codes(value)),
    ]);
  }

  textContent(name: CodedConcept, value: string): DataSet {
    return this.item((item) => [
      item.text(Attribute.RelationshipType, 'CS', 'CONTAINS'),
      item.text(Attribute.ValueType, 'CS', 'TEXT'),
      item.sequence(Attribute.ConceptNameCodeSequence, ...item.codes(name)),
      item.text(Attribute.TextValue, 'UT', value),
    ]);
  }

  /** No concept name: TID 2010 rows 8 to 10 allow none. */
  referenceContent(reference: InstanceReference): DataSet {
    return this.item((item) => [
      item.text(Attribute.RelationshipType, 'CS', 'CONTAINS'),
      item.text(Attribute.ValueType, 'CS', outgoingValueType(reference)),
      item.sequence(
        Attribute.ReferencedSOPSequence,
        item.item((sop) => sop.imageReference(reference)),
      ),
    ]);
  }

  /** Image SOP Instance Reference Macro (PS3.3 10.3), of which the other value types use the first two attributes. */
  private imageReference(reference: InstanceReference): readonly DataElement[] {
    const isMap = (each: { readonly SOPClassUID: string }) => each.SOPClassUID === REAL_WORLD_VALUE_MAPPING;
    const nested = (tag: Tag, attached: InstanceReference['attached']) =>
      attached.length === 0
        ? []
        : [this.sequence(tag, ...attached.map((each) => this.item((item) => item.sopReference(this.mapped(each)))))];
    return [
      ...this.sopReference(this.mapped(reference)),
      ...(reference.frames.length === 0
        ? []
        : [numberElement(this.owner, Attribute.ReferencedFrameNumber, 'IS', reference.frames)]),
      ...nested(
        Attribute.ReferencedSOPSequence,
        reference.attached.filter((each) => !isMap(each)),
      ),
      ...nested(Attribute.ReferencedRealWorldValueMappingInstanceSequence, reference.attached.filter(isMap)),
    ];
  }

  private sopReference(each: { readonly SOPClassUID: string; readonly SOPInstanceUID: string }) {
    return [
      this.text(Attribute.ReferencedSOPClassUID, 'UI', each.SOPClassUID),
      this.text(Attribute.ReferencedSOPInstanceUID, 'UI', each.SOPInstanceUID),
    ];
  }

  private mapped(each: { readonly SOPClassUID: string; readonly SOPInstanceUID: string }) {
    return { SOPClassUID: each.SOPClassUID, SOPInstanceUID: this.uid(each.SOPInstanceUID) };
  }
}

/** As received; frames and attached presentation states exist on images only. */
function outgoingValueType(reference: InstanceReference): string {
  if (reference.frames.length > 0 || reference.attached.length > 0) return 'IMAGE';
  return reference.valueType ?? valueTypeOf(reference.SOPClassUID);
}

function groupedBy<T>(list: readonly T[], keyOf: (each: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const each of list) {
    const group = groups.get(keyOf(each));
    if (group === undefined) groups.set(keyOf(each), [each]);
    else group.push(each);
  }
  return groups;
}
