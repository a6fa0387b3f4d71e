import type { PseudonymRegister, Registered, RegisteredPatient, RegisteredStudy } from '../register/reidentification';
import type { Sealer } from '../security/envelope';
import { type Database, firstRow, rows } from './database';
import type { Projects } from './projects';

interface SubjectRow {
  code: string;
  patient_index: Buffer;
  /** null: erased. */
  patient: Buffer | null;
}

/** The way back, by what was sent: each look-up by an index of its project, and only its rows are opened. */
export class StoredPseudonymRegister implements PseudonymRegister {
  readonly #database: Database;
  readonly #projects: Projects;

  constructor(database: Database, projects: Projects) {
    this.#database = database;
    this.#projects = projects;
  }

  async project(name: string): Promise<{ readonly id: string; readonly reversible: boolean } | null> {
    const sql = 'SELECT id, reversible FROM project WHERE name = ?';
    return (await firstRow<{ id: string; reversible: boolean }>(this.#database.knex, sql, [name])) ?? null;
  }

  /** The code, the subject ID that stands in its place, or one that did before it was replaced. */
  async byPatientID(projectId: string, pseudonym: string): Promise<Registered | null> {
    const row = await firstRow<{ code: string }>(
      this.#database.knex,
      `SELECT code FROM subject WHERE project_id = ? AND code = ?
       UNION ALL SELECT code FROM subject WHERE project_id = ? AND subject_id = ?
       UNION ALL SELECT code FROM subject_event WHERE project_id = ? AND was = ?
       LIMIT 1`,
      [projectId, pseudonym, projectId, pseudonym, projectId, pseudonym],
    );
    return row === undefined ? null : this.#ofCode(projectId, row.code, null);
  }

  async byUID(projectId: string, uid: string): Promise<Registered | null> {
    const row = await firstRow<{ kind: string; source_index: Buffer; source: Buffer; subject: string | null }>(
      this.#database.knex,
      'SELECT kind, source_index, source, subject FROM uid_mapping WHERE project_id = ? AND target = ?',
      [projectId, uid],
    );
    if (row === undefined) return null;
    if (row.subject === null) return { found: 'no-patient' };
    const sealer = await this.#projects.sealerOf(projectId);
    return this.#ofCode(projectId, row.subject, { uid, kind: row.kind, source: openUID(sealer, projectId, row) });
  }

  async #ofCode(
    projectId: string,
    code: string,
    asked: { readonly uid: string; readonly kind: string; readonly source: string } | null,
  ): Promise<Registered | null> {
    const found = await rows<SubjectRow>(
      this.#database.knex,
      `SELECT s.code, s.patient_index, s.patient
       FROM subject a JOIN subject s ON s.project_id = a.project_id
         AND coalesce(s.merged_into, s.code) = coalesce(a.merged_into, a.code)
       WHERE a.project_id = ? AND a.code = ?
       ORDER BY s.code = a.code DESC, s.code`,
      [projectId, code],
    );
    const [own] = found;
    if (own === undefined) return null;
    const sealer = await this.#projects.sealerOf(projectId);
    const patients = found.flatMap((row) => (row.patient === null ? [] : [openPatient(sealer, projectId, row)]));
    const [patient, ...mergedWith] = patients;
    if (patient === undefined) return { found: 'erased' };
    const codes = found.map((row) => row.code);
    const studies = await this.#studies(sealer, projectId, codes);
    return {
      found: 'patient',
      patient,
      mergedWith,
      pseudonym: own.code,
      studies,
      uid: asked === null ? null : { ...asked, study: await this.#studyOf(projectId, codes, studies, asked) },
    };
  }

  async #studies(sealer: Sealer, projectId: string, codes: readonly string[]): Promise<readonly RegisteredStudy[]> {
    const found = await rows<{ source_index: Buffer; source: Buffer; target: string; image_source: string | null }>(
      this.#database.knex,
      `SELECT m.source_index, m.source, m.target, f.image_source
       FROM uid_mapping m
       LEFT JOIN (
         SELECT i.target_study_instance_uid AS study, min(s.image_source) AS image_source
         FROM export_session s JOIN session_instance i ON i.session_id = s.id
         WHERE s.project_id = ? AND s.subject = ANY (?::text[]) GROUP BY i.target_study_instance_uid
       ) f ON f.study = m.target
       WHERE m.project_id = ? AND m.subject = ANY (?::text[]) AND m.kind = 'study' ORDER BY m.created_at, m.target`,
      [projectId, [...codes], projectId, [...codes]],
    );
    return found.map((row) => ({
      StudyInstanceUID: openUID(sealer, projectId, row),
      sentAs: row.target,
      imageSource: row.image_source,
    }));
  }

  /** The source study that the UID belongs to; null where that is not kept, as of references. */
  async #studyOf(
    projectId: string,
    codes: readonly string[],
    studies: readonly RegisteredStudy[],
    { uid, kind, source }: { readonly uid: string; readonly kind: string; readonly source: string },
  ): Promise<string | null> {
    if (kind === 'study') return source;
    const row = await firstRow<{ study: string }>(
      this.#database.knex,
      `SELECT i.target_study_instance_uid AS study
       FROM export_session s JOIN session_instance i ON i.session_id = s.id
       WHERE s.project_id = ? AND s.subject = ANY (?::text[])
         AND ? IN (i.target_series_instance_uid, i.target_sop_instance_uid) LIMIT 1`,
      [projectId, [...codes], uid],
    );
    return studies.find(({ sentAs }) => sentAs === row?.study)?.StudyInstanceUID ?? null;
  }
}

function openPatient(sealer: Sealer, projectId: string, row: SubjectRow): RegisteredPatient {
  const context = { table: 'subject', column: 'patient', row: `${projectId} ${row.patient_index.toString('hex')}` };
  return JSON.parse(sealer.open(row.patient ?? Buffer.alloc(0), context).toString('utf8')) as RegisteredPatient;
}

function openUID(sealer: Sealer, projectId: string, row: { source_index: Buffer; source: Buffer }): string {
  const context = { table: 'uid_mapping', column: 'source', row: `${projectId} ${row.source_index.toString('hex')}` };
  return sealer.open(row.source, context).toString('utf8');
}
