import { type DataElement, type DataSet, valuesOf } from '../dicom/data-set';
import { isGroupLength, isPrivateCreator, privateCreatorTag, type Tag } from '../dicom/tag';
import type { AttributeAt } from './attribute-at';
import { type ItemPlace, type SetPlan, Step } from './plan';
import { isLegalCodedText, privateKind, type SafePrivate } from './safe-private';
import type { Texts } from './texts';
import { changesUIDs, looksLikeUIDs } from './uid-values';

/**
 * PS3.15 E.3.10: by creator and element; a creator stays with what stays of its block. `judge`: undefined, it goes; null,
 * it stays as it is.
 */
export function privateSteps(
  dataSet: DataSet,
  indices: readonly number[],
  place: ItemPlace | null,
  judge: (element: DataElement, creator: string, index: number) => Step | null | undefined,
): Step[] {
  const steps: Step[] = [];
  const keptBlocks = new Set<Tag>();
  const blocks: number[] = [];
  for (const index of indices) {
    const element = dataSet.elements[index]!;
    const { tag } = element;
    if (isPrivateCreator(tag)) {
      blocks.push(index);
      continue;
    }
    const creatorTag = privateCreatorTag(tag);
    const creator = creatorTag === undefined ? undefined : dataSet.string(creatorTag);
    const kept = creator === undefined || isGroupLength(tag) ? undefined : judge(element, creator, index);
    if (kept === undefined) {
      steps.push(new Step(place, index, tag, '', 'X', 'E.1-1 private', 'remove', 'UN'));
      continue;
    }
    keptBlocks.add(creatorTag!);
    if (kept !== null) steps.push(kept);
  }
  for (const index of blocks) {
    const { tag } = dataSet.elements[index]!;
    if (!keptBlocks.has(tag)) steps.push(new Step(place, index, tag, '', 'X', 'E.1-1 private', 'remove', 'LO'));
  }
  return steps;
}

/** Bulk data and long text stay out even where the table has them: nobody can see what is in them. */
export function safePrivateStep(
  { owner, element, index, place }: Omit<AttributeAt, 'rule' | 'types'>,
  entry: SafePrivate,
  texts: Texts | null,
  retainsUIDs: boolean,
): Step | null | undefined {
  const { tag } = element;
  if (element.length === 0) return null;
  switch (privateKind(element, entry)) {
    case 'number':
      return null;
    case 'coded':
      return isLegalCodedText(element, entry) ? null : undefined;
    case 'text':
      // Known identifiers only: the table vouches for the rest.
      if (texts === null) return null;
      return valuesOf(element, owner).every((value) => value === '' || texts.isFree(value)) ? null : undefined;
    case 'uid':
      if (!looksLikeUIDs(element)) return undefined;
      if (retainsUIDs) return null;
      return changesUIDs(element) ? new Step(place, index, tag, '', 'U', 'E.1-1 113111', 'uid', 'UI') : null;
    case 'temporal':
    case 'other':
      return undefined;
  }
}

/** Nothing is left of it. */
export function isEmptied(item: DataSet, plan: SetPlan | null): boolean {
  return plan === null
    ? item.elements.length === 0
    : plan.steps.length === item.elements.length && plan.steps.every((step) => step.deed === 'remove');
}
