import { runMigrations } from 'graphile-worker';
import { type Log, silentLog } from '../base/log';
import { queueLogger } from './queue-log';

/** Brings the schema of the job queue up to date. To be called under the lock of our own migrations. */
export async function migrateJobs(connectionString: string, log: Log = silentLog): Promise<void> {
  await runMigrations({ connectionString, logger: queueLogger(log), maxPoolSize: 2 });
}
