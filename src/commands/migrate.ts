import { loadConfigurationFile } from '../base/config';
import { createLog } from '../base/log';
import { compose } from './composition';
import { type Command, EXIT, parseOptions } from './usage';

export const migrateCommand: Command = {
  summary: 'bring the database up to date',
  help: `Brings the schema of the database up to date and exits. serve and work do the same at start.

Usage: tce-export migrate [--config FILE]
`,
  run: async (args) => {
    const values = parseOptions(args, { config: { type: 'string' } });
    const configuration = loadConfigurationFile(values.config, process.env);
    const composition = await compose(configuration, createLog(configuration.logLevel));
    await composition.close();
    process.stdout.write('the database is up to date\n');
    return EXIT.ok;
  },
};
