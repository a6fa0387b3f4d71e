import type { DataSet } from '../dicom/data-set';
import type { Tag } from '../dicom/tag';

/**
 * Content items of structured reports, acquisition contexts, specimen preparations and waveform annotations
 * (PS3.3 C.17.3, 10.2; PS3.15 E.3.4). What an item says is in its value; what it says it of is in its concept name.
 */

const CONCEPT_NAME_CODE_SEQUENCE: Tag = 0x0040a043;
const CONCEPT_CODE_SEQUENCE: Tag = 0x0040a168;
const MEASURED_VALUE_SEQUENCE: Tag = 0x0040a300;
const TEXT_VALUE: Tag = 0x0040a160;
const DATE: Tag = 0x0040a121;
const UNFORMATTED_TEXT_VALUE: Tag = 0x00700006;
const CODE_VALUE: Tag = 0x00080100;
const CODING_SCHEME_DESIGNATOR: Tag = 0x00080102;
export const CODE_MEANING: Tag = 0x00080104;

/** Schemes whose codes and meanings somebody published (PS3.16 8, Table 8-1): what they say is theirs. */
const PUBLISHED_SCHEMES: ReadonlySet<string> = new Set(
  'DCM SCT SRT SNM3 LN UCUM RADLEX FMA MDC UMLS NCIt I9 I9C I10 I10P ICDO3 ISO3166_1 RFC5646 RFC3066 ISO639_1 ISO639_2 CPT4 C4 ACR BI IBSI PUBCHEM_CID UNS NDC RXNORM ITIS_TSN IHERADTF'.split(
    ' ',
  ),
);

/** Attributes of the header that say the same of the patient, the observer or the device (PS3.16 TID 1001 to 1010). */
const SAME_AS: ReadonlyMap<string, Tag | 'identifier'> = new Map<string, Tag | 'identifier'>([
  ['121009', 0x00080080], // Person Observer's Organization Name: Institution Name
  ['121013', 0x00081010], // Device Observer Name: Station Name
  ['121014', 0x00080070], // Device Observer Manufacturer
  ['121015', 0x00081090], // Device Observer Model Name
  ['121016', 0x00181000], // Device Observer Serial Number
  ['121017', 'identifier'], // Device Observer Physical Location During Observation
  ['121020', 'identifier'], // Placer Number
  ['121021', 'identifier'], // Filler Number
  ['121022', 'identifier'], // Accession Number
  ['121030', 'identifier'], // Subject ID
  ['121031', 'identifier'], // Subject Birth Date
  ['121032', 0x00100040], // Subject Sex
  ['121033', 0x00101010], // Subject Age
  ['128774', 'identifier'], // Person Observer's Login Name
]);

const VALUES: ReadonlySet<Tag> = new Set([TEXT_VALUE, DATE, CONCEPT_CODE_SEQUENCE, MEASURED_VALUE_SEQUENCE]);

/**
 * What decides of the value of a content item: the rule of the attribute that says the same, `identifier` where it is
 * never kept, `text` where it is text of any kind; null where the attribute has its own rule.
 */
export function valueRule(item: DataSet, tag: Tag): Tag | 'identifier' | 'text' | null {
  if (tag === UNFORMATTED_TEXT_VALUE) return 'text';
  if (!VALUES.has(tag)) return null;
  const concept = item.items(CONCEPT_NAME_CODE_SEQUENCE)[0];
  const same =
    concept?.string(CODING_SCHEME_DESIGNATOR) === 'DCM' ? SAME_AS.get(concept.string(CODE_VALUE) ?? '') : undefined;
  return same ?? (tag === TEXT_VALUE ? 'text' : null);
}

/**
 * PS3.3 8.8: a code is what its scheme says. The meaning of a code of a local scheme (99…, L) is what somebody typed.
 */
export function isCodeAttribute(tag: Tag, owner: DataSet): boolean {
  if (tag < CODE_VALUE || tag > 0x00080122) return false;
  if (tag !== CODE_MEANING) return true;
  const scheme = owner.string(CODING_SCHEME_DESIGNATOR) ?? '';
  return scheme !== '' && scheme !== 'L' && !scheme.startsWith('99');
}

/** A part of a code of a published scheme. */
export function isPublishedCode(tag: Tag, owner: DataSet): boolean {
  return tag >= CODE_VALUE && tag <= 0x00080122 && PUBLISHED_SCHEMES.has(owner.string(CODING_SCHEME_DESIGNATOR) ?? '');
}
