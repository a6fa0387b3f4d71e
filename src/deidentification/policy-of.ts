import { cannot } from '../base/errors';
import { lookUp, tagOf } from '../dicom/dictionary';
import { parseTag, type Tag } from '../dicom/tag';
import type { ClinicalTrial } from './clinical-trial';
import { Deidentifier } from './deidentifier';
import { type AttributeOverride, type OverrideEntry, onLine, overrideOf } from './overrides';
import { type DeidentificationPolicy, ENCAPSULATED_DOCUMENTS, type EncapsulatedDocuments } from './policy';
import { PRESET_NAMES, PRESETS, type PresetName } from './presets';
import { PROFILE_OPTIONS, type ProfileOption } from './profile-options';
import { trialMistakes } from './trial-mistakes';

/** How a project or a command line says what it wants. */
export interface PolicyChoices {
  /** Default `basic`. */
  readonly preset?: string;
  /** Added to those of the preset. */
  readonly options?: readonly string[];
  /** Taken from those of the preset. */
  readonly withoutOptions?: readonly string[];
  /** Before those of the preset. */
  readonly overrides?: readonly OverrideEntry[];
  /** Fixed values by keyword. */
  readonly constants?: Readonly<Record<string, string>>;
  readonly clinicalTrial?: Partial<ClinicalTrial>;
  /** Default `quarantine`. */
  readonly encapsulatedDocuments?: string;
  /** Default: that of the preset. */
  readonly safeHarborAges?: boolean;
}

/**
 * The policy that people asked for. Throws Fault UNKNOWN_PRESET, UNKNOWN_OPTION, OPTION_NOT_AVAILABLE,
 * OPTIONS_EXCLUDE_EACH_OTHER, UNKNOWN_CHOICE, BAD_OVERRIDE, BAD_CONSTANT or BAD_CLINICAL_TRIAL, each with what is wrong and what to do.
 */
export function policyOf(choices: PolicyChoices = {}): DeidentificationPolicy {
  const preset = PRESETS[presetNamed(choices.preset ?? 'basic')];
  const added = (choices.options ?? []).map(optionNamed);
  const without = new Set((choices.withoutOptions ?? []).map(optionNamed));
  const both = added.find((option) => without.has(option));
  if (both !== undefined) {
    throw cannot('OPTIONS_EXCLUDE_EACH_OTHER', `the option ${both} is asked for and ruled out at once`);
  }
  const options = new Set([...withoutOtherDates(preset.options, added), ...added].filter((each) => !without.has(each)));
  const documents = documentsNamed(choices.encapsulatedDocuments ?? 'quarantine');
  const asked = (choices.overrides ?? []).map((entry, n) => overrideOf(entry, n + 1));
  noneTwice(asked, choices.overrides ?? []);
  const policy: DeidentificationPolicy = {
    edition: '2026d',
    options,
    constants: constantsOf(choices.constants ?? {}),
    safeHarborAges: choices.safeHarborAges ?? preset.safeHarborAges,
    overrides: [
      ...asked,
      ...ofPreset([...preset.overrides, ...(documents === 'keep' ? ofDocuments(options) : [])], asked),
    ],
    ...(documents === 'keep' ? { encapsulatedDocuments: documents } : {}),
    ...(choices.clinicalTrial === undefined ? {} : { clinicalTrial: trialOf(choices.clinicalTrial) }),
  };
  new Deidentifier(policy); // throws on what cannot be carried out
  return policy;
}

function presetNamed(name: string): PresetName {
  const found = PRESET_NAMES.find((each) => each === name);
  if (found !== undefined) return found;
  throw cannot('UNKNOWN_PRESET', `there is no preset "${name}"`, { remedy: `Presets are ${PRESET_NAMES.join(', ')}.` });
}

function optionNamed(name: string): ProfileOption {
  const found = PROFILE_OPTIONS.find((each) => each === name);
  if (found !== undefined) return found;
  throw cannot('UNKNOWN_OPTION', `there is no profile option "${name}"`, {
    remedy: `Options are ${PROFILE_OPTIONS.join(', ')}.`,
  });
}

function documentsNamed(name: string): EncapsulatedDocuments {
  const found = ENCAPSULATED_DOCUMENTS.find((each) => each === name);
  if (found !== undefined) return found;
  throw cannot('UNKNOWN_CHOICE', 'encapsulated documents can be quarantined or kept, nothing else', {
    remedy: `Choices are ${ENCAPSULATED_DOCUMENTS.join(', ')}.`,
  });
}

/**
 * PS3.3 C.24.2: the document stays, and of what its header says of it the title is text like any other, Type 2, and the
 * HL7 Instance Identifier a number that its author's system knows it by, Type 1C. Neither is in Table E.1-1.
 */
function ofDocuments(options: ReadonlySet<ProfileOption>): readonly OverrideEntry[] {
  return [
    { attribute: 'EncapsulatedDocument', action: 'keep' },
    { attribute: 'DocumentTitle', action: options.has('clean-descriptors') ? 'clean' : 'empty' },
    { attribute: 'HL7InstanceIdentifier', action: 'dummy' },
  ];
}

/** PS3.15 E.3.6: who asks for one of the two has it in place of the preset's other. */
function withoutOtherDates(
  options: readonly ProfileOption[],
  added: readonly ProfileOption[],
): readonly ProfileOption[] {
  const isDates = (option: ProfileOption) => option.startsWith('retain-longitudinal-');
  return added.some(isDates) ? options.filter((option) => !isDates(option)) : options;
}

const keyOf = ({ attribute, within }: AttributeOverride): string => JSON.stringify([within, attribute]);

function noneTwice(overrides: readonly AttributeOverride[], entries: readonly OverrideEntry[]): void {
  const keys = overrides.map(keyOf);
  const again = keys.findIndex((key, n) => keys.indexOf(key) < n);
  if (again >= 0) {
    throw cannot(
      'BAD_OVERRIDE',
      `override ${again + 1}${onLine(entries[again]!)} names the attribute of override ${keys.indexOf(keys[again]!) + 1}`,
    );
  }
}

function ofPreset(entries: readonly OverrideEntry[], asked: readonly AttributeOverride[]): AttributeOverride[] {
  const taken = new Set(asked.map(keyOf));
  return entries.map((entry, n) => overrideOf(entry, n + 1)).filter((override) => !taken.has(keyOf(override)));
}

function constantsOf(constants: Readonly<Record<string, string>>): ReadonlyMap<Tag, string> {
  return new Map(
    Object.entries(constants).map(([name, value]) => {
      const tag = tagOf(name) ?? (/^[0-9A-Fa-f]{8}$/.test(name) ? parseTag(name) : undefined);
      if (tag === undefined || lookUp(tag) === undefined) {
        throw cannot('BAD_CONSTANT', 'a constant names no attribute of the dictionary', {
          remedy: 'Constants are named by attribute keyword, for example PatientName.',
        });
      }
      return [tag, value] as const;
    }),
  );
}

/** Each mistake with its key, all of them in one message. */
function trialOf(trial: Partial<ClinicalTrial>): ClinicalTrial {
  const mistakes = trialMistakes(trial);
  if (mistakes.length > 0) {
    throw cannot('BAD_CLINICAL_TRIAL', mistakes.map((mistake) => `clinicalTrial.${mistake}`).join('; '));
  }
  return { ...trial, sponsorName: trial.sponsorName!, protocolID: trial.protocolID! };
}
