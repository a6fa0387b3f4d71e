import {
  basicPolicy,
  Deidentifier,
  type ProfileOption,
  type Pseudonyms,
} from '../../../src/deidentification/deidentifier';
import { type DataSet, numberElement, sequenceElement, textElement } from '../../../src/dicom/data-set';
import { encodeDataSet } from '../../../src/dicom/part10/write';
import { instance, key, markedElement, nested, pseudonyms } from '../../support/deidentification-samples';

const deidentifier = new Deidentifier(basicPolicy());

function applied(header: DataSet, using: Pseudonyms = pseudonyms, by = deidentifier): DataSet {
  return by.apply(header, by.plan(header), using);
}
function verdict(header: DataSet) {
  const { verdict: result } = deidentifier.plan(header);
  return result.outcome === 'passed' ? 'passed' : result.reason.code;
}
const VIEW_CODE_SEQUENCE = 0x00540220;

describe('what is held back', () => {
  test.each([
    ['without SOP Class UID', 0x00080016],
    ['without SOP Instance UID', 0x00080018],
    ['without Study Instance UID', 0x0020000d],
    ['without Series Instance UID', 0x0020000e],
  ])('an object %s is no instance', (_, tag) => {
    expect(verdict(instance((owner) => [textElement(owner, tag, 'UI', [])]))).toBe('NOT_AN_INSTANCE');
    const whole = instance();
    expect(verdict(whole.withElements(whole.elements.filter((element) => element.tag !== tag)))).toBe(
      'NOT_AN_INSTANCE',
    );
  });

  test('a SOP Class UID that is none does not pass as one', () => {
    expect(verdict(instance(() => [], { SOPClassUID: '1.2.03' }))).toBe('NOT_AN_INSTANCE');
  });

  test('a media directory is never passed on', () => {
    expect(verdict(instance(() => [], { SOPClassUID: '1.2.840.10008.1.3.10' }))).toBe('MEDIA_DIRECTORY');
    expect(verdict(instance((owner) => [sequenceElement(owner, 0x00041220, [])]))).toBe('MEDIA_DIRECTORY');
  });

  test.each(['1', '2', '3', '4', '5'])('an encapsulated document .104.%s is never passed silently', (last) => {
    expect(verdict(instance(() => [], { SOPClassUID: `1.2.840.10008.5.1.4.1.1.104.${last}` }))).toBe(
      'ENCAPSULATED_DOCUMENT',
    );
  });

  test('overlay bits in the pixel data cannot be cleared yet', () => {
    const embedded = instance((owner) => [numberElement(owner, 0x60020102, 'US', [12])]);
    expect(verdict(embedded)).toBe('EMBEDDED_OVERLAY');
    const withData = instance((owner) => [
      numberElement(owner, 0x60020102, 'US', [12]),
      markedElement(owner, 0x60023000, 'OW'),
    ]);
    expect(verdict(withData)).toBe('passed');
    expect(verdict(instance((owner) => [numberElement(owner, 0x60000102, 'US', [0])]))).toBe('passed');
  });

  test('has no changes, and cannot be applied', () => {
    const header = instance(() => [], { SOPClassUID: '1.2.840.10008.1.3.10' });
    const plan = deidentifier.plan(header);
    expect(plan.changes).toEqual([]);
    expect(() => deidentifier.apply(header, plan, pseudonyms)).toThrow(
      expect.objectContaining({ code: 'MEDIA_DIRECTORY', kind: 'cannot' }),
    );
    expect(deidentifier.deidentify(header, pseudonyms).outcome).toBe('quarantined');
  });

  test('a SOP Class that the standard does not know passes, read strictly', () => {
    const header = instance((owner) => [markedElement(owner, 0x00080012, 'DA')], { SOPClassUID: '1.3.46.670589.99' });
    expect(applied(header).has(0x00080012)).toBe(false);
  });
});

describe('failure', () => {
  const secret = 'Geheim^Gerda';
  const header = instance((owner) => [
    textElement(owner, 0x00100010, 'PN', [secret]),
    nested(owner, [VIEW_CODE_SEQUENCE], (item) => [textElement(item, 0x00081155, 'UI', ['1.2.3.99'])]),
  ]);

  test('of a pseudonym holds the instance back, with the path and without a value', () => {
    const failing: Pseudonyms = {
      ...pseudonyms,
      uid: (source) => {
        if (source === '1.2.3.99') throw new Error(`no UID for ${source} of ${secret}`);
        return key.uid(source);
      },
    };
    const outcome = deidentifier.deidentify(header, failing);
    expect(outcome).toMatchObject({ outcome: 'quarantined', reason: { code: 'RULE_FAILED' } });
    const text = JSON.stringify(outcome);
    expect(text).toContain('00540220/0/00081155');
    expect(text).not.toMatch(/Gerda|1\.2\.3\.99/);
  });

  test('of what the character set cannot spell is RULE_FAILED', () => {
    const outcome = deidentifier.deidentify(header, { ...pseudonyms, PatientName: '見本^一' });
    expect(outcome).toMatchObject({ reason: { code: 'RULE_FAILED', message: expect.stringContaining('00100010') } });
  });

  test('of a UID that is none is RULE_FAILED', () => {
    expect(() => applied(header, { ...pseudonyms, uid: () => 'not a uid' })).toThrow(
      expect.objectContaining({ code: 'RULE_FAILED' }),
    );
  });

  test('of a value that was skipped on reading and would have to stay is RULE_FAILED', () => {
    const elements = instance().elements.map((element) =>
      element.tag === 0x00280301 ? Object.create(element, { elided: { value: true } }) : element,
    );
    expect(verdict(instance().withElements(elements))).toBe('RULE_FAILED');
  });

  test('a plan does nothing to another data set', () => {
    const other = instance((owner) => [textElement(owner, 0x00080070, 'LO', ['Acme'])]);
    const plan = deidentifier.plan(header);
    expect(() => deidentifier.apply(other, plan, pseudonyms)).toThrow(
      expect.objectContaining({ code: 'PLAN_OF_ANOTHER' }),
    );
  });
});

describe('the plan', () => {
  const header = instance((owner) => [
    textElement(owner, 0x00081030, 'LO', ['Knee of Hugo']),
    textElement(owner, 0x00100010, 'PN', ['Muster^Hugo']),
    nested(owner, [VIEW_CODE_SEQUENCE, 0x00540222], (item) => [textElement(item, 0x00104000, 'LT', ['Hugo again'])]),
    textElement(owner, 0x00091001, 'LO', ['private Hugo']),
  ]);
  const plan = deidentifier.plan(header);

  test('names path, keyword, action and rule of each change', () => {
    const changes = plan.changes.map(({ path, keyword, action, rule }) => ({ path, keyword, action, rule }));
    expect(changes).toEqual(
      expect.arrayContaining([
        { path: '00081030', keyword: 'StudyDescription', action: 'X', rule: 'E.1-1' },
        { path: '00100010', keyword: 'PatientName', action: 'Z', rule: 'E.1-1' },
        { path: '00540220/0/00540222/0/00104000', keyword: 'PatientComments', action: 'X', rule: 'E.1-1' },
        { path: '00091001', keyword: '', action: 'X', rule: 'E.1-1 private' },
        { path: '00120062', keyword: 'PatientIdentityRemoved', action: 'add', rule: 'PS3.15 E.1.1' },
      ]),
    );
    expect(plan).toMatchObject({ edition: '2026d', verdict: { outcome: 'passed' } });
    expect(plan.methodCodes.map((code) => code.CodeValue)).toEqual(['113100']);
  });

  test('can be written down, and holds no value', () => {
    const text = JSON.stringify(plan.changes);
    expect(text).toContain('"path":"00540220/0/00540222/0/00104000"');
    expect(text).not.toContain('Hugo');
  });

  test('leaves the original as it was', () => {
    const before = encodeDataSet(header);
    deidentifier.apply(header, plan, pseudonyms);
    expect(Buffer.compare(before, encodeDataSet(header))).toBe(0);
  });
});

describe('the policy', () => {
  test('refuses options on pixels, and says which', () => {
    expect(() => new Deidentifier({ ...basicPolicy(), options: new Set(['clean-pixel-data']) })).toThrow(
      expect.objectContaining({ code: 'OPTION_NOT_AVAILABLE', message: expect.stringContaining('clean-pixel-data') }),
    );
  });

  test('takes one of the two options on dates', () => {
    const options = new Set([
      'retain-longitudinal-full-dates',
      'retain-longitudinal-modified-dates',
    ] as const satisfies ProfileOption[]);
    expect(() => new Deidentifier({ ...basicPolicy(), options })).toThrow(
      expect.objectContaining({ code: 'OPTIONS_EXCLUDE_EACH_OTHER' }),
    );
  });

  test('puts constants where the profile would remove, empty or replace, and only where something was', () => {
    const constants = new Map([
      [0x00100010, 'MR^SCREEN'],
      [0x00081030, 'Teaching case'],
      [0x00080050, 'A-1'],
      [0x00100030, '19500101'],
    ]);
    const by = new Deidentifier(basicPolicy(constants));
    const header = instance((owner) => [
      textElement(owner, 0x00100010, 'PN', ['Muster^Hugo']),
      textElement(owner, 0x00081030, 'LO', ['Knee']),
      textElement(owner, 0x00080050, 'SH', []),
    ]);
    const result = applied(header, pseudonyms, by);
    expect(result.string(0x00100010)).toBe('MR^SCREEN');
    expect(result.string(0x00081030)).toBe('Teaching case');
    expect(result.string(0x00080050)).toBe('A-1');
    expect(result.has(0x00100030)).toBe(false);
    expect(by.elide(0x00081030, 'LO')).toBe(false);
  });

  test.each([
    ['a UID', 0x00080018],
    ['a sequence', 0x00400275],
    ['what the profile keeps', 0x00080070],
    ['a private attribute', 0x00091001],
  ])('refuses a constant for %s', (_, tag) => {
    expect(() => new Deidentifier(basicPolicy(new Map([[tag, '1.2.3']])))).toThrow(
      expect.objectContaining({ code: 'BAD_CONSTANT' }),
    );
  });
});

describe('the tail', () => {
  test('keeps pixel data and its offset tables, and nothing else', () => {
    for (const tag of [0x7fe00001, 0x7fe00002, 0x7fe00003, 0x7fe00008, 0x7fe00009, 0x7fe00010]) {
      expect(deidentifier.planRest(tag, 'OW')).toBe('keep');
    }
    for (const tag of [0xfffafffa, 0xfffcfffc, 0x7fe11010, 0x00100010, 0x7fe00020, 0xffff0001]) {
      expect(deidentifier.planRest(tag, 'OB')).toBe('drop');
    }
  });

  test('need not hold what goes in any case', () => {
    for (const tag of [0x00290010, 0x7fe11010, 0x50003000, 0x60003000, 0x00880200, 0xfffafffa]) {
      expect(deidentifier.elide(tag, 'OB')).toBe(true);
    }
    for (const tag of [0x00100010, 0x00081140, 0x54000100, 0x00700082, 0x7fe00010, 0x00420011]) {
      expect(deidentifier.elide(tag, 'OB')).toBe(false);
    }
  });
});
