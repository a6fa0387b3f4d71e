import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cannot } from '../base/errors';
import { type Log, silentLog } from '../base/log';
import { MasterKey } from './envelope';

const HEX_KEY = /^[0-9a-f]{64}$/i;

/** The file that holds the master key: 64 hexadecimal digits, or the 32 bytes themselves. */
export class MasterKeyFile {
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
    await mkdir(dirname(this.path), { recursive: true });
    // Written beside and linked into place: nobody ever reads half a key, and an existing file is never replaced.
    const beside = `${this.path}.${randomBytes(6).toString('hex')}`;
    const file = await open(beside, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(32).toString('hex')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    try {
      await chmod(beside, 0o600);
      await link(beside, this.path);
      this.#log.info('master key file made', { path: this.path });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await rm(beside, { force: true });
    }
    const key = await this.read();
    if (key === null)
      throw cannot('MASTER_KEY_UNREADABLE', `the master key file ${this.path} vanished while it was made`);
    return key;
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
