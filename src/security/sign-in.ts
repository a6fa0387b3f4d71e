import { hashPassword, verifyPassword } from './passwords';
import { FailedTries, Turns } from './sign-in-limits';
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

/** Who signs in by the link of a server without users; nobody once there are some. */
export const FIRST_ADMINISTRATOR: Account = { username: 'administrator', role: 'administrator' };

/**
 * A try that was not looked at: too many run at once (`busy`), or this name failed too often (`locked`). Says nothing
 * about whether the name exists or the password is right.
 */
export class SignInDelayed extends Error {
  readonly reason: 'busy' | 'locked';
  readonly retryAfterSeconds: number;

  constructor(reason: 'busy' | 'locked', retryAfterSeconds: number) {
    super(`sign-in put off (${reason})`);
    this.name = 'SignInDelayed';
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const DERIVATIONS_AT_ONCE = 2;
const DERIVATIONS_WAITING = 8;
const BUSY_SECONDS = 5;

/** Signing in by password or by a link that works once. The secrets it returns are shown or set as a cookie, never kept. */
export class SignIn {
  readonly #records: SignInRecords;
  readonly #now: () => Date;
  readonly #loginMs: number;
  readonly #linkMs: number;
  readonly #accounts: ReadonlyMap<string, Account>;
  /** By username; '' is the hash that the names of nobody are held against. */
  readonly #hashes: Promise<ReadonlyMap<string, string>>;
  readonly #turns = new Turns(DERIVATIONS_AT_ONCE, DERIVATIONS_WAITING);
  readonly #failedTries = new FailedTries();

  constructor(
    records: SignInRecords,
    users: readonly { readonly username: string; readonly role: Role; readonly password: string }[],
    options: SignInOptions,
  ) {
    this.#records = records;
    this.#now = options.now;
    this.#loginMs = options.loginMs ?? 12 * 3_600_000;
    this.#linkMs = options.linkMs ?? 15 * 60_000;
    const accounts = users.map(({ username, role }) => ({ username, role }));
    this.#accounts = new Map(
      (accounts.length === 0 ? [FIRST_ADMINISTRATOR] : accounts).map((account) => [account.username, account]),
    );
    this.#hashes = hashesOf([{ username: '', password: newSecret() }, ...users]);
  }

  /**
   * The secret of a new login; null where name or password are wrong, after the same time in both cases. Throws
   * SignInDelayed where the try was not looked at.
   */
  async byPassword(username: string, password: string): Promise<{ secret: string; login: LoginSession } | null> {
    // Outside of the turns: the first tries after the start would wait for the hashes within them.
    const hashes = await this.#hashes;
    this.#refuseLocked(username);
    const result = await this.#turns.take(async () => {
      // Tries that waited while the name was locked are not looked at either.
      this.#refuseLocked(username);
      const known = hashes.get(username);
      const right = await verifyPassword(password, known ?? hashes.get('') ?? '');
      const account = known !== undefined && right ? this.#accounts.get(username) : undefined;
      if (account === undefined) this.#failedTries.failed(username, this.#now().getTime());
      else this.#failedTries.succeeded(username);
      return { account };
    });
    if (result === null) throw new SignInDelayed('busy', BUSY_SECONDS);
    return result.account === undefined ? null : this.#open(result.account);
  }

  #refuseLocked(username: string): void {
    const milliseconds = this.#failedTries.lockedFor(username, this.#now().getTime());
    if (milliseconds > 0) throw new SignInDelayed('locked', Math.ceil(milliseconds / 1000));
  }

  async issueLink(account: Account): Promise<string> {
    const secret = newSecret();
    await this.#records.addLink({ hash: hashSecret(secret), account, expiresAt: this.#after(this.#linkMs) });
    return secret;
  }

  async byLink(secret: string): Promise<{ secret: string; login: LoginSession } | null> {
    const account = await this.#records.takeLink(hashSecret(secret));
    return account === null || !this.#isAccount(account) ? null : this.#open(account);
  }

  /** Who holds this login; null where it is unknown, ended or expired, or the account is not there as it was. */
  async login(secret: string): Promise<LoginSession | null> {
    const login = await this.#records.login(hashSecret(secret));
    return login !== null && this.#isAccount(login) ? login : null;
  }

  #isAccount({ username, role }: Account): boolean {
    return this.#accounts.get(username)?.role === role;
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

/** One after the other: at the start, too, many derivations at once would take the memory of the rest. */
async function hashesOf(users: readonly { readonly username: string; readonly password: string }[]) {
  const hashes = new Map<string, string>();
  for (const { username, password } of users) hashes.set(username, await hashPassword(password));
  return hashes;
}
