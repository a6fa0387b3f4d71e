import type { Role } from '../base/roles';
import type { StoredAccount } from './accounts';
import { hashPassword, verifyPassword } from './passwords';
import { FailedTries, Turns } from './sign-in-limits';
import { hashSecret, newSecret } from './tokens';

export type { Role } from '../base/roles';

export interface Account {
  readonly username: string;
  readonly role: Role;
  /** Names of the projects that it may see; null: all of them. */
  readonly projects: readonly string[] | null;
}

export interface LoginSession extends Account {
  /** Known to the pages of this login only; forms carry it against cross-site requests. */
  readonly formToken: string;
  readonly expiresAt: Date;
}

/** What is kept of logins and links: hashes, never the secrets. Implemented by the store. */
export interface SignInRecords {
  addLogin(login: {
    idHash: Uint8Array;
    account: Account;
    credential: Uint8Array;
    formToken: string;
    expiresAt: Date;
  }): Promise<void>;
  login(idHash: Uint8Array): Promise<StoredLogin | null>;
  removeLogin(idHash: Uint8Array): Promise<void>;
  addLink(link: { hash: Uint8Array; account: Pick<Account, 'username' | 'role'>; expiresAt: Date }): Promise<void>;
  /** Once: the second call for the same link, and any call after it expired, is null. */
  takeLink(hash: Uint8Array): Promise<Pick<Account, 'username' | 'role'> | null>;
  /** Of the accounts made on the page; null where it is unknown or disabled. */
  account(username: string): Promise<StoredAccount | null>;
  /** Keyed digest: equal for equal text, and nothing can be read off it or guessed at without the key. */
  fingerprint(text: string): Uint8Array;
  /** Drops what expired. */
  sweep(): Promise<void>;
}

export interface StoredLogin {
  readonly username: string;
  /** What the account was signed in with: an account whose password is another one has not opened this login. */
  readonly credential: Uint8Array;
  readonly formToken: string;
  readonly expiresAt: Date;
}

export interface SignInOptions {
  readonly now: () => Date;
  /** Default 12 hours. */
  readonly loginMs?: number;
  /** Default 15 minutes. */
  readonly linkMs?: number;
}

/** Who signs in by the link of a server without users; nobody once there are some. */
export const FIRST_ADMINISTRATOR: Account = { username: 'administrator', role: 'administrator', projects: null };

/** An account as somebody signed in to it. */
interface Admitted {
  readonly account: Account;
  readonly credential: Uint8Array;
}

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
  /** Of the configuration. */
  readonly #configured: ReadonlyMap<string, Admitted>;
  /** By username; '' is the hash that the names of nobody are held against. */
  readonly #hashes: Promise<ReadonlyMap<string, string>>;
  readonly #turns = new Turns(DERIVATIONS_AT_ONCE, DERIVATIONS_WAITING);
  readonly #failedTries = new FailedTries();

  constructor(
    records: SignInRecords,
    users: readonly (Omit<Account, 'projects'> & Partial<Account> & { readonly password: string })[],
    options: SignInOptions,
  ) {
    this.#records = records;
    this.#now = options.now;
    this.#loginMs = options.loginMs ?? 12 * 3_600_000;
    this.#linkMs = options.linkMs ?? 15 * 60_000;
    this.#configured = new Map(
      users.map(({ username, role, projects, password }) => [
        username,
        {
          account: { username, role, projects: projects ?? null },
          credential: records.fingerprint(JSON.stringify(['configured', username, password])),
        },
      ]),
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
      // Asked for in every case: the time must not tell a name of the configuration from one that nobody has.
      const stored = await this.#records.account(username);
      const configured = this.#configured.get(username);
      const known = configured === undefined ? stored?.passwordHash : hashes.get(username);
      const right = await verifyPassword(password, known ?? hashes.get('') ?? '');
      const admitted = right && known !== undefined ? (configured ?? this.#admittedBy(stored)) : null;
      if (admitted === null) this.#failedTries.failed(username, this.#now().getTime());
      else this.#failedTries.succeeded(username);
      return { admitted };
    });
    if (result === null) throw new SignInDelayed('busy', BUSY_SECONDS);
    return result.admitted === null ? null : this.#open(result.admitted);
  }

  #admittedBy(stored: StoredAccount | null): Admitted | null {
    if (stored === null) return null;
    const { username, role, projects, passwordHash } = stored;
    const credential = this.#records.fingerprint(JSON.stringify(['stored', username, passwordHash]));
    return { account: { username, role, projects }, credential };
  }

  /** Whoever came by a one-time link, which are issued where the configuration has no users. */
  #firstAdministrator(): Admitted | null {
    if (this.#configured.size > 0) return null;
    return { account: FIRST_ADMINISTRATOR, credential: this.#records.fingerprint(JSON.stringify(['by link'])) };
  }

  #refuseLocked(username: string): void {
    const milliseconds = this.#failedTries.lockedFor(username, this.#now().getTime());
    if (milliseconds > 0) throw new SignInDelayed('locked', Math.ceil(milliseconds / 1000));
  }

  /** For the first administrator, worth nothing where users are configured. */
  async issueLink(): Promise<string> {
    const secret = newSecret();
    const account = FIRST_ADMINISTRATOR;
    await this.#records.addLink({ hash: hashSecret(secret), account, expiresAt: this.#after(this.#linkMs) });
    return secret;
  }

  async byLink(secret: string): Promise<{ secret: string; login: LoginSession } | null> {
    const taken = await this.#records.takeLink(hashSecret(secret));
    const admitted = taken?.username === FIRST_ADMINISTRATOR.username ? this.#firstAdministrator() : null;
    return admitted === null ? null : this.#open(admitted);
  }

  /**
   * Who holds this login, with the rights that the account has now; null where it is unknown, ended or expired, or the
   * account is gone, disabled, or has another password.
   */
  async login(secret: string): Promise<LoginSession | null> {
    const login = await this.#records.login(hashSecret(secret));
    if (login === null) return null;
    const { username, credential, formToken, expiresAt } = login;
    const present = [
      this.#configured.get(username) ?? this.#admittedBy(await this.#records.account(username)),
      username === FIRST_ADMINISTRATOR.username ? this.#firstAdministrator() : null,
    ];
    const admitted = present.find((each) => each != null && Buffer.compare(each.credential, credential) === 0);
    return admitted == null ? null : { ...admitted.account, formToken, expiresAt };
  }

  async end(secret: string): Promise<void> {
    await this.#records.removeLogin(hashSecret(secret));
  }

  async #open({ account, credential }: Admitted): Promise<{ secret: string; login: LoginSession }> {
    const secret = newSecret();
    const login = { ...account, formToken: newSecret(), expiresAt: this.#after(this.#loginMs) };
    await this.#records.sweep();
    await this.#records.addLogin({
      idHash: hashSecret(secret),
      account,
      credential,
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
