import { SESSION_STATES } from '../../../src/session/export-session';
import { mayMove } from '../../../src/session/transitions';
import { formatPath, groupChanges, keywordInWords } from '../../../src/web/words/changes';
import { GROUPS, STATE_WORDS, statesOf } from '../../../src/web/words/states';
import { cut, plural, sentence, size, text, visible } from '../../../src/web/words/text';
import { moment, until } from '../../../src/web/words/time';

const NOW = new Date('2026-03-04T05:06:07Z');
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

describe('states in words', () => {
  test('every state is in one tab of the worklist', () => {
    expect(GROUPS.flatMap(({ name }) => statesOf(name)).sort()).toEqual([...SESSION_STATES].sort());
  });

  test('cancelling is offered exactly where a session can still be cancelled', () => {
    for (const state of SESSION_STATES) {
      expect([state, STATE_WORDS[state].actions.includes('cancel')]).toEqual([state, mayMove(state, 'cancelled')]);
    }
  });

  test('no two states have the same badge', () => {
    expect(new Set(SESSION_STATES.map((state) => STATE_WORDS[state].badge)).size).toBe(SESSION_STATES.length);
  });
});

describe('text from outside', () => {
  test('that is short is shown whole', () => {
    expect(text('For Teaching File Export')).toEqual({ shown: 'For Teaching File Export', rest: null, hidden: 0 });
  });

  test('that is long is cut, with a rest to unfold and a count of what is left out', () => {
    const { shown, rest, hidden } = text('x'.repeat(65_536), 100);
    expect([shown.length, rest?.length, hidden]).toEqual([100, 2000, 65_536 - 2100]);
  });

  test('is never cut inside a character', () => {
    const { shown, rest } = text('𝔘'.repeat(300), 100);
    expect([[...shown].length, [...(rest ?? '')].length]).toEqual([100, 200]);
    expect(shown + rest).toBe('𝔘'.repeat(300));
  });

  test('shows by name what would act instead of being seen', () => {
    expect(visible('a\u202eb\u0000c\u009fd')).toBe('a[U+202E]b[U+0000]c[U+009F]d');
    expect(visible('one\r\ntwo\tthree')).toBe('one two three');
    expect(visible('\ud800')).toBe('\ufffd');
  });

  test('keeps every script as it is', () => {
    for (const name of ['山田^太郎', '김^희중', 'يعقوب^محمد', 'Äneas^Rüdiger', 'שרון^דבורה'])
      expect(visible(name)).toBe(name);
  });

  test('in a title ends in an ellipsis where it was cut', () => {
    expect(cut('x'.repeat(50), 10)).toBe(`${'x'.repeat(10)}…`);
    expect(cut('short', 10)).toBe('short');
  });
});

test('numbers are written for people', () => {
  expect([plural(0, 'try', 'tries'), plural(1, 'try', 'tries'), plural(12_345, 'instance')]).toEqual([
    '0 tries',
    '1 try',
    '12,345 instances',
  ]);
  expect([0, 999, 1000, 99_949, 527_104, 999_600, 1_500_000, 4.2e9].map(size)).toEqual([
    '0 B',
    '999 B',
    '1.0 KB',
    '99.9 KB',
    '527 KB',
    '1.0 MB',
    '1.5 MB',
    '4.2 GB',
  ]);
  expect(sentence('the Receiver does not answer')).toBe('The Receiver does not answer');
});

describe('time in words', () => {
  test('a moment is given to machines, precisely, and from now', () => {
    expect(moment(at(-90), NOW)).toEqual({
      iso: '2026-03-04T05:04:37.000Z',
      absolute: '2026-03-04 05:04:37 UTC',
      relative: '1 minute ago',
    });
    expect([-2, -35, -3_700, -200_000, 30].map((seconds) => moment(at(seconds), NOW).relative)).toEqual([
      'just now',
      '35 seconds ago',
      '1 hour ago',
      '2 days ago',
      'in 30 seconds',
    ]);
  });

  test('what is due says when, and now where it is overdue', () => {
    expect([-5, 0, 0.2, 20, 119, 120, 3_600, 9_000].map((seconds) => until(at(seconds), NOW))).toEqual([
      'now',
      'now',
      'in 1 s',
      'in 20 s',
      'in 119 s',
      'in 2 min',
      'in 60 min',
      'in 3 h',
    ]);
  });
});

describe('changes of attributes', () => {
  test('paths are written as the standard writes tags, without item numbers', () => {
    expect(formatPath('00100010')).toBe('(0010,0010)');
    expect(formatPath('00400275/0/00400007')).toBe('(0040,0275) › (0040,0007)');
    expect(formatPath('0040a730/12/0040a730/3/0040a160')).toBe('(0040,A730) › (0040,A730) › (0040,A160)');
  });

  test('keywords are read as names', () => {
    expect(
      ['PatientBirthDate', 'SOPInstanceUID', 'OtherPatientIDs', 'UDISequence', 'RTPlanLabel', ''].map(keywordInWords),
    ).toEqual(['Patient Birth Date', 'SOP Instance UID', 'Other Patient IDs', 'UDI Sequence', 'RT Plan Label', '']);
  });

  test('items of a sequence share a row, SOP Classes add up, and an unknown action is not lost', () => {
    const change = (SOPClassUID: string, path: string, action: string, instances: number) => ({
      SOPClassUID,
      path,
      keyword: 'K',
      action,
      rule: 'E.1-1',
      instances,
    });
    const groups = groupChanges([
      change('1', '00081140/0/00081155', 'U', 10),
      change('1', '00081140/1/00081155', 'U', 4),
      change('2', '00081140/0/00081155', 'U', 3),
      change('1', '00100010', 'Q', 10),
      change('1', '00100010', 'X', 10),
    ]);
    expect(groups.map(({ action, rows }) => [action, rows.map(({ path, instances }) => [path, instances])])).toEqual([
      ['X', [['(0010,0010)', 10]]],
      ['U', [['(0008,1140) › (0008,1155)', 13]]],
      ['Q', [['(0010,0010)', 10]]],
    ]);
  });
});
