import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigurationError } from './config';
import { type DeidentificationSettings, projectSchema } from './config-project';
import { readYaml } from './config-tree';
import type { TrialSettings } from './config-trial';
import { linesIn, namingTheLine, onTheirLines } from './yaml-lines';

/*
 * One entry of `projects:` as a file of its own, for work offline. What only the server needs (dispositions, image
 * sources, Receivers, review, subjects) may be there and is not looked at: offline there is no register and no PACS.
 */
const { name, kind, deidentification, clinicalTrial } = projectSchema.shape;
const schema = z.strictObject({
  ...Object.fromEntries(Object.keys(projectSchema.shape).map((key) => [key, z.unknown().optional()])),
  name,
  kind,
  deidentification,
  clinicalTrial,
});

export interface ProjectFile {
  readonly name: string;
  readonly kind: string;
  readonly deidentification: DeidentificationSettings;
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
