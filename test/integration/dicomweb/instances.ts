import {
  bytesElement,
  type DataElement,
  type DataSet,
  newDataSet,
  numberElement,
  textElement,
} from '../../../src/dicom/data-set';
import { writePart10Bytes } from '../../../src/dicom/part10/write';
import { TAGS } from '../../../src/dicom/tags';
import { transferSyntax } from '../../../src/dicom/transfer-syntax';
import type { InstanceMatch, InstanceToStore } from '../../../src/session/ports';

export const CT_IMAGE = '1.2.840.10008.5.1.4.1.1.2';
export const KEY_OBJECT_SELECTION_DOCUMENT = '1.2.840.10008.5.1.4.1.1.88.59';
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const JPEG_2000 = '1.2.840.10008.1.2.4.91';

export interface TestInstance extends InstanceMatch {
  readonly SOPClassUID: string;
  readonly bytes: Buffer;
}

let counter = 0;

/** A UID that no other test has, whichever process it runs in. */
export function newUID(): string {
  counter += 1;
  return `2.25.${process.pid}${Date.now()}${String(counter).padStart(5, '0')}`;
}

export interface InstanceTraits {
  readonly study?: string;
  readonly series?: string;
  readonly modality?: string;
  readonly SOPClassUID?: string;
  readonly patientID?: string;
  readonly patientName?: string;
  readonly studyDate?: string;
  readonly studyDescription?: string;
  readonly accessionNumber?: string;
  readonly instanceNumber?: number;
  readonly pixelData?: Uint8Array;
  readonly transferSyntaxUID?: string;
}

/** A small PS3.10 instance. Names are plainly made up. */
export function makeInstance(traits: InstanceTraits = {}): TestInstance {
  const syntax = transferSyntax(traits.transferSyntaxUID ?? EXPLICIT_VR_LITTLE_ENDIAN)!;
  const empty: DataSet = newDataSet(syntax.encoding, ['ISO_IR 192']);
  const StudyInstanceUID = traits.study ?? newUID();
  const SeriesInstanceUID = traits.series ?? newUID();
  const SOPInstanceUID = newUID();
  const SOPClassUID = traits.SOPClassUID ?? CT_IMAGE;
  const elements: DataElement[] = [
    textElement(empty, TAGS.SpecificCharacterSet, 'CS', ['ISO_IR 192']),
    textElement(empty, TAGS.SOPClassUID, 'UI', [SOPClassUID]),
    textElement(empty, TAGS.SOPInstanceUID, 'UI', [SOPInstanceUID]),
    textElement(empty, TAGS.StudyDate, 'DA', [traits.studyDate ?? '20240102']),
    textElement(empty, TAGS.AccessionNumber, 'SH', [traits.accessionNumber ?? 'A1']),
    textElement(empty, TAGS.Modality, 'CS', [traits.modality ?? 'CT']),
    textElement(empty, TAGS.StudyDescription, 'LO', [traits.studyDescription ?? 'Made up']),
    textElement(empty, TAGS.PatientName, 'PN', [traits.patientName ?? 'Testmann^Theo']),
    textElement(empty, TAGS.PatientID, 'LO', [traits.patientID ?? 'TEST-1']),
    textElement(empty, TAGS.StudyInstanceUID, 'UI', [StudyInstanceUID]),
    textElement(empty, TAGS.SeriesInstanceUID, 'UI', [SeriesInstanceUID]),
    textElement(empty, 0x00200013, 'IS', [String(traits.instanceNumber ?? 1)]),
  ];
  const pixels = traits.pixelData;
  if (pixels !== undefined && !syntax.encapsulated) {
    elements.push(
      numberElement(empty, 0x00280010, 'US', [1]),
      numberElement(empty, 0x00280011, 'US', [Math.min(pixels.length, 65535)]),
      numberElement(empty, 0x00280100, 'US', [8]),
      bytesElement(empty, 0x7fe00010, 'OB', pixels),
    );
  }
  const header = newDataSet(syntax.encoding, ['ISO_IR 192'], elements);
  const bytes =
    syntax.encapsulated && pixels !== undefined
      ? // One fragment behind an empty offset table (PS3.5 A.4).
        Buffer.concat([...writePart10Bytes(syntax, header), fragments(pixels)])
      : Buffer.concat(writePart10Bytes(syntax, header));
  return { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID, SOPClassUID, bytes };
}

function fragments(frame: Uint8Array): Buffer {
  const item = (bytes: Uint8Array) => {
    const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    head.writeUInt32LE(bytes.length, 4);
    return Buffer.concat([head, bytes]);
  };
  const head = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  const end = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  return Buffer.concat([head, item(Buffer.alloc(0)), item(frame), end]);
}

/** In the form that `Receiver.store` takes, in chunks of `size`. */
export async function* toStore(
  instances: Iterable<TestInstance>,
  size = 10_000,
): AsyncGenerator<InstanceToStore, void, undefined> {
  for (const { SOPClassUID, SeriesInstanceUID, SOPInstanceUID, bytes } of instances) {
    yield { SOPClassUID, SeriesInstanceUID, SOPInstanceUID, bytes: chunks(bytes, size) };
  }
}

export async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}

export async function bytesOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of source) {
    all.push(chunk);
  }
  return Buffer.concat(all);
}

export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of source) {
    found.push(each);
  }
  return found;
}
