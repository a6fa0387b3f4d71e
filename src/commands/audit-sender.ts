import { hostname } from 'node:os';
import { sendAuditEvents } from '../jobs/audit-sender';
import { auditRepository } from '../syslog/audit-repository';
import type { Composition } from './composition';

/** Sends the audit trail to its repository, where one is configured, until told to stop. */
export async function startAuditSender(composition: Composition, signal: AbortSignal): Promise<void> {
  const { configuration, store, log } = composition;
  const { syslog } = configuration.audit;
  if (syslog === undefined) return;
  const origin = { host: hostname(), application: 'tce-export', processID: String(process.pid) };
  const { send } = auditRepository(syslog, origin, log);
  await sendAuditEvents({ outbox: store.audit, send, log }, signal);
}
