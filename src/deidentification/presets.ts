import type { OverrideEntry } from './overrides';
import type { ProfileOption } from './profile-options';

/** A way of de-identifying with a purpose, as one can choose it by name. */
export interface Preset {
  /** For whom it is, in the words of the conformance statement. */
  readonly intent: string;
  readonly options: readonly ProfileOption[];
  /** 45 CFR 164.514(b)(2)(i)(C): ages over 89 become 090Y. */
  readonly safeHarborAges: boolean;
  /** Whether the way back to the patient may be kept: a project that says no destroys its key and stores no map. */
  readonly reversible: boolean;
  readonly overrides: readonly OverrideEntry[];
}

const CLEANING: readonly ProfileOption[] = ['clean-descriptors', 'clean-structured-content', 'clean-graphics'];

/** What the profile leaves although it tells one site, one machine or one protocol from another. */
const TRACES_OF_THE_SITE: readonly string[] = [
  'SoftwareVersions',
  'ManufacturerModelName',
  'SecondaryCaptureDeviceManufacturer',
  'SecondaryCaptureDeviceManufacturerModelName',
  'SecondaryCaptureDeviceSoftwareVersions',
  'CountryOfResidence',
  'ScheduledProtocolCodeSequence',
];

export const PRESET_NAMES = ['basic', 'teaching-file', 'clinical-trial', 'research-collection', 'publication'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  basic: {
    intent: 'The Basic Application Level Confidentiality Profile of PS3.15 E.2 and nothing else.',
    options: [],
    safeHarborAges: true,
    reversible: true,
    overrides: [],
  },
  'teaching-file': {
    intent:
      'Cases to learn from: sex, age, body part, modality and cleaned descriptions stay; dates, devices and sites go; nobody can go back to the patient.',
    options: [...CLEANING, 'retain-patient-characteristics'],
    safeHarborAges: true,
    reversible: false,
    overrides: [],
  },
  'clinical-trial': {
    intent:
      'Subjects of a trial, followed over time: intervals stay by one date offset for each patient, as do the weight and size that uptake is computed from and safe private attributes; the attributes of the trial take the place of those that came in; the trial can trace a subject.',
    options: [
      ...CLEANING,
      'retain-longitudinal-modified-dates',
      'retain-patient-characteristics',
      'retain-safe-private',
    ],
    safeHarborAges: false,
    reversible: true,
    overrides: [],
  },
  'research-collection': {
    intent:
      'Collections for many uses, much as The Cancer Imaging Archive publishes them: moved dates, patient characteristics, device and safe private attributes stay; text is cleaned.',
    options: [
      ...CLEANING,
      'retain-longitudinal-modified-dates',
      'retain-patient-characteristics',
      'retain-device-identity',
      'retain-safe-private',
    ],
    safeHarborAges: true,
    reversible: true,
    overrides: [],
  },
  publication: {
    intent:
      'Figures and supplements open to everybody, the strictest: the Basic Profile, and what tells one site or protocol from another goes, too.',
    options: [],
    safeHarborAges: true,
    reversible: false,
    overrides: TRACES_OF_THE_SITE.map((attribute) => ({ attribute, action: 'remove' })),
  },
};
