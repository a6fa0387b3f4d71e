import { Fault } from '../base/errors';
import type { MasterKey, SealContext } from './envelope';

/** Where the master key comes from: a file, or a key management system. */
export interface MasterKeySource {
  /** For messages: where a person looks for it. */
  readonly path: string;
  /** null where there is none yet. Throws a Fault where it cannot be had: nothing goes on without it. */
  read(): Promise<MasterKey | null>;
  create(): Promise<MasterKey>;
}

/**
 * The master key while the process runs. Another process may rotate it meanwhile: what does not open is tried once more
 * with the key as it is now.
 */
export class KeyRing {
  #current: MasterKey;
  readonly #source: Pick<MasterKeySource, 'read'>;

  constructor(current: MasterKey, source: Pick<MasterKeySource, 'read'>) {
    this.#current = current;
    this.#source = source;
  }

  /** Throws Fault SEAL_BROKEN where neither key opens it. */
  async unwrap(wrapped: Uint8Array, context: SealContext): Promise<Buffer> {
    try {
      return this.#current.unwrap(wrapped, context);
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'SEAL_BROKEN') throw error;
      const key = await this.#source.read();
      if (key === null) throw error;
      const opened = key.unwrap(wrapped, context);
      this.#current = key;
      return opened;
    }
  }

  /** The key under which `wrapped` lies in the database now: what is wrapped beside it must open with the same. */
  async keyOf(wrapped: Uint8Array, context: SealContext): Promise<MasterKey> {
    await this.unwrap(wrapped, context);
    return this.#current;
  }
}
