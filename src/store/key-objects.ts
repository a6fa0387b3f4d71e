import type { Sealer } from '../security/envelope';
import { type Database, type Queries, rows, touched } from './database';

type Verdict = 'taken' | 'left-alone' | 'too-old' | 'unreadable';

/** Key Objects met at the image sources, so that each is read once, across restarts. */
export class KeyObjects {
  readonly #database: Database;
  readonly #sealer: Sealer;

  constructor(database: Database, sealer: Sealer) {
    this.#database = database;
    this.#sealer = sealer;
  }

  #index(SOPInstanceUID: string): Buffer {
    return this.#sealer.blindIndex('key_object.sop_instance_uid', SOPInstanceUID);
  }

  async unseen(imageSource: string, SOPInstanceUIDs: readonly string[]): Promise<readonly string[]> {
    const byIndex = new Map(SOPInstanceUIDs.map((uid) => [this.#index(uid).toString('hex'), uid]));
    const met = await rows<{ instance_index: Buffer }>(
      this.#database.knex,
      'SELECT instance_index FROM key_object WHERE image_source = ? AND instance_index = ANY (?::bytea[])',
      [imageSource, [...byIndex.keys()].map((index) => Buffer.from(index, 'hex'))],
    );
    for (const { instance_index } of met) byIndex.delete(instance_index.toString('hex'));
    return [...byIndex.values()];
  }

  async markSeen(imageSource: string, SOPInstanceUID: string, verdict: Exclude<Verdict, 'taken'>): Promise<void> {
    await this.#add(this.#database.knex, imageSource, [SOPInstanceUID], verdict, null);
  }

  /** false where one of them was met before. */
  async take(queries: Queries, imageSource: string, UIDs: readonly string[], sessionId: string): Promise<boolean> {
    return (await this.#add(queries, imageSource, UIDs, 'taken', sessionId)) === UIDs.length;
  }

  async #add(
    queries: Queries,
    imageSource: string,
    UIDs: readonly string[],
    verdict: Verdict,
    sessionId: string | null,
  ): Promise<number> {
    const entries = UIDs.map((uid) => ({ uid, index: this.#index(uid) }));
    // Always in one order, so that two who take overlapping sets wait for each other instead of locking up.
    entries.sort((a, b) => Buffer.compare(a.index, b.index));
    const sealed = entries.map(({ uid, index }) =>
      this.#sealer.seal(Buffer.from(uid, 'utf8'), {
        table: 'key_object',
        column: 'sop_instance_uid',
        row: `${imageSource} ${index.toString('hex')}`,
      }),
    );
    return touched(
      queries,
      `INSERT INTO key_object (image_source, instance_index, sop_instance_uid, verdict, session_id)
       SELECT ?, new.instance_index, new.sop_instance_uid, ?, ?::uuid
       FROM unnest(?::bytea[], ?::bytea[]) AS new (instance_index, sop_instance_uid)
       ON CONFLICT (image_source, instance_index) DO NOTHING`,
      [imageSource, verdict, sessionId, entries.map(({ index }) => index), sealed],
    );
  }
}
