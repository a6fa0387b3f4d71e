import { acquisition, code, hidingPlaces, instanceUID, pixels, type Scene } from './modules';
import { cleaned, type Keyed, prose, says } from './notation';
import { HOUSE } from './people';

/** CT, MR, US, DX and SC, beside what every image has. */

export const SOP_CLASS = {
  CT: '1.2.840.10008.5.1.4.1.1.2',
  MR: '1.2.840.10008.5.1.4.1.1.4',
  US: '1.2.840.10008.5.1.4.1.1.6.1',
  DX: '1.2.840.10008.5.1.4.1.1.1.1',
  OT: '1.2.840.10008.5.1.4.1.1.7',
  SEG: '1.2.840.10008.5.1.4.1.1.66.4',
  PR: '1.2.840.10008.5.1.4.1.1.11.1',
  SR: '1.2.840.10008.5.1.4.1.1.88.33',
  KO: '1.2.840.10008.5.1.4.1.1.88.59',
  ECG: '1.2.840.10008.5.1.4.1.1.9.1.1',
  DOC: '1.2.840.10008.5.1.4.1.1.104.1',
} as const;

export function ct(scene: Scene): Keyed {
  const { who, seed } = scene;
  return {
    ...acquisition(scene, 'Head routine'),
    ...hidingPlaces(scene),
    ...plane(scene),
    ...pixels(scene),
    ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    ContentDate: who.studyDate,
    ContentTime: '081911',
    AcquisitionDateTime: `${who.studyDate}081910.500000+0100`,
    KVP: '120',
    ReconstructionDiameter: '250',
    ExposureTime: '1000',
    XRayTubeCurrent: '210',
    FilterType: 'WEDGE_2',
    ConvolutionKernel: 'H31s',
    RescaleIntercept: '-1024',
    RescaleSlope: '1',
    RescaleType: 'HU',
    WindowCenter: ['40', '300'],
    WindowWidth: ['80', '1500'],
    GantryID: HOUSE.GantryID,
    ContrastBolusAgent: cleaned('Omnipaque 300', 'Omnipaque 300', 'ZCCC'),
    ContrastBolusRoute: 'IV',
    IrradiationEventUID: seed.uid(`${who.key}/irradiation`),
    DeviceUID: seed.uid('device'),
    AnatomicRegionSequence: [code('69536005', 'SCT', 'Head')],
    // X/Z/U* of Type 3.
    ReferencedImageSequence: says(
      [
        {
          ReferencedSOPClassUID: SOP_CLASS.CT,
          ReferencedSOPInstanceUID: instanceUID({ ...scene, series: 'CT', instance: 1 }),
          PurposeOfReferenceCodeSequence: [code('121311', 'DCM', 'Localizer')],
        },
      ],
      'XXXX',
    ),
    IconImageSequence: [{ Rows: 8, Columns: 8 }],
    // Known safe by creator and element (PS3.15 Table E.3.10-1).
    '00190010 LO': says('SIEMENS MR HEADER', 'XKKX'),
    '0019100C IS': says('1000', 'XKKX'),
    '0019100D DS': says(who.family.normalize('NFD').replaceAll(/[^A-Za-z]/g, '') || 'Fake', 'XXXX'),
    '00191008 CS': says('IMAGE NUM 4', 'XXXX'),
  };
}

export function mr(scene: Scene): Keyed {
  const { who } = scene;
  return {
    ...acquisition(scene, 'T2 axial'),
    ...hidingPlaces(scene),
    ...plane(scene),
    ...pixels(scene),
    ImageType: ['ORIGINAL', 'PRIMARY', 'M', 'NORM'],
    ScanningSequence: 'SE',
    SequenceVariant: ['SK', 'SP'],
    ScanOptions: 'FS',
    MRAcquisitionType: '2D',
    SequenceName: '*tse2d1_15',
    RepetitionTime: '4200.5',
    EchoTime: '98',
    EchoTrainLength: '15',
    MagneticFieldStrength: '1.5',
    FlipAngle: '150',
    ImagedNucleus: '1H',
    ContentDate: who.studyDate,
    ContentTime: '082010',
    DerivationDescription: cleaned(`Average of 2 (${who.given} ${who.family})`, 'Average of 2'),
    '20010010 LO': says('Philips Imaging DD 001', 'XKKX'),
    '20011003 FL': says([1000], 'XKKX'),
    '20011081 UN': says(Buffer.from(`${who.PatientID} `, 'latin1'), 'XXXX'),
    PregnancyStatus: 1,
  };
}

export function us(scene: Scene): Keyed {
  const { who } = scene;
  return {
    ...acquisition(scene, 'Abdomen'),
    ...hidingPlaces(scene),
    ...pixels(scene),
    ImageType: ['ORIGINAL', 'PRIMARY', '', '0001'],
    LossyImageCompression: '00',
    ContentDate: who.studyDate,
    ContentTime: '082111',
    TransducerData: ['C5-2', 'Phantom'],
    StageName: says('Rest', 'KKKK'),
    SequenceOfUltrasoundRegions: [
      {
        RegionSpatialFormat: 1,
        RegionDataType: 1,
        RegionFlags: 2,
        RegionLocationMinX0: 0,
        RegionLocationMinY0: 0,
        RegionLocationMaxX1: 7,
        RegionLocationMaxY1: 7,
        PhysicalUnitsXDirection: 3,
        PhysicalUnitsYDirection: 3,
        PhysicalDeltaX: 0.031,
        PhysicalDeltaY: 0.031,
      },
    ],
    DeviceSerialNumber: HOUSE.DeviceSerialNumber,
  };
}

export function dx(scene: Scene): Keyed {
  const { who, seed } = scene;
  return {
    ...acquisition(scene, 'Chest PA'),
    ...hidingPlaces(scene),
    ...pixels(scene),
    ImageType: ['ORIGINAL', 'PRIMARY'],
    PresentationIntentType: 'FOR PRESENTATION',
    // Type 1C in the DX Series Module (PS3.3 C.8.11.1).
    ReferencedPerformedProcedureStepSequence: says(
      [{ ReferencedSOPClassUID: '1.2.840.10008.3.1.2.3.3', ReferencedSOPInstanceUID: seed.uid(`${who.key}/mpps`) }],
      'DDDD',
    ),
    PixelIntensityRelationship: 'LIN',
    PixelIntensityRelationshipSign: 1,
    PresentationLUTShape: 'IDENTITY',
    RescaleIntercept: '0',
    RescaleSlope: '1',
    RescaleType: 'US',
    LossyImageCompression: '00',
    BurnedInAnnotation: 'NO',
    ContentDate: who.studyDate,
    ContentTime: '082212',
    ImageLaterality: 'U',
    ViewPosition: 'PA',
    PatientOrientation: ['L', 'F'],
    ImagerPixelSpacing: ['0.14', '0.14'],
    DetectorType: 'SCINTILLATOR',
    DetectorID: HOUSE.DetectorID,
    DetectorDescription: says('Flat panel', 'KKKK'),
    PlateID: HOUSE.PlateID,
    KVP: '110',
    Exposure: '2',
    AcquisitionDeviceProcessingDescription: cleaned(`Chest ${who.family}`, 'Chest'),
    // X/Z/U* of Type 3.
    SourceImageSequence: says(
      [
        {
          ReferencedSOPClassUID: SOP_CLASS.CT,
          ReferencedSOPInstanceUID: instanceUID({ ...scene, series: 'CT', instance: 1 }),
          PurposeOfReferenceCodeSequence: [code('121322', 'DCM', 'Source image for image processing operation')],
        },
      ],
      'XXXX',
    ),
    AcquisitionContextSequence: [
      {
        ValueType: 'CODE',
        ConceptNameCodeSequence: [code('109054', 'DCM', 'Patient State')],
        ConceptCodeSequence: [code('109092', 'DCM', 'Resting State')],
      },
    ],
    FrameOfReferenceUID: seed.uid(`${who.key}/dx-frame`),
    PositionReferenceIndicator: '',
  };
}

export function sc(scene: Scene): Keyed {
  const { who } = scene;
  return {
    ...acquisition(scene, 'Screen save'),
    ...hidingPlaces(scene),
    ...pixels(scene),
    ImageType: ['DERIVED', 'SECONDARY'],
    ConversionType: 'WSD',
    BurnedInAnnotation: 'NO',
    SecondaryCaptureDeviceID: HOUSE.StationName,
    SecondaryCaptureDeviceManufacturer: 'SIEMENS',
    DateOfSecondaryCapture: who.studyDate,
    TimeOfSecondaryCapture: '083000',
    DerivationDescription: prose(`Printed on 2019-0${who.key.at(-1)}-11 by Perfmocker, Bobbertus`, ['by']),
    PatientOrientation: '',
  };
}

/** PS3.3 C.7.6.2, C.7.4.1. */
function plane({ who, seed, instance }: Scene): Keyed {
  return {
    FrameOfReferenceUID: seed.uid(`${who.key}/frame`),
    PositionReferenceIndicator: '',
    PatientPosition: 'HFS',
    ImagePositionPatient: ['-125', '-125.5', String(instance * 5)],
    ImageOrientationPatient: ['1', '0', '0', '0', '1', '0'],
    PixelSpacing: ['0.488281', '0.488281'],
    SliceThickness: '5',
    SliceLocation: String(instance * 5),
  };
}
