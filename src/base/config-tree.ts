import { parseDocument } from 'yaml';

/*
 * The configuration as plain values, before anything is known of their meaning: reading them from YAML, and finding
 * one by its path.
 */

/** Deeper than any configuration is. */
const MAX_DEPTH = 32;
const MAX_ALIASES = 100;

/** An empty group where the text is no YAML; what is wrong is then among the mistakes. */
export function readYaml(text: string, mistakes: string[]): unknown {
  try {
    const document = parseDocument(text);
    for (const error of document.errors) {
      const line = error.linePos?.[0]?.line;
      mistakes.push(`file${line === undefined ? '' : `, line ${line}`}: not YAML (${error.code})`);
    }
    if (mistakes.length > 0) return {};
    const tree: unknown = document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
    if (hasAnEnd(tree, [])) return tree;
  } catch {
    // The library throws on aliases without an anchor or with too much behind them, and on nesting beyond the stack.
  }
  mistakes.push('file: is nested too deep, or its aliases unfold to too much');
  return {};
}

/** False for a value that holds itself, which an alias within its own anchor makes. */
function hasAnEnd(value: unknown, within: readonly unknown[]): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (within.length >= MAX_DEPTH || within.includes(value)) return false;
  return Object.values(value).every((entry) => hasAnEnd(entry, [...within, value]));
}

/** The values at a path such as `receivers.*.dicomweb`, each with its own path; `*` stands for a list index. */
export function select(tree: unknown, path: string): [string, unknown][] {
  return selectKeys(tree, path.split('.'), '');
}

function selectKeys(tree: unknown, keys: readonly string[], at: string): [string, unknown][] {
  const [key, ...rest] = keys;
  if (key === undefined) return [[at, tree]];
  if (key === '*') {
    return Array.isArray(tree) ? tree.flatMap((entry, index) => selectKeys(entry, rest, `${at}[${index}]`)) : [];
  }
  const value = field(tree, key);
  return value === undefined ? [] : selectKeys(value, rest, at === '' ? key : `${at}.${key}`);
}

/** undefined where the value is no group, or has no such key, or nothing is written behind the key. */
export function field(value: unknown, key: string): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, key)) {
    return undefined;
  }
  return (value as Record<string, unknown>)[key] ?? undefined;
}
