import { basicPolicy, Deidentifier } from '../../../src/deidentification/deidentifier';
import { codedConceptItem, readCodedConcept } from '../../../src/dicom/coded-concept';
import { type DataSet, newItem, sequenceElement, textElement } from '../../../src/dicom/data-set';
import { encodeDataSet } from '../../../src/dicom/part10/write';
import { instance, pseudonyms } from '../../support/deidentification-samples';

const deidentifier = new Deidentifier(basicPolicy());
function applied(header: DataSet): DataSet {
  return deidentifier.apply(header, deidentifier.plan(header), pseudonyms);
}
const codes = (dataSet: DataSet) => dataSet.items(0x00120064).map((item) => readCodedConcept(item)?.CodeValue);

test('a de-identified instance says so, how, and by what', () => {
  const result = applied(instance());
  expect(result.string(0x00120062)).toBe('YES');
  expect(result.strings(0x00120063)).toEqual(['PS3.15 2026d: 113100']);
  expect(codes(result)).toEqual(['113100']);
  expect(result.string(0x00280303)).toBe('REMOVED');
  const equipment = result.items(0x0018a001)[0]!;
  expect(equipment.string(0x00080070)).toBe('TCE Export Manager');
  expect(readCodedConcept(equipment.items(0x0040a170)[0]!)).toEqual({
    CodeValue: '109104',
    CodingSchemeDesignator: 'DCM',
    CodeMeaning: 'De-identifying Equipment',
  });
});

test('burned in annotation stays as received: no pixel was looked at', () => {
  expect(applied(instance()).string(0x00280301)).toBe('YES');
  expect(applied(instance((owner) => [textElement(owner, 0x00280301, 'CS', ['NO'])])).string(0x00280301)).toBe('NO');
});

test('what an earlier de-identification said of itself stays, and ours comes behind it', () => {
  const header = instance((owner) => [
    textElement(owner, 0x00120062, 'CS', ['NO']),
    textElement(owner, 0x00120063, 'LO', ['by hand']),
    sequenceElement(owner, 0x00120064, [
      codedConceptItem(owner, {
        CodeValue: '113105',
        CodingSchemeDesignator: 'DCM',
        CodeMeaning: 'Clean Descriptors Option',
      }),
    ]),
    textElement(owner, 0x00280303, 'CS', ['MODIFIED']),
    sequenceElement(owner, 0x0018a001, [
      newItem(owner, (item) => [
        textElement(item, 0x00080070, 'LO', ['Acme']),
        textElement(item, 0x00080080, 'LO', ['Hospital of Hugo']),
      ]),
    ]),
  ]);
  const result = applied(header);
  expect(result.string(0x00120062)).toBe('YES');
  expect(result.strings(0x00120063)).toEqual(['by hand', 'PS3.15 2026d: 113100']);
  expect(codes(result)).toEqual(['113105', '113100']);
  expect(result.string(0x00280303)).toBe('REMOVED');
  expect(result.items(0x0018a001).map((item) => item.string(0x00080070))).toEqual(['Acme', 'TCE Export Manager']);
  expect(Buffer.from(encodeDataSet(result)).toString('latin1')).not.toContain('Hugo');
});

test('nothing is said twice', () => {
  const once = applied(instance());
  const changes = deidentifier.plan(once).changes.filter((change) => change.action === 'add');
  expect(changes).toEqual([]);
  const twice = applied(once);
  for (const tag of [0x00120063, 0x00120064, 0x0018a001]) {
    expect(twice.element(tag)?.items?.length ?? twice.strings(tag)).toEqual(
      once.element(tag)?.items?.length ?? once.strings(tag),
    );
  }
});
