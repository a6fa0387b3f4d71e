/** All that tells who a sample is about and who had a hand in it. Every one is planted somewhere in the instances. */
export interface SampleIdentity {
  /** Short and unique; goes into UIDs and file names. */
  readonly key: string;
  readonly characterSet: readonly string[];
  readonly PatientName: string;
  /** As people type them into free text; in the default repertoire. */
  readonly family: string;
  readonly given: string;
  readonly PatientID: string;
  readonly IssuerOfPatientID: string;
  readonly OtherPatientID: string;
  readonly OtherPatientNames: readonly string[];
  readonly PatientBirthName: string;
  readonly PatientMotherBirthName: string;
  readonly PatientBirthDate: string;
  readonly PatientSex: 'F' | 'M' | 'O';
  readonly PatientAddress: string;
  readonly PatientTelephoneNumbers: string;
  readonly Occupation: string;
  readonly ReferringPhysicianName: string;
  readonly PerformingPhysicianName: string;
  readonly OperatorsName: string;
  readonly InstitutionName: string;
  readonly InstitutionAddress: string;
  readonly InstitutionalDepartmentName: string;
  readonly StationName: string;
  readonly DeviceSerialNumber: string;
  /** Prefix of accession numbers, request and step IDs (SH: at most 8 characters). */
  readonly orderPrefix: string;
  /** AE title of the modality and text left in the preamble. */
  readonly SourceApplicationEntityTitle: string;
}

const CLINIC = {
  ReferringPhysicianName: 'Musterarzt^Konrad^^Dr.',
  PerformingPhysicianName: 'Beispiel^Renate^^Dr.',
  OperatorsName: 'Muster^Olaf',
  InstitutionName: 'Klinikum Musterstadt',
  InstitutionAddress: 'Musterweg 1, 00000 Musterstadt',
  InstitutionalDepartmentName: 'Radiologie Haus 7',
  StationName: 'MUSTER-RAD-3',
  DeviceSerialNumber: 'SN-0815-4711',
} as const;

/** Plainly fake, as the names of authorities' specimen passports are. */
export const SAMPLE_IDENTITIES: readonly [SampleIdentity, SampleIdentity, SampleIdentity] = [
  {
    ...CLINIC,
    key: 'testmann',
    characterSet: [],
    PatientName: 'Testmann^Erika',
    family: 'Testmann',
    given: 'Erika',
    PatientID: 'MUC-000417-T',
    IssuerOfPatientID: 'MUSTERSTADT',
    OtherPatientID: 'KV-A123456789',
    OtherPatientNames: ['Testmann^Erika^Maria', 'Probst^Erika'],
    PatientBirthName: 'Probst^Erika',
    PatientMotherBirthName: 'Vorlage^Hildegard',
    PatientBirthDate: '19640812',
    PatientSex: 'F',
    PatientAddress: 'Heidestrasse 17, 00001 Musterstadt',
    PatientTelephoneNumbers: '+49 30 0000 4711',
    Occupation: 'Village mayor',
    orderPrefix: 'TM417',
    SourceApplicationEntityTitle: 'TESTMANN_CT1',
  },
  {
    ...CLINIC,
    key: 'example',
    characterSet: ['ISO_IR 100'],
    PatientName: 'Example^Albert^Théodore',
    family: 'Example',
    given: 'Albert',
    PatientID: 'EX-88-2204',
    IssuerOfPatientID: 'MUSTERSTADT',
    OtherPatientID: 'INS-77-0000-1',
    OtherPatientNames: ['Exemple^Albert'],
    PatientBirthName: 'Exemplé^Albert',
    PatientMotherBirthName: 'Specimen^Clémence',
    PatientBirthDate: '19581103',
    PatientSex: 'M',
    PatientAddress: '3 rue de la Maquette, 00002 Modèleville',
    PatientTelephoneNumbers: '+33 1 0000 4711',
    Occupation: 'Lighthousekeeper',
    orderPrefix: 'EX2204',
    SourceApplicationEntityTitle: 'EXAMPLE_MR1',
  },
  {
    ...CLINIC,
    key: 'yamada',
    characterSet: ['', 'ISO 2022 IR 87'],
    PatientName: 'Yamada^Hanako=見本^花子=みほん^はなこ',
    family: 'Yamada',
    given: 'Hanako',
    PatientID: 'JP-3141-592',
    IssuerOfPatientID: 'MUSTERSTADT',
    OtherPatientID: 'JP-OLD-2718',
    OtherPatientNames: ['Mihon^Hanako=見本^花子'],
    PatientBirthName: 'Rei^Hanako=例^花子',
    PatientMotherBirthName: 'Rei^Kimiko=例^君子',
    PatientBirthDate: '19790503',
    PatientSex: 'F',
    PatientAddress: '見本市見本町1-2-3',
    PatientTelephoneNumbers: '+81 3 0000 4711',
    Occupation: 'Violinist',
    orderPrefix: 'JP3141',
    SourceApplicationEntityTitle: 'YAMADA_US1',
  },
];
