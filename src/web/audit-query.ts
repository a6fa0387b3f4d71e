import type { Request } from 'express';
import type { AuditQuery } from '../audit/audit-event';
import { AUDIT_EVENT_NAMES } from '../audit/vocabulary';
import { Problem } from './problem';
import { cursorOf, single } from './query';

export const AUDIT_PARAMETERS = ['event', 'actor', 'session', 'from', 'to', 'limit', 'cursor'] as const;

/** The filters of a list of audit events. */
export function auditQueryOf(request: Request, limit: number): AuditQuery {
  const event = eventOf(request);
  const actor = textOf(request, 'actor');
  const session = sessionOf(request);
  const from = momentOf(request, 'from');
  const to = momentOf(request, 'to');
  const cursor = cursorOf(request);
  return {
    limit,
    ...(event === undefined ? {} : { event }),
    ...(actor === undefined ? {} : { actor }),
    ...(session === undefined ? {} : { session }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

function eventOf(request: Request) {
  const value = single(request, 'event');
  if (value === undefined) return undefined;
  const event = AUDIT_EVENT_NAMES.find((known) => known === value);
  if (event === undefined) {
    throw new Problem(400, 'BAD_EVENT', `"event" must be one of ${AUDIT_EVENT_NAMES.join(', ')}.`);
  }
  return event;
}

function textOf(request: Request, name: string): string | undefined {
  const value = single(request, name)?.trim();
  if (value === undefined || value === '') return undefined;
  if (value.length > 200 || /[\u0000-\u001f\u007f]/.test(value)) {
    throw new Problem(400, 'BAD_ACTOR', `"${name}" must be a name of at most 200 characters.`);
  }
  return value;
}

function sessionOf(request: Request): string | undefined {
  const value = single(request, 'session')?.trim();
  if (value === undefined || value === '') return undefined;
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) {
    throw new Problem(400, 'BAD_SESSION', '"session" must be the id of a session.');
  }
  return value;
}

/** A date of ISO 8601, or a date with time; without a zone in UTC. */
function momentOf(request: Request, name: string): Date | undefined {
  const value = single(request, name)?.trim();
  if (value === undefined || value === '') return undefined;
  const form = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(value);
  const moment = form === null ? Number.NaN : Date.parse(`${form[1]}T${form[2] ?? '00:00'}${form[3] ?? 'Z'}`);
  if (Number.isNaN(moment)) {
    throw new Problem(400, 'BAD_MOMENT', `"${name}" must be a date such as 2026-01-31 or 2026-01-31T12:00:00Z.`);
  }
  return new Date(moment);
}
