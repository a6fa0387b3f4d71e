import { encodeDataSet } from '../../dicom/part10/write';
import { SAMPLE_IDENTITIES, type SampleIdentity } from './identity';
import { instanceUID, patientAndStudy, type SampleSeries, seriesAndEquipment, seriesUID, studyUID } from './modules';
import { dataSetOf, EXPLICIT } from './notation';
import { part10Head } from './part10-file';
import { Seed } from './seed';

const MULTIFRAME_GRAYSCALE_WORD_SC = '1.2.840.10008.5.1.4.1.1.7.3';

export interface MultiframeOptions {
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  readonly seed?: Seed;
  readonly identity?: SampleIdentity;
}

/** A PS3.10 file that is never held: each `for await` over it generates the same bytes anew. */
export interface MultiframeSample extends AsyncIterable<Uint8Array> {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
  readonly byteLength: number;
}

/** One uncompressed 16-bit multi-frame instance of any size; 800 frames of 512 × 512 make 419 MB. */
export function generateMultiframe(options: MultiframeOptions): MultiframeSample {
  const { frames, rows, columns } = options;
  const seed = options.seed ?? new Seed('multiframe');
  const identity = options.identity ?? SAMPLE_IDENTITIES[0];
  const series: SampleSeries = {
    study: { identity, key: 'mf', StudyDate: '20251001', StudyTime: '120000', StudyDescription: 'OT/Long run' },
    key: 'mf',
    Modality: 'OT',
    SeriesNumber: 1,
    SeriesDescription: 'Long run',
    BodyPartExamined: 'CHEST',
    Manufacturer: 'TESTCORP',
    ManufacturerModelName: 'Phantomatic MF',
  };
  const SOPInstanceUID = instanceUID(seed, series, 1);
  const header = dataSetOf(
    {
      ...patientAndStudy(series.study, seed),
      ...seriesAndEquipment(series, seed),
      SOPClassUID: MULTIFRAME_GRAYSCALE_WORD_SC,
      SOPInstanceUID,
      InstanceNumber: 1,
      ConversionType: 'SYN',
      ContentDate: series.study.StudyDate,
      ContentTime: series.study.StudyTime,
      PatientOrientation: null,
      BurnedInAnnotation: 'NO',
      PresentationLUTShape: 'IDENTITY',
      RescaleIntercept: 0,
      RescaleSlope: 1,
      RescaleType: 'US',
      FrameTime: 40,
      NumberOfFrames: frames,
      '00280009 AT': 0x00181063,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: rows,
      Columns: columns,
      BitsAllocated: 16,
      BitsStored: 12,
      HighBit: 11,
      PixelRepresentation: 0,
    },
    EXPLICIT,
    identity.characterSet,
  );
  const frameLength = rows * columns * 2;
  const pixelDataHeader = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x57, 0, 0, 0, 0, 0, 0]);
  pixelDataHeader.writeUInt32LE(frames * frameLength, 8);
  const head = Buffer.concat([
    part10Head(header, {
      SourceApplicationEntityTitle: identity.SourceApplicationEntityTitle,
      preamble: `${identity.family} ${identity.PatientID}`,
    }),
    encodeDataSet(header),
    pixelDataHeader,
  ]);
  const picture = noise(frameLength, seed);
  return {
    StudyInstanceUID: studyUID(seed, series.study),
    SeriesInstanceUID: seriesUID(seed, series),
    SOPClassUID: MULTIFRAME_GRAYSCALE_WORD_SC,
    SOPInstanceUID,
    byteLength: head.length + frames * frameLength,
    async *[Symbol.asyncIterator]() {
      yield head;
      for (let frame = 0; frame < frames; frame++) {
        // Frames are told apart by their first pixel; the rest is shared, so that nothing is allocated per frame.
        yield Buffer.from([frame & 0xff, (frame >> 8) & 0x0f]);
        yield picture.subarray(2);
      }
    },
  };
}

function noise(length: number, seed: Seed): Buffer {
  const random = seed.numbers('noise');
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 2) bytes.writeUInt16LE(Math.floor(random() * 4096), at);
  return bytes;
}
