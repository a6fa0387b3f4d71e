import type { DataElement } from '../dicom/data-set';

/** UIDs of an element, padding gone, in whatever VR they came: ten or more in every instance, so made quick. */
export function uidsOf(element: DataElement): readonly string[] {
  const text = latin1(element.bytes());
  if (!text.includes('\\')) return [withoutPadding(text)];
  return text.split('\\').map(withoutPadding);
}

export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && isPadding(text.charCodeAt(end - 1))) end -= 1;
  return isPadding(text.charCodeAt(0)) ? text.slice(0, end).trimStart() : text.slice(0, end);
}

function isPadding(code: number): boolean {
  return code === 0x20 || code === 0;
}

/** Compared here and not by Buffer: for a few bytes the call costs more than the loop. */
export function sameBytes(some: Uint8Array, others: Uint8Array): boolean {
  if (some.length !== others.length) return false;
  for (let at = 0; at < some.length; at += 1) if (some[at] !== others[at]) return false;
  return true;
}
