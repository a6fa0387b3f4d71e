import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { cannot } from '../base/errors';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** First byte of every sealed value, so that another scheme can follow without guessing. */
const AES_256_GCM = 1;

/** Where a sealed value lives. Authenticated with it, so that a value moved to another row or column does not open. */
export interface SealContext {
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

/** Seals and opens what may not lie in the clear, and finds it again without opening it. */
export interface Sealer {
  seal(plain: Uint8Array, context: SealContext): Buffer;
  /** Throws Fault SEAL_BROKEN where the bytes were altered, moved, or sealed with another key. */
  open(sealed: Uint8Array, context: SealContext): Buffer;
  /** Keyed blind index (HMAC-SHA-256): equal values of one domain give equal bytes, and nothing else can be read off. */
  blindIndex(domain: string, value: string): Buffer;
}

function additionalData({ table, column, row }: SealContext): Buffer {
  return Buffer.from(JSON.stringify([table, column, row]), 'utf8');
}

function encrypt(key: Uint8Array, plain: Uint8Array, context: SealContext): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData(context));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.of(AES_256_GCM), nonce, cipher.getAuthTag(), body]);
}

function decrypt(key: Uint8Array, sealed: Uint8Array, context: SealContext): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < 1 + NONCE_BYTES + TAG_BYTES || bytes[0] !== AES_256_GCM) throw sealBroken(context);
  const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
  const tag = bytes.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData(context));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(bytes.subarray(1 + NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  } catch {
    throw sealBroken(context);
  }
}

function sealBroken(context: SealContext) {
  return cannot('SEAL_BROKEN', `a sealed value of ${context.table}.${context.column} does not open`, {
    remedy: 'It was altered, or sealed with another key. Restore the row, or the key, from the same backup.',
  });
}

/** A data key: 32 random bytes that lie in the database wrapped, and open only in the process that holds the master key. */
export class DataKey implements Sealer {
  readonly #sealing: Uint8Array;
  readonly #indexing: Uint8Array;

  private constructor(bytes: Uint8Array) {
    // One key for one use: sealing and indexing never share theirs (RFC 5869).
    this.#sealing = new Uint8Array(hkdfSync('sha256', bytes, new Uint8Array(0), 'seal', KEY_BYTES));
    this.#indexing = new Uint8Array(hkdfSync('sha256', bytes, new Uint8Array(0), 'blind-index', KEY_BYTES));
  }

  static of(bytes: Uint8Array): DataKey {
    requireKeyLength(bytes);
    return new DataKey(bytes);
  }

  seal(plain: Uint8Array, context: SealContext): Buffer {
    return encrypt(this.#sealing, plain, context);
  }

  open(sealed: Uint8Array, context: SealContext): Buffer {
    return decrypt(this.#sealing, sealed, context);
  }

  blindIndex(domain: string, value: string): Buffer {
    return createHmac('sha256', this.#indexing)
      .update(JSON.stringify([domain, value]), 'utf8')
      .digest();
  }
}

/** Wraps the data keys. Its bytes come from the master key file and are never stored in the database. */
export class MasterKey {
  readonly #bytes: Uint8Array;

  private constructor(bytes: Uint8Array) {
    this.#bytes = Uint8Array.from(bytes);
  }

  static of(bytes: Uint8Array): MasterKey {
    requireKeyLength(bytes);
    return new MasterKey(bytes);
  }

  /** 32 fresh random bytes, for a data key or a derivation key. */
  newKey(): Buffer {
    return randomBytes(KEY_BYTES);
  }

  wrap(key: Uint8Array, context: SealContext): Buffer {
    return encrypt(this.#bytes, key, context);
  }

  /** Throws Fault SEAL_BROKEN where the key was wrapped under another master key. */
  unwrap(wrapped: Uint8Array, context: SealContext): Buffer {
    return decrypt(this.#bytes, wrapped, context);
  }

  dataKey(bytes: Uint8Array): DataKey {
    return DataKey.of(bytes);
  }
}

function requireKeyLength(bytes: Uint8Array): void {
  if (bytes.length !== KEY_BYTES) {
    throw cannot('BAD_KEY', `a key has ${bytes.length} bytes instead of ${KEY_BYTES}`);
  }
}
