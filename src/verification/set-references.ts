import type { Reason } from '../base/outcome';
import type { DataSet } from '../dicom/data-set';
import { lookUp } from '../dicom/dictionary';
import type { Tag } from '../dicom/tag';
import { TAGS } from '../dicom/tags';
import { isWellKnown } from '../dicom/uid';
import type { VerificationFinding } from './finding';
import { STRUCTURAL } from './identifier-attributes';
import { forSameItems } from './integrity';
import { Place } from './place';
import { uidsOf } from './uid-text';

/** Why an instance with such findings is held back. */
export const WITH_THE_SET: Reason = {
  code: 'REFERENCES_BROKEN',
  message: 'a UID of the instance has not the replacement that it has in the rest of the set',
  remedy: 'Nothing of the set should leave; its de-identification needs a look.',
};

export interface WishedUIDs {
  /** Option Retain UIDs. */
  readonly retained: boolean;
  /** Attributes whose UIDs stay. */
  readonly keptAttributes: ReadonlySet<Tag>;
  /** UIDs that the project puts in place of others. */
  readonly meant: ReadonlySet<string>;
}

/**
 * Do the references of a whole set still hold (PS3.15 E.3.9: UIDs are replaced consistently within a set)? One instance
 * alone cannot tell. Fed with each instance as it came in and as it leaves, in any order; remembers UIDs only.
 *
 * The law is one for studies, series, instances, frames of reference and whatever else bears a UID: one UID has one
 * replacement in the whole set, and no two have the same. A reference to an instance of the set thereby names what that
 * instance is called now. References that the profile removed are gone, not broken.
 */
export class SetReferences {
  readonly #wished: WishedUIDs;
  readonly #renewed = new Map<string, string>();
  readonly #origin = new Map<string, string>();
  readonly #instances = new Set<string>();

  constructor(wished: WishedUIDs = { retained: false, keptAttributes: new Set(), meant: new Set() }) {
    this.#wished = wished;
  }

  /** What of this instance disagrees with those before it. */
  add(source: DataSet, result: DataSet): readonly VerificationFinding[] {
    const SOPInstanceUID = result.string(TAGS.SOPInstanceUID);
    if (SOPInstanceUID !== undefined) this.#instances.add(SOPInstanceUID);
    const findings: VerificationFinding[] = [];
    this.#compare(source, result, new Place(), findings);
    return findings;
  }

  /** References of a document made anew, as a manifest is, that name no instance added so far. */
  dangling(document: DataSet): readonly VerificationFinding[] {
    const findings: VerificationFinding[] = [];
    this.#walk(document, new Place(), findings);
    return findings;
  }

  #compare(source: DataSet, result: DataSet, place: Place, findings: VerificationFinding[]): void {
    for (const before of source.elements) {
      const isUID = before.vr === 'UI' || (before.vr === 'UN' && lookUp(before.tag)?.vr === 'UI');
      if ((before.items === null && !isUID) || before.elided || STRUCTURAL.has(before.tag)) continue;
      const after = result.element(before.tag);
      if (after === undefined || after.elided) continue;
      if (before.items !== null) {
        forSameItems(before, after, place, (was, is) => this.#compare(was, is, place, findings));
        continue;
      }
      if (after.items !== null) continue;
      const was = uidsOf(before);
      const is = uidsOf(after);
      if (was.length !== is.length) continue;
      for (let n = 0; n < was.length; n += 1) this.#pair(was[n]!, is[n]!, before.tag, place, findings);
    }
  }

  #pair(was: string, is: string, tag: Tag, place: Place, findings: VerificationFinding[]): void {
    if (was === '' || is === '' || isWellKnown(was) || this.#isWished(was, is, tag)) return;
    const known = this.#renewed.get(was);
    if (known === undefined) this.#renewed.set(was, is);
    else if (known !== is) findings.push(broken(place.path(tag), 'a UID of the set has two replacements'));
    const origin = this.#origin.get(is);
    if (origin === undefined) this.#origin.set(is, was);
    else if (origin !== was) findings.push(broken(place.path(tag), 'two UIDs of the set have one replacement'));
  }

  /** What the project keeps in one attribute has a replacement in others; what it puts in place stands for many. */
  #isWished(was: string, is: string, tag: Tag): boolean {
    const { retained, keptAttributes, meant } = this.#wished;
    return was === is ? retained || keptAttributes.has(tag) : meant.has(is);
  }

  #walk(dataSet: DataSet, place: Place, findings: VerificationFinding[]): void {
    for (const element of dataSet.elements) {
      const { tag, items } = element;
      if (items === null) {
        if (tag !== TAGS.ReferencedSOPInstanceUID) continue;
        if (uidsOf(element).some((uid) => uid !== '' && !this.#instances.has(uid))) {
          findings.push(broken(place.path(tag), 'refers to an instance that is not in the set'));
        }
        continue;
      }
      items.forEach((item, n) => {
        place.enter(tag, n);
        this.#walk(item, place, findings);
        place.leave();
      });
    }
  }
}

function broken(path: string, rule: string): VerificationFinding {
  return { path, rule: `set: ${rule}`, severity: 'hold' };
}
