import { trialTexts } from '../deidentification/clinical-trial';
import type { DeidentificationPolicy } from '../deidentification/policy';
import type { Pseudonyms } from '../deidentification/pseudonyms';
import { Verifier } from './verifier';

/** The verifier that knows what a policy keeps and puts in place on purpose. */
export function verifierOf(policy: DeidentificationPolicy): Verifier {
  const overrides = policy.overrides ?? [];
  return new Verifier({
    options: policy.options,
    keptAttributes: new Set(
      overrides.flatMap(({ action, attribute }) =>
        action === 'keep' && typeof attribute === 'number' ? [attribute] : [],
      ),
    ),
    // A private attribute kept by name brings its creator with it.
    privateKept: overrides.some(({ action, attribute }) => typeof attribute !== 'number' && action !== 'remove'),
    meant: [
      ...policy.constants.values(),
      ...overrides.flatMap(({ value }) => (value === undefined ? [] : [value])),
      ...trialTexts(policy.clinicalTrial),
    ],
  });
}

/** What of the pseudonyms may be met in the result. */
export function pseudonymValues(pseudonyms: Pseudonyms): readonly string[] {
  return Object.values(pseudonyms as unknown as Readonly<Record<string, unknown>>).filter(
    (value) => typeof value === 'string',
  );
}
