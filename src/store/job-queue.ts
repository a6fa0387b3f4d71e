import { type Database, firstRow, json, type Queries, rows, touched } from './database';

/** Names of the tasks, as both sides of the queue know them. */
export const ADVANCE_SESSION = 'advance-session';
export const POLL_IMAGE_SOURCE = 'poll-image-source';

/** A failed task that is not run again by hand is run again after this long at most. */
const LONGEST_PAUSE_SECONDS = 60;
/** From here on graphile-worker's own pause, exp(attempts) seconds, would be longer than that. */
const PATIENT_ATTEMPTS = 4;

/**
 * Job key and queue of a session in one. The key keeps one waiting job for each session; the queue keeps two workers
 * from running the same session side by side.
 */
function sessionJobKey(sessionId: string): string {
  return `session:${sessionId}`;
}

function pollJobKey(imageSource: string): string {
  return `poll:${imageSource}`;
}

interface JobSpecification {
  readonly task: string;
  /** Ids and names, nothing else. */
  readonly payload: object;
  /** Job key and queue name. */
  readonly key: string;
  readonly delayMs: number;
  /** A job of this key that waits already keeps its time. */
  readonly keepTime?: boolean;
}

async function addJob(queries: Queries, job: JobSpecification): Promise<void> {
  await queries.raw(
    `SELECT 1 FROM graphile_worker.add_job(
       identifier => ?, payload => ?::json, queue_name => ?, job_key => ?, job_key_mode => ?,
       run_at => now() + ?::double precision * interval '1 millisecond')`,
    [job.task, json(job.payload), job.key, job.key, job.keepTime === true ? 'preserve_run_at' : 'replace', job.delayMs],
  );
}

/** In the transaction of the deed, so that neither is ever without the other. */
export async function enqueueAdvance(queries: Queries, sessionId: string, delayMs = 0): Promise<void> {
  await addJob(queries, { task: ADVANCE_SESSION, payload: { sessionId }, key: sessionJobKey(sessionId), delayMs });
}

/** What the workers need of the queue beyond what graphile-worker does by itself. */
export class JobQueue {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A session that was interrupted by our own end: another worker, or the next start, goes on at once. */
  async giveBack(sessionId: string): Promise<void> {
    await addJob(this.#database.knex, {
      task: ADVANCE_SESSION,
      payload: { sessionId },
      key: sessionJobKey(sessionId),
      delayMs: 0,
      keepTime: true,
    });
  }

  async schedulePoll(imageSource: string, delayMs: number): Promise<void> {
    const key = pollJobKey(imageSource);
    await addJob(this.#database.knex, { task: POLL_IMAGE_SOURCE, payload: { imageSource }, key, delayMs });
  }

  /** At a start: due one interval after the last poll, by whichever process; left alone while one runs. */
  async ensurePoll(imageSource: string, everyMs: number): Promise<void> {
    const found = await firstRow<{ running: boolean; wait: number }>(
      this.#database.knex,
      `SELECT EXISTS (SELECT 1 FROM graphile_worker.jobs WHERE queue_name = ? AND locked_at IS NOT NULL) AS running,
              coalesce((SELECT ?::double precision - extract(epoch FROM now() - last_polled_at)::double precision * 1000
                        FROM image_source_poll WHERE image_source = ?), 0) AS wait`,
      [pollJobKey(imageSource), everyMs, imageSource],
    );
    if (found !== undefined && !found.running) await this.schedulePoll(imageSource, Math.max(0, found.wait));
  }

  /**
   * Unlocks the jobs of workers that are gone: a worker that lives holds the advisory lock of its id
   * (`WorkerPresence`), and graphile-worker by itself would wait four hours. Answers the ids of the dead.
   */
  async reap(): Promise<readonly string[]> {
    const holders = await rows<{ locked_by: string }>(
      this.#database.knex,
      'SELECT DISTINCT locked_by FROM graphile_worker.jobs WHERE locked_by IS NOT NULL',
    );
    if (holders.length === 0) return [];
    return this.#database.transaction(async (queries) => {
      // Held until the end of the transaction: a worker that comes back to life waits, and finds its jobs gone.
      const dead = await rows<{ worker: string }>(
        queries,
        `SELECT worker FROM unnest(?::text[]) AS worker
         WHERE pg_try_advisory_xact_lock(hashtextextended(worker, 0))`,
        [holders.map(({ locked_by }) => locked_by)],
      );
      const ids = dead.map(({ worker }) => worker);
      if (ids.length === 0) return [];
      await queries.raw('SELECT graphile_worker.force_unlock_workers(?::text[])', [ids]);
      await queries.raw("SELECT pg_notify('jobs:insert', ?)", [json({ count: ids.length })]);
      return ids;
    });
  }

  /** What keeps the queue going and small over months. Safe to run from any number of processes. */
  async maintain(): Promise<void> {
    const { knex } = this.#database;
    // A task that keeps failing is tried about once a minute, for ever: its session is not forgotten.
    await knex.raw(
      `SELECT graphile_worker.reschedule_jobs(
         ARRAY(SELECT id FROM graphile_worker.jobs
               WHERE locked_at IS NULL AND last_error IS NOT NULL AND attempts < max_attempts AND attempts > ?
                 AND run_at > now() + ? * interval '1 second'),
         run_at => now() + ? * interval '1 second', attempts => ?)`,
      [PATIENT_ATTEMPTS, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, PATIENT_ATTEMPTS],
    );
    // Left over where a job was replaced while it ran and its worker was killed.
    await knex.raw(
      `SELECT graphile_worker.complete_jobs(
         ARRAY(SELECT id FROM graphile_worker.jobs WHERE locked_at IS NULL AND key IS NULL AND attempts >= max_attempts))`,
    );
    // A worker that lost sight of the database and finished all the same may take its job away and leave the queue
    // locked; both are always locked together otherwise.
    await knex.raw(
      `UPDATE graphile_worker._private_job_queues q SET locked_at = NULL, locked_by = NULL
       WHERE q.locked_at IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM graphile_worker._private_jobs j WHERE j.job_queue_id = q.id AND j.locked_at IS NOT NULL)`,
    );
    await this.#rescueSessions();
  }

  /** A session that is under way and has no job: no path is known that leaves one, and none may stay for ever. */
  async #rescueSessions(): Promise<void> {
    await touched(
      this.#database.knex,
      `SELECT graphile_worker.add_job(
         identifier => ?, payload => json_build_object('sessionId', s.id), queue_name => 'session:' || s.id,
         job_key => 'session:' || s.id)
       FROM export_session s
       WHERE s.state IN ('planning', 'waiting', 'queued', 'exporting') AND s.error_retryable IS NOT FALSE
         AND s.updated_at < now() - interval '1 minute'
         AND coalesce(s.next_attempt_at, s.updated_at) < now() - interval '1 minute'
         AND NOT EXISTS (SELECT 1 FROM graphile_worker.jobs j
                         WHERE j.queue_name = 'session:' || s.id
                           AND (j.locked_at IS NOT NULL OR j.attempts < j.max_attempts))`,
      [ADVANCE_SESSION],
    );
  }
}
