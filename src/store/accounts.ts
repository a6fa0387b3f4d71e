import { randomUUID } from 'node:crypto';
import type { AuditEvent } from '../audit/audit-event';
import type { AccountLine, AccountRecords, ApiTokenLine, StoredAccount } from '../security/accounts';
import type { TokenBearer, TokenScope } from '../security/tokens';
import type { AuditEvents } from './audit-events';
import { type Database, firstRow, isId, type Queries, rows } from './database';

const ACCOUNT = 'username, role, projects';

/** Accounts and API tokens made on the page. Each change stands in the audit trail, or is not made. */
export class StoredAccounts implements AccountRecords {
  readonly #database: Database;
  readonly #audit: AuditEvents;

  constructor(database: Database, audit: AuditEvents) {
    this.#database = database;
    this.#audit = audit;
  }

  accounts(): Promise<readonly AccountLine[]> {
    return rows<AccountLine>(
      this.#database.knex,
      `SELECT ${ACCOUNT}, created_by AS "createdBy", created_at AS "createdAt", disabled_at AS "disabledAt"
       FROM account ORDER BY username`,
    );
  }

  /** Somebody who can let others in; restricted to projects, nobody can. */
  async hasAdministrator(): Promise<boolean> {
    const found = await firstRow<{ there: boolean }>(
      this.#database.knex,
      `SELECT true AS there FROM account
       WHERE role = 'administrator' AND projects IS NULL AND disabled_at IS NULL LIMIT 1`,
    );
    return found !== undefined;
  }

  async account(username: string): Promise<StoredAccount | null> {
    const row = await firstRow<StoredAccount>(
      this.#database.knex,
      `SELECT ${ACCOUNT}, password_hash AS "passwordHash" FROM account WHERE username = ? AND disabled_at IS NULL`,
      [username],
    );
    return row ?? null;
  }

  addAccount({ username, role, projects, passwordHash }: StoredAccount, by: string): Promise<boolean> {
    return this.#changed(
      `INSERT INTO account (username, role, projects, password_hash, created_by) VALUES (?, ?, ?::text[], ?, ?)
       ON CONFLICT DO NOTHING RETURNING true AS changed`,
      [username, role, projects, passwordHash, by],
      changeOf(username, `account added (${role})`, by),
    );
  }

  setPassword(username: string, passwordHash: string, by: string): Promise<boolean> {
    return this.#changed(
      'UPDATE account SET password_hash = ?, changed_at = now() WHERE username = ? RETURNING true AS changed',
      [passwordHash, username],
      changeOf(username, 'password changed', by),
      'DELETE FROM login WHERE username = ?',
    );
  }

  setDisabled(username: string, disabled: boolean, by: string): Promise<boolean> {
    return this.#changed(
      `UPDATE account SET disabled_at = CASE WHEN ?::boolean THEN now() END, changed_at = now()
       WHERE username = ? RETURNING true AS changed`,
      [disabled, username],
      changeOf(username, disabled ? 'account disabled' : 'account enabled', by),
      disabled ? 'DELETE FROM login WHERE username = ?' : undefined,
    );
  }

  tokens(): Promise<readonly ApiTokenLine[]> {
    return rows<ApiTokenLine>(
      this.#database.knex,
      `SELECT id, name, scopes, projects, created_by AS "createdBy", created_at AS "createdAt",
         revoked_at AS "revokedAt" FROM api_token ORDER BY revoked_at IS NOT NULL, name`,
    );
  }

  addToken(token: Parameters<AccountRecords['addToken']>[0], by: string): Promise<boolean> {
    const { name, scopes, projects, hash } = token;
    return this.#changed(
      `INSERT INTO api_token (id, name, scopes, projects, hash, created_by) VALUES (?, ?, ?::text[], ?::text[], ?, ?)
       ON CONFLICT DO NOTHING RETURNING true AS changed`,
      [randomUUID(), name, scopes, projects, Buffer.from(hash), by],
      changeOf(name, `API token made (${scopes.join(', ')})`, by),
    );
  }

  async revokeToken(id: string, by: string): Promise<boolean> {
    if (!isId(id)) return false;
    const token = await firstRow<{ name: string }>(this.#database.knex, 'SELECT name FROM api_token WHERE id = ?', [
      id,
    ]);
    return this.#changed(
      'UPDATE api_token SET revoked_at = now() WHERE id = ? AND revoked_at IS NULL RETURNING true AS changed',
      [id],
      changeOf(token?.name ?? '', 'API token revoked', by),
    );
  }

  /** null where nobody has a token of this hash, or it was revoked. */
  async bearerOf(hash: Uint8Array): Promise<TokenBearer | null> {
    const row = await firstRow<{ name: string; scopes: TokenScope[]; projects: string[] | null }>(
      this.#database.knex,
      'SELECT name, scopes, projects FROM api_token WHERE hash = ? AND revoked_at IS NULL',
      [Buffer.from(hash)],
    );
    return row === undefined ? null : { ...row, scopes: new Set(row.scopes) };
  }

  /** `endLogins`: a statement over the username that ends what is open. */
  async #changed(sql: string, bindings: readonly unknown[], event: AuditEvent, endLogins?: string): Promise<boolean> {
    return this.#database.transaction(async (queries: Queries) => {
      const row = await firstRow<{ changed: boolean }>(queries, sql, bindings);
      if (row === undefined) return false;
      if (endLogins !== undefined) await queries.raw(endLogins, [event.subject?.id ?? '']);
      this.#audit.record(queries, async () => [event]);
      return true;
    });
  }
}

function changeOf(id: string, description: string, by: string): AuditEvent {
  return {
    event: 'account-changed',
    actor: { kind: 'person', name: by },
    subject: { kind: 'user', id },
    description,
  };
}
