import type { DataElement } from '../dicom/data-set';
import { isUID, isWellKnown, WELL_KNOWN_ROOT } from '../dicom/uid';

/** The values of a UID attribute in whatever VR it came, padding gone. UIDs need no character set. */
export function uidValues(element: DataElement): string[] {
  const bytes = element.bytes();
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  if (!text.includes('\\')) return [trimmed(text)];
  return text.split('\\').map(trimmed);
}

/** Registered by DICOM: never replaced (PS3.15 E.3.9, note). Whatever merely begins like one is not. */
export function staysAsIs(value: string): boolean {
  return value === '' || (value.startsWith(WELL_KNOWN_ROOT) && isWellKnown(value) && isUID(value));
}

/** Whether replacing UIDs would change anything of it. */
export function changesUIDs(element: DataElement): boolean {
  return element.length > 0 && !uidValues(element).every(staysAsIs);
}

/** Digits, dots, separators and padding only: nothing that could be read as something else than UIDs. */
export function looksLikeUIDs(element: DataElement): boolean {
  for (const byte of element.bytes()) {
    const allowed = (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x5c || byte === 0x20 || byte === 0;
    if (!allowed) return false;
  }
  return true;
}

function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (end > start && isPadding(text.charCodeAt(end - 1))) end -= 1;
  while (start < end && isPadding(text.charCodeAt(start))) start += 1;
  return text.slice(start, end);
}

function isPadding(code: number): boolean {
  return code === 0x20 || code === 0;
}
