import { tagOf } from '../dicom/dictionary';
import type { Tag } from '../dicom/tag';

/**
 * What kind of identifier an attribute holds; the kind decides what counts as finding it again. Names of persons need no
 * list (every PN), nor do UIDs (every UI that is not structural).
 */
export type IdentifierKind =
  | 'person name'
  | 'identifier'
  | 'UID'
  | 'birth date'
  | 'address'
  | 'telephone number'
  | 'organization'
  | 'device';

/** By PS3.3: C.2, C.3, C.4, C.7.1 to C.7.6, C.8, C.12, and the modules of procedures, visits, specimens and trials. */
const ATTRIBUTES: Readonly<Record<Exclude<IdentifierKind, 'person name' | 'UID'>, readonly string[]>> = {
  identifier: [
    'PatientID',
    'OtherPatientIDs',
    'AccessionNumber',
    'StudyID',
    'RequestedProcedureID',
    'ScheduledProcedureStepID',
    'PerformedProcedureStepID',
    'PlacerOrderNumberImagingServiceRequest',
    'FillerOrderNumberImagingServiceRequest',
    'PlacerOrderNumberProcedure',
    'FillerOrderNumberProcedure',
    'AdmissionID',
    'ServiceEpisodeID',
    'InsurancePlanIdentification',
    'MedicalRecordLocator',
    'SpecimenIdentifier',
    'SpecimenAccessionNumber',
    'ContainerIdentifier',
    'SlideIdentifier',
    'ClinicalTrialSubjectID',
    'ClinicalTrialSubjectReadingID',
    'HL7InstanceIdentifier',
    'ResultsID',
    'InterpretationID',
    'BreedRegistrationNumber',
  ],
  device: [
    'DeviceSerialNumber',
    'DetectorID',
    'PlateID',
    'CassetteID',
    'GantryID',
    'GeneratorID',
    'SecondaryCaptureDeviceID',
    'HardcopyCreationDeviceID',
    'SourceSerialNumber',
    'UniqueDeviceIdentifier',
    'XRaySourceID',
    'StationName',
    'StationAETitle',
    'ScheduledStationName',
    'ScheduledStationAETitle',
    'PerformedStationName',
    'PerformedStationAETitle',
    'TreatmentMachineName',
    'SourceApplicationEntityTitle',
    'RetrieveAETitle',
  ],
  'birth date': ['PatientBirthDate'],
  address: [
    'PatientAddress',
    'PersonAddress',
    'InstitutionAddress',
    'ReferringPhysicianAddress',
    'ResponsiblePersonAddress',
    'PatientTelecomInformation',
    'PersonTelecomInformation',
  ],
  'telephone number': [
    'PatientTelephoneNumbers',
    'ReferringPhysicianTelephoneNumbers',
    'PersonTelephoneNumbers',
    'OrderCallbackPhoneNumber',
    'OrderCallbackTelecomInformation',
    'ContactTelephoneNumbers',
  ],
  organization: [
    'InstitutionName',
    'InstitutionalDepartmentName',
    'IssuerOfPatientID',
    'IssuerOfAdmissionID',
    'IssuerOfServiceEpisodeID',
    'StudyIDIssuer',
    'ResponsibleOrganization',
    'RequestingService',
    'HumanPerformerOrganization',
    'VerifyingOrganization',
    'CustodialOrganizationName',
    'ScheduledProcedureStepLocation',
    'PerformedLocation',
    'ScheduledStudyLocation',
    'CurrentPatientLocation',
    'PatientInstitutionResidence',
    'RequestedProcedureLocation',
    'OrderEntererLocation',
    'ClinicalTrialSiteName',
    'ClinicalTrialCoordinatingCenterName',
    'LocalNamespaceEntityID',
    'SourceOfPreviousValues',
    'ModifyingSystem',
  ],
};

/** UIDs of a class, a syntax or a coding (PS3.6 Annex A): they say nothing of whose images these are. */
const STRUCTURAL_UIDS = [
  'SOPClassUID',
  'RelatedGeneralSOPClassUID',
  'OriginalSpecializedSOPClassUID',
  'SOPClassesInStudy',
  'CodingSchemeUID',
  'ContextUID',
  'MappingResourceUID',
  'StoredInstanceTransferSyntaxUID',
  'ReferencedSOPClassUID',
  'SOPClassesSupported',
  'AvailableTransferSyntaxUID',
  'FlowTransferSyntaxUID',
  'ModelGroupUID',
  'MACCalculationTransferSyntaxUID',
  'EncryptedContentTransferSyntaxUID',
  'PertinentSOPClassesInStudy',
  'PertinentSOPClassesInSeries',
];

export const STRUCTURAL: ReadonlySet<Tag> = new Set(tagsOf(STRUCTURAL_UIDS));

export const KIND_OF: ReadonlyMap<Tag, IdentifierKind> = new Map(
  Object.entries(ATTRIBUTES).flatMap(([kind, keywords]) =>
    tagsOf(keywords).map((tag) => [tag, kind as IdentifierKind] as const),
  ),
);

function tagsOf(keywords: readonly string[]): Tag[] {
  return keywords.flatMap((keyword) => {
    const tag = tagOf(keyword);
    return tag === undefined ? [] : [tag];
  });
}
