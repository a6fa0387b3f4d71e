import { silentLog } from '../../../src/base/log';
import { startWorker } from '../../../src/jobs/worker';
import { Database } from '../../../src/store/database';
import { ImageSourcePolls } from '../../../src/store/image-source-polls';
import { JobQueue } from '../../../src/store/job-queue';
import { WorkerPresence } from '../../../src/store/worker-presence';

/** A worker whose tasks begin and never end, unless told to stop. */
async function main(url: string): Promise<void> {
  const database = new Database(url);
  const forever = (signal: AbortSignal): Promise<void> =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  const worker = await startWorker({
    connectionString: url,
    concurrency: 2,
    tasks: {
      'advance-session': ({ sessionId }, signal) => {
        process.stdout.write(`began ${sessionId}\n`);
        return forever(signal);
      },
      'poll-image-source': async () => undefined,
    },
    polls: [],
    presence: new WorkerPresence(database),
    queue: new JobQueue(database),
    records: new ImageSourcePolls(database, { record: () => undefined }),
    log: silentLog,
  });
  process.on('SIGTERM', () => void worker.stop().then(() => process.exit(0)));
  process.stdout.write('ready\n');
}

void main(process.argv[2] ?? '');
