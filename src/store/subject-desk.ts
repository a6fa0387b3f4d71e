import type { AuditActor } from '../audit/audit-event';
import type { AuditEventName } from '../audit/vocabulary';
import { Fault } from '../base/errors';
import type { SourcePatient } from '../session/store-port';
import type {
  GivenSubject,
  ImportMistake,
  ImportResult,
  ImportRow,
  SessionTrial,
  SubjectDeedResult,
  SubjectLine,
  SubjectOf,
  SubjectRefusal,
} from '../session/trial-port';
import type { AuditEvents } from './audit-events';
import { type Database, firstRow, isId, type Queries, rows, touched } from './database';
import type { Projects } from './projects';
import { decodeCursor, pageOf } from './read/cursor';
import type { SessionTrials } from './session-trials';
import type { Sessions } from './sessions';
import { SubjectImport } from './subject-import';
import { isTaken, lockProject, type Subjects } from './subjects';

/** Errors of a session in review that the subjects of its project end. */
const OF_SUBJECTS = ['SUBJECT_MISSING', 'SUBJECTS_EXHAUSTED'];
const OF_TIME_POINTS = ['TIME_POINT_MISSING'];

type Identified = Pick<SourcePatient, 'PatientID' | 'IssuerOfPatientID'>;

interface Owner {
  readonly id: string;
  readonly name: string;
}

/** Undoes a transaction. */
class Refused extends Error {
  constructor(readonly refusal: SubjectRefusal) {
    super(refusal);
  }
}

/** What people and programs do to the subjects of a project. Each deed is one transaction, audited. */
export class SubjectDesk {
  readonly #database: Database;
  readonly #projects: Projects;
  readonly #subjects: Subjects;
  readonly #trials: SessionTrials;
  readonly #sessions: Sessions;
  readonly #events: AuditEvents;

  constructor(
    database: Database,
    parts: {
      readonly projects: Projects;
      readonly subjects: Subjects;
      readonly trials: SessionTrials;
      readonly sessions: Sessions;
      readonly events: AuditEvents;
    },
  ) {
    this.#database = database;
    this.#projects = parts.projects;
    this.#subjects = parts.subjects;
    this.#trials = parts.trials;
    this.#sessions = parts.sessions;
    this.#events = parts.events;
  }

  /** In the order in which they came; null where there is no such project. Throws Fault BAD_CURSOR. */
  async list(
    project: string,
    { limit, cursor }: { readonly limit: number; readonly cursor?: string },
  ): Promise<{ readonly items: readonly SubjectLine[]; readonly nextCursor: string | null } | null> {
    const owner = await this.#owner(project);
    if (owner === null) return null;
    const after =
      cursor === undefined
        ? null
        : decodeCursor(cursor, (at) => at.length === 2 && at.every((each) => typeof each === 'string'));
    const found = await rows<SubjectLine & { created: Date }>(
      this.#database.knex,
      `SELECT s.code, coalesce(s.subject_id, s.code) AS "subjectID", s.arm, s.site, s.created_at AS created,
         (SELECT coalesce(k.subject_id, k.code) FROM subject k
          WHERE k.project_id = s.project_id AND k.code = s.merged_into) AS "mergedInto",
         ARRAY(SELECT e.was FROM subject_event e
          WHERE e.project_id = s.project_id AND e.code = s.code AND e.event = 'replaced' ORDER BY e.id) AS "formerIDs",
         ARRAY(SELECT t.time_point FROM trial_study t
          WHERE t.project_id = s.project_id AND t.code = s.code AND t.time_point IS NOT NULL
          GROUP BY t.time_point ORDER BY min(t.moved_date), t.time_point) AS "timePoints",
         (SELECT count(*)::integer FROM export_session x
          WHERE x.project_id = s.project_id AND x.subject = s.code) AS sessions
       FROM subject s
       WHERE s.project_id = ? AND (?::timestamptz IS NULL OR (s.created_at, s.code) > (?::timestamptz, ?))
       ORDER BY s.created_at, s.code LIMIT ?`,
      [owner.id, after?.[0] ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
    );
    const { items, nextCursor } = pageOf(found, limit, ({ created, code }) => [created.toISOString(), code]);
    return { items: items.map(({ created, ...line }) => line), nextCursor };
  }

  /** null where the session was not planned yet. */
  ofSession(sessionId: string): Promise<SessionTrial | null> {
    return this.#trials.of(sessionId);
  }

  /** To a patient of whom nothing was exported yet. */
  give(project: string, of: SubjectOf, given: GivenSubject, by: AuditActor): Promise<SubjectDeedResult> {
    return this.#deed(project, 'subject-assigned', by, async (queries, owner) => {
      const index =
        'session' in of ? await patientOf(queries, owner, of.session) : await this.#free(queries, owner, of);
      const before = await firstRow<{ subject_id: string }>(
        queries,
        'SELECT subject_id FROM subject_assignment WHERE project_id = ? AND patient_index = ?',
        [owner.id, index],
      );
      if (before?.subject_id !== given.subjectID && (await isTaken(queries, owner.id, given.subjectID))) {
        throw new Refused('SUBJECT_ID_TAKEN');
      }
      await queries.raw(
        `INSERT INTO subject_assignment (project_id, patient_index, subject_id, arm, site, assigned_by)
         VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (project_id, patient_index) DO UPDATE SET
           subject_id = excluded.subject_id, arm = excluded.arm, site = excluded.site,
           assigned_by = excluded.assigned_by, assigned_at = now()`,
        [owner.id, index, given.subjectID, given.arm ?? null, given.site ?? null, by.name],
      );
      if ('session' in of) return this.#waiting(queries, owner.id, OF_SUBJECTS, index);
      const sessions = await this.#sessions.ofPatient(of.patient.PatientID, ['review']);
      const theirs = new Set(sessions.map(({ session }) => session.id));
      return (await this.#waiting(queries, owner.id, OF_SUBJECTS)).filter((id) => theirs.has(id));
    });
  }

  /** What was sent stays as it was; what leaves from now on has the new one, under the same code, UIDs and dates. */
  replace(project: string, subjectID: string, become: string, by: AuditActor): Promise<SubjectDeedResult> {
    return this.#deed(project, 'subject-replaced', by, async (queries, owner) => {
      if (subjectID === become) return [];
      if (await isTaken(queries, owner.id, become)) throw new Refused('SUBJECT_ID_TAKEN');
      const assigned = await touched(
        queries,
        'UPDATE subject_assignment SET subject_id = ? WHERE project_id = ? AND subject_id = ?',
        [become, owner.id, subjectID],
      );
      if (assigned > 0) return [];
      const code = await codeOf(queries, owner, subjectID);
      await queries.raw('UPDATE subject SET subject_id = ? WHERE project_id = ? AND code = ?', [
        become,
        owner.id,
        code,
      ]);
      await note(queries, owner, { code, event: 'replaced', was: subjectID, became: become, by });
      return [];
    });
  }

  /** Two source patients turned out to be one: what leaves from now on is of the subject that is kept. */
  merge(project: string, keep: string, merged: string, by: AuditActor): Promise<SubjectDeedResult> {
    return this.#deed(project, 'subjects-merged', by, async (queries, owner) => {
      const [kept, other] = [await codeOf(queries, owner, keep), await codeOf(queries, owner, merged)];
      if (kept === other) return [];
      await queries.raw('UPDATE subject SET merged_into = ? WHERE project_id = ? AND (code = ? OR merged_into = ?)', [
        kept,
        owner.id,
        other,
        other,
      ]);
      // Its studies moved by other days: their order among the kept one's is not known any more.
      await queries.raw("UPDATE trial_study SET code = ?, moved_date = '' WHERE project_id = ? AND code = ?", [
        kept,
        owner.id,
        other,
      ]);
      await note(queries, owner, { code: other, event: 'merged', was: merged, became: keep, by });
      return [];
    });
  }

  /** Of one study of a session, by its new Study Instance UID. */
  async giveTimePoint(sessionId: string, study: string, timePoint: string, by: AuditActor): Promise<SubjectDeedResult> {
    const row = isId(sessionId)
      ? await firstRow<{ name: string }>(
          this.#database.knex,
          'SELECT p.name FROM export_session s JOIN project p ON p.id = s.project_id WHERE s.id = ?',
          [sessionId],
        )
      : undefined;
    if (row === undefined) return { refused: 'UNKNOWN_SESSION', sessions: [] };
    return this.#deed(row.name, 'time-point-assigned', by, async (queries, owner) => {
      const planned = await this.#trials.of(sessionId);
      if (planned?.timePoints.some((each) => each.study === study) !== true) throw new Refused('UNKNOWN_STUDY');
      await queries.raw(
        `UPDATE trial_study SET time_point = ?, assigned_by = ?, assigned_at = now()
         WHERE project_id = ? AND study_instance_uid = ?`,
        [timePoint, by.name, owner.id, study],
      );
      await queries.raw(
        `UPDATE session_trial t SET time_points = (
           SELECT jsonb_agg(CASE WHEN e ->> 'study' = ?
             THEN e || jsonb_build_object('timePoint', ?::text, 'proposal', NULL) ELSE e END ORDER BY n)
           FROM jsonb_array_elements(t.time_points) WITH ORDINALITY AS list (e, n))
         FROM export_session s WHERE s.id = t.session_id AND t.session_id = ? AND s.state = 'review'`,
        [study, timePoint, sessionId],
      );
      // It goes on once the last of its studies has one; another session of the study may have waited for it, too.
      const waiting = await this.#waiting(queries, owner.id, OF_TIME_POINTS);
      const open = await rows<{ id: string }>(
        queries,
        `SELECT t.session_id AS id FROM session_trial t
         WHERE t.session_id = ANY (?::uuid[]) AND NOT EXISTS (
           SELECT 1 FROM jsonb_array_elements(t.time_points) AS e
           JOIN trial_study u ON u.project_id = ? AND u.study_instance_uid = e ->> 'study'
           WHERE u.time_point IS NULL)`,
        [[...waiting], owner.id],
      );
      return open.map(({ id }) => id);
    });
  }

  /** All or nothing; a trial run changes nothing. null where there is no such project. */
  async import(
    project: string,
    list: AsyncIterable<ImportRow | ImportMistake>,
    trialRun: boolean,
    by: AuditActor,
  ): Promise<ImportResult | null> {
    const owner = await this.#owner(project);
    if (owner === null) return null;
    const sealer = await this.#projects.sealerOf(owner.id);
    const run = new SubjectImport(owner.id, (patient: Identified) => this.#subjects.indexOf(sealer, patient), by.name);
    let waiting: readonly string[] = [];
    try {
      await this.#database.transaction(async (queries) => {
        await lockProject(queries, owner.id);
        await run.take(queries, list);
        if (trialRun || run.mistakes > 0) throw new Undone();
        waiting = await this.#waiting(queries, owner.id, OF_SUBJECTS);
        this.#audit(queries, 'subjects-imported', owner, by);
      });
    } catch (error) {
      if (!(error instanceof Undone)) throw error;
      return run.result(false, []);
    }
    await this.#goOn(waiting);
    return run.result(true, waiting);
  }

  async #deed(
    project: string,
    event: AuditEventName,
    by: AuditActor,
    work: (queries: Queries, owner: Owner) => Promise<readonly string[]>,
  ): Promise<SubjectDeedResult> {
    const owner = await this.#owner(project);
    if (owner === null) return { refused: 'UNKNOWN_PROJECT', sessions: [] };
    try {
      const sessions = await this.#database.transaction(async (queries) => {
        await lockProject(queries, owner.id);
        const waiting = await work(queries, owner);
        this.#audit(queries, event, owner, by);
        return waiting;
      });
      await this.#goOn(sessions);
      return { refused: null, sessions };
    } catch (error) {
      if (error instanceof Refused) return { refused: error.refusal, sessions: [] };
      throw error;
    }
  }

  #audit(queries: Queries, event: AuditEventName, { name }: Owner, actor: AuditActor): void {
    this.#events.record(queries, async () => [{ event, actor, project: name, subject: { kind: 'project', id: name } }]);
  }

  async #owner(project: string): Promise<Owner | null> {
    const sql = 'SELECT id, name FROM project WHERE name = ?';
    return (await firstRow<Owner>(this.#database.knex, sql, [project])) ?? null;
  }

  /** The index of a patient who has no subject ID yet. */
  async #free(queries: Queries, owner: Owner, { patient }: { readonly patient: Identified }): Promise<Buffer> {
    const index = this.#subjects.indexOf(await this.#projects.sealerOf(owner.id), patient);
    const sql = 'SELECT code FROM subject WHERE project_id = ? AND patient_index = ?';
    if ((await firstRow(queries, sql, [owner.id, index])) !== undefined) throw new Refused('SUBJECT_ALREADY_ASSIGNED');
    return index;
  }

  async #waiting(
    queries: Queries,
    projectId: string,
    codes: readonly string[],
    index: Buffer | null = null,
  ): Promise<readonly string[]> {
    const found = await rows<{ id: string }>(
      queries,
      `SELECT s.id FROM export_session s JOIN session_trial t ON t.session_id = s.id
       WHERE s.project_id = ? AND s.state = 'review' AND s.error_code = ANY (?::text[])
         AND (?::bytea IS NULL OR t.patient_index = ?) ORDER BY s.created_at, s.id`,
      [projectId, [...codes], index, index],
    );
    return found.map(({ id }) => id);
  }

  /** Those that somebody moved meanwhile are where they should be. */
  async #goOn(sessions: readonly string[]): Promise<void> {
    for (const id of sessions) {
      try {
        const event = 'what was missing of the subject was given';
        await this.#sessions.move(id, { from: 'review', to: 'planning', event, error: null, next: 0 });
      } catch (error) {
        if (!(error instanceof Fault) || error.code !== 'SESSION_MOVED') throw error;
      }
    }
  }
}

/** Thrown inside a transaction to undo it. */
class Undone extends Error {}

async function patientOf(queries: Queries, owner: Owner, sessionId: string): Promise<Buffer> {
  const row = isId(sessionId)
    ? await firstRow<{ planned: boolean; patient_index: Buffer | null }>(
        queries,
        `SELECT t.session_id IS NOT NULL AS planned, t.patient_index
         FROM export_session s LEFT JOIN session_trial t ON t.session_id = s.id
         WHERE s.id = ? AND s.project_id = ?`,
        [sessionId, owner.id],
      )
    : undefined;
  if (row === undefined) throw new Refused('UNKNOWN_SESSION');
  if (!row.planned) throw new Refused('NO_PATIENT_KNOWN');
  if (row.patient_index === null) throw new Refused('SUBJECT_ALREADY_ASSIGNED');
  const sql = 'SELECT code FROM subject WHERE project_id = ? AND patient_index = ?';
  if ((await firstRow(queries, sql, [owner.id, row.patient_index])) !== undefined) {
    throw new Refused('SUBJECT_ALREADY_ASSIGNED');
  }
  return row.patient_index;
}

/** By the subject ID that it has now. */
async function codeOf(queries: Queries, owner: Owner, subjectID: string): Promise<string> {
  const row = await firstRow<{ code: string }>(
    queries,
    `SELECT code FROM subject
     WHERE project_id = ? AND merged_into IS NULL AND (subject_id = ? OR (subject_id IS NULL AND code = ?))`,
    [owner.id, subjectID, subjectID],
  );
  if (row === undefined) throw new Refused('UNKNOWN_SUBJECT');
  return row.code;
}

async function note(
  queries: Queries,
  owner: Owner,
  event: {
    readonly code: string;
    readonly event: 'replaced' | 'merged';
    readonly was: string;
    readonly became: string;
    readonly by: AuditActor;
  },
): Promise<void> {
  await queries.raw('INSERT INTO subject_event (project_id, code, event, was, became, by) VALUES (?, ?, ?, ?, ?, ?)', [
    owner.id,
    event.code,
    event.event,
    event.was,
    event.became,
    event.by.name,
  ]);
}
