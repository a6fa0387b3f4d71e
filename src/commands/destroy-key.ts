import { userInfo } from 'node:os';
import { loadConfigurationFile } from '../base/config';
import { createLog } from '../base/log';
import { openDatabase, openStoreOf } from './composition';
import { type Command, EXIT, parseOptions, UsageError } from './usage';

export const destroyKeyCommand: Command = {
  summary: 'end a pseudonym domain for good',
  help: `Destroys the keys of a project, and everything that they lead back to.

Usage: tce-export destroy-key [--config FILE] --project NAME --confirm NAME

  --config FILE    configuration (YAML); without one: environment and defaults
  --project NAME   the project
  --confirm NAME   the same once more: this cannot be undone

Afterwards nobody can go from what the project exported back to a patient or a study, nor find out by trying. The next
export of the same patient gets another code and other UIDs, and nothing links the two. Receipts, timelines, new UIDs and
codes stay as proof of what was delivered. Sessions of the project must have ended. A server that runs goes on.
Backups made before hold the old keys: destroy those, too.
`,
  run: async (args) => {
    const values = parseOptions(args, {
      config: { type: 'string' },
      project: { type: 'string' },
      confirm: { type: 'string' },
    });
    const { project, confirm } = values;
    if (project === undefined || project === '') throw new UsageError('--project NAME is missing');
    if (confirm !== project)
      throw new UsageError('--confirm must repeat the name of the project: this cannot be undone');
    const configuration = loadConfigurationFile(values.config, process.env);
    const log = createLog(configuration.logLevel);
    const { database, close } = await openDatabase(configuration, log);
    try {
      const store = await openStoreOf(configuration, database, log);
      const { subjects, sessions } = await store.keys.destroy(project, { kind: 'person', name: operator() });
      process.stdout.write(`the keys are destroyed; ${sessions} sessions and ${subjects} codes lead back to nobody\n`);
      return EXIT.ok;
    } finally {
      await close();
    }
  },
};

/** Who runs the command; an account without a name is none of ours. */
function operator(): string {
  try {
    return userInfo().username;
  } catch {
    return 'command line';
  }
}
