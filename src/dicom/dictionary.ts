import { DATA_DICTIONARY } from './generated/data-dictionary';
import { PRIVATE_DICTIONARY } from './generated/private-dictionary';
import { parseTag, type Tag } from './tag';
import { isVR, type VR } from './vr';

/** What PS3.6 says of an attribute. */
export interface DictionaryEntry {
  readonly keyword: string;
  /** Where the standard gives a choice, the one used in Implicit VR (PS3.5 A.1). */
  readonly vr: VR;
  readonly vm: string;
  readonly retired: boolean;
  /** 'US or SS': Pixel Representation (0028,0103) decides. */
  readonly signedByPixelRepresentation: boolean;
}

/** PS3.5 A.1: in Implicit VR, data that may be OB or OW is OW. */
const CHOICES: Readonly<Record<string, VR>> = {
  'OB or OW': 'OW',
  'US or SS': 'US',
  'US or OW': 'OW',
  'US or SS or OW': 'OW',
};

interface Pattern {
  readonly mask: number;
  readonly value: number;
  readonly entry: DictionaryEntry;
}

interface Tables {
  readonly byTag: ReadonlyMap<Tag, DictionaryEntry>;
  readonly byKeyword: ReadonlyMap<string, Tag>;
  /** Repeating groups and elements such as (60xx,3000) (PS3.5 7.6). */
  readonly patterns: readonly Pattern[];
}

let tables: Tables | undefined;

function load(): Tables {
  const byTag = new Map<Tag, DictionaryEntry>();
  const byKeyword = new Map<string, Tag>();
  const patterns: Pattern[] = [];
  for (const row of DATA_DICTIONARY.split('\n')) {
    const [tag = '', keyword = '', spelled = '', vm = '', flag = ''] = row.split('|');
    const vr = CHOICES[spelled] ?? spelled;
    if (!isVR(vr)) continue; // item and delimitation tags have none
    const entry = { keyword, vr, vm, retired: flag === 'R', signedByPixelRepresentation: spelled === 'US or SS' };
    if (tag.includes('x')) {
      patterns.push({
        mask: Number.parseInt(tag.replace(/[^x]/g, 'F').replace(/x/g, '0'), 16) >>> 0,
        value: Number.parseInt(tag.replace(/x/g, '0'), 16) >>> 0,
        entry,
      });
      // The first of the repeating group stands for the keyword.
      if (keyword !== '') byKeyword.set(keyword, parseTag(tag.replace(/x/g, '0')));
    } else {
      const number = Number.parseInt(tag, 16);
      byTag.set(number, entry);
      if (keyword !== '') byKeyword.set(keyword, number);
    }
  }
  return { byTag, byKeyword, patterns };
}

/** The entry of a public attribute, repeating groups included; undefined for private and unknown ones. */
export function lookUp(tag: Tag): DictionaryEntry | undefined {
  tables ??= load();
  const entry = tables.byTag.get(tag);
  if (entry !== undefined) return entry;
  if ((tag & 0x0001_0000) !== 0) return undefined;
  for (const pattern of tables.patterns) {
    if ((tag & pattern.mask) >>> 0 === pattern.value) return pattern.entry;
  }
  return undefined;
}

export function keywordOf(tag: Tag): string | undefined {
  return lookUp(tag)?.keyword || undefined;
}

export function tagOf(keyword: string): Tag | undefined {
  tables ??= load();
  return tables.byKeyword.get(keyword);
}

/** Every public attribute that is not a repeating one. */
export function everyTag(): IterableIterator<[Tag, DictionaryEntry]> {
  tables ??= load();
  return tables.byTag.entries();
}

let creators: ReadonlyMap<string, string> | undefined;
const opened = new Map<string, ReadonlyMap<number, VR>>();

/**
 * VR of a private element as its creator is known to use it: a hint for Implicit VR, no promise.
 * `creator` as stored, padding trimmed.
 */
export function privateVR(creator: string, tag: Tag): VR | undefined {
  let block = opened.get(creator);
  if (block === undefined) {
    creators ??= new Map(PRIVATE_DICTIONARY.split('\n').map((line) => line.split('\t') as [string, string]));
    const cells = creators.get(creator);
    if (cells === undefined) return undefined;
    const parsed = new Map<number, VR>();
    for (let at = 0; at < cells.length; at += 8) {
      parsed.set(Number.parseInt(cells.slice(at, at + 6), 16), cells.slice(at + 6, at + 8) as VR);
    }
    opened.set(creator, parsed);
    block = parsed;
  }
  return block.get((tag >>> 16) * 0x100 + (tag & 0xff));
}
