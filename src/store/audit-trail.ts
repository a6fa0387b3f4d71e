import type { AuditActor, AuditEvent, AuditEventLine, AuditQuery } from '../audit/audit-event';
import type { AuditSource } from '../audit/audit-message';
import type { Page } from '../session/store-port';
import type { AuditEvents } from './audit-events';
import type { PeerAddresses, SessionAudit } from './session-audit';

/** How this installation tells the audit trail of itself and its peers. */
export interface AuditOptions {
  readonly source: AuditSource;
  readonly addresses: PeerAddresses;
}

export const UNNAMED_AUDIT: AuditOptions = {
  source: { sourceID: 'tce-export-manager', host: 'localhost' },
  addresses: { imageSource: () => undefined, receiver: () => undefined },
};

/** The audit trail as the rest of the server sees it. */
export interface AuditTrail {
  /** In a transaction of its own: what happened outside of the database, or is about to be shown. */
  record(events: readonly AuditEvent[]): Promise<void>;
  /** Identifiers of a session's source are about to be shown. */
  shown(sessionId: string, actor: AuditActor, what: string): Promise<void>;
  list(query: AuditQuery): Promise<Page<AuditEventLine>>;
  message(id: number, actor: AuditActor, projects?: readonly string[]): Promise<string | null>;
  deliver: AuditEvents['deliver'];
  verify: AuditEvents['verify'];
  noteConfiguration(configuration: unknown): Promise<void>;
}

export function auditTrailOf(events: AuditEvents, sessions: SessionAudit): AuditTrail {
  return {
    record: (list) => events.recordNow(list),
    shown: (sessionId, actor, what) => sessions.shown(sessionId, actor, what),
    list: (query) => events.list(query),
    message: (id, actor, projects) => events.message(id, actor, projects),
    deliver: (limit, send) => events.deliver(limit, send),
    verify: () => events.verify(),
    noteConfiguration: (configuration) => events.noteConfiguration(configuration),
  };
}
