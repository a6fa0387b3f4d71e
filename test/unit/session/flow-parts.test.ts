import { backoff } from '../../../src/session/backoff';
import { SESSION_STATES } from '../../../src/session/export-session';
import { inLanes } from '../../../src/session/lanes';
import { isOlderThan } from '../../../src/session/lookback';
import { planRetrievals } from '../../../src/session/retrieval';
import type { SelectedInstance } from '../../../src/session/store-port';
import { assertMayMove, mayMove } from '../../../src/session/transitions';

const DAY = 86_400_000;
const never = new AbortController().signal;

function instance(ordinal: number, series: string): SelectedInstance {
  return {
    ordinal,
    StudyInstanceUID: '1.2',
    SeriesInstanceUID: series,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: `${series}.${ordinal}`,
    state: 'selected',
    sha256: null,
    byteLength: null,
    status: null,
    warningReason: null,
  };
}

describe('transitions', () => {
  test('an ended session goes nowhere', () => {
    for (const ended of ['cancelled', 'superseded'] as const) {
      expect(SESSION_STATES.filter((state) => mayMove(ended, state))).toEqual([]);
    }
  });

  test('a completed session is only ever sent again as a whole, from the beginning', () => {
    expect(SESSION_STATES.filter((state) => mayMove('completed', state))).toEqual(['planning']);
  });

  test('nothing is completed that was not exporting', () => {
    expect(SESSION_STATES.filter((state) => mayMove(state, 'completed'))).toEqual(['exporting']);
  });

  test('a move that is not in the table is an error', () => {
    expect(() => assertMayMove('delayed', 'exporting')).toThrow('delayed to exporting');
  });
});

describe('backoff', () => {
  test('grows from two seconds to a minute and no further', () => {
    expect([0, 1, 2, 5, 500].map(backoff)).toEqual([2_000, 4_000, 8_000, 60_000, 60_000]);
  });
});

describe('lookback', () => {
  const now = new Date('2026-06-15T12:00:00Z');

  test('a selection is old only where all its dates are', () => {
    expect(isOlderThan(['20260101'], now, 30 * DAY)).toBe(true);
    expect(isOlderThan(['20260101', '20260610'], now, 30 * DAY)).toBe(false);
  });

  test('a selection without a usable date counts as new', () => {
    expect(isOlderThan([], now, DAY)).toBe(false);
    expect(isOlderThan(['yesterday'], now, DAY)).toBe(false);
  });
});

describe('retrieval', () => {
  test('a study of which most is wanted is asked for at once', () => {
    const wanted = [0, 1, 2].map((ordinal) => instance(ordinal, '1.2.1'));
    expect(planRetrievals(wanted, new Map([['1.2', new Map([['1.2.1', 3]])]]))).toEqual([{ study: '1.2', wanted }]);
  });

  test('a whole series where only the series is wanted, and single instances where little is', () => {
    const wanted = [instance(0, '1.2.1'), instance(1, '1.2.1'), instance(2, '1.2.2')];
    const present = new Map([
      [
        '1.2',
        new Map([
          ['1.2.1', 2],
          ['1.2.2', 100],
        ]),
      ],
    ]);
    expect(planRetrievals(wanted, present).map(({ series, instance: one }) => [series, one])).toEqual([
      ['1.2.1', undefined],
      ['1.2.2', '1.2.2.2'],
    ]);
  });
});

describe('lanes', () => {
  test('never work on more than so many at a time', async () => {
    let now = 0;
    let most = 0;
    await inLanes([1, 2, 3, 4, 5, 6, 7], 3, never, async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      now -= 1;
    });
    expect(most).toBe(3);
  });

  test('stop at the first error, tell the others, and throw that error', async () => {
    const begun: number[] = [];
    const told: boolean[] = [];
    await expect(
      inLanes([1, 2, 3, 4], 2, never, async (item, signal) => {
        begun.push(item);
        if (item === 1) throw new Error('first');
        await new Promise((resolve) => setTimeout(resolve, 5));
        told.push(signal.aborted);
      }),
    ).rejects.toThrow('first');
    expect(begun).toEqual([1, 2]);
    expect(told).toEqual([true]);
  });
});
