import { isReversible } from '../../../src/commands/reversibility';

type Asked = Parameters<typeof isReversible>[0];

const asked = (kind: Asked['kind'], more: { preset?: string; reversible?: boolean } = {}): Asked => ({
  kind,
  ...(more.reversible === undefined ? {} : { reversible: more.reversible }),
  deidentification: {
    ...(more.preset === undefined ? {} : { preset: more.preset }),
    options: [],
    withoutOptions: [],
    overrides: [],
    constants: {},
    keepWeekday: false,
  } as unknown as Asked['deidentification'],
});

describe('a project leads back to the patient', () => {
  test.each(['clinical-trial', 'research-collection'] as const)('as a %s', (kind) => {
    expect(isReversible(asked(kind))).toBe(true);
    expect(isReversible(asked(kind, { preset: kind }))).toBe(true);
    expect(isReversible(asked(kind, { preset: 'basic' }))).toBe(true);
  });

  test.each(['teaching-file', 'publication'] as const)('never as a %s, whatever its preset', (kind) => {
    expect(isReversible(asked(kind))).toBe(false);
    expect(isReversible(asked(kind, { preset: 'basic' }))).toBe(false);
  });

  test('not under a preset that promises otherwise', () => {
    expect(isReversible(asked('research-collection', { preset: 'publication' }))).toBe(false);
  });

  test('where the configuration says so, and not where it says no', () => {
    expect(isReversible(asked('teaching-file', { reversible: true }))).toBe(true);
    expect(isReversible(asked('clinical-trial', { reversible: false }))).toBe(false);
  });
});
