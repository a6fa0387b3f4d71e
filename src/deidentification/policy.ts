import { cannot } from '../base/errors';
import { formatTag, type Tag } from '../dicom/tag';
import type { ClinicalTrial } from './clinical-trial';
import type { AttributeOverride } from './overrides';
import { AVAILABLE_OPTIONS, DATE_OPTIONS, type ProfileOption } from './profile-options';
import type { Edition } from './profile-table';

/** `keep`: the house has looked at them; their headers are de-identified, their bytes pass. */
export const ENCAPSULATED_DOCUMENTS = ['quarantine', 'keep'] as const;
export type EncapsulatedDocuments = (typeof ENCAPSULATED_DOCUMENTS)[number];

/** How one project de-identifies. `policyOf` makes one of what people write. */
export interface DeidentificationPolicy {
  readonly edition: Edition;
  readonly options: ReadonlySet<ProfileOption>;
  /** Fixed values that take the place of what the profile would put there, where the attribute is present. */
  readonly constants: ReadonlyMap<Tag, string>;
  /** 45 CFR 164.514(b)(2)(i)(C): ages over 89 that are retained become 090Y. */
  readonly safeHarborAges?: boolean;
  /** What the project wants otherwise than the profile. */
  readonly overrides?: readonly AttributeOverride[];
  /** What becomes of encapsulated documents, which nothing here can look into; left out: quarantine. */
  readonly encapsulatedDocuments?: EncapsulatedDocuments;
  /** The trial whose attributes take the place of those that came in. */
  readonly clinicalTrial?: ClinicalTrial;
}

/** Options under which text is kept and cleaned. */
const KEEPS_TEXT: readonly ProfileOption[] = [
  'clean-descriptors',
  'clean-structured-content',
  'clean-graphics',
  'retain-patient-characteristics',
  'retain-safe-private',
];

/** Whether text is looked at for what identifies somebody, and the names of the whole study are worth gathering. */
export function keepsText(policy: DeidentificationPolicy): boolean {
  return KEEPS_TEXT.some((option) => policy.options.has(option)) || (policy.overrides ?? []).length > 0;
}

/** The Basic Application Level Confidentiality Profile and nothing else (PS3.15 E.2). */
export function basicPolicy(constants: ReadonlyMap<Tag, string> = new Map()): DeidentificationPolicy {
  return { edition: '2026d', options: new Set(), constants };
}

/**
 * Throws Fault OPTION_NOT_AVAILABLE, OPTIONS_EXCLUDE_EACH_OTHER, UNKNOWN_EDITION or BAD_CONSTANT on what cannot be
 * carried out.
 */
export function checkPolicy(policy: DeidentificationPolicy, mayBeConstant: (tag: Tag) => boolean): void {
  if (policy.edition !== '2026d') {
    throw cannot('UNKNOWN_EDITION', `Table E.1-1 is at hand in edition 2026d, not ${String(policy.edition)}`);
  }
  for (const option of policy.options) {
    if (AVAILABLE_OPTIONS.has(option)) continue;
    throw cannot('OPTION_NOT_AVAILABLE', `the profile option ${option} is not available yet`, {
      remedy: 'Take it out of the policy; the Basic Profile removes what the option would keep or clean.',
    });
  }
  if (DATE_OPTIONS.every((option) => policy.options.has(option))) {
    // PS3.15 E.3.6
    throw cannot('OPTIONS_EXCLUDE_EACH_OTHER', `${DATE_OPTIONS.join(' and ')} exclude each other`, {
      remedy: 'Choose one of the two: dates as they are, or dates moved.',
    });
  }
  for (const tag of policy.constants.keys()) {
    if (!mayBeConstant(tag)) {
      throw cannot('BAD_CONSTANT', `${formatTag(tag)} cannot have a fixed value`, {
        remedy: 'Constants are for attributes with text that the profile removes, empties or replaces.',
      });
    }
  }
}
