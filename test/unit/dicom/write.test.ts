import {
  bytesElement,
  copiedElement,
  type DataSet,
  emptyElement,
  newDataSet,
  newItem,
  numberElement,
  sequenceElement,
  sequenceLike,
  textElement,
} from '../../../src/dicom/data-set';
import { readPart10, readPart10Bytes } from '../../../src/dicom/part10/read';
import {
  encodeDataSet,
  IMPLEMENTATION_CLASS_UID,
  writePart10,
  writePart10Bytes,
} from '../../../src/dicom/part10/write';
import { TAGS } from '../../../src/dicom/tags';
import {
  DeflatedExplicitVRLittleEndian,
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  ExplicitVRBigEndian,
  ExplicitVRLittleEndian,
  IMPLICIT_VR_LITTLE_ENDIAN,
  ImplicitVRLittleEndian,
} from '../../../src/dicom/transfer-syntax';
import { isUID } from '../../../src/dicom/uid';
import {
  dataSetStart,
  EXPLICIT,
  elementBytes,
  fileMetaBytes,
  IMPLICIT,
  inChunks,
  itemBytes,
  joined,
  sequenceBytes,
  u32,
} from '../../support/codec-bytes';

const UID = '1.2.840.10008.1.2.1';
const NAME = TAGS.PatientName;
const CONTENT = TAGS.ContentSequence;

function refusal(code: string): Error {
  return expect.objectContaining({ name: 'Fault', kind: 'cannot', code });
}

function withName(header: DataSet, name: string): DataSet {
  return header.withElements(
    header.elements.map((element) => (element.tag === NAME ? textElement(header, NAME, 'PN', [name]) : element)),
  );
}

describe('writing a file', () => {
  const made = newDataSet(EXPLICIT_VR_LITTLE_ENDIAN, []);
  const instance = made.withElements([
    textElement(made, TAGS.SOPInstanceUID, 'UI', ['2.25.7']),
    textElement(made, TAGS.SOPClassUID, 'UI', ['1.2.840.10008.5.1.4.1.1.7']),
    textElement(made, NAME, 'PN', ['Fake^Name']),
  ]);

  it('File Meta Information is made of the data set and the transfer syntax alone', () => {
    const file = Buffer.concat(writePart10Bytes(ExplicitVRLittleEndian, instance));
    expect(file.subarray(0, 128).equals(Buffer.alloc(128))).toBe(true);
    const { fileMeta } = readPart10Bytes(file);
    expect(fileMeta?.elements.map(({ tag }) => tag)).toEqual([
      0x00020000, 0x00020001, 0x00020002, 0x00020003, 0x00020010, 0x00020012, 0x00020013,
    ]);
    expect(fileMeta?.string(TAGS.MediaStorageSOPClassUID)).toBe('1.2.840.10008.5.1.4.1.1.7');
    expect(fileMeta?.string(TAGS.MediaStorageSOPInstanceUID)).toBe('2.25.7');
    expect(fileMeta?.string(TAGS.TransferSyntaxUID)).toBe(UID);
    expect(fileMeta?.string(TAGS.ImplementationVersionName)).toBe('TCE_EM_0_1');
    expect(fileMeta?.numbers(TAGS.FileMetaInformationGroupLength)).toEqual([dataSetStart(file) - 144]);
    expect(isUID(IMPLEMENTATION_CLASS_UID)).toBe(true);
  });

  it('elements stand in the order of their tags', () => {
    const { header } = readPart10Bytes(Buffer.concat(writePart10Bytes(ExplicitVRLittleEndian, instance)));
    expect(header.elements.map(({ tag }) => tag)).toEqual([TAGS.SOPClassUID, TAGS.SOPInstanceUID, NAME]);
  });

  it.each([ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian])(
    'in $name, in memory and as a stream',
    async (syntax) => {
      const file = Buffer.concat(writePart10Bytes(syntax, instance));
      expect(await joined(writePart10(syntax, instance))).toEqual(file);
      const held = readPart10Bytes(file);
      expect(held.transferSyntax).toBe(syntax);
      expect(held.header.string(NAME)).toBe('Fake^Name');
    },
  );

  it('padding and elements of groups 0000 and 0002 are left out of the data set', () => {
    const file = Buffer.concat([
      fileMetaBytes(UID),
      elementBytes(EXPLICIT, 0x00080060, 'CS', 'CT'),
      elementBytes(EXPLICIT, 0x00020016, 'AE', 'STRAY1'),
      elementBytes(EXPLICIT, 0x00000002, 'UI', '1.2\0'),
      elementBytes(EXPLICIT, 0xfffcfffc, 'OB', Buffer.alloc(100)),
    ]);
    const held = readPart10Bytes(file);
    const again = readPart10Bytes(Buffer.concat(writePart10Bytes(held.transferSyntax, held.header, held.rest)));
    expect(again.header.elements.map(({ tag }) => tag)).toEqual([0x00080060]);
  });

  it('group lengths stay while nothing has changed, and go when something has', () => {
    const dataSet = Buffer.concat([
      elementBytes(EXPLICIT, 0x00080000, 'UL', u32(10, EXPLICIT)),
      elementBytes(EXPLICIT, 0x00080001, 'UL', u32(99, EXPLICIT)),
      elementBytes(EXPLICIT, 0x00080060, 'CS', 'CT'),
      elementBytes(EXPLICIT, NAME, 'PN', 'Fake'),
      elementBytes(EXPLICIT, 0x7fe00010, 'OW', Buffer.alloc(4)),
      elementBytes(EXPLICIT, 0x7fe10000, 'UL', u32(10, EXPLICIT)),
    ]);
    const { header, rest } = readPart10Bytes(Buffer.concat([fileMetaBytes(UID), dataSet]));
    const bytesOf = (changed: DataSet): Buffer => {
      const file = Buffer.concat(writePart10Bytes(ExplicitVRLittleEndian, changed, rest));
      return file.subarray(dataSetStart(file));
    };
    expect(header.withElements([...header.elements])).toBe(header);
    expect(bytesOf(header).equals(dataSet)).toBe(true);
    const tags = readPart10Bytes(bytesOf(withName(header, 'Other^Fake')));
    expect(tags.header.elements.map(({ tag }) => tag)).toEqual([0x00080060, NAME]);
    expect(tags.rest).toHaveLength(1);
  });

  it('what was skipped on reading cannot be written', async () => {
    const file = Buffer.concat([fileMetaBytes(UID), elementBytes(EXPLICIT, 0x00091001, 'OB', Buffer.alloc(100_000))]);
    const { header, transferSyntax } = await readPart10(inChunks(file, 1000), { elide: () => true });
    expect(() => writePart10Bytes(transferSyntax, header)).toThrow(refusal('ELIDED'));
    await expect(joined(writePart10(transferSyntax, header))).rejects.toThrow(refusal('ELIDED'));
  });
});

describe('changing what lies within sequences', () => {
  const untouched = itemBytes(EXPLICIT, elementBytes(EXPLICIT, 0x00100020, 'LO', 'KEEP'), true);
  const inner = (name: string): Buffer =>
    sequenceBytes(EXPLICIT, CONTENT, [itemBytes(EXPLICIT, elementBytes(EXPLICIT, NAME, 'PN', name)), untouched]);
  const outer = (name: string): Buffer =>
    Buffer.concat([
      elementBytes(EXPLICIT, 0x00080060, 'CS', 'SR'),
      sequenceBytes(
        EXPLICIT,
        CONTENT,
        [itemBytes(EXPLICIT, inner(name), true), itemBytes(EXPLICIT, inner(name))],
        true,
      ),
    ]);

  function renamed(dataSet: DataSet): DataSet {
    return withName(
      dataSet.withElements(
        dataSet.elements.map((element) =>
          element.items === null ? element : sequenceLike(element, element.items.map(renamed)),
        ),
      ),
      'Longer^Fake',
    );
  }

  it('recomputes the lengths that were defined and keeps those that were not', () => {
    const { header } = readPart10Bytes(Buffer.concat([fileMetaBytes(UID), outer('Fake')]));
    const changed = renamed(header);
    expect(Buffer.from(encodeDataSet(changed)).equals(outer('Longer^Fake '))).toBe(true);
    expect(changed.element(CONTENT)?.length).toBe(outer('Longer^Fake ').length - 10 - 12 - 8);
    expect(Buffer.from(encodeDataSet(header)).equals(outer('Fake'))).toBe(true);
  });

  it('a sequence stored as UN stays one', () => {
    const stored = (name: string): Buffer =>
      sequenceBytes(EXPLICIT, 0x00091001, [itemBytes(IMPLICIT, elementBytes(IMPLICIT, NAME, 'PN', name))], true, 'UN');
    const { header } = readPart10Bytes(Buffer.concat([fileMetaBytes(UID), stored('Fake')]));
    expect(Buffer.from(encodeDataSet(renamed(header))).equals(stored('Longer^Fake '))).toBe(true);
  });

  it('with the same items it is the same element', () => {
    const { header } = readPart10Bytes(Buffer.concat([fileMetaBytes(UID), outer('Fake')]));
    const element = header.element(CONTENT)!;
    expect(sequenceLike(element, [...element.items!])).toBe(element);
  });

  it('an item inherits the character set of what it lies in, unless it has its own', () => {
    const owner = newDataSet(EXPLICIT_VR_LITTLE_ENDIAN, ['ISO_IR 100']);
    const item = newItem(owner, (own) => [textElement(own, NAME, 'PN', ['Jérôme'])]);
    expect(item.string(NAME)).toBe('Jérôme');
    expect(item.characterSet.values).toEqual(['ISO_IR 100']);
    expect(owner.string(TAGS.SpecificCharacterSet)).toBe('ISO_IR 100');
    const own = newItem(owner, (bare) => [textElement(bare, TAGS.SpecificCharacterSet, 'CS', ['ISO_IR 192'])]);
    expect(own.characterSet.values).toEqual(['ISO_IR 192']);
  });
});

describe('making elements', () => {
  const owner = newDataSet(EXPLICIT_VR_LITTLE_ENDIAN, []);

  it('pads to even length by the VR', () => {
    expect([...textElement(owner, 0x00080060, 'CS', ['A']).bytes()]).toEqual([0x41, 0x20]);
    expect([...textElement(owner, 0x00080018, 'UI', ['1.2']).bytes()]).toEqual([0x31, 0x2e, 0x32, 0]);
    expect([...bytesElement(owner, 0x00420011, 'OB', Uint8Array.of(7)).bytes()]).toEqual([7, 0]);
    expect(emptyElement(owner, NAME, 'PN').length).toBe(0);
    expect(emptyElement(owner, CONTENT, 'SQ').items).toEqual([]);
  });

  it.each([
    ['longer than its VR', 'SH', ['x'.repeat(17)]],
    ['with a backslash', 'LO', ['a\\b']],
    ['not of the default repertoire', 'CS', ['É']],
    ['several where one is allowed', 'ST', ['a', 'b']],
    ['of a VR without text', 'US', ['1']],
  ] as const)('refuses text %s', (_what, vr, values) => {
    expect(() => textElement(owner, 0x00091001, vr, values)).toThrow(refusal('BAD_VALUE'));
  });

  it('counts the characters of each component group of a name', () => {
    expect(() => textElement(owner, NAME, 'PN', [`${'x'.repeat(64)}=${'y'.repeat(64)}`])).not.toThrow();
    expect(() => textElement(owner, NAME, 'PN', ['x'.repeat(65)])).toThrow(refusal('BAD_VALUE'));
  });

  it.each([
    ['US', [0, 65535]],
    ['SS', [-32768, 32767]],
    ['UL', [0, 4294967295]],
    ['SL', [-2147483648, 2147483647]],
    ['FL', [0.5, -2]],
    ['FD', [Math.PI]],
    ['SV', [-5, Number.MAX_SAFE_INTEGER]],
    ['UV', [5]],
    ['AT', [0x00100010, 0xfffcfffc]],
    ['IS', [-7, 12]],
    ['DS', [0.1, 1e-7, Math.PI]],
  ] as const)('numbers of %s come back in either byte order', (vr, values) => {
    for (const encoding of [EXPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_BIG_ENDIAN]) {
      const set = newDataSet(encoding, []);
      const numbers = set.withElements([numberElement(set, 0x00091001, vr, values)]).numbers(0x00091001);
      numbers.forEach((number, at) => {
        expect(number).toBeCloseTo(values[at]!, 12);
      });
      expect(numbers).toHaveLength(values.length);
    }
  });

  it('refuses numbers out of range', () => {
    for (const [vr, value] of [
      ['US', 65536],
      ['SS', 1.5],
      ['UL', -1],
      ['IS', 2 ** 31],
      ['DS', Number.NaN],
    ] as const) {
      expect(() => numberElement(owner, 0x00091001, vr, [value])).toThrow(refusal('BAD_VALUE'));
    }
  });

  it('copies elements between encodings and character sets', () => {
    const from = newDataSet(IMPLICIT_VR_LITTLE_ENDIAN, ['ISO_IR 100']);
    const item = newItem(from, (own) => [textElement(own, NAME, 'PN', ['Jérôme'])]);
    const source = from.withElements([
      ...from.elements,
      numberElement(from, 0x00280010, 'US', [513]),
      sequenceElement(from, CONTENT, [item]),
    ]);
    const target = newDataSet(EXPLICIT_VR_BIG_ENDIAN, ['ISO_IR 192']);
    const copy = target.withElements([
      ...target.elements,
      ...[0x00280010, CONTENT].map((tag) => copiedElement(target, source.element(tag)!, source)),
    ]);
    const { header } = readPart10Bytes(Buffer.concat(writePart10Bytes(ExplicitVRBigEndian, copy)));
    expect(header.numbers(0x00280010)).toEqual([513]);
    expect(header.items(CONTENT)[0]?.string(NAME)).toBe('Jérôme');
  });
});
