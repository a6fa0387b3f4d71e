import type { AuditEventLine } from '../../audit/audit-event';
import { AUDIT_EVENT_NAMES, auditRule } from '../../audit/vocabulary';
import { auditQueryOf } from '../audit-query';
import { href } from '../page';
import { onlyTheirs } from '../projects';
import { single } from '../query';
import { can, type Handler, type Route, route } from '../route';
import type { WebContext } from '../web-context';
import { cut } from '../words/text';
import { moment } from '../words/time';

const ROWS = 50;
const FILTERS = ['event', 'actor', 'session', 'from', 'to'] as const;

// PS3.15 A.5.1, EventOutcomeIndicator.
const OUTCOMES = { 0: 'Done', 4: 'Minor failure', 8: 'Serious failure', 12: 'Major failure' } as const;
const ACTORS = { person: '', token: 'token ', system: '' } as const;

/** What was done, and by whom: without any identifier of a patient. */
export function auditPage(web: WebContext): readonly Route[] {
  const show: Handler = async (request, response, { identity, now }) => {
    const query = { ...auditQueryOf(request, ROWS), ...onlyTheirs(identity) };
    const { items, nextCursor } = await web.audit.list(query);
    const asked = Object.fromEntries(FILTERS.map((name) => [name, single(request, name)]));
    web.pages.send(
      response,
      identity,
      'audit',
      { title: 'Audit trail' },
      {
        rows: items.map((line) => auditRow(line, now)),
        asked: Object.fromEntries(FILTERS.map((name) => [name, asked[name] ?? ''])),
        filtered: FILTERS.some((name) => asked[name] !== undefined),
        events: AUDIT_EVENT_NAMES.map((name) => ({
          name,
          words: auditRule(name).words,
          chosen: name === asked.event,
        })),
        firstHref: query.cursor === undefined ? null : href('/audit', asked),
        nextHref: nextCursor === null ? null : href('/audit', { ...asked, cursor: nextCursor }),
      },
    );
  };
  return [route('GET', '/audit', can('audit'), show)];
}

function auditRow(line: AuditEventLine, now: Date) {
  return {
    id: line.id,
    at: moment(line.at, now),
    words: auditRule(line.event).words,
    code: `${line.eventID.code} ${line.eventID.meaning}`,
    outcome: OUTCOMES[line.outcome],
    failed: line.outcome !== 0,
    actor: `${ACTORS[line.actor.kind]}${cut(line.actor.name, 60)}`,
    session: line.session === null ? null : { href: `/sessions/${line.session}`, words: line.session.slice(0, 8) },
    project: line.project === null ? null : cut(line.project, 60),
    sent: line.sentAt === null ? null : moment(line.sentAt, now),
  };
}
