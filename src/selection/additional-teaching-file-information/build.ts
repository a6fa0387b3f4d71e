import type { CodedConcept } from '../../dicom/coded-concept';
import { copiedElement, type DataElement, type DataSet, newDataSet } from '../../dicom/data-set';
import type { Encoding } from '../../dicom/transfer-syntax';
import { Attribute } from '../attributes';
import { ManifestBuilder } from '../manifest-builder';
import { copiedStudyElements, isPlain, studyElements } from '../study-attributes';
import type { InformationValue, OtherItem, TeachingFileInformation } from './information';
import { oneOf } from './read';
import { AFFILIATION, AUTHOR, CONTACT, TEMPLATE, type TemplateRow } from './template';

/** The template has Affiliation and Contact below Author; some Receivers read the top level only. */
export type InformationLayout = 'nested' | 'flat';

export interface InformationDocument {
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SeriesNumber: string;
  readonly InstanceNumber: string;
  /** DA and TM, never empty (Type 1). */
  readonly contentDate: string;
  readonly contentTime: string;
  /** An instance of the same study: patient, study and trial are as it has them. */
  readonly instance: DataSet;
  /** The marks of de-identification are copied from here. */
  readonly marks?: DataSet;
  readonly encoding: Encoding;
  readonly layout: InformationLayout;
  /** Stands where the template wants a text that there is none of. */
  readonly placeholder: string;
}

const SeriesDescription = 0x0008103e;
const PerformedProcedureCodeSequence = 0x0040a372;
const CompletionFlag = 0x0040a491;
const VerificationFlag = 0x0040a493;
/** PS3.15 E.1.1, C.7.1.1: who says that it is de-identified, and how. */
const MARKS = [0x00120062, 0x00120063, 0x00120064, 0x0018a001, 0x00280303];

/**
 * A structured report of the template, built anew so that nothing of a received document can slip through: no
 * observer, no request, no reference. PS3.3 A.35.1 to A.35.3, C.17.1 to C.17.3.
 */
export function buildTeachingFileInformation(info: TeachingFileInformation, at: InformationDocument): DataSet {
  const marks = MARKS.map((tag) => at.marks?.element(tag)).filter(
    (element): element is DataElement => element !== undefined && !element.elided,
  );
  const plain = isDefaultRepertoire(info) && [...studyElements(at.instance), ...marks].every(isPlain);
  const base = newDataSet(at.encoding, plain ? [] : ['ISO_IR 192']);
  const build = new ManifestBuilder(base, (uid) => uid);
  const copied = [
    ...copiedStudyElements(base, at.instance),
    ...marks.map((element) => copiedElement(base, element, at.marks!)),
  ];
  const replaced = new Set(copied.map(({ tag }) => tag));
  const document = [
    ...base.elements,
    // Patient (PS3.3 C.7.1.1), General Study (C.7.2.1): Type 2, where the instance has none
    build.text(Attribute.PatientName, 'PN', ''),
    build.text(Attribute.PatientID, 'LO', ''),
    build.text(Attribute.PatientBirthDate, 'DA', ''),
    build.text(Attribute.PatientSex, 'CS', ''),
    build.text(Attribute.StudyInstanceUID, 'UI', at.StudyInstanceUID),
    build.text(Attribute.StudyDate, 'DA', ''),
    build.text(Attribute.StudyTime, 'TM', ''),
    build.text(Attribute.ReferringPhysicianName, 'PN', ''),
    build.text(Attribute.StudyID, 'SH', ''),
    build.text(Attribute.AccessionNumber, 'SH', ''),
    // SR Document Series (C.17.1)
    build.text(Attribute.Modality, 'CS', 'SR'),
    build.text(Attribute.SeriesInstanceUID, 'UI', at.SeriesInstanceUID),
    build.text(Attribute.SeriesNumber, 'IS', at.SeriesNumber),
    build.text(SeriesDescription, 'LO', info.documentTitle.CodeMeaning),
    build.sequence(Attribute.ReferencedPerformedProcedureStepSequence),
    // General Equipment (C.7.5.1)
    build.text(Attribute.Manufacturer, 'LO', 'TCE Export Manager'),
    // SR Document General (C.17.2); whoever verified it is staff, and without them it is not said to be verified
    build.text(Attribute.InstanceNumber, 'IS', at.InstanceNumber),
    build.text(CompletionFlag, 'CS', 'COMPLETE'),
    build.text(VerificationFlag, 'CS', 'UNVERIFIED'),
    build.text(Attribute.ContentDate, 'DA', at.contentDate),
    build.text(Attribute.ContentTime, 'TM', at.contentTime),
    build.sequence(PerformedProcedureCodeSequence),
    // SR Document Content (C.17.3)
    build.text(Attribute.ValueType, 'CS', 'CONTAINER'),
    build.sequence(Attribute.ConceptNameCodeSequence, ...build.codes(info.documentTitle)),
    build.text(Attribute.ContinuityOfContent, 'CS', 'SEPARATE'),
    build.sequence(Attribute.ContentSequence, ...contentItems(info, at, build)),
    // SOP Common (C.12.1)
    build.text(Attribute.SOPClassUID, 'UI', at.SOPClassUID),
    build.text(Attribute.SOPInstanceUID, 'UI', at.SOPInstanceUID),
  ];
  return base.withElements([...document.filter(({ tag }) => !replaced.has(tag)), ...copied]);
}

/** (0040,A730) for a data set that is there already: what is known, whether or not the template is content with it. */
export function informationContent(owner: DataSet, info: TeachingFileInformation): DataElement {
  const build = new ManifestBuilder(owner, (uid) => uid);
  const wanted = { layout: 'nested', placeholder: null } as const;
  return build.sequence(Attribute.ContentSequence, ...contentItems(info, wanted, build));
}

function contentItems(
  info: TeachingFileInformation,
  { layout, placeholder }: { readonly layout: InformationLayout; readonly placeholder: string | null },
  build: ManifestBuilder,
): readonly DataSet[] {
  const staff = (of: ManifestBuilder, relationship: string) => [
    ...(info.affiliation === null ? [] : [contentItem(of, relationship, AFFILIATION, info.affiliation)]),
    ...(info.contact === null ? [] : [contentItem(of, relationship, CONTACT, info.contact)]),
  ];
  const others = (wanted: OtherItem['relationship']) =>
    info.others
      .filter(({ relationship }) => relationship === wanted)
      .map(({ relationship, concept, value }) => contentItem(build, relationship, concept, value));
  const author = info.author ?? placeholder;
  const below = (item: ManifestBuilder) => (layout === 'nested' ? staff(item, 'HAS PROPERTIES') : []);
  return [
    ...others('HAS CONCEPT MOD'),
    ...(author === null ? [] : [contentItem(build, 'CONTAINS', AUTHOR, author, below)]),
    ...(layout === 'flat' ? staff(build, 'CONTAINS') : []),
    ...TEMPLATE.flatMap((row) =>
      valuesOf(row, info, placeholder).map((value) => contentItem(build, 'CONTAINS', row.concept, value)),
    ),
    ...others('CONTAINS'),
  ];
}

/** Abstract and Keywords are mandatory; so is Category, for which there is no code that says nothing. */
function valuesOf(
  { key, many }: TemplateRow,
  info: TeachingFileInformation,
  placeholder: string | null,
): readonly InformationValue[] {
  const values = info.rows[key];
  if (values.length === 0)
    return placeholder !== null && (key === 'abstract' || key === 'keywords') ? [placeholder] : [];
  // Row 6 is there only where row 7 is not.
  if (key === 'keywords' && values.some((value) => typeof value === 'string')) {
    return values.map((value) => (typeof value === 'string' ? value : value.CodeMeaning));
  }
  if (many) {
    // Row 6 before row 7, and so on: the order of the template is significant.
    const isText = (value: InformationValue): boolean => typeof value === 'string';
    return [...values.filter(isText), ...values.filter((value) => !isText(value))];
  }
  const one = oneOf(values);
  return one === null ? [] : [one];
}

function contentItem(
  build: ManifestBuilder,
  relationship: string,
  concept: CodedConcept,
  value: InformationValue,
  below: (item: ManifestBuilder) => readonly DataSet[] = () => [],
): DataSet {
  return build.item((item) => {
    const children = below(item);
    return [
      item.text(Attribute.RelationshipType, 'CS', relationship),
      item.text(Attribute.ValueType, 'CS', typeof value === 'string' ? 'TEXT' : 'CODE'),
      item.sequence(Attribute.ConceptNameCodeSequence, ...item.codes(concept)),
      typeof value === 'string'
        ? item.text(Attribute.TextValue, 'UT', value)
        : item.sequence(Attribute.ConceptCodeSequence, ...item.codes(value)),
      ...(children.length === 0 ? [] : [item.sequence(Attribute.ContentSequence, ...children)]),
    ];
  });
}

function isDefaultRepertoire(info: TeachingFileInformation): boolean {
  return /^[\x09-\x0d\x20-\x7e]*$/.test(JSON.stringify(info));
}
