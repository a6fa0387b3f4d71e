import fc from 'fast-check';
import { CharacterSet } from '../../src/dicom/character-set';

const RUNS = Number(process.env.FAST_CHECK_RUNS ?? 80);

/** Characters that each set can spell, beside ASCII letters. */
const SETS: readonly (readonly [values: readonly string[], characters: string])[] = [
  [[], ''],
  [['ISO_IR 100'], 'äöüéèßÿ¡'],
  [['ISO_IR 101'], 'ąłżšč'],
  [['ISO_IR 109'], 'ħĉġŭ'],
  [['ISO_IR 110'], 'ąķļ'],
  [['ISO_IR 144'], 'ЖЛюё'],
  [['ISO_IR 127'], 'قبان'],
  [['ISO_IR 126'], 'Διον'],
  [['ISO_IR 138'], 'שרון'],
  [['ISO_IR 148'], 'ğışİ'],
  [['ISO_IR 203'], '€Œž'],
  [['ISO_IR 166'], 'นามสกุล'],
  [['ISO_IR 13'], 'ﾔﾏﾀﾞ'],
  [['', 'ISO 2022 IR 87'], '山田太郎やまだソボ'],
  [['ISO 2022 IR 13', 'ISO 2022 IR 87', 'ISO 2022 IR 159'], 'ﾔﾏ山田丂侌'],
  [['', 'ISO 2022 IR 149'], '洪吉洞홍길동'],
  [['', 'ISO 2022 IR 58'], '张小东'],
  [['ISO 2022 IR 100', 'ISO 2022 IR 144', 'ISO 2022 IR 126', 'ISO 2022 IR 87'], 'äЖΔ山'],
  [['ISO_IR 192'], 'ä山홍😀'],
  [['GB18030'], 'ä山홍😀乗'],
  [['GBK'], '王小东乗'],
];

describe('laws of text', () => {
  it.each(SETS)('%j: text comes back as it went in', (values, characters) => {
    const characterSet = CharacterSet.of(values);
    const text = fc.string({ unit: fc.constantFrom(...characters, 'A', 'b', ' ', '-', '.'), maxLength: 20 });
    const name = fc
      .array(
        fc.array(text, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('^')),
        { minLength: 1, maxLength: 3 },
      )
      .map((groups) => groups.join('='));
    const lines = fc.array(text, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('\r\n'));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), lines, (names, letter) => {
        expect(characterSet.decodeValues(characterSet.encodeValues(names, 'PN'), 'PN')).toEqual(names);
        expect(characterSet.decode(characterSet.encode(letter, 'LT'), 'LT')).toBe(letter);
      }),
      { numRuns: RUNS },
    );
  });

  it('decoding never throws, and what it yields can be asked about', () => {
    const values = fc.constantFrom(...SETS.map(([each]) => each), ['UNKNOWN'], ['', 'ISO 2022 IR 999']);
    const bytes = fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0x1b, 0x24, 0x28, 0x29, 0x42, 0x4a, 0x5c)), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(values, bytes, (each, some) => {
        const characterSet = CharacterSet.of(each);
        for (const vr of ['LO', 'PN', 'LT'] as const)
          characterSet.canEncode(characterSet.decode(Uint8Array.from(some), vr));
      }),
      { numRuns: 5 * RUNS },
    );
  });
});
