import { PERMISSION_FOR, SESSION_ACTIONS, type SessionAction } from '../actions';
import { Problem } from '../problem';
import { onlyTheirs } from '../projects';
import { actorOf, cursorOf, limitOf, onlyKnown, projectOf, sessionIdOf, stateOf, unknownSession } from '../query';
import { can, type Handler, type Route, route } from '../route';
import type { WebContext } from '../web-context';
import { findingJson } from './review';
import { sendJson } from './send-json';
import { eventJson, instanceJson, sessionJson } from './session-json';

const DEFAULT_LIMIT = 50;

export function sessionRoutes({ read, actions, audit, review }: WebContext): readonly Route[] {
  const existing = async (id: string) => {
    const session = await read.session(id);
    if (session === null) throw unknownSession();
    return session;
  };

  const list: Handler = async (request, response, { identity }) => {
    onlyKnown(request, ['state', 'project', 'limit', 'cursor']);
    const state = stateOf(request);
    const project = projectOf(request);
    const cursor = cursorOf(request);
    const page = await read.worklist({
      limit: limitOf(request, DEFAULT_LIMIT),
      ...onlyTheirs(identity),
      ...(state === undefined ? {} : { state }),
      ...(project === undefined ? {} : { project }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    sendJson(response, { items: page.items.map(sessionJson), nextCursor: page.nextCursor });
  };

  const show: Handler = async (request, response, { identity }) => {
    onlyKnown(request, []);
    const session = await existing(sessionIdOf(request));
    if (session.state === 'waiting') await audit.shown(session.id, actorOf(identity), 'missing instances');
    const [events, missing] = await Promise.all([
      read.events(session.id),
      session.state === 'waiting' ? read.missing(session.id) : null,
    ]);
    sendJson(response, {
      ...sessionJson(session),
      ...(missing === null ? {} : { missing }),
      events: events.map(eventJson),
    });
  };

  const instances: Handler = async (request, response) => {
    onlyKnown(request, ['limit', 'cursor']);
    const cursor = cursorOf(request);
    const limit = limitOf(request, DEFAULT_LIMIT);
    const session = await existing(sessionIdOf(request));
    const page = await read.instances(session.id, { limit, ...(cursor === undefined ? {} : { cursor }) });
    sendJson(response, { items: page.items.map(instanceJson), nextCursor: page.nextCursor });
  };

  const plan: Handler = async (request, response) => {
    onlyKnown(request, []);
    const session = await existing(sessionIdOf(request));
    const [changes, findings] = await Promise.all([read.changes(session.id), review.findings(session.id)]);
    sendJson(response, {
      findings: findings.map(findingJson),
      items: changes.map(({ path, keyword, action, rule, SOPClassUID, instances: count }) => ({
        path,
        keyword,
        action,
        rule,
        SOPClassUID,
        instances: count,
      })),
      nextCursor: null,
    });
  };

  const receipt: Handler = async (request, response) => {
    onlyKnown(request, []);
    const session = await existing(sessionIdOf(request));
    const found = await read.receipt(session.id);
    if (found === null) {
      throw new Problem(404, 'NO_RECEIPT', 'This session has no receipt: it has not been completed.');
    }
    sendJson(response, found);
  };

  const act =
    (action: SessionAction): Handler =>
    async (request, response, { identity }) => {
      onlyKnown(request, []);
      const session = await existing(sessionIdOf(request));
      const result = await actions[action](session.id, actorOf(identity));
      if (result.result === 'unknown-session') throw unknownSession();
      if (result.result === 'refused') {
        throw new Problem(409, result.reason.code, result.reason.message, result.reason.remedy);
      }
      sendJson(response, sessionJson(await existing(session.id)));
    };

  return [
    route('GET', '/api/v1/sessions', can('read'), list),
    route('GET', '/api/v1/sessions/:id', can('read'), show),
    route('GET', '/api/v1/sessions/:id/instances', can('read'), instances),
    route('GET', '/api/v1/sessions/:id/plan', can('read'), plan),
    route('GET', '/api/v1/sessions/:id/receipt', can('read'), receipt),
    ...SESSION_ACTIONS.map((action) =>
      route('POST', `/api/v1/sessions/:id/${action}`, can(PERMISSION_FOR[action]), act(action)),
    ),
  ];
}
