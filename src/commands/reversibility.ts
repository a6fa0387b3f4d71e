import type { ProjectSettings } from '../base/config';
import { PRESETS, type PresetName } from '../deidentification/presets';

/** What the kinds promise where nothing is said: cases that are shown around lead back to nobody. */
const KINDS_THAT_LEAD_BACK: Readonly<Record<ProjectSettings['kind'], boolean>> = {
  'teaching-file': false,
  publication: false,
  'clinical-trial': true,
  'research-collection': true,
};

/** Whether a project keeps what leads back to the patient. What is said counts; otherwise kind and preset both say so. */
export function isReversible({
  kind,
  reversible,
  deidentification: { preset },
}: Pick<ProjectSettings, 'kind' | 'reversible' | 'deidentification'>): boolean {
  if (reversible !== undefined) return reversible;
  const byPreset = preset === undefined || !Object.hasOwn(PRESETS, preset) || PRESETS[preset as PresetName].reversible;
  return KINDS_THAT_LEAD_BACK[kind] && byPreset;
}
