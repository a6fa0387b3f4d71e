import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '../../../src/sandbox/sandbox';
import { dicomwebContract } from './contract';

describe('DICOMweb client with the sandbox', () => {
  dicomwebContract(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tce-sandbox-'));
    const sandbox = await createSandbox({ directory });
    const url = await sandbox.listen(0);
    return {
      url,
      async stop() {
        await sandbox.close();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  });
});
