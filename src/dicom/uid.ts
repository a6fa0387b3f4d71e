/** UIDs (PS3.5 9, 6.2 UI). */

const FORM = /^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+$/;

/** At most 64 characters, components without leading zeros (PS3.5 9.1). */
export function isUID(text: string): boolean {
  return text.length <= 64 && FORM.test(text);
}

/** Everything under this root is registered by DICOM itself: classes, syntaxes, codes (PS3.6 Annex A). */
export const WELL_KNOWN_ROOT = '1.2.840.10008';

export function isWellKnown(uid: string): boolean {
  return uid === WELL_KNOWN_ROOT || uid.startsWith(`${WELL_KNOWN_ROOT}.`);
}
