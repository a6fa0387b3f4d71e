import { Deidentifier } from '../../../src/deidentification/deidentifier';
import { policyOf } from '../../../src/deidentification/policy-of';
import { PRESET_NAMES } from '../../../src/deidentification/presets';
import { type DataElement, type DataSet, textElement } from '../../../src/dicom/data-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { encodeDataSet } from '../../../src/dicom/part10/write';
import { verifierOf } from '../../../src/verification/verifier-of';
import { instance, nested, pseudonyms } from '../../support/deidentification-samples';

/** Identifiers where nobody expects them: in attributes that Table E.1-1 does not list, in codes, in URLs. */

const who = { ...pseudonyms, dateOffsetDays: -700 };
const UID = '1.2.826.0.1.3680043.9.7307.4';

interface Outcome {
  readonly reason: string | null;
  readonly result: DataSet;
}

function through(preset: string, elements: (owner: DataSet) => readonly DataElement[]): Outcome {
  const policy = policyOf({ preset });
  const deidentifier = new Deidentifier(policy);
  const bytes = encodeDataSet(
    instance((owner) => [
      textElement(owner, 0x00080020, 'DA', ['20190304']),
      textElement(owner, 0x00100010, 'PN', ['Fakesmith^Jodora']),
      textElement(owner, 0x00100020, 'LO', ['MRNFAKE7703']),
      textElement(owner, 0x00100030, 'DA', ['19500317']),
      ...elements(owner),
    ]),
  );
  const { header } = readPart10Bytes(bytes);
  const result = deidentifier.apply(header, deidentifier.plan(header), who);
  const verdict = verifierOf(policy).verify(header, result, { pseudonyms: [who.PatientID, who.PatientName] });
  return { reason: verdict.outcome === 'passed' ? null : verdict.reason.code, result };
}

const code = (owner: DataSet, value: string, scheme: string, meaning: string): DataElement[] => [
  textElement(owner, 0x00080100, 'SH', [value]),
  textElement(owner, 0x00080102, 'SH', [scheme]),
  textElement(owner, 0x00080104, 'LO', [meaning]),
];

describe.each(PRESET_NAMES)('under %s', (preset) => {
  test.each([
    ['an e-mail address', 'seg by fake.reader@example.org v2', 'seg by v2'],
    ['a telephone number', 'ask Tel. 07531 884499', 'ask'],
    ['a record number', 'patient id: X778123 refused', 'refused'],
    ['a person with a title', 'drawn by Dr. Nobodysen on CT', 'drawn by on CT'],
    ['a UID', `see ${UID}.99`, 'see'],
    ['the date of the study', 'mask of 04.03.2019 10:22', 'mask of'],
    ['the date of the study in words', 'mask of 4 March 2019', 'mask of'],
    ['the date of birth', 'born 17 March 1950', 'born'],
  ])('%s leaves text that no row of the table lists', (_, text, left) => {
    const { reason, result } = through(preset, (owner) => [textElement(owner, 0x00700081, 'LO', [text])]);
    expect(reason).toBeNull();
    expect(result.string(0x00700081)).toBe(left);
  });

  test.each([
    'syngo MR E11 2013-04-12',
    'VB10 4.0.1.2',
    'T2@1.5T, 120kV@200mA',
    'Part 123-45-6789',
    'build 20170101',
    'Dr. Head view',
    'pH 7.45',
    'Sr Plaque 12mm',
    'release 5.1.7.0.2.1.0',
    'Model 12345678',
  ])('%s stays in text that no row of the table lists', (text) => {
    const { reason, result } = through(preset, (owner) => [textElement(owner, 0x00700081, 'LO', [text])]);
    expect(reason).toBeNull();
    expect(result.string(0x00700081)).toBe(text);
  });

  test('a name in the meaning of a published code goes, and the code stays', () => {
    const { reason, result } = through(preset, (owner) => [
      nested(owner, [0x00082218], (item) => code(item, '121060', 'DCM', 'History of Jodora Fakesmith')),
    ]);
    expect(reason).toBeNull();
    const [item] = result.items(0x00082218);
    expect(item?.string(0x00080100)).toBe('121060');
    expect(item?.string(0x00080104)).toBe('History of');
  });

  test('names in attributes of retired and industrial objects go', () => {
    const { reason, result } = through(preset, (owner) => [
      textElement(owner, 0x00140104, 'PN', ['Nobodysen^Reviewa']), // SecondaryReviewerName
      textElement(owner, 0x0040a067, 'PN', ['Nobodysen^Authora']), // DocumentAuthorTrial
    ]);
    expect(reason).toBeNull();
    expect(result.has(0x00140104)).toBe(false);
    expect(result.has(0x0040a067)).toBe(false);
  });

  test('a URL with a name in it points nowhere', () => {
    const { reason, result } = through(preset, (owner) => [
      textElement(owner, 0x0008010e, 'UR', ['http://codes.example/fakesmith']), // CodingSchemeURL
    ]);
    expect(reason).toBeNull();
    expect(result.string(0x0008010e)).not.toContain('fakesmith');
  });
});

test('the class of a device is kept with the device', () => {
  const { reason, result } = through('research-collection', (owner) => [
    textElement(owner, 0x0018100b, 'UI', [`${UID}.7`]), // ManufacturerDeviceClassUID
  ]);
  expect(reason).toBeNull();
  expect(result.string(0x0018100b)).toBe(`${UID}.7`);
});

test('the meaning of a published code keeps its clinical words, also for who is named like one', () => {
  const policy = policyOf({ preset: 'teaching-file' });
  const deidentifier = new Deidentifier(policy);
  const header = instance((owner) => [
    textElement(owner, 0x00100010, 'PN', ['Head^Contrast']),
    nested(owner, [0x00082218], (item) => code(item, 'T-D1100', 'SRT', 'Head')),
  ]);
  const result = deidentifier.apply(header, deidentifier.plan(header), who);
  expect(result.items(0x00082218)[0]?.string(0x00080104)).toBe('Head');
});
