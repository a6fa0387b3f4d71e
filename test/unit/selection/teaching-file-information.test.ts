import type { DataSet } from '../../../src/dicom/data-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { BASIC_TEXT_SR, COMPREHENSIVE_SR, CT_IMAGE, ENHANCED_SR } from '../../../src/dicom/sop-class';
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../../../src/dicom/transfer-syntax';
import { buildTeachingFileInformation } from '../../../src/selection/additional-teaching-file-information/build';
import {
  isTeachingFileInformation,
  readTeachingFileInformation,
} from '../../../src/selection/additional-teaching-file-information/read';
import {
  AUTHOR_OF_CASE,
  codeItem,
  dcm,
  type InformationOptions,
  ihe,
  informationSample,
  textItem,
  WHOLE_CONTENT,
} from '../../support/teaching-file-information';

function document(options: InformationOptions = {}): DataSet {
  return readPart10Bytes(informationSample(options).bytes).header;
}

function rebuilt(source: DataSet, layout: 'nested' | 'flat' = 'nested'): DataSet {
  return buildTeachingFileInformation(readTeachingFileInformation(source), {
    SOPClassUID: ENHANCED_SR,
    SOPInstanceUID: '2.25.1',
    StudyInstanceUID: '2.25.2',
    SeriesInstanceUID: '2.25.3',
    SeriesNumber: '1',
    InstanceNumber: '1',
    contentDate: '19000101',
    contentTime: '000000',
    instance: source,
    encoding: EXPLICIT_VR_LITTLE_ENDIAN,
    layout,
    placeholder: 'ANONYMIZED',
  });
}

describe('Additional Teaching File Information', () => {
  test.each([
    ['Basic Text', BASIC_TEXT_SR],
    ['Enhanced', ENHANCED_SR],
    ['Comprehensive', COMPREHENSIVE_SR],
  ])('is known in a %s SR under the title of either scheme', (_name, SOPClassUID) => {
    expect(isTeachingFileInformation(document({ SOPClassUID }))).toBe(true);
    expect(isTeachingFileInformation(document({ SOPClassUID, title: dcm('128712') }))).toBe(true);
  });

  test('is neither another report nor another object of that title', () => {
    expect(isTeachingFileInformation(document({ title: dcm('18747-6') }))).toBe(false);
    expect(isTeachingFileInformation(document({ title: dcm('TCE006') }))).toBe(false);
    expect(isTeachingFileInformation(document({ SOPClassUID: CT_IMAGE }))).toBe(false);
  });

  test.each([BASIC_TEXT_SR, ENHANCED_SR, COMPREHENSIVE_SR])('says every row of the template (%s)', (SOPClassUID) => {
    const { rows, others, ...staff } = readTeachingFileInformation(document({ SOPClassUID }));
    expect(staff).toMatchObject({ author: AUTHOR_OF_CASE, affiliation: 'Zqclinic', contact: 'telephone ZQPHONE' });
    expect(others).toEqual([]);
    expect(Object.entries(rows).filter(([, values]) => values.length === 0)).toEqual([]);
    expect(rows.keywords).toEqual(['lesion']);
    expect(rows.pathology).toEqual([expect.objectContaining({ CodeValue: 'D001921' })]);
    expect(rows.category).toEqual([{ CodeValue: 'TCE306', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: 'Neuro' }]);
  });

  test('affiliation and contact are found beside the author as well as below', () => {
    const content = [
      textItem(ihe('TCE102'), 'Example Hospital'),
      textItem(ihe('TCE103'), 'by post'),
      textItem(ihe('TCE101'), 'Dr. Example'),
    ];
    expect(readTeachingFileInformation(document({ content }))).toMatchObject({
      author: 'Dr. Example',
      affiliation: 'Example Hospital',
      contact: 'by post',
    });
  });

  test('codes of DICOM are read as those of IHE, and keep their scheme', () => {
    const content = [
      codeItem(dcm('128723'), dcm('128733', 'about a patient')),
      codeItem(dcm('128724'), dcm('128726', 'Intermediate  LEVEL')),
    ];
    const { rows } = readTeachingFileInformation(document({ content }));
    // A meaning that is not the table's is free text.
    expect(rows.category).toEqual([
      { CodeValue: '128733', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Neuro imaging subject matter' },
    ]);
    expect(rows.level).toEqual([
      { CodeValue: '128726', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Intermediate  LEVEL' },
    ]);
  });

  test('items of vendors stay, those that are neither text nor code go, sections are looked into', () => {
    const vendor = { CodeValue: 'TF005', CodingSchemeDesignator: 'AGFAIMPAXEE', CodeMeaning: 'Remark' };
    const content = [
      textItem(vendor, 'seen twice'),
      {
        RelationshipType: 'HAS OBS CONTEXT',
        ValueType: 'PNAME',
        ConceptNameCodeSequence: [dcm('121008')],
        PersonName: 'Some^One',
      },
      {
        RelationshipType: 'CONTAINS',
        ValueType: 'CONTAINER',
        ConceptNameCodeSequence: [dcm('121070')],
        ContinuityOfContent: 'SEPARATE',
        ContentSequence: [textItem(dcm('121071'), 'within a section')],
      },
    ];
    const { rows, others } = readTeachingFileInformation(document({ content }));
    expect(rows.findings).toEqual(['within a section']);
    expect(others).toEqual([{ relationship: 'CONTAINS', concept: vendor, value: 'seen twice' }]);
  });

  test('says the same after it was written anew, nested or flat', () => {
    const source = document();
    const before = readTeachingFileInformation(source);
    for (const layout of ['nested', 'flat'] as const) {
      const written = rebuilt(source, layout);
      expect(readTeachingFileInformation(written)).toEqual(before);
      const top = written.items(0x0040a730).map((item) => item.items(0x0040a043)[0]?.string(0x00080100));
      expect(top.includes('TCE102')).toBe(layout === 'flat');
      expect(top.includes('TCE103')).toBe(layout === 'flat');
      expect(top[0]).toBe('TCE101');
    }
  });

  test('is of the template when the source was not: mandatory texts stand in, nothing is made up of a category', () => {
    const written = rebuilt(document({ content: [] }));
    expect(readTeachingFileInformation(written)).toMatchObject({
      author: 'ANONYMIZED',
      rows: { abstract: ['ANONYMIZED'], keywords: ['ANONYMIZED'], category: [] },
    });
  });

  test('keywords are texts or codes, as the template has it: of both, all are texts', () => {
    const brain = { CodeValue: 'D001921', CodingSchemeDesignator: 'MSH', CodeMeaning: 'Brain' };
    const codes = [codeItem(ihe('TCE105'), brain)];
    const keywords = (content: InformationOptions['content'] & object) =>
      readTeachingFileInformation(rebuilt(document({ content }))).rows.keywords;
    expect(keywords(codes)).toEqual([brain]);
    expect(keywords([...codes, textItem(ihe('TCE105'), 'lesion')])).toEqual(['Brain', 'lesion']);
  });

  test('takes nothing of the header but patient, study and trial', () => {
    const written = rebuilt(document());
    for (const tag of [0x0040a073, 0x0040a370, 0x00080080, 0x00081070, 0x00080012])
      expect(written.has(tag)).toBe(false);
    expect(written.string(0x0040a493)).toBe('UNVERIFIED');
  });

  test('characters beyond ASCII are kept', () => {
    const study = document().string(0x00080005);
    expect(study).toBeUndefined();
    const info = readTeachingFileInformation(document());
    const written = buildTeachingFileInformation(
      { ...info, rows: { ...info.rows, abstract: ['Köpfe 頭'] } },
      {
        SOPClassUID: ENHANCED_SR,
        SOPInstanceUID: '2.25.1',
        StudyInstanceUID: '2.25.2',
        SeriesInstanceUID: '2.25.3',
        SeriesNumber: '1',
        InstanceNumber: '1',
        contentDate: '19000101',
        contentTime: '000000',
        instance: document({ content: WHOLE_CONTENT }),
        encoding: EXPLICIT_VR_LITTLE_ENDIAN,
        layout: 'nested',
        placeholder: 'ANONYMIZED',
      },
    );
    expect(readTeachingFileInformation(written).rows.abstract).toEqual(['Köpfe 頭']);
    expect(written.string(0x00080005)).toBe('ISO_IR 192');
  });
});
