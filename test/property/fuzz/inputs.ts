import type { WAYS } from './laws';
import type { Base, Encoder } from './model';
import { mutated } from './mutations';
import { Random } from './random';

/** So many in a row are of one instance and one policy, as those of a series are. */
const ROW = 64;

/** Of most rows only each third element is left: what is damaged is found sooner in little. */
const WHOLE_ROWS = 4;
const LEFT = 3;
/** Who it is, what it is and in which characters: without these little is at stake. */
const STAYS: ReadonlySet<number> = new Set([
  0x00080005, 0x00080016, 0x00080018, 0x00080050, 0x00080080, 0x00080090, 0x00100010, 0x00100020, 0x00100030,
  0x0020000d, 0x0020000e, 0x0040a730,
]);

export type Way = (typeof WAYS)[number];

export interface Input {
  readonly base: Base;
  readonly way: Way;
  /** A view that the next input overwrites. */
  readonly file: Buffer;
  /** For what else is left to chance. */
  readonly random: Random;
}

/** Number so and so of a seed: the same always, as long as instances and mutations are the same. */
export function inputOf(
  seed: number,
  number: number,
  bases: readonly Base[],
  ways: readonly Way[],
  encoder: Encoder,
): Input {
  const { base, way } = rowOf(seed, Math.floor(number / ROW), bases, ways);
  const random = new Random(seed, number);
  return { base, way, file: mutated(base, random, encoder), random };
}

type Row = Pick<Input, 'base' | 'way'>;
let before:
  | { readonly seed: number; readonly n: number; readonly bases: readonly Base[]; readonly row: Row }
  | undefined;

function rowOf(seed: number, n: number, bases: readonly Base[], ways: readonly Way[]): Row {
  if (before?.seed === seed && before.n === n && before.bases === bases) return before.row;
  const random = new Random(~seed, n);
  const base = random.pick(bases);
  const way = random.pick(ways);
  const row = { base: random.onceIn(WHOLE_ROWS) ? base : partOf(base, random), way };
  before = { seed, n, bases, row };
  return row;
}

function partOf(base: Base, random: Random): Base {
  return { ...base, elements: base.elements.filter(({ tag }) => random.onceIn(LEFT) || STAYS.has(tag)) };
}
