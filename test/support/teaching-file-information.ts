import { BASIC_TEXT_SR } from '../../src/dicom/sop-class';
import type { Sample, SampleStudy, Seed } from '../../src/sandbox/samples';
import { sampleFile } from '../../src/sandbox/samples/modules';
import type { Attributes } from '../../src/sandbox/samples/notation';
import { PHI_MARKS as MARK } from './phi-mark';
import { markedSeed, markedStudy } from './synth';

/** Additional Teaching File Information as selectors write it, with a mark in every text. */

export const ihe = (CodeValue: string, CodeMeaning = 'As it may be'): Attributes => ({
  CodeValue,
  CodingSchemeDesignator: 'IHERADTF',
  CodeMeaning,
});
export const dcm = (CodeValue: string, CodeMeaning = 'As it may be'): Attributes => ({
  CodeValue,
  CodingSchemeDesignator: 'DCM',
  CodeMeaning,
});

export function textItem(concept: Attributes, TextValue: string, below: readonly Attributes[] = []): Attributes {
  return {
    RelationshipType: 'CONTAINS',
    ValueType: 'TEXT',
    ConceptNameCodeSequence: [concept],
    TextValue,
    ...(below.length === 0 ? {} : { ContentSequence: below }),
  };
}

export function codeItem(concept: Attributes, value: Attributes, RelationshipType = 'CONTAINS'): Attributes {
  return {
    RelationshipType,
    ValueType: 'CODE',
    ConceptNameCodeSequence: [concept],
    ConceptCodeSequence: [value],
  };
}

export const AUTHOR_OF_CASE = `Dr. Bob ${MARK.performing}`;

/** The whole template, rows 3 and 4 below row 2. */
export const WHOLE_CONTENT: readonly Attributes[] = [
  textItem(ihe('TCE101', 'Author'), AUTHOR_OF_CASE, [
    { ...textItem(ihe('TCE102', 'Affiliation'), MARK.institution), RelationshipType: 'HAS PROPERTIES' },
    { ...textItem(ihe('TCE103', 'Contact'), `telephone ${MARK.telephone}`), RelationshipType: 'HAS PROPERTIES' },
  ]),
  textItem(ihe('TCE104', 'Abstract'), `Lesion of the head of ${MARK.given} ${MARK.family}.`),
  textItem(ihe('TCE105', 'Keywords'), 'lesion'),
  textItem(dcm('121060', 'History'), `Pain of ${MARK.given} ${MARK.family} since ${MARK.birthDate}.`),
  textItem(dcm('121071', 'Finding'), 'Small lesion on the left.'),
  textItem(ihe('TCE106', 'Discussion'), 'Lesion without enhancement.'),
  textItem(dcm('111023', 'Differential Diagnosis/Impression'), 'Normal variant'),
  textItem(ihe('TCE107', 'Diagnosis'), 'Normal'),
  textItem(dcm('112005', 'Radiographic anatomy'), 'Head'),
  codeItem(dcm('111042', 'Pathology'), {
    CodeValue: 'D001921',
    CodingSchemeDesignator: 'MSH',
    CodeMeaning: 'Brain',
  }),
  textItem(ihe('TCE108', 'Organ system'), 'Brain'),
  codeItem(dcm('121139', 'Modality'), dcm('CT', 'Computed Tomography')),
  codeItem(ihe('TCE109', 'Category'), ihe('TCE306', 'Neuro')),
  codeItem(ihe('TCE110', 'Level'), ihe('TCE201', 'Primary')),
  codeItem(ihe('TCE111', 'Diagnoses confirmed'), {
    CodeValue: '373066001',
    CodingSchemeDesignator: 'SCT',
    CodeMeaning: 'Yes',
  }),
];

export interface InformationOptions {
  readonly study?: SampleStudy;
  readonly seed?: Seed;
  readonly SOPClassUID?: string;
  readonly title?: Attributes;
  readonly content?: readonly Attributes[];
  readonly more?: Attributes;
}

/** A document with staff and orders in its header, too. */
export function informationSample(options: InformationOptions = {}): Sample {
  const { study = markedStudy(), seed = markedSeed(), SOPClassUID = BASIC_TEXT_SR } = options;
  const who = study.identity;
  return sampleFile(
    {
      study,
      key: 'tce006',
      Modality: 'SR',
      SeriesNumber: 90,
      SeriesDescription: `Case of ${who.family}`,
      BodyPartExamined: '',
      Manufacturer: 'Example Systems',
      ManufacturerModelName: 'Reporter',
    },
    seed,
    1,
    { SOPClassUID, description: 'Additional Teaching File Information' },
    {
      ContentDate: study.StudyDate,
      ContentTime: '150000',
      CompletionFlag: 'COMPLETE',
      VerificationFlag: 'VERIFIED',
      VerifyingObserverSequence: [
        {
          VerifyingOrganization: who.InstitutionName,
          VerificationDateTime: `${study.StudyDate}150100`,
          VerifyingObserverName: who.PerformingPhysicianName,
          VerifyingObserverIdentificationCodeSequence: [],
        },
      ],
      PerformedProcedureCodeSequence: [],
      ValueType: 'CONTAINER',
      ConceptNameCodeSequence: [options.title ?? ihe('TCE006', 'Additional Teaching File Information')],
      ContinuityOfContent: 'SEPARATE',
      ContentSequence: options.content ?? WHOLE_CONTENT,
      ...options.more,
    },
  );
}
