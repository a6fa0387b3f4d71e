import { SYSTEM } from '../audit/audit-event';
import { type Log, silentLog } from '../base/log';
import { RECEIVED } from '../base/reserved-names';
import type { SealContext, Sealer } from '../security/envelope';
import type { InstanceBytes, InstanceMatch } from '../session/ports';
import type { Kept, ReceivedInstance, ReceivedStore, SealedDraft, TidiedUp } from '../session/received-ports';
import type { AuditEvents } from './audit-events';
import { type Database, firstRow, json, type Queries, rows, touched } from './database';
import { enqueueAdvance } from './job-queue';
import type { ReceivedFiles, SealedFile } from './received-files';
import { studiesOf } from './session-audit';

/**
 * Blind index of a source SOP Instance UID, one for all tables, so that an instance, a reference to it and a Key Object
 * can be matched without being opened. The first table that had it gave it its name.
 */
export const SOP_INSTANCE_INDEX = 'key_object.sop_instance_uid';

const KEY_OBJECT_SELECTION_DOCUMENT = '1.2.840.10008.5.1.4.1.1.88.59';
/** A file without a record may still get one while its request is being answered. */
const ORPHAN_AFTER_MS = 60 * 60 * 1000;

export interface ReceivedInstancesOptions {
  /** How long an instance is kept that no selection names, in milliseconds. */
  readonly keepUnclaimed: number;
  readonly events: AuditEvents;
  readonly log?: Log;
}

interface Draft {
  readonly index: Buffer;
  readonly contentIndex: Buffer;
  readonly file: SealedFile;
  readonly instance: ReceivedInstance;
}

interface StoredRow {
  instance_index: Buffer;
  sop_class_uid: string;
  uids: Buffer;
}

export class ReceivedInstances implements ReceivedStore {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #files: ReceivedFiles;
  readonly #keepUnclaimed: number;
  readonly #events: AuditEvents;
  readonly #log: Log;

  constructor(database: Database, sealer: Sealer, files: ReceivedFiles, options: ReceivedInstancesOptions) {
    this.#database = database;
    this.#sealer = sealer;
    this.#files = files;
    this.#keepUnclaimed = options.keepUnclaimed;
    this.#events = options.events;
    this.#log = options.log ?? silentLog;
  }

  draft(): Promise<SealedFile> {
    return this.#files.begin();
  }

  async keep(
    entries: readonly { readonly draft: SealedDraft; readonly instance: ReceivedInstance }[],
  ): Promise<readonly Kept[]> {
    const records = entries.map(({ draft, instance }) => {
      const file = draft as SealedFile;
      return {
        index: this.#sealer.blindIndex(SOP_INSTANCE_INDEX, instance.SOPInstanceUID),
        contentIndex: this.#sealer.blindIndex('received_instance.content', file.sha256()),
        file,
        instance,
      };
    });
    await this.#files.place(records.map(({ file }) => file.name));
    const kept = await this.#database.transaction(async (queries) => {
      const verdicts = new Map<Draft, Kept>();
      // Always in one order, so that two requests with overlapping sets wait for each other instead of locking up.
      for (const record of [...records].sort((a, b) => Buffer.compare(a.index, b.index))) {
        verdicts.set(record, await this.#keepOne(queries, record));
      }
      const news = records.filter((record) => verdicts.get(record) === 'kept');
      await this.#takeUpWaiting(
        queries,
        news.map(({ index }) => index),
      );
      this.#tell(
        queries,
        'instances-received',
        news.map(({ instance }) => instance),
      );
      return verdicts;
    });
    for (const [{ file }, verdict] of kept) if (verdict !== 'kept') await this.#files.remove(file.name);
    return records.map((record) => kept.get(record) ?? 'other');
  }

  async #keepOne(queries: Queries, record: Draft): Promise<Kept> {
    const { index, contentIndex, instance, file } = record;
    const row = index.toString('hex');
    const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = instance;
    const uids = Buffer.from(json({ StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID }), 'utf8');
    const values = [
      this.#sealer.blindIndex('received_instance.study', StudyInstanceUID),
      this.#sealer.blindIndex('received_instance.series', SeriesInstanceUID),
      instance.SOPClassUID,
      this.#sealer.seal(uids, uidsContext(row)),
      file.name,
      this.#sealer.seal(file.key, keyContext(row)),
      file.byteLength,
      contentIndex,
    ];
    const inserted = await touched(
      queries,
      `INSERT INTO received_instance
         (study_index, series_index, sop_class_uid, uids, file, file_key, byte_length, content_index, instance_index)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (instance_index) DO NOTHING`,
      [...values, index],
    );
    if (inserted === 1) return 'kept';
    const stored = await firstRow<{ file: string; content_index: Buffer; removed_at: Date | null }>(
      queries,
      'SELECT file, content_index, removed_at FROM received_instance WHERE instance_index = ? FOR UPDATE',
      [index],
    );
    if (stored !== undefined && stored.removed_at === null && (await this.#files.has(stored.file))) {
      if (!stored.content_index.equals(contentIndex)) return 'other';
      // Whoever sends it again counts on it from now on.
      await queries.raw('UPDATE received_instance SET received_at = now() WHERE instance_index = ?', [index]);
      return 'same';
    }
    await queries.raw(
      `UPDATE received_instance SET
         study_index = ?, series_index = ?, sop_class_uid = ?, uids = ?, file = ?, file_key = ?, byte_length = ?,
         content_index = ?, received_at = now(), removed_at = NULL, removed_because = NULL
       WHERE instance_index = ?`,
      [...values, index],
    );
    return 'kept';
  }

  /**
   * One event for each study. Which project it is for nobody knows yet, or any more: where one is irreversible, the
   * trail counts instances and names no study, so that it leads from nothing that left back to where it came from.
   */
  #tell(
    queries: Queries,
    event: 'instances-received' | 'instances-deleted',
    instances: readonly Pick<ReceivedInstance, 'StudyInstanceUID' | 'SOPClassUID'>[],
  ): void {
    if (instances.length === 0) return;
    const peer = { name: RECEIVED };
    this.#events.record(queries, async () => {
      const irreversible = await firstRow(queries, 'SELECT 1 FROM project WHERE NOT reversible LIMIT 1');
      const named = irreversible === undefined;
      const told = named ? instances : instances.map((instance) => ({ ...instance, StudyInstanceUID: '' }));
      return studiesOf(told).map((study) => ({ event, actor: SYSTEM, peer, studies: [study] }));
    });
  }

  /** What they wait for is here: they do not sit out the pause between two looks. */
  async #takeUpWaiting(queries: Queries, indexes: readonly Buffer[]): Promise<void> {
    if (indexes.length === 0) return;
    const waiting = await rows<{ id: string }>(
      queries,
      `UPDATE export_session s SET attempts = 0, next_attempt_at = now()
       WHERE s.image_source = ? AND s.state = 'waiting' AND EXISTS (
         SELECT 1 FROM session_instance i
         WHERE i.session_id = s.id AND i.state = 'missing' AND i.source_index = ANY (?::bytea[]))
       RETURNING s.id`,
      [RECEIVED, indexes],
    );
    for (const { id } of waiting) await enqueueAdvance(queries, id);
  }

  async find(StudyInstanceUID: string, SeriesInstanceUID: string | null): Promise<readonly InstanceMatch[]> {
    const series =
      SeriesInstanceUID === null ? null : this.#sealer.blindIndex('received_instance.series', SeriesInstanceUID);
    return this.#matches('study_index = ? AND (?::bytea IS NULL OR series_index = ?)', [
      this.#sealer.blindIndex('received_instance.study', StudyInstanceUID),
      series,
      series,
    ]);
  }

  keyObjects(): Promise<readonly InstanceMatch[]> {
    return this.#matches('sop_class_uid = ?', [KEY_OBJECT_SELECTION_DOCUMENT]);
  }

  async #matches(where: string, bindings: readonly unknown[]): Promise<readonly InstanceMatch[]> {
    const found = await rows<StoredRow>(
      this.#database.knex,
      `SELECT instance_index, sop_class_uid, uids FROM received_instance
       WHERE ${where} AND removed_at IS NULL ORDER BY received_at, instance_index`,
      bindings,
    );
    return found.map((row) => this.#opened(row));
  }

  #opened(row: StoredRow): ReceivedInstance {
    const opened = this.#sealer.open(row.uids, uidsContext(row.instance_index.toString('hex')));
    const uids = JSON.parse(opened.toString('utf8')) as Omit<ReceivedInstance, 'SOPClassUID'>;
    return { ...uids, SOPClassUID: row.sop_class_uid };
  }

  async open(SOPInstanceUID: string): Promise<InstanceBytes | null> {
    const index = this.#sealer.blindIndex(SOP_INSTANCE_INDEX, SOPInstanceUID);
    const row = await firstRow<{ file: string; file_key: Buffer }>(
      this.#database.knex,
      'SELECT file, file_key FROM received_instance WHERE instance_index = ? AND removed_at IS NULL',
      [index],
    );
    if (row === undefined) return null;
    if (!(await this.#files.has(row.file))) {
      this.#log.error('a received instance is recorded and its file is gone', { file: row.file });
      return null;
    }
    return this.#files.read(row.file, this.#sealer.open(row.file_key, keyContext(index.toString('hex'))));
  }

  async tidyUp(now: Date): Promise<TidiedUp> {
    const removed = await this.#database.transaction(async (queries) => {
      const found = await this.#removeRecords(queries);
      await this.#tellSessions(
        queries,
        found.filter((row) => row.removed_because === 'sessions-ended').map((row) => row.instance_index),
      );
      this.#tell(
        queries,
        'instances-deleted',
        found.map((row) => this.#opened(row)),
      );
      return found;
    });
    for (const { file } of removed) await this.#files.remove(file);
    const count = (why: string): number => removed.filter((row) => row.removed_because === why).length;
    const result = {
      sessionsEnded: count('sessions-ended'),
      unclaimed: count('unclaimed'),
      orphans: await this.#removeOrphans(now),
    };
    if (result.sessionsEnded > 0) {
      this.#log.info('received instances removed: their sessions have ended', { instances: result.sessionsEnded });
    }
    if (result.unclaimed > 0) {
      this.#log.warn('received instances removed: no selection ever named them', { instances: result.unclaimed });
    }
    if (result.orphans > 0) this.#log.info('files of interrupted requests removed', { files: result.orphans });
    return result;
  }

  /** The record stays, without the key of the file: what was removed, when and why. */
  #removeRecords(queries: Queries) {
    return rows<StoredRow & { file: string; removed_because: string }>(
      queries,
      `WITH claimed AS (
         SELECT r.instance_index, s.ended_at FROM received_instance r
           JOIN session_instance i ON i.source_index = r.instance_index
           JOIN (${SESSIONS}) s ON s.id = i.session_id WHERE r.removed_at IS NULL
         UNION ALL
         SELECT r.instance_index, s.ended_at FROM received_instance r
           JOIN key_object k ON k.image_source = ? AND k.instance_index = r.instance_index
           JOIN (${SESSIONS}) s ON s.id = k.session_id WHERE r.removed_at IS NULL
       ), needed AS (
         SELECT instance_index, bool_or(ended_at IS NULL) AS by_open_session, max(ended_at) AS last_ended_at
         FROM claimed GROUP BY instance_index
       ), verdict AS (
         SELECT r.instance_index,
           CASE WHEN n.by_open_session THEN NULL
                -- Sent again after the end: meant for a selection that is still to come.
                WHEN n.last_ended_at >= r.received_at THEN 'sessions-ended'
                WHEN r.received_at < now() - ?::double precision * interval '1 millisecond' THEN 'unclaimed' END AS because
         FROM received_instance r LEFT JOIN needed n USING (instance_index) WHERE r.removed_at IS NULL
       )
       UPDATE received_instance r SET removed_at = now(), removed_because = v.because, file_key = NULL
       FROM verdict v WHERE v.instance_index = r.instance_index AND v.because IS NOT NULL AND r.removed_at IS NULL
       RETURNING r.instance_index, r.sop_class_uid, r.uids, r.file, r.removed_because`,
      [RECEIVED, RECEIVED, RECEIVED, this.#keepUnclaimed],
    );
  }

  async #tellSessions(queries: Queries, indexes: readonly Buffer[]): Promise<void> {
    if (indexes.length === 0) return;
    await touched(
      queries,
      `INSERT INTO session_event (session_id, state, text)
       SELECT DISTINCT s.id, s.state, 'received instances removed'
       FROM export_session s JOIN session_instance i ON i.session_id = s.id
       WHERE s.image_source = ? AND i.source_index = ANY (?::bytea[])`,
      [RECEIVED, indexes],
    );
  }

  async #removeOrphans(now: Date): Promise<number> {
    const old = await this.#files.olderThan(new Date(now.getTime() - ORPHAN_AFTER_MS));
    if (old.length === 0) return 0;
    const known = await rows<{ file: string }>(
      this.#database.knex,
      'SELECT file FROM received_instance WHERE removed_at IS NULL AND file = ANY (?::uuid[])',
      [old],
    );
    const recorded = new Set(known.map(({ file }) => file));
    const orphans = old.filter((name) => !recorded.has(name));
    for (const name of orphans) await this.#files.removeLeftover(name);
    return orphans.length;
  }
}

/** Only sessions of what was received read from here. */
const SESSIONS = `SELECT id, coalesce(completed_at, closed_at) AS ended_at FROM export_session WHERE image_source = ?`;

function uidsContext(row: string): SealContext {
  return { table: 'received_instance', column: 'uids', row };
}

function keyContext(row: string): SealContext {
  return { table: 'received_instance', column: 'file_key', row };
}
