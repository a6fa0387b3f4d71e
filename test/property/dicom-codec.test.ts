import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { Fault } from '../../src/base/errors';
import type { DataSet } from '../../src/dicom/data-set';
import { readPart10, readPart10Bytes } from '../../src/dicom/part10/read';
import { writePart10, writePart10Bytes } from '../../src/dicom/part10/write';
import {
  BIG,
  dataSetStart,
  EXPLICIT,
  elementBytes,
  type Form,
  fileMetaBytes,
  IMPLICIT,
  inChunks,
  itemBytes,
  joined,
  sequenceBytes,
  tagBytes,
  u32,
} from '../support/codec-bytes';

/* Laws of the codec over generated and damaged bytes. The default run is short; FAST_CHECK_RUNS makes it longer. */

const RUNS = Number(process.env.FAST_CHECK_RUNS ?? 150);
const LONGEST = 1000;

interface Model {
  readonly tag: number;
  readonly vr: string;
  readonly value: Uint8Array | readonly (readonly Model[])[];
  readonly undefinedLength: boolean;
}

/** Public attributes with the VR of the dictionary, so that Implicit VR means the same. */
const ATTRIBUTES: readonly (readonly [tag: number, vr: string, unit: number])[] = [
  [0x00080008, 'CS', 1],
  [0x00080018, 'UI', 1],
  [0x00081030, 'LO', 1],
  [0x00100010, 'PN', 1],
  [0x00104000, 'LT', 1],
  [0x00180050, 'DS', 1],
  [0x0020000d, 'UI', 1],
  [0x00280010, 'US', 2],
  [0x00280009, 'AT', 4],
  [0x00420011, 'OB', 1],
  [0x00189073, 'FD', 8],
  [0x0040a160, 'UT', 1],
  [0x00720083, 'UV', 8],
];
const SEQUENCES = [0x00081140, 0x00400275, 0x0040a730];

function models(depth: number): fc.Arbitrary<readonly Model[]> {
  const simple = fc
    .record({ at: fc.nat(ATTRIBUTES.length - 1), value: fc.uint8Array({ maxLength: 24 }) })
    .map(({ at, value }): Model => {
      const [tag, vr, unit] = ATTRIBUTES[at]!;
      const whole = value.subarray(0, value.length - (value.length % Math.max(2, unit)));
      return { tag, vr, value: whole, undefinedLength: false };
    });
  const sequence = fc
    .record({
      tag: fc.constantFrom(...SEQUENCES),
      value: depth === 0 ? fc.constant([]) : fc.array(models(depth - 1), { maxLength: 3 }),
      undefinedLength: fc.boolean(),
    })
    .map((made): Model => ({ ...made, vr: 'SQ' }));
  return fc
    .uniqueArray(fc.oneof({ weight: 4, arbitrary: simple }, { weight: 1, arbitrary: sequence }), {
      maxLength: 8,
      selector: ({ tag }) => tag,
    })
    .map((elements) => [...elements].sort((a, b) => a.tag - b.tag));
}

function encode(form: Form, elements: readonly Model[]): Buffer {
  return Buffer.concat(
    elements.map(({ tag, vr, value, undefinedLength }) =>
      value instanceof Uint8Array
        ? elementBytes(form, tag, vr, value)
        : sequenceBytes(
            form,
            tag,
            value.map((item) => itemBytes(form, encode(form, item), undefinedLength)),
            undefinedLength,
          ),
    ),
  );
}

const SYNTAXES: readonly (readonly [uid: string, form: Form])[] = [
  ['1.2.840.10008.1.2', IMPLICIT],
  ['1.2.840.10008.1.2.1', EXPLICIT],
  ['1.2.840.10008.1.2.2', BIG],
  ['1.2.840.10008.1.2.1.99', EXPLICIT],
  ['1.2.840.10008.1.2.4.50', EXPLICIT],
];

/** A first element to tell the encoding by, the generated ones, and pixel data as the syntax has it. */
const files = fc
  .record({
    syntax: fc.constantFrom(...SYNTAXES),
    elements: models(3),
    frames: fc.array(fc.nat(300), { maxLength: 4 }),
  })
  .map(({ syntax: [uid, form], elements, frames }) => {
    const dataSet = [elementBytes(form, 0x00080005, 'CS', 'ISO_IR 100'), encode(form, elements)];
    if (uid === '1.2.840.10008.1.2.4.50') {
      dataSet.push(
        elementBytes(form, 0x7fe00010, 'OB', Buffer.alloc(0), 0xffffffff),
        itemBytes(form, Buffer.alloc(0)),
        ...frames.map((length) => itemBytes(form, Buffer.alloc(2 * length, length))),
        tagBytes(0xfffee0dd, form),
        u32(0, form),
      );
    } else if (frames.length > 0) {
      dataSet.push(elementBytes(form, 0x7fe00010, 'OW', Buffer.alloc(2 * frames[0]!, 7)));
    }
    const bytes = Buffer.concat(dataSet);
    const stored = uid === '1.2.840.10008.1.2.1.99' ? deflateRawSync(bytes) : bytes;
    return { file: Buffer.concat([fileMetaBytes(uid), stored]), elements, deflated: stored !== bytes, dataSet: bytes };
  });

function expectSame(dataSet: DataSet, elements: readonly Model[]): void {
  const found = dataSet.elements.filter(({ tag }) => tag !== 0x00080005);
  expect(found.map(({ tag }) => tag)).toEqual(elements.map(({ tag }) => tag));
  elements.forEach(({ value, undefinedLength }, at) => {
    const element = found[at]!;
    if (value instanceof Uint8Array) {
      expect(Buffer.from(element.bytes()).equals(value)).toBe(true);
      return;
    }
    expect(element.undefinedLength).toBe(undefinedLength);
    expect(element.items).toHaveLength(value.length);
    value.forEach((item, index) => {
      expectSame(element.items![index]!, item);
    });
  });
}

/** What comes of reading and rewriting: the data set, or the code of the Fault; anything else is a defect. */
async function outcome(rewrite: () => Promise<Uint8Array> | Uint8Array): Promise<string> {
  const started = performance.now();
  try {
    const file = await rewrite();
    return Buffer.from(file).subarray(dataSetStart(file)).toString('base64');
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.code;
  } finally {
    expect(performance.now() - started).toBeLessThan(LONGEST);
  }
}

function inMemory(bytes: Uint8Array): Promise<string> {
  return outcome(() => {
    const { transferSyntax, header, rest } = readPart10Bytes(bytes);
    return Buffer.concat(writePart10Bytes(transferSyntax, header, rest));
  });
}

function streamed(bytes: Uint8Array, size: number): Promise<string> {
  return outcome(async () => {
    const { transferSyntax, header, rest } = await readPart10(inChunks(bytes, size));
    return joined(writePart10(transferSyntax, header, rest));
  });
}

describe('laws of the codec', () => {
  it('what is read is what was encoded, and is written back byte for byte', () => {
    fc.assert(
      fc.property(files, ({ file, elements, dataSet, deflated }) => {
        const { transferSyntax, header, rest } = readPart10Bytes(file);
        expectSame(header, elements);
        const written = Buffer.concat(writePart10Bytes(transferSyntax, header, rest));
        const plain = deflated ? Buffer.from(dataSet) : written.subarray(dataSetStart(written));
        expect(plain.equals(dataSet)).toBe(true);
        expectSame(readPart10Bytes(written).header, elements);
      }),
      { numRuns: RUNS },
    );
  });

  it('how a stream is cut into chunks changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.integer({ min: 1, max: 400 }), async ({ file }, size) => {
        expect(await streamed(file, size)).toBe(await inMemory(file));
      }),
      { numRuns: RUNS },
    );
  });

  it('damaged bytes end in a Fault or are read, the same way in memory and as a stream, within a second', async () => {
    const damage = fc.array(
      fc.record({ at: fc.nat(), byte: fc.oneof(fc.nat(255), fc.constantFrom(0, 0xff, 0xfe, 0xe0)) }),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(files, damage, fc.nat(), fc.integer({ min: 1, max: 400 }), async ({ file }, hits, cut, size) => {
        const bytes = Buffer.from(file);
        for (const { at, byte } of hits) bytes[128 + (at % (bytes.length - 128))] = byte;
        const damaged = cut % 3 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes;
        const held = await inMemory(damaged);
        const arrived = await streamed(damaged, size);
        // Where compressed bytes are damaged, zlib tells only as far as it got.
        if (damaged.includes('1.2.840.10008.1.2.1.99')) return;
        expect(arrived).toBe(held);
      }),
      { numRuns: 2 * RUNS },
    );
  });

  it('bytes at random are no DICOM, or read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (bytes) => {
        expect(await streamed(bytes, 50)).toBe(await inMemory(bytes));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('inputs that once went wrong, or were made to', () => {
  const folder = join(__dirname, 'corpus');
  const cases = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .flatMap(
      (file) =>
        JSON.parse(readFileSync(join(folder, file), 'utf8')) as { name: string; base64: string; code: string }[],
    );

  it.each(cases)('$name: $code', async ({ base64, code }) => {
    const bytes = Buffer.from(base64, 'base64');
    expect(await inMemory(bytes)).toBe(code);
    expect(await streamed(bytes, 16)).toBe(code);
  });
});
