import type { AttributeChange } from '../session/store-port';
import { type Database, rows } from './database';

/** What was done to each attribute, added up over a session. */
export class AttributeChanges {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async replace(sessionId: string, changes: readonly AttributeChange[]): Promise<void> {
    await this.#database.transaction(async (queries) => {
      await queries.raw('DELETE FROM session_attribute_change WHERE session_id = ?', [sessionId]);
      await queries.raw(
        `INSERT INTO session_attribute_change (session_id, sop_class_uid, path, keyword, action, rule, instances)
         SELECT ?::uuid, sop_class_uid, path, min(keyword), action, rule, sum(instances)
         FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::integer[])
           AS new (sop_class_uid, path, keyword, action, rule, instances)
         GROUP BY sop_class_uid, path, action, rule`,
        [
          sessionId,
          changes.map(({ SOPClassUID }) => SOPClassUID),
          changes.map(({ path }) => path),
          changes.map(({ keyword }) => keyword),
          changes.map(({ action }) => action),
          changes.map(({ rule }) => rule),
          changes.map(({ instances }) => instances),
        ],
      );
    });
  }

  async of(sessionId: string): Promise<readonly AttributeChange[]> {
    return rows<AttributeChange>(
      this.#database.knex,
      `SELECT sop_class_uid AS "SOPClassUID", path, keyword, action, rule, instances
       FROM session_attribute_change WHERE session_id = ? ORDER BY sop_class_uid, path, action, rule`,
      [sessionId],
    );
  }
}
