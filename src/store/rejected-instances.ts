import type { Sealer } from '../security/envelope';
import type { RejectionTitle } from '../selection/document-titles';
import { type Database, rows } from './database';

/** What the rejection notes of all image sources name; instance UIDs are unique wherever they are kept. */
export class RejectedInstances {
  readonly #database: Database;
  readonly #sealer: Sealer;

  constructor(database: Database, sealer: Sealer) {
    this.#database = database;
    this.#sealer = sealer;
  }

  #index(SOPInstanceUID: string): Buffer {
    return this.#sealer.blindIndex('rejected_instance.sop_instance_uid', SOPInstanceUID);
  }

  /** Idempotent. */
  async note(noteUID: string, title: RejectionTitle, SOPInstanceUIDs: readonly string[]): Promise<void> {
    const indexes = SOPInstanceUIDs.map((uid) => this.#index(uid)).sort(Buffer.compare);
    await this.#database.knex.raw(
      `INSERT INTO rejected_instance (instance_index, note_index, document_title)
       SELECT DISTINCT instance_index, ?::bytea, ?::text FROM unnest(?::bytea[]) AS instance_index
       ON CONFLICT DO NOTHING`,
      [this.#index(noteUID), title, indexes],
    );
  }

  /** By SOP Instance UID, the titles under which it was rejected; those nobody rejected are left out. */
  async among(SOPInstanceUIDs: readonly string[]): Promise<ReadonlyMap<string, readonly RejectionTitle[]>> {
    const byIndex = new Map(SOPInstanceUIDs.map((uid) => [this.#index(uid).toString('hex'), uid]));
    const found = await rows<{ instance_index: Buffer; titles: RejectionTitle[] }>(
      this.#database.knex,
      `SELECT instance_index, array_agg(DISTINCT document_title ORDER BY document_title) AS titles
       FROM rejected_instance WHERE instance_index = ANY (?::bytea[]) GROUP BY instance_index`,
      [[...byIndex.keys()].map((index) => Buffer.from(index, 'hex'))],
    );
    return new Map(
      found.map(({ instance_index, titles }) => [byIndex.get(instance_index.toString('hex')) ?? '', titles]),
    );
  }
}
