import type { AuditActor, AuditEventLine, AuditQuery } from '../audit/audit-event';
import type { Page } from '../session/store-port';
import type { Identity } from './authentication';

/** What the pages and the API ask of the audit trail. */
export interface AuditDesk {
  list(query: AuditQuery): Promise<Page<AuditEventLine>>;
  /** The audit message itself, which names the patient; null where there is no such event. The reading is recorded. */
  message(id: number, actor: AuditActor, projects?: readonly string[]): Promise<string | null>;
  /** To be told before identifiers of a session's source are shown. */
  shown(sessionId: string, actor: AuditActor, what: string): Promise<void>;
}

/** A page that loads itself again every few seconds tells the same thing: once in this time. */
const SHOWN_AGAIN_MS = 10 * 60_000;
const MOST_REMEMBERED = 10_000;

/** Tells the audit trail that somebody is shown identifiers: each session to each person once in ten minutes. */
export function onceInAWhile(desk: AuditDesk, now: () => Date): AuditDesk {
  const told = new Map<string, number>();
  return {
    ...desk,
    shown: async (sessionId, actor, what) => {
      const key = JSON.stringify([sessionId, actor.kind, actor.name, what]);
      const at = now().getTime();
      const before = told.get(key);
      if (before !== undefined && at - before < SHOWN_AGAIN_MS) return;
      await desk.shown(sessionId, actor, what);
      if (told.size >= MOST_REMEMBERED) told.clear();
      told.set(key, at);
    },
  };
}

export function actorOf(identity: Identity | null): AuditActor {
  return { kind: identity?.kind ?? 'person', name: identity?.name ?? '' };
}
