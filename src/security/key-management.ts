import { spawn } from 'node:child_process';
import { couldNot } from '../base/errors';

/** A key management system: it holds a key that never leaves it, and wraps ours with it. */
export interface KeyManagement {
  wrap(key: Uint8Array): Promise<Buffer>;
  /** Throws a Fault where it cannot, or will not. */
  unwrap(wrapped: Uint8Array): Promise<Buffer>;
}

export const KEY_MANAGEMENT_TIMEOUT_MS = 10_000;
const MOST_OUTPUT = 64 * 1024;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * A key management system behind a command: `command… wrap` and `command… unwrap` read one line of base64 from standard
 * input and write one to standard output. Anything else than exit status 0 and base64 in time is a refusal: nothing goes
 * on without the key. What the command says of its troubles is not passed on, it may hold secrets.
 */
export class KeyManagementCommand implements KeyManagement {
  readonly #command: readonly string[];
  readonly #timeoutMs: number;

  constructor(command: readonly string[], timeoutMs = KEY_MANAGEMENT_TIMEOUT_MS) {
    this.#command = command;
    this.#timeoutMs = timeoutMs;
  }

  wrap(key: Uint8Array): Promise<Buffer> {
    return this.#run('wrap', key);
  }

  unwrap(wrapped: Uint8Array): Promise<Buffer> {
    return this.#run('unwrap', wrapped);
  }

  async #run(deed: 'wrap' | 'unwrap', bytes: Uint8Array): Promise<Buffer> {
    const output = await this.#outputOf(deed, `${Buffer.from(bytes).toString('base64')}\n`);
    const text = output.trim();
    if (!BASE64.test(text)) throw failed(deed, 'its answer is no base64');
    return Buffer.from(text, 'base64');
  }

  #outputOf(deed: string, input: string): Promise<string> {
    const [program = '', ...given] = this.#command;
    return new Promise((resolve, reject) => {
      const child = spawn(program, [...given, deed], { stdio: ['pipe', 'pipe', 'ignore'] });
      let output = '';
      const timer = setTimeout(() => {
        reject(failed(deed, `it does not answer within ${Math.round(this.#timeoutMs / 1000)} s`));
        child.kill('SIGKILL');
        // Whatever it left running may hold its output open.
        child.stdout.destroy();
      }, this.#timeoutMs);
      child.on('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        reject(failed(deed, `it cannot be started (${error.code ?? 'unknown'})`));
      });
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString('latin1');
        if (output.length > MOST_OUTPUT) child.kill('SIGKILL');
      });
      child.on('close', (status) => {
        clearTimeout(timer);
        if (status === 0) resolve(output);
        else reject(failed(deed, status === null ? 'it was ended' : `it ended with status ${status}`));
      });
      // A command that ends without reading is told by its status.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
    });
  }
}

function failed(deed: string, why: string) {
  return couldNot('KEY_MANAGEMENT_FAILED', `the command of the key management system could not ${deed}: ${why}`, {
    remedy: 'Check masterKey.command by hand: it reads one line of base64 and writes one. Nothing was changed.',
  });
}
