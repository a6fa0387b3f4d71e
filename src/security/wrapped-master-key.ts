import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { cannot } from '../base/errors';
import { type Log, silentLog } from '../base/log';
import { MasterKey } from './envelope';
import type { KeyManagement } from './key-management';
import type { MasterKeySource } from './key-ring';
import { makeKeyFile } from './master-key-file';

const KEY_BYTES = 32;

/** The master key in a file, wrapped by a key management system: the file alone opens nothing. */
export class WrappedMasterKey implements MasterKeySource {
  readonly path: string;
  readonly #keys: KeyManagement;
  readonly #log: Log;

  constructor(path: string, keys: KeyManagement, log: Log = silentLog) {
    this.path = path;
    this.#keys = keys;
    this.#log = log;
  }

  async read(): Promise<MasterKey | null> {
    let content: string;
    try {
      content = await readFile(this.path, 'latin1');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw cannot('MASTER_KEY_UNREADABLE', `the wrapped master key ${this.path} cannot be read`, {
        remedy: 'Let the user that the server runs as read it.',
        cause: error,
      });
    }
    const key = await this.#keys.unwrap(Buffer.from(content.trim(), 'base64'));
    if (key.length !== KEY_BYTES) {
      throw cannot('BAD_MASTER_KEY_FILE', `what ${this.path} unwraps to is no key`, {
        remedy:
          'Restore it from the backup, and check the key that the key management system uses. Nothing was changed.',
      });
    }
    return MasterKey.of(key);
  }

  /** Nothing is written before the key management system has shown that it can unwrap it again. */
  async create(): Promise<MasterKey> {
    const key = randomBytes(KEY_BYTES);
    const wrapped = await this.#keys.wrap(key);
    if (!(await this.#keys.unwrap(wrapped)).equals(key)) {
      throw cannot('KEY_MANAGEMENT_FAILED', 'the key management system does not unwrap what it wrapped', {
        remedy: 'Check masterKey.command. Nothing was changed.',
      });
    }
    await makeKeyFile(this.path, `${wrapped.toString('base64')}\n`);
    this.#log.info('wrapped master key made', { path: this.path });
    const made = await this.read();
    if (made === null) throw cannot('MASTER_KEY_UNREADABLE', `the wrapped master key ${this.path} vanished`);
    return made;
  }
}
