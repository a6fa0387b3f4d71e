import { z } from 'zod';

/*
 * What the environment says of the configuration: `${NAME}` inside a value, and TCE_… variables in the place of keys.
 */

export type Environment = Readonly<Record<string, string | undefined>>;

export function interpolate(value: unknown, environment: Environment, path: string, mistakes: string[]): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_all, variable: string) => {
      const found = environment[variable];
      if (found === undefined) mistakes.push(`${path}: the environment has no ${variable}`);
      return found ?? '';
    });
  }
  if (Array.isArray(value))
    return value.map((entry, index) => interpolate(entry, environment, `${path}[${index}]`, mistakes));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [
        key,
        interpolate(entry, environment, path === '' ? key : `${path}.${key}`, mistakes),
      ]),
    );
  }
  return value;
}

/** Every TCE_… variable must name a key of the schema: a misspelt one would silently change nothing. */
export function overlayEnvironment(
  schema: z.core.$ZodType,
  tree: unknown,
  environment: Environment,
  mistakes: string[],
): unknown {
  let result = tree;
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith('TCE_') || value === undefined) continue;
    const path = findPath(schema, variable.slice(4).split('_'));
    if (path === undefined) mistakes.push(`${variable}: no key of the configuration has this name`);
    else result = setAt(result, path.keys, path.list ? value.split(',').map((entry) => entry.trim()) : value);
  }
  return result;
}

interface FoundPath {
  readonly keys: readonly (string | number)[];
  /** A list of plain values, given as one comma-separated variable. */
  readonly list: boolean;
}

function findPath(type: z.core.$ZodType, words: readonly string[]): FoundPath | undefined {
  const inner = unwrap(type);
  if (inner instanceof z.ZodArray) {
    const element = inner.element as z.core.$ZodType;
    const [index, ...rest] = words;
    if (index === undefined) return { keys: [], list: true };
    if (!/^\d{1,3}$/.test(index)) return undefined;
    const found = findPath(element, rest);
    return found === undefined ? undefined : { keys: [Number(index), ...found.keys], list: found.list };
  }
  if (inner instanceof z.ZodRecord)
    return words.length === 1 && words[0] !== undefined ? { keys: [words[0]], list: false } : undefined;
  if (!(inner instanceof z.ZodObject)) return words.length === 0 ? { keys: [], list: false } : undefined;
  for (const [key, child] of Object.entries(inner.shape as Record<string, z.core.$ZodType>)) {
    const parts = key
      .replace(/([A-Z]+)/g, '_$1')
      .toUpperCase()
      .split('_');
    if (parts.length <= words.length && parts.every((part, index) => part === words[index])) {
      const found = findPath(child, words.slice(parts.length));
      if (found !== undefined) return { keys: [key, ...found.keys], list: found.list };
    }
  }
  return undefined;
}

function unwrap(type: z.core.$ZodType): z.core.$ZodType {
  let current = type;
  for (;;) {
    if (current instanceof z.ZodOptional || current instanceof z.ZodDefault || current instanceof z.ZodPrefault) {
      current = current.unwrap();
    } else if (current instanceof z.ZodPipe) {
      current = current.in;
    } else {
      return current;
    }
  }
}

function setAt(tree: unknown, keys: readonly (string | number)[], value: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (typeof key === 'number') {
    const list = Array.isArray(tree) ? [...tree] : [];
    while (list.length <= key) list.push({});
    list[key] = setAt(list[key], rest, value);
    return list;
  }
  const record =
    tree !== null && typeof tree === 'object' && !Array.isArray(tree) ? (tree as Record<string, unknown>) : {};
  return { ...record, [key]: setAt(record[key], rest, value) };
}
