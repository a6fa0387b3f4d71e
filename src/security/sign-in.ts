import { hashPassword, verifyPassword } from './passwords';
import { hashSecret, newSecret } from './tokens';

/** Closed union of what a person may be. More roles come with the pages that need them. */
export type Role = 'administrator';

export interface Account {
  readonly username: string;
  readonly role: Role;
}

export interface LoginSession extends Account {
  /** Known to the pages of this login only; forms carry it against cross-site requests. */
  readonly formToken: string;
  readonly expiresAt: Date;
}

/** What is kept of logins and links: hashes, never the secrets. Implemented by the store. */
export interface SignInRecords {
  addLogin(login: { idHash: Uint8Array; account: Account; formToken: string; expiresAt: Date }): Promise<void>;
  login(idHash: Uint8Array): Promise<LoginSession | null>;
  removeLogin(idHash: Uint8Array): Promise<void>;
  addLink(link: { hash: Uint8Array; account: Account; expiresAt: Date }): Promise<void>;
  /** Once: the second call for the same link, and any call after it expired, is null. */
  takeLink(hash: Uint8Array): Promise<Account | null>;
  /** Drops what expired. */
  sweep(): Promise<void>;
}

export interface SignInOptions {
  readonly now: () => Date;
  /** Default 12 hours. */
  readonly loginMs?: number;
  /** Default 15 minutes. */
  readonly linkMs?: number;
}

/** Signing in by password or by a link that works once. The secrets it returns are shown or set as a cookie, never kept. */
export class SignIn {
  readonly #records: SignInRecords;
  readonly #now: () => Date;
  readonly #loginMs: number;
  readonly #linkMs: number;
  readonly #accounts: ReadonlyMap<string, { readonly account: Account; readonly passwordHash: Promise<string> }>;
  readonly #nobody: Promise<string>;

  constructor(
    records: SignInRecords,
    users: readonly { readonly username: string; readonly role: Role; readonly password: string }[],
    options: SignInOptions,
  ) {
    this.#records = records;
    this.#now = options.now;
    this.#loginMs = options.loginMs ?? 12 * 3_600_000;
    this.#linkMs = options.linkMs ?? 15 * 60_000;
    this.#accounts = new Map(
      users.map(({ username, role, password }) => [
        username,
        { account: { username, role }, passwordHash: hashPassword(password) },
      ]),
    );
    this.#nobody = hashPassword(newSecret());
  }

  /** The secret of a new login; null where name or password are wrong, after the same time in both cases. */
  async byPassword(username: string, password: string): Promise<{ secret: string; login: LoginSession } | null> {
    const known = this.#accounts.get(username);
    const right = await verifyPassword(password, await (known?.passwordHash ?? this.#nobody));
    return known !== undefined && right ? this.#open(known.account) : null;
  }

  async issueLink(account: Account): Promise<string> {
    const secret = newSecret();
    await this.#records.addLink({ hash: hashSecret(secret), account, expiresAt: this.#after(this.#linkMs) });
    return secret;
  }

  async byLink(secret: string): Promise<{ secret: string; login: LoginSession } | null> {
    const account = await this.#records.takeLink(hashSecret(secret));
    return account === null ? null : this.#open(account);
  }

  /** Who holds this login; null where it is unknown, ended or expired. */
  async login(secret: string): Promise<LoginSession | null> {
    return this.#records.login(hashSecret(secret));
  }

  async end(secret: string): Promise<void> {
    await this.#records.removeLogin(hashSecret(secret));
  }

  async #open(account: Account): Promise<{ secret: string; login: LoginSession }> {
    const secret = newSecret();
    const login = { ...account, formToken: newSecret(), expiresAt: this.#after(this.#loginMs) };
    await this.#records.sweep();
    await this.#records.addLogin({
      idHash: hashSecret(secret),
      account,
      formToken: login.formToken,
      expiresAt: login.expiresAt,
    });
    return { secret, login };
  }

  #after(milliseconds: number): Date {
    return new Date(this.#now().getTime() + milliseconds);
  }
}
