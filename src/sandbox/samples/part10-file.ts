import type { DataSet } from '../../dicom/data-set';
import { encodeDataSet } from '../../dicom/part10/write';

export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';

const SOP_CLASS_UID = 0x00080016;
const SOP_INSTANCE_UID = 0x00080018;

/** What modalities leave outside the data set; both are places where an identity hides (PS3.15 E.1.1). */
export interface FileTraits {
  /** (0002,0016): names the machine, and often the ward or the house. */
  readonly SourceApplicationEntityTitle: string;
  /** Up to 128 characters of ASCII. */
  readonly preamble: string;
}

/**
 * A PS3.10 file as a modality would write it. Not the writer of `dicom/part10`: that one leaves the preamble and the
 * File Meta Information clean, and these are meant to be dirty.
 */
export function part10File(dataSet: DataSet, traits: FileTraits): Uint8Array {
  return Buffer.concat([part10Head(dataSet, traits), encodeDataSet(dataSet)]);
}

/** Preamble, prefix and File Meta Information (PS3.10 7.1). */
export function part10Head(dataSet: DataSet, traits: FileTraits): Uint8Array {
  const preamble = Buffer.alloc(132);
  preamble.write(traits.preamble, 0, 128, 'latin1');
  preamble.write('DICM', 128, 'latin1');
  const transferSyntax = dataSet.encoding.explicitVR ? EXPLICIT_VR_LITTLE_ENDIAN : IMPLICIT_VR_LITTLE_ENDIAN;
  const meta = Buffer.concat([
    longForm(0x0001, 'OB', Buffer.from([0, 1])),
    shortForm(0x0002, 'UI', dataSet.string(SOP_CLASS_UID) ?? '', 0x00),
    shortForm(0x0003, 'UI', dataSet.string(SOP_INSTANCE_UID) ?? '', 0x00),
    shortForm(0x0010, 'UI', transferSyntax, 0x00),
    shortForm(0x0012, 'UI', '2.25.286540123408071936', 0x00),
    shortForm(0x0013, 'SH', 'SAMPLES_1', 0x20),
    shortForm(0x0016, 'AE', traits.SourceApplicationEntityTitle, 0x20),
  ]);
  const length = Buffer.alloc(12);
  length.set([0x02, 0x00, 0x00, 0x00, 0x55, 0x4c, 0x04, 0x00]);
  length.writeUInt32LE(meta.length, 8);
  return Buffer.concat([preamble, length, meta]);
}

function shortForm(element: number, vr: string, text: string, padding: number): Buffer {
  const value = Buffer.from(text, 'latin1');
  const padded = value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.from([padding])]);
  const header = Buffer.alloc(8);
  header.writeUInt16LE(0x0002, 0);
  header.writeUInt16LE(element, 2);
  header.write(vr, 4, 'latin1');
  header.writeUInt16LE(padded.length, 6);
  return Buffer.concat([header, padded]);
}

function longForm(element: number, vr: string, value: Buffer): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16LE(0x0002, 0);
  header.writeUInt16LE(element, 2);
  header.write(vr, 4, 'latin1');
  header.writeUInt32LE(value.length, 8);
  return Buffer.concat([header, value]);
}
