import { ROLES, type Role, TOKEN_SCOPES, type TokenScope } from '../base/roles';
import { hashPassword, verifyPassword } from './passwords';
import type { Account } from './sign-in';
import { Turns } from './sign-in-limits';
import { hashSecret, newSecret } from './tokens';

export interface StoredAccount extends Account {
  readonly passwordHash: string;
}

export interface AccountLine extends Account {
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

export interface ApiTokenLine {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** null: all of them. */
  readonly projects: readonly string[] | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

/** Each change is recorded in the audit trail with it. Implemented by the store. */
export interface AccountRecords {
  accounts(): Promise<readonly AccountLine[]>;
  /** false where the name is taken. */
  addAccount(account: StoredAccount, by: string): Promise<boolean>;
  /** false where there is no such account. */
  setPassword(username: string, passwordHash: string, by: string): Promise<boolean>;
  setDisabled(username: string, disabled: boolean, by: string): Promise<boolean>;
  /** null where it is unknown or disabled. */
  account(username: string): Promise<StoredAccount | null>;
  tokens(): Promise<readonly ApiTokenLine[]>;
  /** false where the name is taken. */
  addToken(
    token: { name: string; scopes: readonly TokenScope[]; projects: readonly string[] | null; hash: Uint8Array },
    by: string,
  ): Promise<boolean>;
  revokeToken(id: string, by: string): Promise<boolean>;
}

export interface AccountRefusal {
  readonly refused: string;
  readonly message: string;
}
/** Shown once, and kept nowhere. */
export interface NewSecret {
  readonly secret: string;
}
export type AccountResult = AccountRefusal | { readonly done: true };

/** NIST SP 800-63B-4 3.1.1.2: 15 characters where the password is the only factor. */
export const SHORTEST_PASSWORD = 15;

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@+-]{0,126}$/u;

/** The accounts and API tokens that administrators make on the page. Those of the configuration are not changed here. */
export class Accounts {
  readonly #records: AccountRecords;
  readonly #reserved: { readonly usernames: readonly string[]; readonly tokens: readonly string[] };
  /** A derivation takes 128 MiB. */
  readonly #turns = new Turns(1, 4);

  constructor(
    records: AccountRecords,
    reserved: { readonly usernames: readonly string[]; readonly tokens: readonly string[] },
  ) {
    this.#records = records;
    this.#reserved = reserved;
  }

  accounts(): Promise<readonly AccountLine[]> {
    return this.#records.accounts();
  }

  tokens(): Promise<readonly ApiTokenLine[]> {
    return this.#records.tokens();
  }

  /** With a password that is made here and shown once. */
  async add(
    asked: { username: string; role: string; projects: readonly string[] | null },
    by: string,
  ): Promise<NewSecret | AccountRefusal> {
    const { username, projects } = asked;
    if (!NAME.test(username)) return refused('BAD_USERNAME', 'A username has letters, digits, spaces and . _ @ + -');
    const role = ROLES.find((known) => known === asked.role) as Role | undefined;
    if (role === undefined) return refused('BAD_ROLE', `A role is one of ${ROLES.join(', ')}.`);
    if (this.#reserved.usernames.includes(username)) return TAKEN;
    const secret = newSecret();
    const passwordHash = await this.#turns.take(() => hashPassword(secret));
    if (passwordHash === null) return BUSY;
    return (await this.#records.addAccount({ username, role, projects, passwordHash }, by)) ? { secret } : TAKEN;
  }

  async resetPassword(username: string, by: string): Promise<NewSecret | AccountRefusal> {
    const secret = newSecret();
    const passwordHash = await this.#turns.take(() => hashPassword(secret));
    if (passwordHash === null) return BUSY;
    return (await this.#records.setPassword(username, passwordHash, by)) ? { secret } : UNKNOWN_ACCOUNT;
  }

  async setDisabled(username: string, disabled: boolean, by: string): Promise<AccountResult> {
    if (username === by && disabled)
      return refused('OWN_ACCOUNT', 'Another administrator has to disable your account.');
    return (await this.#records.setDisabled(username, disabled, by)) ? { done: true } : UNKNOWN_ACCOUNT;
  }

  /** One's own; ends every login of the account, this one too. */
  async changePassword(username: string, present: string, next: string): Promise<AccountResult> {
    if ([...next].length < SHORTEST_PASSWORD) {
      return refused('PASSWORD_TOO_SHORT', `The new password needs at least ${SHORTEST_PASSWORD} characters.`);
    }
    const account = await this.#records.account(username);
    if (account === null) {
      return refused('NOT_CHANGEABLE', 'The password of this account is set in the configuration of the server.');
    }
    const passwordHash = await this.#turns.take(async () =>
      (await verifyPassword(present, account.passwordHash)) ? hashPassword(next) : '',
    );
    if (passwordHash === null) return BUSY;
    if (passwordHash === '') return refused('WRONG_PASSWORD', 'The present password is not right.');
    return (await this.#records.setPassword(username, passwordHash, username)) ? { done: true } : UNKNOWN_ACCOUNT;
  }

  async addToken(
    asked: { name: string; scopes: readonly string[]; projects: readonly string[] | null },
    by: string,
  ): Promise<NewSecret | AccountRefusal> {
    const { name, projects } = asked;
    if (!NAME.test(name)) return refused('BAD_NAME', 'A name has letters, digits, spaces and . _ @ + -');
    const scopes = TOKEN_SCOPES.filter((scope) => asked.scopes.includes(scope));
    if (scopes.length === 0 || scopes.length !== new Set(asked.scopes).size) {
      return refused('BAD_SCOPES', `Pick at least one of the scopes ${TOKEN_SCOPES.join(', ')}.`);
    }
    if (this.#reserved.tokens.includes(name)) return TAKEN;
    const secret = newSecret();
    const added = await this.#records.addToken({ name, scopes, projects, hash: hashSecret(secret) }, by);
    return added ? { secret } : TAKEN;
  }

  async revokeToken(id: string, by: string): Promise<AccountResult> {
    return (await this.#records.revokeToken(id, by))
      ? { done: true }
      : refused('UNKNOWN_TOKEN', 'There is no token with this id that works.');
  }
}

const TAKEN = refused('NAME_TAKEN', 'This name is taken.');
const BUSY = refused('BUSY', 'Too much is asked at this moment. Try again in a few seconds.');
const UNKNOWN_ACCOUNT = refused('UNKNOWN_ACCOUNT', 'There is no account of this name that can be changed here.');

function refused(code: string, message: string): AccountRefusal {
  return { refused: code, message };
}
