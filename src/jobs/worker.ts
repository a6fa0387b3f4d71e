import { EventEmitter } from 'node:events';
import { makeWorkerUtils, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import { Fault } from '../base/errors';
import { faultFields, type Log } from '../base/log';
import { advanceSession } from './advance-session';
import { type PollSettings, pollImageSource } from './poll-image-source';
import type { PollRecords, Presence, Queue, Tasks } from './ports';
import { queueLogger } from './queue-log';

/**
 * How often a worker looks for jobs that nobody told it of: those that became due or were unlocked, and those it did
 * not see because another worker looked in the same moment (a look locks the queues of all sessions that wait).
 */
const LOOK_EVERY_MS = 300;
const REPLACE_AFTER_MS = 1_000;
const REAP_EVERY_MS = 3_000;
const MAINTAIN_EVERY_MS = 60_000;
/** How long what runs may take to stop. */
const STOP_PATIENCE_MS = 10_000;

export interface WorkerOptions {
  readonly connectionString: string;
  /** Jobs at a time. */
  readonly concurrency: number;
  readonly tasks: Tasks;
  readonly polls: readonly PollSettings[];
  readonly presence: Presence;
  readonly queue: Queue;
  readonly records: PollRecords;
  readonly log: Log;
  /** Aborted: the worker stops, as by `stop()`. */
  readonly signal?: AbortSignal;
}

export interface RunningWorker {
  /** Takes no more jobs, stops what runs, and hands it back. Safe to call twice. */
  stop(): Promise<void>;
}

/** Runs jobs until told to stop. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const worker = new Worker(options);
  await worker.start();
  options.signal?.addEventListener('abort', () => void worker.stop(), { once: true });
  if (options.signal?.aborted === true) await worker.stop();
  return worker;
}

class Worker implements RunningWorker {
  readonly #options: WorkerOptions;
  readonly #taskList: TaskList;
  readonly #stopping = new AbortController();
  /** Aborted when our presence is lost: others may run what we run. */
  #present = new AbortController();
  readonly #runners = new Set<Runner>();
  #housekeeping: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { tasks, queue, records, polls, log } = options;
    const stopping = this.#stopping.signal;
    this.#taskList = {
      'advance-session': this.#guarded('advance-session', advanceSession(tasks['advance-session'], queue, stopping)),
      'poll-image-source': this.#guarded(
        'poll-image-source',
        pollImageSource(tasks['poll-image-source'], polls, { queue, records, log }, stopping),
      ),
    };
  }

  async start(): Promise<void> {
    const { presence, queue, polls, concurrency, log } = this.#options;
    presence.onLost(() => {
      this.#present.abort(new Fault('PRESENCE_LOST', 'could-not', 'the connection to the database was lost'));
      this.#present = new AbortController();
    });
    await queue.reap();
    await queue.maintain();
    for (const { imageSource, every } of polls) await queue.ensurePoll(imageSource, every);
    await this.#addRunner(concurrency);
    this.#housekeeping = this.#keepHouse();
    log.info('worker started', { concurrency });
  }

  /** What a task's error says may hold anything; the queue stores it. Only a Fault's words get there. */
  #guarded(task: string, work: (payload: unknown, signal: AbortSignal) => Promise<void>) {
    return async (payload: unknown): Promise<void> => {
      try {
        await work(payload, AbortSignal.any([this.#stopping.signal, this.#present.signal]));
      } catch (error) {
        this.#options.log.error('task failed', { task, ...faultFields(error), at: placeOf(error) });
        const said = error instanceof Fault ? `${error.code}: ${error.message}` : 'unexpected error';
        const told = new Error(said);
        told.stack = said;
        throw told;
      }
    };
  }

  async #addRunner(concurrency: number): Promise<void> {
    const { connectionString, presence, log } = this.#options;
    const events = new EventEmitter() as WorkerEvents;
    events.on('worker:create', ({ worker }) => presence.announce(worker.workerId));
    // graphile-worker gives a worker up when the end of a job cannot be written. Its jobs are freed, and it is replaced.
    events.on('worker:fatalError', ({ worker }) => {
      log.warn('worker gave up and is replaced', { worker: worker.workerId });
      void presence.retire(worker.workerId);
      void this.#replace();
    });
    const runner = await run({
      connectionString,
      concurrency,
      // One for each worker, one that listens, one to spare.
      maxPoolSize: concurrency + 2,
      pollInterval: LOOK_EVERY_MS,
      noHandleSignals: true,
      logger: queueLogger(log),
      events,
      taskList: this.#taskList,
      parsedCronItems: [],
      // Asked before each look for a job: none is taken while the others could not see that we live.
      forbiddenFlags: async () => {
        await presence.held();
        return null;
      },
    });
    runner.promise.catch((error) => log.warn('workers ended', faultFields(error)));
    this.#runners.add(runner);
  }

  async #replace(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#pause(REPLACE_AFTER_MS);
      try {
        if (!this.#stopping.signal.aborted) await this.#addRunner(1);
        return;
      } catch (error) {
        this.#options.log.warn('worker cannot be replaced yet', faultFields(error));
      }
    }
  }

  async #keepHouse(): Promise<void> {
    const { queue, log } = this.#options;
    let maintained = Date.now();
    for (;;) {
      await this.#pause(REAP_EVERY_MS);
      if (this.#stopping.signal.aborted) return;
      try {
        const dead = await queue.reap();
        if (dead.length > 0) log.info('jobs of dead workers are free again', { workers: dead.length });
        if (Date.now() - maintained > MAINTAIN_EVERY_MS) {
          maintained = Date.now();
          await queue.maintain();
          await this.#dropUnusedQueues();
        }
      } catch (error) {
        log.warn('job queue could not be looked after', faultFields(error));
      }
    }
  }

  /** Each session has a queue of its own, and each look for a job looks at every queue. */
  async #dropUnusedQueues(): Promise<void> {
    const { connectionString, log } = this.#options;
    const utils = await makeWorkerUtils({ connectionString, logger: queueLogger(log), maxPoolSize: 1 });
    try {
      await utils.cleanup({ tasks: ['GC_JOB_QUEUES'] });
    } finally {
      await utils.release();
    }
  }

  #pause(milliseconds: number): Promise<void> {
    const { signal } = this.#stopping;
    return new Promise((resolve) => {
      const timer = setTimeout(done, milliseconds);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      if (signal.aborted) done();
      else signal.addEventListener('abort', done);
    });
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { presence, log } = this.#options;
    // First no more jobs, then an end to those that run: what is handed back must not be taken up by ourselves again.
    const ended = Promise.all([...this.#runners].map((runner) => runner.stop().catch(() => undefined)));
    this.#stopping.abort(new Fault('STOPPING', 'could-not', 'the server is stopping'));
    await this.#housekeeping;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), STOP_PATIENCE_MS);
    });
    if ((await Promise.race([ended, late])) === 'late')
      log.warn('a task did not stop in time; another worker takes it over');
    clearTimeout(timer);
    await presence.close();
    log.info('worker stopped');
  }
}

/** Where it was thrown, without what was said: the frames of the stack. */
function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return frames
    .slice(0, 4)
    .map((line) => line.trim())
    .join(' < ');
}
