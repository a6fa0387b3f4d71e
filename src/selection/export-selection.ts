import { cannot } from '../base/errors';
import type { Reason } from '../base/outcome';
import { type CodedConcept, readCodedConcept, sameConcept } from '../dicom/coded-concept';
import type { DataSet } from '../dicom/data-set';
import { KEY_OBJECT_SELECTION_DOCUMENT } from '../dicom/sop-class';
import { Attribute, DOCUMENT_TITLE_MODIFIER, KEY_OBJECT_DESCRIPTION, LANGUAGE_OF_CONTENT } from './attributes';
import { isDelay } from './delay-reasons';
import { type ExportPurpose, exportPurposeOf } from './document-titles';
import { type AttachedReference, type ContentReference, readContent, readEvidence, requireUID } from './references';

export interface InstanceReference {
  /** Where the evidence does not place the instance: the study of the Key Object Selection Document itself. */
  readonly StudyInstanceUID: string;
  /** '' where the evidence does not place the instance: to be asked from the image source (`placeReferences`). */
  readonly SeriesInstanceUID: string;
  /** '' where the document names none. */
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
  /** Empty: the whole instance. The instance is exported whole either way; the frames are kept for the manifest. */
  readonly frames: readonly number[];
  /** As in the content tree; null where the instance stands only in the evidence, or only nested in an image. */
  readonly valueType: 'IMAGE' | 'WAVEFORM' | 'COMPOSITE' | null;
  /** Presentation states and Real World Value maps nested in this reference (PS3.3 C.18.4); each is selected too. */
  readonly attached: readonly AttachedReference[];
}

export interface IdenticalDocument {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
}

/** What a Key Object Selection Document asks to export. Plain JSON. Holds identifiers of the source: keep it sealed. */
export interface ExportSelection {
  readonly documentTitle: CodedConcept;
  /** null: a selection for another purpose, which asks for no export. */
  readonly purpose: ExportPurpose | null;
  /** Text of (113012, DCM), verbatim: the disposition, and perhaps more. */
  readonly description: string | null;
  /** The export waits until none stands. */
  readonly delayReasons: readonly CodedConcept[];
  /** Values of (113011, DCM) that are not delay reasons. */
  readonly modifiers: readonly CodedConcept[];
  readonly language: CodedConcept | null;
  /** Content tree first, in its order, then what only the evidence names; every instance once. */
  readonly references: readonly InstanceReference[];
  readonly identicalDocuments: readonly IdenticalDocument[];
  readonly warnings: readonly Reason[];
  /** Of the document, verbatim; left out in what was sealed before dates were read. */
  readonly dates?: SelectionDates;
  readonly source: {
    readonly StudyInstanceUID: string;
    readonly SeriesInstanceUID: string;
    readonly SOPInstanceUID: string;
    readonly PatientID: string;
    readonly IssuerOfPatientID: string;
  };
}

/** DA and TM as they stand in the document; '' where it has none. */
export interface SelectionDates {
  readonly contentDate: string;
  readonly contentTime: string;
  readonly studyDate: string;
  readonly studyTime: string;
}

/**
 * Reads a Key Object Selection Document of any title (PS3.3 A.35.4, PS3.16 TID 2010); tolerant of what selectors get
 * wrong wherever the set that was meant stays certain. Faults: NOT_A_SELECTION, EMPTY_SELECTION, INCOMPLETE_REFERENCE,
 * BAD_REFERENCE_UID.
 */
export function readExportSelection(kos: DataSet): ExportSelection {
  const documentTitle = readDocumentTitle(kos);
  const source = {
    StudyInstanceUID: requireUID(kos.string(Attribute.StudyInstanceUID)),
    SeriesInstanceUID: requireUID(kos.string(Attribute.SeriesInstanceUID)),
    SOPInstanceUID: requireUID(kos.string(Attribute.SOPInstanceUID)),
    PatientID: kos.string(Attribute.PatientID) ?? '',
    IssuerOfPatientID: kos.string(Attribute.IssuerOfPatientID) ?? '',
  };
  const identicalDocuments = readEvidence(kos.items(Attribute.IdenticalDocumentsSequence));
  const warnings = new Warnings();
  const modifiers = codedValues(kos, DOCUMENT_TITLE_MODIFIER);
  return {
    documentTitle,
    purpose: exportPurposeOf(documentTitle),
    description: readDescription(kos),
    delayReasons: modifiers.filter(isDelay),
    modifiers: modifiers.filter((value) => !isDelay(value)),
    language: codedValues(kos, LANGUAGE_OF_CONTENT)[0] ?? null,
    references: readReferences(
      kos,
      source.StudyInstanceUID,
      new Set([source.SOPInstanceUID, ...identicalDocuments.map((each) => each.SOPInstanceUID)]),
      warnings,
    ),
    identicalDocuments: identicalDocuments
      .filter((each) => each.SOPInstanceUID !== source.SOPInstanceUID)
      .map(({ StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID }) => ({
        StudyInstanceUID,
        SeriesInstanceUID,
        SOPInstanceUID,
      })),
    warnings: warnings.list(),
    dates: {
      contentDate: kos.string(Attribute.ContentDate) ?? '',
      contentTime: kos.string(Attribute.ContentTime) ?? '',
      studyDate: kos.string(Attribute.StudyDate) ?? '',
      studyTime: kos.string(Attribute.StudyTime) ?? '',
    },
    source,
  };
}

/** Title of a Key Object Selection Document; NOT_A_SELECTION for anything else. Reads nothing more of it. */
export function readDocumentTitle(kos: DataSet): CodedConcept {
  if (kos.string(Attribute.SOPClassUID) !== KEY_OBJECT_SELECTION_DOCUMENT) {
    throw cannot('NOT_A_SELECTION', 'this is not a Key Object Selection Document');
  }
  const name = kos.items(Attribute.ConceptNameCodeSequence)[0];
  const documentTitle = name === undefined ? null : readConcept(name);
  if (documentTitle === null) {
    throw cannot('NOT_A_SELECTION', 'the Key Object Selection Document has no coded document title (0040,A043)');
  }
  return documentTitle;
}

/** What is known of an instance from the instance itself or from the image source. */
export interface InstancePlace {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPClassUID: string;
}

/**
 * The selection with its references placed as the instances themselves say, by SOP Instance UID: a manifest whose
 * evidence disagrees with the instances it names is of no use to a Receiver (PS3.3 C.17.2.3).
 */
export function placeReferences(
  selection: ExportSelection,
  places: ReadonlyMap<string, InstancePlace>,
): ExportSelection {
  const classOf = (uid: string, otherwise: string) => places.get(uid)?.SOPClassUID || otherwise;
  return {
    ...selection,
    references: selection.references.map((reference) => ({
      ...reference,
      ...places.get(reference.SOPInstanceUID),
      SOPClassUID: classOf(reference.SOPInstanceUID, reference.SOPClassUID),
      attached: reference.attached.map((each) => ({
        ...each,
        SOPClassUID: classOf(each.SOPInstanceUID, each.SOPClassUID),
      })),
    })),
  };
}

function readReferences(
  kos: DataSet,
  studyOfDocument: string,
  documents: ReadonlySet<string>,
  warnings: Warnings,
): readonly InstanceReference[] {
  const notDocuments = (each: { readonly SOPInstanceUID: string }) => {
    if (!documents.has(each.SOPInstanceUID)) return true;
    warnings.count('SELF_REFERENCE');
    return false;
  };
  const content = readContent(kos).filter(notDocuments);
  const evidence = readEvidence(kos.items(Attribute.CurrentRequestedProcedureEvidenceSequence)).filter(notDocuments);

  const places = new Map<string, (typeof evidence)[number]>();
  for (const each of evidence) {
    const known = places.get(each.SOPInstanceUID);
    if (known === undefined) places.set(each.SOPInstanceUID, each);
    else if (known.SeriesInstanceUID !== each.SeriesInstanceUID) warnings.count('INSTANCE_PLACED_TWICE');
  }

  const references = new Map<string, InstanceReference>();
  const select = (reference: ContentReference) => {
    const place = places.get(reference.SOPInstanceUID);
    if (place === undefined && !references.has(reference.SOPInstanceUID)) warnings.count('REFERENCE_NOT_IN_EVIDENCE');
    const classes = new Set([reference.SOPClassUID, place?.SOPClassUID ?? ''].filter((each) => each !== ''));
    if (classes.size > 1) warnings.count('SOP_CLASS_MISMATCH');
    const placed: InstanceReference = {
      StudyInstanceUID: place?.StudyInstanceUID ?? studyOfDocument,
      SeriesInstanceUID: place?.SeriesInstanceUID ?? '',
      ...reference,
      SOPClassUID: [...classes][0] ?? '',
    };
    const known = references.get(reference.SOPInstanceUID);
    references.set(reference.SOPInstanceUID, known === undefined ? placed : mergeReferences(known, placed));
  };
  for (const reference of content) {
    const attached = reference.attached.filter(notDocuments).map((each) => ({
      ...each,
      SOPClassUID: each.SOPClassUID || (places.get(each.SOPInstanceUID)?.SOPClassUID ?? ''),
    }));
    select({ ...reference, attached });
    for (const each of attached) select({ ...each, frames: [], valueType: null, attached: [] });
  }
  const inContent = references.size;
  for (const each of places.values()) {
    if (references.has(each.SOPInstanceUID)) continue;
    const { StudyInstanceUID, SeriesInstanceUID, SOPClassUID, SOPInstanceUID } = each;
    references.set(SOPInstanceUID, {
      StudyInstanceUID,
      SeriesInstanceUID,
      SOPClassUID,
      SOPInstanceUID,
      frames: [],
      valueType: null,
      attached: [],
    });
  }
  if (references.size === 0) {
    throw cannot('EMPTY_SELECTION', 'the Key Object Selection Document references no instance', {
      remedy: 'Select at least one instance and store the selection again.',
    });
  }
  if (places.size !== references.size || inContent !== references.size) warnings.count('CONTENT_AND_EVIDENCE_DIFFER');
  return [...references.values()];
}

/** Two mentions of one instance: whole if either is whole, otherwise the frames of both. */
function mergeReferences(first: InstanceReference, second: InstanceReference): InstanceReference {
  // A mention nested in an image says nothing of frames.
  const mentions = [first, second].filter((each) => each.valueType !== null);
  const whole = mentions.some((each) => each.frames.length === 0);
  const attached = [...first.attached];
  for (const each of second.attached) {
    if (!attached.some((known) => known.SOPInstanceUID === each.SOPInstanceUID)) attached.push(each);
  }
  return {
    ...first,
    valueType: first.valueType ?? second.valueType,
    frames: whole ? [] : [...new Set(mentions.flatMap((each) => each.frames))],
    attached,
  };
}

function codedValues(kos: DataSet, conceptName: CodedConcept): readonly CodedConcept[] {
  const values: CodedConcept[] = [];
  for (const item of kos.items(Attribute.ContentSequence)) {
    if (!isNamed(item, conceptName)) continue;
    const value = item.items(Attribute.ConceptCodeSequence)[0];
    const concept = value === undefined ? null : readConcept(value);
    if (concept !== null && !values.some((known) => sameConcept(known, concept))) values.push(concept);
  }
  return values;
}

function readDescription(kos: DataSet): string | null {
  for (const item of kos.items(Attribute.ContentSequence)) {
    if (!isNamed(item, KEY_OBJECT_DESCRIPTION)) continue;
    const text = item.string(Attribute.TextValue);
    if (text !== undefined) return text;
  }
  return null;
}

function isNamed(item: DataSet, conceptName: CodedConcept): boolean {
  const name = item.items(Attribute.ConceptNameCodeSequence)[0];
  const concept = name === undefined ? null : readConcept(name);
  return concept !== null && sameConcept(concept, conceptName);
}

/** null where value or scheme is missing: such an item is no code. */
function readConcept(item: DataSet): CodedConcept | null {
  const concept = readCodedConcept(item);
  return concept?.CodeValue && concept.CodingSchemeDesignator ? concept : null;
}

/** No message names an instance: warnings are shown and logged. */
const WARNINGS = {
  SELF_REFERENCE: 'The selection references itself or one of its own copies; that was left out.',
  REFERENCE_NOT_IN_EVIDENCE: 'The content names instances that the evidence (0040,A375) does not place in a series.',
  CONTENT_AND_EVIDENCE_DIFFER: 'Content tree and evidence (0040,A375) do not name the same instances; both were taken.',
  SOP_CLASS_MISMATCH: 'Content tree and evidence give instances another SOP Class; the content was believed.',
  INSTANCE_PLACED_TWICE: 'The evidence (0040,A375) places instances in more than one series; the first was believed.',
} as const;

class Warnings {
  private readonly counts = new Map<keyof typeof WARNINGS, number>();

  count(code: keyof typeof WARNINGS): void {
    this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
  }

  list(): readonly Reason[] {
    return [...this.counts].map(([code, times]) => ({
      code,
      message: code === 'CONTENT_AND_EVIDENCE_DIFFER' ? WARNINGS[code] : `${WARNINGS[code]} (${times})`,
    }));
  }
}
