import type { AttributeType } from './action-codes';
import { IODS, PATHS, SOP_CLASSES, TYPE_STRINGS } from './generated/attribute-types-2025e';

const CONTENT_SEQUENCE = 0x0040a730;

const TYPE_OF_LETTER: Readonly<Record<string, AttributeType>> = { '1': '1', A: '1C', '2': '2', B: '2C', '3': '3' };

/**
 * A place in the attribute tree of one IOD (PS3.3), holding only what the outcome of Table E.1-1 depends on.
 * Following a data set down this tree gives the Type of an attribute without building its path.
 */
export class AttributePlace {
  type: AttributeType | null = null;
  readonly #tag: number;
  readonly #below = new Map<number, AttributePlace>();

  constructor(tag: number) {
    this.#tag = tag;
  }

  /** The place of an attribute in the items of this one. Content items nest in themselves: one place for all depths. */
  below(tag: number): AttributePlace | undefined {
    if (tag === CONTENT_SEQUENCE && this.#tag === CONTENT_SEQUENCE) return this;
    return this.#below.get(tag);
  }

  grow(tag: number): AttributePlace {
    let place = this.#below.get(tag);
    if (place === undefined) {
      place = new AttributePlace(tag);
      this.#below.set(tag, place);
    }
    return place;
  }
}

/** Attributes whose Type decides anything in any IOD; for all others it need not be looked for. */
const typed: ReadonlySet<number> = new Set(PATHS.map((path) => Number.parseInt(path.slice(-8), 16)));

export function hasTypeThatMatters(tag: number): boolean {
  return typed.has(tag);
}

const sopClasses = new Map(SOP_CLASSES);
/** One tree for each IOD that was met; the IODs of the standard bound it. */
const trees = new Map<number, AttributePlace>();

/** The attribute tree of the IOD of a SOP Class; undefined for retired, private and unknown ones. */
export function attributeTypes(SOPClassUID: string): AttributePlace | undefined {
  const iod = sopClasses.get(SOPClassUID);
  if (iod === undefined) return undefined;
  let tree = trees.get(iod);
  if (tree === undefined) {
    tree = grown(TYPE_STRINGS[IODS[iod]![1]]!);
    trees.set(iod, tree);
  }
  return tree;
}

function grown(types: string): AttributePlace {
  const root = new AttributePlace(0);
  for (let n = 0; n < PATHS.length; n += 1) {
    const type = TYPE_OF_LETTER[types.charAt(n)];
    if (type === undefined) continue;
    let place = root;
    for (const tag of PATHS[n]!.split('/')) place = place.grow(Number.parseInt(tag, 16));
    place.type = type;
  }
  return root;
}
