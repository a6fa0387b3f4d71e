import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigurationError } from './config';
import { readYaml } from './config-tree';
import { type TrialSettings, trialSchema } from './config-trial';
import { linesIn, namingTheLine, onTheirLines } from './yaml-lines';

/*
 * One entry of `projects:` as a file of its own, for work offline. What only the server needs (dispositions, image
 * sources, Receiver, review, subjects) may be there and is not looked at: offline there is no register and no PACS.
 */
const schema = z.strictObject({
  name: z.string().trim().min(1).max(64),
  kind: z.enum(['teaching-file', 'clinical-trial', 'research-collection', 'publication']),
  deidentification: z
    .strictObject({
      preset: z.string().optional(),
      options: z.array(z.string()).default([]),
      withoutOptions: z.array(z.string()).default([]),
      overrides: z
        .array(z.strictObject({ attribute: z.string(), action: z.string(), value: z.string().optional() }))
        .default([]),
      constants: z.record(z.string(), z.string()).default({}),
      keepWeekday: z.boolean().default(false),
      keepAuthor: z.boolean().default(false),
      encapsulatedDocuments: z.enum(['quarantine', 'keep']).default('quarantine'),
    })
    .prefault({}),
  clinicalTrial: trialSchema.optional(),
  dispositions: z.unknown().optional(),
  documentTitles: z.unknown().optional(),
  imageSources: z.unknown().optional(),
  receiver: z.unknown().optional(),
  addUnreferencedInformation: z.unknown().optional(),
  review: z.unknown().optional(),
  subjects: z.unknown().optional(),
});

export interface ProjectFile {
  readonly name: string;
  readonly kind: string;
  readonly deidentification: {
    readonly preset?: string;
    readonly options: readonly string[];
    readonly withoutOptions: readonly string[];
    readonly overrides: readonly { readonly attribute: string; readonly action: string; readonly value?: string }[];
    readonly constants: Readonly<Record<string, string>>;
    readonly keepWeekday: boolean;
    readonly keepAuthor: boolean;
    readonly encapsulatedDocuments: 'quarantine' | 'keep';
  };
  readonly clinicalTrial?: TrialSettings;
}

/** Throws ConfigurationError with every mistake at once. */
export function loadProjectFile(path: string): ProjectFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ConfigurationError([`the file ${path} cannot be read`]);
  }
  const mistakes: string[] = [];
  const tree = readYaml(text, mistakes);
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  const lineOf = linesIn(text);
  const result = schema.safeParse(tree);
  if (!result.success) {
    throw new ConfigurationError(
      result.error.issues
        .flatMap((issue) => {
          const at = issue.path.join('.') || 'file';
          return issue.code === 'unrecognized_keys'
            ? issue.keys.map((key) => `${at === 'file' ? key : `${at}.${key}`}: unknown key`)
            : [`${at}: ${issue.message}`];
        })
        .map((mistake) => namingTheLine(mistake, lineOf)),
    );
  }
  const { deidentification, ...rest } = withoutUndefined(result.data) as unknown as ProjectFile;
  const overrides = onTheirLines(deidentification.overrides, 'deidentification.overrides', lineOf);
  return { ...rest, deidentification: { ...deidentification, overrides } };
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (each === undefined ? [] : [[key, withoutUndefined(each)]])),
  );
}
