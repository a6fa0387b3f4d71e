import type { UIDPair } from '../session/store-port';
import { type Database, firstRow } from './database';
import type { Projects } from './projects';

/** Rows of one statement: some hundred bytes each. */
const BATCH = 5_000;

/** The pseudonym register's UIDs: which source UID became which new one, for an authorised way back. */
export class UIDMappings {
  readonly #database: Database;
  readonly #projects: Projects;

  constructor(database: Database, projects: Projects) {
    this.#database = database;
    this.#projects = projects;
  }

  /** Nothing in an irreversible project. `subject`: code of the patient whose UIDs they are. */
  async record(projectId: string, pairs: readonly UIDPair[], subject: string | null = null): Promise<void> {
    const project = await firstRow<{ reversible: boolean }>(
      this.#database.knex,
      'SELECT reversible FROM project WHERE id = ?',
      [projectId],
    );
    if (project?.reversible === false) return;
    const sealer = await this.#projects.sealerOf(projectId);
    const bySource = new Map(pairs.map((pair) => [pair.source, pair]));
    const entries = [...bySource.values()].map((pair) => ({
      ...pair,
      index: sealer.blindIndex('uid_mapping.source', pair.source),
    }));
    // Always in one order: sessions of one study record the same UIDs at the same time.
    entries.sort((a, b) => Buffer.compare(a.index, b.index));
    await this.#database.transaction(async (queries) => {
      for (let start = 0; start < entries.length; start += BATCH) {
        const batch = entries.slice(start, start + BATCH);
        const sealed = batch.map(({ source, index }) =>
          sealer.seal(Buffer.from(source, 'utf8'), {
            table: 'uid_mapping',
            column: 'source',
            row: `${projectId} ${index.toString('hex')}`,
          }),
        );
        // Before the insert, so that what is purged meanwhile is written anew.
        await queries.raw(
          `UPDATE uid_mapping m SET used_at = now()
           FROM (SELECT source_index FROM uid_mapping
                 WHERE project_id = ? AND source_index = ANY (?::bytea[]) AND used_at < now() - interval '1 day'
                 ORDER BY source_index FOR UPDATE SKIP LOCKED) old
           WHERE m.project_id = ? AND m.source_index = old.source_index`,
          [projectId, batch.map(({ index }) => index), projectId],
        );
        await queries.raw(
          `INSERT INTO uid_mapping (project_id, subject, source_index, kind, source, target)
           SELECT ?::uuid, ?::text, new.* FROM unnest(?::bytea[], ?::text[], ?::bytea[], ?::text[])
             AS new (source_index, kind, source, target)
           ON CONFLICT DO NOTHING`,
          [
            projectId,
            subject,
            batch.map(({ index }) => index),
            batch.map(({ kind }) => kind),
            sealed,
            batch.map(({ target }) => target),
          ],
        );
        if (subject === null) continue;
        // A UID that two patients share leads back to neither.
        await queries.raw(
          `UPDATE uid_mapping SET subject = NULL
           WHERE project_id = ? AND source_index = ANY (?::bytea[]) AND subject <> ?
             AND subject NOT IN (SELECT code FROM subject WHERE project_id = ? AND merged_into = ?)`,
          [projectId, batch.map(({ index }) => index), subject, projectId, subject],
        );
      }
    });
  }
}
