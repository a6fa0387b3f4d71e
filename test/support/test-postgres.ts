import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres';
import { testRunDirectory, testRunProcess } from './test-run';

interface TestPostgres {
  readonly url: string;
  /** null where it is not ours to stop. */
  readonly pid: number | null;
}

const PATIENCE_MS = 60_000;

/** The Postgres of this test run: TEST_DATABASE_URL, or an embedded one that the first suite to ask starts. */
export async function testPostgres(prepare: (url: string) => Promise<void>): Promise<TestPostgres> {
  const directory = testRunDirectory();
  const readyFile = join(directory, 'postgres.json');
  const deadline = Date.now() + PATIENCE_MS;
  while (!existsSync(readyFile)) {
    // Whoever makes the folder starts the server; the others wait for it.
    const mine = await mkdir(join(directory, 'starting')).then(
      () => true,
      () => false,
    );
    if (mine) {
      try {
        const started = await start(directory);
        await prepare(started.url);
        await writeFile(`${readyFile}.partial`, JSON.stringify(started));
        await rename(`${readyFile}.partial`, readyFile);
      } catch (error) {
        await rm(join(directory, 'starting'), { recursive: true, force: true });
        throw error;
      }
    } else {
      if (Date.now() > deadline) throw new Error('the Postgres of the test run does not come up');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return JSON.parse(await readFile(readyFile, 'utf8')) as TestPostgres;
}

async function start(directory: string): Promise<TestPostgres> {
  const given = process.env.TEST_DATABASE_URL;
  if (given !== undefined && given !== '') return { url: given, pid: null };
  const { url, pid } = await startEmbeddedPostgres({
    dataDir: join(directory, 'data'),
    // Nothing here has to survive a power cut.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
    outlivesUs: true,
  });
  stopWithTheRun(directory, pid);
  return { url, pid };
}

/** A run that is killed has no teardown; this little process sees its end and cleans up after it. */
function stopWithTheRun(directory: string, pid: number): void {
  const script = `while kill -0 ${testRunProcess()} 2>/dev/null; do sleep 1; done; kill -INT ${pid} 2>/dev/null; sleep 2; rm -rf '${directory}'`;
  spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' }).unref();
}

export async function stopTestPostgres(): Promise<void> {
  const directory = process.env.TCE_TEST_RUN_DIR;
  if (directory === undefined) return;
  const text = await readFile(join(directory, 'postgres.json'), 'utf8').catch(() => '{}');
  const { pid } = JSON.parse(text) as Partial<TestPostgres>;
  if (typeof pid === 'number') {
    try {
      process.kill(pid, 'SIGINT');
      const pidFile = join(directory, 'data', 'postgres', 'postmaster.pid');
      for (let waited = 0; existsSync(pidFile) && waited < 10_000; waited += 50) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } catch {
      // It ended by itself.
    }
  }
  await rm(directory, { recursive: true, force: true });
}
