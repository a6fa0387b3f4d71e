import { basicPolicy, Deidentifier, type ProfileOption } from '../../../src/deidentification/deidentifier';
import { type DataSet, newItem, sequenceElement, textElement } from '../../../src/dicom/data-set';
import { instance, nested, pseudonyms } from '../../support/deidentification-samples';

const by = (...options: ProfileOption[]) => new Deidentifier({ ...basicPolicy(), options: new Set(options) });
const descriptors = by('clean-descriptors');
const shifting = { ...pseudonyms, dateOffsetDays: -31 };
const applied = (header: DataSet, using = descriptors) => using.apply(header, using.plan(header), shifting);
const codes = (header: DataSet) => descriptors.plan(header).methodCodes.map((code) => code.CodeValue);

const named = (description: string) =>
  instance((owner) => [
    textElement(owner, 0x00100010, 'PN', ['Musterfrau^Paula']),
    textElement(owner, 0x00081030, 'LO', [description]),
  ]);

describe('clean-descriptors', () => {
  test('keeps what is clinical and loses who it is about', () => {
    expect(applied(named('Musterfrau-CT/Head w/o Contrast')).string(0x00081030)).toBe('CT/Head w/o Contrast');
    expect(codes(named('CT Head'))).toEqual(['113100', '113105']);
    const harmless = named('CT Head');
    expect(applied(harmless).element(0x00081030)).toBe(harmless.element(0x00081030));
  });

  test('goes into request attributes and the meanings of local codes', () => {
    const header = instance((owner) => [
      textElement(owner, 0x00100010, 'PN', ['Musterfrau^Paula']),
      nested(owner, [0x00400275], (item) => [
        textElement(item, 0x00400007, 'LO', ['CT Head Musterfrau']),
        textElement(item, 0x00401001, 'SH', ['RP-4711']),
        sequenceElement(item, 0x00400008, [
          newItem(item, (code) => [
            textElement(code, 0x00080100, 'SH', ['X1']),
            textElement(code, 0x00080102, 'SH', ['99LOCAL']),
            textElement(code, 0x00080104, 'LO', ['CT for Musterfrau']),
          ]),
        ]),
      ]),
    ]);
    const text = JSON.stringify(
      applied(header)
        .items(0x00400275)[0]!
        .elements.map(({ tag }) => tag),
    );
    const item = applied(header).items(0x00400275)[0]!;
    expect(text).not.toBe('[]');
    expect(item.string(0x00400007)).toBe('CT Head');
    expect(item.string(0x00401001)).not.toBe('RP-4711');
    expect(item.items(0x00400008)[0]!.string(0x00080104)).not.toContain('Musterfrau');
  });

  test('does as the Basic Profile where nothing of a text may stay', () => {
    expect(applied(named('Musterfrau')).has(0x00081030)).toBe(false);
  });

  test('moves dates in text with the others', () => {
    const header = named('CT Head 2017-03-13');
    const result = applied(header, by('clean-descriptors', 'retain-longitudinal-modified-dates')).string(0x00081030);
    expect(result).toBe('CT Head 2017-02-10');
    expect(applied(header).string(0x00081030)).not.toContain('2017');
  });
});

describe('text that a person has to look at', () => {
  const header = named('CT Head Xyqwertz');

  test('is a finding, and what is proposed takes its place', () => {
    const plan = descriptors.plan(header);
    expect(plan.verdict.outcome).toBe('passed');
    expect(plan.findings).toHaveLength(1);
    expect(plan.findings![0]).toMatchObject({ path: '00081030', severity: 'review', reason: 'UNKNOWN_WORD' });
    expect(applied(header).string(0x00081030)).toBe('CT Head');
  });

  test('is not in what is written down of the finding', () => {
    const text = JSON.stringify(descriptors.plan(header).findings);
    expect(text).toContain('00081030');
    expect(text).not.toMatch(/Xyqwertz|CT Head/);
  });

  test('holds the instance back where that is asked for', () => {
    const plan = descriptors.plan(header, { onFinding: 'hold' });
    expect(plan.verdict).toMatchObject({ outcome: 'quarantined', reason: { code: 'TEXT_NEEDS_REVIEW' } });
    expect(plan.findings![0]!.proposal).toBe('CT Head');
    expect(() => descriptors.apply(header, plan, pseudonyms)).toThrow(
      expect.objectContaining({ code: 'TEXT_NEEDS_REVIEW' }),
    );
  });

  test('is as it was decided before', () => {
    const decided = (text: string) =>
      text === 'CT Head Xyqwertz' ? ({ decision: 'edit', replacement: 'CT Head special' } as const) : undefined;
    const plan = descriptors.plan(header, { onFinding: 'hold', decided });
    expect(plan.verdict.outcome).toBe('passed');
    expect(descriptors.apply(header, plan, pseudonyms).string(0x00081030)).toBe('CT Head special');
  });

  test('keeps the words a person found harmless, and still neither a name nor a date', () => {
    const text = 'CT Head Xyqwertz of Musterfrau 2017-03-05';
    const of = named(text);
    const decided = () => ({ decision: 'keep' }) as const;
    const plan = descriptors.plan(of, { decided });
    expect(plan.findings).toEqual([]);
    const kept = descriptors.apply(of, plan, pseudonyms).string(0x00081030);
    expect(kept).toContain('CT Head Xyqwertz');
    expect(kept).not.toMatch(/Musterfrau|2017/);
  });

  test('is the proposal, or nothing, where a person said so', () => {
    for (const [decision, result] of [
      ['accept', 'CT Head'],
      ['remove', undefined],
    ] as const) {
      const plan = descriptors.plan(header, { decided: () => ({ decision }) });
      expect(plan.findings).toEqual([]);
      expect(descriptors.apply(header, plan, pseudonyms).string(0x00081030)).toBe(result);
    }
  });
});
