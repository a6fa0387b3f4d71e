import { cannot } from '../base/errors';
import type { Reason } from '../base/outcome';
import type { CodedConcept } from '../dicom/coded-concept';
import { type DataElement, type DataSet, newDataSet } from '../dicom/data-set';
import { KEY_OBJECT_SELECTION_DOCUMENT } from '../dicom/sop-class';
import { Attribute, DOCUMENT_TITLE_MODIFIER, KEY_OBJECT_DESCRIPTION, LANGUAGE_OF_CONTENT } from './attributes';
import { documentTitleIn, type ExportPurpose, exportDocumentTitle, knownDocumentTitle } from './document-titles';
import type { ExportSelection, InstanceReference } from './export-selection';
import { asReceived, knownConcept } from './key-object-codes';
import { languageConcept } from './language';
import { ManifestBuilder } from './manifest-builder';
import type { EvidenceReference } from './references';
import { copiedStudyElements, isPlain, studyElements } from './study-attributes';

/** What a manifest needs besides the selection: the words and identifiers of the project it leaves for. */
export interface ManifestContext {
  /** The same keyed derivation that the instances of the set went through. Also given strings that are no UID. */
  uid(source: string): string;
  readonly PatientID: string;
  readonly PatientName: string;
  /** DA, never empty (Type 1): a dummy or modified date, by the policy of the project. */
  readonly contentDate: string;
  /** TM, never empty (Type 1). */
  readonly contentTime: string;
  /**
   * A de-identified instance of the study of this new UID: the manifest has patient, study and trial as it has them.
   * Where there is none, as the fields of this context say.
   */
  instanceOf?(StudyInstanceUID: string): DataSet | undefined;
  /** These three as the instances of the study have them; empty where left out. */
  readonly studyDate?: string;
  readonly studyTime?: string;
  readonly studyID?: string;
  /** Text of (113012, DCM): a configured disposition, verbatim, or cleaned text; null leaves the item out. */
  readonly description: string | null;
  readonly deidentificationMethod: string;
  /** CID 7050 codes under which the instances were de-identified; 113100 and 113104 are always added. */
  readonly methodCodes: readonly CodedConcept[];
  /** (0028,0303): REMOVED unless the policy keeps or shifts dates. */
  readonly longitudinalTemporalInformation?: 'REMOVED' | 'MODIFIED' | 'UNMODIFIED';
  /** For a Receiver that knows the export titles of one scheme only. Default: as received. */
  readonly titleCodes?: TitleCodes;
  /** What the project exports for: that words a title which no table knows. Left out: such a title is refused. */
  readonly purpose?: ExportPurpose;
}

export type TitleCodes = 'as-received' | 'IHERADTF' | 'DCM';

export interface ManifestSet {
  /** One of each study. */
  readonly documents: readonly DataSet[];
  /** What of the received document was reworded or left out. No message holds a value. */
  readonly warnings: readonly Reason[];
}

interface DocumentPlace {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
}

/** The documents that leave, and what of the received one they do not say as it did. Faults: as `buildManifests`. */
export function buildManifestSet(selection: ExportSelection, context: ManifestContext): ManifestSet {
  return { documents: buildManifests(selection, context), warnings: warningsOf(selection, context) };
}

/**
 * The Key Object Selection Documents that leave with a set, built anew so that nothing of the received ones can slip
 * through: one per study, of identical content, each naming the others (PS3.3 C.17.6.2.1). Explicit VR Little Endian.
 * Faults: UNPLACED_REFERENCE, UNKNOWN_DOCUMENT_TITLE.
 */
export function buildManifests(selection: ExportSelection, context: ManifestContext): readonly DataSet[] {
  const places = documentPlaces(selection, context);
  const shared: SharedElements = new Map();
  return places.map((place) =>
    buildDocument(
      selection,
      context,
      place,
      places.filter((other) => other !== place),
      shared,
    ),
  );
}

/** Evidence and content are the same in every copy, and nearly all of it: made once for each character set. */
type SharedElements = Map<string, { readonly evidence: DataElement; readonly content: DataElement }>;

/** The manifest of the study in which the received document lies; `buildManifests` where there may be more. */
export function buildManifest(selection: ExportSelection, context: ManifestContext): DataSet {
  const manifests = buildManifests(selection, context);
  const home = context.uid(selection.source.StudyInstanceUID);
  return manifests.find((each) => each.string(Attribute.StudyInstanceUID) === home) ?? manifests[0]!;
}

/**
 * Where each copy lies, in new UIDs. A received copy keeps its place in the mapped study; a copy that the selector owed
 * gets UIDs derived from those of the received one, so that every run and every copy read first agree on them.
 */
function documentPlaces(selection: ExportSelection, context: ManifestContext): readonly DocumentPlace[] {
  const received = [selection.source, ...selection.identicalDocuments];
  const studies = [...new Set(selection.references.map((each) => each.StudyInstanceUID))];
  if (studies.length === 1 && !received.some((each) => each.StudyInstanceUID === studies[0])) {
    return [mapPlace({ ...selection.source, StudyInstanceUID: studies[0]! }, context)];
  }
  // Smallest of the group: the same whichever of the identical documents was read.
  const origin = [...received].sort((a, b) => (a.SOPInstanceUID < b.SOPInstanceUID ? -1 : 1))[0]!;
  return studies.map((StudyInstanceUID) =>
    mapPlace(
      received.find((each) => each.StudyInstanceUID === StudyInstanceUID) ?? {
        StudyInstanceUID,
        SeriesInstanceUID: `${origin.SeriesInstanceUID}#${StudyInstanceUID}`,
        SOPInstanceUID: `${origin.SOPInstanceUID}#${StudyInstanceUID}`,
      },
      context,
    ),
  );
}

function mapPlace(source: DocumentPlace, context: ManifestContext): DocumentPlace {
  return {
    StudyInstanceUID: context.uid(source.StudyInstanceUID),
    SeriesInstanceUID: context.uid(source.SeriesInstanceUID),
    SOPInstanceUID: context.uid(source.SOPInstanceUID),
  };
}

function buildDocument(
  selection: ExportSelection,
  context: ManifestContext,
  place: DocumentPlace,
  others: readonly DocumentPlace[],
  shared: SharedElements,
): DataSet {
  const title = outgoingTitle(selection.documentTitle, context);
  const concepts = [title, ...context.methodCodes].map((each) => each.CodeMeaning);
  const instance = context.instanceOf?.(place.StudyInstanceUID);
  const written = [
    context.description ?? '',
    context.PatientName,
    context.PatientID,
    context.deidentificationMethod,
    ...concepts,
  ].join('');
  const plain = isDefaultRepertoire(written) && (instance === undefined || studyElements(instance).every(isPlain));
  const characterSet = plain ? [] : ['ISO_IR 192'];
  const base = newDataSet({ explicitVR: true, littleEndian: true }, characterSet);
  const build = new ManifestBuilder(base, (source) => context.uid(source));
  const { evidence, content } = shared.get(characterSet.join('\\')) ?? {
    evidence: build.sequence(
      Attribute.CurrentRequestedProcedureEvidenceSequence,
      ...build.hierarchy(evidenceOf(selection.references, context)),
    ),
    content: build.sequence(Attribute.ContentSequence, ...contentItems(selection, context, build)),
  };
  shared.set(characterSet.join('\\'), { evidence, content });

  const document = [
    ...base.elements,
    // Patient (PS3.3 C.7.1.1)
    build.text(Attribute.PatientName, 'PN', componentForm(context.PatientName)),
    build.text(Attribute.PatientID, 'LO', context.PatientID),
    build.text(Attribute.PatientBirthDate, 'DA', ''),
    build.text(Attribute.PatientSex, 'CS', ''),
    build.text(Attribute.PatientIdentityRemoved, 'CS', 'YES'),
    build.text(Attribute.DeidentificationMethod, 'LO', context.deidentificationMethod),
    build.sequence(Attribute.DeidentificationMethodCodeSequence, ...build.codes(...methodCodes(context.methodCodes))),
    build.text(
      Attribute.LongitudinalTemporalInformationModified,
      'CS',
      context.longitudinalTemporalInformation ?? 'REMOVED',
    ),
    // General Study (C.7.2.1)
    build.text(Attribute.StudyInstanceUID, 'UI', place.StudyInstanceUID),
    build.text(Attribute.StudyDate, 'DA', instance === undefined ? (context.studyDate ?? '') : ''),
    build.text(Attribute.StudyTime, 'TM', instance === undefined ? (context.studyTime ?? '') : ''),
    build.text(Attribute.ReferringPhysicianName, 'PN', ''),
    build.text(Attribute.StudyID, 'SH', instance === undefined ? (context.studyID ?? '') : ''),
    build.text(Attribute.AccessionNumber, 'SH', ''),
    // Key Object Document Series (C.17.6.1)
    build.text(Attribute.Modality, 'CS', 'KO'),
    build.text(Attribute.SeriesInstanceUID, 'UI', place.SeriesInstanceUID),
    build.text(Attribute.SeriesNumber, 'IS', '1'),
    build.sequence(Attribute.ReferencedPerformedProcedureStepSequence),
    // General Equipment (C.7.5.1)
    build.text(Attribute.Manufacturer, 'LO', 'TCE Export Manager'),
    // Key Object Document (C.17.6.2); no Referenced Request Sequence: it holds order numbers
    build.text(Attribute.InstanceNumber, 'IS', '1'),
    build.text(Attribute.ContentDate, 'DA', context.contentDate),
    build.text(Attribute.ContentTime, 'TM', context.contentTime),
    evidence,
    ...(others.length === 0
      ? []
      : [
          build.sequence(
            Attribute.IdenticalDocumentsSequence,
            ...build.hierarchy(others.map((other) => ({ ...other, SOPClassUID: KEY_OBJECT_SELECTION_DOCUMENT }))),
          ),
        ]),
    // SR Document Content (C.17.3), PS3.16 TID 2010
    build.text(Attribute.ValueType, 'CS', 'CONTAINER'),
    build.sequence(Attribute.ConceptNameCodeSequence, ...build.codes(title)),
    build.text(Attribute.ContinuityOfContent, 'CS', 'SEPARATE'),
    build.sequence(
      Attribute.ContentTemplateSequence,
      build.item((item) => [
        item.text(Attribute.MappingResource, 'CS', 'DCMR'),
        item.text(Attribute.TemplateIdentifier, 'CS', '2010'),
      ]),
    ),
    content,
    // SOP Common (C.12.1)
    build.text(Attribute.SOPClassUID, 'UI', KEY_OBJECT_SELECTION_DOCUMENT),
    build.text(Attribute.SOPInstanceUID, 'UI', place.SOPInstanceUID),
  ];
  if (instance === undefined) return base.withElements(document);
  const copied = copiedStudyElements(base, instance);
  const replaced = new Set(copied.map(({ tag }) => tag));
  return base.withElements([...document.filter(({ tag }) => !replaced.has(tag)), ...copied]);
}

/** Order of TID 2010: modifiers, language, description, references. No observer: that is staff. No delay reason. */
function contentItems(
  selection: ExportSelection,
  context: ManifestContext,
  build: ManifestBuilder,
): readonly DataSet[] {
  const language = languageConcept(selection.language);
  return [
    ...selection.modifiers
      .map(knownModifier)
      .filter((each) => each !== undefined)
      .map((each) => build.codeContent(DOCUMENT_TITLE_MODIFIER, each)),
    build.codeContent(LANGUAGE_OF_CONTENT, language),
    ...(context.description === null ? [] : [build.textContent(KEY_OBJECT_DESCRIPTION, context.description)]),
    ...contentReferences(selection.references).map((reference) => build.referenceContent(reference)),
  ];
}

/** An instance that was only ever nested in an image stays nested, and is no item of its own. */
function contentReferences(references: readonly InstanceReference[]): readonly InstanceReference[] {
  const nested = new Set(references.flatMap((each) => each.attached.map((attached) => attached.SOPInstanceUID)));
  return references.filter((each) => each.valueType !== null || !nested.has(each.SOPInstanceUID));
}

/** Exactly what the content references, nested ones included; no Retrieve AE Title or URL: those name the house. */
function evidenceOf(references: readonly InstanceReference[], context: ManifestContext): readonly EvidenceReference[] {
  return references.map((each) => {
    if (each.SeriesInstanceUID === '' || each.SOPClassUID === '') {
      throw cannot('UNPLACED_REFERENCE', 'a reference of the selection has no series or no SOP Class', {
        remedy: 'Place the references as the retrieved instances say before building the manifest.',
      });
    }
    return { ...mapPlace(each, context), SOPClassUID: each.SOPClassUID };
  });
}

/** Exactly as received, unless the Receiver asks for other codes; a meaning that no table knows is free text. */
function outgoingTitle(received: CodedConcept, context: ManifestContext): CodedConcept {
  const { titleCodes = 'as-received', purpose } = context;
  const known = knownDocumentTitle(received);
  if (known !== undefined && titleCodes !== 'as-received') {
    const mapped = documentTitleIn(titleCodes, known);
    if (mapped !== known) return mapped;
  }
  if (known !== undefined) return asReceived(received, known);
  if (purpose !== undefined) return { ...received, CodeMeaning: exportDocumentTitle(purpose, 'DCM').CodeMeaning };
  throw cannot('UNKNOWN_DOCUMENT_TITLE', 'the document title is of no known context group, and none was given for it', {
    remedy: 'Configure the document title with which such selections leave.',
  });
}

function knownModifier(received: CodedConcept): CodedConcept | undefined {
  const known = knownConcept('CID 7011', received) ?? knownConcept('CID 7012', received);
  return known === undefined ? undefined : asReceived(received, known);
}

function warningsOf(selection: ExportSelection, context: ManifestContext): readonly Reason[] {
  const { documentTitle, language } = selection;
  const title = outgoingTitle(documentTitle, context);
  const warnings: Reason[] = [];
  if (title.CodeValue === documentTitle.CodeValue && title.CodeMeaning !== documentTitle.CodeMeaning) {
    warnings.push({
      code: 'TITLE_REWORDED',
      message: 'The meaning of the document title was none that the standards give it; it leaves in their words.',
    });
  }
  const leftOut = selection.modifiers.filter((each) => knownModifier(each) === undefined).length;
  if (leftOut > 0) {
    warnings.push({
      code: 'MODIFIER_LEFT_OUT',
      message: `Document title modifiers of no known context group (CID 7011, CID 7012) were left out (${leftOut}).`,
    });
  }
  if (language !== null && languageConcept(language).CodeValue !== language.CodeValue) {
    warnings.push({ code: 'LANGUAGE_REPLACED', message: 'The language of the content is none of CID 5000; English.' });
  }
  return warnings;
}

/** A manifest is de-identified by the Basic Profile with Clean Structured Content, whatever the instances needed. */
const MANIFEST_METHOD_CODES: readonly CodedConcept[] = [
  { CodeValue: '113100', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Basic Application Confidentiality Profile' },
  { CodeValue: '113104', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Clean Structured Content Option' },
];

function methodCodes(given: readonly CodedConcept[]): readonly CodedConcept[] {
  const others = given.filter((each) => !MANIFEST_METHOD_CODES.some((own) => own.CodeValue === each.CodeValue));
  return [...MANIFEST_METHOD_CODES, ...others];
}

function isDefaultRepertoire(text: string): boolean {
  return /^[\x09-\x0d\x20-\x7e]*$/.test(text);
}

/** A name without any ^ is of a retired form (PS3.5 6.2.1.2). */
function componentForm(name: string): string {
  return name === '' || /[=^]/.test(name) ? name : `${name}^`;
}
