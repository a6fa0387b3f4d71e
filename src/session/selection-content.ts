import { createHash } from 'node:crypto';
import { isTitle } from '../selection/document-titles';
import type { ExportSelection } from '../selection/export-selection';

/**
 * Digest of what a selection asks for, the same for each of its identical documents: nothing of where a document lies,
 * nor of the patient, whom the image source may correct without the Selector.
 */
export function contentDigest(selection: ExportSelection): string {
  const { documentTitle, description, delayReasons, modifiers, references } = selection;
  const code = (concept: ExportSelection['documentTitle']) => [concept.CodingSchemeDesignator, concept.CodeValue];
  const said = [
    code(documentTitle),
    description?.trim() ?? null,
    delayReasons.map(code),
    modifiers.map(code),
    references.map(({ SOPInstanceUID, frames, attached }) => [
      SOPInstanceUID,
      frames,
      attached.map((each) => each.SOPInstanceUID),
    ]),
  ];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

type Patient = Pick<ExportSelection['source'], 'PatientID' | 'IssuerOfPatientID'>;

/** By Patient ID, and by its issuer where both documents name one. */
export function isOfSamePatient(one: Patient, other: Patient): boolean {
  if (one.PatientID.trim() !== other.PatientID.trim()) return false;
  const [issuer, otherIssuer] = [one.IssuerOfPatientID.trim(), other.IssuerOfPatientID.trim()];
  return issuer === otherIssuer || issuer === '' || otherIssuer === '';
}

/**
 * Whether a selection ends the wait of a delayed one (IHE RAD TF, Delay for Reason): it has no delay reason itself, is
 * not older, and has the same title in either scheme, the same Key Object Description, the same patient and at least
 * the same instances. No attribute links the two documents.
 */
export function takesPlaceOf(later: ExportSelection, delayed: ExportSelection): boolean {
  if (later.delayReasons.length > 0 || delayed.delayReasons.length === 0) return false;
  const sameTitle =
    isTitle(later.documentTitle, delayed.documentTitle) ||
    (later.purpose !== null && later.purpose === delayed.purpose);
  if (!sameTitle || (later.description?.trim() ?? '') !== (delayed.description?.trim() ?? '')) return false;
  if (!isOfSamePatient(later.source, delayed.source)) return false;
  const selected = new Set(later.references.map(({ SOPInstanceUID }) => SOPInstanceUID));
  return delayed.references.every(({ SOPInstanceUID }) => selected.has(SOPInstanceUID)) && !isOlder(later, delayed);
}

/** True only where both say when they were made. */
export function isOlder(one: ExportSelection, other: ExportSelection): boolean {
  const [made, otherMade] = [madeAt(one), madeAt(other)];
  return made !== null && otherMade !== null && made < otherMade;
}

/** Content Date and Content Time, to the second. */
function madeAt({ dates }: ExportSelection): string | null {
  const date = (dates?.contentDate ?? '').replace(/\D/g, '');
  if (date.length !== 8) return null;
  return date + (dates?.contentTime ?? '').replace(/[:\s]|\..*$/g, '').padEnd(6, '0');
}
