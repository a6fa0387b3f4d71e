import { SOP_CLASS } from './images';
import { acquisition, code, instanceUID, type Scene, seriesUID, studyUID } from './modules';
import { cleaned, type Keyed, prose, says } from './notation';
import { HOUSE } from './people';

/** SR, KO, PR, SEG, ECG and encapsulated PDF, beside what every instance has. */

/** The CT slices of the same patient, which every document is about. */
function slices(scene: Scene): readonly Scene[] {
  return [1, 2].map((instance) => ({ ...scene, Modality: 'CT', series: 'CT', instance }));
}

function reference(slice: Scene): Keyed {
  return { ReferencedSOPClassUID: SOP_CLASS.CT, ReferencedSOPInstanceUID: instanceUID(slice) };
}

function evidence(scene: Scene, retrieval: Keyed = {}): readonly Keyed[] {
  const [first] = slices(scene) as [Scene];
  return [
    {
      StudyInstanceUID: studyUID(scene),
      ReferencedSeriesSequence: [
        { SeriesInstanceUID: seriesUID(first), ...retrieval, ReferencedSOPSequence: slices(scene).map(reference) },
      ],
    },
  ];
}

/** `letters` of the value; the rest of an item stays. */
function item(relationship: string, type: string, concept: Keyed, value: Keyed): Keyed {
  return { RelationshipType: relationship, ValueType: type, ConceptNameCodeSequence: [concept], ...value };
}

/** What the header would not say either: gone from text as from any other value. */
const IDENTIFIER = 'XDDD';

function observers(scene: Scene): readonly Keyed[] {
  const { who } = scene;
  const context = 'HAS OBS CONTEXT';
  return [
    item(context, 'CODE', code('121005', 'DCM', 'Observer Type'), {
      ConceptCodeSequence: [code('121006', 'DCM', 'Person')],
    }),
    item(context, 'PNAME', code('121008', 'DCM', 'Person Observer Name'), { PersonName: HOUSE.reading }),
    item(context, 'TEXT', code('121009', 'DCM', "Person Observer's Organization Name"), {
      TextValue: says(HOUSE.InstitutionName, IDENTIFIER),
    }),
    item(context, 'PNAME', code('121029', 'DCM', 'Subject Name'), { PersonName: who.PatientName }),
    item(context, 'TEXT', code('121030', 'DCM', 'Subject ID'), { TextValue: says(who.PatientID, IDENTIFIER) }),
    item(context, 'DATE', code('121031', 'DCM', 'Subject Birth Date'), {
      Date: says(who.PatientBirthDate, IDENTIFIER),
    }),
    item(context, 'CODE', code('121032', 'DCM', 'Subject Sex'), {
      ConceptCodeSequence: [code('M', 'DCM', 'Male')],
    }),
    item(context, 'UIDREF', code('121018', 'DCM', 'Procedure Study Instance UID'), {
      UID: says(studyUID(scene), 'XUUU'),
    }),
  ];
}

export function sr(scene: Scene): Keyed {
  const { who } = scene;
  const finding = code('121071', 'DCM', 'Finding');
  return {
    ContentDate: says(who.studyDate, 'DSSD'),
    ContentTime: says('143000', 'DKKD'),
    // Type 2 in the SR Document Series Module (PS3.3 C.17.1).
    ReferencedPerformedProcedureStepSequence: says(
      [
        {
          ReferencedSOPClassUID: '1.2.840.10008.3.1.2.3.3',
          ReferencedSOPInstanceUID: scene.seed.uid(`${who.key}/mpps`),
        },
      ],
      'ZZZZ',
    ),
    CompletionFlag: 'COMPLETE',
    VerificationFlag: 'VERIFIED',
    VerifyingObserverSequence: [
      {
        VerifyingOrganization: HOUSE.InstitutionName,
        VerificationDateTime: `${who.studyDate}150000`,
        VerifyingObserverName: HOUSE.reading,
        VerifyingObserverIdentificationCodeSequence: says([], 'KKKK'),
      },
    ],
    ReferencedRequestSequence: [
      {
        StudyInstanceUID: studyUID(scene),
        ReferencedStudySequence: says([], 'ZZZZ'),
        AccessionNumber: who.accession,
        PlacerOrderNumberImagingServiceRequest: `${HOUSE.order}L`,
        FillerOrderNumberImagingServiceRequest: `${HOUSE.order}F`,
        RequestedProcedureID: says(`${HOUSE.order}R`, 'ZZZZ'),
        RequestedProcedureDescription: cleaned(`CT head ${who.family}`, 'CT head', 'ZCCC'),
        RequestedProcedureCodeSequence: [],
      },
    ],
    PerformedProcedureCodeSequence: [],
    CurrentRequestedProcedureEvidenceSequence: evidence(scene),
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: [code('18747-6', 'LN', 'CT Report')],
    ContinuityOfContent: 'SEPARATE',
    ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '2000' }],
    ContentSequence: [
      ...observers(scene),
      item('CONTAINS', 'TEXT', finding, {
        TextValue: prose(
          `${who.given} ${who.family} (${who.native}) has a small nodule in the left lung, compared with prior. ` +
            `Discussed with Dr. Dokfaker by telephone ${who.telephone}.`,
          ['small nodule in the left lung', 'compared with prior'],
        ),
      }),
      item('CONTAINS', 'TEXT', code('C-99', '99MOCK', 'Local remark'), {
        TextValue: says('No acute findings', 'XKKK'),
        ConceptNameCodeSequence: [
          {
            CodeValue: 'C-99',
            CodingSchemeDesignator: '99MOCK',
            CodeMeaning: cleaned(`Remark ${who.family}`, 'Remark'),
          },
        ],
      }),
      item('CONTAINS', 'NUM', code('103339001', 'SCT', 'Long axis'), {
        MeasuredValueSequence: [
          { NumericValue: '12.5', MeasurementUnitsCodeSequence: [code('mm', 'UCUM', 'millimeter')] },
        ],
        ContentSequence: says(
          [
            {
              RelationshipType: 'INFERRED FROM',
              ValueType: 'SCOORD',
              GraphicType: 'POLYLINE',
              GraphicData: [1, 2, 6, 7],
              ContentSequence: says(
                slices(scene)
                  .slice(0, 1)
                  .map((slice) => ({
                    RelationshipType: 'SELECTED FROM',
                    ValueType: 'IMAGE',
                    ReferencedSOPSequence: [reference(slice)],
                  })),
                'XKKK',
              ),
            },
          ],
          'XKKK',
        ),
      }),
      item('CONTAINS', 'DATE', code('111060', 'DCM', 'Study Date'), { Date: says(who.studyDate, 'XSSD') }),
      item('CONTAINS', 'DATETIME', code('126001', 'DCM', 'Event'), {
        DateTime: says(`${who.studyDate}101500`, 'XSSD'),
      }),
    ],
  };
}

export function ko(scene: Scene): Keyed {
  const { who } = scene;
  return {
    ContentDate: says(who.studyDate, 'DSSD'),
    ContentTime: says('160000', 'DKKD'),
    CurrentRequestedProcedureEvidenceSequence: evidence(scene, {
      RetrieveAETitle: HOUSE.applicationEntity,
      RetrieveURL: says(`http://pacs.invalid/?id=${who.PatientID}`, 'XXXX'),
    }),
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: [code('TCE002', 'IHERADTF', 'For Clinical Trial Export')],
    ContinuityOfContent: 'SEPARATE',
    ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '2010' }],
    ContentSequence: says(
      [
        ...observers(scene).slice(0, 2),
        {
          RelationshipType: 'CONTAINS',
          ValueType: 'TEXT',
          ConceptNameCodeSequence: [code('113012', 'DCM', 'Key Object Description')],
          TextValue: `For the trial: ${who.given} ${who.family}`,
        },
        ...slices(scene).map((slice) => ({
          RelationshipType: 'CONTAINS',
          ValueType: 'IMAGE',
          ReferencedSOPSequence: [reference(slice)],
        })),
      ],
      'RRRR',
    ),
  };
}

export function pr(scene: Scene): Keyed {
  const { who } = scene;
  return {
    PresentationCreationDate: who.studyDate,
    PresentationCreationTime: '144500',
    ContentLabel: 'REVIEW',
    ContentDescription: cleaned(`Marks (${who.family})`, 'Marks', 'CCCC'),
    ContentCreatorName: HOUSE.reading,
    ReferencedSeriesSequence: [
      {
        SeriesInstanceUID: seriesUID(slices(scene)[0]!),
        ReferencedImageSequence: slices(scene).map(reference),
      },
    ],
    DisplayedAreaSelectionSequence: [
      {
        DisplayedAreaTopLeftHandCorner: [1, 1],
        DisplayedAreaBottomRightHandCorner: [8, 8],
        PresentationSizeMode: 'SCALE TO FIT',
        PresentationPixelAspectRatio: ['1', '1'],
      },
    ],
    GraphicAnnotationSequence: [
      {
        GraphicLayer: 'MARKS',
        TextObjectSequence: says(
          [
            {
              UnformattedTextValue: cleaned(`Measure mass, ${who.family}`, 'Measure mass'),
              BoundingBoxAnnotationUnits: 'PIXEL',
              BoundingBoxTopLeftHandCorner: [1, 1],
              BoundingBoxBottomRightHandCorner: [6, 3],
            },
          ],
          'XKKK',
        ),
        GraphicObjectSequence: says(
          [
            {
              GraphicAnnotationUnits: 'PIXEL',
              GraphicDimensions: 2,
              NumberOfGraphicPoints: 2,
              GraphicData: [1, 2, 6, 7],
              GraphicType: 'POLYLINE',
              GraphicFilled: 'N',
            },
          ],
          'XKKK',
        ),
      },
    ],
    GraphicLayerSequence: [{ GraphicLayer: 'MARKS', GraphicLayerOrder: '1' }],
    PresentationLUTShape: 'IDENTITY',
  };
}

export function seg(scene: Scene): Keyed {
  const { who, seed } = scene;
  const bits = new Uint8Array(16).map((_, at) => (at * 5) & 0xff);
  return {
    ContentDate: says(who.studyDate, 'DSSD'),
    ContentTime: says('145500', 'DKKD'),
    // Enhanced General Equipment (PS3.3 C.7.5.2): Type 1.
    DeviceSerialNumber: says(HOUSE.DeviceSerialNumber, 'DDKD'),
    ImageType: ['DERIVED', 'PRIMARY'],
    ContentLabel: 'SEGMENT',
    ContentDescription: cleaned(`Tumor of ${who.given} ${who.family}`, 'Tumor of', 'CCCC'),
    ContentCreatorName: HOUSE.reading,
    FrameOfReferenceUID: seed.uid(`${who.key}/frame`),
    PositionReferenceIndicator: '',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: 8,
    Columns: 8,
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    NumberOfFrames: '2',
    LossyImageCompression: '00',
    SegmentationType: 'BINARY',
    SegmentSequence: [
      {
        SegmentNumber: 1,
        SegmentLabel: cleaned(`Tumor ${who.family}`, 'Tumor', 'CCCC'),
        SegmentDescription: cleaned(`Lesion of ${who.family}`, 'Lesion of', 'CCCC'),
        SegmentAlgorithmType: 'MANUAL',
        SegmentedPropertyCategoryCodeSequence: [code('49755003', 'SCT', 'Morphologically Altered Structure')],
        SegmentedPropertyTypeCodeSequence: [code('108369006', 'SCT', 'Neoplasm')],
        TrackingID: 'Lesion 1',
        TrackingUID: seed.uid(`${who.key}/tracking`),
      },
    ],
    // Type 1C in the Segmentation Series Module (PS3.3 C.8.20.1).
    ReferencedPerformedProcedureStepSequence: says(
      [{ ReferencedSOPClassUID: '1.2.840.10008.3.1.2.3.3', ReferencedSOPInstanceUID: seed.uid(`${who.key}/mpps`) }],
      'DDDD',
    ),
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: seed.uid(`${who.key}/dimensions`) }],
    DimensionIndexSequence: [{ DimensionOrganizationUID: seed.uid(`${who.key}/dimensions`) }],
    ReferencedSeriesSequence: [
      {
        SeriesInstanceUID: seriesUID(slices(scene)[0]!),
        ReferencedInstanceSequence: says(slices(scene).map(reference), 'KKKK'),
      },
    ],
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: [{ PixelSpacing: ['0.488281', '0.488281'], SliceThickness: '5' }],
        PlaneOrientationSequence: [{ ImageOrientationPatient: ['1', '0', '0', '0', '1', '0'] }],
      },
    ],
    PerFrameFunctionalGroupsSequence: slices(scene).map((slice, n) => ({
      DerivationImageSequence: says(
        // X/Z/U* of Type 2.
        [
          {
            SourceImageSequence: says([reference(slice)], 'ZZZZ'),
            DerivationCodeSequence: says([code('113076', 'DCM', 'Segmentation')], 'KKKK'),
          },
        ],
        'KKKK',
      ),
      FrameContentSequence: [{ DimensionIndexValues: [1, n + 1] }],
      PlanePositionSequence: [{ ImagePositionPatient: ['-125', '-125.5', String((n + 1) * 5)] }],
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: 1 }],
    })),
    PixelData: bits,
  };
}

export function ecg(scene: Scene): Keyed {
  const { who } = scene;
  const samples = new Uint8Array(64).map((_, at) => (at * 11) & 0xff);
  const { BodyPartExamined: _, ...acquired } = acquisition(scene, '12 lead ECG');
  return {
    ...acquired,
    ContentDate: says(who.studyDate, 'DSSD'),
    ContentTime: says('090000', 'DKKD'),
    AcquisitionDateTime: says(`${who.studyDate}085900`, 'DSSD'),
    AcquisitionContextSequence: [
      {
        ValueType: 'TEXT',
        ConceptNameCodeSequence: [code('109054', 'DCM', 'Patient State')],
        TextValue: says('At rest', 'XKKK'),
      },
    ],
    WaveformSequence: [
      {
        WaveformOriginality: 'ORIGINAL',
        NumberOfWaveformChannels: 2,
        NumberOfWaveformSamples: 16,
        SamplingFrequency: '500',
        MultiplexGroupLabel: cleaned(`Rest ${who.family}`, 'Rest'),
        ChannelDefinitionSequence: ['Lead I', 'Lead II'].map((lead, n) => ({
          ChannelLabel: cleaned(lead, lead),
          ChannelSourceSequence: [code(`5.6.3-9-${n + 1}`, 'SCPECG', lead)],
          ChannelSensitivity: '1.25',
          ChannelSensitivityUnitsSequence: [code('uV', 'UCUM', 'microvolt')],
          ChannelSensitivityCorrectionFactor: '1',
          ChannelBaseline: '0',
          WaveformBitsStored: 16,
          FilterLowFrequency: '0.05',
          FilterHighFrequency: '300',
        })),
        WaveformBitsAllocated: 16,
        WaveformSampleInterpretation: 'SS',
        WaveformData: samples,
      },
    ],
    WaveformAnnotationSequence: [
      {
        UnformattedTextValue: says(`Sinus rhythm, ${who.family}`, 'XTTT'),
        ReferencedWaveformChannels: [1, 1],
        AnnotationGroupNumber: 0,
      },
      {
        ConceptNameCodeSequence: [code('8867-4', 'LN', 'Heart rate')],
        NumericValue: '62',
        MeasurementUnitsCodeSequence: [code('{H.B.}/min', 'UCUM', 'Heart beat per minute')],
        ReferencedWaveformChannels: [1, 1],
        AnnotationGroupNumber: 1,
      },
    ],
  };
}

/** Held back whole: nobody can see what is in it (docs/decisions/0006). */
export function pdf(scene: Scene): Keyed {
  const { who } = scene;
  return {
    ContentDate: who.studyDate,
    ContentTime: '170000',
    BurnedInAnnotation: 'YES',
    DocumentTitle: says(`Letter about ${who.family}`, 'XXXX'),
    MIMETypeOfEncapsulatedDocument: says('application/pdf', 'XXXX'),
    EncapsulatedDocument: says(Buffer.from(`%PDF-1.4 ${who.given} ${who.PatientID}  `, 'latin1'), 'XXXX'),
  };
}
