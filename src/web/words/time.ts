/** One moment as the views show it: a machine's form, a precise one and one for people. */
export interface Moment {
  readonly iso: string;
  readonly absolute: string;
  readonly relative: string;
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];
const relativeFormat = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

export function moment(at: Date, now: Date): Moment {
  const iso = at.toISOString();
  return { iso, absolute: `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`, relative: relative(at, now) };
}

function relative(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const distance = Math.abs(seconds);
  for (const [unit, length] of STEPS) {
    if (distance >= length) return relativeFormat.format(Math.trunc(seconds / length), unit);
  }
  if (distance < 5) return 'just now';
  return relativeFormat.format(seconds, 'second');
}

/** "tries again in 20 s"; a moment that has passed is one that is due. */
export function until(at: Date, now: Date): string {
  const seconds = Math.ceil((at.getTime() - now.getTime()) / 1000);
  if (seconds <= 0) return 'now';
  if (seconds < 120) return `in ${seconds} s`;
  if (seconds < 7_200) return `in ${Math.round(seconds / 60)} min`;
  return `in ${Math.round(seconds / 3_600)} h`;
}
