import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { cannot } from '../base/errors';

/** PS3.5 B.2: a UID derived from a UUID is this root and the UUID as one decimal number. */
const UUID_ROOT = '2.25.';
/** Crockford's base 32: no I, L, O, U, so that a code can be read aloud. */
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 12;
/** A CT study of some thousand slices fits; the oldest go first. */
const REMEMBERED_UIDS = 16_384;
/** One to ten years: far enough that nobody takes a moved date for the date. */
const LEAST_DAYS = 365;
const MOST_DAYS = 3650;
const LEAST_WEEKS = 53;
const MOST_WEEKS = 521;

/**
 * The secret from which the pseudonyms of one project are derived. Every derivation has its own domain, so that none
 * tells anything about another. The key never comes out.
 */
export class ProjectKey {
  readonly #key: KeyObject;
  readonly #uids = new Map<string, string>();

  private constructor(key: KeyObject) {
    this.#key = key;
  }

  /** Throws Fault BAD_KEY unless there are exactly 32 bytes. */
  static of(bytes32: Uint8Array): ProjectKey {
    if (bytes32.length !== 32) throw cannot('BAD_KEY', `a project key has 32 bytes, not ${bytes32.length}`);
    return new ProjectKey(createSecretKey(bytes32));
  }

  /**
   * The UID that stands for `source` in this project: 2.25. and the first 128 bits of
   * HMAC-SHA-256(key, "uid" NUL source) in decimal, 44 characters at most. Padding of `source` does not count.
   * Whether a UID may be replaced at all is the caller's rule.
   */
  uid(source: string): string {
    const known = this.#uids.get(source);
    if (known !== undefined) return known;
    const digest = this.#derive('uid', trimmed(source));
    const derived = UUID_ROOT + BigInt(`0x${digest.toString('hex', 0, 16)}`).toString();
    if (this.#uids.size >= REMEMBERED_UIDS) {
      for (const oldest of this.#uids.keys()) {
        this.#uids.delete(oldest);
        break;
      }
    }
    this.#uids.set(source, derived);
    return derived;
  }

  /**
   * Code of a patient where no register assigns one: P and 60 bits of the HMAC. Derived from the person's identifier,
   * hence not for use where 45 CFR 164.514(c) is to be met; a register's number is.
   */
  patientCode(patientID: string, issuer: string): string {
    const id = trimmed(patientID);
    const digest = this.#derive('patient', `${id.length}\0${id}\0${trimmed(issuer)}`);
    let bits = digest.readBigUInt64BE(0) >> 4n;
    let code = '';
    for (let n = 0; n < CODE_LENGTH; n += 1) {
      code = BASE32[Number(bits & 31n)] + code;
      bits >>= 5n;
    }
    return `P${code}`;
  }

  /**
   * Whole days by which all dates of a patient move in this project: 365 to 3650 days into the past, so that no date
   * lies in the future and none is its own dummy; never 0. `keepWeekday`: whole weeks, 371 to 3647 days.
   */
  dateOffsetDays(patientID: string, issuer: string, options: { readonly keepWeekday?: boolean } = {}): number {
    const id = trimmed(patientID);
    const bits = this.#derive('date', `${id.length}\0${id}\0${trimmed(issuer)}`).readUIntBE(0, 6);
    if (options.keepWeekday === true) return -7 * (LEAST_WEEKS + (bits % (MOST_WEEKS - LEAST_WEEKS + 1)));
    return -(LEAST_DAYS + (bits % (MOST_DAYS - LEAST_DAYS + 1)));
  }

  /** A key of its own for another purpose; `purpose` names it. */
  subkey(purpose: string): Uint8Array {
    return this.#derive('subkey', purpose);
  }

  #derive(domain: string, text: string): Buffer {
    return createHmac('sha256', this.#key).update(`${domain}\0${text}`, 'utf8').digest();
  }
}

/** Without the padding of PS3.5 6.2: NUL after a UID, spaces around text. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isPadding(text.charCodeAt(start))) start += 1;
  while (end > start && isPadding(text.charCodeAt(end - 1))) end -= 1;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function isPadding(code: number): boolean {
  return code === 0x20 || code === 0;
}
