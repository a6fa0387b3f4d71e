import { type AttributePlace, attributeTypes } from '../deidentification/attribute-types';
import { type DataElement, type DataSet, valuesOf } from '../dicom/data-set';
import { TAGS } from '../dicom/tags';
import { VALUE_REPRESENTATIONS } from '../dicom/vr';
import type { VerificationFinding } from './finding';
import { forSameItems } from './integrity';
import type { Place } from './place';

/**
 * What the IOD requires and the source had still stands: Type 1 with a value, Type 2 present (PS3.3 5.1, PS3.5 7.4;
 * PS3.15 E.1.1: the result is a valid instance). Conditional Types are not judged: the condition may have gone.
 * Attributes whose Type the outcome of Table E.1-1 does not depend on are not touched by it.
 */
export function requiredAttributeFindings(source: DataSet, result: DataSet, place: Place): VerificationFinding[] {
  const types = attributeTypes(source.string(TAGS.SOPClassUID) ?? '');
  const findings: VerificationFinding[] = [];
  if (types !== undefined) compare(source, result, types, place, findings);
  return findings;
}

function compare(
  source: DataSet,
  result: DataSet,
  types: AttributePlace,
  place: Place,
  findings: VerificationFinding[],
): void {
  for (const before of source.elements) {
    const here = types.below(before.tag);
    if (here === undefined) continue;
    const after = result.element(before.tag);
    if (after === before) continue;
    const { type } = here;
    if (type === '1' && (after === undefined || !hasValue(after, result)) && hasValue(before, source)) {
      findings.push({ path: place.path(before.tag), rule: 'Type 1 attribute lost', severity: 'hold' });
    } else if (type === '2' && after === undefined) {
      findings.push({ path: place.path(before.tag), rule: 'Type 2 attribute lost', severity: 'hold' });
    } else if (before.items !== null && after !== undefined) {
      forSameItems(before, after, place, (was, is) => compare(was, is, here, place, findings));
    }
  }
}

/** Padding is no value. */
function hasValue(element: DataElement, owner: DataSet): boolean {
  if (element.elided) return true;
  if (element.items !== null) return element.items.length > 0;
  if (element.length === 0) return false;
  if (VALUE_REPRESENTATIONS[element.vr].kind !== 'text') return true;
  return valuesOf(element, owner).some((value) => value !== '');
}
