import { basicPolicy, Deidentifier, type ProfileOption } from '../../../src/deidentification/deidentifier';
import { codedConceptItem, readCodedConcept } from '../../../src/dicom/coded-concept';
import { type DataElement, type DataSet, newItem, sequenceElement, textElement } from '../../../src/dicom/data-set';
import { encodeDataSet } from '../../../src/dicom/part10/write';
import { followed, instance, key, nested, pseudonyms } from '../../support/deidentification-samples';

const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33';
const by = (...options: ProfileOption[]) => new Deidentifier({ ...basicPolicy(), options: new Set(options) });
const shifting = { ...pseudonyms, dateOffsetDays: -31 };
const applied = (header: DataSet, using: Deidentifier) => using.apply(header, using.plan(header), shifting);
const text = (dataSet: DataSet) => Buffer.from(encodeDataSet(dataSet)).toString('latin1');

const DCM = (CodeValue: string, CodeMeaning = 'concept') => ({ CodeValue, CodingSchemeDesignator: 'DCM', CodeMeaning });

function content(
  owner: DataSet,
  valueType: string,
  concept: string,
  value: (item: DataSet) => readonly DataElement[],
): DataSet {
  return newItem(owner, (item) => [
    textElement(item, 0x0040a010, 'CS', ['CONTAINS']),
    textElement(item, 0x0040a040, 'CS', [valueType]),
    sequenceElement(item, 0x0040a043, [codedConceptItem(item, DCM(concept))]),
    ...value(item),
  ]);
}
const measured = (item: DataSet, value: string) =>
  nested(item, [0x0040a300], (inner) => [
    textElement(inner, 0x0040a30a, 'DS', [value]),
    sequenceElement(inner, 0x004008ea, [
      codedConceptItem(inner, { CodeValue: 'mm', CodingSchemeDesignator: 'UCUM', CodeMeaning: 'mm' }),
    ]),
  ]);

const report = instance(
  (owner) => [
    textElement(owner, 0x00100010, 'PN', ['Muster^Hugo']),
    textElement(owner, 0x0040a040, 'CS', ['CONTAINER']),
    sequenceElement(owner, 0x0040a730, [
      content(owner, 'PNAME', '121008', (item) => [textElement(item, 0x0040a123, 'PN', ['Probe^Paula'])]),
      content(owner, 'TEXT', '121009', (item) => [textElement(item, 0x0040a160, 'UT', ['Hospital of Hugo'])]),
      content(owner, 'TEXT', '121014', (item) => [textElement(item, 0x0040a160, 'UT', ['Acme'])]),
      content(owner, 'TEXT', '121016', (item) => [textElement(item, 0x0040a160, 'UT', ['SN-4711'])]),
      content(owner, 'DATE', '121031', (item) => [textElement(item, 0x0040a121, 'DA', ['19400101'])]),
      content(owner, 'CODE', '121032', (item) => [
        sequenceElement(item, 0x0040a168, [codedConceptItem(item, DCM('M', 'Male'))]),
      ]),
      content(owner, 'NUM', '121033', (item) => [measured(item, '93')]),
      content(owner, 'DATETIME', '111060', (item) => [textElement(item, 0x0040a120, 'DT', ['20170313134700.5+0100'])]),
      content(owner, 'TIME', '111061', (item) => [textElement(item, 0x0040a122, 'TM', ['134700'])]),
      content(owner, 'UIDREF', '112040', (item) => [textElement(item, 0x0040a124, 'UI', ['1.2.276.99.1.3'])]),
      content(owner, 'CONTAINER', '121070', (item) => [
        sequenceElement(item, 0x0040a730, [
          content(item, 'TEXT', '121071', (inner) => [textElement(inner, 0x0040a160, 'UT', ['Muster, Hugo: a cyst'])]),
          content(item, 'NUM', '121211', (inner) => [measured(inner, '12.5')]),
          content(item, 'CODE', '121071', (inner) => [
            sequenceElement(inner, 0x0040a168, [
              codedConceptItem(inner, { CodeValue: '1', CodingSchemeDesignator: 'SCT', CodeMeaning: 'Cyst' }),
            ]),
          ]),
          content(item, 'IMAGE', '121112', (inner) => [
            nested(inner, [0x00081199], (reference) => [
              textElement(reference, 0x00081150, 'UI', ['1.2.840.10008.5.1.4.1.1.2']),
              textElement(reference, 0x00081155, 'UI', ['1.2.276.99.1.9']),
            ]),
          ]),
        ]),
      ]),
    ]),
  ],
  { SOPClassUID: COMPREHENSIVE_SR },
);

describe('clean-structured-content', () => {
  const using = by('clean-structured-content');
  const items = applied(report, using).items(0x0040a730);

  test('keeps every item in its place, so that references to positions still hold', () => {
    expect(items.map((item) => item.string(0x0040a040))).toEqual(
      report.items(0x0040a730).map((item) => item.string(0x0040a040)),
    );
    expect(using.plan(report).methodCodes.map((code) => code.CodeValue)).toEqual(['113100', '113104']);
  });

  test('takes names, texts, dates and what says who the subject and the observers are', () => {
    expect(text(applied(report, using))).not.toMatch(/Hugo|Paula|SN-4711|19400101|20170313|134700|Male/);
    expect(items[0]!.string(0x0040a123)).toBe('ANONYMIZED^');
    expect(items[6]!.items(0x0040a300)).toEqual([]);
    expect(items[7]!.string(0x0040a120)).toBe('19000101000000');
    expect(items[9]!.string(0x0040a124)).toBe(key.uid('1.2.276.99.1.3'));
  });

  test('leaves measurements, codes, references and the maker of a device', () => {
    expect(items[2]!.string(0x0040a160)).toBe('Acme');
    const findings = items[10]!.items(0x0040a730);
    expect(followed(findings[1]!, [0x0040a300])!.string(0x0040a30a)).toBe('12.5');
    expect(readCodedConcept(followed(findings[2]!, [0x0040a168])!)?.CodeMeaning).toBe('Cyst');
    expect(followed(findings[3]!, [0x00081199])!.string(0x00081155)).toBe(key.uid('1.2.276.99.1.9'));
  });

  test('treats dates, devices, institutions and the subject as the other options have it', () => {
    const more = by(
      'clean-structured-content',
      'retain-longitudinal-modified-dates',
      'retain-device-identity',
      'retain-institution-identity',
      'retain-patient-characteristics',
    );
    const kept = applied(report, more).items(0x0040a730);
    expect(kept[1]!.string(0x0040a160)).toBe('Hospital of Hugo');
    expect(kept[3]!.string(0x0040a160)).toBe('SN-4711');
    expect(kept[4]!.string(0x0040a121)).toBe('19000101');
    expect(followed(kept[5]!, [0x0040a168])!.string(0x00080100)).toBe('M');
    expect(followed(kept[6]!, [0x0040a300])!.string(0x0040a30a)).toBe('93');
    expect(kept[7]!.string(0x0040a120)).toBe('20170210134700.5+0100');
    expect(kept[8]!.string(0x0040a122)).toBe('134700');
    const grouped = new Deidentifier({
      ...basicPolicy(),
      options: new Set(['clean-structured-content', 'retain-patient-characteristics']),
      safeHarborAges: true,
    });
    expect(applied(report, grouped).items(0x0040a730)[6]!.items(0x0040a300)).toEqual([]);
  });
});

describe('clean-graphics', () => {
  test('keeps drawings and their images, and takes text', () => {
    const header = instance(
      (owner) => [
        nested(owner, [0x00700001], (item) => [
          textElement(item, 0x00700002, 'CS', ['LAYER']),
          nested(item, [0x00700008], (inner) => [textElement(inner, 0x00700006, 'ST', ['Hugo Muster'])]),
          nested(item, [0x00700009], (inner) => [textElement(inner, 0x00700023, 'CS', ['CIRCLE'])]),
        ]),
      ],
      { SOPClassUID: '1.2.840.10008.5.1.4.1.1.11.1' },
    );
    const using = by('clean-graphics');
    const item = followed(applied(header, using), [0x00700001])!;
    expect(followed(item, [0x00700009])!.string(0x00700023)).toBe('CIRCLE');
    expect(text(item)).not.toContain('Hugo');
    expect(using.plan(header).methodCodes.map((code) => code.CodeValue)).toEqual(['113100', '113103']);
  });
});

test('ages over 89 are one category where the policy says so', () => {
  const header = instance((owner) => [textElement(owner, 0x00101010, 'AS', ['093Y'])]);
  const using = new Deidentifier({
    ...basicPolicy(),
    options: new Set(['retain-patient-characteristics']),
    safeHarborAges: true,
  });
  expect(applied(header, using).string(0x00101010)).toBe('090Y');
  expect(applied(header, by('retain-patient-characteristics')).string(0x00101010)).toBe('093Y');
});

test('dates that are to move without an offset hold the instance back', () => {
  const header = instance((owner) => [textElement(owner, 0x00080020, 'DA', ['20170313'])]);
  const using = by('retain-longitudinal-modified-dates');
  expect(using.deidentify(header, pseudonyms)).toMatchObject({
    outcome: 'quarantined',
    reason: { code: 'RULE_FAILED', message: expect.stringContaining('NO_DATE_OFFSET') },
  });
});
