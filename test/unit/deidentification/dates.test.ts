import fc from 'fast-check';
import { isTemporal, shiftedDate, shiftedDateTime, shiftedValue } from '../../../src/deidentification/dates';
import { isLegalValue, safeHarborAge } from '../../../src/deidentification/legal-values';

describe('dates', () => {
  test.each([
    ['20200301', -1, '20200229'],
    ['20190301', -1, '20190228'],
    ['19000301', -1, '19000228'],
    ['20000301', -1, '20000229'],
    ['20170101', -365, '20160102'],
    ['2017.01.01', -1, '2016.12.31'],
    ['99991231', 1, null],
    ['15820101', -1, null],
    ['20170229', -1, null],
    ['20171301', -1, null],
    ['2017', -1, null],
    ['MUSTER^H', -1, null],
  ])('%s moved by %d days is %s', (value, days, expected) => {
    expect(shiftedDate(value, days)).toBe(expected);
  });

  test('move as the calendar of the language has it, from 1600 to 9999', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1600-01-01T00:00:00Z'), max: new Date('9990-01-01T00:00:00Z'), noInvalidDate: true }),
        fc.integer({ min: -3650, max: 3650 }),
        (date, days) => {
          const text = (of: Date) => of.toISOString().slice(0, 10).replaceAll('-', '');
          const moved = new Date(date.getTime() + days * 86_400_000);
          fc.pre(moved.getUTCFullYear() < 10_000);
          expect(shiftedDate(text(date), days)).toBe(text(moved));
        },
      ),
    );
  });
});

describe('date times', () => {
  test.each([
    ['20170301134700.123456+0130', '20170228134700.123456+0130'],
    ['201703011347-0500', '201702281347-0500'],
    ['2017030113', '2017022813'],
    ['20170301', '20170228'],
    ['201703', '201703'],
    ['2017', '2017'],
    ['2017+0200', '2017+0200'],
    ['20170301134760', '20170228134760'],
    ['20170301254700', null],
    ['2017030113470', null],
    ['20170301134700+9900', null],
  ])('%s a day earlier is %s', (value, expected) => {
    expect(shiftedDateTime(value, -1)).toBe(expected);
  });

  test('that end with the year or the month move by their middle', () => {
    expect(shiftedDateTime('2017', -365)).toBe('2016');
    expect(shiftedDateTime('201703', -31)).toBe('201702');
  });
});

test.each([
  ['DA', '20170301-20170305', '20170228-20170304'],
  ['DA', '-20170301', '-20170228'],
  ['DA', '20170301-', '20170228-'],
  ['DT', '20170301-20170302', '20170228-20170301'],
  ['DT', '20170301120000-0500-20170302', '20170228120000-0500-20170301'],
  ['TM', '1200-1300', '1200-1300'],
  ['TM', '12:30:00', '12:30:00'],
  ['TM', '120000.5', '120000.5'],
  ['TM', '2500', null],
  ['TM', 'HUGO', null],
  ['SH', '+0200', '+0200'],
  ['SH', 'BERLIN', null],
  ['DA', '-', null],
])('a %s of %s is %s a day earlier', (vr, value, expected) => {
  expect(shiftedValue(value, vr, -1)).toBe(expected);
});

test('forms that a VR prescribes are told from text', () => {
  expect(isLegalValue('042Y', 'AS')).toBe(true);
  expect(isLegalValue('42', 'AS')).toBe(false);
  expect(isLegalValue('MUSTER^HUGO', 'DS')).toBe(false);
  expect(isLegalValue('-1.5E-3', 'DS')).toBe(true);
  expect(isLegalValue('Hugo', 'CS')).toBe(false);
  expect(isLegalValue('20170230', 'DA')).toBe(false);
  expect(isTemporal('20170228', 'DA')).toBe(true);
});

test.each([
  ['089Y', '089Y'],
  ['090Y', '090Y'],
  ['103Y', '090Y'],
  ['999M', '999M'],
  ['012W', '012W'],
])('an age of %s is given as %s', (age, expected) => {
  expect(safeHarborAge(age)).toBe(expected);
});
