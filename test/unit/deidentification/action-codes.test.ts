import { type AttributeType, resolve, type TableCode } from '../../../src/deidentification/action-codes';
import { methodCodes, OPTION_COLUMN, type ProfileOption } from '../../../src/deidentification/profile-options';

const NONE: ReadonlySet<ProfileOption> = new Set();
const options = (...names: ProfileOption[]): ReadonlySet<ProfileOption> => new Set(names);
const types: readonly (AttributeType | null)[] = ['3', '2', '2C', '1', '1C', null];

test.each([
  ['X', 'X Z Z D D X'],
  ['Z', 'Z Z Z D D Z'],
  ['D', 'D D D D D D'],
  ['U', 'U U U U U U'],
  ['Z/D', 'Z Z Z D D Z'],
  ['X/Z', 'X Z Z D D X'],
  ['X/D', 'X D D D D X'],
  ['X/Z/D', 'X Z Z D D X'],
  ['X/Z/U*', 'X Z Z U U X'],
] as const)('%s on Type 3, 2, 2C, 1, 1C and an attribute that the IOD does not have is %s', (basic, expected) => {
  expect(types.map((type) => resolve({ basic: basic as TableCode, options: '' }, NONE, type)).join(' ')).toBe(expected);
});

describe('options', () => {
  // Device dates: Retain Device Identity K, Full Dates K, Modified Dates C
  const deviceDate = { basic: 'X' as const, options: '..K..KC...' };

  test('that are not chosen say nothing', () => {
    expect(resolve(deviceDate, NONE, '3')).toBe('X');
    expect(resolve(deviceDate, options('clean-descriptors'), '3')).toBe('X');
  });

  test('override the Basic Profile', () => {
    expect(resolve(deviceDate, options('retain-device-identity'), '3')).toBe('K');
    expect(resolve(deviceDate, options('retain-longitudinal-modified-dates'), '1')).toBe('C');
  });

  test('that disagree give way to the one that removes most, in whatever order they come', () => {
    expect(resolve(deviceDate, options('retain-device-identity', 'retain-longitudinal-modified-dates'), '3')).toBe('C');
    expect(resolve(deviceDate, options('retain-longitudinal-modified-dates', 'retain-device-identity'), '3')).toBe('C');
  });

  test('on pixels have no column', () => {
    expect(OPTION_COLUMN['clean-pixel-data']).toBeNull();
    expect(resolve(deviceDate, options('clean-pixel-data'), '3')).toBe('X');
  });

  test('are named by their code of CID 7050, and none that was not in force', () => {
    expect(methodCodes(NONE).map((code) => code.CodeValue)).toEqual(['113100']);
    expect(methodCodes(options('clean-graphics', 'retain-uids')).map((code) => code.CodeValue)).toEqual([
      '113100',
      '113103',
      '113110',
    ]);
  });
});
