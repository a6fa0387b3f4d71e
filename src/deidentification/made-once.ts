import { type DataElement, type DataSet, newDataSet } from '../dicom/data-set';
import type { Tag } from '../dicom/tag';

/**
 * Elements that are the same in every instance of one encoding, made once: dummies, empty ones, what is added. They
 * hold ASCII only, which every character set of DICOM spells alike (PS3.5 6.1.2.1). Making them anew took more than
 * half of the time of an instance.
 */
export class MadeOnce {
  readonly #made: (Map<Tag, DataElement> | undefined)[] = [];

  /** `make` is given a data set of the encoding, and must make the same element each time. */
  element(owner: DataSet, tag: Tag, make: (plain: DataSet) => DataElement): DataElement {
    const { explicitVR, littleEndian } = owner.encoding;
    const slot = (explicitVR ? 2 : 0) + (littleEndian ? 1 : 0);
    let made = this.#made[slot];
    if (made === undefined) {
      made = new Map();
      this.#made[slot] = made;
    }
    let element = made.get(tag);
    if (element === undefined) {
      element = make(newDataSet(owner.encoding, []));
      made.set(tag, element); // bounded by the attributes that have a rule
    }
    return element;
  }
}
