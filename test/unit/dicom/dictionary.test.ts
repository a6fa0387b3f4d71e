import { everyTag, keywordOf, lookUp, privateVR, tagOf } from '../../../src/dicom/dictionary';
import { nameOfSOPClass } from '../../../src/dicom/sop-class';
import { formatTag, isPrivate, isPrivateCreator, parseTag, privateCreatorTag } from '../../../src/dicom/tag';
import { TAGS } from '../../../src/dicom/tags';
import { transferSyntax } from '../../../src/dicom/transfer-syntax';
import { isUID, isWellKnown } from '../../../src/dicom/uid';

describe('tags', () => {
  it('are spelled as in DICOM JSON, and read with or without punctuation', () => {
    expect(formatTag(0xfffcfffc)).toBe('FFFCFFFC');
    expect(parseTag('(0010,0010)')).toBe(0x00100010);
    expect(parseTag('fffee0dd')).toBe(0xfffee0dd);
    expect(() => parseTag('0010')).toThrow(expect.objectContaining({ code: 'BAD_TAG' }));
  });

  it('of odd groups are private, and name the element that reserves their block', () => {
    expect(isPrivate(0x00091001)).toBe(true);
    expect(isPrivate(0x00100010)).toBe(false);
    expect(isPrivateCreator(0x00090010)).toBe(true);
    expect(isPrivateCreator(0x00091010)).toBe(false);
    expect(privateCreatorTag(0x0009a1fe)).toBe(0x000900a1);
    expect(privateCreatorTag(0x00090010)).toBeUndefined();
  });

  it('that the program names itself have their keyword in the dictionary', () => {
    for (const [keyword, tag] of Object.entries(TAGS)) expect([keyword, keywordOf(tag)]).toEqual([keyword, keyword]);
  });
});

describe('the dictionary', () => {
  it('has every tag of the table', () => {
    expect([...everyTag()].length).toBe(5356 - 88 - 3);
  });

  it.each([
    [0x00100010, 'PatientName', 'PN'],
    [0x60023000, 'OverlayData', 'OW'],
    [0x50100010, 'NumberOfPoints', 'US'],
    [0x7fe00010, 'PixelData', 'OW'],
    [0x00280106, 'SmallestImagePixelValue', 'US'],
  ])('knows %p as %s', (tag, keyword, vr) => {
    expect(lookUp(tag)).toMatchObject({ keyword, vr });
  });

  it.each([0x006862f0, 0x00760034])('knows that %p is a sequence', (tag) => {
    expect(lookUp(tag)?.vr).toBe('SQ');
  });

  it('finds tags by keyword', () => {
    expect(tagOf('StudyInstanceUID')).toBe(0x0020000d);
    expect(tagOf('OverlayData')).toBe(0x60003000);
    expect(tagOf('NoSuchThing')).toBeUndefined();
    expect(lookUp(0x00091001)).toBeUndefined();
  });

  it('knows private elements by their creator', () => {
    expect(privateVR('SIEMENS CSA HEADER', 0x00291010)).toBe('OB');
    expect(privateVR('SIEMENS CSA HEADER', 0x0029aa10)).toBe('OB');
    expect(privateVR('NOBODY', 0x00291010)).toBeUndefined();
  });

  it('names SOP classes and transfer syntaxes', () => {
    expect(nameOfSOPClass('1.2.840.10008.5.1.4.1.1.2')).toContain('CT Image');
    expect(transferSyntax('1.2.840.10008.1.2.1.99')).toMatchObject({ deflated: true, encapsulated: false });
    expect(transferSyntax('1.2.840.10008.1.2.4.90')).toMatchObject({ deflated: false, encapsulated: true });
    expect(transferSyntax('1.2.840.113619.5.2')).toBeUndefined();
  });
});

describe('UIDs', () => {
  it('are at most 64 digits and dots without leading zeros', () => {
    expect(isUID('2.25.0')).toBe(true);
    expect(isUID('2.25.01')).toBe(false);
    expect(isUID('2')).toBe(false);
    expect(isUID(`1.${'2'.repeat(63)}`)).toBe(false);
    expect(isUID('1.2.')).toBe(false);
  });

  it('of DICOM itself are well known', () => {
    expect(isWellKnown('1.2.840.10008.1.2')).toBe(true);
    expect(isWellKnown('1.2.840.100081.1')).toBe(false);
  });
});
