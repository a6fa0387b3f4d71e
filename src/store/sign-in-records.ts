import type { Account, LoginSession, SignInRecords } from '../security/sign-in';
import { type Database, firstRow } from './database';

export class StoredSignIns implements SignInRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async addLogin(login: Parameters<SignInRecords['addLogin']>[0]): Promise<void> {
    await this.#database.knex.raw(
      'INSERT INTO login (id_hash, username, role, form_token, expires_at) VALUES (?, ?, ?, ?, ?)',
      [Buffer.from(login.idHash), login.account.username, login.account.role, login.formToken, login.expiresAt],
    );
  }

  async login(idHash: Uint8Array): Promise<LoginSession | null> {
    const row = await firstRow<LoginSession>(
      this.#database.knex,
      `SELECT username, role, form_token AS "formToken", expires_at AS "expiresAt"
       FROM login WHERE id_hash = ? AND expires_at > now()`,
      [Buffer.from(idHash)],
    );
    return row ?? null;
  }

  async removeLogin(idHash: Uint8Array): Promise<void> {
    await this.#database.knex.raw('DELETE FROM login WHERE id_hash = ?', [Buffer.from(idHash)]);
  }

  async addLink(link: Parameters<SignInRecords['addLink']>[0]): Promise<void> {
    await this.#database.knex.raw('INSERT INTO sign_in_link (hash, username, role, expires_at) VALUES (?, ?, ?, ?)', [
      Buffer.from(link.hash),
      link.account.username,
      link.account.role,
      link.expiresAt,
    ]);
  }

  async takeLink(hash: Uint8Array): Promise<Account | null> {
    const row = await firstRow<Account>(
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
