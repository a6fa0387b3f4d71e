import fc from 'fast-check';
import { KnownIdentifiers, TextCleaner } from '../../src/deidentification/free-text';
import { headerOf } from '../support/text-headers';

const cleaner = new TextCleaner();
const nobody = KnownIdentifiers.collect([]);

/** Made of syllables that no clinical word begins with. */
const name = fc
  .array(fc.constantFrom('zor', 'quib', 'vax', 'wub', 'jik', 'nuz', 'yop'), { minLength: 2, maxLength: 3 })
  .map((syllables) => syllables.join(''));
const CLINICAL = [
  'CT',
  'Head',
  'w/o',
  'Contrast',
  'axial',
  'T2W',
  'Schädel',
  'nativ',
  'B40f',
  '5mm',
  'knee',
  'left',
  'FLAIR',
];
const clinical = fc.constantFrom(...CLINICAL);
const separator = fc.constantFrom(' ', '-', '/', '_', ', ', '. ', ' (', '\n', '^', ': ');
const soup = fc
  .array(
    fc.oneof(
      clinical,
      name,
      separator,
      fc.string({ maxLength: 8 }),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
      fc.constantFrom(
        'Dr.',
        '2019-03-04',
        '95 years',
        'MRN: 12345',
        '山田',
        '03/04/19',
        'tel 030 1234567',
        '10:22:33',
        '(',
        ')',
        'Smith',
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

const squeezed = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

describe('laws of the cleaning of text', () => {
  test('no known name of four letters or more survives, in any casing or separator form', () => {
    const spelled = (word: string) =>
      fc
        .tuple(
          fc.array(fc.boolean(), { minLength: word.length, maxLength: word.length }),
          fc.constantFrom('', '', '', ' ', '-', '.', '_'),
        )
        .map(([upper, gap]) => [...word].map((unit, at) => (upper[at] ? unit.toUpperCase() : unit)).join(gap));
    fc.assert(
      fc.property(
        fc.tuple(name, name).chain(([family, given]) =>
          fc.record({
            family: fc.constant(family),
            given: fc.constant(given),
            written: fc.tuple(spelled(family), fc.constantFrom('', ' ', '-', '_', ', ', '^', '/'), spelled(given)),
            swapped: fc.boolean(),
            before: fc.array(clinical, { maxLength: 3 }),
            behind: fc.array(clinical, { maxLength: 3 }),
            joint: fc.constantFrom(' ', '-', '/', '_', ' - ', ', '),
          }),
        ),
        ({ family, given, written, swapped, before, behind, joint }) => {
          const known = KnownIdentifiers.collect([headerOf({ PatientName: `${family}^${given}` })]);
          const person = (swapped ? [...written].reverse() : written).join('');
          const { text } = cleaner.clean([...before, person, ...behind].join(joint), known);
          expect(squeezed(text)).not.toContain(family);
          expect(squeezed(text)).not.toContain(given);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('no known identifier survives, with or without its separators', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 10_000, max: 999_999_999 }), fc.constantFrom('', 'Q', 'PX', 'ZZW')),
        fc.constantFrom('', '-', ' ', '_', '/'),
        clinical,
        ([number, prefix], gap, word) => {
          const known = KnownIdentifiers.collect([headerOf({ PatientID: `${prefix}-${number}` })]);
          const { text } = cleaner.clean(`${word} ${prefix}${gap}${number} ${word}`, known);
          expect(squeezed(text)).not.toContain(`${number}`);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('text of clinical words survives unchanged', () => {
    fc.assert(
      fc.property(
        fc.array(clinical, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(' ', ', ', '/', '_', ' - '),
        (words, joint) => {
          const text = words.join(joint);
          expect(cleaner.clean(text, nobody)).toEqual({ text, changed: false, finding: null });
        },
      ),
    );
  });

  test('what is clean stays as it is, and never grows by more than the mark of an age', () => {
    const known = KnownIdentifiers.collect([
      headerOf({ PatientName: 'Smith^Zorquib=山田^太郎', PatientID: 'ZZ-90210' }),
    ]);
    fc.assert(
      fc.property(soup, (text) => {
        const once = cleaner.clean(text, known);
        const twice = cleaner.clean(once.text, known);
        expect(twice.text).toBe(once.text);
        expect(twice.finding).toBeNull();
        expect(once.text.length).toBeLessThanOrEqual(text.length + 2 * (text.match(/9\d|1[0-4]\d/g)?.length ?? 0));
      }),
      { numRuns: 2000 },
    );
  });

  test('a text of 64 KB takes no longer than its length asks for', () => {
    const known = KnownIdentifiers.collect([headerOf({ PatientName: 'Smith^John', PatientID: 'ZZ-90210' })]);
    const size = 65_536;
    for (const unit of [
      'a',
      '1',
      'Aa',
      '1.',
      '1-',
      'a1',
      ' ',
      '(',
      'Smith ',
      'smith',
      '^',
      'a^',
      'Dr. ',
      'A.',
      '@',
      'a@',
      '0 ',
      '1/1/',
      '12:',
      'Jan ',
      '山',
      '山 ',
      'É',
      'Aa, ',
      '01.02.2019 ',
      'x-y_z/',
      '\n',
      ':',
      'id ',
      'ab.com',
      '+49 ',
      '2019年',
    ]) {
      const text = unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
      const start = performance.now();
      cleaner.clean(text, known);
      expect({ unit, slow: performance.now() - start > 2500 }).toEqual({ unit, slow: false });
    }
  });
});
