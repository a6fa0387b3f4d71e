import { COMPREHENSIVE_SR, ENCAPSULATED_PDF } from '../../dicom/sop-class';
import { hidingPlaces, type Sample, type SampleSeries, type SampleStudy, sampleFile } from './modules';
import type { Attributes } from './notation';
import type { Seed } from './seed';

export interface ReferencedSample {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
}

/** A Comprehensive SR (PS3.3 A.35.3): the report on some images, signed, with names in its text. */
export function reportOn(images: readonly ReferencedSample[], study: SampleStudy, seed: Seed): Sample {
  const who = study.identity;
  const series: SampleSeries = { ...documentSeries(study, 'SR', 'Report'), key: 'sr' };
  const verified = `${study.StudyDate}143000`;
  return sampleFile(
    series,
    seed,
    1,
    { SOPClassUID: COMPREHENSIVE_SR, description: 'SR: report with observer and names in its text' },
    {
      ContentDate: study.StudyDate,
      ContentTime: '143000',
      CompletionFlag: 'COMPLETE',
      VerificationFlag: 'VERIFIED',
      VerifyingObserverSequence: [
        {
          VerifyingOrganization: who.InstitutionName,
          VerificationDateTime: verified,
          VerifyingObserverName: who.PerformingPhysicianName,
          VerifyingObserverIdentificationCodeSequence: [],
        },
      ],
      ReferencedRequestSequence: [
        {
          StudyInstanceUID: images[0]?.StudyInstanceUID ?? '',
          ReferencedStudySequence: [],
          AccessionNumber: `${who.orderPrefix}-A${study.StudyDate.slice(4)}`,
          PlacerOrderNumberImagingServiceRequest: `${who.orderPrefix}-PL`,
          FillerOrderNumberImagingServiceRequest: `${who.orderPrefix}-FI`,
          RequestedProcedureID: `${who.orderPrefix}-R`,
          RequestedProcedureDescription: `Head of ${who.family}`,
          RequestedProcedureCodeSequence: [],
        },
      ],
      PerformedProcedureCodeSequence: [],
      CurrentRequestedProcedureEvidenceSequence: hierarchyOf(images),
      ValueType: 'CONTAINER',
      ConceptNameCodeSequence: [code('18747-6', 'LN', 'CT Report')],
      ContinuityOfContent: 'SEPARATE',
      ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '2000' }],
      ContentSequence: [
        {
          RelationshipType: 'HAS CONCEPT MOD',
          ValueType: 'CODE',
          ConceptNameCodeSequence: [code('121049', 'DCM', 'Language of Content Item and Descendants')],
          ConceptCodeSequence: [code('en-US', 'RFC5646', 'English (United States)')],
        },
        ...personObserver(who.PerformingPhysicianName, who.InstitutionName),
        {
          RelationshipType: 'HAS OBS CONTEXT',
          ValueType: 'PNAME',
          ConceptNameCodeSequence: [code('121029', 'DCM', 'Subject Name')],
          PersonName: who.PatientName,
        },
        {
          RelationshipType: 'HAS OBS CONTEXT',
          ValueType: 'UIDREF',
          ConceptNameCodeSequence: [code('121018', 'DCM', 'Procedure Study Instance UID')],
          '0040A124 UI': images[0]?.StudyInstanceUID ?? '',
        },
        {
          RelationshipType: 'CONTAINS',
          ValueType: 'CONTAINER',
          ConceptNameCodeSequence: [code('121070', 'DCM', 'Findings')],
          ContinuityOfContent: 'SEPARATE',
          ContentSequence: [
            {
              RelationshipType: 'CONTAINS',
              ValueType: 'TEXT',
              ConceptNameCodeSequence: [code('121071', 'DCM', 'Finding')],
              TextValue: `${who.given} ${who.family} (born ${who.PatientBirthDate}) has a small bright spot on the left.`,
              ContentSequence: images.slice(0, 1).map((each) => ({
                RelationshipType: 'INFERRED FROM',
                ValueType: 'IMAGE',
                ReferencedSOPSequence: [sopReference(each)],
              })),
            },
            {
              RelationshipType: 'CONTAINS',
              ValueType: 'TEXT',
              ConceptNameCodeSequence: [code('121071', 'DCM', 'Finding')],
              TextValue: `Discussed with the family of ${who.family} by telephone, ${who.PatientTelephoneNumbers}.`,
            },
          ],
        },
      ],
      ...hidingPlaces(study, seed),
    },
  );
}

/** HAS OBS CONTEXT items of TID 1002, 1003: who looked (PS3.16). */
export function personObserver(name: string, organization: string): readonly Attributes[] {
  return [
    {
      RelationshipType: 'HAS OBS CONTEXT',
      ValueType: 'CODE',
      ConceptNameCodeSequence: [code('121005', 'DCM', 'Observer Type')],
      ConceptCodeSequence: [code('121006', 'DCM', 'Person')],
    },
    {
      RelationshipType: 'HAS OBS CONTEXT',
      ValueType: 'PNAME',
      ConceptNameCodeSequence: [code('121008', 'DCM', 'Person Observer Name')],
      PersonName: name,
    },
    {
      RelationshipType: 'HAS OBS CONTEXT',
      ValueType: 'TEXT',
      ConceptNameCodeSequence: [code('121009', 'DCM', "Person Observer's Organization Name")],
      TextValue: organization,
    },
  ];
}

/** A letter as an Encapsulated PDF (A.45.1): what is inside cannot be cleaned attribute by attribute. */
export function encapsulatedLetter(study: SampleStudy, seed: Seed): Sample {
  const who = study.identity;
  return sampleFile(
    { ...documentSeries(study, 'DOC', 'Letter'), key: 'pdf' },
    seed,
    1,
    { SOPClassUID: ENCAPSULATED_PDF, description: 'Encapsulated PDF: a letter about the patient' },
    {
      ContentDate: study.StudyDate,
      ContentTime: '150000',
      AcquisitionDateTime: `${study.StudyDate}150000`,
      ConversionType: 'WSD',
      BurnedInAnnotation: 'YES',
      DocumentTitle: `Letter on ${who.given} ${who.family}`,
      ConceptNameCodeSequence: [],
      MIMETypeOfEncapsulatedDocument: 'application/pdf',
      EncapsulatedDocument: letterPDF(`To ${who.given} ${who.family}, ${who.PatientID}`),
    },
  );
}

/** One page of text, by hand (ISO 32000-1, 7.5). */
function letterPDF(line: string): Uint8Array {
  const escaped = line.replace(/[\\()]/g, '\\$&');
  const text = `BT /F1 18 Tf 72 720 Td (${escaped}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = body.length;
    body += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  return Buffer.from(`${body}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}${trailer}`, 'latin1');
}

export function documentSeries(study: SampleStudy, Modality: string, SeriesDescription: string): SampleSeries {
  return {
    study,
    key: Modality.toLowerCase(),
    Modality,
    SeriesNumber: 90,
    SeriesDescription,
    BodyPartExamined: 'HEAD',
    Manufacturer: 'TESTCORP',
    ManufacturerModelName: 'Phantomatic RIS',
  };
}

export function code(CodeValue: string, CodingSchemeDesignator: string, CodeMeaning: string): Attributes {
  return { CodeValue, CodingSchemeDesignator, CodeMeaning };
}

export function sopReference(each: { readonly SOPClassUID: string; readonly SOPInstanceUID: string }): Attributes {
  return { ReferencedSOPClassUID: each.SOPClassUID, ReferencedSOPInstanceUID: each.SOPInstanceUID };
}

/** Hierarchical SOP Instance Reference Macro; `ofSeries` adds attributes to each series item. */
export function hierarchyOf(references: readonly ReferencedSample[], ofSeries: Attributes = {}): readonly Attributes[] {
  const studies = [...new Set(references.map((each) => each.StudyInstanceUID))];
  return studies.map((StudyInstanceUID) => {
    const inStudy = references.filter((each) => each.StudyInstanceUID === StudyInstanceUID);
    const series = [...new Set(inStudy.map((each) => each.SeriesInstanceUID))];
    return {
      StudyInstanceUID,
      ReferencedSeriesSequence: series.map((SeriesInstanceUID) => ({
        SeriesInstanceUID,
        ...ofSeries,
        ReferencedSOPSequence: inStudy.filter((each) => each.SeriesInstanceUID === SeriesInstanceUID).map(sopReference),
      })),
    };
  });
}
