import type { DataElement, DataSet } from '../dicom/data-set';
import { isGroupLength, isPrivate, type Tag } from '../dicom/tag';
import { TAGS } from '../dicom/tags';
import { isUID, isWellKnown } from '../dicom/uid';
import type { VerificationFinding } from './finding';
import { STRUCTURAL } from './identifier-attributes';
import type { Place } from './place';
import { uidsOf } from './uid-text';

export interface Allowed {
  readonly uids: boolean;
  readonly privateAttributes: boolean;
  readonly attributes: ReadonlySet<Tag>;
}

const ANNOTATION_GROUP_UID: Tag = 0x006a0003;
/** PS3.3 A.1.2: an instance is known by its own UIDs and those of the entities around it. */
const OWN_UIDS: readonly Tag[] = [TAGS.SOPInstanceUID, TAGS.StudyInstanceUID, TAGS.SeriesInstanceUID];

/** The result is still an instance, the same kind of instance, and another one (PS3.15 E.1.1). */
export function integrityFindings(
  source: DataSet,
  result: DataSet,
  allowed: Allowed,
  place: Place,
): VerificationFinding[] {
  const findings: VerificationFinding[] = [];
  const hold = (tag: Tag, rule: string): void => {
    findings.push({ path: place.path(tag), rule, severity: 'hold' });
  };
  const SOPClass = result.element(TAGS.SOPClassUID);
  // An element that was not touched is the one that was read.
  if (
    SOPClass === undefined ||
    (SOPClass !== source.element(TAGS.SOPClassUID) && uid(result, TAGS.SOPClassUID) !== uid(source, TAGS.SOPClassUID))
  ) {
    hold(TAGS.SOPClassUID, 'SOP class changed');
  }
  const renewed = new Map<string, string>();
  for (const tag of OWN_UIDS) {
    const before = uid(source, tag);
    const after = uid(result, tag);
    if (after === undefined || !isUID(after)) hold(tag, 'UID missing or not valid');
    else if (before !== undefined && before === after && !allowed.uids && !isWellKnown(before))
      hold(tag, 'UID not replaced');
    else if (before !== undefined) renewed.set(before, after);
  }
  if (result.string(TAGS.PatientIdentityRemoved) !== 'YES')
    hold(TAGS.PatientIdentityRemoved, 'not said to be de-identified');
  // PS3.3 C.7.1.1: the codes say by which profile and options, or the text does where a project keeps more than both.
  if (
    !result.items(TAGS.DeidentificationMethodCodeSequence).some((item) => item.string(TAGS.CodeValue) !== undefined) &&
    !result.strings(TAGS.DeidentificationMethod).some((method) => method.startsWith('PS3.15 '))
  ) {
    hold(TAGS.DeidentificationMethodCodeSequence, 'method of de-identification missing');
  }
  strayElements(result, allowed, place, findings);
  ownReferences(source, result, renewed, place, findings);
  return findings;
}

function uid(dataSet: DataSet, tag: Tag): string | undefined {
  const element = dataSet.element(tag);
  if (element === undefined || element.elided || element.items !== null) return undefined;
  return uidsOf(element).find((each) => each !== '');
}

/** Groups 0000, 0002 and 0004 belong to messages, files and directories; group lengths are retired (PS3.5 7.2). */
function strayElements(dataSet: DataSet, allowed: Allowed, place: Place, findings: VerificationFinding[]): void {
  for (const { tag, items } of dataSet.elements) {
    const rule =
      tag < 0x00080000
        ? 'group that is no part of a data set'
        : isPrivate(tag)
          ? allowed.privateAttributes || allowed.attributes.has(tag)
            ? undefined
            : 'private attribute'
          : isGroupLength(tag)
            ? 'group length'
            : undefined;
    if (rule !== undefined) findings.push({ path: place.path(tag), rule, severity: 'hold' });
    if (items === null) continue;
    for (let n = 0; n < items.length; n += 1) {
      place.enter(tag, n);
      strayElements(items[n]!, allowed, place, findings);
      place.leave();
    }
  }
}

/** Where the source refers to its own instance, series or study, the result refers to its own new one. */
function ownReferences(
  source: DataSet,
  result: DataSet,
  renewed: ReadonlyMap<string, string>,
  place: Place,
  findings: VerificationFinding[],
): void {
  for (const before of source.elements) {
    if (before.items === null && before.vr !== 'UI') continue;
    const after = result.element(before.tag);
    if (after === undefined || after === before) continue;
    if (before.items !== null) {
      forSameItems(before, after, place, (was, is) => ownReferences(was, is, renewed, place, findings));
    } else if (before.tag !== ANNOTATION_GROUP_UID && !STRUCTURAL.has(before.tag) && !before.elided) {
      const was = uidsOf(before);
      if (!was.some((uid) => renewed.has(uid))) continue;
      const is = uidsOf(after);
      if (was.length === is.length && was.some((uid, n) => renewed.has(uid) && renewed.get(uid) !== is[n])) {
        findings.push({
          path: place.path(before.tag),
          rule: 'reference to its own study, series or instance is broken',
          severity: 'hold',
        });
      }
    }
  }
}

/** Items that can be told to be the same: the sequence still has as many. */
export function forSameItems(
  before: DataElement,
  after: DataElement,
  place: Place,
  visit: (was: DataSet, is: DataSet) => void,
): void {
  const { items: was } = before;
  const { items: is } = after;
  if (was === null || is === null || was.length !== is.length) return;
  for (let n = 0; n < was.length; n += 1) {
    if (was[n] === is[n]) continue;
    place.enter(before.tag, n);
    visit(was[n]!, is[n]!);
    place.leave();
  }
}
