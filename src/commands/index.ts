import { deidentifyCommand } from './deidentify';
import { demoCommand } from './demo';
import { destroyKeyCommand } from './destroy-key';
import { migrateCommand } from './migrate';
import { reidentifyCommand } from './reidentify';
import { rotateMasterKeyCommand } from './rotate-master-key';
import { sandboxCommand } from './sandbox';
import { serveCommand, workCommand } from './serve';
import type { Command } from './usage';

export const COMMANDS: Readonly<Record<string, Command>> = {
  serve: serveCommand,
  work: workCommand,
  migrate: migrateCommand,
  deidentify: deidentifyCommand,
  'destroy-key': destroyKeyCommand,
  'rotate-master-key': rotateMasterKeyCommand,
  sandbox: sandboxCommand,
  demo: demoCommand,
  reidentify: reidentifyCommand,
};
