import { tagOf } from '../../dicom/dictionary';
import type { Tag } from '../../dicom/tag';

/** What a value of an attribute says about somebody. Every PN is a name, listed here or not (PS3.5 6.2). */
export type IdentifierKind = 'name' | 'identifier' | 'place' | 'telephone' | 'birth date' | 'date';

const KEYWORDS: Readonly<Record<Exclude<IdentifierKind, 'name'>, string>> = {
  identifier: `PatientID OtherPatientIDs MedicalRecordLocator AccessionNumber StudyID AdmissionID ServiceEpisodeID
    RequestedProcedureID ScheduledProcedureStepID PerformedProcedureStepID PlacerOrderNumberImagingServiceRequest
    FillerOrderNumberImagingServiceRequest PlacerOrderNumberImagingServiceRequestRetired
    FillerOrderNumberImagingServiceRequestRetired PlacerOrderNumberProcedure FillerOrderNumberProcedure
    InsurancePlanIdentification IssuerOfPatientID DeviceSerialNumber DetectorID GantryID PlateID CassetteID GeneratorID
    StationName PerformedStationName ScheduledStationName PerformedStationAETitle ScheduledStationAETitle
    SpecimenIdentifier ContainerIdentifier SpecimenAccessionNumber ClinicalTrialSubjectID
    ClinicalTrialSubjectReadingID InterpretationID ResultsID SourceSerialNumber XRaySourceID
    PatientTelecomInformation PersonTelecomInformation LockingModelUniqueID`,
  place: `InstitutionName InstitutionAddress InstitutionalDepartmentName PatientAddress PersonAddress
    ReferringPhysicianAddress CurrentPatientLocation PatientInstitutionResidence RequestingService PerformedLocation
    ScheduledProcedureStepLocation IssuerOfAdmissionID IssuerOfServiceEpisodeID CountryOfResidence RegionOfResidence
    ClinicalTrialSiteName ClinicalTrialCoordinatingCenterName ResponsibleOrganization VerifyingOrganization
    ResultsDistributionListSequence Occupation MilitaryRank OrderEntererLocation OrderEnterersLocation`,
  telephone: `PatientTelephoneNumbers PersonTelephoneNumbers ReferringPhysicianTelephoneNumbers
    OrderCallbackPhoneNumber`,
  'birth date': `PatientBirthDate PatientBirthDateInAlternativeCalendar PatientDeathDateInAlternativeCalendar`,
  date: `StudyDate SeriesDate AcquisitionDate ContentDate AcquisitionDateTime ScheduledProcedureStepStartDate
    PerformedProcedureStepStartDate AdmittingDate InstanceCreationDate LastMenstrualDate`,
};

/** The items of these name a person or a place by a code. */
const CODED: Readonly<Record<string, IdentifierKind>> = {
  PersonIdentificationCodeSequence: 'name',
  InstitutionCodeSequence: 'place',
  InstitutionalDepartmentTypeCodeSequence: 'place',
};

let kinds: ReadonlyMap<Tag, IdentifierKind> | undefined;
let coded: ReadonlyMap<Tag, IdentifierKind> | undefined;

export function kindOf(tag: Tag): IdentifierKind | undefined {
  if (kinds === undefined) {
    const byTag = new Map<Tag, IdentifierKind>();
    for (const [kind, keywords] of Object.entries(KEYWORDS)) {
      for (const keyword of keywords.split(/\s+/)) {
        const found = tagOf(keyword);
        if (found !== undefined) byTag.set(found, kind as IdentifierKind);
      }
    }
    kinds = byTag;
  }
  return kinds.get(tag);
}

export function kindOfCodes(tag: Tag): IdentifierKind | undefined {
  if (coded === undefined) {
    coded = new Map(
      Object.entries(CODED).flatMap(([keyword, kind]) => {
        const found = tagOf(keyword);
        return found === undefined ? [] : [[found, kind] as const];
      }),
    );
  }
  return coded.get(tag);
}

export const CODE_VALUE: Tag = 0x00080100;
export const CODE_MEANING: Tag = 0x00080104;
