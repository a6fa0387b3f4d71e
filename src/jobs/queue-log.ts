import { Logger } from 'graphile-worker';
import type { Log } from '../base/log';

/**
 * graphile-worker's own lines go to our log. Failed tasks are left out: they are logged where they are caught, without
 * what their errors say.
 */
export function queueLogger(log: Log): Logger {
  return new Logger((scope) => (level, message, meta) => {
    if (meta?.failure === true) return;
    const fields = { worker: scope.workerId, task: scope.taskIdentifier, job: scope.jobId };
    const line = `job queue: ${message}`;
    switch (level as string) {
      case 'error':
      case 'warning':
        log.warn(line, fields);
        return;
      default:
        log.debug(line, fields);
    }
  });
}
