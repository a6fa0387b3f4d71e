import { Deidentifier } from '../../../src/deidentification/deidentifier';
import { policyOf } from '../../../src/deidentification/policy-of';
import { PRESET_NAMES, PRESETS } from '../../../src/deidentification/presets';
import { AVAILABLE_OPTIONS } from '../../../src/deidentification/profile-options';
import { type DataSet, numberElement, textElement } from '../../../src/dicom/data-set';
import { instance, nested, pseudonyms } from '../../support/deidentification-samples';

const shifting = { ...pseudonyms, dateOffsetDays: -31 };
function applied(header: DataSet, choices: Parameters<typeof policyOf>[0]): DataSet {
  const by = new Deidentifier(policyOf(choices));
  return by.apply(header, by.plan(header), shifting);
}
const throwing = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

describe('presets', () => {
  const usable = PRESET_NAMES.filter((name) => PRESETS[name].options.every((option) => AVAILABLE_OPTIONS.has(option)));

  test.each(usable)('%s can be carried out', (preset) => {
    const policy = policyOf({ preset });
    expect([...policy.options]).toEqual(PRESETS[preset].options);
    expect(new Deidentifier(policy).plan(instance()).verdict.outcome).toBe('passed');
  });

  test('give and take single options', () => {
    const policy = policyOf({ options: ['retain-uids', 'clean-graphics'], withoutOptions: ['retain-safe-private'] });
    expect([...policy.options]).toEqual(['retain-uids', 'clean-graphics']);
  });

  test('of publication leaves no protocol or software version, and the attribute where an IOD asks for it', () => {
    const header = instance((owner) => [
      textElement(owner, 0x00181030, 'LO', ['HEAD Muster']),
      textElement(owner, 0x00181020, 'LO', ['5.1']),
      textElement(owner, 0x00102150, 'LO', ['XY']),
    ]);
    const result = applied(header, { preset: 'publication' });
    expect(result.has(0x00181030)).toBe(false);
    expect(result.string(0x00181020)).toBe('ANONYMIZED');
    expect(result.has(0x00102150)).toBe(false);
  });

  test.each([
    [{ preset: 'hollywood' }, 'UNKNOWN_PRESET', 'hollywood'],
    [{ options: ['keep-everything'] }, 'UNKNOWN_OPTION', 'keep-everything'],
    [{ options: ['clean-pixel-data'] }, 'OPTION_NOT_AVAILABLE', 'clean-pixel-data'],
    [{ options: ['retain-uids'], withoutOptions: ['retain-uids'] }, 'OPTIONS_EXCLUDE_EACH_OTHER', 'retain-uids'],
    [
      { options: ['retain-longitudinal-full-dates', 'retain-longitudinal-modified-dates'] },
      'OPTIONS_EXCLUDE_EACH_OTHER',
      'full-dates',
    ],
    [{ constants: { Name: 'X' } }, 'BAD_CONSTANT', 'no attribute'],
    [{ clinicalTrial: { sponsorName: 'S' } }, 'BAD_CLINICAL_TRIAL', 'protocolID is missing'],
    [{ clinicalTrial: { sponsorName: 'S', protocolID: 'P'.repeat(65) } }, 'BAD_CLINICAL_TRIAL', '64 characters'],
  ] as const)('%j is refused', (choices, code, message) => {
    expect(() => policyOf(choices)).toThrow(throwing(code, message));
  });
});

describe('overrides', () => {
  const header = instance((owner) => [
    textElement(owner, 0x00080070, 'LO', ['Acme']),
    textElement(owner, 0x00081010, 'SH', ['CT1']),
    textElement(owner, 0x00080060, 'CS', ['CT']),
    textElement(owner, 0x00104000, 'LT', ['a comment']),
    textElement(owner, 0x00185100, 'CS', ['HFS']),
    textElement(owner, 0x00190010, 'LO', ['ACME CT']),
    textElement(owner, 0x00191001, 'LO', ['mode 7']),
    numberElement(owner, 0x00280034, 'US', [1]),
    nested(owner, [0x00540220], (item) => [
      textElement(item, 0x00104000, 'LT', ['a comment']),
      textElement(item, 0x00080070, 'LO', ['Acme']),
    ]),
  ]);

  test('are done at every depth, or in the sequences they name', () => {
    const result = applied(header, {
      overrides: [
        { attribute: 'StationName', action: 'keep' },
        { attribute: 'ViewCodeSequence/PatientComments', action: 'remove' },
        { attribute: 'Manufacturer', action: 'dummy' },
        { attribute: '00185100', action: 'X' },
        { attribute: 'PatientComments', action: 'set', value: 'teaching' },
        { attribute: 'ImageComments', action: 'set', value: 'for teaching' },
        { attribute: '0019,ACME CT,01', action: 'keep' },
      ],
    });
    expect(result.string(0x00081010)).toBe('CT1');
    const item = result.items(0x00540220)[0]!;
    expect(item.has(0x00104000)).toBe(false);
    expect(item.string(0x00080070)).toBe('ANONYMIZED');
    expect(result.string(0x00080070)).toBe('ANONYMIZED');
    expect(result.element(0x00185100)?.length ?? 0).toBe(result.has(0x00185100) ? 10 : 0);
    expect(result.string(0x00104000)).toBe('teaching');
    expect(result.string(0x00204000)).toBe('for teaching');
    expect(result.string(0x00191001)).toBe('mode 7');
    expect(result.string(0x00190010)).toBe('ACME CT');
  });

  test('that keep what the profile removes take the claim of the Basic Profile with them', () => {
    const keep = [{ attribute: 'StationName', action: 'keep' }];
    const codes = (result: DataSet) => result.items(0x00120064).map((item) => item.string(0x00080100));
    const result = applied(header, { overrides: keep });
    expect(codes(result)).toEqual([]);
    expect(result.strings(0x00120063)).toEqual(['PS3.15 2026d, but for attributes kept by the project']);
    expect(codes(applied(header, { overrides: keep, options: ['retain-device-identity'] }))).toEqual(['113100']);
    expect(codes(applied(instance(), { overrides: keep }))).toEqual(['113100']);
  });

  test('are named in the plan', () => {
    const by = new Deidentifier(policyOf({ overrides: [{ attribute: 'Manufacturer', action: 'empty' }] }));
    expect(JSON.stringify(by.plan(header).changes)).toContain('"rule":"override"');
  });

  test.each([
    [{ attribute: 'Nonsense', action: 'remove' }, 'names no attribute'],
    [{ attribute: 'PatientComments', action: 'burn' }, 'no such action'],
    [{ attribute: 'PatientComments', action: 'set' }, 'needs a value'],
    [{ attribute: 'PatientComments', action: 'remove', value: 'x' }, 'with set only'],
    [{ attribute: 'PatientName', action: 'keep' }, 'never kept'],
    [{ attribute: 'SOPInstanceUID', action: 'remove' }, 'cannot do without'],
    [{ attribute: 'Rows', action: 'remove' }, 'cannot do without'],
    [{ attribute: 'PatientName', action: 'uid' }, 'VR UI'],
    [{ attribute: 'StudyDate', action: 'clean' }, 'no text'],
    [{ attribute: 'PatientName/PatientID', action: 'remove' }, 'only sequences'],
    [{ attribute: '0019,ACME,01', action: 'dummy' }, 'kept or removed'],
    [{ attribute: '00020010', action: 'remove' }, 'no attribute of an instance'],
  ])('%j is refused with the number of the entry', (entry, message) => {
    const good = { attribute: 'PatientComments', action: 'remove' };
    const overrides = [good, entry].filter((each, n) => n === 1 || each.attribute !== entry.attribute);
    expect(() => policyOf({ overrides })).toThrow(throwing('BAD_OVERRIDE', message));
    expect(() => policyOf({ overrides })).toThrow(throwing('BAD_OVERRIDE', `override ${overrides.length}`));
  });

  test('name an attribute once', () => {
    const twice = [
      { attribute: 'StationName', action: 'keep' },
      { attribute: '00081010', action: 'remove' },
    ];
    expect(() => policyOf({ overrides: twice })).toThrow(throwing('BAD_OVERRIDE', 'override 2'));
  });
});
