import type { Reason } from '../base/outcome';
import type { DataElement, DataSet } from '../dicom/data-set';
import { MEDIA_STORAGE_DIRECTORY } from '../dicom/sop-class';
import { formatTag, type Tag } from '../dicom/tag';
import { isUID } from '../dicom/uid';
import type { EncapsulatedDocuments } from './policy';

const SOP_CLASS_UID: Tag = 0x00080016;

/** What every composite instance has (PS3.3 A.1.2): without, there is nothing to refer to it by. */
const REQUIRED_UIDS: readonly (readonly [tag: Tag, keyword: string])[] = [
  [SOP_CLASS_UID, 'SOPClassUID'],
  [0x00080018, 'SOPInstanceUID'],
  [0x0020000d, 'StudyInstanceUID'],
  [0x0020000e, 'SeriesInstanceUID'],
];

/** PS3.4 B.5: the document is opaque to the profile, and what Table E.1-1 asks for would leave an empty shell. */
const ENCAPSULATED_DOCUMENTS: ReadonlySet<string> = new Set([
  '1.2.840.10008.5.1.4.1.1.104.1', // PDF
  '1.2.840.10008.5.1.4.1.1.104.2', // CDA
  '1.2.840.10008.5.1.4.1.1.104.3', // STL
  '1.2.840.10008.5.1.4.1.1.104.4', // OBJ
  '1.2.840.10008.5.1.4.1.1.104.5', // MTL
]);

/** Why an instance is held back before any rule is looked at; null where nothing speaks against it. */
export function reasonToQuarantine(
  header: DataSet,
  sopClass: string | undefined,
  documents: EncapsulatedDocuments = 'quarantine',
): Reason | null {
  if (sopClass === MEDIA_STORAGE_DIRECTORY || header.has(0x00041220)) {
    return {
      code: 'MEDIA_DIRECTORY',
      message: 'a media directory (DICOMDIR) is rebuilt from what goes out, never passed on',
      remedy: 'Leave it out; its instances can be exported.',
    };
  }
  for (const [tag, keyword] of REQUIRED_UIDS) {
    if (!hasValue(header.element(tag))) {
      return { code: 'NOT_AN_INSTANCE', message: `${keyword} (${formatTag(tag)}) is missing or empty` };
    }
  }
  if (sopClass !== undefined && !isUID(sopClass)) {
    return { code: 'NOT_AN_INSTANCE', message: `SOPClassUID (${formatTag(SOP_CLASS_UID)}) is not a UID` };
  }
  if (documents === 'quarantine' && sopClass !== undefined && ENCAPSULATED_DOCUMENTS.has(sopClass)) {
    return {
      code: 'ENCAPSULATED_DOCUMENT',
      message: 'an encapsulated document cannot be cleaned',
      remedy:
        'Exclude it; or, where the house looks at its documents before, let the project keep encapsulated documents.',
    };
  }
  const overlay = embeddedOverlay(header);
  if (overlay !== null) {
    return {
      code: 'EMBEDDED_OVERLAY',
      message: `overlay group ${formatTag(overlay).slice(0, 4)} lies in unused bits of the pixel data`,
      remedy: 'Have the overlay bits cleared, or exclude the instance.',
    };
  }
  return null;
}

function hasValue(element: DataElement | undefined): boolean {
  if (element === undefined || element.length === 0) return false;
  return element.bytes().some((byte) => byte !== 0x20 && byte !== 0);
}

/**
 * PS3.3 C.9.2, retired use: Overlay Bit Position names a bit of the pixel cells, with no Overlay Data of its own.
 * Bit 0 is where overlay data of its own has to be.
 */
function embeddedOverlay(header: DataSet): Tag | null {
  for (const { tag } of header.elements) {
    if ((tag & 0xff01ffff) >>> 0 !== 0x60000102) continue;
    const overlayData = ((tag & 0xffff0000) | 0x3000) >>> 0;
    if (!header.has(overlayData) && header.numbers(tag).some((position) => position > 0)) return tag;
  }
  return null;
}
