/** Transfer syntaxes (PS3.5 Annex A, PS3.6 Annex A). What a syntax does to pixel data does not matter here. */

export interface Encoding {
  readonly explicitVR: boolean;
  readonly littleEndian: boolean;
}

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly encoding: Encoding;
  /** The data set, not the frames, is compressed (PS3.5 A.5). */
  readonly deflated: boolean;
  /** Pixel data comes as fragments (PS3.5 A.4). */
  readonly encapsulated: boolean;
}

export const IMPLICIT_VR_LITTLE_ENDIAN: Encoding = { explicitVR: false, littleEndian: true };
export const EXPLICIT_VR_LITTLE_ENDIAN: Encoding = { explicitVR: true, littleEndian: true };
export const EXPLICIT_VR_BIG_ENDIAN: Encoding = { explicitVR: true, littleEndian: false };

export function sameEncoding(a: Encoding, b: Encoding): boolean {
  return a === b || (a.explicitVR === b.explicitVR && a.littleEndian === b.littleEndian);
}

type Form = 'native' | 'deflated' | 'encapsulated';

const LITTLE = EXPLICIT_VR_LITTLE_ENDIAN;

const TABLE: readonly (readonly [uid: string, name: string, encoding: Encoding, form: Form])[] = [
  ['1.2.840.10008.1.2', 'Implicit VR Little Endian', IMPLICIT_VR_LITTLE_ENDIAN, 'native'],
  ['1.2.840.10008.1.2.1', 'Explicit VR Little Endian', LITTLE, 'native'],
  ['1.2.840.10008.1.2.1.98', 'Encapsulated Uncompressed Explicit VR Little Endian', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.1.99', 'Deflated Explicit VR Little Endian', LITTLE, 'deflated'],
  ['1.2.840.10008.1.2.2', 'Explicit VR Big Endian', EXPLICIT_VR_BIG_ENDIAN, 'native'],
  ['1.2.840.10008.1.2.4.50', 'JPEG Baseline (Process 1)', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.51', 'JPEG Extended (Process 2 and 4)', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.52', 'JPEG Extended (Process 3 and 5)', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.53', 'JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.54', 'JPEG Spectral Selection, Non-Hierarchical (Process 7 and 9)', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.55', 'JPEG Full Progression, Non-Hierarchical (Process 10 and 12)', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.56', 'JPEG Full Progression, Non-Hierarchical (Process 11 and 13)', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.57', 'JPEG Lossless, Non-Hierarchical (Process 14)', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.58', 'JPEG Lossless, Non-Hierarchical (Process 15)', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.59', 'JPEG Extended, Hierarchical (Process 16 and 18)', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.60', 'JPEG Extended, Hierarchical (Process 17 and 19)', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.61', 'JPEG Spectral Selection, Hierarchical (Process 20 and 22)', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.62', 'JPEG Spectral Selection, Hierarchical (Process 21 and 23)', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.63', 'JPEG Full Progression, Hierarchical (Process 24 and 26)', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.64', 'JPEG Full Progression, Hierarchical (Process 25 and 27)', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.65', 'JPEG Lossless, Hierarchical (Process 28)', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.66', 'JPEG Lossless, Hierarchical (Process 29)', LITTLE, 'encapsulated'],
  [
    '1.2.840.10008.1.2.4.70',
    'JPEG Lossless, First-Order Prediction (Process 14, Selection Value 1)',
    LITTLE,
    'encapsulated',
  ],
  ['1.2.840.10008.1.2.4.80', 'JPEG-LS Lossless', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.81', 'JPEG-LS Near-Lossless', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.90', 'JPEG 2000 Lossless Only', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.91', 'JPEG 2000', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.92', 'JPEG 2000 Part 2 Multi-component Lossless Only', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.93', 'JPEG 2000 Part 2 Multi-component', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.94', 'JPIP Referenced', LITTLE, 'native'],
  ['1.2.840.10008.1.2.4.95', 'JPIP Referenced Deflate', LITTLE, 'deflated'],
  ['1.2.840.10008.1.2.4.100', 'MPEG2 Main Profile / Main Level', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.100.1', 'Fragmentable MPEG2 Main Profile / Main Level', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.101', 'MPEG2 Main Profile / High Level', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.101.1', 'Fragmentable MPEG2 Main Profile / High Level', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.102', 'MPEG-4 AVC/H.264 High Profile / Level 4.1', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.102.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.103', 'MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1', LITTLE, 'encapsulated'],
  [
    '1.2.840.10008.1.2.4.103.1',
    'Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1',
    LITTLE,
    'encapsulated',
  ],
  ['1.2.840.10008.1.2.4.104', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video', LITTLE, 'encapsulated'],
  [
    '1.2.840.10008.1.2.4.104.1',
    'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video',
    LITTLE,
    'encapsulated',
  ],
  ['1.2.840.10008.1.2.4.105', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video', LITTLE, 'encapsulated'],
  [
    '1.2.840.10008.1.2.4.105.1',
    'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video',
    LITTLE,
    'encapsulated',
  ],
  ['1.2.840.10008.1.2.4.106', 'MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2', LITTLE, 'encapsulated'],
  [
    '1.2.840.10008.1.2.4.106.1',
    'Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2',
    LITTLE,
    'encapsulated',
  ],
  ['1.2.840.10008.1.2.4.107', 'HEVC/H.265 Main Profile / Level 5.1', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.108', 'HEVC/H.265 Main 10 Profile / Level 5.1', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.110', 'JPEG XL Lossless', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.111', 'JPEG XL JPEG Recompression', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.112', 'JPEG XL', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.201', 'High-Throughput JPEG 2000 Lossless Only', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.202', 'High-Throughput JPEG 2000 with RPCL Options Lossless Only', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.203', 'High-Throughput JPEG 2000', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.4.204', 'JPIP HTJ2K Referenced', LITTLE, 'native'],
  ['1.2.840.10008.1.2.4.205', 'JPIP HTJ2K Referenced Deflate', LITTLE, 'deflated'],
  ['1.2.840.10008.1.2.5', 'RLE Lossless', LITTLE, 'encapsulated'],
  ['1.2.840.10008.1.2.8.1', 'Deflated Image Frame Compression', LITTLE, 'encapsulated'],
];

const BY_UID: ReadonlyMap<string, TransferSyntax> = new Map(
  TABLE.map(([uid, name, encoding, form]) => [
    uid,
    { uid, name, encoding, deflated: form === 'deflated', encapsulated: form === 'encapsulated' },
  ]),
);

export function transferSyntax(uid: string): TransferSyntax | undefined {
  return BY_UID.get(uid);
}

export const ImplicitVRLittleEndian = BY_UID.get('1.2.840.10008.1.2')!;
export const ExplicitVRLittleEndian = BY_UID.get('1.2.840.10008.1.2.1')!;
export const ExplicitVRBigEndian = BY_UID.get('1.2.840.10008.1.2.2')!;
export const DeflatedExplicitVRLittleEndian = BY_UID.get('1.2.840.10008.1.2.1.99')!;
