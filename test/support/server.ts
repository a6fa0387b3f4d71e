import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from './orthanc';

/** The shipped program, as built. */
export const PROGRAM = resolve(__dirname, '../../dist/main.js');
export const TOKEN = 'a-token-for-tests-0123456789';

export interface ServerSettings {
  readonly imageSources: readonly object[];
  readonly receivers: readonly object[];
  readonly projects: readonly object[];
  readonly databaseUrl: string;
  readonly delays?: object;
}

export interface SessionJson {
  readonly id: string;
  readonly state: string;
  readonly project: string | null;
  readonly documentTitle: { readonly CodeValue: string };
  readonly counts: Readonly<Record<string, number>>;
  readonly error: { readonly code: string; readonly message: string; readonly retryable: boolean } | null;
  readonly missing?: readonly string[];
  readonly supersededBy?: string | null;
}

/** `tce-export serve` as a process of its own, which can be killed and started again on the same data. */
export class ServerUnderTest {
  readonly directory = mkdtempSync(join(tmpdir(), 'tce-server-'));
  /** Everything it wrote to its standard output and error, over all starts. */
  output = '';
  private child: ChildProcess | undefined;
  private port = 0;

  constructor(private readonly settings: ServerSettings) {
    if (!existsSync(PROGRAM)) throw new Error('the program is not built: npm run build');
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.port = await freePort();
    const file = join(this.directory, 'tce.yaml');
    const { databaseUrl, ...rest } = this.settings;
    writeFileSync(
      file,
      JSON.stringify({
        server: { port: this.port },
        logLevel: 'debug',
        dataDir: this.directory,
        database: { url: databaseUrl },
        apiTokens: [{ name: 'tests', scopes: ['read', 'operate'], token: TOKEN }],
        ...rest,
      }),
    );
    const child = spawn(process.execPath, [PROGRAM, 'serve', '--config', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: withoutSettings(process.env),
    });
    this.child = child;
    child.stdout.on('data', (chunk: Buffer) => {
      this.output += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.output += chunk.toString('utf8');
    });
    for (const until = Date.now() + 30_000; Date.now() < until; await pause(50)) {
      if (child.exitCode !== null) throw new Error(`the server ended at start:\n${this.output.slice(-3000)}`);
      const ready = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (ready?.status === 200) return;
    }
    throw new Error(`the server is not ready:\n${this.output.slice(-3000)}`);
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const over = new Promise((settle) => child.once('exit', settle));
    child.kill(signal);
    await over;
  }

  async get(path: string): Promise<{ status: number; text: string }> {
    const answer = await fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
    return { status: answer.status, text: await answer.text() };
  }

  async post(path: string): Promise<number> {
    const headers = { authorization: `Bearer ${TOKEN}` };
    return (await fetch(`${this.url}${path}`, { method: 'POST', headers })).status;
  }

  async postJson(path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }

  async json<T>(path: string): Promise<T> {
    const { status, text } = await this.get(path);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
    return JSON.parse(text) as T;
  }

  async sessions(): Promise<readonly SessionJson[]> {
    return (await this.json<{ items: SessionJson[] }>('/api/v1/sessions?limit=100')).items;
  }

  session(id: string): Promise<SessionJson> {
    return this.json<SessionJson>(`/api/v1/sessions/${id}`);
  }

  /** The first session that fits, as soon as there is one. */
  async until(fits: (session: SessionJson) => boolean, timeoutMs = 30_000): Promise<SessionJson> {
    let last: readonly SessionJson[] = [];
    for (const end = Date.now() + timeoutMs; Date.now() < end; await pause(50)) {
      last = await this.sessions().catch(() => []);
      const found = last.find(fits);
      if (found !== undefined) return this.session(found.id);
    }
    throw new Error(
      `no session came to fit; they are ${JSON.stringify(last.map(({ state, error, counts }) => ({ state, error, counts })))}`,
    );
  }
}

/** The environment is configuration too: what a test run sets for itself is none of the server's business. */
export function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('TCE_') && name !== 'DATABASE_URL'),
  );
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((settle) => setTimeout(settle, milliseconds));
}
