import type { Sealer } from '../security/envelope';
import type { MetKeyObject } from '../session/store-port';
import { type Database, firstRow, type Queries, rows } from './database';

/** One document and how it stands to a session. */
interface Entry {
  readonly uid: string;
  readonly verdict: MetKeyObject['verdict'];
  /** Digest of what it says; null where it was not read. */
  readonly content: string | null;
}

/** A document that was read, and those that it names as its copies. */
export interface ReadKeyObject {
  readonly imageSource: string;
  readonly SOPInstanceUID: string;
  readonly content: string | null;
  readonly copies: readonly string[];
}

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

  #contentIndex(digest: string): Buffer {
    return this.#sealer.blindIndex('key_object.content', digest);
  }

  /** Copies that are awaited count as unseen: somebody waits for them to be read. */
  async unseen(imageSource: string, SOPInstanceUIDs: readonly string[]): Promise<readonly string[]> {
    const byIndex = this.#byIndex(SOPInstanceUIDs);
    const met = await rows<{ instance_index: Buffer }>(
      this.#database.knex,
      `SELECT instance_index FROM key_object
       WHERE image_source = ? AND instance_index = ANY (?::bytea[]) AND verdict <> 'awaited'`,
      [imageSource, indexesOf(byIndex)],
    );
    for (const { instance_index } of met) byIndex.delete(instance_index.toString('hex'));
    return [...byIndex.values()];
  }

  /**
   * Of these, some that should be read again: their session can still change, or was completed within the week, and
   * they were not read for so long. They count as read from now on.
   */
  async dueAgain(
    imageSource: string,
    SOPInstanceUIDs: readonly string[],
    olderThanMs: number,
    limit: number,
  ): Promise<readonly string[]> {
    const byIndex = this.#byIndex(SOPInstanceUIDs);
    const due = await rows<{ instance_index: Buffer }>(
      this.#database.knex,
      `UPDATE key_object SET read_at = now()
       WHERE image_source = ? AND instance_index IN (
         SELECT k.instance_index FROM key_object k JOIN export_session s ON s.id = k.session_id
         WHERE k.image_source = ? AND k.instance_index = ANY (?::bytea[]) AND k.verdict = 'taken'
           AND coalesce(k.read_at, k.met_at) < now() - ?::double precision * interval '1 millisecond'
           AND s.state NOT IN ('cancelled', 'superseded', 'rejected')
           AND (s.completed_at IS NULL OR s.completed_at > now() - interval '7 days')
         ORDER BY coalesce(k.read_at, k.met_at) LIMIT ? FOR UPDATE OF k SKIP LOCKED)
       RETURNING instance_index`,
      [imageSource, imageSource, indexesOf(byIndex), olderThanMs, limit],
    );
    return due.flatMap(({ instance_index }) => byIndex.get(instance_index.toString('hex')) ?? []);
  }

  #byIndex(SOPInstanceUIDs: readonly string[]): Map<string, string> {
    return new Map(SOPInstanceUIDs.map((uid) => [this.#index(uid).toString('hex'), uid]));
  }

  /** null where it was never met. */
  async met(imageSource: string, SOPInstanceUID: string, content: string): Promise<MetKeyObject | null> {
    const row = await firstRow<{
      verdict: MetKeyObject['verdict'];
      session_id: string | null;
      content_index: Buffer | null;
    }>(
      this.#database.knex,
      'SELECT verdict, session_id, content_index FROM key_object WHERE image_source = ? AND instance_index = ?',
      [imageSource, this.#index(SOPInstanceUID)],
    );
    if (row === undefined) return null;
    return {
      verdict: row.verdict,
      sessionId: row.session_id,
      sameContent: row.content_index === null ? null : row.content_index.equals(this.#contentIndex(content)),
    };
  }

  async markSeen(
    imageSource: string,
    SOPInstanceUID: string,
    verdict: 'left-alone' | 'too-old' | 'unreadable',
  ): Promise<void> {
    await this.#add(this.#database.knex, imageSource, [{ uid: SOPInstanceUID, verdict, content: null }], null, []);
  }

  /**
   * Gives the document to the session, and the copies that nobody has. false where the document is somebody's already;
   * `from`: the sessions that lose theirs.
   */
  async take(
    queries: Queries,
    document: ReadKeyObject,
    sessionId: string,
    from: readonly string[] = [],
  ): Promise<boolean> {
    const { imageSource, SOPInstanceUID, content, copies } = document;
    const given = await this.#add(
      queries,
      imageSource,
      [
        { uid: SOPInstanceUID, verdict: 'taken', content },
        ...[...new Set(copies)]
          .filter((uid) => uid !== SOPInstanceUID)
          .map((uid) => ({ uid, verdict: 'awaited' as const, content: null })),
      ],
      sessionId,
      from,
    );
    return given.some((index) => index.equals(this.#index(SOPInstanceUID)));
  }

  /** An awaited copy was met. */
  async meet(queries: Queries, document: ReadKeyObject, sessionId: string): Promise<void> {
    await this.take(queries, document, sessionId);
    await queries.raw(
      `UPDATE key_object SET verdict = 'taken', content_index = coalesce(?, content_index)
       WHERE image_source = ? AND instance_index = ? AND session_id = ?`,
      [
        document.content === null ? null : this.#contentIndex(document.content),
        document.imageSource,
        this.#index(document.SOPInstanceUID),
        sessionId,
      ],
    );
  }

  /** Copies that the session waits for. */
  async awaited(queries: Queries, sessionId: string): Promise<readonly string[]> {
    const found = await rows<{ image_source: string; instance_index: Buffer; sop_instance_uid: Buffer }>(
      queries,
      `SELECT image_source, instance_index, sop_instance_uid FROM key_object
       WHERE session_id = ? AND verdict = 'awaited' ORDER BY instance_index`,
      [sessionId],
    );
    return found.map((row) =>
      this.#sealer.open(row.sop_instance_uid, sealContext(row.image_source, row.instance_index)).toString('utf8'),
    );
  }

  /** The session goes on without them; should they come, they are left alone. */
  async awaitNoLonger(queries: Queries, sessionId: string): Promise<void> {
    await queries.raw(
      "UPDATE key_object SET verdict = 'left-alone', session_id = NULL WHERE session_id = ? AND verdict = 'awaited'",
      [sessionId],
    );
  }

  /** Indexes of those that are given to `sessionId` now. */
  async #add(
    queries: Queries,
    imageSource: string,
    documents: readonly Entry[],
    sessionId: string | null,
    from: readonly string[],
  ): Promise<readonly Buffer[]> {
    const entries = documents.map((document) => ({ ...document, index: this.#index(document.uid) }));
    // Always in one order, so that two who take overlapping sets wait for each other instead of locking up.
    entries.sort((a, b) => Buffer.compare(a.index, b.index));
    const sealed = entries.map(({ uid, index }) =>
      this.#sealer.seal(Buffer.from(uid, 'utf8'), sealContext(imageSource, index)),
    );
    const given = await rows<{ instance_index: Buffer }>(
      queries,
      `INSERT INTO key_object (image_source, instance_index, sop_instance_uid, verdict, content_index, session_id)
       SELECT ?, new.instance_index, new.sop_instance_uid, new.verdict, new.content_index, ?::uuid
       FROM unnest(?::bytea[], ?::bytea[], ?::text[], ?::bytea[])
         AS new (instance_index, sop_instance_uid, verdict, content_index)
       ON CONFLICT (image_source, instance_index) DO UPDATE SET
         verdict = excluded.verdict, session_id = excluded.session_id,
         content_index = coalesce(excluded.content_index, key_object.content_index)
       WHERE key_object.session_id = ANY (?::uuid[])
       RETURNING instance_index`,
      [
        imageSource,
        sessionId,
        entries.map(({ index }) => index),
        sealed,
        entries.map(({ verdict }) => verdict),
        entries.map(({ content }) => (content === null ? null : this.#contentIndex(content))),
        from,
      ],
    );
    return given.map(({ instance_index }) => instance_index);
  }
}

function indexesOf(byIndex: ReadonlyMap<string, string>): readonly Buffer[] {
  return [...byIndex.keys()].map((index) => Buffer.from(index, 'hex'));
}

function sealContext(imageSource: string, index: Buffer) {
  return { table: 'key_object', column: 'sop_instance_uid', row: `${imageSource} ${index.toString('hex')}` };
}
