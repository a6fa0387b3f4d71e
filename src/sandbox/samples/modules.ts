import { type DataSet, newDataSet } from '../../dicom/data-set';
import { encodeDataSet } from '../../dicom/part10/write';
import type { SampleIdentity } from './identity';
import { type Attributes, dataSetOf, EXPLICIT, IMPLICIT } from './notation';
import { part10File } from './part10-file';
import type { Seed } from './seed';

/** One generated PS3.10 file, and what is needed to reference it. */
export interface Sample {
  /** Path-ish: `testmann/ct-1/0001.dcm`. */
  readonly name: string;
  readonly description: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
  readonly bytes: Uint8Array;
}

export interface SampleStudy {
  readonly identity: SampleIdentity;
  readonly key: string;
  readonly StudyDate: string;
  readonly StudyTime: string;
  /** The family name is put before it. */
  readonly StudyDescription: string;
}

export interface SampleSeries {
  readonly study: SampleStudy;
  readonly key: string;
  readonly Modality: string;
  readonly SeriesNumber: number;
  readonly SeriesDescription: string;
  readonly BodyPartExamined: string;
  readonly Manufacturer: string;
  readonly ManufacturerModelName: string;
}

export function studyUID(seed: Seed, study: SampleStudy): string {
  return seed.uid(`${study.identity.key}/${study.key}`);
}

export function seriesUID(seed: Seed, series: SampleSeries): string {
  return seed.uid(`${series.study.identity.key}/${series.study.key}/${series.key}`);
}

export function instanceUID(seed: Seed, series: SampleSeries, instance: number): string {
  return seed.uid(`${series.study.identity.key}/${series.study.key}/${series.key}/${instance}`);
}

/** Patient, General Study and Patient Study modules (PS3.3 C.7.1.1, C.7.2.1, C.7.2.2), names wherever they hide. */
export function patientAndStudy(study: SampleStudy, seed: Seed): Attributes {
  const who = study.identity;
  return {
    PatientName: who.PatientName,
    PatientID: who.PatientID,
    IssuerOfPatientID: who.IssuerOfPatientID,
    PatientBirthDate: who.PatientBirthDate,
    PatientBirthTime: '053000',
    PatientSex: who.PatientSex,
    OtherPatientNames: who.OtherPatientNames,
    OtherPatientIDsSequence: [
      { PatientID: who.OtherPatientID, IssuerOfPatientID: who.IssuerOfPatientID, TypeOfPatientID: 'TEXT' },
    ],
    PatientBirthName: who.PatientBirthName,
    PatientMotherBirthName: who.PatientMotherBirthName,
    PatientAddress: who.PatientAddress,
    PatientTelephoneNumbers: who.PatientTelephoneNumbers,
    Occupation: who.Occupation,
    EthnicGroup: `${who.family} kin`.slice(0, 16),
    PatientComments: `Please call ${who.given} ${who.family} at ${who.PatientTelephoneNumbers} before any visit.`,
    ReferencedPatientSequence: [
      { ReferencedSOPClassUID: '1.2.840.10008.3.1.2.1.1', ReferencedSOPInstanceUID: seed.uid(`${who.key}/patient`) },
    ],
    StudyInstanceUID: studyUID(seed, study),
    StudyDate: study.StudyDate,
    StudyTime: study.StudyTime,
    StudyID: `${who.orderPrefix}-S`,
    AccessionNumber: accessionNumber(study),
    StudyDescription: `${who.family}-${study.StudyDescription}`,
    ReferringPhysicianName: who.ReferringPhysicianName,
    PhysiciansOfRecord: [who.ReferringPhysicianName, who.PerformingPhysicianName],
    NameOfPhysiciansReadingStudy: who.PerformingPhysicianName,
    AdmittingDiagnosesDescription: `Headache of ${who.given} ${who.family}`,
    PatientAge: ageAt(who.PatientBirthDate, study.StudyDate),
    PatientSize: 1.72,
    PatientWeight: 68.5,
    AdditionalPatientHistory: `${who.family}, ${who.given}: seen by ${spoken(who.ReferringPhysicianName)} last year.`,
    TimezoneOffsetFromUTC: '+0100',
  };
}

/** General Series with its request (C.7.3.1, 10.6), General Equipment (C.7.5.1). */
export function seriesAndEquipment(series: SampleSeries, seed: Seed): Attributes {
  const { study } = series;
  const who = study.identity;
  return {
    Modality: series.Modality,
    SeriesInstanceUID: seriesUID(seed, series),
    SeriesNumber: series.SeriesNumber,
    SeriesDate: study.StudyDate,
    SeriesTime: study.StudyTime,
    SeriesDescription: `${series.SeriesDescription} ${who.family}`,
    ProtocolName: `${series.SeriesDescription} (${who.family})`,
    ReferencedPerformedProcedureStepSequence: [
      {
        ReferencedSOPClassUID: '1.2.840.10008.3.1.2.3.3',
        ReferencedSOPInstanceUID: seed.uid(`${who.key}/${study.key}/mpps`),
      },
    ],
    ...(DOCUMENTS.has(series.Modality) ? {} : acquisition(series, seed)),
    Manufacturer: series.Manufacturer,
    ManufacturerModelName: series.ManufacturerModelName,
    InstitutionName: who.InstitutionName,
    InstitutionAddress: who.InstitutionAddress,
    InstitutionalDepartmentName: who.InstitutionalDepartmentName,
    StationName: who.StationName,
    DeviceSerialNumber: who.DeviceSerialNumber,
    SoftwareVersions: 'SAMPLES 1.0',
  };
}

/** What General Series has and the series modules of documents (C.17.1, C.17.6.1) have not. */
function acquisition(series: SampleSeries, seed: Seed): Attributes {
  const { study } = series;
  const who = study.identity;
  return {
    BodyPartExamined: series.BodyPartExamined,
    PerformingPhysicianName: who.PerformingPhysicianName,
    OperatorsName: who.OperatorsName,
    PerformedProcedureStepStartDate: study.StudyDate,
    PerformedProcedureStepStartTime: study.StudyTime,
    PerformedProcedureStepID: `${who.orderPrefix}-P`,
    PerformedProcedureStepDescription: `${series.Modality} of ${who.given} ${who.family}`,
    RequestAttributesSequence: [
      {
        RequestedProcedureID: `${who.orderPrefix}-R`,
        AccessionNumber: accessionNumber(study),
        StudyInstanceUID: studyUID(seed, study),
        RequestedProcedureDescription: `${series.Modality} ${who.family}`,
        ReasonForTheRequestedProcedure: `Dizziness of ${who.given} ${who.family}`,
        ScheduledProcedureStepID: `${who.orderPrefix}-Q`,
        ScheduledProcedureStepDescription: `${series.SeriesDescription} ${who.family}`,
        ScheduledProtocolCodeSequence: [
          {
            CodeValue: 'P-17',
            CodingSchemeDesignator: '99MUSTER',
            CodeMeaning: `${series.Modality} as agreed with ${who.family}`,
          },
        ],
      },
    ],
  };
}

const DOCUMENTS: ReadonlySet<string> = new Set(['KO', 'SR']);

/**
 * Where names hide from whoever looks at known attributes only: behind a private creator as text, in a nested sequence,
 * in a blob; and in sequences sent as UN, whose items are Implicit VR Little Endian whatever is around them (PS3.5
 * 6.2.2). An implicit data set says no VR, so that there every private one is UN to the reader.
 */
export function hidingPlaces(study: SampleStudy, seed: Seed): Attributes {
  const who = study.identity;
  const hidden = { PatientName: who.PatientName, PatientID: who.PatientID, PatientComments: `${who.family} again` };
  return {
    '00090010 LO': 'TESTCORP HEADER',
    '00091001 LO': `${who.given} ${who.family}`,
    '00091002 SQ': [{ ...hidden, '00090010 LO': 'TESTCORP HEADER', '00091003 SH': who.PatientID }],
    '00091004 UN': sequenceValue([newItemOf(hidden, who.characterSet)]),
    // A public sequence sent as UN, which a reader without a dictionary takes for bytes.
    '00081110 UN': sequenceValue([
      newItemOf(
        {
          '00081150 UI': '1.2.840.10008.3.1.2.3.1',
          '00081155 UI': studyUID(seed, study),
          PatientName: who.PatientName,
        },
        who.characterSet,
      ),
    ]),
    '00290010 LO': 'TESTCORP BLOB',
    '00291010 OB': Buffer.from(`<patient name="${who.given} ${who.family}" id="${who.PatientID}"/>`, 'utf8'),
  };
}

/** The value of a sequence in Implicit VR Little Endian, items of defined length. */
export function sequenceValue(items: readonly DataSet[]): Uint8Array {
  return Buffer.concat(
    items.flatMap((item) => {
      const value = encodeDataSet(item);
      const header = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
      header.writeUInt32LE(value.length, 4);
      return [header, value];
    }),
  );
}

function newItemOf(attributes: Attributes, characterSet: readonly string[]): DataSet {
  const base = newDataSet(IMPLICIT, characterSet);
  // The characters are those of the data set around it: no (0008,0005) of its own.
  return base.withElements(
    dataSetOf(attributes, IMPLICIT, characterSet).elements.filter(({ tag }) => tag !== 0x00080005),
  );
}

/** SOP Common (C.12.1) and what it takes to be a file. */
export function sampleFile(
  series: SampleSeries,
  seed: Seed,
  instance: number,
  options: { readonly SOPClassUID: string; readonly description: string; readonly implicitVR?: boolean },
  attributes: Attributes,
): Sample {
  const who = series.study.identity;
  const SOPInstanceUID = instanceUID(seed, series, instance);
  const dataSet = dataSetOf(
    {
      ...patientAndStudy(series.study, seed),
      ...seriesAndEquipment(series, seed),
      SOPClassUID: options.SOPClassUID,
      SOPInstanceUID,
      InstanceNumber: instance,
      InstanceCreationDate: series.study.StudyDate,
      InstanceCreationTime: series.study.StudyTime,
      InstanceCreatorUID: seed.uid(`${who.key}/creator`),
      ...attributes,
    },
    options.implicitVR === true ? IMPLICIT : EXPLICIT,
    who.characterSet,
  );
  return {
    name: `${who.key}/${series.study.key}/${series.key}/${String(instance).padStart(4, '0')}.dcm`,
    description: options.description,
    StudyInstanceUID: studyUID(seed, series.study),
    SeriesInstanceUID: seriesUID(seed, series),
    SOPClassUID: options.SOPClassUID,
    SOPInstanceUID,
    bytes: part10File(dataSet, {
      SourceApplicationEntityTitle: who.SourceApplicationEntityTitle,
      preamble: `${who.family} ${who.PatientID}`,
    }),
  };
}

function accessionNumber(study: SampleStudy): string {
  return `${study.identity.orderPrefix}-A${study.StudyDate.slice(4)}`;
}

/** PatientAge (AS) in whole years. */
function ageAt(birth: string, day: string): string {
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4)) - (day.slice(4) < birth.slice(4) ? 1 : 0);
  return `${String(years).padStart(3, '0')}Y`;
}

/** 'Musterarzt^Konrad^^Dr.' → 'Dr. Musterarzt' */
function spoken(name: string): string {
  const [family = '', , , prefix = ''] = name.split('^');
  return `${prefix} ${family}`.trim();
}
