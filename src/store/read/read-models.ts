import type { ReadModels } from '../../session/store-port';
import type { AttributeChanges } from '../attribute-changes';
import { type Database, isId } from '../database';
import type { EventNotes } from '../event-notes';
import type { ImageSourcePolls } from '../image-source-polls';
import { isMigrated } from '../migrations';
import type { SessionInstances } from '../session-instances';
import type { Sessions } from '../sessions';
import { instanceLines, missingInstances, receiptOf, sessionById, sessionEvents } from './session-page';
import { countsByState, worklist } from './worklist';

const READY_TIMEOUT_MS = 2_000;

/** One query for each screen. An id that is none is a session that does not exist. */
export function readModelsOf(
  database: Database,
  parts: {
    readonly instances: SessionInstances;
    readonly changes: AttributeChanges;
    readonly polls: ImageSourcePolls;
    readonly notes: EventNotes;
    readonly sessions: Pick<Sessions, 'awaitedCopies'>;
  },
): ReadModels {
  return {
    worklist: (query) => worklist(database, query),
    countsByState: (projects) => countsByState(database, projects),
    session: async (id) => (isId(id) ? sessionById(database, id) : null),
    instances: async (id, page) => (isId(id) ? instanceLines(database, id, page) : { items: [], nextCursor: null }),
    missing: async (id) =>
      isId(id)
        ? [...(await parts.sessions.awaitedCopies(id)), ...(await missingInstances(database, parts.instances, id))]
        : [],
    changes: async (id) => (isId(id) ? parts.changes.of(id) : []),
    events: async (id) => (isId(id) ? sessionEvents(database, parts.notes, id) : []),
    receipt: async (id) => (isId(id) ? receiptOf(database, id) : null),
    polls: () => parts.polls.all(),
    ready: () => answersInTime(database),
  };
}

async function answersInTime(database: Database): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), READY_TIMEOUT_MS);
  });
  try {
    return await Promise.race([isMigrated(database).catch(() => false), late]);
  } finally {
    clearTimeout(timer);
  }
}
