import { asDA, fullYear, isRealDay } from './calendar';

import { plainForm } from './folding';
import type { Span } from './spans';

/**
 * Dates in the forms people write them. Every quantifier is bounded and every form begins at a digit or at the name of
 * a month, so that a search takes time in proportion to the text.
 */

const MONTHS: readonly (readonly string[])[] = [
  'january february march april may june july august september october november december',
  'jan feb mar apr may jun jul aug sep oct nov dec',
  'januar februar märz april mai juni juli august september oktober november dezember',
  'jän feb mär apr mai jun jul aug sep okt nov dez',
  'janvier février mars avril mai juin juillet août septembre octobre novembre décembre',
  'janv févr mars avr mai juin juil août sept oct nov déc',
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
  'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre',
].map((row) => row.split(' '));

const SPELLINGS: Readonly<Record<string, number>> = { maerz: 3, sept: 9, fevrier: 2, decembre: 12, aout: 8, janner: 1 };

const monthNumbers = new Map<string, number>([
  ...MONTHS.flatMap((row) => row.map((name, at) => [plainForm(name), at + 1] as const)),
  ...Object.entries(SPELLINGS),
]);

const names = [...new Set([...MONTHS.flat(), ...monthNumbers.keys()])].sort((a, b) => b.length - a.length).join('|');
const DAY = '(?:0?[1-9]|[12]\\d|3[01])';
const TIME =
  '(?:[01]?\\d|2[0-3])[:h][0-5]\\d(?::[0-5]\\d(?:[.,]\\d{1,6})?)?(?: ?(?:[ap]\\.?m\\.?|uhr|z|[+-]\\d{2}:?\\d{2}))?';

interface DateForm {
  readonly pattern: RegExp;
  /** Runs only where a word of the text begins like a month. */
  readonly named: boolean;
  /** Which group is year, month, day; 'either': two numbers whose order is to be found out. */
  readonly order: 'ymd' | 'either' | 'dMy' | 'Mdy' | 'none';
}

const FORMS: readonly DateForm[] = [
  // 2019-03-04, 2019/3/4, 2019.03.04, 2019_03_04
  { pattern: /(?<![\d.])((?:1[89]|2[01])\d{2})([-./_ ])(\d{1,2})\2(\d{1,2})(?!\d)/g, named: false, order: 'ymd' },
  // 20190304, DT and TM behind it
  {
    pattern: /(?<![\d.])((?:1[89]|2[01])\d{2})()(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)/g,
    named: false,
    order: 'ymd',
  },
  {
    pattern:
      /(?<![\d.])((?:1[89]|2[01])\d{2})()(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\.\d{1,6})?)?(?:[+-]\d{4})?(?!\d))/g,
    named: false,
    order: 'ymd',
  },
  // 2019年3月4日, 2019년 3월 4일
  {
    pattern: /(?<!\d)((?:1[89]|2[01])\d{2})( ?[年년] ?)(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]?/g,
    named: false,
    order: 'ymd',
  },
  // 04.03.2019, 3/4/2019, 04-03-19
  {
    pattern: /(?<![\p{L}\d.])(\d{1,2})([-./_])(\d{1,2})\2((?:1[89]|2[01])\d{2}|\d{2})(?![\d]|[./]\d)/gu,
    named: false,
    order: 'either',
  },
  {
    pattern: /(?<![\p{L}\d.])(\d{1,2})(\. ?| )(\d{1,2})\2((?:1[89]|2[01])\d{2})(?![\d]|[./]\d)/gu,
    named: false,
    order: 'either',
  },
  // 4 March 2019, 4. März 2019, 04MAR2019, 4th of March, 2019
  {
    pattern: new RegExp(
      `(?<![\\d.])(${DAY})((?:st|nd|rd|th|er|\\.|º)?(?:[ \\-/_.]{1,2}(?:of |de )?)?)(${names})(?!\\p{L})(\\.?[ ,.\\-/_]{0,2}(?:of |de )?)((?:1[89]|2[01])\\d{2}|\\d{2})(?!\\d)`,
      'giu',
    ),
    named: true,
    order: 'dMy',
  },
  // March 4, 2019; Mar 4th 2019; Mar-04-2019
  {
    pattern: new RegExp(
      `(?<!\\p{L})(${names})(\\.?[ \\-/_]{0,2})(${DAY})((?:st|nd|rd|th)?[ ,.\\-/_]{1,3})((?:1[89]|2[01])\\d{2})(?!\\d)`,
      'giu',
    ),
    named: true,
    order: 'Mdy',
  },
  // Parts of a date: they go, as nothing says how to move them.
  {
    pattern: new RegExp(`(?<!\\p{L})(?:${names})\\.?[ ,\\-/_']{1,2}(?:(?:1[89]|2[01])\\d{2})(?!\\d)`, 'giu'),
    named: true,
    order: 'none',
  },
  {
    pattern: new RegExp(`(?<![\\d.])${DAY}(?:st|nd|rd|th|\\.)?[ \\-](?:of )?(?:${names})(?!\\p{L})`, 'giu'),
    named: true,
    order: 'none',
  },
  {
    pattern: new RegExp(`(?<!\\p{L})(?:${names})\\.?[ \\-]${DAY}(?:st|nd|rd|th)?(?![\\d\\p{L}.:])`, 'giu'),
    named: true,
    order: 'none',
  },
  { pattern: /(?<![\d./-])(?:0?[1-9]|1[0-2])[/.-](?:19|20)\d{2}(?![\d.])/g, named: false, order: 'none' },
  { pattern: /(?<![\d./-])(?:19|20)\d{2}[/-](?:0[1-9]|1[0-2])(?![\d.])/g, named: false, order: 'none' },
  // Japanese eras: 昭和32年9月13日, S32.9.13
  {
    pattern: /(?:明治|大正|昭和|平成|令和) ?(?:\d{1,2}|元)年(?: ?\d{1,2}月)?(?: ?\d{1,2}日)?/g,
    named: false,
    order: 'none',
  },
  { pattern: /(?<![\p{L}\d])[MTSHR]\d{1,2}([./])\d{1,2}\1\d{1,2}(?![\d.])/gu, named: false, order: 'none' },
  { pattern: /\d{1,2}月 ?\d{1,2}日|\d{1,2}월 ?\d{1,2}일/g, named: false, order: 'none' },
  // Labelled years and dates of birth.
  {
    pattern:
      /(?<!\p{L})(?:geb(?:oren)?|born|dob|d\.o\.b|date of birth|birth ?date|geburtsdatum|né(?:e)? le|née?|생년월일|生年月日)[ .:*]{0,4}(?:(?:am|on|in|le) )?(?:\d[\d./-]{0,10}\d)/giu,
    named: false,
    order: 'none',
  },
];

const TIME_AFTER = new RegExp(`^[ T,_@-]{0,3}(?:(?:at|um|à) )?(?:${TIME})(?!\\d)`, 'i');
const COMPACT_TIME_AFTER = /^[ T_-]?(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\.\d{1,6})?(?:[+-]\d{4})?(?!\d)/;
const COMPACT_TIME_GLUED = /^(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\.\d{1,6})?)?(?:[+-]\d{4})?(?!\d)/;
const TIME_BEFORE = new RegExp(`(?<![\\d:.])${TIME}[ ,_@]{1,3}$`, 'i');
const TIME_ALONE =
  /(?<![\d:.,/-])(?:(?:[01]\d|2[0-3])[:h][0-5]\d(?::[0-5]\d(?:[.,]\d{1,6})?)?|\d:[0-5]\d:[0-5]\d|\d{1,2}[:.][0-5]\d(?= ?(?:uhr|[ap]\.?m)))(?: ?(?:[ap]\.?m\.?|uhr))?(?![\d:]|[ ]?(?:min|sec|s\b|h\b|mm|ml))/gi;

export type ShiftDate = (da: string) => string | null;

/** As `CompiledIdentifiers` has them. */
export interface KnownDates {
  readonly birthDates: ReadonlySet<string>;
  readonly dates: ReadonlySet<string>;
}

/** Spans of dates and times. Where `shiftDate` moves a date, its time of day stays. */
export function findDates(
  text: string,
  known: KnownDates,
  named: boolean,
  digits: number,
  shiftDate: ShiftDate | undefined,
): Span[] {
  // The shortest numeric date, 1.1.19, and the shortest time, 10:22, have four digits.
  const asian = /[年月년월일]/.test(text);
  if (digits < 4 && !named && !asian) return [];
  const spans: Span[] = [];
  const covered = new Uint8Array(text.length);
  const isCovered = (start: number, end: number): boolean => covered.subarray(start, end).includes(1);
  const cover = (span: Span): void => {
    spans.push(span);
    covered.fill(1, span.start, span.end);
  };
  for (const form of FORMS) {
    if (form.named ? !named : digits < 4 && !asian) continue;
    for (const match of text.matchAll(form.pattern)) {
      const start = match.index;
      const end = start + match[0].length;
      if (isCovered(start, end)) continue;
      const reading = read(form, match, known);
      if (reading === null) continue;
      const shifted = reading.da === null || shiftDate === undefined ? null : shiftDate(reading.da);
      if (shifted !== null && /^\d{8}$/.test(shifted)) {
        const time = timeAfter(text, end);
        cover({ start, end: time, replacement: reading.write(shifted) + text.slice(end, time) });
      } else {
        const before = TIME_BEFORE.exec(text.slice(Math.max(0, start - 24), start));
        cover({
          start: before === null ? start : start - before[0].length,
          end: timeAfter(text, end),
          replacement: '',
        });
      }
    }
  }
  for (const match of text.matchAll(TIME_ALONE)) {
    const start = match.index;
    const end = start + match[0].length;
    if (isCovered(start, end)) continue;
    cover({ start, end, replacement: shiftDate === undefined ? '' : match[0] });
  }
  return spans;
}

function timeAfter(text: string, end: number): number {
  const after = text.slice(end, end + 40);
  const glued = /^\d/.test(after);
  const time = glued ? COMPACT_TIME_GLUED.exec(after) : (TIME_AFTER.exec(after) ?? COMPACT_TIME_AFTER.exec(after));
  return time === null ? end : end + time[0].length;
}

interface Reading {
  /** null: no day that could be moved; the text goes. */
  readonly da: string | null;
  readonly write: (da: string) => string;
}

const GONE: Reading = { da: null, write: () => '' };

function read(form: DateForm, match: RegExpExecArray, known: KnownDates): Reading | null {
  const [whole, a = '', b = '', c = '', d = '', e = ''] = match;
  switch (form.order) {
    case 'none':
      return GONE;
    case 'ymd': {
      const year = Number(a);
      const [month, day] = [Number(c), Number(d)];
      if (!isRealDay(year, month, day)) return null;
      const da = asDA(year, month, day);
      if (known.birthDates.has(da)) return GONE;
      const [tailStart, monthStart] = [whole.lastIndexOf(d), a.length + b.length];
      const between = whole.slice(monthStart + c.length, tailStart);
      const tail = whole.slice(tailStart + d.length);
      return {
        da,
        write: (to) => `${to.slice(0, 4)}${b}${like(to.slice(4, 6), c)}${between}${like(to.slice(6), d)}${tail}`,
      };
    }
    case 'either': {
      const year = fullYear(d);
      const years = d.length === 2 ? [year, year - 100] : [year];
      const readings = years
        .flatMap((full) => [
          { da: asDA(full, Number(c), Number(a)), dayFirst: true, real: isRealDay(full, Number(c), Number(a)) },
          { da: asDA(full, Number(a), Number(c)), dayFirst: false, real: isRealDay(full, Number(a), Number(c)) },
        ])
        .filter(({ real }) => real);
      if (readings.length === 0) return null;
      if (readings.some(({ da }) => known.birthDates.has(da))) return GONE;
      const current = readings.filter(({ da }) => da.startsWith(String(year)));
      // A date of the headers tells which number is the day; else the full stop does, or a number above twelve.
      const chosen =
        current.find(({ da }) => known.dates.has(da)) ??
        (current.length === 1 || a === c
          ? current[0]
          : b.startsWith('.')
            ? current.find(({ dayFirst }) => dayFirst)
            : undefined);
      if (chosen === undefined) return GONE;
      return {
        da: chosen.da,
        write: (to) => {
          const [month, day] = [to.slice(4, 6), to.slice(6)];
          const [first, second] = chosen.dayFirst ? [day, month] : [month, day];
          return `${like(first, a)}${b}${like(second, c)}${b}${to.slice(4 - d.length, 4)}`;
        },
      };
    }
    case 'dMy':
    case 'Mdy': {
      const [dayText, monthText] = form.order === 'dMy' ? [a, c] : [c, a];
      const month = monthNumbers.get(plainForm(monthText));
      const year = fullYear(e);
      if (month === undefined || !isRealDay(year, month, Number(dayText))) return GONE;
      const da = asDA(year, month, Number(dayText));
      if (
        known.birthDates.has(da) ||
        (e.length === 2 && known.birthDates.has(asDA(year - 100, month, Number(dayText))))
      )
        return GONE;
      return {
        da,
        write: (to) => {
          const day = like(to.slice(6), dayText);
          const name = monthLike(Number(to.slice(4, 6)), monthText);
          const ordinal = /^(?:st|nd|rd|th)/i;
          const full = to.slice(4 - e.length, 4);
          return form.order === 'dMy'
            ? `${day}${b.replace(ordinal, ordinalOf(Number(day)))}${name}${d}${full}`
            : `${name}${b}${day}${d.replace(ordinal, ordinalOf(Number(day)))}${full}`;
        },
      };
    }
  }
}

/** With a leading zero where the original number had two digits, without where it had one. */
function like(number: string, original: string): string {
  return original.length === 2 ? number : String(Number(number));
}

function ordinalOf(day: number): string {
  if (day > 10 && day < 14) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}

/** In the language, the length and the case of the original. */
function monthLike(month: number, original: string): string {
  const lower = original.toLowerCase();
  const row = MONTHS.find((each) => each.includes(lower)) ?? MONTHS[1]!;
  const name = row[month - 1]!;
  if (original === original.toUpperCase()) return name.toUpperCase();
  if (original === lower) return name;
  return name[0]!.toUpperCase() + name.slice(1);
}

const MONTH_BEGINNINGS = new Set([...monthNumbers.keys()].map((name) => name.slice(0, 3)));

/** Whether a folded word may begin a month's name. */
export function beginsLikeMonth(plain: string): boolean {
  return plain.length >= 3 && MONTH_BEGINNINGS.has(plain.slice(0, 3));
}
