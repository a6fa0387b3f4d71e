import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestStore, type TestStore } from '../../support/database';
import { FAKE_PATIENT, provisionedProject } from '../../support/selections';
import { PROGRAM, withoutSettings } from '../../support/server';

let store: TestStore;
let directory: string;
beforeAll(async () => {
  store = await createTestStore();
  directory = await mkdtemp(join(tmpdir(), 'tce-destroy-'));
});
afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

async function destroyKey(...args: string[]): Promise<{ status: number; said: string }> {
  const file = join(directory, 'tce.yaml');
  const settings = { database: { url: store.url }, masterKeyFile: store.masterKeyFile.path, dataDir: directory };
  await writeFile(file, JSON.stringify({ ...settings, logLevel: 'error' }));
  return new Promise((resolve) => {
    const options = { env: withoutSettings(process.env) };
    execFile(process.execPath, [PROGRAM, 'destroy-key', '--config', file, ...args], options, (error, out, err) =>
      resolve({ status: error === null ? 0 : Number(error.code), said: out + err }),
    );
  });
}

test('the command destroys the keys of a project whose name is repeated, and of no other', async () => {
  const { id, derivationKey } = await provisionedProject(store, 'cases');
  await store.sessions.subjectCode(id, FAKE_PATIENT);
  for (const args of [
    ['--project', 'cases'],
    ['--project', 'cases', '--confirm', 'other'],
    ['--confirm', 'cases'],
  ]) {
    expect((await destroyKey(...args)).status).toBe(2);
  }
  expect(await destroyKey('--project', 'none', '--confirm', 'none')).toMatchObject({
    status: 1,
    said: expect.stringContaining('UNKNOWN_PROJECT'),
  });
  expect((await store.projects.byName('cases')).derivationKey).toEqual(derivationKey);

  const { status, said } = await destroyKey('--project', 'cases', '--confirm', 'cases');
  expect([status, said]).toEqual([0, 'the keys are destroyed; 0 sessions and 1 codes lead back to nobody\n']);
  expect((await store.projects.byName('cases')).derivationKey).not.toEqual(derivationKey);
}, 60_000);
