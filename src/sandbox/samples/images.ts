import { CT_IMAGE, MR_IMAGE, US_IMAGE, US_MULTIFRAME_IMAGE } from '../../dicom/sop-class';
import { hidingPlaces, instanceUID, type Sample, type SampleSeries, type SampleStudy, sampleFile } from './modules';
import type { Attributes } from './notation';
import { type HeadContrast, headSlice, sectorFrame } from './phantom';
import type { Seed } from './seed';

export interface StackOptions {
  readonly slices: number;
  readonly rows: number;
  readonly columns: number;
}

const SLICE_DISTANCE = 5;

/** A head CT, 16 bit, one file after the other: no more than one slice is held. */
export function* ctSeries(study: SampleStudy, seed: Seed, { slices, rows, columns }: StackOptions): Iterable<Sample> {
  const series: SampleSeries = {
    study,
    key: 'ct',
    Modality: 'CT',
    SeriesNumber: 2,
    SeriesDescription: 'Head nativ 5.0',
    BodyPartExamined: 'HEAD',
    Manufacturer: 'TESTCORP',
    ManufacturerModelName: 'Phantomatic CT',
  };
  const who = study.identity;
  for (let slice = 1; slice <= slices; slice++) {
    yield sampleFile(
      series,
      seed,
      slice,
      { SOPClassUID: CT_IMAGE, description: `CT head, slice ${slice} of ${slices}` },
      {
        ...hidingPlaces(study, seed),
        ...stack(series, seed, slice, { slices, rows, columns }),
        ...grayscale16(rows, columns, 12),
        ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
        ImageComments: `${who.family}: motion on slice ${slice}`,
        KVP: 120,
        AcquisitionNumber: 1,
        DataCollectionDiameter: 500,
        ReconstructionDiameter: 240,
        ConvolutionKernel: 'H31s',
        ExposureTime: 1000,
        XRayTubeCurrent: 250,
        Exposure: 250,
        FilterType: 'FLAT',
        FocalSpots: 1.2,
        GantryDetectorTilt: 0,
        TableHeight: 130,
        RotationDirection: 'CW',
        IrradiationEventUID: seed.uid(`${who.key}/${study.key}/irradiation`),
        RescaleIntercept: -1024,
        RescaleSlope: 1,
        RescaleType: 'HU',
        WindowCenter: 40,
        WindowWidth: 80,
        SourceImageSequence: [
          {
            ReferencedSOPClassUID: CT_IMAGE,
            ReferencedSOPInstanceUID: seed.uid(`${who.key}/${study.key}/raw/${slice}`),
          },
        ],
        OriginalAttributesSequence: [
          {
            SourceOfPreviousValues: 'MUSTERSTADT RIS',
            AttributeModificationDateTime: `${study.StudyDate}120000.000000+0100`,
            ModifyingSystem: who.StationName,
            ReasonForTheAttributeModification: 'CORRECT',
            ModifiedAttributesSequence: [{ PatientName: who.PatientBirthName, PatientID: who.OtherPatientID }],
          },
        ],
        '7FE00010 OW': headSlice(
          'CT',
          rows,
          columns,
          level(slice, slices),
          seed.numbers(`${who.key}/${study.key}/${slice}`),
        ),
      },
    );
  }
}

/** A head MR in Implicit VR Little Endian; its first slice has an overlay that names the patient. */
export function* mrSeries(
  study: SampleStudy,
  seed: Seed,
  contrast: Exclude<HeadContrast, 'CT'>,
  { slices, rows, columns }: StackOptions,
): Iterable<Sample> {
  const series: SampleSeries = {
    study,
    key: `mr-${contrast.toLowerCase()}`,
    Modality: 'MR',
    SeriesNumber: contrast === 'T1' ? 3 : 4,
    SeriesDescription: `${contrast} tse ax`,
    BodyPartExamined: 'HEAD',
    Manufacturer: 'TESTCORP',
    ManufacturerModelName: 'Phantomatic MR',
  };
  const who = study.identity;
  for (let slice = 1; slice <= slices; slice++) {
    yield sampleFile(
      series,
      seed,
      slice,
      { SOPClassUID: MR_IMAGE, description: `MR head ${contrast}, slice ${slice} of ${slices}`, implicitVR: true },
      {
        ...hidingPlaces(study, seed),
        ...stack(series, seed, slice, { slices, rows, columns }),
        ...grayscale16(rows, columns, 12),
        ...(slice === 1 ? overlay(rows, columns, who.family) : {}),
        ImageType: ['ORIGINAL', 'PRIMARY', 'M', 'ND'],
        ImageComments: `${who.given} ${who.family} moved`,
        ScanningSequence: 'SE',
        SequenceVariant: 'SK',
        ScanOptions: null,
        MRAcquisitionType: '2D',
        SequenceName: '*tse2d1_7',
        AngioFlag: 'N',
        RepetitionTime: contrast === 'T1' ? 500 : 4000,
        EchoTime: contrast === 'T1' ? 12 : 96,
        EchoTrainLength: 7,
        NumberOfAverages: 1,
        ImagingFrequency: 63.68,
        ImagedNucleus: '1H',
        EchoNumbers: 1,
        MagneticFieldStrength: 1.5,
        SpacingBetweenSlices: SLICE_DISTANCE,
        FlipAngle: contrast === 'T1' ? 90 : 150,
        AcquisitionNumber: 1,
        WindowCenter: 450,
        WindowWidth: 900,
        '7FE00010 OW': headSlice(
          contrast,
          rows,
          columns,
          level(slice, slices),
          seed.numbers(`${who.key}/${study.key}/${contrast}/${slice}`),
        ),
      },
    );
  }
}

/** One still and one short loop, 8 bit, with their calibrated region. */
export function* usSeries(
  study: SampleStudy,
  seed: Seed,
  { frames, rows, columns }: { readonly frames: number; readonly rows: number; readonly columns: number },
): Iterable<Sample> {
  const series: SampleSeries = {
    study,
    key: 'us',
    Modality: 'US',
    SeriesNumber: 1,
    SeriesDescription: 'Abdomen',
    BodyPartExamined: 'ABDOMEN',
    Manufacturer: 'TESTCORP',
    ManufacturerModelName: 'Phantomatic US',
  };
  const who = study.identity;
  const still: Attributes = {
    ...hidingPlaces(study, seed),
    ...grayscale8(rows, columns),
    ImageType: ['ORIGINAL', 'PRIMARY', 'ABDOMINAL', '0001'],
    ImageComments: `${who.family} fasting`,
    AcquisitionDateTime: `${study.StudyDate}${study.StudyTime}`,
    PatientOrientation: null,
    LossyImageCompression: '00',
    BurnedInAnnotation: 'NO',
    SequenceOfUltrasoundRegions: [
      {
        RegionSpatialFormat: 1,
        RegionDataType: 1,
        RegionFlags: 0,
        RegionLocationMinX0: 0,
        RegionLocationMinY0: 0,
        RegionLocationMaxX1: columns - 1,
        RegionLocationMaxY1: rows - 1,
        ReferencePixelX0: Math.floor(columns / 2),
        ReferencePixelY0: 0,
        ReferencePixelPhysicalValueX: 0,
        ReferencePixelPhysicalValueY: 0,
        PhysicalUnitsXDirection: 3,
        PhysicalUnitsYDirection: 3,
        PhysicalDeltaX: 0.05,
        PhysicalDeltaY: 0.05,
        TransducerFrequency: 3500,
      },
    ],
  };
  const frame = (at: number) => sectorFrame(rows, columns, at / frames, seed, `${who.key}/${study.key}/us/${at}`);
  yield sampleFile(
    series,
    seed,
    1,
    { SOPClassUID: US_IMAGE, description: 'US abdomen, one image' },
    { ...still, ...curve(who.family), '7FE00010 OW': frame(0) },
  );
  yield sampleFile(
    series,
    seed,
    2,
    { SOPClassUID: US_MULTIFRAME_IMAGE, description: `US abdomen, loop of ${frames} frames` },
    {
      ...still,
      NumberOfFrames: frames,
      FrameTime: 40,
      '00280009 AT': 0x00181063,
      CineRate: 25,
      '7FE00010 OW': Buffer.concat(Array.from({ length: frames }, (_, at) => frame(at))),
    },
  );
}

/** General Image, Frame of Reference and Image Plane (C.7.6.1, C.7.4.1, C.7.6.2) of one axial slice. */
function stack(series: SampleSeries, seed: Seed, slice: number, { rows, columns }: StackOptions): Attributes {
  const { study } = series;
  const field = 240;
  return {
    FrameOfReferenceUID: seed.uid(`${study.identity.key}/${study.key}/frame`),
    PositionReferenceIndicator: null,
    PatientPosition: 'HFS',
    AcquisitionDate: study.StudyDate,
    AcquisitionTime: study.StudyTime,
    ContentDate: study.StudyDate,
    ContentTime: study.StudyTime,
    PixelSpacing: [field / rows, field / columns],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    ImagePositionPatient: [-field / 2, -field / 2, slice * SLICE_DISTANCE],
    SliceThickness: SLICE_DISTANCE,
    SliceLocation: slice * SLICE_DISTANCE,
    ...(slice > 1
      ? {
          ReferencedImageSequence: [
            {
              ReferencedSOPClassUID: series.Modality === 'CT' ? CT_IMAGE : MR_IMAGE,
              ReferencedSOPInstanceUID: instanceUID(seed, series, 1),
              PurposeOfReferenceCodeSequence: [
                { CodeValue: '121311', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Localizer' },
              ],
            },
          ],
        }
      : {}),
  };
}

function grayscale16(Rows: number, Columns: number, BitsStored: number): Attributes {
  return {
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows,
    Columns,
    BitsAllocated: 16,
    BitsStored,
    HighBit: BitsStored - 1,
    PixelRepresentation: 0,
  };
}

function grayscale8(Rows: number, Columns: number): Attributes {
  return { ...grayscale16(Rows, Columns, 8), BitsAllocated: 8 };
}

/** Overlay Plane (C.9.2): a frame around the picture, and a name in each of its texts. */
function overlay(rows: number, columns: number, family: string): Attributes {
  const bits = new Uint8Array(Math.ceil((rows * columns) / 16) * 2);
  for (let at = 0; at < rows * columns; at++) {
    const row = Math.floor(at / columns);
    const column = at % columns;
    if (row < 2 || column < 2 || row >= rows - 2 || column >= columns - 2) bits[at >> 3]! |= 1 << (at & 7);
  }
  return {
    '60000010 US': rows,
    '60000011 US': columns,
    '60000022 LO': `Marks on ${family}`,
    '60000040 CS': 'G',
    '60000050 SS': [1, 1],
    '60000100 US': 1,
    '60000102 US': 0,
    '60001500 LO': `${family} frame`,
    '60003000 OW': bits,
    '60004000 LT': `Drawn for ${family}`,
  };
}

/** A curve of the retired Curve module (PS3.3-2004 C.10.2), as old machines still write it. */
function curve(family: string): Attributes {
  const points = Buffer.alloc(16);
  for (let at = 0; at < 8; at++) points.writeUInt16LE(10 + at, at * 2);
  return {
    '50000005 US': 2,
    '50000010 US': 4,
    '50000020 CS': 'POLY',
    '50000022 LO': `Drawn on ${family}`,
    '50000103 US': 0,
    '50002500 LO': `${family} outline`,
    '50003000 OW': points,
  };
}

function level(slice: number, slices: number): number {
  return slices === 1 ? 0 : -0.6 + (1.2 * (slice - 1)) / (slices - 1);
}
