import { type DataElement, type DataSet, valuesOf } from '../dicom/data-set';
import { VALUE_REPRESENTATIONS } from '../dicom/vr';
import type { AttributeType } from './action-codes';
import { CODE_MEANING, isPublishedCode } from './content-items';
import { type ItemPlace, KNOWN_RULE, Step } from './plan';
import type { Rule } from './rule-book';
import type { Texts } from './texts';

const VR_RULE = 'PS3.6 6 text of another VR';
const WORDS_RULE = 'PS3.5 6.2 words in a number';

/**
 * What the profile leaves as it is loses those who are known, and a number loses words (PS3.15 E.3.5, note: text of any
 * attribute may identify). null: it stays.
 */
export function screened(
  owner: DataSet,
  element: DataElement,
  rule: Rule,
  index: number,
  type: AttributeType | null | undefined,
  place: ItemPlace | null,
  texts: Texts | null,
): Step | null {
  const { tag } = element;
  const { keyword, vr } = rule;
  if (element.items !== null) return null;
  if (rule.screened === 'number') {
    if (!holdsWord(element)) return null;
    return type === '1' || type === '1C'
      ? new Step(place, index, tag, keyword, 'D', WORDS_RULE, 'dummy', vr)
      : new Step(place, index, tag, keyword, 'Z', WORDS_RULE, 'empty', vr);
  }
  const coded = isPublishedCode(tag, owner);
  if (texts === null || (coded && tag !== CODE_MEANING)) return null;
  if (element.vr !== 'UN' && VALUE_REPRESENTATIONS[element.vr].kind !== 'text') {
    // Bytes or numbers where the dictionary has text: nobody can say what they spell.
    return new Step(place, index, tag, keyword, 'D', VR_RULE, 'dummy', vr);
  }
  let changed = false;
  const values = valuesOf(element, owner).map((value) => {
    if (value.length < 2) return value;
    const result = texts.screened(value, coded);
    changed ||= result.changed;
    return result.text;
  });
  if (!changed) return null;
  // What is left of a URL points nowhere.
  if (vr === 'UR' || values.every((value) => value.trim() === '')) {
    return new Step(place, index, tag, keyword, 'D', KNOWN_RULE, 'dummy', vr);
  }
  return new Step(place, index, tag, keyword, 'C', KNOWN_RULE, 'text', vr, undefined, undefined, values);
}

/** Three letters or more in a row, but for the words that stand for numbers: a name, whatever the VR says. */
function holdsWord(element: DataElement): boolean {
  const bytes = element.bytes();
  let run = 0;
  for (let at = 0; at <= bytes.length; at += 1) {
    const byte = at < bytes.length ? bytes[at]! : 0;
    const isLetter = (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte >= 0x80;
    if (isLetter) {
      run += 1;
      continue;
    }
    if (run >= 3) {
      const word = Buffer.from(bytes.subarray(at - run, at))
        .toString('latin1')
        .toLowerCase();
      if (word !== 'nan' && word !== 'inf' && word !== 'infinity') return true;
    }
    run = 0;
  }
  return false;
}
