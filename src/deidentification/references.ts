import type { DataSet } from '../dicom/data-set';
import type { Tag } from '../dicom/tag';
import type { ItemPlace } from './plan';

export const REFERENCED_SOP_INSTANCE_UID: Tag = 0x00081155;
/** Referenced Series Sequence, Studies Containing Other Referenced Instances Sequence (PS3.3 C.12.2). */
export const COMMON_INSTANCE_REFERENCE: ReadonlySet<Tag> = new Set([0x00081115, 0x00081200]);

export function isInReferenceModule(place: ItemPlace | null): boolean {
  let top = place;
  while (top?.parent != null) top = top.parent;
  return top !== null && COMMON_INSTANCE_REFERENCE.has(top.tag);
}

export function refersToInstances(items: readonly DataSet[]): boolean {
  return items.some((item) =>
    item.elements.some(
      (element) =>
        element.tag === REFERENCED_SOP_INSTANCE_UID || (element.items !== null && refersToInstances(element.items)),
    ),
  );
}
