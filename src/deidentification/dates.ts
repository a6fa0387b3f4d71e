/** Calendar arithmetic on the text of DA, DT and TM (PS3.5 6.2), without any clock or time zone of the machine. */

/** The Gregorian calendar and nothing before it (PS3.5 6.2: DA). */
const FIRST_YEAR = 1582;
const LAST_YEAR = 9999;

const DATE = /^(\d{4})(\d{2})(\d{2})$/;
/** The form of ACR-NEMA, still met. */
const OLD_DATE = /^(\d{4})\.(\d{2})\.(\d{2})$/;
const TIME = /^\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?$/;
const OLD_TIME = /^\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$/;
const DATE_TIME =
  /^(\d{4})(?:(\d{2})(?:(\d{2})((?:\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,6})?)?)?)?))?)?([+-](?:0\d|1[0-4])[0-5]\d)?$/;
const ZONE = /^[+-](0\d|1[0-4])[0-5]\d$/;

/** Days since 1 March of the year 0, in the proleptic Gregorian calendar. */
function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const monthFromMarch = (month + 9) % 12;
  return (
    365 * y +
    Math.floor(y / 4) -
    Math.floor(y / 100) +
    Math.floor(y / 400) +
    Math.floor((153 * monthFromMarch + 2) / 5) +
    day -
    1
  );
}

function fromDayNumber(days: number): readonly [year: number, month: number, day: number] {
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day];
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isDay(year: number, month: number, day: number): boolean {
  return year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0');

function moved(year: number, month: number, day: number, days: number): readonly [number, number, number] | null {
  if (!isDay(year, month, day)) return null;
  const result = fromDayNumber(dayNumber(year, month, day) + days);
  return result[0] >= FIRST_YEAR && result[0] <= LAST_YEAR ? result : null;
}

/** A DA value moved by whole days; null where it is no date, or would leave the calendar. */
export function shiftedDate(value: string, days: number): string | null {
  const old = OLD_DATE.exec(value);
  const match = old ?? DATE.exec(value);
  if (match === null) return null;
  const result = moved(Number(match[1]), Number(match[2]), Number(match[3]), days);
  return result === null
    ? null
    : [digits(result[0], 4), digits(result[1], 2), digits(result[2], 2)].join(old ? '.' : '');
}

/**
 * A DT value moved by whole days: time, fraction and zone stay as they are written. Of a value that ends with the
 * month or the year, its middle is moved.
 */
export function shiftedDateTime(value: string, days: number): string | null {
  const match = DATE_TIME.exec(value);
  if (match === null || !isTime(match[4] ?? '')) return null;
  const [, year = '', month, day, time = '', zone = ''] = match;
  const result = moved(Number(year), Number(month ?? 7), Number(day ?? (month === undefined ? 1 : 15)), days);
  if (result === null) return null;
  const parts = [digits(result[0], 4)];
  if (month !== undefined) parts.push(digits(result[1], 2));
  if (day !== undefined) parts.push(digits(result[2], 2));
  return parts.join('') + time + zone;
}

function isTime(value: string): boolean {
  const text = value.replaceAll(':', '');
  return (
    (text === '' || TIME.test(text)) &&
    Number(text.slice(0, 2)) < 24 &&
    Number(text.slice(2, 4)) < 60 &&
    Number(text.slice(4, 6)) <= 60 // a leap second
  );
}

/** Both ends of a range as a query has it, each by `one`; an open end stays open. */
function bothEnds(value: string, one: (part: string) => string | null): string | null {
  const whole = one(value);
  if (whole !== null || !value.includes('-')) return whole;
  for (let at = value.indexOf('-'); at >= 0; at = value.indexOf('-', at + 1)) {
    const [from, to] = [value.slice(0, at), value.slice(at + 1)];
    if (from === '' && to === '') return null;
    const first = from === '' ? '' : one(from);
    const last = to === '' ? '' : one(to);
    if (first !== null && last !== null) return `${first}-${last}`;
  }
  return null;
}

const BY_VR: Readonly<Record<string, (value: string, days: number) => string | null>> = {
  DA: (value, days) => bothEnds(value, (part) => shiftedDate(part, days)),
  DT: (value, days) => bothEnds(value, (part) => shiftedDateTime(part, days)),
  // Only days move: times of day stay, and with them every interval.
  TM: (value) => bothEnds(value, (part) => ((TIME.test(part) || OLD_TIME.test(part)) && isTime(part) ? part : null)),
  // Timezone Offset From UTC (PS3.3 C.12.1.1.7): times stay local
  SH: (value) => (ZONE.test(value) ? value : null),
};

/** The dates of a study are few, and each stands in every instance of it. */
const REMEMBERED = 4096;
const remembered = new Map<string, string | null>();

/** One value of a temporal attribute moved by whole days; null where it is none of its VR. */
export function shiftedValue(value: string, vr: string, days: number): string | null {
  const key = `${vr}${days},${value}`;
  let shifted = remembered.get(key);
  if (shifted === undefined) {
    shifted = BY_VR[vr]?.(value, days) ?? null;
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(key, shifted);
  }
  return shifted;
}

/** A sensible moment, so that what claims to be a date is one. */
export function isTemporal(value: string, vr: string): boolean {
  return shiftedValue(value, vr, 0) !== null;
}
