import { randomUUID } from 'node:crypto';
import { cannot } from '../base/errors';
import { DataKey, type Sealer } from '../security/envelope';
import type { Project } from '../session/store-port';
import { type Database, firstRow, type Queries, rows } from './database';
import { type Installation, projectKeyContext } from './installation';

/** A project as the configuration declares it. */
export interface ProjectProvision {
  readonly name: string;
  readonly kind: Project['kind'];
  readonly receiver: string;
  readonly subjectPattern: string;
  /** Whether what leads back to the patient is kept. Left out: true. */
  readonly reversible?: boolean;
}

/** What people see of a project. */
export interface ProjectLine {
  readonly name: string;
  readonly kind: Project['kind'];
  readonly receiver: string;
  /** false: the configuration does not have it any more. */
  readonly provisioned: boolean;
  readonly reversible: boolean;
  /** 1, and one more each time that its keys were destroyed. */
  readonly keyGeneration: number;
  readonly subjects: number;
  /** Sessions that have not ended. */
  readonly openSessions: number;
}

interface ProjectRow {
  id: string;
  name: string;
  kind: Project['kind'];
  receiver: string;
  reversible: boolean;
  key_generation: number;
  data_key: Buffer;
  derivation_key: Buffer;
}

interface ProjectKeys {
  readonly generation: number;
  readonly sealer: Sealer;
  readonly derivationKey: Uint8Array;
}

const COLUMNS = 'id, name, kind, receiver, reversible, key_generation, data_key, derivation_key';

export class Projects {
  readonly #database: Database;
  readonly #installation: Installation;
  /** Within one generation keys never change, so they are unwrapped once; a master key rotated meanwhile is no matter. */
  readonly #keys = new Map<string, ProjectKeys>();

  constructor(database: Database, installation: Installation) {
    this.#database = database;
    this.#installation = installation;
  }

  /**
   * What the configuration declares, by name: keys are made once and stay, the rest follows the configuration. A
   * project that it no longer declares stays, with what it pseudonymised, and is marked as not provisioned. Throws
   * Fault REVERSIBILITY_CHANGED where it would break what was promised of what was already exported.
   */
  async provision(declared: readonly ProjectProvision[]): Promise<void> {
    await this.#database.transaction(async (queries) => {
      const masterKey = await this.#installation.masterKeyIn(queries);
      for (const { name, kind, receiver, subjectPattern, reversible = true } of declared) {
        const id = randomUUID();
        await refuseBrokenPromise(queries, name, reversible);
        await queries.raw(
          `INSERT INTO project (id, name, kind, receiver, subject_pattern, reversible, data_key, derivation_key)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET
             kind = excluded.kind, receiver = excluded.receiver, subject_pattern = excluded.subject_pattern,
             reversible = excluded.reversible, provisioned = true, updated_at = now()
           WHERE (project.kind, project.receiver, project.subject_pattern, project.reversible, project.provisioned)
             IS DISTINCT FROM
               (excluded.kind, excluded.receiver, excluded.subject_pattern, excluded.reversible, true)`,
          [
            id,
            name,
            kind,
            receiver,
            subjectPattern,
            reversible,
            masterKey.wrap(masterKey.newKey(), projectKeyContext('data_key', id)),
            masterKey.wrap(masterKey.newKey(), projectKeyContext('derivation_key', id)),
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
    if (row === undefined) throw unknownProject();
    return this.#open(row);
  }

  async byId(queries: Queries, id: string): Promise<Project | null> {
    const row = await firstRow<ProjectRow>(queries, `SELECT ${COLUMNS} FROM project WHERE id = ?`, [id]);
    return row === undefined ? null : this.#open(row);
  }

  async names(): Promise<readonly { readonly name: string; readonly provisioned: boolean }[]> {
    return rows(this.#database.knex, 'SELECT name, provisioned FROM project ORDER BY name');
  }

  async list(): Promise<readonly ProjectLine[]> {
    return rows<ProjectLine>(
      this.#database.knex,
      `SELECT name, kind, receiver, provisioned, reversible, key_generation AS "keyGeneration",
         (SELECT count(*)::integer FROM subject u WHERE u.project_id = p.id) AS subjects,
         (SELECT count(*)::integer FROM export_session s WHERE s.project_id = p.id AND ${OPEN}) AS "openSessions"
       FROM project p ORDER BY name`,
    );
  }

  /** Seals what belongs to the register of one project. */
  async sealerOf(projectId: string, queries: Queries = this.#database.knex): Promise<Sealer> {
    const row = await firstRow<ProjectRow>(queries, `SELECT ${COLUMNS} FROM project WHERE id = ?`, [projectId]);
    if (row === undefined) throw unknownProject();
    return (await this.#keysOf(row)).sealer;
  }

  async #keysOf({ id, key_generation: generation, data_key, derivation_key }: ProjectRow): Promise<ProjectKeys> {
    const known = this.#keys.get(id);
    if (known?.generation === generation) return known;
    const { keys } = this.#installation;
    const opened: ProjectKeys = {
      generation,
      sealer: DataKey.of(await keys.unwrap(data_key, projectKeyContext('data_key', id))),
      derivationKey: await keys.unwrap(derivation_key, projectKeyContext('derivation_key', id)),
    };
    this.#keys.set(id, opened);
    return opened;
  }

  async #open(row: ProjectRow): Promise<Project> {
    const { id, name, kind, receiver, reversible } = row;
    const { derivationKey } = await this.#keysOf(row);
    return { id, name, kind, receiver, reversible, derivationKey };
  }
}

/** Of a session: it has not ended. */
export const OPEN = `state NOT IN ('completed', 'rejected', 'cancelled', 'superseded')`;

export function unknownProject() {
  return cannot('UNKNOWN_PROJECT', 'there is no project of that name');
}

/**
 * To irreversible: the map that is kept would say otherwise. To reversible: patients keep their codes, and the next
 * export of one of them would lead back to what was promised to lead nowhere.
 */
async function refuseBrokenPromise(queries: Queries, name: string, reversible: boolean): Promise<void> {
  const row = await firstRow<{ pseudonyms: boolean }>(
    queries,
    `SELECT EXISTS (SELECT 1 FROM subject u WHERE u.project_id = p.id)
         OR EXISTS (SELECT 1 FROM uid_mapping m WHERE m.project_id = p.id) AS pseudonyms
     FROM project p WHERE p.name = ? AND p.reversible <> ?`,
    [name, reversible],
  );
  if (row?.pseudonyms !== true) return;
  const [was, asked] = reversible ? ['irreversible', 'true'] : ['reversible', 'false'];
  throw cannot(
    'REVERSIBILITY_CHANGED',
    `the project "${name}" has exported as ${was} and is now declared the other way`,
    {
      remedy: `Say reversible: ${asked === 'true' ? 'false' : 'true'} in the configuration, or destroy the project's keys and what they lead back to: tce-export destroy-key --project NAME --confirm NAME. Nothing was changed.`,
    },
  );
}
