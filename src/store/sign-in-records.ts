import type { AccountRecords, StoredAccount } from '../security/accounts';
import type { Sealer } from '../security/envelope';
import type { Account, SignInRecords, StoredLogin } from '../security/sign-in';
import type { AuditEvents } from './audit-events';
import { type Database, firstRow } from './database';

export class StoredSignIns implements SignInRecords {
  readonly #database: Database;
  readonly #audit: AuditEvents;
  readonly #sealer: Sealer;
  readonly #accounts: Pick<AccountRecords, 'account'>;

  constructor(database: Database, audit: AuditEvents, sealer: Sealer, accounts: Pick<AccountRecords, 'account'>) {
    this.#database = database;
    this.#audit = audit;
    this.#sealer = sealer;
    this.#accounts = accounts;
  }

  account(username: string): Promise<StoredAccount | null> {
    return this.#accounts.account(username);
  }

  fingerprint(text: string): Uint8Array {
    return this.#sealer.blindIndex('login.credential', text);
  }

  async addLogin(login: Parameters<SignInRecords['addLogin']>[0]): Promise<void> {
    const { username, role } = login.account;
    await this.#database.transaction(async (queries) => {
      await queries.raw(
        'INSERT INTO login (id_hash, username, role, credential, form_token, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
        [Buffer.from(login.idHash), username, role, Buffer.from(login.credential), login.formToken, login.expiresAt],
      );
      this.#audit.record(queries, async () => [{ event: 'signed-in', actor: { kind: 'person', name: username } }]);
    });
  }

  async login(idHash: Uint8Array): Promise<StoredLogin | null> {
    const row = await firstRow<StoredLogin>(
      this.#database.knex,
      `SELECT username, credential, form_token AS "formToken", expires_at AS "expiresAt"
       FROM login WHERE id_hash = ? AND expires_at > now()`,
      [Buffer.from(idHash)],
    );
    return row ?? null;
  }

  async removeLogin(idHash: Uint8Array): Promise<void> {
    await this.#database.transaction(async (queries) => {
      const ended = await firstRow<{ username: string }>(
        queries,
        'DELETE FROM login WHERE id_hash = ? RETURNING username',
        [Buffer.from(idHash)],
      );
      if (ended === undefined) return;
      const actor = { kind: 'person' as const, name: ended.username };
      this.#audit.record(queries, async () => [{ event: 'signed-out', actor }]);
    });
  }

  async addLink(link: Parameters<SignInRecords['addLink']>[0]): Promise<void> {
    await this.#database.knex.raw('INSERT INTO sign_in_link (hash, username, role, expires_at) VALUES (?, ?, ?, ?)', [
      Buffer.from(link.hash),
      link.account.username,
      link.account.role,
      link.expiresAt,
    ]);
  }

  async takeLink(hash: Uint8Array): Promise<Pick<Account, 'username' | 'role'> | null> {
    const row = await firstRow<Pick<Account, 'username' | 'role'>>(
      this.#database.knex,
      `UPDATE sign_in_link SET used_at = now() WHERE hash = ? AND used_at IS NULL AND expires_at > now()
       RETURNING username, role`,
      [Buffer.from(hash)],
    );
    return row ?? null;
  }

  async sweep(): Promise<void> {
    await this.#database.knex.raw('DELETE FROM login WHERE expires_at <= now()');
    await this.#database.knex.raw("DELETE FROM sign_in_link WHERE expires_at <= now() - interval '1 day'");
  }
}
