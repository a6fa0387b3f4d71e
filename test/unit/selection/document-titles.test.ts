import { DELAY_REASONS, delayReasonOf } from '../../../src/selection/delay-reasons';
import {
  documentTitleIn,
  EXPORT_DOCUMENT_TITLES,
  exportDocumentTitle,
  exportPurposeOf,
  knownDocumentTitle,
} from '../../../src/selection/document-titles';

const code = (CodeValue: string, CodingSchemeDesignator: string, CodeMeaning = '') => ({
  CodeValue,
  CodingSchemeDesignator,
  CodeMeaning,
});

describe('document titles', () => {
  it.each([
    ['TCE001', 'IHERADTF', 'teaching-file'],
    ['128710', 'DCM', 'teaching-file'],
    ['TCE002', 'IHERADTF', 'clinical-trial'],
    ['128711', 'DCM', 'clinical-trial'],
    ['TCE007', 'IHERADTF', 'research-collection'],
    ['128713', 'DCM', 'research-collection'],
    ['TCE008', 'IHERADTF', 'publication'],
    ['128714', 'DCM', 'publication'],
  ])('(%s, %s) asks for the purpose %s, whatever its meaning says', (value, scheme, purpose) => {
    expect(exportPurposeOf(code(value, scheme, 'something else'))).toBe(purpose);
  });

  it.each([
    ['113000', 'DCM'],
    ['113030', 'DCM'],
    ['113001', 'DCM'],
    ['113037', 'DCM'],
    ['113038', 'DCM'],
    ['113039', 'DCM'],
    ['113004', 'DCM'],
    ['128712', 'DCM'],
    ['TCE001', 'DCM'],
    ['128710', 'IHERADTF'],
    ['TCE001', '99LOCAL'],
    ['tce001', 'IHERADTF'],
  ])('(%s, %s) asks for no export', (value, scheme) => {
    expect(exportPurposeOf(code(value, scheme, 'For Teaching File Export'))).toBeNull();
  });

  it('writes a title in the scheme a Receiver knows, and leaves every other title alone', () => {
    expect(documentTitleIn('DCM', code('TCE008', 'IHERADTF'))).toEqual(code('128714', 'DCM', 'For Publication Export'));
    expect(documentTitleIn('IHERADTF', code('113030', 'DCM', 'Manifest'))).toEqual(code('113030', 'DCM', 'Manifest'));
    for (const { purpose } of EXPORT_DOCUMENT_TITLES) {
      expect(exportPurposeOf(exportDocumentTitle(purpose, 'IHERADTF'))).toBe(purpose);
    }
  });

  it('knows the meaning of every title of CID 7010 and CID 7014, and of nothing else', () => {
    expect(knownDocumentTitle(code('113000', 'DCM', 'Mrs. X'))?.CodeMeaning).toBe('Of Interest');
    expect(knownDocumentTitle(code('TCE001', 'IHERADTF', 'Mrs. X'))?.CodeMeaning).toBe('For Teaching File Export');
    expect(knownDocumentTitle(code('toString', 'DCM'))).toBeUndefined();
    expect(knownDocumentTitle(code('113000', '99LOCAL'))).toBeUndefined();
  });
});

describe('delay reasons', () => {
  it.each([11, 12, 13, 14, 15, 16, 17, 18].map((number, at) => [`TCE0${number}`, String(128715 + at)] as const))(
    '(%s, IHERADTF) and (%s, DCM) are the same reason',
    (IHERADTF, DCM) => {
      expect(delayReasonOf(code(IHERADTF, 'IHERADTF'))).not.toBeNull();
      expect(delayReasonOf(code(IHERADTF, 'IHERADTF'))).toBe(delayReasonOf(code(DCM, 'DCM')));
    },
  );

  it('are eight, and every meaning says until when', () => {
    expect(DELAY_REASONS).toHaveLength(8);
    for (const each of DELAY_REASONS) expect(each.DCM.CodeMeaning).toMatch(/^Delay export until /);
  });

  it('are not guessed from the meaning', () => {
    expect(delayReasonOf(code('X1', '99LOCAL', 'Delay export until patient dies'))).toBeNull();
  });
});
