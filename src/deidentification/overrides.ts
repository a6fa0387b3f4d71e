import { cannot } from '../base/errors';
import { lookUp, tagOf } from '../dicom/dictionary';
import { formatTag, isPrivate, parseTag, type Tag } from '../dicom/tag';

/** What a project can want done to an attribute. */
export const OVERRIDE_ACTIONS = ['remove', 'empty', 'dummy', 'keep', 'clean', 'uid', 'set'] as const;
export type OverrideAction = (typeof OVERRIDE_ACTIONS)[number];

/** The letters of Table E.1-1a say the same. */
const LETTERS: Readonly<Record<string, OverrideAction>> = {
  X: 'remove',
  Z: 'empty',
  D: 'dummy',
  K: 'keep',
  C: 'clean',
  U: 'uid',
};

/** A private attribute, whatever block its creator has reserved. */
export interface PrivateAttribute {
  readonly group: number;
  readonly creator: string;
  readonly element: number;
}

/** One wish of a project. */
export interface AttributeOverride {
  /** Sequences around the attribute, outermost first; empty: wherever the attribute is, as the rows of the table. */
  readonly within: readonly Tag[];
  readonly attribute: Tag | PrivateAttribute;
  readonly action: OverrideAction;
  /** Only with `set`. */
  readonly value?: string;
}

/** As people write it; `attribute` is a keyword, eight digits or `gggg,creator,ee`, in its sequences after `/`. */
export interface OverrideEntry {
  readonly attribute: string;
  readonly action: string;
  readonly value?: string;
  /** Of the file it is written in. */
  readonly line?: number;
}

/** Without these an instance is none, cannot be read, or says an untruth of itself. */
const NOT_TO_BE_TOUCHED: ReadonlySet<Tag> = new Set([
  0x00080005, 0x00080016, 0x00080018, 0x0020000d, 0x0020000e, 0x00120062, 0x00120063, 0x00120064, 0x00280303,
]);
/** PS3.3 C.7.6.3: what the pixels are. */
const PIXEL_DESCRIPTION: ReadonlySet<Tag> = new Set([
  0x00280002, 0x00280004, 0x00280006, 0x00280008, 0x00280010, 0x00280011, 0x00280100, 0x00280101, 0x00280102,
  0x00280103,
]);
/** The person: a pseudonym stands here, or nothing. */
const NEVER_KEPT: ReadonlySet<Tag> = new Set([0x00100010, 0x00100020, 0x00101000, 0x00101001, 0x00101002]);

const TEXT = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UR UT'.split(' '));
const CLEANABLE = new Set('LO LT SH ST UC UT SQ'.split(' '));
const PRIVATE_FORM = /^\(?([0-9A-Fa-f]{3}[13579BDFbdf]),(.+),(?:xx)?([0-9A-Fa-f]{2})\)?$/;

/** Reads one entry. Throws Fault BAD_OVERRIDE that names the entry (from 1) and what is wrong with it. */
export function overrideOf(entry: OverrideEntry, number: number): AttributeOverride {
  const bad = (what: string, remedy?: string): never => {
    throw cannot('BAD_OVERRIDE', `override ${number} (${shown(entry.attribute)})${onLine(entry)}: ${what}`, {
      remedy: remedy ?? `Actions are ${OVERRIDE_ACTIONS.join(', ')}.`,
    });
  };
  const action =
    LETTERS[entry.action] ?? OVERRIDE_ACTIONS.find((each) => each === entry.action) ?? bad('no such action');
  const parts = entry.attribute.split('/').map((part) => part.trim());
  const named = parts.map(
    (part) =>
      attributeOf(part) ??
      bad(
        `${shown(part)} names no attribute`,
        'Attributes are named by keyword, by eight hexadecimal digits, or as gggg,creator,ee; sequences around them come first, with / in between.',
      ),
  );
  const within = named.slice(0, -1).map((part) => {
    if (typeof part === 'number' && lookUp(part)?.vr === 'SQ') return part;
    return bad('only sequences can stand before a /');
  });
  const attribute = named.at(-1)!;
  if ((entry.value !== undefined) !== (action === 'set')) {
    bad(action === 'set' ? 'set needs a value' : 'a value goes with set only');
  }
  if (typeof attribute === 'number') checkPublic(attribute, action, entry.value, bad);
  else if (action !== 'keep' && action !== 'remove') bad('a private attribute can be kept or removed');
  return { within, attribute, action, ...(entry.value === undefined ? {} : { value: entry.value }) };
}

function checkPublic(
  tag: Tag,
  action: OverrideAction,
  value: string | undefined,
  bad: (what: string, remedy?: string) => never,
): void {
  const entry = lookUp(tag);
  if (entry === undefined) bad('not in the data dictionary');
  const vr = entry!.vr;
  if (tag < 0x00080000 || (tag & 0xffff) === 0) bad('no attribute of an instance');
  if (NOT_TO_BE_TOUCHED.has(tag) || PIXEL_DESCRIPTION.has(tag) || tag >= 0x7fe00000) {
    bad('the instance cannot do without it as the profile leaves it', 'Leave this attribute to the profile.');
  }
  if (action === 'keep' && NEVER_KEPT.has(tag)) bad('a direct identifier of the patient is never kept');
  if (action === 'uid' && vr !== 'UI') bad('uid is for attributes of VR UI');
  if (action === 'clean' && !CLEANABLE.has(vr)) bad(`${vr} holds no text that could be cleaned`);
  if (action === 'set') {
    if (!TEXT.has(vr)) bad(`an attribute of VR ${vr} cannot be set to a text`);
    if (value!.includes('\\')) bad('a value holds no backslash');
  }
}

function attributeOf(text: string): Tag | PrivateAttribute | undefined {
  const match = PRIVATE_FORM.exec(text);
  if (match !== null) {
    return { group: Number.parseInt(match[1]!, 16), creator: match[2]!, element: Number.parseInt(match[3]!, 16) };
  }
  if (/^\(?[0-9A-Fa-f]{4},?[0-9A-Fa-f]{4}\)?$/.test(text)) {
    const tag = parseTag(text);
    return isPrivate(tag) ? undefined : tag;
  }
  return tagOf(text);
}

export function onLine({ line }: OverrideEntry): string {
  return line === undefined ? '' : ` on line ${line}`;
}

/** What people typed, short enough for a message. */
function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

export function nameOf(override: AttributeOverride): string {
  const { attribute } = override;
  return typeof attribute === 'number'
    ? formatTag(attribute)
    : `${attribute.group.toString(16).toUpperCase().padStart(4, '0')},${attribute.creator}`;
}
