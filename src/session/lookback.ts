import type { DataSet } from '../dicom/data-set';

const ContentDate = 0x00080023;
const InstanceCreationDate = 0x00080012;
const SeriesDate = 0x00080021;

/** The days on which a Key Object says it was made, as YYYYMMDD. */
export function datesOf(keyObject: DataSet): readonly string[] {
  return [ContentDate, InstanceCreationDate, SeriesDate].flatMap((tag) => keyObject.string(tag) ?? []);
}

/** True only where every date says so: a selection without a usable date counts as new, so that none is lost. */
export function isOlderThan(dates: readonly string[], now: Date, milliseconds: number): boolean {
  const days = dates.flatMap((date) => parseDay(date) ?? []);
  // A day of grace: a DICOM date has no zone.
  const oldest = now.getTime() - milliseconds - 86_400_000;
  return days.length > 0 && days.every((day) => day < oldest);
}

function parseDay(date: string): number | undefined {
  const match = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date.trim());
  if (match === null) return undefined;
  const time = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return Number.isNaN(time) ? undefined : time;
}
