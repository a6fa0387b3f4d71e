import { cannot } from '../base/errors';
import type { Reason } from '../base/outcome';
import type { DataSet } from '../dicom/data-set';
import type { ExportSelection } from '../selection/export-selection';
import { buildManifestSet, buildManifests, type ManifestContext, type ManifestSet } from '../selection/manifest';
import { pseudonymValues } from '../verification/verifier-of';
import type { ProjectPolicy, pseudonymsFor } from './flow-deps';
import type { HeaderPair } from './instance-sender';
import type { ReceiverHabits } from './ports';
import type { Project } from './store-port';
import type { TextContext } from './text-context';

export interface ManifestParts {
  /** Of what leaves, placed as the image source has it. */
  readonly selection: ExportSelection;
  readonly project: Project;
  readonly policy: Pick<ProjectPolicy, 'options' | 'verifier' | 'manifest'>;
  readonly pseudonyms: ReturnType<typeof pseudonymsFor>;
  /** Key Object Description that the project configures, where the selection has one of them. */
  readonly disposition: string | null;
  readonly titleCodes: ReceiverHabits['titleCodes'];
  /** With what its description is compared, and what people decided of it. */
  readonly texts: Pick<TextContext, 'description'>;
  /** One instance of each study, by the source's Study Instance UID. */
  readonly headers: ReadonlyMap<string, HeaderPair>;
}

/** Options under which text that was cleaned may leave (PS3.15 E.3.4, E.3.5). */
const CLEANED_TEXT = ['clean-structured-content', 'clean-descriptors'];

export function letsDescriptionsLeave({ options }: Pick<ProjectPolicy, 'options'>): boolean {
  return CLEANED_TEXT.some((option) => options.includes(option));
}

const REDACTED: Reason = {
  code: 'DESCRIPTION_REDACTED',
  message:
    'The Key Object Description is none that the project configures; words that nobody vouches for were taken out.',
};
const LEFT_OUT: Reason = {
  code: 'DESCRIPTION_LEFT_OUT',
  message: 'The Key Object Description is none that the project configures, and its policy lets no free text leave.',
};

/**
 * The manifests of a set, looked at by the verifier like everything that leaves. Throws Fault MANIFEST_HELD_BACK where
 * it finds an identifier of the source, and the faults of `buildManifests`.
 */
export function outgoingManifests(parts: ManifestParts): ManifestSet {
  const { text, warning } = descriptionOf(parts);
  const first = build(parts, text);
  const found = residue(parts, first.documents);
  if (found === null) return withWarning(first, warning);
  // Without the only free text that could be at fault.
  if (text !== null && text !== parts.disposition) {
    const second = build(parts, null);
    if (residue(parts, second.documents) === null) return withWarning(second, LEFT_OUT);
  }
  throw cannot('MANIFEST_HELD_BACK', `the manifest cannot leave: ${found}`, {
    remedy: 'Look at the disposition and the constants of the project: one of them names somebody.',
  });
}

function withWarning(set: ManifestSet, warning: Reason | null): ManifestSet {
  return warning === null ? set : { ...set, warnings: [...set.warnings, warning] };
}

function build(parts: ManifestParts, description: string | null): ManifestSet {
  return buildManifestSet(parts.selection, contextOf(parts, description));
}

function contextOf(parts: ManifestParts, description: string | null): ManifestContext {
  const { selection, policy, pseudonyms, project, titleCodes, headers } = parts;
  const results = new Map(
    [...headers].map(([StudyInstanceUID, { result }]) => [pseudonyms.uid(StudyInstanceUID), result]),
  );
  return {
    ...pseudonyms,
    ...policy.manifest(selection.dates, pseudonyms.dateOffsetDays),
    instanceOf: (StudyInstanceUID) => results.get(StudyInstanceUID),
    description,
    titleCodes,
    purpose: project.kind,
  };
}

function descriptionOf(parts: ManifestParts): { readonly text: string | null; readonly warning: Reason | null } {
  const { selection, disposition, policy, headers, texts } = parts;
  if (disposition !== null) return { text: disposition, warning: null };
  const received = selection.description?.trim() ?? '';
  if (received === '') return { text: null, warning: null };
  if (!letsDescriptionsLeave(policy)) return { text: null, warning: LEFT_OUT };
  const sources = [...headers.values()].map(({ source }) => source);
  const text = texts.description(received, sources).text.trim();
  if (text === '') return { text: null, warning: LEFT_OUT };
  return { text, warning: text === received ? null : REDACTED };
}

/** What is left of the source in these, in words without a value; null where nothing is. */
function residue(parts: ManifestParts, documents: readonly DataSet[]): string | null {
  const { policy, pseudonyms, disposition } = parts;
  const before = unmapped(parts);
  const meant = [...pseudonymValues(pseudonyms), ...(disposition === null ? [] : [disposition])];
  for (const [at, document] of documents.entries()) {
    const verdict = policy.verifier.verify(before[at] ?? document, document, { pseudonyms: meant });
    if (verdict.outcome !== 'passed') return verdict.reason.message;
  }
  return null;
}

/** The same documents under the UIDs of the source and about the patient of the source: what must not be met again. */
function unmapped(parts: ManifestParts): readonly DataSet[] {
  const owed = new Map<string, string>();
  return buildManifests(parts.selection, {
    ...contextOf(parts, null),
    PatientID: '',
    PatientName: '',
    uid: (source) => (source.includes('#') ? owedUID(source, owed) : source),
    instanceOf: (StudyInstanceUID) => parts.headers.get(StudyInstanceUID)?.source,
  });
}

/** A copy that the Selector owed has no UID of its own; each stands for one that is no other's. */
function owedUID(name: string, owed: Map<string, string>): string {
  const known = owed.get(name) ?? `2.25.99999999999999999999999999999999${owed.size + 1000}`;
  owed.set(name, known);
  return known;
}
