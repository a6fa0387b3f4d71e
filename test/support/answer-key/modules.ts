import type { VR } from '../../../src/dicom/vr';
import type { Seed } from '../../../src/sandbox/samples';
import { cleaned, type Keyed, prose, says } from './notation';
import { HOUSE, type Person } from './people';

/** What the instances of a study have in common, with identifiers wherever real data has them. */

export interface Scene {
  readonly who: Person;
  readonly seed: Seed;
  readonly Modality: string;
  readonly series: string;
  readonly instance: number;
}

export function code(CodeValue: string, CodingSchemeDesignator: string, CodeMeaning: string): Keyed {
  return { CodeValue, CodingSchemeDesignator, CodeMeaning };
}

export function studyUID({ who, seed }: Scene): string {
  return seed.uid(`${who.key}/study`);
}

export function seriesUID({ who, seed, series }: Scene): string {
  return seed.uid(`${who.key}/${series}`);
}

export function instanceUID({ who, seed, series, instance }: Scene): string {
  return seed.uid(`${who.key}/${series}/${instance}`);
}

/** PS3.3 C.7.1.1, C.7.1.4, C.7.2.1, C.7.2.2. */
export function patientAndStudy(scene: Scene): Keyed {
  const { who, seed } = scene;
  return {
    PatientName: who.PatientName,
    PatientID: who.PatientID,
    IssuerOfPatientID: 'Fakeheim Registry',
    PatientBirthDate: who.PatientBirthDate,
    PatientBirthTime: '053000',
    PatientSex: who.PatientSex,
    PatientAge: who.PatientAge,
    PatientSize: '1.72',
    PatientWeight: '68.5',
    EthnicGroup: 'Caucasian',
    SmokingStatus: 'NO',
    OtherPatientIDs: [`${who.PatientID}9`],
    OtherPatientNames: [`${who.family}^Zweitmock`],
    OtherPatientIDsSequence: [
      { PatientID: `${who.PatientID}8`, IssuerOfPatientID: 'Fakeheim', TypeOfPatientID: 'TEXT' },
    ],
    PatientBirthName: `Geburtmock^${who.given}`,
    PatientMotherBirthName: 'Muttermock^Erna',
    PatientAddress: 'Patientenweg 5, 88888 Mockstadt',
    PatientTelephoneNumbers: who.telephone,
    PatientReligiousPreference: 'Mockism',
    MilitaryRank: 'Mocksergeant',
    PatientComments: prose(`Claustrophobia. Call ${who.given} ${who.family} at ${who.telephone} before the exam.`, [
      'Claustrophobia',
    ]),
    ReferencedPatientSequence: [
      { ReferencedSOPClassUID: '1.2.840.10008.3.1.2.1.1', ReferencedSOPInstanceUID: seed.uid(`${who.key}/patient`) },
    ],
    StudyInstanceUID: studyUID(scene),
    StudyDate: who.studyDate,
    StudyTime: '081733.120',
    StudyID: `${HOUSE.order}S`,
    AccessionNumber: who.accession,
    StudyDescription: cleaned(`${who.family}-CT/Head w/o Contrast`, 'CT/Head w/o Contrast'),
    ReferringPhysicianName: HOUSE.referring,
    ReferringPhysicianTelephoneNumbers: '+49 5555 700700',
    PhysiciansOfRecord: [HOUSE.referring, HOUSE.performing],
    NameOfPhysiciansReadingStudy: HOUSE.reading,
    AdmittingDiagnosesDescription: cleaned(`Headache ${who.native}`, 'Headache'),
    AdditionalPatientHistory: prose(
      `Chronic headache since 2 weeks. ${who.family}, ${who.given} was seen by Dr. Dokfaker. MRN: ${who.PatientID}`,
      ['Chronic headache', 'weeks'],
    ),
    AdmissionID: `${HOUSE.order}A`,
    CurrentPatientLocation: 'Radiomock Bed 3',
    ProcedureCodeSequence: [code('24725-4', 'LN', 'CT Head')],
    ReferencedStudySequence: [
      { ReferencedSOPClassUID: '1.2.840.10008.3.1.2.3.1', ReferencedSOPInstanceUID: seed.uid(`${who.key}/study`) },
    ],
    TimezoneOffsetFromUTC: '+0100',
  };
}

/** PS3.3 C.7.3.1, 10.6, C.7.5.1, C.12.1. */
export function seriesAndEquipment(scene: Scene, description: string): Keyed {
  const { who, seed, Modality } = scene;
  return {
    Modality,
    SeriesInstanceUID: seriesUID(scene),
    SeriesNumber: '3',
    SeriesDate: who.studyDate,
    SeriesTime: '081900',
    SeriesDescription: cleaned(`${description} ${who.family}`, description),
    ReferencedPerformedProcedureStepSequence: [
      { ReferencedSOPClassUID: '1.2.840.10008.3.1.2.3.3', ReferencedSOPInstanceUID: seed.uid(`${who.key}/mpps`) },
    ],
    Manufacturer: 'SIEMENS',
    ManufacturerModelName: 'Phantomat 7',
    SoftwareVersions: ['VB42A', 'sp2'],
    InstitutionName: HOUSE.InstitutionName,
    InstitutionAddress: HOUSE.InstitutionAddress,
    InstitutionalDepartmentName: HOUSE.InstitutionalDepartmentName,
    StationName: HOUSE.StationName,
    DeviceSerialNumber: HOUSE.DeviceSerialNumber,
    SOPInstanceUID: instanceUID(scene),
    InstanceNumber: String(scene.instance),
    InstanceCreationDate: who.studyDate,
    InstanceCreationTime: '081955',
    InstanceCreatorUID: seed.uid('creator'),
    ContributingEquipmentSequence: [
      {
        PurposeOfReferenceCodeSequence: [code('109101', 'DCM', 'Acquisition Equipment')],
        Manufacturer: 'SIEMENS',
        InstitutionName: HOUSE.InstitutionName,
        StationName: HOUSE.StationName,
        OperatorsName: HOUSE.operator,
      },
    ],
    OriginalAttributesSequence: [
      {
        SourceOfPreviousValues: HOUSE.InstitutionName,
        AttributeModificationDateTime: `${who.studyDate}120000`,
        ModifyingSystem: HOUSE.StationName,
        ReasonForTheAttributeModification: 'CORRECT',
        ModifiedAttributesSequence: [{ PatientName: who.PatientName, PatientID: who.PatientID }],
      },
    ],
  };
}

/** Who acquired it, when and why: of images and waveforms (PS3.3 C.7.3.1, 10.6). */
export function acquisition(scene: Scene, protocol: string): Keyed {
  const { who, Modality } = scene;
  return {
    BodyPartExamined: 'HEAD',
    ProtocolName: cleaned(`${protocol} ${who.given}`, protocol),
    PerformingPhysicianName: HOUSE.performing,
    OperatorsName: [HOUSE.operator, HOUSE.performing],
    AcquisitionDate: who.studyDate,
    AcquisitionTime: '081910.5',
    DateOfLastCalibration: '20181224',
    TimeOfLastCalibration: '070000',
    PerformedProcedureStepStartDate: who.studyDate,
    PerformedProcedureStepStartTime: '081800',
    PerformedProcedureStepID: `${HOUSE.order}P`,
    PerformedProcedureStepDescription: cleaned(`${Modality} of ${who.given} ${who.family}`, `${Modality} of`),
    CommentsOnThePerformedProcedureStep: cleaned(`${who.family}`, ''),
    RequestAttributesSequence: [
      {
        // Type 1C in the Request Attributes Macro (PS3.3 10.6).
        RequestedProcedureID: says(`${HOUSE.order}R`, 'XDDD'),
        AccessionNumber: who.accession,
        StudyInstanceUID: studyUID(scene),
        RequestedProcedureDescription: cleaned(`${Modality} head ${who.family}`, `${Modality} head`),
        ReasonForTheRequestedProcedure: cleaned(`Dizziness (${who.family})`, 'Dizziness'),
        ScheduledProcedureStepID: says(`${HOUSE.order}Q`, 'XDDD'),
        ScheduledProcedureStepDescription: cleaned(`${who.family.toUpperCase()}: routine head`, 'routine head'),
        ScheduledProtocolCodeSequence: [
          {
            CodeValue: 'P17',
            CodingSchemeDesignator: '99MOCK',
            CodeMeaning: cleaned(`Head protocol ${who.family}`, 'Head protocol'),
          },
        ],
      },
    ],
    ImageComments: prose(`Motion artifact. ${who.given} ${who.family} moved.`, ['Motion artifact', 'moved']),
  };
}

/** Private blocks that nobody vouches for, sequences sent as UN, curves and overlays: gone whoever asks. */
export function hidingPlaces(scene: Scene): Keyed {
  const { who } = scene;
  const gone = (vr: VR, value: string | Uint8Array | readonly Keyed[]): [string, ReturnType<typeof says>] => [
    vr,
    says(value, 'XXXX'),
  ];
  const entries: Record<string, ReturnType<typeof says>> = {};
  const put = (tag: string, [vr, value]: [string, ReturnType<typeof says>]): void => {
    entries[`${tag} ${vr}`] = value;
  };
  put('00090010', gone('LO', 'MOCKCORP HEADER'));
  put('00091001', gone('LO', `${who.given} ${who.family}`));
  put('00091002', gone('SQ', [{ PatientName: who.PatientName, PatientID: who.PatientID }]));
  put('00091003', gone('UN', Buffer.from(`${who.PatientID} ${who.telephone}`, 'latin1')));
  // Without its creator.
  put('00331101', gone('LO', `${who.family}`));
  put('50000005', gone('US', Buffer.from([2, 0])));
  put('50002500', gone('LO', `Curve ${who.family}`));
  put('50003000', gone('OB', Buffer.from(`${who.PatientID} `, 'latin1')));
  put('60000010', gone('US', Buffer.from([1, 0])));
  put('60001500', gone('LO', `Overlay ${who.family}`));
  put('60003000', gone('OB', Buffer.from(`${who.PatientID} `, 'latin1')));
  put('60004000', gone('LT', `Overlay of ${who.family}`));
  return entries;
}

/** PS3.3 C.7.6.3: eight by eight, a pattern of its own for each instance. */
export function pixels(scene: Scene): Keyed {
  const bytes = new Uint8Array(128);
  bytes.forEach((_, at) => {
    bytes[at] = at % 2 === 0 ? (at * 3 + scene.instance * 7) & 0xff : 0x80 + (at & 3);
  });
  return {
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: 8,
    Columns: 8,
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 0,
    PixelData: bytes,
  };
}
