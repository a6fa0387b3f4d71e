import { userInfo } from 'node:os';
import { type Configuration, loadConfigurationFile } from '../base/config';
import { createLog } from '../base/log';
import { Reidentification, type ReidentificationResult, type ShownItem } from '../register/reidentification';
import type { Store } from '../store/store';
import { openDatabase, openStoreOf } from './composition';
import { type Command, EXIT, parseOptions, UsageError } from './usage';

export const reidentifyCommand: Command = {
  summary: 'from a pseudonym back to the patient',
  help: `Says who the patient is behind what was sent, and which studies at the source. Written into the audit trail first.

Usage: tce-export reidentify [--config FILE] --project NAME --reason TEXT (--patient-id PSEUDONYM | --uid UID)
       tce-export reidentify [--config FILE] --request ID

  --config FILE            configuration (YAML); without one: environment and defaults
  --project NAME           the project that exported it
  --reason TEXT            why the patient has to be known; at least 10 characters
  --patient-id PSEUDONYM   Patient ID or subject ID as it was sent
  --uid UID                any UID as it was sent
  --request ID             of a project that asks for two people: the answer, once another person approved the request

Prints one JSON object. Exit status 3: nothing is shown, and why is said on standard error.
`,
  run: async (args) => {
    const values = parseOptions(args, {
      config: { type: 'string' },
      project: { type: 'string' },
      reason: { type: 'string' },
      'patient-id': { type: 'string' },
      uid: { type: 'string' },
      request: { type: 'string' },
    });
    const { project = '', reason = '', 'patient-id': patientID, uid, request } = values;
    if (request === undefined) {
      if (project === '') throw new UsageError('--project NAME is missing');
      if (reason.trim() === '') throw new UsageError('--reason TEXT is missing');
      if ((patientID === undefined) === (uid === undefined)) throw new UsageError('give one of --patient-id and --uid');
    }
    const configuration = loadConfigurationFile(values.config, process.env);
    const log = createLog(configuration.logLevel, process.stderr);
    const { database, close } = await openDatabase(configuration, log);
    try {
      const desk = reidentificationOf(await openStoreOf(configuration, database, log), configuration);
      const actor = { kind: 'person' as const, name: `${operator()} (command line)` };
      const items = uid === undefined ? [{ patientID: patientID ?? '' }] : [{ uid }];
      return told(
        await (request === undefined ? desk.ask({ project, reason, items }, actor) : desk.show(request, actor)),
      );
    } finally {
      await close();
    }
  },
};

/** The way back as this installation goes it. */
export function reidentificationOf(
  store: Pick<Store, 'register' | 'reidentifications' | 'audit'>,
  { projects, imageSources }: Pick<Configuration, 'projects' | 'imageSources'>,
): Reidentification {
  return new Reidentification({
    register: store.register,
    requests: store.reidentifications,
    record: (events) => store.audit.record(events),
    needsTwo: (project) => projects.some(({ name, reidentification }) => name === project && reidentification.fourEyes),
    viewer: (imageSource) => imageSources.find(({ name }) => name === imageSource)?.viewer,
  });
}

function told(result: ReidentificationResult): number {
  if (result.result === 'refused') return held(`${result.message} (${result.code})`);
  if (result.result === 'pending') {
    return held(`another person has to approve this; then: tce-export reidentify --request ${result.id}`);
  }
  process.stdout.write(result.items.map((item) => `${JSON.stringify(shown(item))}\n`).join(''));
  const missing = result.items.find(({ outcome }) => outcome !== 'FOUND');
  return missing === undefined ? EXIT.ok : held(`nothing is shown (${missing.outcome})`);
}

function shown(item: ShownItem): object {
  const { asked: _asked, ...rest } = item;
  return rest;
}

function held(message: string): number {
  process.stderr.write(`tce-export reidentify: ${message}\n`);
  return EXIT.held;
}

/** Who runs the command. */
function operator(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}
