import { cannot } from '../base/errors';
import type { SubjectCodes } from '../register/subject-codes';
import type { Sealer } from '../security/envelope';
import type { SourcePatient } from '../session/store-port';
import { type Database, firstRow, json } from './database';
import type { Projects } from './projects';

/**
 * The pseudonym register's patients: a code of the project's counter for each, and the identity sealed; in an irreversible
 * project only the keyed index, so that a patient who comes again has the same code.
 */
export class Subjects {
  readonly #database: Database;
  readonly #projects: Projects;
  readonly #codes: SubjectCodes;

  constructor(database: Database, projects: Projects, codes: SubjectCodes) {
    this.#database = database;
    this.#projects = projects;
    this.#codes = codes;
  }

  async codeOf(projectId: string, patient: SourcePatient): Promise<string> {
    const sealer = await this.#projects.sealerOf(projectId);
    const index = sealer.blindIndex('subject.patient', this.#codes.identityOf(patient));
    return (await this.#known(projectId, index)) ?? this.#assign(projectId, patient, sealer, index);
  }

  async #known(projectId: string, index: Buffer, queries = this.#database.knex): Promise<string | undefined> {
    const sql = 'SELECT code FROM subject WHERE project_id = ? AND patient_index = ?';
    return (await firstRow<{ code: string }>(queries, sql, [projectId, index]))?.code;
  }

  /** The counter is read, used and moved on while the project's row is locked: no number twice, none left out. */
  async #assign(projectId: string, patient: SourcePatient, sealer: Sealer, index: Buffer): Promise<string> {
    return this.#database.transaction(async (queries) => {
      const project = await firstRow<{ subject_pattern: string; next_subject_number: number; reversible: boolean }>(
        queries,
        'SELECT subject_pattern, next_subject_number, reversible FROM project WHERE id = ? FOR NO KEY UPDATE',
        [projectId],
      );
      if (project === undefined) throw cannot('UNKNOWN_PROJECT', 'there is no such project');
      const meanwhile = await this.#known(projectId, index, queries);
      if (meanwhile !== undefined) return meanwhile;
      const number = project.next_subject_number;
      const code = this.#codes.format(project.subject_pattern, number);
      const context = { table: 'subject', column: 'patient', row: `${projectId} ${index.toString('hex')}` };
      const identity = project.reversible ? sealer.seal(Buffer.from(json(patient), 'utf8'), context) : null;
      await queries.raw(
        'INSERT INTO subject (project_id, patient_index, number, code, patient) VALUES (?, ?, ?, ?, ?)',
        [projectId, index, number, code, identity],
      );
      await queries.raw('UPDATE project SET next_subject_number = ? WHERE id = ?', [number + 1, projectId]);
      return code;
    });
  }
}
