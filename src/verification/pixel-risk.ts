import type { DataSet } from '../dicom/data-set';
import type { Tag } from '../dicom/tag';
import { TAGS } from '../dicom/tags';
import type { VerificationFinding } from './finding';

/** How likely text, a face or a document lies in what is not a header: told, not held back, under the Basic Profile. */

const RECOGNIZABLE_VISUAL_FEATURES: Tag = 0x00280302;
const CONVERSION_TYPE: Tag = 0x00080064;

const CLASSES: readonly (readonly [
  SOPClassUID: string,
  rule: string,
  severity: Exclude<VerificationFinding['severity'], 'hold'>,
])[] = [
  ['1.2.840.10008.5.1.4.1.1.104', 'encapsulated document', 'warning'],
  ['1.2.840.10008.5.1.4.1.1.7', 'secondary capture', 'warning'],
  ['1.2.840.10008.5.1.4.1.1.3', 'ultrasound', 'warning'],
  ['1.2.840.10008.5.1.4.1.1.6', 'ultrasound', 'warning'],
  ['1.2.840.10008.5.1.1.27', 'stored print', 'warning'],
  ['1.2.840.10008.5.1.1.29', 'hardcopy image', 'warning'],
  ['1.2.840.10008.5.1.1.30', 'hardcopy image', 'warning'],
  ['1.2.840.10008.5.1.4.1.1.77.1', 'visible light', 'warning'],
  ['1.2.840.10008.5.1.4.1.1.77.2', 'visible light', 'warning'],
  ['1.2.840.10008.5.1.4.1.1.81', 'ophthalmic map', 'warning'],
  ['1.2.840.10008.5.1.4.1.1.82', 'ophthalmic map', 'warning'],
  ['1.2.840.10008.5.1.4.1.1.12', 'X-ray angiography or fluoroscopy', 'note'],
  ['1.2.840.10008.5.1.4.1.1.1', 'projection X-ray', 'note'],
  ['1.2.840.10008.5.1.4.1.1.11', 'presentation state', 'note'],
];

/** Values of Image Type (0008,0008) beyond the fourth are the maker's; these are how consoles name what they captured. */
const CAPTURES: ReadonlySet<string> = new Set(
  'SCREEN SAVE|SCREENSHOT|SCREEN CAPTURE|SAVE|CAPTURED|CAPTURE|SCREEN|SSAVE|DOSE_INFO|DOSE|DOSE REPORT|REPORT|RESULT|PASTED|PROTOCOL|PATIENT PROTOCOL|CSA REPORT|CSAPARALLEL|FILMED|PRINT'.split(
    '|',
  ),
);

/** PS3.3 C.8.6.1: digitized film, scanned document, frame grabbed video. */
const CONVERSIONS: ReadonlySet<string> = new Set(['DV', 'DI', 'DF', 'SD', 'SI', 'DRW', 'WSD']);

const PREFIX = 'pixel risk: ';
const BURNED_IN = `${PREFIX}burned in annotation`;

/** What a person should look at before the pixels leave. */
export function isPixelRisk({ rule, severity }: VerificationFinding): boolean {
  return severity === 'warning' && rule.startsWith(PREFIX);
}

/** The instance itself says that somebody is named in its pixels. */
export function saysBurnedIn({ rule }: VerificationFinding): boolean {
  return rule === BURNED_IN;
}

export function pixelRisk(header: DataSet): readonly VerificationFinding[] {
  const findings: VerificationFinding[] = [];
  const tell = (path: string, rule: string, severity: VerificationFinding['severity']): void => {
    findings.push({ path, rule: `${PREFIX}${rule}`, severity });
  };
  if (header.string(TAGS.BurnedInAnnotation) === 'YES') tell('00280301', 'burned in annotation', 'warning');
  if (header.string(RECOGNIZABLE_VISUAL_FEATURES) === 'YES')
    tell('00280302', 'recognizable visual features', 'warning');
  const SOPClassUID = header.string(TAGS.SOPClassUID) ?? '';
  const known = CLASSES.find(([root]) => SOPClassUID === root || SOPClassUID.startsWith(`${root}.`));
  if (known !== undefined) tell('00080016', known[1], known[2]);
  if (header.strings(TAGS.ImageType).some((value) => CAPTURES.has(value.toUpperCase()))) {
    tell('00080008', 'screen capture', 'warning');
  }
  if (CONVERSIONS.has(header.string(CONVERSION_TYPE) ?? '')) tell('00080064', 'digitized or captured', 'warning');
  return findings;
}
