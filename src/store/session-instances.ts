import { cannot } from '../base/errors';
import type { Reason } from '../base/outcome';
import type { Sealer } from '../security/envelope';
import type { InstanceReference } from '../selection/export-selection';
import type { InstanceState } from '../session/export-session';
import type { DeliveredInstance, PlannedInstance, SelectedInstance } from '../session/store-port';
import { type Database, json, type Queries, rows, touched } from './database';
import { SOP_INSTANCE_INDEX } from './received-instances';

interface InstanceRow {
  ordinal: number;
  sop_class_uid: string | null;
  source: Buffer;
  state: InstanceState;
  sha256: string | null;
  byte_length: string | null;
  status: number | null;
  warning_reason: number | null;
  reason_code: string | null;
}

/** The UIDs by which the image source knows an instance. */
interface SourceUIDs {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
}

/** The referenced instances of each session, their source UIDs sealed. */
export class SessionInstances {
  readonly #database: Database;
  readonly #sealer: Sealer;

  constructor(database: Database, sealer: Sealer) {
    this.#database = database;
    this.#sealer = sealer;
  }

  async add(queries: Queries, sessionId: string, references: readonly InstanceReference[]): Promise<void> {
    await touched(
      queries,
      `INSERT INTO session_instance (session_id, ordinal, sop_class_uid, source, source_index)
       SELECT ?::uuid, new.ordinal - 1, nullif(new.sop_class_uid, ''), new.source, new.source_index
       FROM unnest(?::text[], ?::bytea[], ?::bytea[]) WITH ORDINALITY
         AS new (sop_class_uid, source, source_index, ordinal)`,
      [
        sessionId,
        references.map(({ SOPClassUID }) => SOPClassUID),
        references.map((reference, ordinal) => this.#seal(sessionId, ordinal, reference)),
        references.map(({ SOPInstanceUID }) => this.#sealer.blindIndex(SOP_INSTANCE_INDEX, SOPInstanceUID)),
      ],
    );
  }

  /** None of those whose source was erased. */
  /** Those that leave beside the selection. What the Receiver keeps already stays. */
  async replaceAdded(sessionId: string, references: readonly InstanceReference[]): Promise<void> {
    const indexes = references.map(({ SOPInstanceUID }) => this.#sealer.blindIndex(SOP_INSTANCE_INDEX, SOPInstanceUID));
    await this.#database.transaction(async (queries) => {
      // One planning at a time: the ordinals follow one another.
      await rows(queries, 'SELECT 1 FROM export_session WHERE id = ? FOR UPDATE', [sessionId]);
      await touched(
        queries,
        `DELETE FROM session_instance WHERE session_id = ? AND added AND state <> 'delivered'
           AND source_index <> ALL (?::bytea[])`,
        [sessionId, indexes],
      );
      const there = await rows<{ ordinal: number; source_index: Buffer | null }>(
        queries,
        'SELECT ordinal, source_index FROM session_instance WHERE session_id = ?',
        [sessionId],
      );
      let next = there.reduce((most, { ordinal }) => Math.max(most, ordinal + 1), 0);
      for (const [at, reference] of references.entries()) {
        const index = indexes[at]!;
        if (there.some(({ source_index }) => source_index?.equals(index) === true)) continue;
        await touched(
          queries,
          `INSERT INTO session_instance (session_id, ordinal, sop_class_uid, source, source_index, added)
           VALUES (?, ?, nullif(?, ''), ?, ?, true)`,
          [sessionId, next, reference.SOPClassUID, this.#seal(sessionId, next, reference), index],
        );
        next += 1;
      }
      await touched(
        queries,
        `UPDATE export_session SET count_selected = n.selected
         FROM (SELECT count(*) AS selected FROM session_instance WHERE session_id = ?) n
         WHERE id = ? AND count_selected <> n.selected`,
        [sessionId, sessionId],
      );
    });
  }

  async of(sessionId: string): Promise<readonly SelectedInstance[]> {
    const found = await rows<InstanceRow>(
      this.#database.knex,
      `SELECT ordinal, sop_class_uid, source, state, sha256, byte_length, status, warning_reason, reason_code
       FROM session_instance WHERE session_id = ? AND source IS NOT NULL ORDER BY ordinal`,
      [sessionId],
    );
    return found.map((row) => ({
      ordinal: row.ordinal,
      SOPClassUID: row.sop_class_uid ?? '',
      ...this.openSource(sessionId, row),
      state: row.state,
      sha256: row.sha256,
      byteLength: row.byte_length === null ? null : Number(row.byte_length),
      status: row.status,
      warningReason: row.warning_reason,
      ...(row.reason_code === null ? {} : { reasonCode: row.reason_code }),
    }));
  }

  openSource(sessionId: string, row: { readonly ordinal: number; readonly source: Buffer }): SourceUIDs {
    const opened = this.#sealer.open(row.source, sourceContext(sessionId, row.ordinal));
    return JSON.parse(opened.toString('utf8')) as SourceUIDs;
  }

  #seal(sessionId: string, ordinal: number, source: SourceUIDs): Buffer {
    const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = source;
    const plain = Buffer.from(json({ StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID }), 'utf8');
    return this.#sealer.seal(plain, sourceContext(sessionId, ordinal));
  }

  /** What was delivered stays delivered: planning it again changes nothing at the Receiver. */
  async recordPlanned(sessionId: string, planned: readonly PlannedInstance[]): Promise<void> {
    await this.#database.transaction(async (queries) => {
      await this.#placeInSeries(queries, sessionId, planned);
      await touched(
        queries,
        `UPDATE session_instance i SET
           state = new.state, reason_code = new.reason_code, reason_message = new.reason_message,
           reason_remedy = new.reason_remedy, target_study_instance_uid = new.study, target_series_instance_uid = new.series,
           target_sop_instance_uid = new.instance, sha256 = new.sha256, byte_length = new.byte_length, planned_at = now()
         FROM unnest(?::integer[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                     ?::bigint[])
           AS new (ordinal, state, reason_code, reason_message, reason_remedy, study, series, instance, sha256, byte_length)
         WHERE i.session_id = ? AND i.ordinal = new.ordinal AND i.state <> 'delivered'`,
        [
          planned.map(({ ordinal }) => ordinal),
          planned.map(({ state }) => state),
          planned.map(({ reason }) => reason?.code ?? null),
          planned.map(({ reason }) => reason?.message ?? null),
          planned.map(({ reason }) => reason?.remedy ?? null),
          planned.map(({ target }) => target?.StudyInstanceUID ?? null),
          planned.map(({ target }) => target?.SeriesInstanceUID ?? null),
          planned.map(({ target }) => target?.SOPInstanceUID ?? null),
          planned.map(({ sha256 }) => sha256),
          planned.map(({ byteLength }) => byteLength),
          sessionId,
        ],
      );
      await touched(
        queries,
        `UPDATE export_session s SET
           count_retrieved = n.retrieved, count_deidentified = n.deidentified, count_delivered = n.delivered,
           count_quarantined = n.quarantined, updated_at = now()
         FROM (SELECT count(*) FILTER (WHERE state IN ('planned', 'quarantined', 'delivered')) AS retrieved,
                      count(*) FILTER (WHERE state IN ('planned', 'delivered')) AS deidentified,
                      count(*) FILTER (WHERE state = 'delivered') AS delivered,
                      count(*) FILTER (WHERE state = 'quarantined') AS quarantined
               FROM session_instance WHERE session_id = ?) n
         WHERE s.id = ?`,
        [sessionId, sessionId],
      );
    });
  }

  /** The image source, asked, keeps some in another series than the manifest said. */
  async #placeInSeries(queries: Queries, sessionId: string, planned: readonly PlannedInstance[]): Promise<void> {
    const seriesOf = new Map<number, string>();
    for (const { ordinal, sourceSeriesInstanceUID: series } of planned) {
      if (series !== undefined) seriesOf.set(ordinal, series);
    }
    if (seriesOf.size === 0) return;
    const stored = await rows<{ ordinal: number; source: Buffer }>(
      queries,
      `SELECT ordinal, source FROM session_instance
       WHERE session_id = ? AND ordinal = ANY (?::integer[]) AND source IS NOT NULL`,
      [sessionId, [...seriesOf.keys()]],
    );
    const moved: { ordinal: number; source: Buffer }[] = [];
    for (const row of stored) {
      const source = this.openSource(sessionId, row);
      const SeriesInstanceUID = seriesOf.get(row.ordinal);
      if (SeriesInstanceUID === undefined || SeriesInstanceUID === source.SeriesInstanceUID) continue;
      moved.push({
        ordinal: row.ordinal,
        source: this.#seal(sessionId, row.ordinal, { ...source, SeriesInstanceUID }),
      });
    }
    if (moved.length === 0) return;
    await touched(
      queries,
      `UPDATE session_instance i SET source = new.source
       FROM unnest(?::integer[], ?::bytea[]) AS new (ordinal, source)
       WHERE i.session_id = ? AND i.ordinal = new.ordinal`,
      [moved.map(({ ordinal }) => ordinal), moved.map(({ source }) => source), sessionId],
    );
  }

  /** Safe to repeat: the first record of an instance stands. */
  async recordDelivered(sessionId: string, delivered: readonly DeliveredInstance[]): Promise<void> {
    if (delivered.length === 0) return;
    await this.#database.transaction(async (queries) => {
      const found = await rows<{ state: InstanceState }>(
        queries,
        `SELECT state FROM session_instance WHERE session_id = ? AND ordinal = ANY (?::integer[])
           AND state IN ('planned', 'delivered') ORDER BY ordinal FOR UPDATE`,
        [sessionId, delivered.map(({ ordinal }) => ordinal)],
      );
      if (found.length !== new Set(delivered.map(({ ordinal }) => ordinal)).size) {
        throw cannot('NOT_PLANNED', 'an instance is reported as delivered that was not ready to leave');
      }
      await touched(
        queries,
        `WITH changed AS (
           UPDATE session_instance i SET
             state = 'delivered', delivered_at = now(), status = new.status, warning_reason = new.warning_reason,
             reason_code = NULL, reason_message = NULL, reason_remedy = NULL
           FROM unnest(?::integer[], ?::integer[], ?::integer[]) AS new (ordinal, status, warning_reason)
           WHERE i.session_id = ? AND i.ordinal = new.ordinal AND i.state = 'planned'
           RETURNING 1)
         UPDATE export_session SET
           count_delivered = count_delivered + (SELECT count(*) FROM changed), updated_at = now()
         WHERE id = ?`,
        [
          delivered.map(({ ordinal }) => ordinal),
          delivered.map(({ status }) => status),
          delivered.map(({ warningReason }) => warningReason),
          sessionId,
          sessionId,
        ],
      );
    });
  }

  async recordRefused(
    sessionId: string,
    refused: readonly { readonly ordinal: number; readonly reason: Reason }[],
  ): Promise<void> {
    await this.#database.transaction(async (queries) => {
      await touched(
        queries,
        `UPDATE session_instance i SET
           reason_code = new.code, reason_message = new.message, reason_remedy = new.remedy
         FROM unnest(?::integer[], ?::text[], ?::text[], ?::text[]) AS new (ordinal, code, message, remedy)
         WHERE i.session_id = ? AND i.ordinal = new.ordinal AND i.state = 'planned'`,
        [
          refused.map(({ ordinal }) => ordinal),
          refused.map(({ reason }) => reason.code),
          refused.map(({ reason }) => reason.message),
          refused.map(({ reason }) => reason.remedy ?? null),
          sessionId,
        ],
      );
      // Those with a reason that are still to be delivered: none, once a later try got them all through.
      await touched(
        queries,
        `UPDATE export_session SET updated_at = now(), count_refused =
           (SELECT count(*) FROM session_instance WHERE session_id = ? AND state = 'planned' AND reason_code IS NOT NULL)
         WHERE id = ?`,
        [sessionId, sessionId],
      );
    });
  }

  /** All of it is to be delivered again. */
  async forgetDeliveries(queries: Queries, sessionId: string): Promise<void> {
    await touched(
      queries,
      `UPDATE session_instance SET state = 'planned', delivered_at = NULL, status = NULL, warning_reason = NULL
       WHERE session_id = ? AND state = 'delivered'`,
      [sessionId],
    );
    await touched(queries, 'UPDATE export_session SET count_delivered = 0, delivery = delivery + 1 WHERE id = ?', [
      sessionId,
    ]);
  }

  async recordLost(sessionId: string, ordinals: readonly number[]): Promise<void> {
    if (ordinals.length === 0) return;
    await touched(
      this.#database.knex,
      `WITH changed AS (
         UPDATE session_instance SET state = 'planned', delivered_at = NULL, status = NULL, warning_reason = NULL
         WHERE session_id = ? AND ordinal = ANY (?::integer[]) AND state = 'delivered'
         RETURNING 1)
       UPDATE export_session SET count_delivered = count_delivered - (SELECT count(*) FROM changed), updated_at = now()
       WHERE id = ?`,
      [sessionId, [...ordinals], sessionId],
    );
  }
}

function sourceContext(sessionId: string, ordinal: number) {
  return { table: 'session_instance', column: 'source', row: `${sessionId} ${ordinal}` };
}
