import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '../../src/sandbox/sandbox';
import { startOrthanc } from './orthanc';

/** A DICOMweb server that tests fill and look into without any of the code under test. */
export interface Peer {
  readonly dicomwebUrl: string;
  put(bytes: Uint8Array): Promise<void>;
  /** Every instance it keeps, as PS3.10 bytes. */
  everything(): Promise<readonly Uint8Array[]>;
  stop(): Promise<void>;
}

export async function orthancPeer(): Promise<Peer> {
  const orthanc = await startOrthanc();
  return {
    dicomwebUrl: orthanc.dicomwebUrl,
    put: (bytes) => orthanc.upload(bytes),
    everything: async () => {
      const ids = (await orthanc.rest('/instances')) as string[];
      return Promise.all(
        ids.map(async (id) => new Uint8Array(await (await fetch(`${orthanc.url}/instances/${id}/file`)).arrayBuffer())),
      );
    },
    stop: () => orthanc.stop(),
  };
}

export async function sandboxPeer(): Promise<Peer> {
  const directory = mkdtempSync(join(tmpdir(), 'tce-sandbox-'));
  const sandbox = await createSandbox({ directory });
  const dicomwebUrl = await sandbox.listen(0);
  let next = 0;
  return {
    dicomwebUrl,
    put: async (bytes) => {
      writeFileSync(join(directory, `given-${next++}.dcm`), bytes);
      await sandbox.scan();
    },
    everything: async () =>
      readdirSync(directory, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.dcm'))
        .map((name) => readFileSync(join(directory, name))),
    stop: async () => {
      await sandbox.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
