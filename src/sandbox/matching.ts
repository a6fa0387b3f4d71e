import { lookUp, tagOf } from '../dicom/dictionary';
import type { Tag } from '../dicom/tag';
import type { VR } from '../dicom/vr';

/** One key of a search that asks for something (PS3.18 8.3.4.1; PS3.4 C.2.2.2). */
export interface SearchKey {
  readonly tag: Tag;
  matches(values: readonly string[]): boolean;
}

/** Parameters of a search that are no keys (PS3.18 8.3.4). */
const NO_KEYS: ReadonlySet<string> = new Set([
  'limit',
  'offset',
  'includefield',
  'fuzzymatching',
  'emptyvaluematching',
  'accept',
]);

function tagOfParameter(name: string): Tag | undefined {
  return /^[0-9A-Fa-f]{8}$/.test(name) ? Number.parseInt(name, 16) : tagOf(name);
}

/** Keys of attributes that are not supported are left out, as PS3.18 8.3.4.1 allows: they match everything. */
export function searchKeys(query: URLSearchParams, supported: ReadonlySet<Tag>): readonly SearchKey[] {
  const keys: SearchKey[] = [];
  for (const name of new Set(query.keys())) {
    if (NO_KEYS.has(name.toLowerCase())) {
      continue;
    }
    const tag = tagOfParameter(name);
    if (tag === undefined || !supported.has(tag)) {
      continue;
    }
    const wanted = query.getAll(name).filter((value) => value !== '');
    if (wanted.length > 0) {
      keys.push(keyFor(tag, wanted));
    }
  }
  return keys;
}

function keyFor(tag: Tag, wanted: readonly string[]): SearchKey {
  const vr = lookUp(tag)?.vr ?? 'LO';
  const tests = wanted.map((value) => testFor(vr, value));
  return { tag, matches: (values) => tests.some((test) => (values.length === 0 ? [''] : values).some(test)) };
}

function testFor(vr: VR, wanted: string): (value: string) => boolean {
  switch (vr) {
    case 'UI': {
      // List of UID matching: comma in a URL (PS3.18 8.3.4.1), backslash elsewhere (PS3.4 C.2.2.2.2).
      const list = new Set(wanted.split(/[,\\]/).map((uid) => uid.trim()));
      return (value) => list.has(value);
    }
    case 'DA':
    case 'TM':
      return rangeTest(wanted);
    case 'PN':
      return wildcardTest(wanted, true);
    default:
      return wildcardTest(wanted, false);
  }
}

/** PS3.4 C.2.2.2.5: `a-b`, `a-`, `-b`, or one value. Times are compared at the precision of the bound. */
function rangeTest(wanted: string): (value: string) => boolean {
  const plain = (text: string) => text.replace(/[:.\s]/g, '');
  const bounds = wanted.split('-');
  if (bounds.length !== 2) {
    const one = plain(wanted);
    return (value) => value !== '' && plain(value).startsWith(one);
  }
  const from = plain(bounds[0]!);
  const to = plain(bounds[1]!);
  return (text) => {
    const value = plain(text);
    return value !== '' && (from === '' || value >= from) && (to === '' || value.slice(0, to.length) <= to);
  };
}

/** PS3.4 C.2.2.2.4: `*` any characters, `?` one. */
function wildcardTest(wanted: string, ignoreCase: boolean): (value: string) => boolean {
  const pattern = ignoreCase ? wanted.toLowerCase() : wanted;
  return (value) => fits(pattern, ignoreCase ? value.toLowerCase() : value);
}

/** Goes back to the last asterisk only, so that no pattern takes longer than its length times the text's. */
function fits(pattern: string, text: string): boolean {
  let p = 0;
  let asterisk = -1;
  let resume = 0;
  for (let t = 0; t < text.length; ) {
    if (pattern[p] === '*') {
      asterisk = p;
      resume = t;
      p += 1;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (asterisk !== -1) {
      p = asterisk + 1;
      resume += 1;
      t = resume;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(p));
}
