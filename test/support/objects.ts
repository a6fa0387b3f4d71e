import { deflateRawSync } from 'node:zlib';
import { textElement } from '../../src/dicom/data-set';
import type { DataSet } from '../../src/dicom/element';
import { readPart10Bytes } from '../../src/dicom/part10/read';
import { encodeDataSet } from '../../src/dicom/part10/write';
import type { Tag } from '../../src/dicom/tag';
import type { Encoding } from '../../src/dicom/transfer-syntax';
import type { Sample, SampleStudy, Seed } from '../../src/sandbox/samples';
import { code, sopReference } from '../../src/sandbox/samples/documents';
import {
  hidingPlaces,
  instanceUID,
  patientAndStudy,
  type SampleSeries,
  seriesAndEquipment,
  seriesUID,
  studyUID,
} from '../../src/sandbox/samples/modules';
import { type Attributes, dataSetOf } from '../../src/sandbox/samples/notation';

/** Objects of every kind, with a mark in every identifier, and bytes in them that must leave as they came. */

export interface ObjectOfKind {
  readonly kind: string;
  readonly transferSyntaxUID: string;
  readonly valueType: 'IMAGE' | 'WAVEFORM' | 'COMPOSITE';
  /** Pixels, samples or a document, as they stand in the file before it is deflated. */
  readonly bulk: Uint8Array | null;
  readonly sample: Sample;
}

const SYNTAX = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  bigEndian: '1.2.840.10008.1.2.2',
  JPEG: '1.2.840.10008.1.2.4.50',
  JPEGLS: '1.2.840.10008.1.2.4.80',
  JPEG2000: '1.2.840.10008.1.2.4.90',
  MPEG4: '1.2.840.10008.1.2.4.102',
  HEVC: '1.2.840.10008.1.2.4.107',
  RLE: '1.2.840.10008.1.2.5',
} as const;

const STORAGE = '1.2.840.10008.5.1.4.1.1.';

interface Recipe {
  readonly kind: string;
  /** Below 1.2.840.10008.5.1.4.1.1. */
  readonly SOPClass: string;
  readonly Modality: string;
  readonly syntax?: keyof typeof SYNTAX;
  readonly valueType?: ObjectOfKind['valueType'];
  readonly attributes?: (context: {
    readonly image: Sample;
    readonly bulk: Uint8Array;
    readonly family: string;
  }) => Attributes;
  /** Encapsulated Pixel Data (PS3.5 A.4) of the bulk bytes, in so many fragments. */
  readonly fragments?: number;
}

/** PS3.3 C.7.6.3: 8 by 8 samples. */
function pixels(bits: number, more: Attributes = {}): Attributes {
  return {
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: 8,
    Columns: 8,
    BitsAllocated: bits,
    BitsStored: bits,
    HighBit: bits - 1,
    PixelRepresentation: 0,
    ...more,
  };
}

const video = (bulk: Attributes = {}): Attributes =>
  pixels(8, {
    ImageType: ['ORIGINAL', 'PRIMARY'],
    SamplesPerPixel: 3,
    PhotometricInterpretation: 'YBR_PARTIAL_420',
    PlanarConfiguration: 0,
    NumberOfFrames: 2,
    CineRate: 25,
    FrameTime: 40,
    FrameIncrementPointer: 0x00181063,
    BurnedInAnnotation: 'NO',
    LossyImageCompression: '01',
    ...bulk,
  });

const document =
  (mime: string) =>
  ({ bulk, family }: { bulk: Uint8Array; family: string }): Attributes => ({
    BurnedInAnnotation: 'NO',
    ConversionType: 'WSD',
    DocumentTitle: `About ${family}`,
    ConceptNameCodeSequence: [],
    EncapsulatedDocument: bulk,
    EncapsulatedDocumentLength: bulk.length,
    MIMETypeOfEncapsulatedDocument: mime,
  });

const RECIPES: readonly Recipe[] = [
  { kind: 'CR', SOPClass: '1', Modality: 'CR', attributes: ({ bulk }) => ({ ...pixels(16), '7FE00010 OW': bulk }) },
  {
    kind: 'Enhanced MR, multi-frame',
    SOPClass: '4.1',
    Modality: 'MR',
    attributes: ({ bulk, image }) => ({
      ...pixels(16, { NumberOfFrames: 2 }),
      SharedFunctionalGroupsSequence: [
        { ReferencedImageSequence: [{ ...sopReference(image), PurposeOfReferenceCodeSequence: [] }] },
      ],
      PerFrameFunctionalGroupsSequence: [1, 2].map((n) => ({
        FrameContentSequence: [{ FrameAcquisitionNumber: n, FrameAcquisitionDateTime: '20190823081733' }],
      })),
      '7FE00010 OW': bulk,
    }),
  },
  {
    kind: 'MR, implicit',
    SOPClass: '4',
    Modality: 'MR',
    syntax: 'implicit',
    attributes: ({ bulk }) => ({ ...pixels(16), '7FE00010 OW': bulk }),
  },
  {
    kind: 'MR, big endian',
    SOPClass: '4',
    Modality: 'MR',
    syntax: 'bigEndian',
    attributes: ({ bulk }) => ({ ...pixels(8), '7FE00010 OB': bulk }),
  },
  {
    kind: 'CT, deflated',
    SOPClass: '2',
    Modality: 'CT',
    syntax: 'deflated',
    attributes: ({ bulk }) => ({ ...pixels(16), '7FE00010 OW': bulk }),
  },
  {
    kind: 'CT, JPEG 2000',
    SOPClass: '2',
    Modality: 'CT',
    syntax: 'JPEG2000',
    fragments: 1,
    attributes: () => pixels(16),
  },
  { kind: 'CT, JPEG-LS', SOPClass: '2', Modality: 'CT', syntax: 'JPEGLS', fragments: 1, attributes: () => pixels(16) },
  { kind: 'MR, RLE', SOPClass: '4', Modality: 'MR', syntax: 'RLE', fragments: 1, attributes: () => pixels(16) },
  {
    kind: 'Photograph, JPEG',
    SOPClass: '77.1.4',
    Modality: 'XC',
    syntax: 'JPEG',
    fragments: 3,
    attributes: () => pixels(8),
  },
  {
    kind: 'Video endoscopy, MPEG-4',
    SOPClass: '77.1.1.1',
    Modality: 'ES',
    syntax: 'MPEG4',
    fragments: 1,
    attributes: () => video(),
  },
  {
    kind: 'Video photography, HEVC',
    SOPClass: '77.1.4.1',
    Modality: 'XC',
    syntax: 'HEVC',
    fragments: 2,
    attributes: () => video(),
  },
  {
    kind: 'Segmentation',
    SOPClass: '66.4',
    Modality: 'SEG',
    attributes: ({ bulk, image, family }) => ({
      ...pixels(8, { NumberOfFrames: 1, SegmentationType: 'FRACTIONAL' }),
      ContentLabel: 'LESION',
      ContentDescription: `Lesion of ${family}`,
      ContentCreatorName: `${family}^Creator`,
      ReferencedSeriesSequence: [
        { SeriesInstanceUID: image.SeriesInstanceUID, ReferencedInstanceSequence: [sopReference(image)] },
      ],
      SegmentSequence: [
        {
          SegmentNumber: 1,
          SegmentLabel: 'Lesion',
          SegmentAlgorithmType: 'MANUAL',
          SegmentedPropertyCategoryCodeSequence: [code('49755003', 'SCT', 'Morphologically Abnormal Structure')],
          SegmentedPropertyTypeCodeSequence: [code('52988006', 'SCT', 'Lesion')],
        },
      ],
      '7FE00010 OB': bulk,
    }),
  },
  {
    kind: 'Presentation state',
    SOPClass: '11.1',
    Modality: 'PR',
    valueType: 'COMPOSITE',
    attributes: ({ image, family }) => ({
      ContentLabel: 'ARROWS',
      ContentDescription: `For ${family}`,
      PresentationCreationDate: '20190823',
      PresentationCreationTime: '081733',
      ContentCreatorName: `${family}^Creator`,
      ReferencedSeriesSequence: [
        { SeriesInstanceUID: image.SeriesInstanceUID, ReferencedImageSequence: [sopReference(image)] },
      ],
      GraphicLayerSequence: [{ GraphicLayer: 'L1', GraphicLayerOrder: 1 }],
      GraphicAnnotationSequence: [
        {
          GraphicLayer: 'L1',
          TextObjectSequence: [
            {
              UnformattedTextValue: `Lesion of ${family}`,
              AnchorPoint: [1, 1],
              AnchorPointVisibility: 'N',
              AnchorPointAnnotationUnits: 'PIXEL',
            },
          ],
        },
      ],
    }),
  },
  {
    kind: 'Real World Value map',
    SOPClass: '67',
    Modality: 'RWV',
    valueType: 'COMPOSITE',
    attributes: ({ image, family }) => ({
      ContentLabel: 'SUV',
      ContentCreatorName: `${family}^Creator`,
      ReferencedImageRealWorldValueMappingSequence: [
        {
          ReferencedImageSequence: [sopReference(image)],
          RealWorldValueMappingSequence: [
            {
              RealWorldValueFirstValueMapped: 0,
              RealWorldValueLastValueMapped: 100,
              RealWorldValueIntercept: 0,
              RealWorldValueSlope: 0.5,
              LUTLabel: 'SUVbw',
              MeasurementUnitsCodeSequence: [code('g/ml{SUVbw}', 'UCUM', 'Standardized Uptake Value body weight')],
            },
          ],
        },
      ],
    }),
  },
  {
    kind: 'RT Structure Set',
    SOPClass: '481.3',
    Modality: 'RTSTRUCT',
    valueType: 'COMPOSITE',
    attributes: ({ image, family }) => ({
      StructureSetLabel: 'Plan 1',
      StructureSetName: `${family} head`,
      StructureSetDate: '20190823',
      StructureSetTime: '081733',
      ReferencedFrameOfReferenceSequence: [
        {
          FrameOfReferenceUID: `${image.SeriesInstanceUID}.7`,
          RTReferencedStudySequence: [
            {
              ReferencedSOPClassUID: '1.2.840.10008.3.1.2.3.1',
              ReferencedSOPInstanceUID: image.StudyInstanceUID,
              RTReferencedSeriesSequence: [
                { SeriesInstanceUID: image.SeriesInstanceUID, ContourImageSequence: [sopReference(image)] },
              ],
            },
          ],
        },
      ],
      StructureSetROISequence: [
        {
          ROINumber: 1,
          ReferencedFrameOfReferenceUID: `${image.SeriesInstanceUID}.7`,
          ROIName: 'Lesion',
          ROIGenerationAlgorithm: 'MANUAL',
        },
      ],
      ROIContourSequence: [
        {
          ReferencedROINumber: 1,
          ContourSequence: [
            {
              ContourImageSequence: [sopReference(image)],
              ContourGeometricType: 'CLOSED_PLANAR',
              NumberOfContourPoints: 3,
              ContourData: [0, 0, 1.5, 2, 0, 1.5, 2, 2, 1.5],
            },
          ],
        },
      ],
      RTROIObservationsSequence: [
        {
          ObservationNumber: 1,
          ReferencedROINumber: 1,
          RTROIInterpretedType: 'ORGAN',
          ROIInterpreter: `${family}^Doc`,
        },
      ],
    }),
  },
  {
    kind: 'RT Plan',
    SOPClass: '481.5',
    Modality: 'RTPLAN',
    valueType: 'COMPOSITE',
    attributes: ({ family }) => ({
      RTPlanLabel: 'Plan 1',
      RTPlanName: `${family} head`,
      RTPlanDate: '20190823',
      RTPlanTime: '081733',
      RTPlanGeometry: 'PATIENT',
      FractionGroupSequence: [
        { FractionGroupNumber: 1, NumberOfFractionsPlanned: 20, NumberOfBeams: 0, NumberOfBrachyApplicationSetups: 0 },
      ],
      ApprovalStatus: 'APPROVED',
      ReviewDate: '20190823',
      ReviewTime: '081733',
      ReviewerName: `${family}^Reviewer`,
    }),
  },
  {
    kind: 'RT Dose',
    SOPClass: '481.2',
    Modality: 'RTDOSE',
    attributes: ({ bulk }) => ({
      ...pixels(16),
      DoseUnits: 'GY',
      DoseType: 'PHYSICAL',
      DoseSummationType: 'PLAN',
      DoseGridScaling: 0.001,
      '7FE00010 OW': bulk,
    }),
  },
  {
    kind: 'Twelve-lead ECG',
    SOPClass: '9.1.1',
    Modality: 'ECG',
    valueType: 'WAVEFORM',
    attributes: ({ bulk, family }) => ({
      AcquisitionContextSequence: [],
      WaveformSequence: [
        {
          WaveformOriginality: 'ORIGINAL',
          NumberOfWaveformChannels: 1,
          NumberOfWaveformSamples: bulk.length / 2,
          SamplingFrequency: 500,
          ChannelDefinitionSequence: [
            { ChannelSourceSequence: [code('2:1', 'MDC', 'Lead I')], WaveformBitsStored: 16, ChannelSampleSkew: 0 },
          ],
          WaveformBitsAllocated: 16,
          WaveformSampleInterpretation: 'SS',
          '54001010 OW': bulk,
        },
      ],
      WaveformAnnotationSequence: [
        {
          UnformattedTextValue: `Sinus rhythm, ${family}`,
          ReferencedWaveformChannels: [1, 0],
          AnnotationGroupNumber: 0,
        },
      ],
    }),
  },
  {
    kind: 'Encapsulated PDF',
    SOPClass: '104.1',
    Modality: 'DOC',
    valueType: 'COMPOSITE',
    attributes: document('application/pdf'),
  },
  {
    kind: 'Encapsulated CDA',
    SOPClass: '104.2',
    Modality: 'DOC',
    valueType: 'COMPOSITE',
    attributes: document('text/XML'),
  },
  {
    kind: 'Encapsulated STL',
    SOPClass: '104.3',
    Modality: 'M3D',
    valueType: 'COMPOSITE',
    attributes: document('model/stl'),
  },
];

/** One of each, about `image` where they are about an image. */
export function objectsOfEveryKind(study: SampleStudy, seed: Seed, image: Sample): readonly ObjectOfKind[] {
  return RECIPES.map((recipe, at) => made(recipe, at, { study, seed, image }));
}

function made(
  recipe: Recipe,
  at: number,
  { study, seed, image }: { readonly study: SampleStudy; readonly seed: Seed; readonly image: Sample },
): ObjectOfKind {
  const syntax = recipe.syntax ?? 'explicit';
  const encoding: Encoding = { explicitVR: syntax !== 'implicit', littleEndian: syntax !== 'bigEndian' };
  const series: SampleSeries = {
    study,
    key: `kind-${at}`,
    Modality: recipe.Modality,
    SeriesNumber: 100 + at,
    SeriesDescription: 'Head',
    BodyPartExamined: 'HEAD',
    Manufacturer: 'TESTCORP',
    ManufacturerModelName: 'Phantomatic',
  };
  const bulk = Uint8Array.from({ length: 8 * 8 * 4 }, (_, n) => (n * (2 * at + 3) + at) & 0xff);
  const SOPClassUID = `${STORAGE}${recipe.SOPClass}`;
  const SOPInstanceUID = instanceUID(seed, series, 1);
  const dataSet = dataSetOf(
    {
      ...patientAndStudy(study, seed),
      ...seriesAndEquipment(series, seed),
      ...hidingPlaces(study, seed),
      SOPClassUID,
      SOPInstanceUID,
      InstanceNumber: 1,
      ContentDate: study.StudyDate,
      ContentTime: study.StudyTime,
      ...recipe.attributes?.({ image, bulk, family: study.identity.family }),
    },
    encoding,
    study.identity.characterSet,
  );
  const plain = encodeDataSet(dataSet);
  const frames = recipe.fragments === undefined ? null : encapsulated(bulk, recipe.fragments);
  const whole = frames === null ? plain : Buffer.concat([plain, frames]);
  const transferSyntaxUID = SYNTAX[syntax];
  return {
    kind: recipe.kind,
    transferSyntaxUID,
    valueType: recipe.valueType ?? 'IMAGE',
    bulk: frames ?? (Buffer.from(plain).includes(Buffer.from(bulk)) ? bulk : null),
    sample: {
      name: recipe.kind,
      description: recipe.kind,
      StudyInstanceUID: studyUID(seed, study),
      SeriesInstanceUID: seriesUID(seed, series),
      SOPClassUID,
      SOPInstanceUID,
      bytes: file(transferSyntaxUID, SOPClassUID, SOPInstanceUID, whole),
    },
  };
}

/** PS3.5 A.4: an empty Basic Offset Table, then the fragments. */
function encapsulated(bulk: Uint8Array, fragments: number): Uint8Array {
  const size = bulk.length / 4;
  const pieces = Array.from({ length: fragments }, (_, n) =>
    bulk.subarray(n * size, n === fragments - 1 ? bulk.length : (n + 1) * size),
  );
  return Buffer.concat([
    Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]),
    item(new Uint8Array(0)),
    ...pieces.map(item),
    Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]),
  ]);
}

function item(value: Uint8Array): Uint8Array {
  const header = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  header.writeUInt32LE(value.length, 4);
  return Buffer.concat([header, value]);
}

/** A file as a modality writes it (PS3.10 7.1), in any transfer syntax. */
function file(syntax: string, SOPClassUID: string, SOPInstanceUID: string, dataSet: Uint8Array): Uint8Array {
  const meta = Buffer.concat([
    Buffer.from([0x02, 0, 0x01, 0, 0x4f, 0x42, 0, 0, 2, 0, 0, 0, 0, 1]),
    metaUID(0x02, SOPClassUID),
    metaUID(0x03, SOPInstanceUID),
    metaUID(0x10, syntax),
    metaUID(0x12, '2.25.286540123408071936'),
  ]);
  const length = Buffer.from([0x02, 0, 0, 0, 0x55, 0x4c, 4, 0, 0, 0, 0, 0]);
  length.writeUInt32LE(meta.length, 8);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM', 'latin1'),
    length,
    meta,
    syntax === SYNTAX.deflated ? deflateRawSync(dataSet) : dataSet,
  ]);
}

function metaUID(element: number, uid: string): Uint8Array {
  const value = Buffer.from(uid.length % 2 === 0 ? uid : `${uid}\0`, 'latin1');
  return Buffer.concat([Buffer.from([0x02, 0, element, 0, 0x55, 0x49, value.length, 0]), value]);
}

/**
 * Somebody's file as one of this study and patient: their identifiers are the marks from then on, the rest is as it
 * came.
 */
export function rehomed(bytes: Uint8Array, key: string, study: SampleStudy, seed: Seed): ObjectOfKind {
  const { header, rest, transferSyntax } = readPart10Bytes(bytes);
  const who = study.identity;
  const SOPInstanceUID = seed.uid(`rehomed/${key}`);
  const texts: readonly (readonly [Tag, 'PN' | 'LO' | 'UI' | 'DA' | 'CS', string])[] = [
    [0x00080018, 'UI', SOPInstanceUID],
    [0x00100010, 'PN', who.PatientName],
    [0x00100020, 'LO', who.PatientID],
    [0x00100021, 'LO', who.IssuerOfPatientID],
    [0x00100030, 'DA', who.PatientBirthDate],
    [0x0020000d, 'UI', studyUID(seed, study)],
    [0x0020000e, 'UI', seed.uid(`rehomed/series/${key}`)],
  ];
  const replaced = new Set(texts.map(([tag]) => tag));
  const own: DataSet = header.withElements([
    ...header.elements.filter(({ tag }) => !replaced.has(tag)),
    ...texts.map(([tag, vr, value]) => textElement(header, tag, vr, [value])),
  ]);
  const SOPClassUID = header.string(0x00080016) ?? '';
  const parts = rest.map((part) =>
    part.kind === 'element' ? encodeDataSet(header.withElements([part.element])) : part.bytes,
  );
  const bulk = rest.flatMap((part) => (part.kind === 'element' ? [] : [part.bytes]))[0];
  return {
    kind: key,
    transferSyntaxUID: transferSyntax.uid,
    valueType: bulk === undefined ? 'COMPOSITE' : 'IMAGE',
    bulk: bulk ?? null,
    sample: {
      name: key,
      description: key,
      StudyInstanceUID: studyUID(seed, study),
      SeriesInstanceUID: seed.uid(`rehomed/series/${key}`),
      SOPClassUID,
      SOPInstanceUID,
      bytes: file(transferSyntax.uid, SOPClassUID, SOPInstanceUID, Buffer.concat([encodeDataSet(own), ...parts])),
    },
  };
}
