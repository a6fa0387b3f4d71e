import { destroyKey } from '../project-desk';
import { maySeeProject } from '../projects';
import { actorOf, onlyKnown } from '../query';
import { can, type Handler, type Route, route } from '../route';
import type { WebContext } from '../web-context';
import { jsonBody } from './json-body';
import { sendJson } from './send-json';

export function projectRoutes({ projects }: Pick<WebContext, 'projects'>): readonly Route[] {
  const list: Handler = async (request, response, { identity }) => {
    onlyKnown(request, []);
    const found = await projects.list();
    sendJson(response, { items: found.filter(({ name }) => maySeeProject(identity, name)), nextCursor: null });
  };

  const destroy: Handler = async (request, response, { identity }) => {
    onlyKnown(request, []);
    const { confirm } = await jsonBody(request, response, ['confirm']);
    sendJson(response, await destroyKey(projects, String(request.params.name), confirm, actorOf(identity)));
  };

  return [
    route('GET', '/api/v1/projects', can('read'), list),
    route('POST', '/api/v1/projects/:name/destroy-key', can('destroy-keys'), destroy),
  ];
}
