import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Fault } from '../base/errors';
import { loadProjectFile } from '../base/project-file';
import type { DeidentificationPolicy } from '../deidentification/policy';
import { type PolicyChoices, policyOf } from '../deidentification/policy-of';
import { PRESET_NAMES, PRESETS } from '../deidentification/presets';
import { PROFILE_OPTIONS } from '../deidentification/profile-options';
import { ProjectKey } from '../pseudonymization/project-key';
import { deidentifyFolder, type FolderCounts } from './deidentify-folder';
import { createProgress } from './progress';
import { noReport, reportTo } from './report-file';
import { type Command, EXIT, parseOptions, UsageError, untilStopped } from './usage';

const HELP = `De-identifies files of DICOM instances, offline, by DICOM PS3.15 Annex E.

Usage: tce-export deidentify --input DIR|FILE --output DIR [options]

  --input DIR|FILE    what to read; folders are walked
  --output DIR        where to write <StudyInstanceUID>/<SeriesInstanceUID>/<SOPInstanceUID>.dcm, all UIDs new
  --preset NAME       ${PRESET_NAMES.join(', ')}; basic where left out
${PRESET_NAMES.map((name) => `                        ${name}: ${PRESETS[name].intent}`).join('\n')}
  --project FILE.yaml one entry of "projects:" of the configuration file, in place of --preset: its kind is the
                      preset, and its deidentification and clinicalTrial are carried out
  --option NAME       adds an option of the profile; may be repeated. Names are
                      ${PROFILE_OPTIONS.join(', ')}
  --without-option NAME
                      takes an option of the preset away; may be repeated
  --key-file FILE     key of the pseudonyms, UIDs and date offsets (made if missing). Any file of 16 bytes or more
                      serves. The same key and project give the same pseudonyms and UIDs on every run and machine;
                      without one a key is made for this run and thrown away
  --report FILE.json  what was done to each instance; holds no original attribute value
  --on-finding redact|quarantine
                      what to do with text that is neither known harmless nor known identifying: put the proposed
                      replacement there (the default), or hold the instance back; quarantine also holds back what may
                      show a name, a face or a document in its pixels
  --plan              write no instances, only the report

A Key Object Selection comes out as the rewritten manifest of the instances that were written. A run that was
interrupted is continued by the same command; it needs the same --key-file.
Not available yet: the options clean-pixel-data and clean-recognizable-visual-features. Pixels leave as they are.

Exit status: 0 all well, 1 fault, 2 wrong usage, 3 something was quarantined or failed.
`;

export const deidentifyCommand: Command = {
  summary: 'de-identify files, offline',
  help: HELP,
  run: async (args) => {
    const values = parseOptions(args, {
      input: { type: 'string' },
      output: { type: 'string' },
      preset: { type: 'string' },
      project: { type: 'string' },
      option: { type: 'string', multiple: true },
      'without-option': { type: 'string', multiple: true },
      'key-file': { type: 'string' },
      report: { type: 'string' },
      'on-finding': { type: 'string' },
      plan: { type: 'boolean' },
    });
    if (values.project !== undefined && values.preset !== undefined) {
      throw new UsageError('--project and --preset exclude each other');
    }
    if (values['on-finding'] !== undefined && !['redact', 'quarantine'].includes(values['on-finding'])) {
      throw new UsageError('--on-finding must be redact or quarantine');
    }
    if (values.input === undefined) throw new UsageError('--input is missing');
    if (values.output === undefined && values.plan !== true) throw new UsageError('--output is missing');
    if (values.plan === true && values.report === undefined) throw new UsageError('--plan needs --report');

    const project = values.project === undefined ? undefined : readProject(resolve(values.project));
    const policy = chosenPolicy({
      ...(project?.choices ?? { preset: values.preset ?? 'basic' }),
      options: [...(project?.choices.options ?? []), ...(values.option ?? [])],
      withoutOptions: [...(project?.choices.withoutOptions ?? []), ...(values['without-option'] ?? [])],
    });
    const key = readKey(values['key-file']);
    const { signal } = untilStopped();
    const progress = createProgress(process.stderr);
    const counts = await deidentifyFolder({
      input: resolve(values.input),
      output: values.plan === true || values.output === undefined ? null : resolve(values.output),
      // Each project is a domain of its own: the same patient in two of them cannot be told to be the same.
      key: project === undefined ? key : ProjectKey.of(key).subkey(`project ${project.name}`),
      policy,
      keepWeekday: project?.keepWeekday === true,
      keepAuthor: project?.keepAuthor === true,
      onFinding: values['on-finding'] === 'quarantine' ? 'quarantine' : 'redact',
      resumable: values['key-file'] !== undefined,
      signal,
      progress,
      report: values.report === undefined ? noReport : reportTo(resolve(values.report)),
    });
    progress.end();
    process.stdout.write(`${summary(counts)}\n`);
    if (signal.aborted) return EXIT.fault;
    return counts.quarantined + counts.failed > 0 ? EXIT.held : EXIT.ok;
  },
};

/** What is wrong with the choice of a policy is wrong usage. */
function chosenPolicy(choices: PolicyChoices): DeidentificationPolicy {
  try {
    return policyOf(choices);
  } catch (error) {
    if (error instanceof Fault)
      throw new UsageError(`${error.message}${error.remedy === undefined ? '' : `. ${error.remedy}`}`);
    throw error;
  }
}

function readProject(path: string): {
  readonly name: string;
  readonly keepWeekday: boolean;
  readonly keepAuthor: boolean;
  readonly choices: PolicyChoices;
} {
  const { name, kind, deidentification, clinicalTrial } = loadProjectFile(path);
  return {
    name,
    keepWeekday: deidentification.keepWeekday,
    keepAuthor: deidentification.keepAuthor,
    choices: {
      preset: deidentification.preset ?? kind,
      options: deidentification.options,
      withoutOptions: deidentification.withoutOptions,
      overrides: deidentification.overrides,
      encapsulatedDocuments: deidentification.encapsulatedDocuments,
      constants: deidentification.constants,
      ...(clinicalTrial === undefined ? {} : { clinicalTrial }),
    },
  };
}

function summary(counts: FolderCounts): string {
  const reasons = Object.entries(counts.reasons).map(([code, count]) => `  ${code}: ${count}`);
  return [`${counts.passed} passed, ${counts.quarantined} quarantined, ${counts.failed} failed`, ...reasons].join('\n');
}

/** 32 raw bytes or 64 hex digits as they are; any other content of 16 bytes or more by its SHA-256. */
function readKey(path: string | undefined): Uint8Array {
  if (path === undefined) return randomBytes(32);
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new UsageError('--key-file cannot be read');
    const key = randomBytes(32);
    try {
      writeFileSync(path, `${key.toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    } catch {
      throw new UsageError('--key-file cannot be written');
    }
    return key;
  }
  if (content.length === 32) return new Uint8Array(content);
  const text = content.toString('latin1').trim();
  if (/^[0-9a-fA-F]{64}$/.test(text)) return new Uint8Array(Buffer.from(text, 'hex'));
  if (content.length < 16) throw new UsageError('--key-file holds fewer than 16 bytes');
  return new Uint8Array(createHash('sha256').update(content).digest());
}
