import { valuesOf } from '../dicom/data-set';
import type { AttributeAt } from './attribute-at';
import { isTemporal } from './dates';
import { isLegalValue, safeHarborAge } from './legal-values';
import { Step } from './plan';
import type { OptionRule } from './rule-book';
import { looksLikeUIDs } from './uid-values';

/** What options retain of a value (PS3.15 E.3.6 to E.3.9). undefined: the option cannot have its way. */

const FORMED: ReadonlySet<string> = new Set(['AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'TM']);
const TEMPORAL: ReadonlySet<string> = new Set(['DA', 'DT', 'TM']);

/** What the VR gives a form has to have it: no name in a date, an age or a sex. */
export function keptStep(
  { owner, element, rule, index, place }: AttributeAt,
  safeHarborAges: boolean,
): Step | null | undefined {
  const { vr } = rule;
  if (vr === 'UI') {
    if (!looksLikeUIDs(element)) return undefined;
  } else if (FORMED.has(vr)) {
    const values = valuesOf(element, owner);
    if (values.length === 0 || !values.every((value) => isLegalValue(value, vr))) return undefined;
    if (vr === 'AS' && safeHarborAges) {
      const grouped = values.map(safeHarborAge);
      if (grouped.some((value, n) => value !== values[n])) {
        const name = '45 CFR 164.514(b)(2)(i)(C)';
        return new Step(place, index, element.tag, rule.keyword, 'C', name, 'text', vr, undefined, undefined, grouped);
      }
    }
  }
  return null;
}

export function shiftedStep(
  { owner, element, rule, index, place }: AttributeAt,
  option: OptionRule,
): Step | null | undefined {
  const { vr } = rule;
  const values = valuesOf(element, owner);
  const legal = values.filter((value) => value !== '' && isTemporal(value, vr)).length;
  if (legal === 0) {
    if (!TEMPORAL.has(vr)) return undefined;
    return new Step(place, index, element.tag, rule.keyword, 'D', option.name, 'dummy', vr);
  }
  // Only days move.
  if ((vr === 'TM' || vr === 'SH') && legal === values.length) return null;
  const { tag } = element;
  return new Step(place, index, tag, rule.keyword, 'C', option.name, 'shift', vr, undefined, undefined, values);
}
