import type { ReadModels } from '../session/store-port';
import { Problem } from './problem';
import { anyone, type Route, route } from './route';

const READY_WITHIN_MS = 5_000;

export function healthRoutes(read: ReadModels): readonly Route[] {
  return [
    route('GET', '/healthz', anyone, (_request, response) => {
      response.json({ status: 'ok' });
    }),
    route('GET', '/readyz', anyone, async (_request, response) => {
      if (!(await isReady(read))) {
        throw new Problem(503, 'NOT_READY', 'The server cannot reach its database.');
      }
      response.json({ status: 'ready' });
    }),
  ];
}

/** A database that neither answers nor refuses is not a ready one. */
async function isReady(read: ReadModels): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), READY_WITHIN_MS);
  });
  try {
    return await Promise.race([read.ready(), tooLate]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
