import { deflateRawSync } from 'node:zlib';
import type { DataSet } from '../../../src/dicom/data-set';
import { type HeldInstance, type ReadOptions, readPart10, readPart10Bytes } from '../../../src/dicom/part10/read';
import { writePart10Bytes } from '../../../src/dicom/part10/write';
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
  sequenceBytes,
  tagBytes,
  u16,
  u32,
} from '../../support/codec-bytes';

const SYNTAX = { implicit: '1.2.840.10008.1.2', explicit: '1.2.840.10008.1.2.1', big: '1.2.840.10008.1.2.2' };
const DEFLATED = '1.2.840.10008.1.2.1.99';
const JPEG = '1.2.840.10008.1.2.4.50';

function uidOf(form: Form): string {
  return form.explicitVR ? (form.littleEndian ? SYNTAX.explicit : SYNTAX.big) : SYNTAX.implicit;
}

function fileOf(form: Form, ...elements: Uint8Array[]): Buffer {
  return Buffer.concat([fileMetaBytes(uidOf(form)), ...elements]);
}

function refusal(code: string): Error {
  return expect.objectContaining({ name: 'Fault', kind: 'cannot', code });
}

/** Reads in memory and as a stream in chunks of 7 bytes, and expects the same refusal of both. */
async function refused(bytes: Uint8Array, code: string, options?: ReadOptions): Promise<void> {
  expect(() => readPart10Bytes(bytes, options)).toThrow(refusal(code));
  const drain = async (): Promise<void> => {
    const { rest } = await readPart10(inChunks(bytes, 7), options);
    for await (const part of rest) if (part.kind === 'bulk') for await (const _ of part.chunks);
  };
  await expect(drain()).rejects.toThrow(refusal(code));
}

function rewritten(instance: HeldInstance): Buffer {
  const file = Buffer.concat(writePart10Bytes(instance.transferSyntax, instance.header, instance.rest));
  return file.subarray(dataSetStart(file));
}

const NAME = 0x00100010;
const CODE_SEQUENCE = 0x00080110;
const CONTENT_SEQUENCE = 0x0040a730;
const PIXEL_DATA = 0x7fe00010;
const UNDEFINED = 0xffffffff;

const name = (form: Form): Buffer => elementBytes(form, NAME, 'PN', 'Fake^Name ');

describe('reading a data set', () => {
  it.each([
    ['Implicit VR Little Endian', IMPLICIT],
    ['Explicit VR Little Endian', EXPLICIT],
    ['Explicit VR Big Endian', BIG],
  ])('%s: values, sequences of both kinds of length, and every byte back', (syntax, form) => {
    const file = fileOf(
      form,
      elementBytes(form, 0x00080000, 'UL', u32(1234, form)),
      elementBytes(form, 0x00080008, 'CS', 'ORIGINAL\\PRIMARY '),
      sequenceBytes(form, CODE_SEQUENCE, [itemBytes(form, name(form)), itemBytes(form, name(form), true)]),
      name(form),
      elementBytes(form, 0x00280010, 'US', u16(512, form)),
      elementBytes(form, 0x00280009, 'AT', tagBytes(0x00181063, form)),
      sequenceBytes(
        form,
        CONTENT_SEQUENCE,
        [itemBytes(form, name(form), true), itemBytes(form, Buffer.alloc(0))],
        true,
      ),
    );
    const held = readPart10Bytes(file);
    expect(held.transferSyntax.name).toBe(syntax);
    const { header } = held;
    expect(header.strings(0x00080008)).toEqual(['ORIGINAL', 'PRIMARY']);
    expect(header.string(NAME)).toBe('Fake^Name');
    expect(header.numbers(0x00280010)).toEqual([512]);
    expect(header.numbers(0x00280009)).toEqual([0x00181063]);
    expect(header.strings(0x00280009)).toEqual(['00181063']);
    expect(header.items(CODE_SEQUENCE).map((item) => item.string(NAME))).toEqual(['Fake^Name', 'Fake^Name']);
    expect(header.items(CONTENT_SEQUENCE)).toHaveLength(2);
    expect(header.has(0x00200010)).toBe(false);
    expect(rewritten(held).equals(file.subarray(dataSetStart(file)))).toBe(true);
  });

  it('Explicit VR: lengths of 16 and of 32 bits go with their VRs', () => {
    const long = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'];
    const elements = long.map((vr, at) => elementBytes(EXPLICIT, 0x00091001 + at, vr, '12345678'));
    const { header } = readPart10Bytes(
      fileOf(EXPLICIT, ...elements, elementBytes(EXPLICIT, 0x00092001, 'FD', '12345678')),
    );
    expect(header.elements.map(({ vr }) => vr)).toEqual([...long, 'FD']);
    expect(header.elements.every(({ length }) => length === 8)).toBe(true);
  });

  it('deflated data is inflated and deflated again', () => {
    const dataSet = Buffer.concat([name(EXPLICIT), elementBytes(EXPLICIT, 0x00104000, 'LT', 'x'.repeat(5000))]);
    const held = readPart10Bytes(Buffer.concat([fileMetaBytes(DEFLATED), deflateRawSync(dataSet)]));
    expect(held.header.string(NAME)).toBe('Fake^Name');
    const file = Buffer.concat(writePart10Bytes(held.transferSyntax, held.header, held.rest));
    expect(file.length).toBeLessThan(1000);
    expect(readPart10Bytes(file).header.string(0x00104000)).toHaveLength(5000);
  });

  it('UN of undefined length is a sequence in Implicit VR, whatever is around it', () => {
    const file = fileOf(
      EXPLICIT,
      sequenceBytes(EXPLICIT, 0x00091001, [itemBytes(IMPLICIT, name(IMPLICIT))], true, 'UN'),
    );
    const held = readPart10Bytes(file);
    const [element] = held.header.elements;
    expect(element?.vr).toBe('UN');
    expect(element?.items?.[0]?.string(NAME)).toBe('Fake^Name');
    expect(rewritten(held).equals(file.subarray(dataSetStart(file)))).toBe(true);
  });

  it('UN of defined length is a sequence where the dictionary says so and it reads as one', () => {
    const items = itemBytes(IMPLICIT, name(IMPLICIT));
    const read = (value: Uint8Array): DataSet =>
      readPart10Bytes(fileOf(EXPLICIT, elementBytes(EXPLICIT, CODE_SEQUENCE, 'UN', value))).header;
    expect(read(items).items(CODE_SEQUENCE)[0]?.string(NAME)).toBe('Fake^Name');
    expect(read(items.subarray(0, items.length - 2)).element(CODE_SEQUENCE)?.items).toBeNull();
    const hidden = elementBytes(EXPLICIT, 0x00091001, 'UN', items);
    expect(readPart10Bytes(fileOf(EXPLICIT, hidden)).header.elements[0]?.items).toBeNull();
  });

  it('Implicit VR: private elements get the VR their creator is known to use, unknown ones UN', () => {
    const { header } = readPart10Bytes(
      fileOf(
        IMPLICIT,
        elementBytes(IMPLICIT, 0x00190010, 'LO', 'GEMS_ACQU_01'),
        elementBytes(IMPLICIT, 0x00191002, 'SL', u32(7, IMPLICIT)),
        elementBytes(IMPLICIT, 0x00211001, 'LO', 'whatever'),
        sequenceBytes(IMPLICIT, 0x00231001, [itemBytes(IMPLICIT, name(IMPLICIT))], true),
      ),
    );
    expect(header.elements.map(({ vr }) => vr)).toEqual(['LO', 'SL', 'UN', 'SQ']);
    expect(header.items(0x00231001)[0]?.string(NAME)).toBe('Fake^Name');
  });

  it('Implicit VR: US or SS goes by Pixel Representation', () => {
    const { header } = readPart10Bytes(
      fileOf(
        IMPLICIT,
        elementBytes(IMPLICIT, 0x00280103, 'US', u16(1, IMPLICIT)),
        elementBytes(IMPLICIT, 0x00280106, 'SS', u16(0xffff, IMPLICIT)),
      ),
    );
    expect(header.numbers(0x00280106)).toEqual([-1]);
  });

  it('duplicate and unordered elements are found and kept', () => {
    const file = fileOf(
      EXPLICIT,
      name(EXPLICIT),
      elementBytes(EXPLICIT, 0x00080060, 'CS', 'CT'),
      elementBytes(EXPLICIT, NAME, 'PN', 'Other^Fake'),
    );
    const held = readPart10Bytes(file);
    expect(held.header.string(NAME)).toBe('Fake^Name');
    expect(held.header.string(0x00080060)).toBe('CT');
    expect(rewritten(held).equals(file.subarray(dataSetStart(file)))).toBe(true);
  });
});

describe('finding the data set', () => {
  const dataSet = (form: Form): Buffer => Buffer.concat([elementBytes(form, 0x00080060, 'CS', 'CT'), name(form)]);

  it.each([
    ['Implicit VR Little Endian', IMPLICIT],
    ['Explicit VR Little Endian', EXPLICIT],
    ['Explicit VR Big Endian', BIG],
  ])('without preamble and File Meta: %s', (syntax, form) => {
    const held = readPart10Bytes(dataSet(form));
    expect(held.fileMeta).toBeNull();
    expect(held.transferSyntax.name).toBe(syntax);
    expect(held.header.string(NAME)).toBe('Fake^Name');
  });

  it('without preamble, with File Meta', () => {
    const held = readPart10Bytes(Buffer.concat([fileMetaBytes(SYNTAX.explicit).subarray(132), dataSet(EXPLICIT)]));
    expect(held.fileMeta?.string(0x00020010)).toBe(SYNTAX.explicit);
    expect(held.header.string(NAME)).toBe('Fake^Name');
  });

  it('with a wrong group length, and without one', () => {
    const meta = fileMetaBytes(SYNTAX.explicit);
    const wrong = Buffer.from(meta);
    wrong.writeUInt32LE(4, 140);
    const without = Buffer.concat([meta.subarray(0, 132), meta.subarray(144)]);
    for (const head of [wrong, without]) {
      expect(readPart10Bytes(Buffer.concat([head, dataSet(EXPLICIT)])).header.string(NAME)).toBe('Fake^Name');
    }
  });

  it.each([
    ['Explicit', 'Implicit', SYNTAX.explicit, IMPLICIT],
    ['Implicit', 'Explicit', SYNTAX.implicit, EXPLICIT],
    ['Little Endian', 'Big Endian', SYNTAX.explicit, BIG],
  ])('the File Meta says %s, the bytes say %s: the bytes are believed', (_said, _is, uid, form) => {
    const held = readPart10Bytes(Buffer.concat([fileMetaBytes(uid), dataSet(form)]));
    expect(held.transferSyntax.uid).toBe(uidOf(form));
    expect(held.header.string(NAME)).toBe('Fake^Name');
  });

  it('an unknown transfer syntax is refused', async () => {
    for (const uid of ['1.2.840.113619.5.2', '1.2.3.4']) {
      await refused(Buffer.concat([fileMetaBytes(uid), dataSet(EXPLICIT)]), 'UNSUPPORTED_TRANSFER_SYNTAX');
    }
  });

  it('nothing, no data set, and no DICOM at all are told apart', async () => {
    await refused(Buffer.alloc(0), 'EMPTY');
    await refused(fileMetaBytes(SYNTAX.explicit), 'EMPTY');
    await refused(Buffer.from('<html><body>404 Not Found</body></html>'.repeat(20)), 'NOT_DICOM');
    await refused(Buffer.alloc(4000), 'NOT_DICOM');
  });
});

describe('bulk data', () => {
  const fragments = (last = true): Buffer =>
    Buffer.concat([
      elementBytes(EXPLICIT, PIXEL_DATA, 'OB', Buffer.alloc(0), UNDEFINED),
      itemBytes(EXPLICIT, u32(0, EXPLICIT)),
      itemBytes(EXPLICIT, Buffer.alloc(3000, 1)),
      itemBytes(EXPLICIT, Buffer.alloc(500, 2)),
      ...(last ? [tagBytes(0xfffee0dd, EXPLICIT), u32(0, EXPLICIT)] : []),
    ]);
  const after = elementBytes(EXPLICIT, 0xfffafffa, 'UN', 'signature!');

  it('encapsulated frames pass through untouched, and what follows is held', async () => {
    const file = Buffer.concat([fileMetaBytes(JPEG), name(EXPLICIT), fragments(), after]);
    for (const size of [1, 13, 1000, file.length]) {
      const { header, rest } = await readPart10(inChunks(file, size));
      expect(header.elements).toHaveLength(1);
      const seen: unknown[] = [];
      for await (const part of rest) {
        if (part.kind === 'element') {
          seen.push(part.element.tag);
          continue;
        }
        const chunks: Uint8Array[] = [];
        for await (const chunk of part.chunks) chunks.push(chunk);
        expect(Buffer.concat(chunks).equals(fragments())).toBe(true);
        expect(part).toMatchObject({ tag: PIXEL_DATA, vr: 'OB', length: undefined });
        seen.push(part.tag);
      }
      expect(seen).toEqual([PIXEL_DATA, 0xfffafffa]);
    }
  });

  it('a part that is not looked at, or not to its end, is drained', async () => {
    const file = Buffer.concat([fileMetaBytes(JPEG), name(EXPLICIT), fragments(), after]);
    for (const looks of [0, 1]) {
      const { rest } = await readPart10(inChunks(file, 100));
      const tags: number[] = [];
      for await (const part of rest) {
        if (part.kind === 'element') tags.push(part.element.tag);
        else for await (const _ of part.chunks) if (looks === 1) break;
      }
      expect(tags).toEqual([0xfffafffa]);
    }
  });

  it('that ends early is a Fault, never padded', async () => {
    const whole = fileOf(EXPLICIT, name(EXPLICIT), elementBytes(EXPLICIT, PIXEL_DATA, 'OW', Buffer.alloc(2000)));
    await refused(whole.subarray(0, whole.length - 1), 'TRUNCATED');
    const file = Buffer.concat([fileMetaBytes(JPEG), name(EXPLICIT), fragments(false)]);
    await refused(file, 'TRUNCATED');
    await refused(file.subarray(0, file.length - 600), 'TRUNCATED');
  });

  it('with something else where a fragment should be is a Fault', async () => {
    const file = Buffer.concat([fileMetaBytes(JPEG), name(EXPLICIT), fragments(false), after, Buffer.alloc(100)]);
    await refused(file, 'BAD_DELIMITER');
  });

  it('pixel data of a nested icon image is walked too', () => {
    const icon = Buffer.concat([elementBytes(EXPLICIT, 0x00280010, 'US', u16(64, EXPLICIT)), fragments()]);
    const sequence = sequenceBytes(EXPLICIT, 0x00880200, [itemBytes(EXPLICIT, icon, true)], true);
    const file = Buffer.concat([fileMetaBytes(JPEG), sequence, fragments()]);
    const held = readPart10Bytes(file);
    expect(held.header.items(0x00880200)[0]?.elements).toHaveLength(2);
    expect(held.rest).toHaveLength(1);
    expect(rewritten(held).equals(file.subarray(dataSetStart(file)))).toBe(true);
  });

  it('large elements that are asked to be skipped are not held', async () => {
    const large = elementBytes(EXPLICIT, 0x00091001, 'OB', Buffer.alloc(200_000));
    const file = fileOf(
      EXPLICIT,
      large,
      name(EXPLICIT),
      elementBytes(EXPLICIT, PIXEL_DATA, 'OW', Buffer.alloc(10)),
      large,
    );
    const options = { elide: (tag: number) => tag === 0x00091001, maxHeaderBytes: 1000 };
    const { header, rest } = await readPart10(inChunks(file, 999), options);
    const [first] = header.elements;
    expect(first).toMatchObject({ tag: 0x00091001, elided: true, length: 200_000 });
    expect(() => first?.bytes()).toThrow(refusal('ELIDED'));
    const behind: boolean[] = [];
    for await (const part of rest) if (part.kind === 'element') behind.push(part.element.elided);
    expect(behind).toEqual([true]);
    expect(readPart10Bytes(file, options).header.elements.map(({ elided }) => elided)).toEqual([true, false]);
  });
});

describe('lengths that lie', () => {
  it('beyond the end of the file', async () => {
    await refused(fileOf(EXPLICIT, elementBytes(EXPLICIT, NAME, 'PN', 'Fake', 400)), 'TRUNCATED');
    await refused(fileOf(EXPLICIT, name(EXPLICIT), Buffer.from('100020')), 'TRUNCATED');
  });

  it('beyond the bound for headers', async () => {
    await refused(fileOf(IMPLICIT, elementBytes(IMPLICIT, NAME, 'PN', 'Fake', 0xfffffffe)), 'HEADER_TOO_LARGE');
    const many = Array.from({ length: 200 }, () => name(EXPLICIT));
    await refused(fileOf(EXPLICIT, ...many), 'HEADER_TOO_LARGE', { maxHeaderBytes: 1000 });
    await refused(fileOf(EXPLICIT, ...many), 'HEADER_TOO_LARGE', { maxElements: 100 });
    const endless = sequenceBytes(EXPLICIT, CONTENT_SEQUENCE, [itemBytes(EXPLICIT, Buffer.concat(many))], true);
    await refused(fileOf(EXPLICIT, endless), 'HEADER_TOO_LARGE', { maxHeaderBytes: 1000 });
  });

  it('beyond the item or sequence around', async () => {
    const lying = elementBytes(EXPLICIT, NAME, 'PN', 'Fake', 40);
    await refused(
      fileOf(EXPLICIT, sequenceBytes(EXPLICIT, CODE_SEQUENCE, [itemBytes(EXPLICIT, lying)]), Buffer.alloc(100)),
      'LENGTH_BEYOND_PARENT',
    );
  });

  it('nested without end', async () => {
    const open = Buffer.concat([
      elementBytes(IMPLICIT, CONTENT_SEQUENCE, 'SQ', '', UNDEFINED),
      tagBytes(0xfffee000, IMPLICIT),
      u32(UNDEFINED, IMPLICIT),
    ]);
    await refused(fileOf(IMPLICIT, Buffer.concat(Array(5000).fill(open))), 'NESTED_TOO_DEEP');
    await refused(fileOf(IMPLICIT, Buffer.concat(Array(5).fill(open))), 'NESTED_TOO_DEEP', { maxDepth: 4 });
    await refused(fileOf(IMPLICIT, Buffer.concat(Array(5).fill(open))), 'TRUNCATED');
  });

  it('delimiters out of place, and VRs that are none', async () => {
    await refused(fileOf(EXPLICIT, name(EXPLICIT), tagBytes(0xfffee00d, EXPLICIT), u32(0, EXPLICIT)), 'BAD_DELIMITER');
    await refused(fileOf(EXPLICIT, elementBytes(EXPLICIT, CODE_SEQUENCE, 'SQ', name(EXPLICIT))), 'BAD_DELIMITER');
    await refused(fileOf(EXPLICIT, name(EXPLICIT), elementBytes(EXPLICIT, 0x00100020, 'ZZ', 'Fake')), 'BAD_VR');
  });

  it('deflated data that is none, or ends early', async () => {
    const deflated = deflateRawSync(
      Buffer.concat([
        name(EXPLICIT),
        elementBytes(
          EXPLICIT,
          0x00104000,
          'UT',
          Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7919) % 251)),
        ),
      ]),
    );
    await refused(Buffer.concat([fileMetaBytes(DEFLATED), Buffer.alloc(100, 0xff)]), 'BAD_DEFLATE');
    await refused(Buffer.concat([fileMetaBytes(DEFLATED), deflated.subarray(0, deflated.length - 20)]), 'TRUNCATED');
  });

  it('an error of the source comes out as it is', async () => {
    async function* cut(): AsyncGenerator<Uint8Array> {
      yield fileOf(EXPLICIT, name(EXPLICIT));
      throw new Error('connection reset');
    }
    await expect(readPart10(cut())).rejects.toThrow('connection reset');
  });
});
