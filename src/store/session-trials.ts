import { SYSTEM } from '../audit/audit-event';
import type { SourcePatient } from '../session/store-port';
import type { TrialStudy } from '../session/time-points';
import type { SessionTrial, StudyTimePoint } from '../session/trial-port';
import { type Database, firstRow, isId, json, rows } from './database';
import type { Projects } from './projects';
import { lockProject, type Subjects } from './subjects';

interface StudyRow {
  study_instance_uid: string;
  moved_date: string;
  time_point: string | null;
}

/** Time points of the studies of subjects, and what a session was planned with. */
export class SessionTrials {
  readonly #database: Database;
  readonly #projects: Projects;
  readonly #subjects: Subjects;

  constructor(database: Database, projects: Projects, subjects: Subjects) {
    this.#database = database;
    this.#projects = projects;
    this.#subjects = subjects;
  }

  async timePoints(
    projectId: string,
    code: string,
    studies: readonly Pick<TrialStudy, 'study' | 'date'>[],
    propose: (all: readonly TrialStudy[]) => ReadonlyMap<string, string>,
    take: boolean,
  ): Promise<readonly StudyTimePoint[]> {
    return this.#database.transaction(async (queries) => {
      await lockProject(queries, projectId);
      for (const { study, date } of studies) {
        await queries.raw(
          `INSERT INTO trial_study (project_id, study_instance_uid, code, moved_date) VALUES (?, ?, ?, ?)
           ON CONFLICT (project_id, study_instance_uid)
             DO UPDATE SET code = excluded.code, moved_date = excluded.moved_date`,
          [projectId, study, code, date],
        );
      }
      const found = await rows<StudyRow>(
        queries,
        `SELECT study_instance_uid, moved_date, time_point FROM trial_study
         WHERE project_id = ? AND code = ? ORDER BY study_instance_uid`,
        [projectId, code],
      );
      const all = found.map((row) => ({
        study: row.study_instance_uid,
        date: row.moved_date,
        timePoint: row.time_point,
      }));
      const proposed = propose(all);
      const result: StudyTimePoint[] = [];
      for (const { study } of studies) {
        const timePoint = all.find((each) => each.study === study)?.timePoint ?? null;
        const proposal = proposed.get(study) ?? null;
        if (timePoint !== null || !take || proposal === null) {
          result.push({ study, timePoint, proposal: timePoint === null ? proposal : null });
          continue;
        }
        await queries.raw(
          `UPDATE trial_study SET time_point = ?, assigned_by = ?, assigned_at = now()
           WHERE project_id = ? AND study_instance_uid = ?`,
          [proposal, SYSTEM.name, projectId, study],
        );
        result.push({ study, timePoint: proposal, proposal: null });
      }
      return result;
    });
  }

  async keep(sessionId: string, projectId: string, patient: SourcePatient, trial: SessionTrial): Promise<void> {
    const index =
      trial.subjectID === null ? this.#subjects.indexOf(await this.#projects.sealerOf(projectId), patient) : null;
    await this.#database.knex.raw(
      `INSERT INTO session_trial (session_id, subject_id, patient_index, time_points) VALUES (?, ?, ?, ?::jsonb)
       ON CONFLICT (session_id) DO UPDATE SET
         subject_id = excluded.subject_id, patient_index = excluded.patient_index, time_points = excluded.time_points`,
      [sessionId, trial.subjectID, index, json(trial.timePoints)],
    );
  }

  async of(sessionId: string): Promise<SessionTrial | null> {
    if (!isId(sessionId)) return null;
    const row = await firstRow<{ subject_id: string | null; time_points: StudyTimePoint[] }>(
      this.#database.knex,
      'SELECT subject_id, time_points FROM session_trial WHERE session_id = ?',
      [sessionId],
    );
    return row === undefined ? null : { subjectID: row.subject_id, timePoints: row.time_points };
  }
}
