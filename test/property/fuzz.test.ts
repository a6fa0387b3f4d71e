import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedBases } from './fuzz/bases';
import { inputOf } from './fuzz/inputs';
import { type Ending, judge, judgeStreamed, WAYS } from './fuzz/laws';
import { Encoder } from './fuzz/model';
import { MUTATIONS } from './fuzz/mutations';
import { Random } from './fuzz/random';

/* A short run of what `npm run fuzz` does at length, always of the same inputs; and every input that once went wrong. */

const COUNT = 1000;
const STREAMED = 40;
const SEED = 20260601;
const TIMEOUT = 180_000;

const bases = generatedBases();

test(
  'damaged headers are refused, held back or rewritten: nothing else is thrown, and no planted mark leaves',
  () => {
    const encoder = new Encoder();
    const seen = new Set<Ending>();
    for (let number = 0; number < COUNT; number += 1) {
      const { file, way } = inputOf(SEED, number, bases, WAYS, encoder);
      seen.add(judge(file, way).ending);
    }
    expect([...seen].sort()).toEqual(['held back', 'passed', 'quarantined', 'refused']);
  },
  TIMEOUT,
);

test(
  'damaged headers end the same way as a stream, and give the same bytes',
  async () => {
    const encoder = new Encoder();
    for (let number = 0; number < STREAMED; number += 1) {
      const { file, way, random } = inputOf(SEED + 1, number, bases, WAYS, encoder);
      await judgeStreamed(Buffer.from(file), way, 1 + random.below(3000));
    }
  },
  TIMEOUT,
);

test.each(Object.keys(MUTATIONS))('under every policy the laws hold with %s', (name) => {
  const encoder = new Encoder();
  WAYS.forEach((way, number) => {
    const random = new Random(SEED + 2, number);
    const base = random.pick(bases);
    const elements = [...base.elements];
    MUTATIONS[name]!(elements, random, base);
    expect(() => judge(encoder.file(base, elements), way)).not.toThrow();
  });
});

test('whole instances pass, or are held back where all their text is that of a patient', () => {
  const encoder = new Encoder();
  const endings = bases.map((base) => judge(encoder.file(base, base.elements), WAYS[0]!).ending);
  expect(endings.filter((ending) => ending === 'passed').length).toBeGreaterThan(bases.length / 2);
  expect(endings).not.toContain('refused');
});

const FOLDER = join(__dirname, 'corpus', 'fuzz');
const failed = existsSync(FOLDER)
  ? readdirSync(FOLDER).map(
      (file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { way: string; why: string; base64: string },
    )
  : [];

describe('inputs that once broke a law', () => {
  it.each(failed)('$way: $why', async ({ way: name, base64 }) => {
    const bytes = Buffer.from(base64, 'base64');
    const way = WAYS.find((each) => each.name === name)!;
    expect(() => judge(bytes, way)).not.toThrow();
    await judgeStreamed(bytes, way, 100);
  });
});
