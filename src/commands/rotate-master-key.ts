import { loadConfigurationFile } from '../base/config';
import { cannot } from '../base/errors';
import { createLog } from '../base/log';
import { MasterKeyFile } from '../security/master-key-file';
import { rotateMasterKey } from '../store/installation';
import { openDatabase } from './composition';
import { type Command, EXIT, parseOptions, UsageError } from './usage';

export const rotateMasterKeyCommand: Command = {
  summary: 'another master key',
  help: `Wraps the keys in the database with another master key and puts it in the place of the present one.

Usage: tce-export rotate-master-key [--config FILE] --new-key-file FILE

  --config FILE          configuration (YAML); without one: environment and defaults
  --new-key-file FILE    64 hexadecimal digits or 32 bytes, for example by: openssl rand -hex 32

All of the database changes in one transaction; servers that run go on. Run again after an interruption, it finishes what
was left. The file of the present key is replaced, and the key kept beside it under another name: backups of the database
made so far need it. Where several hosts have a copy of the file, give each the new one.
`,
  run: async (args) => {
    const values = parseOptions(args, { config: { type: 'string' }, 'new-key-file': { type: 'string' } });
    const path = values['new-key-file'];
    if (path === undefined || path === '') throw new UsageError('--new-key-file FILE is missing');
    const configuration = loadConfigurationFile(values.config, process.env);
    if (configuration.keyManagement !== null) {
      throw cannot('KEY_MANAGED_ELSEWHERE', 'the master key is wrapped by a key management system', {
        remedy: 'Rotate the key there; what it wrapped stays as it is, or is wrapped anew by it.',
      });
    }
    const log = createLog(configuration.logLevel);
    const next = new MasterKeyFile(path, log);
    const key = await next.read();
    if (key === null) {
      throw cannot('NO_NEW_KEY', 'the file of the new key does not exist', {
        remedy: 'Make one, for example by: openssl rand -hex 32. Nothing was changed.',
      });
    }
    const present = new MasterKeyFile(configuration.masterKeyFile, log);
    const { database, close } = await openDatabase(configuration, log);
    try {
      await database.waitUntilReachable();
      const result = await rotateMasterKey(database, await present.read(), key);
      const before = await present.replaceBy(next);
      process.stdout.write(
        result === 'rotated'
          ? `the master key is another one now; the one before is kept in ${before}\n`
          : 'the database has this master key already; its file is in place\n',
      );
      return EXIT.ok;
    } finally {
      await close();
    }
  },
};
