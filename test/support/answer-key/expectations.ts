/**
 * What becomes of an attribute wherever it stands, by hand from PS3.15 Table E.1-1 (2026d), its Type in the IODs of the
 * corpus and the options of the presets. Letters: see notation.ts; order: basic, clinical-trial, research-collection,
 * teaching-file.
 */
const BY_LETTERS: Readonly<Record<string, string>> = {
  // Not in the table, or structural.
  KKKK: `SOPClassUID Modality ImageType Manufacturer ManufacturerModelName SoftwareVersions SeriesNumber InstanceNumber
    AcquisitionNumber BodyPartExamined KVP SliceThickness SpacingBetweenSlices ReconstructionDiameter ExposureTime
    XRayTubeCurrent Exposure FilterType GeneratorPower FocalSpots ConvolutionKernel PatientPosition
    ImagePositionPatient ImageOrientationPatient SliceLocation PositionReferenceIndicator SamplesPerPixel
    PhotometricInterpretation Rows Columns PixelSpacing BitsAllocated BitsStored HighBit PixelRepresentation
    WindowCenter WindowWidth RescaleIntercept RescaleSlope RescaleType PixelData ScanningSequence SequenceVariant
    ScanOptions MRAcquisitionType SequenceName RepetitionTime EchoTime EchoTrainLength MagneticFieldStrength FlipAngle
    ImagingFrequency ImagedNucleus Laterality ImageLaterality ViewPosition PatientOrientation BurnedInAnnotation
    LossyImageCompression ConversionType PlanarConfiguration NumberOfFrames FrameIncrementPointer FrameTime
    SequenceOfUltrasoundRegions RegionSpatialFormat RegionDataType RegionFlags RegionLocationMinX0 RegionLocationMinY0
    RegionLocationMaxX1 RegionLocationMaxY1 PhysicalUnitsXDirection PhysicalUnitsYDirection PhysicalDeltaX
    PhysicalDeltaY TransducerData PresentationIntentType PixelIntensityRelationship PixelIntensityRelationshipSign
    PresentationLUTShape DetectorType DetectorTemperature ImagerPixelSpacing ExposureIndex FieldOfViewShape
    AnatomicRegionSequence ProcedureCodeSequence CodeValue CodingSchemeDesignator CodeMeaning CodingSchemeVersion
    ReferencedSOPClassUID ReferencedFrameNumber PurposeOfReferenceCodeSequence ReferencedImageSequence
    SourceImageSequence ContrastBolusRoute ContrastBolusVolume PatientSpeciesDescription
    CompletionFlag VerificationFlag VerifyingObserverSequence ReferencedRequestSequence RequestedProcedureCodeSequence
    PerformedProcedureCodeSequence CurrentRequestedProcedureEvidenceSequence ReferencedSeriesSequence
    ReferencedSOPSequence ValueType ConceptNameCodeSequence ConceptCodeSequence ContinuityOfContent RelationshipType
    ContentTemplateSequence MappingResource TemplateIdentifier MeasuredValueSequence NumericValue
    MeasurementUnitsCodeSequence GraphicType GraphicData SegmentSequence SegmentNumber SegmentAlgorithmType
    SegmentedPropertyCategoryCodeSequence SegmentedPropertyTypeCodeSequence SegmentationType ContentLabel
    SharedFunctionalGroupsSequence PerFrameFunctionalGroupsSequence FrameContentSequence DimensionIndexValues
    PlanePositionSequence PixelMeasuresSequence PlaneOrientationSequence SegmentIdentificationSequence
    ReferencedSegmentNumber DimensionOrganizationSequence DimensionIndexSequence DimensionIndexPointer
    FunctionalGroupPointer TrackingID GraphicLayer GraphicLayerSequence GraphicLayerOrder GraphicObjectSequence
    GraphicAnnotationUnits GraphicDimensions NumberOfGraphicPoints GraphicFilled TextObjectSequence
    BoundingBoxAnnotationUnits BoundingBoxTopLeftHandCorner BoundingBoxBottomRightHandCorner
    BoundingBoxTextHorizontalJustification DisplayedAreaSelectionSequence DisplayedAreaTopLeftHandCorner
    DisplayedAreaBottomRightHandCorner PresentationSizeMode PresentationPixelAspectRatio WaveformSequence
    WaveformOriginality NumberOfWaveformChannels NumberOfWaveformSamples SamplingFrequency ChannelDefinitionSequence
    ChannelSourceSequence ChannelSensitivity ChannelSensitivityUnitsSequence ChannelSensitivityCorrectionFactor
    ChannelBaseline WaveformBitsStored FilterLowFrequency FilterHighFrequency WaveformBitsAllocated
    WaveformSampleInterpretation WaveformData AnnotationGroupNumber ReferencedWaveformChannels
    SecondaryCaptureDeviceManufacturer ScheduledProtocolCodeSequence`,
  UUUU: `SOPInstanceUID StudyInstanceUID SeriesInstanceUID FrameOfReferenceUID InstanceCreatorUID IrradiationEventUID
    ReferencedSOPInstanceUID DimensionOrganizationUID TrackingUID SynchronizationFrameOfReferenceUID UID`,
  UUKU: 'DeviceUID',
  PPPP: 'PatientName PatientID',
  XXXX: `IssuerOfPatientID PatientBirthTime OtherPatientIDs OtherPatientNames OtherPatientIDsSequence PatientBirthName
    PatientMotherBirthName PatientAddress PatientTelephoneNumbers ReferencedPatientSequence PatientReligiousPreference
    MilitaryRank PhysiciansOfRecord PerformingPhysicianName NameOfPhysiciansReadingStudy OperatorsName
    InstitutionName InstitutionAddress InstitutionalDepartmentName ReferringPhysicianTelephoneNumbers
    ReferencedStudySequence ReferencedPerformedProcedureStepSequence PerformedProcedureStepID AdmissionID
    RequestedProcedureID ScheduledProcedureStepID RequestingPhysician CurrentPatientLocation
    OriginalAttributesSequence IconImageSequence DigitalSignaturesSequence StationAETitle
    RetrieveAETitle PersonIdentificationCodeSequence DataSetTrailingPadding`,
  ZZZZ: `AccessionNumber StudyID ReferringPhysicianName PatientBirthDate ContentCreatorName
    PlacerOrderNumberImagingServiceRequest FillerOrderNumberImagingServiceRequest`,
  DDDD: 'PersonName VerifyingObserverName VerifyingOrganization',
  XKKK: 'PatientAge PatientSize PatientWeight EthnicGroup SmokingStatus PregnancyStatus RequestAttributesSequence',
  ZKKK: 'PatientSex AcquisitionContextSequence',
  DKKK: 'ContentSequence GraphicAnnotationSequence WaveformAnnotationSequence',
  ZSSZ: 'StudyDate ContentDate',
  ZKKZ: 'StudyTime ContentTime',
  XSSX: `SeriesDate AcquisitionDate AcquisitionDateTime InstanceCreationDate PerformedProcedureStepStartDate
    DateOfLastCalibration DateOfSecondaryCapture`,
  XKKX: `SeriesTime AcquisitionTime InstanceCreationTime PerformedProcedureStepStartTime TimezoneOffsetFromUTC
    TimeOfSecondaryCapture TimeOfLastCalibration`,
  DSSD: 'PresentationCreationDate VerificationDateTime DateTime Date',
  DKKD: 'PresentationCreationTime Time',
  XXKX: 'StationName DeviceSerialNumber GantryID DetectorID PlateID CassetteID SecondaryCaptureDeviceID',
  AAAA: 'ContributingEquipmentSequence',
};

export const EXPECTED: ReadonlyMap<string, string> = new Map(
  Object.entries(BY_LETTERS).flatMap(([letters, keywords]) =>
    keywords.split(/\s+/).map((keyword) => [keyword, letters] as const),
  ),
);
