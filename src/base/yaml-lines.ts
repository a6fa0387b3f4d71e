import { LineCounter, parseDocument } from 'yaml';

/** Line, from 1, that the value at a path such as `projects[0].name` begins on; undefined where the text has none. */
export type LineOf = (path: string) => number | undefined;

/** Of a text that could be read as YAML. What the environment adds to it is on no line. */
export function linesIn(text: string): LineOf {
  const counter = new LineCounter();
  let document: ReturnType<typeof parseDocument> | undefined;
  return (path) => {
    document ??= parseDocument(text, { lineCounter: counter });
    const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
    try {
      const node = document.getIn(
        keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
        true,
      );
      const start = (node as { readonly range?: readonly [number, number, number] } | undefined)?.range?.[0];
      return start === undefined ? undefined : counter.linePos(start).line;
    } catch {
      // Behind an alias.
      return undefined;
    }
  };
}

/** Each with the line it is written on, so that whoever finds a mistake in it later can name the line. */
export function onTheirLines<T extends object>(
  entries: readonly T[],
  path: string,
  lineOf: LineOf,
): readonly (T & { readonly line?: number })[] {
  return entries.map((entry, n) => {
    const line = lineOf(`${path}[${n}]`);
    return { ...entry, ...(line === undefined ? {} : { line }) };
  });
}

const IN_AN_OVERRIDE = /^([\w.[\]]*overrides\[?\.?\d+\]?)[\w.]*: /;

/** A mistake within an override, with its line. */
export function namingTheLine(mistake: string, lineOf: LineOf): string {
  const path = IN_AN_OVERRIDE.exec(mistake)?.[1];
  const line = path === undefined ? undefined : lineOf(path);
  return line === undefined ? mistake : `${mistake} (line ${line})`;
}
