import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cannot } from '../base/errors';
import { type Log, silentLog } from '../base/log';
import { MasterKey } from './envelope';
import type { MasterKeySource } from './key-ring';

const HEX_KEY = /^[0-9a-f]{64}$/i;

/** The file that holds the master key: 64 hexadecimal digits, or the 32 bytes themselves. */
export class MasterKeyFile implements MasterKeySource {
  readonly path: string;
  readonly #log: Log;

  constructor(path: string, log: Log = silentLog) {
    this.path = path;
    this.#log = log;
  }

  /** null where there is no such file. */
  async read(): Promise<MasterKey | null> {
    let content: Buffer;
    try {
      content = await readFile(this.path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw cannot('MASTER_KEY_UNREADABLE', `the master key file ${this.path} cannot be read`, {
        remedy: 'Let the user that the server runs as read it.',
        cause: error,
      });
    }
    await this.#warnWhereOthersRead();
    const text = content.toString('latin1').trim();
    if (HEX_KEY.test(text)) return MasterKey.of(Buffer.from(text, 'hex'));
    if (content.length === 32) return MasterKey.of(content);
    throw cannot('BAD_MASTER_KEY_FILE', `the master key file ${this.path} holds no key`, {
      remedy: 'It must hold 64 hexadecimal digits, or 32 bytes. Restore it from the backup.',
    });
  }

  /** Makes the file, mode 0600; where another process was quicker, its key is the key. */
  async create(): Promise<MasterKey> {
    const made = await makeKeyFile(this.path, `${randomBytes(32).toString('hex')}\n`);
    if (made) this.#log.info('master key file made', { path: this.path });
    const key = await this.read();
    if (key === null)
      throw cannot('MASTER_KEY_UNREADABLE', `the master key file ${this.path} vanished while it was made`);
    return key;
  }

  /**
   * The key of another file takes the place of this one's, at once. This one's is kept beside it, for what was backed up
   * while it was in use: answers where.
   */
  async replaceBy(other: MasterKeyFile): Promise<string> {
    const content = await readFile(other.path);
    const before = `${this.path}.before-${createHash('sha256').update(content).digest('hex').slice(0, 8)}`;
    await link(this.path, before).catch((error: NodeJS.ErrnoException) => {
      // A run before this one came so far; or this one's is gone, and there is nothing to be kept.
      if (error.code !== 'EEXIST' && error.code !== 'ENOENT') throw error;
    });
    await rename(await writtenBeside(this.path, content), this.path);
    this.#log.info('master key file replaced', { path: this.path });
    return before;
  }

  async #warnWhereOthersRead(): Promise<void> {
    if (process.platform === 'win32') return;
    const { mode } = await stat(this.path);
    if ((mode & 0o077) !== 0) {
      this.#log.warn('master key file is open to others', {
        path: this.path,
        mode: (mode & 0o777).toString(8),
        remedy: 'chmod 600',
      });
    }
  }
}

/**
 * Makes a file for the owner alone; false where another process was quicker. Written beside and linked into place:
 * nobody ever reads half a key, and an existing file is never replaced.
 */
export async function makeKeyFile(path: string, content: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  const beside = await writtenBeside(path, content);
  try {
    await link(beside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(beside, { force: true });
  }
}

async function writtenBeside(path: string, content: string | Uint8Array): Promise<string> {
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(beside, 'wx', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  return beside;
}
