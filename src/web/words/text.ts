/**
 * Text from outside, made ready for a page: `shown` in the line, `rest` behind a disclosure, `hidden` characters left
 * out for good. The views escape it and put it into <bdi>, which keeps its direction to itself.
 */
export interface Text {
  readonly shown: string;
  readonly rest: string | null;
  readonly hidden: number;
}

const SHOWN = 160;
const REST = 2_000;

// C0, DEL and C1; the marks that change the direction of what follows (Unicode UAX #9); line and paragraph separators.
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Whatever would act instead of being seen is written out, as [U+202E]. */
export function visible(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\t\r\n]+/g, ' ')
    .replace(INVISIBLE, (mark) => `[U+${mark.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`);
}

export function text(value: string, shown = SHOWN): Text {
  // Cut before anything else is done: a value of many megabytes costs no more than a long one.
  const characters = [...value.slice(0, 2 * (shown + REST))];
  if (value.length <= shown || characters.length <= shown) return { shown: visible(value), rest: null, hidden: 0 };
  const rest = characters.slice(shown, shown + REST);
  const used = characters.slice(0, shown + REST).join('').length;
  return {
    shown: visible(characters.slice(0, shown).join('')),
    rest: visible(rest.join('')),
    hidden: value.length - used,
  };
}

/** For <title> and attributes, where nothing can be unfolded. */
export function cut(value: string, length = 80): string {
  const { shown, rest } = text(value, length);
  return rest === null ? shown : `${shown}…`;
}

/** Messages of the server begin in lower case, so that they can stand after a colon; on a page they begin a line. */
export function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Decimal units: 527,104 bytes are "527 KB". */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}
