import { readPart10Bytes } from '../../src/dicom/part10/read';
import { generateSamples } from '../../src/sandbox/samples';
import { type Line, median, round } from './line';

/** Header parse of one CT, warm, against the least that a walk over its top-level elements can cost. */
export async function benchHeader(): Promise<readonly Line[]> {
  const ct = [...generateSamples({ slices: 1, rows: 512, columns: 512 })][0]!.bytes;
  const elements = readPart10Bytes(ct).header.elements.length;
  const parse = median(Array.from({ length: 15 }, () => perRun(() => readPart10Bytes(ct))));
  const walk = median(Array.from({ length: 15 }, () => perRun(() => bareWalk(ct))));
  return [
    {
      bench: 'header-parse',
      value: round(parse),
      unit: 'µs',
      floor: { what: 'walk over tags and lengths of the same bytes, building nothing', value: round(walk) },
      ratio: round(parse / walk, 1),
      aim: '≤ 50 µs',
      met: parse <= 50,
      note: `${elements} elements at the top level`,
    },
  ];
}

function perRun(work: () => unknown): number {
  const runs = 2_000;
  const began = performance.now();
  for (let i = 0; i < runs; i += 1) work();
  return ((performance.now() - began) * 1_000) / runs;
}

const LONG = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'OV', 'SQ', 'UC', 'UR', 'UT', 'UN', 'SV', 'UV']);

/** Explicit VR Little Endian with defined or undefined lengths, down to Pixel Data. */
function bareWalk(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 132;
  let count = 0;
  while (at + 8 <= bytes.length) {
    const group = view.getUint16(at, true);
    if (group === 0x7fe0) break;
    count += 1;
    if (group === 0xfffe) {
      at += 8;
      continue;
    }
    const vr = String.fromCharCode(bytes[at + 4]!, bytes[at + 5]!);
    if (LONG.has(vr)) {
      const length = view.getUint32(at + 8, true);
      at += 12 + (vr === 'SQ' || length === 0xffffffff ? 0 : length);
    } else {
      at += 8 + view.getUint16(at + 6, true);
    }
  }
  return count;
}
