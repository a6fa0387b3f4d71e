import { type TrialStudy, timePointsByOrder } from '../../../src/session/time-points';

const LIST = ['BL', 'W4', 'W8', 'W12'];
const study = (name: string, date: string, timePoint: string | null = null): TrialStudy => ({
  study: name,
  date,
  timePoint,
});
const proposed = (...studies: readonly TrialStudy[]) => Object.fromEntries(timePointsByOrder(LIST, studies));

describe('time points by the order of study dates', () => {
  test('begin with the first of the list, whatever the order of the studies', () => {
    expect(proposed(study('b', '20200201'), study('a', '20200101'))).toEqual({ a: 'BL', b: 'W4' });
  });

  test('are the same for studies of one day', () => {
    expect(proposed(study('ct', '20200101'), study('mr', '20200101'), study('next', '20200201'))).toEqual({
      ct: 'BL',
      mr: 'BL',
      next: 'W4',
    });
    expect(proposed(study('ct', '20200101', 'W8'), study('mr', '20200101'))).toEqual({ mr: 'W8' });
  });

  test('go on after those that are given', () => {
    expect(proposed(study('a', '20200101', 'W4'), study('b', '20200201'))).toEqual({ b: 'W8' });
  });

  test('do not guess where there is no room between two, or no more in the list', () => {
    expect(proposed(study('a', '20200101', 'BL'), study('b', '20200115'), study('c', '20200201', 'W4'))).toEqual({});
    expect(proposed(study('a', '20200101', 'BL'), study('b', '20200115'), study('c', '20200201', 'W8'))).toEqual({
      b: 'W4',
    });
    expect(proposed(study('a', '20200101', 'W12'), study('b', '20200201'))).toEqual({});
  });

  test('do not guess for studies without a date, and pass over unscheduled ones', () => {
    expect(proposed(study('a', ''), study('b', '20200101'))).toEqual({ b: 'BL' });
    expect(proposed(study('a', '20200101', 'BL'), study('x', '20200110', 'EXTRA'), study('b', '20200201'))).toEqual({
      b: 'W4',
    });
  });
});
