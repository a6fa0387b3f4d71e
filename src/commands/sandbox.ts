import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSandbox } from '../sandbox/sandbox';
import { type Command, EXIT, parseOptions, UsageError, untilStopped } from './usage';

export const sandboxCommand: Command = {
  summary: 'a DICOMweb origin server over a folder',
  help: `A small DICOMweb origin server (QIDO-RS, WADO-RS, STOW-RS) over a folder of DICOM files, for trying things out.

Usage: tce-export sandbox --dir DIR --port N [--host HOST]

  --dir DIR     the folder; made if missing. What is stored goes below it
  --port N      0 takes a free one
  --host HOST   127.0.0.1 where left out
`,
  run: async (args) => {
    const values = parseOptions(args, {
      dir: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
    });
    if (values.dir === undefined) throw new UsageError('--dir is missing');
    const port = Number(values.port ?? Number.NaN);
    if (!Number.isInteger(port) || port < 0 || port > 65535)
      throw new UsageError('--port must be a number from 0 to 65535');
    const directory = resolve(values.dir);
    mkdirSync(directory, { recursive: true });
    const { stopped } = untilStopped();
    const sandbox = await createSandbox({ directory });
    const address = await sandbox.listen(port, values.host);
    process.stdout.write(`DICOMweb sandbox at ${address}\n`);
    await stopped;
    await sandbox.close();
    return EXIT.ok;
  },
};
