import type { WAYS } from './laws';
import type { Base, Encoder } from './model';
import { mutated } from './mutations';
import { Random } from './random';

/** So many in a row are of one instance and one policy, as those of a series are. */
const ROW = 64;

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
  const row = new Random(~seed, Math.floor(number / ROW));
  const base = row.pick(bases);
  const way = row.pick(ways);
  const random = new Random(seed, number);
  return { base, way, file: mutated(base, random, encoder), random };
}
