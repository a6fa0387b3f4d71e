import { basicPolicy, Deidentifier, type ProfileOption } from '../../../src/deidentification/deidentifier';
import {
  bytesElement,
  type DataSet,
  newItem,
  numberElement,
  sequenceElement,
  textElement,
} from '../../../src/dicom/data-set';
import { instance, key, nested, pseudonyms } from '../../support/deidentification-samples';

const by = (...options: ProfileOption[]) => new Deidentifier({ ...basicPolicy(), options: new Set(options) });
const deidentifier = by('retain-safe-private');
const applied = (header: DataSet, using = deidentifier) => using.apply(header, using.plan(header), pseudonyms);
const tags = (dataSet: DataSet) => dataSet.elements.map(({ tag }) => tag).filter((tag) => (tag >>> 16) % 2 === 1);

describe('retain-safe-private', () => {
  test('keeps by creator and element, in whatever block, and the creator with it', () => {
    const header = instance((owner) => [
      textElement(owner, 0x00190010, 'LO', ['SIEMENS MR HEADER']),
      textElement(owner, 0x00190011, 'LO', ['ACME']),
      textElement(owner, 0x001900aa, 'LO', ['SIEMENS MR HEADER']),
      textElement(owner, 0x0019100c, 'IS', ['1000']),
      textElement(owner, 0x00191008, 'LO', ['not listed']),
      textElement(owner, 0x0019110c, 'IS', ['1000']),
      numberElement(owner, 0x0019aa27, 'FD', [1, 2, 3]),
      textElement(owner, 0x0019bb0c, 'IS', ['7']), // no creator
    ]);
    expect(tags(applied(header))).toEqual([0x00190010, 0x001900aa, 0x0019100c, 0x0019aa27]);
    expect(deidentifier.plan(header).methodCodes.map((code) => code.CodeValue)).toEqual(['113100', '113111']);
  });

  test('does not believe what an instance says of itself', () => {
    const header = instance((owner) => [
      nested(owner, [0x00080300], (item) => [
        numberElement(item, 0x00080301, 'US', [0x0009]),
        textElement(item, 0x00080302, 'LO', ['ACME']),
        textElement(item, 0x00080303, 'CS', ['SAFE']),
      ]),
      textElement(owner, 0x00090010, 'LO', ['ACME']),
      textElement(owner, 0x00091001, 'LO', ['Hugo Muster']),
    ]);
    const result = applied(header);
    expect(tags(result)).toEqual([]);
    expect(result.has(0x00080300)).toBe(false);
  });

  test('keeps no name where a number or a code should be', () => {
    const header = instance((owner) => [
      textElement(owner, 0x70530010, 'LO', ['Philips PET Private Group']),
      bytesElement(owner, 0x70531000, 'DS', Buffer.from('MUSTER^HUGO ')),
      bytesElement(owner, 0x70531009, 'UN', Buffer.from('0.5 ')),
      textElement(owner, 0x01990010, 'LO', ['NQLeft']),
      bytesElement(owner, 0x01991001, 'UN', Buffer.from('HUGO')),
      bytesElement(owner, 0x01991002, 'UN', Buffer.from([0, 0, 0x80, 0x3f])),
    ]);
    expect(tags(applied(header))).toEqual([0x01990010, 0x01991002, 0x70530010, 0x70531009]);
  });

  test('maps UIDs, and keeps neither bulk data nor long text even where the table has them', () => {
    const header = instance((owner) => [
      textElement(owner, 0x00990010, 'LO', ['NQHeader']),
      textElement(owner, 0x00991001, 'UI', ['1.2.276.99.1.2']),
      textElement(owner, 0x00991005, 'LT', ['OK']),
      textElement(owner, 0x00250010, 'LO', ['Philips ST80i']),
      bytesElement(owner, 0x00251001, 'OW', Buffer.from('MUSTER')),
    ]);
    const result = applied(header);
    expect(tags(result)).toEqual([0x00990010, 0x00991001]);
    expect(result.string(0x00991001)).toBe(key.uid('1.2.276.99.1.2'));
    expect(result.string(0x0020000e)).toBe(key.uid('1.2.276.99.1.2'));
    expect(applied(header, by('retain-safe-private', 'retain-uids')).string(0x00991001)).toBe('1.2.276.99.1.2');
  });

  test('goes into private sequences and judges each attribute', () => {
    const header = instance((owner) => [
      textElement(owner, 0x20050014, 'LO', ['Philips MR Imaging DD 005']),
      sequenceElement(owner, 0x2005140f, [
        newItem(owner, (item) => [
          textElement(item, 0x00080020, 'DA', ['20170313']),
          textElement(item, 0x00100010, 'PN', ['Muster^Hugo']),
          textElement(item, 0x00181020, 'LO', ['5.1']),
          textElement(item, 0x20050010, 'LO', ['Philips MR Imaging DD 001']),
          numberElement(item, 0x20051000, 'FL', [1.5]),
          textElement(item, 0x20051035, 'LO', ['Hugo']),
        ]),
        newItem(owner, (item) => [textElement(item, 0x00081030, 'LO', ['Hugo'])]),
      ]),
      sequenceElement(owner, 0x20051410, [newItem(owner, (item) => [textElement(item, 0x00081030, 'LO', ['Hugo'])])]),
    ]);
    const result = applied(header);
    expect(tags(result)).toEqual([0x20050014, 0x2005140f]);
    const [item] = result.items(0x2005140f);
    expect(item!.has(0x20051000)).toBe(true);
    expect(item!.has(0x20050010)).toBe(true);
    expect(item!.has(0x20051035)).toBe(false);
    expect(item!.string(0x00100010)).not.toContain('Hugo');
    expect(JSON.stringify(deidentifier.plan(header).changes)).toContain('2005140F/0/20051035');
  });

  test('leaves nothing of a sequence in which nothing may stay', () => {
    const header = instance((owner) => [
      textElement(owner, 0x00090010, 'LO', ['ACME']),
      nested(owner, [0x00091001], (item) => [numberElement(item, 0x00280010, 'US', [512])]),
    ]);
    expect(tags(applied(header))).toEqual([]);
  });
});
