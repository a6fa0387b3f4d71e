import { deidentifyCommand } from './deidentify';
import { demoCommand } from './demo';
import { destroyKeyCommand } from './destroy-key';
import { migrateCommand } from './migrate';
import { rotateMasterKeyCommand } from './rotate-master-key';
import { sandboxCommand } from './sandbox';
import { serveCommand, workCommand } from './serve';
import type { Command } from './usage';
import { EXIT } from './usage';

const notYet = (summary: string): Command => ({
  summary: `${summary} (not available yet)`,
  help: `${summary}.\n\nNot available yet.\n`,
  run: async () => {
    process.stderr.write('tce-export: this command is not available yet\n');
    return EXIT.usage;
  },
});

export const COMMANDS: Readonly<Record<string, Command>> = {
  serve: serveCommand,
  work: workCommand,
  migrate: migrateCommand,
  deidentify: deidentifyCommand,
  'destroy-key': destroyKeyCommand,
  'rotate-master-key': rotateMasterKeyCommand,
  sandbox: sandboxCommand,
  demo: demoCommand,
  reidentify: notYet('from a pseudonym back to the patient'),
};
