import { CLINICAL_WORDS, RARE_CLINICAL_WORDS } from './generated/clinical-words';

/** Makers and their product lines: they stay in Manufacturer and Manufacturer's Model Name. */
const MAKERS =
  'accuray acuson agfa carestream canon elekta elscint esaote fujifilm fuji general electric hitachi hologic kodak konica ' +
  'marconi medical medison mindray minolta nihon kohden philips picker samsung shimadzu siemens healthineers systems ' +
  'toshiba varian achieva aera aquilion artis avanto brilliance discovery genesis gyroscan ingenia ingenuity intera ' +
  'lightspeed magnetom mobilett optima prisma revolution sensation sequoia signa skyra somatom symphony biograph vivid ' +
  'logiq voluson epiq orthanc dcmtk storescp pacs';

/** Words of the trade that the code meanings lack, in the languages that department names are met in. */
const TRADE =
  'hospital clinic klinik krankenhaus hopital clinique ospedale university universitat medical medicine center centre ' +
  'radiology radiologie radiologia department abteilung institute institut imaging diagnostic diagnostics service ' +
  'software development workstation server station scanner room angio tomography mammo mammography ultrasound sono echo localizer ' +
  'scout topogram scanogram survey surview helical spiral axial sagittal coronal thorax chest brain routine protocol ' +
  'contrast native dose fmri report series study image images head neck abdomen pelvis spine knee hand foot hips breast heart ' +
  'cardiac screen save capture secondary original primary derived reformatted default standard soft bone lung ' +
  'male female adult child infant baby doctor nurse physician operator technician technologist staff admin user';

/** Enumerated values and defined terms of PS3.3 that the code meanings lack, and what surrounds them in templates. */
const TERMS =
  'text container code number pname uidref date time datetime waveform composite tcoord scoord enter here there where with ' +
  'press steam probe voxel single spin gradient echo flair fast turbo planar diffusion perfusion inversion recovery first last ' +
  'monochrome palette color volume mixed resampled reference dynamic gated breath hold projection window plane enhanced ' +
  'approved unapproved verified unverified partial complete completed scheduled measured verification portal treatment ' +
  'patient table stage other none unknown true false yes';

/** What stands where a name was taken away or never was. Not even as a name do these identify anybody. */
const PLACEHOLDERS =
  'anonymous anonymized anonymised anonym anon anonymize removed deleted deidentified pseudonym dummy none null nobody ' +
  'unknown unbekannt inconnu patient patients name names person test tests testing phantom sample demo example doe ' +
  'firstname lastname familyname givenname unnamed noname unspecified undefined empty blank redacted identified identifier ' +
  'case subject volunteer quality control service calibration';

export const ORDINARY: ReadonlySet<string> = new Set(
  `${CLINICAL_WORDS} ${MAKERS} ${TRADE} ${TERMS}`.trim().split(/\s+/),
);
const PLACEHOLDER_WORDS: ReadonlySet<string> = new Set(PLACEHOLDERS.split(' '));

/** `word`: folded. One letter again and again stands for nothing as well. */
export function isPlaceholder(word: string): boolean {
  return PLACEHOLDER_WORDS.has(word) || /^([a-z0-9])\1*$/.test(word);
}

/** Says so little by itself that finding it tells nothing: short, or a word of the trade. `word`: folded. */
export function isOrdinary(word: string): boolean {
  return word.length < 4 || ORDINARY.has(word) || (word.endsWith('s') && ORDINARY.has(word.slice(0, -1)));
}

/** Words of the code meanings of DICOM's context groups, eponyms among them. Folded. */
export const WORDS_OF_MEANINGS: ReadonlySet<string> = new Set(
  `${CLINICAL_WORDS} ${RARE_CLINICAL_WORDS}`.trim().split(/\s+/),
);
