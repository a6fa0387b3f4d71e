import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { KnownIdentifiers, TextCleaner } from '../../../src/deidentification/free-text';
import { newItem, sequenceElement } from '../../../src/dicom/data-set';
import { headerOf } from '../../support/text-headers';

const nobody = KnownIdentifiers.collect([]);

/** Ten days later, for days of March 2019. */
const shiftDate = (da: string): string | null => (da.startsWith('201903') ? `201903${Number(da.slice(6)) + 10}` : null);

describe('dates that are moved', () => {
  const cleaner = new TextCleaner({ shiftDate });
  const known = KnownIdentifiers.collect([headerOf({ PatientBirthDate: '20190309', StudyDate: '20190304' })]);

  test.each([
    ['CT 2019-03-04 Head', 'CT 2019-03-14 Head'],
    ['CT 20190304 Head', 'CT 20190314 Head'],
    ['CT 20190304101500 Head', 'CT 20190314101500 Head'],
    ['CT 2019-03-04 10:22:33 Head', 'CT 2019-03-14 10:22:33 Head'],
    ['CT vom 4.3.2019', 'CT vom 14.3.2019'],
    ['CT 3/4/2019', 'CT 3/14/2019'],
    ['CT 04.03.19', 'CT 14.03.19'],
    ['CT 4 March 2019', 'CT 14 March 2019'],
    ['CT 04MAR2019', 'CT 14MAR2019'],
    ['CT March 4th, 2019', 'CT March 14th, 2019'],
    ['CT 4. März 2019', 'CT 14. März 2019'],
    ['2019年3月4日 胸部', '2019年3月14日 胸部'],
  ])('%s → %s', (text, moved) => {
    expect(cleaner.clean(text, known)).toMatchObject({ text: moved, changed: true, finding: null });
  });

  test('a date of birth goes instead, as does a date that cannot be moved or read', () => {
    expect(cleaner.clean('CT 9.3.2019 Head', known).text).toBe('CT Head');
    expect(cleaner.clean('CT 2018-03-04 Head', known).text).toBe('CT Head');
    expect(cleaner.clean('CT 5/6/2019 Head', known).text).toBe('CT Head');
  });
});

describe('what is known', () => {
  test('names are collected from items at every depth', () => {
    const inner = headerOf({ PersonName: 'Testnest^Deep' });
    const empty = headerOf({});
    let nested = empty.withElements([
      sequenceElement(empty, 0x0040a073, [
        newItem(empty, () => inner.elements.filter(({ tag }) => tag === 0x0040a123)),
      ]),
    ]);
    for (let depth = 0; depth < 1000; depth++) {
      const item = nested;
      nested = empty.withElements([sequenceElement(empty, 0x0040a730, [newItem(empty, () => item.elements)])]);
    }
    expect(new TextCleaner().clean('CT Testnest', KnownIdentifiers.collect([nested])).text).toBe('CT');
  });

  test('the identifiers of two sets are searched for together', () => {
    const both = KnownIdentifiers.collect([headerOf({ PatientName: 'Zorquib^A' })]).with(
      KnownIdentifiers.collect([headerOf({ PatientName: 'Wubjik^B' })]),
    );
    expect(new TextCleaner().clean('Zorquib Wubjik CT', both)).toMatchObject({
      text: 'CT',
      changed: true,
      finding: null,
    });
  });

  test('a placeholder is nobody', () => {
    const known = KnownIdentifiers.collect([
      headerOf({ PatientName: 'Anonymous', OperatorsName: 'CT', PatientID: 'TEST' }),
    ]);
    expect(new TextCleaner().clean('CT test', known)).toMatchObject({ text: 'CT test', changed: false, finding: null });
  });
});

describe('what people have decided', () => {
  test('a word that the project found harmless is no finding, however it is written', () => {
    const cleaner = new TextCleaner({ alsoHarmless: new Set(['Blörbo']) });
    expect(cleaner.clean('CT BLORBO', nobody)).toMatchObject({ text: 'CT BLORBO', changed: false, finding: null });
  });

  test('a text that was decided once is not asked again', () => {
    const cleaner = new TextCleaner({ decisions: new Map([['CT Blorbo Quux', 'CT Blorbo']]) });
    expect(cleaner.clean('CT Blorbo Quux', nobody)).toMatchObject({ text: 'CT Blorbo', changed: true, finding: null });
  });

  test('a decision lets out no date of the study, telephone number or address', () => {
    const known = KnownIdentifiers.collect([headerOf({ StudyDate: '20190304' })]);
    const typed = 'CT 4.3.2019, Tel. 07531 884499, nobody@example.org';
    const cleaner = new TextCleaner({ decisions: new Map([['CT Blorbo', typed]]) });
    expect(cleaner.clean('CT Blorbo', known).text).toBe('CT');
    expect(cleaner.replaced(typed, typed, known).changed).toBe(true);
  });

  test('a decision does not let out the name of another patient', () => {
    const cleaner = new TextCleaner({ decisions: new Map([['CT Blorbo', 'CT Blorbo']]) });
    const known = KnownIdentifiers.collect([headerOf({ PatientName: 'Blorbo^A' })]);
    expect(cleaner.clean('CT Blorbo', known)).toMatchObject({ text: 'CT', changed: true, finding: null });
  });
});

test('the generated words are those of data/standard', () => {
  const script = join(__dirname, '../../../scripts/generate-clinical-words.mjs');
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
});
