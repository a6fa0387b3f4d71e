import { ConfigurationError, type ProjectSettings } from '../base/config';
import { Fault } from '../base/errors';
import { type DeidentificationPolicy, keepsText } from '../deidentification/policy';
import { type PolicyChoices, policyOf } from '../deidentification/policy-of';
import { trialMistakes } from '../deidentification/trial-mistakes';
import { ExportDeidentifier } from '../session/export-deidentifier';
import type { ProjectPolicy } from '../session/flow-deps';
import { manifestStatement } from '../session/project-policy';
import { setReferencesOf, verifierOf } from '../verification/verifier-of';

/** How each project de-identifies, by its name. Throws ConfigurationError with every mistake of all of them at once. */
export function projectPolicies(projects: readonly ProjectSettings[]): ReadonlyMap<string, ProjectPolicy> {
  const mistakes: string[] = [];
  const policies = new Map<string, ProjectPolicy>();
  for (const [index, project] of projects.entries()) {
    const policy = policyFor(project, `projects[${index}]`, mistakes);
    if (policy !== undefined) policies.set(project.name, asProjectPolicy(project, policy));
  }
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  return policies;
}

/** Each part by itself first, so that one mistake does not hide the next; then all of it together. */
function policyFor(
  { deidentification: asked, clinicalTrial }: ProjectSettings,
  path: string,
  mistakes: string[],
): DeidentificationPolicy | undefined {
  const before = mistakes.length;
  const attempt = (key: string, choices: PolicyChoices): DeidentificationPolicy | undefined => {
    try {
      return policyOf(choices);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      mistakes.push(`${path}.${key}: ${error.message.replace(/^override 1\b:? ?/, '')}${remedyOf(error)}`);
      return undefined;
    }
  };
  const preset = asked.preset ?? 'basic';
  const at = 'deidentification';
  attempt(`${at}.preset`, { preset });
  for (const [n, option] of asked.options.entries()) attempt(`${at}.options[${n}]`, { options: [option] });
  for (const [n, option] of asked.withoutOptions.entries()) {
    attempt(`${at}.withoutOptions[${n}]`, { withoutOptions: [option] });
  }
  for (const [n, override] of asked.overrides.entries()) attempt(`${at}.overrides[${n}]`, { overrides: [override] });
  for (const [name, value] of Object.entries(asked.constants)) {
    attempt(`${at}.constants`, { constants: { [name]: value } });
  }
  for (const mistake of clinicalTrial === undefined ? [] : trialMistakes(clinicalTrial)) {
    mistakes.push(`${path}.clinicalTrial.${mistake}`);
  }
  if (mistakes.length > before) return undefined;
  return attempt(at, {
    preset,
    options: asked.options,
    withoutOptions: asked.withoutOptions,
    overrides: asked.overrides,
    encapsulatedDocuments: asked.encapsulatedDocuments,
    constants: asked.constants,
    ...(clinicalTrial === undefined ? {} : { clinicalTrial }),
  });
}

function remedyOf({ remedy }: Fault): string {
  return remedy === undefined ? '' : `. ${remedy}`;
}

/** Receivers differ in how they read teaching file information. */
export function forReceiver(policy: ProjectPolicy, layout: 'nested' | 'flat'): ProjectPolicy {
  const { deidentifier } = policy;
  return deidentifier instanceof ExportDeidentifier
    ? { ...policy, deidentifier: deidentifier.withLayout(layout) }
    : policy;
}

function asProjectPolicy(
  { deidentification: { constants, keepWeekday, keepAuthor }, clinicalTrial, subjects, review }: ProjectSettings,
  policy: DeidentificationPolicy,
): ProjectPolicy {
  const { assign = 'none', list = [] } = clinicalTrial?.timePoints ?? {};
  return {
    edition: policy.edition,
    options: [...policy.options],
    deidentifier: new ExportDeidentifier(policy, { keepAuthor }),
    verifier: verifierOf(policy),
    setReferences: () => setReferencesOf(policy),
    manifest: (dates, dateOffsetDays) => manifestStatement(policy, dates && { dates, dateOffsetDays }),
    keepsText: keepsText(policy),
    review,
    keepWeekday,
    subjects,
    ...(assign === 'none' ? {} : { timePoints: { assign, list: list.map(({ id }) => id) } }),
    constants: {
      ...(constants.PatientName === undefined ? {} : { PatientName: constants.PatientName }),
      ...(constants.PatientID === undefined ? {} : { PatientID: constants.PatientID }),
    },
  };
}
