import type { VR } from '../dicom/vr';
import { isTemporal } from './dates';

/** PS3.5 6.2, Table 6.2-1: VRs whose form says what can be in them. */
const FORMS: Readonly<Partial<Record<VR, RegExp>>> = {
  AS: /^\d{3}[DWMY]$/,
  CS: /^[A-Z0-9_ ]{0,16}$/,
  DS: /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/,
  IS: /^[+-]?\d{1,12}$/,
};
const TEMPORAL: ReadonlySet<VR> = new Set<VR>(['DA', 'DT', 'TM']);

/** Whether a value, padding gone, is of the form of its VR; so is an empty one, and any where the VR has no form. */
export function isLegalValue(value: string, vr: VR): boolean {
  if (value === '') return true;
  if (TEMPORAL.has(vr)) return isTemporal(value, vr);
  return FORMS[vr]?.test(value) ?? true;
}

const DAYS: Readonly<Record<string, number>> = { D: 1, W: 7, M: 30.4375, Y: 365.25 };
const OLDEST = 90;

/** 45 CFR 164.514(b)(2)(i)(C): all ages over 89 are one category of age 90 or older. */
export function safeHarborAge(value: string): string {
  const days = Number(value.slice(0, 3)) * (DAYS[value.charAt(3)] ?? 0);
  return days >= OLDEST * DAYS.Y! ? '090Y' : value;
}
