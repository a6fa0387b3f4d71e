import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { findProgram, type Need } from './suites';

const PLUGIN_DIRECTORY = '/usr/lib/orthanc';

function plugin(name: string): string | undefined {
  if (!existsSync(PLUGIN_DIRECTORY)) {
    return undefined;
  }
  const file = readdirSync(PLUGIN_DIRECTORY).find((entry) => entry.startsWith(`lib${name}.so`));
  return file === undefined ? undefined : join(PLUGIN_DIRECTORY, file);
}

/** Orthanc with its DICOMweb plugin. */
export const ORTHANC: Need = {
  missing: 'Orthanc with its DICOMweb plugin is not installed',
  present: findProgram('Orthanc') !== undefined && plugin('OrthancDicomWeb') !== undefined,
};

export interface OrthancOptions {
  /** HTTP Basic; left out: open. */
  readonly username?: string;
  readonly password?: string;
  /** More keys of its configuration file. */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

export interface Orthanc {
  readonly port: number;
  /** Its own REST API. */
  readonly url: string;
  readonly dicomwebUrl: string;
  /** Stores one PS3.10 file by the REST API; works without any of our code. */
  upload(bytes: Uint8Array): Promise<void>;
  /** JSON of its REST API. */
  rest(path: string, init?: RequestInit): Promise<unknown>;
  /** Ends the process at once, as a crash would; `start` brings it up again on the same port with the same store. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes what it stored. */
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') {
    throw new Error('no free port');
  }
  return address.port;
}

let shim: string | null | undefined;

/** The compiled shim, once per machine and version of it; null (and a line that says so) where there is no compiler. */
function loopbackShim(): string | null {
  if (shim !== undefined) {
    return shim;
  }
  const compiler = findProgram('gcc', 'cc');
  if (compiler === undefined) {
    process.stderr.write(
      'note: no C compiler, so Orthanc listens on every interface (it answers local requests only)\n',
    );
    shim = null;
    return shim;
  }
  // Compiled elsewhere, this file lies in another folder than its neighbour.
  const source = [__dirname, join(process.cwd(), 'test', 'support')]
    .map((folder) => join(folder, 'loopback-shim.c'))
    .find((path) => existsSync(path))!;
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const folder = join(tmpdir(), `tce-export-tests-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `loopback-shim-${hash}.so`);
  if (!existsSync(path)) {
    const partial = `${path}.${process.pid}`;
    execFileSync(compiler, ['-shared', '-fPIC', '-O2', '-o', partial, source, '-ldl']);
    renameSync(partial, path);
  }
  shim = path;
  return shim;
}

/** Any number side by side, each with its own free port and temporary store. Call `stop` in `afterAll`. */
export async function startOrthanc(options: OrthancOptions = {}): Promise<Orthanc> {
  const binary = findProgram('Orthanc');
  const dicomweb = plugin('OrthancDicomWeb');
  if (binary === undefined || dicomweb === undefined) {
    throw new Error(ORTHANC.missing);
  }
  const gdcm = plugin('OrthancGdcm');
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'tce-orthanc-'));
  const configuration = join(directory, 'orthanc.json');
  writeFileSync(
    configuration,
    JSON.stringify({
      StorageDirectory: join(directory, 'storage'),
      IndexDirectory: join(directory, 'index'),
      HttpPort: port,
      DicomServerEnabled: false,
      AuthenticationEnabled: options.username !== undefined,
      ...(options.username === undefined ? {} : { RegisteredUsers: { [options.username]: options.password ?? '' } }),
      RemoteAccessAllowed: false,
      KeepAlive: true,
      HttpThreadsCount: 20,
      OverwriteInstances: false,
      LimitFindResults: 0,
      Plugins: gdcm === undefined ? [dicomweb] : [dicomweb, gdcm],
      DicomWeb: {
        Enable: true,
        Root: '/dicom-web/',
        Host: `127.0.0.1:${port}`,
        StudiesMetadata: 'Full',
        SeriesMetadata: 'Full',
      },
      ...options.configuration,
    }),
  );
  const preload = loopbackShim();
  const url = `http://127.0.0.1:${port}`;
  const authorization =
    options.username === undefined
      ? {}
      : { authorization: `Basic ${Buffer.from(`${options.username}:${options.password ?? ''}`).toString('base64')}` };

  let child: ChildProcess | undefined;
  let output = '';

  async function start(): Promise<void> {
    output = '';
    const process_ = spawn(binary!, [configuration], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...(preload === null ? {} : { LD_PRELOAD: preload }) },
    });
    child = process_;
    // Where the test run itself is ended before it comes to `stop`.
    const endWithUs = () => process_.kill('SIGKILL');
    process.once('exit', endWithUs);
    process_.once('exit', () => process.off('exit', endWithUs));
    const keepEnd = (chunk: Buffer) => {
      output = (output + chunk.toString('latin1')).slice(-4000);
    };
    process_.stdout!.on('data', keepEnd);
    process_.stderr!.on('data', keepEnd);
    let exited = false;
    process_.once('exit', () => {
      exited = true;
    });
    for (const until = Date.now() + 20_000; Date.now() < until; ) {
      if (exited) {
        throw new Error(`Orthanc ended at start:\n${output}`);
      }
      try {
        const answer = await fetch(`${url}/system`, { headers: authorization });
        await answer.arrayBuffer();
        if (answer.ok) {
          return;
        }
      } catch {
        // Not listening yet.
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`Orthanc did not answer in time:\n${output}`);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const process_ = child;
    child = undefined;
    if (process_ === undefined || process_.exitCode !== null || process_.signalCode !== null) {
      return;
    }
    const exit = new Promise((resolve) => process_.once('exit', resolve));
    process_.kill(signal);
    const timer = setTimeout(() => process_.kill('SIGKILL'), 5_000);
    await exit;
    clearTimeout(timer);
  }

  async function rest(path: string, init: RequestInit = {}): Promise<unknown> {
    const answer = await fetch(`${url}${path}`, {
      ...init,
      headers: { ...authorization, ...(init.headers as object) },
    });
    const text = await answer.text();
    if (!answer.ok) {
      throw new Error(`Orthanc answered ${answer.status}`);
    }
    return text === '' ? null : JSON.parse(text);
  }

  const orthanc: Orthanc = {
    port,
    url,
    dicomwebUrl: `${url}/dicom-web`,
    rest,
    start,
    async upload(bytes) {
      await rest('/instances', { method: 'POST', body: bytes as unknown as string });
    },
    async kill() {
      await end('SIGKILL');
    },
    async stop() {
      // Nothing of its store is kept, so there is nothing to be tidy about.
      await end('SIGKILL');
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  try {
    await start();
  } catch (error) {
    await orthanc.stop();
    throw error;
  }
  return orthanc;
}
