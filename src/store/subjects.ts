import { randomInt } from 'node:crypto';
import { cannot } from '../base/errors';
import type { SubjectCodes } from '../register/subject-codes';
import type { Sealer } from '../security/envelope';
import type { SourcePatient } from '../session/store-port';
import type { SubjectFound, SubjectRule } from '../session/trial-port';
import { type Database, firstRow, json, type Queries, touched } from './database';
import type { Projects } from './projects';

type Identified = Pick<SourcePatient, 'PatientID' | 'IssuerOfPatientID'>;

const BY_PATTERN: SubjectRule = { list: [], assign: 'automatic' };
/** A random code that is taken again and again: the pattern has too few of them. */
const MOST_TRIES = 200;

/** A subject ID is one subject's for good, also after it was replaced. Bound to: project and ID. */
export const TAKEN = `(
  EXISTS (SELECT 1 FROM subject t WHERE t.project_id = :project AND (t.code = :id OR t.subject_id = :id))
  OR EXISTS (SELECT 1 FROM export_session t WHERE t.project_id = :project AND t.subject = :id)
  OR EXISTS (SELECT 1 FROM subject_assignment t WHERE t.project_id = :project AND t.subject_id = :id)
  OR EXISTS (SELECT 1 FROM subject_event t WHERE t.project_id = :project AND t.was = :id))`;

function sealIdentity(sealer: Sealer, patient: SourcePatient, projectId: string, index: Buffer): Buffer {
  const context = { table: 'subject', column: 'patient', row: `${projectId} ${index.toString('hex')}` };
  return sealer.seal(Buffer.from(json(patient), 'utf8'), context);
}

export async function isTaken(queries: Queries, projectId: string, id: string): Promise<boolean> {
  const result = (await queries.raw(`SELECT ${TAKEN} AS taken`, { project: projectId, id })) as unknown as {
    rows: { taken: boolean }[];
  };
  return result.rows[0]?.taken === true;
}

interface LockedProject {
  readonly subject_pattern: string;
  readonly next_subject_number: number;
  readonly reversible: boolean;
}

/** The counter is read, used and moved on while the project's row is locked: no number twice, none left out. */
export async function lockProject(queries: Queries, projectId: string): Promise<LockedProject> {
  const project = await firstRow<LockedProject>(
    queries,
    'SELECT subject_pattern, next_subject_number, reversible FROM project WHERE id = ? FOR NO KEY UPDATE',
    [projectId],
  );
  if (project === undefined) throw cannot('UNKNOWN_PROJECT', 'there is no such project');
  return project;
}

/**
 * The pseudonym register's patients: a code of the project's counter, list or hat for each, and the identity sealed; in
 * an irreversible project only the keyed index, so that a patient who comes again has the same code. The subject ID is the
 * code until it is replaced.
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
    const found = await this.find(projectId, patient, BY_PATTERN);
    if (found.code === null) throw cannot(found.missing, 'the patient has no subject ID');
    return found.code;
  }

  async find(projectId: string, patient: SourcePatient, rule: SubjectRule): Promise<SubjectFound> {
    const sealer = await this.#projects.sealerOf(projectId);
    const index = this.indexOf(sealer, patient);
    const known = await this.#known(projectId, index);
    if (known === undefined) return this.#assign(projectId, patient, sealer, index, rule);
    await this.#identifyAgain(projectId, patient, sealer, index);
    return known;
  }

  /** Their identity was purged after its time, and they came back. */
  async #identifyAgain(projectId: string, patient: SourcePatient, sealer: Sealer, index: Buffer): Promise<void> {
    const purged = await firstRow(
      this.#database.knex,
      `SELECT 1 FROM subject u JOIN project p ON p.id = u.project_id
       WHERE u.project_id = ? AND u.patient_index = ? AND u.patient IS NULL AND p.reversible`,
      [projectId, index],
    );
    if (purged === undefined) return;
    await this.#database.knex.raw(
      'UPDATE subject SET patient = ? WHERE project_id = ? AND patient_index = ? AND patient IS NULL',
      [sealIdentity(sealer, patient, projectId, index), projectId, index],
    );
  }

  /** Keyed: it stands for the patient in the tables of the register. */
  indexOf(sealer: Sealer, patient: Identified): Buffer {
    return sealer.blindIndex('subject.patient', this.#codes.identityOf(patient));
  }

  /** As an imported list may name the patient: with the issuer, or without. */
  #indexes(sealer: Sealer, patient: Identified): readonly Buffer[] {
    const anyIssuer = { PatientID: patient.PatientID, IssuerOfPatientID: '' };
    return patient.PatientID === '' ? [] : [this.indexOf(sealer, patient), this.indexOf(sealer, anyIssuer)];
  }

  async #known(
    projectId: string,
    index: Buffer,
    queries: Queries = this.#database.knex,
  ): Promise<SubjectFound | undefined> {
    const row = await firstRow<{ code: string; subject_id: string }>(
      queries,
      `SELECT coalesce(k.code, s.code) AS code, coalesce(k.subject_id, k.code, s.subject_id, s.code) AS subject_id
       FROM subject s LEFT JOIN subject k ON k.project_id = s.project_id AND k.code = s.merged_into
       WHERE s.project_id = ? AND s.patient_index = ?`,
      [projectId, index],
    );
    return row === undefined ? undefined : { code: row.code, subjectID: row.subject_id };
  }

  async #assign(
    projectId: string,
    patient: SourcePatient,
    sealer: Sealer,
    index: Buffer,
    rule: SubjectRule,
  ): Promise<SubjectFound> {
    return this.#database.transaction(async (queries) => {
      const project = await lockProject(queries, projectId);
      const meanwhile = await this.#known(projectId, index, queries);
      if (meanwhile !== undefined) return meanwhile;
      const given = await this.#given(queries, projectId, this.#indexes(sealer, patient));
      const next = given ?? (await this.#next(queries, projectId, project, rule));
      if (typeof next === 'string') return { code: null, missing: next };
      const { code, number, arm, site } = next;
      const identity = project.reversible ? sealIdentity(sealer, patient, projectId, index) : null;
      await queries.raw(
        'INSERT INTO subject (project_id, patient_index, number, code, patient, arm, site) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [projectId, index, number, code, identity, arm, site],
      );
      return { code, subjectID: code };
    });
  }

  async #given(queries: Queries, projectId: string, indexes: readonly Buffer[]): Promise<NextSubject | undefined> {
    for (const index of indexes) {
      const row = await firstRow<{ subject_id: string; arm: string | null; site: string | null }>(
        queries,
        `DELETE FROM subject_assignment WHERE project_id = ? AND patient_index = ? RETURNING subject_id, arm, site`,
        [projectId, index],
      );
      if (row !== undefined) return { code: row.subject_id, number: null, arm: row.arm, site: row.site };
    }
    return undefined;
  }

  async #next(
    queries: Queries,
    projectId: string,
    project: LockedProject,
    { list, assign }: SubjectRule,
  ): Promise<NextSubject | 'SUBJECT_MISSING' | 'SUBJECTS_EXHAUSTED'> {
    if (assign === 'required') return 'SUBJECT_MISSING';
    const free = async (code: string) => !(await isTaken(queries, projectId, code));
    for (const code of list) {
      if (await free(code)) return { code, number: null, arm: null, site: null };
    }
    if (list.length > 0) return 'SUBJECTS_EXHAUSTED';
    const { subject_pattern: pattern, next_subject_number: first } = project;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const code = this.#codes.random(pattern, (limit) => randomInt(limit));
      if (code === null) break;
      if (await free(code)) return { code, number: null, arm: null, site: null };
      if (tries === MOST_TRIES - 1) return 'SUBJECTS_EXHAUSTED';
    }
    let number = first;
    while (!(await free(this.#codes.format(pattern, number)))) number += 1;
    await touched(queries, 'UPDATE project SET next_subject_number = ? WHERE id = ?', [number + 1, projectId]);
    return { code: this.#codes.format(pattern, number), number, arm: null, site: null };
  }
}

interface NextSubject {
  readonly code: string;
  readonly number: number | null;
  readonly arm: string | null;
  readonly site: string | null;
}
