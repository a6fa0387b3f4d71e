import { codedConceptItem, readCodedConcept, sameConcept } from '../../../src/dicom/coded-concept';
import {
  bytesElement,
  emptyElement,
  newDataSet,
  newItem,
  numberElement,
  sequenceElement,
  textElement,
} from '../../../src/dicom/data-set';
import { type DicomJson, fromDicomJson, toDicomJson } from '../../../src/dicom/dicom-json';
import { denaturalized, naturalized } from '../../../src/dicom/naturalized';
import { EXPLICIT_VR_BIG_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN } from '../../../src/dicom/transfer-syntax';

function refusal(code: string): Error {
  return expect.objectContaining({ name: 'Fault', kind: 'cannot', code });
}

const JSON_MODEL: DicomJson = {
  '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
  '00080008': { vr: 'CS', Value: ['ORIGINAL', null, 'AXIAL'] },
  '00080050': { vr: 'SH' },
  '00100010': {
    vr: 'PN',
    Value: [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' }],
  },
  '00181063': { vr: 'DS', Value: [33.3] },
  '00200013': { vr: 'IS', Value: [5] },
  '00280009': { vr: 'AT', Value: ['00181063'] },
  '00280010': { vr: 'US', Value: [512] },
  '0040A730': { vr: 'SQ', Value: [{ '0040A160': { vr: 'UT', Value: ['one\\two'] } }, {}] },
  '00420011': { vr: 'OB', InlineBinary: 'AQIDBA==' },
  '00720083': { vr: 'UV', Value: [5, '18446744073709551615'] },
};

describe('DICOM JSON', () => {
  it.each([
    ['little', EXPLICIT_VR_LITTLE_ENDIAN],
    ['big', EXPLICIT_VR_BIG_ENDIAN],
  ])('comes back as it went in, through bytes of %s endian', (_order, encoding) => {
    expect(toDicomJson(fromDicomJson(JSON_MODEL, encoding))).toEqual(JSON_MODEL);
  });

  it('binary values are little endian, whatever the data set is', () => {
    const owner = newDataSet(EXPLICIT_VR_BIG_ENDIAN, []);
    const dataSet = owner.withElements([bytesElement(owner, 0x00281201, 'OW', Uint8Array.of(1, 2, 3, 4))]);
    expect(toDicomJson(dataSet)).toEqual({ '00281201': { vr: 'OW', InlineBinary: 'AgEEAw==' } });
  });

  it('pixel data and group lengths are left out, and the character set is UTF-8', () => {
    const owner = newDataSet(EXPLICIT_VR_LITTLE_ENDIAN, ['ISO_IR 100']);
    const dataSet = owner.withElements([
      ...owner.elements,
      numberElement(owner, 0x00080000, 'UL', [4]),
      bytesElement(owner, 0x7fe00010, 'OW', new Uint8Array(4)),
      textElement(owner, 0x00100010, 'PN', ['Jérôme']),
    ]);
    expect(toDicomJson(dataSet)).toEqual({
      '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Jérôme' }] },
    });
  });

  it('numbers that JSON or DS cannot say are text', () => {
    const owner = newDataSet(EXPLICIT_VR_LITTLE_ENDIAN, []);
    const dataSet = owner.withElements([
      textElement(owner, 0x00181063, 'DS', ['not a number']),
      numberElement(owner, 0x00720074, 'FD', [Number.NaN, Infinity, 0.1]),
    ]);
    const json = toDicomJson(dataSet);
    expect(json['00181063']?.Value).toEqual(['not a number']);
    expect(json['00720074']?.Value).toEqual(['NaN', 'inf', 0.1]);
    expect(fromDicomJson(json).numbers(0x00720074)).toEqual([Number.NaN, Infinity, 0.1]);
  });

  it('what is only referenced is left out', () => {
    expect(fromDicomJson({ '7FE00010': { vr: 'OW', BulkDataURI: 'http://x' } }).has(0x7fe00010)).toBe(false);
  });

  it.each([
    ['a key that is no tag', { PatientName: { vr: 'PN' } }],
    ['no VR', { '00100010': {} }],
    ['an unknown VR', { '00100010': { vr: 'ZZ' } }],
    ['a value that is no array', { '00100010': { vr: 'LO', Value: 'x' } }],
    ['an object for text', { '00100020': { vr: 'LO', Value: [{ a: 1 }] } }],
    ['text for a number', { '00280010': { vr: 'US', Value: [''] } }],
    ['a value for binary', { '00420011': { vr: 'OB', Value: [1] } }],
    ['a number out of range', { '00720083': { vr: 'UV', Value: [-1] } }],
    ['an item that is none', { '0040A730': { vr: 'SQ', Value: [5] } }],
  ])('refuses %s', (_what, json) => {
    expect(() => fromDicomJson(json as unknown as DicomJson)).toThrow(refusal('BAD_DICOM_JSON'));
  });

  it('refuses sequences nested without end', () => {
    let json: DicomJson = {};
    for (let depth = 0; depth < 200; depth++) json = { '0040A730': { vr: 'SQ', Value: [json] } };
    expect(() => fromDicomJson(json)).toThrow(refusal('BAD_DICOM_JSON'));
  });
});

describe('the naturalised model', () => {
  it('has attributes by keyword, and goes back', () => {
    const natural = naturalized(JSON_MODEL);
    expect(natural.SOPClassUID).toBeUndefined();
    expect(natural.Rows).toBe(512);
    const back = fromDicomJson(denaturalized({ PatientID: 'FAKE-1', Rows: 512, StudyID: null }));
    expect(back.string(0x00100020)).toBe('FAKE-1');
    expect(back.numbers(0x00280010)).toEqual([512]);
    expect(back.strings(0x00200010)).toEqual([]);
  });

  it('refuses what would be left out or cut', () => {
    expect(() => denaturalized({ NoSuchKeyword: 'x' })).toThrow(refusal('UNKNOWN_ATTRIBUTE'));
    expect(() => denaturalized({ StudyID: 'x'.repeat(17) })).toThrow(refusal('BAD_VALUE'));
    expect(() => denaturalized({ ContentSequence: [{ StudyID: 'x'.repeat(17) }] })).toThrow(refusal('BAD_VALUE'));
  });
});

describe('coded concepts', () => {
  const owner = newDataSet(EXPLICIT_VR_LITTLE_ENDIAN, []);

  it.each([
    ['113000', 0x00080100],
    ['a-code-value-of-more-than-16', 0x00080119],
    ['urn:oid:2.25.1', 0x00080120],
  ])('%s is written where its length and form belong, and read back', (CodeValue, home) => {
    const concept = { CodeValue, CodingSchemeDesignator: 'DCM', CodeMeaning: 'Of Interest' };
    const item = codedConceptItem(owner, concept);
    expect(item.has(home)).toBe(true);
    expect(readCodedConcept(item)).toEqual(concept);
    const sequence = sequenceElement(owner, 0x0040a043, [item]);
    expect(readCodedConcept(owner.withElements([sequence]).items(0x0040a043)[0]!)).toEqual(concept);
  });

  it('are the same whatever their meaning is called', () => {
    const a = { CodeValue: '1', CodingSchemeDesignator: 'DCM', CodeMeaning: 'x' };
    const otherwiseCalled = { ...a, CodeMeaning: 'y' };
    expect(sameConcept(a, otherwiseCalled)).toBe(true);
    expect(sameConcept(a, { ...a, CodingSchemeDesignator: '99X' })).toBe(false);
  });

  it('an item without a code has none', () => {
    expect(readCodedConcept(newItem(owner, (item) => [emptyElement(item, 0x00080104, 'LO')]))).toBeUndefined();
  });
});
