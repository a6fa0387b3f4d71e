import type { AuditEventLine } from '../../audit/audit-event';
import { actorOf } from '../audit-desk';
import { AUDIT_PARAMETERS, auditQueryOf } from '../audit-query';
import { Problem } from '../problem';
import { onlyTheirs } from '../projects';
import { limitOf, onlyKnown } from '../query';
import { can, type Handler, type Route, route } from '../route';
import type { WebContext } from '../web-context';

const DEFAULT_LIMIT = 50;

function eventJson(line: AuditEventLine): Record<string, unknown> {
  return {
    id: String(line.id),
    at: line.at.toISOString(),
    event: line.event,
    eventID: { code: line.eventID.code, meaning: line.eventID.meaning },
    action: line.action,
    outcome: line.outcome,
    actor: { kind: line.actor.kind, name: line.actor.name },
    session: line.session,
    project: line.project,
    sentAt: line.sentAt?.toISOString() ?? null,
  };
}

export function auditEventRoutes({ audit }: WebContext): readonly Route[] {
  const list: Handler = async (request, response, { identity }) => {
    onlyKnown(request, AUDIT_PARAMETERS);
    const page = await audit.list({
      ...auditQueryOf(request, limitOf(request, DEFAULT_LIMIT)),
      ...onlyTheirs(identity),
    });
    response
      .type('application/json')
      .send(JSON.stringify({ items: page.items.map(eventJson), nextCursor: page.nextCursor }));
  };

  const message: Handler = async (request, response, { identity }) => {
    onlyKnown(request, []);
    const id = request.params.id;
    const number = typeof id === 'string' && /^[1-9]\d{0,14}$/.test(id) ? Number(id) : null;
    const found =
      number === null ? null : await audit.message(number, actorOf(identity), onlyTheirs(identity).projects);
    if (found === null) throw new Problem(404, 'UNKNOWN_AUDIT_EVENT', 'There is no audit event with this id.');
    response.type('application/xml').send(found);
  };

  return [
    route('GET', '/api/v1/audit-events', can('read'), list),
    // The message names the real patient.
    route('GET', '/api/v1/audit-events/:id/message', can('audit'), message),
  ];
}
