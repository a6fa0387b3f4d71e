import type { Seed } from './seed';

/** Pictures that look like something: nothing here is anatomy. */

interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly a: number;
  readonly b: number;
  readonly tilt: number;
  /** Half height along the slices, 1 being the whole stack. */
  readonly c: number;
  readonly tissue: Tissue;
}

type Tissue = 'skin' | 'bone' | 'brain' | 'white' | 'fluid' | 'lesion';

/** Painted one over the other, in the manner of the Shepp–Logan head. Coordinates from -1 to 1. */
const HEAD: readonly Ellipse[] = [
  { x: 0, y: 0, a: 0.72, b: 0.95, tilt: 0, c: 1.2, tissue: 'skin' },
  { x: 0, y: 0, a: 0.69, b: 0.92, tilt: 0, c: 1.15, tissue: 'bone' },
  { x: 0, y: -0.0184, a: 0.6624, b: 0.874, tilt: 0, c: 1.1, tissue: 'brain' },
  { x: 0, y: 0.05, a: 0.5, b: 0.68, tilt: 0, c: 0.9, tissue: 'white' },
  { x: 0.22, y: 0, a: 0.11, b: 0.31, tilt: -0.31, c: 0.7, tissue: 'fluid' },
  { x: -0.22, y: 0, a: 0.14, b: 0.36, tilt: 0.31, c: 0.7, tissue: 'fluid' },
  { x: 0, y: 0.35, a: 0.21, b: 0.25, tilt: 0, c: 0.6, tissue: 'brain' },
  { x: 0.06, y: -0.605, a: 0.06, b: 0.05, tilt: 0, c: 0.35, tissue: 'lesion' },
  { x: -0.35, y: -0.35, a: 0.09, b: 0.07, tilt: 0.4, c: 0.3, tissue: 'lesion' },
];

/** Stored values, by contrast. CT: Hounsfield units plus 1024. */
const CONTRASTS = {
  CT: { air: 24, skin: 1084, bone: 1924, brain: 1064, white: 1054, fluid: 1032, lesion: 1104, noise: 8 },
  T1: { air: 8, skin: 620, bone: 60, brain: 380, white: 520, fluid: 90, lesion: 260, noise: 12 },
  T2: { air: 6, skin: 420, bone: 40, brain: 460, white: 320, fluid: 900, lesion: 780, noise: 14 },
} as const satisfies Record<string, Record<Tissue | 'air' | 'noise', number>>;

export type HeadContrast = keyof typeof CONTRASTS;

/** One slice of the head, 16 bit little endian; `z` from -1 (base) to 1 (vertex). */
export function headSlice(
  contrast: HeadContrast,
  rows: number,
  columns: number,
  z: number,
  random: () => number,
): Uint8Array {
  const { noise, air, ...tissues } = CONTRASTS[contrast];
  const bytes = new Uint8Array(rows * columns * 2);
  // Painted last, looked at first. Numbers only, in one array: objects in this loop cost ten times as much.
  const shapes = HEAD.toReversed().flatMap((each) => sliceAt(each, z, tissues[each.tissue]));
  let at = 0;
  for (let row = 0; row < rows; row++) {
    const y = (2 * row) / (rows - 1) - 1;
    for (let column = 0; column < columns; column++) {
      const x = (2 * column) / (columns - 1) - 1;
      let value: number = air;
      for (let shape = 0; shape < shapes.length; shape += SLICE_NUMBERS) {
        const dx = x - shapes[shape]!;
        const dy = y - shapes[shape + 1]!;
        const u = dx * shapes[shape + 2]! + dy * shapes[shape + 3]!;
        const v = dx * shapes[shape + 4]! + dy * shapes[shape + 5]!;
        if (u * u + v * v <= 1) {
          value = shapes[shape + 6]!;
          break;
        }
      }
      const noisy = Math.max(0, value + Math.round((random() - 0.5) * 2 * noise));
      bytes[at++] = noisy & 0xff;
      bytes[at++] = noisy >> 8;
    }
  }
  return bytes;
}

const SLICE_NUMBERS = 7;

/** Centre, the two rows of the matrix that makes the ellipse a unit circle, and its value; nothing where not met. */
function sliceAt(ellipse: Ellipse, z: number, value: number): readonly number[] {
  const height = z / ellipse.c;
  if (Math.abs(height) >= 1) return [];
  const scale = Math.sqrt(1 - height * height);
  const [a, b] = [ellipse.a * scale, ellipse.b * scale];
  const [cos, sin] = [Math.cos(ellipse.tilt), Math.sin(ellipse.tilt)];
  return [ellipse.x, ellipse.y, cos / a, sin / a, -sin / b, cos / b, value];
}

/** One frame of a sector scan, 8 bit: speckle, two cysts, one of which moves with the frames. */
export function sectorFrame(rows: number, columns: number, phase: number, seed: Seed, label: string): Uint8Array {
  const random = seed.numbers(label);
  const pixels = new Uint8Array(rows * columns);
  const apex = { x: columns / 2, y: rows * 0.04 };
  const depth = rows * 0.92;
  const cysts = [
    { x: columns * 0.42, y: rows * (0.5 + 0.03 * Math.sin(phase * 2 * Math.PI)), r: rows * 0.1 },
    { x: columns * 0.62, y: rows * 0.68, r: rows * 0.06 },
  ];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const dx = column - apex.x;
      const dy = row - apex.y;
      const distance = Math.hypot(dx, dy);
      if (dy <= 0 || distance > depth || Math.abs(Math.atan2(dx, dy)) > 0.65) continue;
      const layer = 70 + 40 * Math.sin(distance / (rows * 0.05)) * Math.exp(-distance / depth);
      const inCyst = cysts.some((each) => Math.hypot(column - each.x, row - each.y) < each.r);
      const gain = inCyst ? 0.12 : 1;
      pixels[row * columns + column] = Math.min(255, Math.round(gain * (layer + 90 * random() ** 2)));
    }
  }
  return pixels;
}
