import { codedConceptItem } from '../../../src/dicom/coded-concept';
import { newDataSet, sequenceElement, textElement } from '../../../src/dicom/data-set';
import { isFinalReport } from '../../../src/session/delays';

const BASIC_TEXT_SR = '1.2.840.10008.5.1.4.1.1.88.11';
const ENCAPSULATED_PDF = '1.2.840.10008.5.1.4.1.1.104.1';

interface Report {
  readonly SOPClassUID: string;
  readonly verification?: string;
  readonly completion?: string;
  readonly preliminary?: string;
  readonly title?: string;
  readonly code?: string;
}

function header({ SOPClassUID, verification, completion, preliminary, title, code = '18748-4' }: Report) {
  const base = newDataSet({ explicitVR: true, littleEndian: true }, []);
  const text = (tag: number, vr: 'UI' | 'CS' | 'ST', value: string | undefined) =>
    value === undefined ? [] : [textElement(base, tag, vr, [value])];
  const [CodeValue = '', CodeMeaning = ''] = code.split(' ', 2);
  const scheme = CodeValue.startsWith('TCE') ? 'IHERADTF' : 'LN';
  const concept = codedConceptItem(base, { CodeValue, CodingSchemeDesignator: scheme, CodeMeaning });
  return base.withElements([
    ...text(0x00080016, 'UI', SOPClassUID),
    sequenceElement(base, 0x0040a043, [concept]),
    ...text(0x0040a491, 'CS', completion),
    ...text(0x0040a493, 'CS', verification),
    ...text(0x0040a496, 'CS', preliminary),
    ...text(0x00420010, 'ST', title),
  ]);
}

describe('a final report', () => {
  test.each<[string, Report]>([
    ['verified', { SOPClassUID: BASIC_TEXT_SR, verification: 'VERIFIED', completion: 'COMPLETE' }],
    ['an encapsulated document that is verified', { SOPClassUID: ENCAPSULATED_PDF, verification: 'VERIFIED' }],
    ['one that is titled a report', { SOPClassUID: ENCAPSULATED_PDF, title: 'CT Head report' }],
    ['one that is titled so in German', { SOPClassUID: ENCAPSULATED_PDF, title: 'Befund' }],
    ['one whose code says so', { SOPClassUID: ENCAPSULATED_PDF, code: '18748-4 Report' }],
  ])('is %s', (_what, report) => {
    expect(isFinalReport(header(report))).toBe(true);
  });

  test.each<[string, Report]>([
    ['that is not verified', { SOPClassUID: BASIC_TEXT_SR, verification: 'UNVERIFIED' }],
    ['that says nothing of it', { SOPClassUID: BASIC_TEXT_SR, title: 'Report' }],
    ['that is partial', { SOPClassUID: BASIC_TEXT_SR, verification: 'VERIFIED', completion: 'PARTIAL' }],
    ['that is preliminary', { SOPClassUID: BASIC_TEXT_SR, verification: 'VERIFIED', preliminary: 'PRELIMINARY' }],
    ['of teaching file information', { SOPClassUID: BASIC_TEXT_SR, verification: 'VERIFIED', code: 'TCE006' }],
    ['in a file that is not verified', { SOPClassUID: ENCAPSULATED_PDF, verification: 'UNVERIFIED', title: 'Report' }],
    ['in a preliminary file', { SOPClassUID: ENCAPSULATED_PDF, preliminary: 'PRELIMINARY', title: 'Report' }],
    ['but a request', { SOPClassUID: ENCAPSULATED_PDF, title: 'Request form' }],
    ['without a title', { SOPClassUID: ENCAPSULATED_PDF }],
  ])('is none %s', (_what, report) => {
    expect(isFinalReport(header(report))).toBe(false);
  });
});
