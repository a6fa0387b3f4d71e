import { randomUUID } from 'node:crypto';
import { cannot } from '../base/errors';
import type { SealContext, Sealer } from '../security/envelope';
import type { Project } from '../session/store-port';
import { type Database, firstRow, type Queries, rows } from './database';
import type { Installation } from './installation';

/** A project as the configuration declares it. */
export interface ProjectProvision {
  readonly name: string;
  readonly kind: Project['kind'];
  readonly receiver: string;
  readonly subjectPattern: string;
}

export interface ProjectRow {
  id: string;
  name: string;
  kind: Project['kind'];
  receiver: string;
  derivation_key: Buffer;
}

const COLUMNS = 'id, name, kind, receiver, derivation_key';

function keyContext(column: 'data_key' | 'derivation_key', id: string): SealContext {
  return { table: 'project', column, row: id };
}

export class Projects {
  readonly #database: Database;
  readonly #installation: Installation;
  /** Keys never change, so they are unwrapped once for each project. */
  readonly #sealers = new Map<string, Promise<Sealer>>();

  constructor(database: Database, installation: Installation) {
    this.#database = database;
    this.#installation = installation;
  }

  /**
   * What the configuration declares, by name: keys are made once and stay, the rest follows the configuration. A
   * project that it no longer declares stays, with what it pseudonymised, and is marked as not provisioned.
   */
  async provision(declared: readonly ProjectProvision[]): Promise<void> {
    const { masterKey } = this.#installation;
    await this.#database.transaction(async (queries) => {
      for (const { name, kind, receiver, subjectPattern } of declared) {
        const id = randomUUID();
        await queries.raw(
          `INSERT INTO project (id, name, kind, receiver, subject_pattern, data_key, derivation_key)
           VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET
             kind = excluded.kind, receiver = excluded.receiver, subject_pattern = excluded.subject_pattern,
             provisioned = true, updated_at = now()
           WHERE (project.kind, project.receiver, project.subject_pattern, project.provisioned)
             IS DISTINCT FROM (excluded.kind, excluded.receiver, excluded.subject_pattern, true)`,
          [
            id,
            name,
            kind,
            receiver,
            subjectPattern,
            masterKey.wrap(masterKey.newKey(), keyContext('data_key', id)),
            masterKey.wrap(masterKey.newKey(), keyContext('derivation_key', id)),
          ],
        );
      }
      await queries.raw(
        'UPDATE project SET provisioned = false, updated_at = now() WHERE provisioned AND name <> ALL (?::text[])',
        [declared.map(({ name }) => name)],
      );
    });
  }

  /** Throws Fault UNKNOWN_PROJECT. */
  async byName(name: string): Promise<Project> {
    const row = await firstRow<ProjectRow>(this.#database.knex, `SELECT ${COLUMNS} FROM project WHERE name = ?`, [
      name,
    ]);
    if (row === undefined) throw cannot('UNKNOWN_PROJECT', 'there is no project of that name');
    return this.open(row);
  }

  async byId(queries: Queries, id: string): Promise<Project | null> {
    const row = await firstRow<ProjectRow>(queries, `SELECT ${COLUMNS} FROM project WHERE id = ?`, [id]);
    return row === undefined ? null : this.open(row);
  }

  async names(): Promise<readonly { readonly name: string; readonly provisioned: boolean }[]> {
    return rows(this.#database.knex, 'SELECT name, provisioned FROM project ORDER BY name');
  }

  /** Seals what belongs to the register of one project. */
  sealerOf(projectId: string): Promise<Sealer> {
    const known = this.#sealers.get(projectId);
    if (known !== undefined) return known;
    const sealer = this.#openSealer(projectId);
    this.#sealers.set(projectId, sealer);
    sealer.catch(() => this.#sealers.delete(projectId));
    return sealer;
  }

  async #openSealer(projectId: string): Promise<Sealer> {
    const sql = 'SELECT data_key FROM project WHERE id = ?';
    const row = await firstRow<{ data_key: Buffer }>(this.#database.knex, sql, [projectId]);
    if (row === undefined) throw cannot('UNKNOWN_PROJECT', 'there is no such project');
    const { masterKey } = this.#installation;
    return masterKey.dataKey(masterKey.unwrap(row.data_key, keyContext('data_key', projectId)));
  }

  open(row: ProjectRow): Project {
    const { id, name, kind, receiver } = row;
    const context = keyContext('derivation_key', id);
    return {
      id,
      name,
      kind,
      receiver,
      derivationKey: this.#installation.masterKey.unwrap(row.derivation_key, context),
    };
  }
}
