import { basicPolicy, Deidentifier } from '../../../src/deidentification/deidentifier';
import { type DataSet, newItem, sequenceElement, textElement } from '../../../src/dicom/data-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { encodeDataSet, writePart10Bytes } from '../../../src/dicom/part10/write';
import { transferSyntax } from '../../../src/dicom/transfer-syntax';
import { followed, instance, key, markedElement, nested, pseudonyms } from '../../support/deidentification-samples';

const deidentifier = new Deidentifier(basicPolicy());
function applied(header: DataSet): DataSet {
  return deidentifier.apply(header, deidentifier.plan(header), pseudonyms);
}
function bytesOf(dataSet: DataSet): string {
  return Buffer.from(encodeDataSet(dataSet)).toString('latin1');
}

describe('UIDs', () => {
  test('are the same wherever the same UID stood', () => {
    const header = instance((owner) => [
      nested(owner, [0x00081115], (item) => [
        textElement(item, 0x0020000e, 'UI', ['1.2.276.99.1.2']),
        nested(item, [0x00081199], (reference) => [
          textElement(reference, 0x00081150, 'UI', ['1.2.840.10008.5.1.4.1.1.7']),
          textElement(reference, 0x00081155, 'UI', ['1.2.276.99.1.3']),
        ]),
      ]),
    ]);
    const result = applied(header);
    const series = followed(result, [0x00081115])!;
    expect(series.string(0x0020000e)).toBe(result.string(0x0020000e));
    const reference = followed(series, [0x00081199])!;
    expect(reference.string(0x00081155)).toBe(result.string(0x00080018));
    expect(reference.string(0x00081150)).toBe('1.2.840.10008.5.1.4.1.1.7');
    expect(result.string(0x00080018)).toBe(key.uid('1.2.276.99.1.3'));
  });

  test('of DICOM itself stay, what merely looks like one does not', () => {
    const header = instance((owner) => [
      textElement(owner, 0x00200052, 'UI', ['1.2.840.10008.1.4.1.1']),
      textElement(owner, 0x00200200, 'UI', ['1.2.840.100081.5']),
      textElement(owner, 0x00281199, 'UI', ['1.2.840.10008.MUSTER']),
    ]);
    const result = applied(header);
    expect(result.string(0x00200052)).toBe('1.2.840.10008.1.4.1.1');
    expect(result.string(0x00200200)).toBe(key.uid('1.2.840.100081.5'));
    expect(result.string(0x00281199)).toBe(key.uid('1.2.840.10008.MUSTER'));
  });

  test('of classes and codings stay, unless what is there is no UID', () => {
    const header = instance((owner) => [
      textElement(owner, 0x0008001a, 'UI', ['1.2.276.5.5']),
      textElement(owner, 0x0008001b, 'UI', ['MUSTER']),
    ]);
    expect(applied(header).string(0x0008001a)).toBe('1.2.276.5.5');
    expect(applied(header).has(0x0008001b)).toBe(false);
  });

  test('that name an entity are replaced although the table does not list them', () => {
    const header = instance((owner) => [
      textElement(owner, 0x00083012, 'UI', ['1.2.9', '1.2.10']),
      textElement(owner, 0x0040e031, 'UI', ['1.2.11']),
    ]);
    expect(applied(header).strings(0x00083012)).toEqual([key.uid('1.2.9'), key.uid('1.2.10')]);
    expect(applied(header).string(0x0040e031)).toBe(key.uid('1.2.11'));
  });

  test('that are empty stay empty', () => {
    const header = instance((owner) => [textElement(owner, 0x00200052, 'UI', [])]);
    expect(applied(header).element(0x00200052)?.length).toBe(0);
  });
});

describe('private attributes', () => {
  test('go with their creators and their sequences', () => {
    const header = instance((owner) => [
      textElement(owner, 0x00290010, 'LO', ['ACME']),
      sequenceElement(owner, 0x00291020, [newItem(owner, (item) => [markedElement(item, 0x00080070, 'LO')])]),
      nested(owner, [0x00540220], (item) => [markedElement(item, 0x00091001, 'UN')]),
    ]);
    const result = applied(header);
    expect(result.elements.some((element) => (element.tag >>> 16) % 2 === 1)).toBe(false);
    expect(bytesOf(result)).not.toMatch(/ACME|ZZMARK/);
  });
});

describe('sequences stored as UN', () => {
  test('are walked, known or not', () => {
    // (0054,0220) UN, defined length, one item in Implicit VR Little Endian with Patient Comments
    const value = Buffer.from('Hugo ', 'latin1');
    const comments = Buffer.concat([Buffer.from([0x10, 0x00, 0x00, 0x40, 6, 0, 0, 0]), value, Buffer.from(' ')]);
    const item = Buffer.concat([Buffer.from([0xfe, 0xff, 0x00, 0xe0, comments.length, 0, 0, 0]), comments]);
    const sequence = Buffer.concat([
      Buffer.from([0x54, 0x00, 0x20, 0x02, 0x55, 0x4e, 0, 0, item.length, 0, 0, 0]),
      item,
    ]);
    const syntax = transferSyntax('1.2.840.10008.1.2.1')!;
    const file = Buffer.concat([...writePart10Bytes(syntax, instance()), sequence]);
    const header = readPart10Bytes(file).header;
    expect(header.element(0x00540220)?.vr).toBe('UN');
    const result = applied(header);
    expect(result.items(0x00540220)).toHaveLength(1);
    expect(bytesOf(result)).not.toContain('Hugo');
  });
});

describe('sequences whose action is D', () => {
  test('a content tree becomes one harmless item that its parent may contain', () => {
    const header = instance(
      (owner) => [
        textElement(owner, 0x0040a040, 'CS', ['CONTAINER']),
        sequenceElement(
          owner,
          0x0040a730,
          ['PNAME', 'TEXT'].map((type) =>
            newItem(owner, (item) => [
              textElement(item, 0x0040a040, 'CS', [type]),
              textElement(item, 0x0040a160, 'UT', ['Hugo Muster was here']),
            ]),
          ),
        ),
      ],
      { SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.33' },
    );
    const items = applied(header).items(0x0040a730);
    expect(items).toHaveLength(1);
    expect(items[0]!.string(0x0040a010)).toBe('CONTAINS');
    expect(items[0]!.string(0x0040a040)).toBe('TEXT');
    expect(items[0]!.string(0x0040a160)).toBe('REMOVED');
    expect(items[0]!.items(0x0040a043)[0]!.string(0x00080100)).toBe('121106');
  });

  test('graphic annotations keep their images and layer, and show a point', () => {
    const header = instance(
      (owner) => [
        nested(owner, [0x00700001], (item) => [
          textElement(item, 0x00700002, 'CS', ['LAYER']),
          nested(item, [0x00081140], (image) => [textElement(image, 0x00081155, 'UI', ['1.2.3'])]),
          nested(item, [0x00700008], (text) => [textElement(text, 0x00700006, 'ST', ['Hugo Muster'])]),
        ]),
      ],
      { SOPClassUID: '1.2.840.10008.5.1.4.1.1.11.1' },
    );
    const item = followed(applied(header), [0x00700001])!;
    expect(item.elements.map((element) => element.tag)).toEqual([0x00081140, 0x00700002, 0x00700009]);
    expect(item.items(0x00081140)[0]!.string(0x00081155)).toBe(key.uid('1.2.3'));
    expect(item.items(0x00700009)[0]!.string(0x00700023)).toBe('POINT');
  });

  test('verifying observers stay as many, and become nobody', () => {
    const header = instance(
      (owner) => [
        sequenceElement(
          owner,
          0x0040a073,
          ['Muster^Hugo', 'Probe^Paula'].map((name) =>
            newItem(owner, (item) => [
              textElement(item, 0x0040a027, 'LO', ['Hospital of Hugo']),
              textElement(item, 0x0040a030, 'DT', ['20170313134700']),
              textElement(item, 0x0040a075, 'PN', [name]),
              nested(item, [0x0040a088], (code) => [textElement(code, 0x00080104, 'LO', ['Hugo'])]),
            ]),
          ),
        ),
      ],
      { SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.33' },
    );
    const observers = applied(header).items(0x0040a073);
    expect(observers).toHaveLength(2);
    for (const observer of observers) {
      expect(observer.string(0x0040a075)).toBe('ANONYMIZED^');
      expect(observer.string(0x0040a027)).toBe('ANONYMIZED');
      expect(observer.string(0x0040a030)).toBe('19000101000000');
      expect(observer.items(0x0040a088)).toEqual([]);
    }
  });

  test('codes of persons become a code of nobody', () => {
    const header = instance((owner) => [
      nested(owner, [0x00540220, 0x00401101], (code) => [
        textElement(code, 0x00080100, 'SH', ['HM-1']),
        textElement(code, 0x00080102, 'SH', ['99STAFF']),
        textElement(code, 0x00080104, 'LO', ['Hugo Muster']),
      ]),
    ]);
    const code = followed(applied(header), [0x00540220, 0x00401101])!;
    expect(code.string(0x00080100)).toBe('ANONYMIZED');
    expect(code.string(0x00080104)).toBe('Anonymized');
  });
});

describe('references', () => {
  const referring = (SOPClassUID: string, more: number[] = []) =>
    instance(
      (owner) => [
        nested(owner, [0x00081115, 0x00081199], (item) => [textElement(item, 0x00081155, 'UI', ['1.2.3'])]),
        nested(owner, [0x00081140], (item) => [textElement(item, 0x00081155, 'UI', ['1.2.3'])]),
        ...more.map((tag) => nested(owner, [tag], (item) => [textElement(item, 0x00081155, 'UI', ['1.2.3'])])),
      ],
      { SOPClassUID },
    );

  test('in sum go where none of those that they sum up is left', () => {
    const result = applied(referring('1.2.840.10008.5.1.4.1.1.4'));
    expect(result.has(0x00081140)).toBe(false);
    expect(result.has(0x00081115)).toBe(false);
  });

  test('in sum stay where one is left', () => {
    expect(applied(referring('1.2.840.10008.5.1.4.1.1.4', [0x00089237])).has(0x00081115)).toBe(true);
  });

  test('of a presentation state stay: they are what it is about', () => {
    const result = applied(referring('1.2.840.10008.5.1.4.1.1.11.1'));
    expect(followed(result, [0x00081115, 0x00081199])!.string(0x00081155)).toBe(key.uid('1.2.3'));
  });
});

describe('names and IDs', () => {
  test('of the patient are the pseudonym wherever they are repeated, others are nobody', () => {
    const header = instance((owner) => [
      textElement(owner, 0x00100010, 'PN', ['Muster^Hugo']),
      textElement(owner, 0x00100020, 'LO', ['4711']),
      sequenceElement(
        owner,
        0x00540220,
        ['4711', '4712'].map((id) => newItem(owner, (item) => [textElement(item, 0x00100020, 'LO', [id])])),
      ),
    ]);
    const result = applied(header);
    expect(result.string(0x00100010)).toBe('CODE-0001^');
    expect(result.string(0x00100020)).toBe('CODE-0001');
    expect(result.items(0x00540220).map((item) => item.string(0x00100020))).toEqual(['CODE-0001', 'ANONYMIZED']);
  });

  test('are not made where there were none', () => {
    expect(applied(instance()).has(0x00100010)).toBe(false);
    expect(applied(instance()).has(0x00100020)).toBe(false);
  });
});

describe('character sets', () => {
  test.each([
    [['ISO_IR 192'], 'Ärztin Ōé'],
    [['GB18030'], '王小东'],
    [['', 'ISO 2022 IR 87'], '山田'],
    [['ISO_IR 100'], 'Müller & Söhne'],
  ])('%j: what stays is spelled as it was, what is new fits in', (characterSet, maker) => {
    const header = instance(
      (owner) => [
        textElement(owner, 0x00080070, 'LO', [maker]),
        textElement(owner, 0x00100010, 'PN', ['Fakesmith^Jodora']),
        textElement(owner, 0x00120063, 'LO', [maker]),
      ],
      { characterSet },
    );
    const result = applied(header);
    expect(result.string(0x00080070)).toBe(maker);
    expect(result.element(0x00080005)).toBe(header.element(0x00080005));
    expect(result.string(0x00100010)).toBe('CODE-0001^');
    expect(result.strings(0x00120063)).toEqual([maker, 'PS3.15 2026d: 113100']);
  });
});
