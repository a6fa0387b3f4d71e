import type { CodedConcept } from '../../dicom/coded-concept';
import { KEY_OBJECT_SELECTION_DOCUMENT, REAL_WORLD_VALUE_MAPPING } from '../../dicom/sop-class';
import { code, documentSeries, hierarchyOf, personObserver, type ReferencedSample, sopReference } from './documents';
import {
  instanceUID,
  type Sample,
  type SampleSeries,
  type SampleStudy,
  sampleFile,
  seriesUID,
  studyUID,
} from './modules';
import type { Attributes } from './notation';
import type { Seed } from './seed';

export interface SelectionReference extends ReferencedSample {
  readonly valueType?: 'IMAGE' | 'WAVEFORM' | 'COMPOSITE';
  readonly frames?: readonly number[];
  /** Presentation states and Real World Value maps, nested in the reference. */
  readonly attached?: readonly ReferencedSample[];
}

export interface SelectionOptions {
  /** In which the document lies, and whose patient it is about. */
  readonly study: SampleStudy;
  /** Tells documents of one study apart; goes into their UIDs. */
  readonly key: string;
  readonly title: CodedConcept;
  /** Text of (113012, DCM). */
  readonly description?: string;
  readonly delayReasons?: readonly CodedConcept[];
  readonly modifiers?: readonly CodedConcept[];
  readonly language?: CodedConcept;
  /** Content tree, in this order. */
  readonly references: readonly SelectionReference[];
  /** (0040,A375); default: what the content references, attached ones included. */
  readonly evidence?: readonly ReferencedSample[];
  readonly identicalDocuments?: readonly Omit<ReferencedSample, 'SOPClassUID'>[];
  /** false leaves out the observer, the request and where to retrieve from: all that names the house and its staff. */
  readonly household?: boolean;
  readonly contentDate?: string;
  readonly contentTime?: string;
}

/** A Key Object Selection Document (PS3.3 A.35.4, PS3.16 TID 2010), as an Export Selector stores it. */
export function generateSelection(options: SelectionOptions, seed: Seed): Sample {
  const { study } = options;
  const who = study.identity;
  const household = options.household !== false;
  const evidence =
    options.evidence ?? uniqueByUID(options.references.flatMap((each) => [each, ...(each.attached ?? [])]));
  return sampleFile(
    selectionSeries(study, options.key),
    seed,
    1,
    {
      SOPClassUID: KEY_OBJECT_SELECTION_DOCUMENT,
      description: `Selection "${options.title.CodeMeaning}" of ${options.references.length} instances`,
    },
    {
      ContentDate: options.contentDate ?? study.StudyDate,
      ContentTime: options.contentTime ?? '160000',
      ...(household
        ? {
            ReferencedRequestSequence: [
              {
                StudyInstanceUID: studyUID(seed, study),
                ReferencedStudySequence: [],
                AccessionNumber: `${who.orderPrefix}-A${study.StudyDate.slice(4)}`,
                PlacerOrderNumberImagingServiceRequest: `${who.orderPrefix}-PL`,
                FillerOrderNumberImagingServiceRequest: `${who.orderPrefix}-FI`,
                RequestedProcedureID: `${who.orderPrefix}-R`,
                RequestedProcedureDescription: `Head of ${who.family}`,
                RequestedProcedureCodeSequence: [],
              },
            ],
          }
        : {}),
      CurrentRequestedProcedureEvidenceSequence: hierarchyOf(
        evidence,
        household
          ? {
              RetrieveAETitle: who.SourceApplicationEntityTitle,
              RetrieveURL: `http://pacs.musterstadt.invalid/dicom-web/?patient=${encodeURIComponent(who.family)}`,
            }
          : {},
      ),
      ...(options.identicalDocuments === undefined || options.identicalDocuments.length === 0
        ? {}
        : {
            IdenticalDocumentsSequence: hierarchyOf(
              options.identicalDocuments.map((each) => ({ ...each, SOPClassUID: KEY_OBJECT_SELECTION_DOCUMENT })),
            ),
          }),
      ValueType: 'CONTAINER',
      ConceptNameCodeSequence: [concept(options.title)],
      ContinuityOfContent: 'SEPARATE',
      ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '2010' }],
      ContentSequence: [
        ...[...(options.modifiers ?? []), ...(options.delayReasons ?? [])].map((value) =>
          codeItem(code('113011', 'DCM', 'Document Title Modifier'), value),
        ),
        codeItem(
          code('121049', 'DCM', 'Language of Content Item and Descendants'),
          options.language ?? { CodeValue: 'eng', CodingSchemeDesignator: 'ISO639_2', CodeMeaning: 'English' },
        ),
        ...(household ? personObserver(who.ReferringPhysicianName, who.InstitutionName) : []),
        ...(options.description === undefined
          ? []
          : [
              {
                RelationshipType: 'CONTAINS',
                ValueType: 'TEXT',
                ConceptNameCodeSequence: [code('113012', 'DCM', 'Key Object Description')],
                TextValue: options.description,
              },
            ]),
        ...options.references.map(referenceItem),
      ],
    },
  );
}

/** Where `generateSelection` puts the document of this key. */
export function selectionPlace(study: SampleStudy, key: string, seed: Seed): Omit<ReferencedSample, 'SOPClassUID'> {
  const series = selectionSeries(study, key);
  return {
    StudyInstanceUID: studyUID(seed, study),
    SeriesInstanceUID: seriesUID(seed, series),
    SOPInstanceUID: instanceUID(seed, series, 1),
  };
}

/** One document per study, of identical content, each naming the others (C.17.6.2.1). */
export function generateIdenticalSelections(
  studies: readonly SampleStudy[],
  options: Omit<SelectionOptions, 'study' | 'identicalDocuments'>,
  seed: Seed,
): readonly Sample[] {
  return studies.map((study) =>
    generateSelection(
      {
        ...options,
        study,
        identicalDocuments: studies
          .filter((other) => other !== study)
          .map((other) => selectionPlace(other, options.key, seed)),
      },
      seed,
    ),
  );
}

function selectionSeries(study: SampleStudy, key: string): SampleSeries {
  return { ...documentSeries(study, 'KO', 'Selection'), key: `ko-${key}`, SeriesNumber: 900 };
}

function referenceItem(reference: SelectionReference): Attributes {
  const isMap = (each: ReferencedSample) => each.SOPClassUID === REAL_WORLD_VALUE_MAPPING;
  const attached = reference.attached ?? [];
  const nested = (keyword: string, references: readonly ReferencedSample[]) =>
    references.length === 0 ? {} : { [keyword]: references.map(sopReference) };
  return {
    RelationshipType: 'CONTAINS',
    ValueType: reference.valueType ?? 'IMAGE',
    ReferencedSOPSequence: [
      {
        ...sopReference(reference),
        ...(reference.frames === undefined ? {} : { ReferencedFrameNumber: reference.frames }),
        ...nested(
          'ReferencedSOPSequence',
          attached.filter((each) => !isMap(each)),
        ),
        ...nested('ReferencedRealWorldValueMappingInstanceSequence', attached.filter(isMap)),
      },
    ],
  };
}

function codeItem(name: Attributes, value: CodedConcept): Attributes {
  return {
    RelationshipType: 'HAS CONCEPT MOD',
    ValueType: 'CODE',
    ConceptNameCodeSequence: [name],
    ConceptCodeSequence: [concept(value)],
  };
}

function concept(value: CodedConcept): Attributes {
  return code(value.CodeValue, value.CodingSchemeDesignator, value.CodeMeaning);
}

function uniqueByUID(references: readonly ReferencedSample[]): readonly ReferencedSample[] {
  return [...new Map(references.map((each) => [each.SOPInstanceUID, each])).values()];
}
