import { trialTexts } from '../deidentification/clinical-trial';
import type { DeidentificationPolicy } from '../deidentification/policy';
import type { Pseudonyms } from '../deidentification/pseudonyms';
import type { Tag } from '../dicom/tag';
import { SetReferences } from './set-references';
import { DEVICE_UIDS } from './source-identifiers';
import { Verifier } from './verifier';

/** The verifier that knows what a policy keeps and puts in place on purpose. */
export function verifierOf(policy: DeidentificationPolicy): Verifier {
  const overrides = policy.overrides ?? [];
  return new Verifier({
    options: policy.options,
    keptAttributes: keptByName(policy),
    // A private attribute kept by name brings its creator with it.
    privateKept: overrides.some(({ action, attribute }) => typeof attribute !== 'number' && action !== 'remove'),
    meant: [
      ...policy.constants.values(),
      ...overrides.flatMap(({ value }) => (value === undefined ? [] : [value])),
      ...trialTexts(policy.clinicalTrial),
    ],
  });
}

/** For a whole set of instances: of what the policy wishes it is no mistake that references break. */
export function setReferencesOf(policy: DeidentificationPolicy): SetReferences {
  const kept = keptByName(policy);
  return new SetReferences({
    retained: policy.options.has('retain-uids'),
    keptAttributes: policy.options.has('retain-device-identity') ? new Set([...kept, ...DEVICE_UIDS]) : kept,
    meant: new Set([
      ...policy.constants.values(),
      ...(policy.overrides ?? []).flatMap(({ value }) => (value === undefined ? [] : [value])),
    ]),
  });
}

function keptByName({ overrides = [] }: DeidentificationPolicy): ReadonlySet<Tag> {
  return new Set(
    overrides.flatMap(({ action, attribute }) =>
      action === 'keep' && typeof attribute === 'number' ? [attribute] : [],
    ),
  );
}

/** What of the pseudonyms may be met in the result. */
export function pseudonymValues(pseudonyms: Pseudonyms): readonly string[] {
  return Object.values(pseudonyms as unknown as Readonly<Record<string, unknown>>).filter(
    (value) => typeof value === 'string',
  );
}
