import { lookUp, tagOf } from '../../../src/dicom/dictionary';
import { PHI_MARKS } from '../../support/phi-mark';
import { type Base, type Encoder, leaf, type Node, sequence } from './model';
import type { Random } from './random';
import { PROFILE_ROWS_TAGS } from './tags';

/** What comes between a modality and us, and worse: one of these or a few are done to each data set. */

type Elements = Node[];
type Mutation = (elements: Elements, random: Random, base: Base) => void;

const VRS =
  'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(' ');
const BAD_VRS = ['??', 'XX', '\0\0', 'pn', 'OX', 'U ', '--', 'zz'];
const LENGTHS = [0, 1, 2, 3, 7, 8, 0x7f, 0xff, 0xfffe, 0xffff, 0x10000, 0x7fffffff, 0xfffffffe, 0xffffffff];
const MARKS: readonly string[] = Object.values(PHI_MARKS).filter((mark) => /^[\x20-\x7e]+$/.test(mark));
const CHARACTER_SETS = [
  '',
  'ISO_IR 6',
  'ISO_IR 100',
  'ISO_IR 101',
  'ISO_IR 144',
  'ISO_IR 127',
  'ISO_IR 13',
  'ISO_IR 166',
  'ISO_IR 192',
  'GB18030',
  'GBK',
  '\\ISO 2022 IR 87',
  '\\ISO 2022 IR 149',
  '\\ISO 2022 IR 58',
  'ISO 2022 IR 13\\ISO 2022 IR 87',
  'ISO 2022 IR 6\\ISO 2022 IR 100\\ISO 2022 IR 144',
  'ISO_IR 999',
  'latin1',
  'ISO_IR 100\\ISO_IR 192',
  '\\\\\\\\',
];
const NAMES = [
  'Head^Contrast',
  'A^B',
  'X',
  'Q^',
  '^^^^',
  '=',
  'Dr.',
  'Lee^Ann Mary^^^Jr.=x=y',
  `${PHI_MARKS.family}^${PHI_MARKS.given}=\x1b$B5-9f\x1b(B^\x1b$B`,
  `${PHI_MARKS.family}-${PHI_MARKS.given}`,
  `\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce`,
  'a'.repeat(300),
];
const TEXTS = [
  ...MARKS,
  `${PHI_MARKS.family}^${PHI_MARKS.given}`,
  `CT Head of ${PHI_MARKS.family}, ${PHI_MARKS.given}`,
  `${PHI_MARKS.family} ${PHI_MARKS.birthDate} ${PHI_MARKS.PatientID}-p1`,
  `born 13.09.1907, ${PHI_MARKS.given} ${PHI_MARKS.family}`,
  `${PHI_MARKS.family}\\${PHI_MARKS.given}\\\\`,
  `${PHI_MARKS.uid}1.2.3`,
  '20190823',
  '20190823081733.123456+0100',
  '2019',
  '099Y',
  '1e400',
  '-',
  '\\',
  '\0',
  ' ',
  '\x1b$B',
  '\xff\xfe\xfd',
  '\u0000\u0000\u0000\u0000',
  '1.2.840.10008.1.2',
  '1.2.840.10008.5.1.4.1.1.11.1',
  '1.2.3.',
  '0',
  'Axial T2 FLAIR',
];
const SOP_CLASSES = [
  '1.2.840.10008.5.1.4.1.1.2',
  '1.2.840.10008.5.1.4.1.1.7',
  '1.2.840.10008.5.1.4.1.1.88.11',
  '1.2.840.10008.5.1.4.1.1.88.59',
  '1.2.840.10008.5.1.4.1.1.11.1',
  '1.2.840.10008.5.1.4.1.1.66.4',
  '1.2.840.10008.5.1.4.1.1.104.1',
  '1.2.840.10008.5.1.4.1.1.9.1.1',
  '1.2.840.10008.5.1.4.1.1.481.3',
  '1.2.840.10008.5.1.4.1.1.128',
  '1.2.840.10008.1.3.10',
  '1.2.3.4',
  '',
];
const CREATORS = [
  'SIEMENS CSA HEADER',
  'SIEMENS MED',
  'GEMS_IDEN_01',
  'GEMS_PARM_01',
  'Philips Imaging DD 001',
  'Philips PET Private Group',
  'PHILIPS MR IMAGING DD 001',
  'TOSHIBA_MEC_CT3',
  'CTP',
  'FAKE CREATOR',
  PHI_MARKS.family,
  '',
];
const DEEP_TAGS = [0x0040a730, 0x00400275, 0x00081140, 0x00081115, 0x52009230, 0x04000561, 0x00091001].map(
  (tag) => tag,
);

const even = (text: string): Buffer => Buffer.from(text.length % 2 === 0 ? text : `${text} `, 'latin1');

function at(elements: Elements, random: Random): number {
  return random.below(elements.length);
}

function change(elements: Elements, index: number, changes: Partial<Node>): void {
  const node = elements[index];
  if (node !== undefined) elements[index] = { ...node, ...changes };
}

function anyTag(random: Random): number {
  switch (random.below(6)) {
    case 0:
      return random.next();
    case 1:
      return (((random.below(0x40) * 2 + 9) << 16) | random.below(0x1100)) >>> 0;
    default:
      return random.pick(PROFILE_ROWS_TAGS);
  }
}

function anyValue(random: Random): Uint8Array {
  switch (random.below(5)) {
    case 0:
      return random.bytes(2 * random.below(40));
    case 1:
      return Buffer.from(random.pick(TEXTS), 'utf16le');
    case 2:
      return Buffer.from(random.pick(TEXTS), 'latin1');
    default:
      return even(random.pick(TEXTS));
  }
}

function anyElement(random: Random): Node {
  const tag = anyTag(random);
  const own = lookUp(tag)?.vr ?? 'UN';
  const vr = random.onceIn(3) ? random.pick(VRS) : own;
  if (vr !== 'SQ') return leaf(tag, vr, anyValue(random));
  const items = Array.from({ length: random.below(3) }, () =>
    Array.from({ length: random.below(4) }, () => leaf(anyTag(random), random.pick(VRS), anyValue(random))),
  );
  return sequence(tag, items, random.onceIn(2));
}

function put(elements: Elements, random: Random, ...nodes: Node[]): void {
  for (const node of nodes) {
    const sorted = elements.findIndex(({ tag }) => tag > node.tag);
    const place = random.onceIn(5) ? at(elements, random) : sorted < 0 ? elements.length : sorted;
    elements.splice(place, 0, node);
  }
}

function replace(elements: Elements, tag: number, node: Node): void {
  const index = elements.findIndex((each) => each.tag === tag);
  if (index < 0) elements.unshift(node);
  else elements[index] = node;
}

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'a length that lies': (elements, random) => {
    const index = at(elements, random);
    const node = elements[index];
    if (node === undefined) return;
    const near = node.value.length + random.below(9) - 4;
    change(elements, index, { lie: (random.onceIn(2) ? Math.max(0, near) : random.pick(LENGTHS)) >>> 0 });
  },
  'another VR': (elements, random) =>
    change(elements, at(elements, random), { vr: random.onceIn(4) ? random.pick(BAD_VRS) : random.pick(VRS) }),
  'an element twice': (elements, random) => {
    const node = elements[at(elements, random)];
    if (node !== undefined) elements.splice(at(elements, random), 0, node);
  },
  'the same tag with another value': (elements, random) => {
    const index = at(elements, random);
    const node = elements[index];
    if (node !== undefined)
      elements.splice(index + random.below(2), 0, { ...node, items: null, value: anyValue(random) });
  },
  'an element gone': (elements, random) => {
    elements.splice(at(elements, random), 1);
  },
  'elements in another order': (elements, random) => {
    const [one, two] = [at(elements, random), at(elements, random)];
    const [first, second] = [elements[one], elements[two]];
    if (first === undefined || second === undefined) return;
    elements[one] = second;
    elements[two] = first;
  },
  'another tag': (elements, random) => {
    const index = at(elements, random);
    const node = elements[index];
    if (node === undefined) return;
    const tag = random.onceIn(2) ? anyTag(random) : (node.tag ^ (1 << random.below(32))) >>> 0;
    change(elements, index, { tag });
  },
  'another value': (elements, random) =>
    change(elements, at(elements, random), { value: anyValue(random), items: null }),
  'the value of another element': (elements, random) => {
    const from = elements[at(elements, random)];
    if (from !== undefined) change(elements, at(elements, random), { value: from.value, items: from.items });
  },
  'a very long value': (elements, random) => {
    const length = random.pick([65, 1025, 4096, 10_241, 65_534, 70_000]);
    const text = random.pick(TEXTS);
    const value = random.onceIn(3)
      ? random.bytes(Math.min(length, 4096))
      : Buffer.alloc(length, text === '' ? ' ' : text, 'latin1');
    change(elements, at(elements, random), { value, items: null });
  },
  'values by the hundred': (elements, random) =>
    change(elements, at(elements, random), {
      value: even(Array.from({ length: 1 + random.below(400) }, () => random.pick(TEXTS)).join('\\')),
      items: null,
    }),
  'an element more': (elements, random) => put(elements, random, anyElement(random)),
  'elements more': (elements, random) =>
    put(elements, random, ...Array.from({ length: 1 + random.below(20) }, () => anyElement(random))),
  'another character set': (elements, random) =>
    replace(elements, 0x00080005, leaf(0x00080005, 'CS', even(random.pick(CHARACTER_SETS)))),
  'another name': (elements, random) =>
    replace(elements, 0x00100010, leaf(0x00100010, random.onceIn(4) ? 'DS' : 'PN', even(random.pick(NAMES)))),
  'another patient ID': (elements, random) =>
    replace(
      elements,
      0x00100020,
      leaf(0x00100020, 'LO', even(random.pick(['1', '', '0', 'HEAD', '12345', 'A\\B', ' ']))),
    ),
  'another SOP Class': (elements, random) =>
    replace(elements, 0x00080016, leaf(0x00080016, 'UI', even(random.pick(SOP_CLASSES)))),
  'a UID that is none': (elements, random) =>
    replace(
      elements,
      random.pick([0x00080018, 0x0020000d, 0x0020000e, 0x00200052]),
      leaf(random.pick([0x00080018, 0x0020000d, 0x0020000e]), 'UI', even(random.pick(TEXTS))),
    ),
  'undefined length': (elements, random) =>
    change(elements, at(elements, random), { undefinedLength: true, endless: random.onceIn(3) }),
  'a sequence around': (elements, random) => {
    const index = at(elements, random);
    const node = elements[index];
    if (node === undefined) return;
    const deep = random.onceIn(12) ? 90 + random.below(40) : 1 + random.below(5);
    let inner = node;
    for (let n = 0; n < deep; n += 1) {
      inner = sequence(random.pick(DEEP_TAGS), [[inner]], random.onceIn(2), random.onceIn(8) ? 'UN' : 'SQ');
    }
    elements[index] = inner;
  },
  'items again and again': (elements, random) => {
    const index = elements.findIndex(({ items }) => items !== null && items.length > 0);
    const items = elements[index]?.items;
    if (items == null) return;
    change(elements, index, { items: Array.from({ length: 1 + random.below(60) }, () => items[0]!) });
  },
  'a sequence of nothing': (elements, random) =>
    change(elements, at(elements, random), { items: random.onceIn(2) ? [] : [[], []], vr: 'SQ' }),
  'a private block': (elements, random) => {
    const group = random.pick([0x0009, 0x0011, 0x0019, 0x0029, 0x0043, 0x2001, 0x2005, 0x7053, 0x0001, 0x5001]);
    const block = 0x10 + random.below(3);
    const creator = leaf((group << 16) | block, 'LO', even(random.pick(CREATORS)));
    const made = Array.from({ length: 1 + random.below(6) }, () =>
      leaf(((group << 16) | (block << 8) | random.below(256)) >>> 0, random.pick(VRS), anyValue(random)),
    );
    put(elements, random, ...(random.onceIn(4) ? made : [creator, ...made]));
  },
  'a sequence stored as UN': (elements, random) => {
    const index = elements.findIndex(({ items }) => items !== null);
    if (index >= 0) change(elements, index, { vr: 'UN', undefinedLength: random.onceIn(3) });
  },
  'odd length': (elements, random) => {
    const index = at(elements, random);
    const node = elements[index];
    if (node !== undefined)
      change(elements, index, { value: node.value.subarray(0, Math.max(0, node.value.length - 1)) });
  },
  'content a hundred deep': (elements, random) => {
    let item: Node[] = [leaf(0x0040a160, 'UT', even(random.pick(TEXTS)))];
    for (let n = 0; n < 20 + random.below(100); n += 1) {
      item = [
        leaf(0x0040a010, 'CS', 'CONTAINS'),
        leaf(0x0040a040, 'CS', random.pick(['CONTAINER ', 'TEXT', 'PNAME ', 'NUM ', 'UIDREF', 'IMAGE '])),
        sequence(0x0040a730, [item], random.onceIn(2)),
      ];
    }
    put(elements, random, item.at(-1)!);
  },
};

/* Every name above is that of a real attribute. */
if (tagOf('PatientName') !== 0x00100010) throw new Error('the dictionary has changed');

const ALL: readonly Mutation[] = Object.values(MUTATIONS);

/** One of the lists of elements: mostly that at the top, else one in an item somewhere, all of it copied. */
function someList(top: Elements, random: Random): Elements {
  let list = top;
  while (random.onceIn(3)) {
    const places = list.flatMap(({ items }, index) => (items !== null && items.length > 0 ? [index] : []));
    if (places.length === 0) return list;
    const index = random.pick(places);
    const items = list[index]!.items!.map((item) => [...item]);
    change(list, index, { items });
    list = random.pick(items);
  }
  return list;
}

function damage(file: Buffer, random: Random): Buffer {
  const bytes = Buffer.from(file);
  if (random.onceIn(4)) return bytes.subarray(0, random.below(bytes.length));
  if (random.onceIn(8)) return Buffer.concat([bytes, random.bytes(1 + random.below(40))]);
  for (let n = 1 + random.below(6); n > 0; n -= 1) {
    const place = 128 + random.below(bytes.length - 128);
    bytes[place] = random.onceIn(2) ? bytes[place]! ^ (1 << random.below(8)) : random.pick([0, 0xff, 0xfe, 0xe0, 0x0d]);
  }
  return bytes;
}

/** A view that the encoder overwrites with the next. */
export function mutated(base: Base, random: Random, encoder: Encoder): Buffer {
  const elements = [...base.elements];
  const count = random.pick([0, 1, 1, 1, 2, 2, 3, 5]);
  for (let n = 0; n < count; n += 1) random.pick(ALL)(someList(elements, random), random, base);
  const file = encoder.file(base, elements);
  return count === 0 || random.onceIn(4) ? damage(file, random) : file;
}
