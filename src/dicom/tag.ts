import { cannot } from '../base/errors';

/** Group and element number as one unsigned 32-bit number, 0xggggeeee. */
export type Tag = number;

export function tagFrom(groupNumber: number, elementNumber: number): Tag {
  return ((groupNumber << 16) | elementNumber) >>> 0;
}

export function group(tag: Tag): number {
  return tag >>> 16;
}

export function element(tag: Tag): number {
  return tag & 0xffff;
}

/** Eight upper-case hexadecimal digits, as in DICOM JSON (PS3.18 F.2.2). */
export function formatTag(tag: Tag): string {
  return (tag >>> 0).toString(16).toUpperCase().padStart(8, '0');
}

const TAG_FORM = /^\(?([0-9A-Fa-f]{4}),?([0-9A-Fa-f]{4})\)?$/;

/** Reads `00100010` or `(0010,0010)`. Throws Fault BAD_TAG. */
export function parseTag(text: string): Tag {
  const match = TAG_FORM.exec(text);
  if (match === null) throw cannot('BAD_TAG', 'an attribute tag is eight hexadecimal digits');
  return tagFrom(Number.parseInt(match[1]!, 16), Number.parseInt(match[2]!, 16));
}

/** Odd group number (PS3.5 7.8). */
export function isPrivate(tag: Tag): boolean {
  return (tag & 0x0001_0000) !== 0;
}

/** (gggg,0010-00FF) of an odd group reserves a block for a private creator (PS3.5 7.8.1). */
export function isPrivateCreator(tag: Tag): boolean {
  return isPrivate(tag) && element(tag) >= 0x0010 && element(tag) <= 0x00ff;
}

/** Tag of the element that names the creator of this private element; undefined where none can (PS3.5 7.8.1). */
export function privateCreatorTag(tag: Tag): Tag | undefined {
  if (!isPrivate(tag) || element(tag) < 0x1000) return undefined;
  return tagFrom(group(tag), element(tag) >>> 8);
}

/** (gggg,0000), retired everywhere but in groups 0000 and 0002 (PS3.5 7.2). */
export function isGroupLength(tag: Tag): boolean {
  return (tag & 0xffff) === 0;
}
