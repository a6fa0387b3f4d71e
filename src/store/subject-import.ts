import type { SourcePatient } from '../session/store-port';
import type { ImportMistake, ImportResult, ImportRow } from '../session/trial-port';
import { type Queries, rows } from './database';

/** Rows looked up and written at a time. */
const BATCH = 2_000;
/** Told of all mistakes. */
const MISTAKES_TOLD = 100;

interface Indexed extends ImportRow {
  readonly index: Buffer;
}

/** One imported list: what of it is new, what is as before, and what is wrong with the rest. */
export class SubjectImport {
  #rows = 0;
  #assigned = 0;
  #unchanged = 0;
  #mistakeCount = 0;
  readonly #mistakes: ImportMistake[] = [];
  /** Written once all are checked: the tables that are asked stay as they were meanwhile. */
  readonly #fresh: Indexed[] = [];
  /** Lines by what they name. */
  readonly #patients = new Map<string, number>();
  readonly #ids = new Map<string, number>();

  constructor(
    private readonly projectId: string,
    private readonly indexOf: (patient: Pick<SourcePatient, 'PatientID' | 'IssuerOfPatientID'>) => Buffer,
    private readonly by: string,
  ) {}

  get mistakes(): number {
    return this.#mistakeCount;
  }

  result(imported: boolean, sessions: readonly string[]): ImportResult {
    return {
      rows: this.#rows,
      assigned: this.#assigned,
      unchanged: this.#unchanged,
      mistakes: [...this.#mistakes].sort((a, b) => a.line - b.line),
      mistakeCount: this.#mistakeCount,
      imported,
      sessions,
    };
  }

  /** Whoever finds mistakes afterwards rolls back. */
  async take(queries: Queries, list: AsyncIterable<ImportRow | ImportMistake>): Promise<void> {
    let batch: Indexed[] = [];
    for await (const row of list) {
      this.#rows += 1;
      if ('message' in row) {
        this.#mistake(row.line, row.message);
        continue;
      }
      const index = this.indexOf(row);
      if (!this.#isNew(row, index)) continue;
      batch.push({ ...row, index });
      if (batch.length < BATCH) continue;
      await this.#check(queries, batch);
      batch = [];
    }
    await this.#check(queries, batch);
    for (let at = 0; at < this.#fresh.length; at += BATCH)
      await this.#write(queries, this.#fresh.slice(at, at + BATCH));
  }

  #mistake(line: number, message: string): void {
    this.#mistakeCount += 1;
    if (this.#mistakes.length < MISTAKES_TOLD) this.#mistakes.push({ line, message });
  }

  #isNew(row: ImportRow, index: Buffer): boolean {
    const key = index.toString('base64');
    const [patient, id] = [this.#patients.get(key), this.#ids.get(row.subjectID)];
    if (patient !== undefined) this.#mistake(row.line, `names the patient of line ${patient} again`);
    else if (id !== undefined) this.#mistake(row.line, `has the subject ID of line ${id}`);
    this.#patients.set(key, patient ?? row.line);
    this.#ids.set(row.subjectID, id ?? row.line);
    return patient === undefined && id === undefined;
  }

  async #check(queries: Queries, batch: readonly Indexed[]): Promise<void> {
    if (batch.length === 0) return;
    const known = await this.#known(queries, batch);
    const taken = await this.#taken(queries, batch);
    for (const row of batch) {
      const before = known.get(row.index.toString('base64'));
      if (before?.subjectID === row.subjectID) this.#unchanged += 1;
      else if (before?.exported === true) this.#mistake(row.line, 'the patient has another subject ID already');
      else if (taken.has(row.subjectID)) this.#mistake(row.line, 'the subject ID is that of another patient');
      else {
        this.#assigned += 1;
        this.#fresh.push(row);
      }
    }
  }

  async #write(queries: Queries, fresh: readonly Indexed[]): Promise<void> {
    await queries.raw(
      `INSERT INTO subject_assignment (project_id, patient_index, subject_id, arm, site, assigned_by)
       SELECT ?, decode(i, 'base64'), id, nullif(arm, ''), nullif(site, ''), ?
       FROM unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS list (i, id, arm, site)
       ON CONFLICT (project_id, patient_index) DO UPDATE SET
         subject_id = excluded.subject_id, arm = excluded.arm, site = excluded.site,
         assigned_by = excluded.assigned_by, assigned_at = now()`,
      [
        this.projectId,
        this.by,
        fresh.map(({ index }) => index.toString('base64')),
        fresh.map(({ subjectID }) => subjectID),
        fresh.map(({ arm }) => arm ?? ''),
        fresh.map(({ site }) => site ?? ''),
      ],
    );
  }

  async #known(
    queries: Queries,
    batch: readonly Indexed[],
  ): Promise<ReadonlyMap<string, { readonly subjectID: string; readonly exported: boolean }>> {
    const indexes = batch.map(({ index }) => index.toString('base64'));
    const found = await rows<{ index: Buffer; subjectID: string; exported: boolean }>(
      queries,
      `WITH asked AS (SELECT decode(i, 'base64') AS i FROM unnest(?::text[]) AS list (i))
       SELECT s.patient_index AS index, coalesce(s.subject_id, s.code) AS "subjectID", true AS exported
       FROM asked JOIN subject s ON s.project_id = ? AND s.patient_index = asked.i
       UNION ALL
       SELECT a.patient_index, a.subject_id, false
       FROM asked JOIN subject_assignment a ON a.project_id = ? AND a.patient_index = asked.i`,
      [indexes, this.projectId, this.projectId],
    );
    return new Map(found.map(({ index, ...rest }) => [index.toString('base64'), rest]));
  }

  async #taken(queries: Queries, batch: readonly Indexed[]): Promise<ReadonlySet<string>> {
    const ids = batch.map(({ subjectID }) => subjectID);
    const found = await rows<{ id: string }>(
      queries,
      `SELECT asked AS id FROM unnest(?::text[]) AS list (asked)
       WHERE EXISTS (SELECT 1 FROM subject t WHERE t.project_id = ? AND t.code = asked)
         OR EXISTS (SELECT 1 FROM subject t WHERE t.project_id = ? AND t.subject_id = asked)
         OR EXISTS (SELECT 1 FROM subject_assignment t WHERE t.project_id = ? AND t.subject_id = asked)
         OR EXISTS (SELECT 1 FROM subject_event t WHERE t.project_id = ? AND t.was = asked)
         OR asked IN (SELECT s.subject FROM export_session s WHERE s.project_id = ? AND s.subject IS NOT NULL)`,
      [ids, this.projectId, this.projectId, this.projectId, this.projectId, this.projectId],
    );
    return new Set(found.map(({ id }) => id));
  }
}
