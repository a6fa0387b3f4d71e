import { cannot } from '../base/errors';
import { formatTag, type Tag } from '../dicom/tag';
import type { ProfileOption } from './profile-options';
import type { Edition } from './profile-table';

/** How one project de-identifies. */
export interface DeidentificationPolicy {
  readonly edition: Edition;
  readonly options: ReadonlySet<ProfileOption>;
  /** Fixed values that take the place of what the profile would put there, where the attribute is present. */
  readonly constants: ReadonlyMap<Tag, string>;
}

/** The Basic Application Level Confidentiality Profile and nothing else (PS3.15 E.2). */
export function basicPolicy(constants: ReadonlyMap<Tag, string> = new Map()): DeidentificationPolicy {
  return { edition: '2026d', options: new Set(), constants };
}

/** Throws Fault OPTION_NOT_AVAILABLE, UNKNOWN_EDITION or BAD_CONSTANT on what cannot be carried out. */
export function checkPolicy(policy: DeidentificationPolicy, mayBeConstant: (tag: Tag) => boolean): void {
  if (policy.edition !== '2026d') {
    throw cannot('UNKNOWN_EDITION', `Table E.1-1 is at hand in edition 2026d, not ${String(policy.edition)}`);
  }
  for (const option of policy.options) {
    throw cannot('OPTION_NOT_AVAILABLE', `the profile option ${option} is not available yet`, {
      remedy: 'Take it out of the policy; the Basic Profile removes what the option would keep or clean.',
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
