import express, { type Express, type RequestHandler } from 'express';
import { errorHandler } from './errors';
import { guard, identityOf, turnAwayStrangers } from './guard';
import { notFound, Problem } from './problem';
import { requestIdOf, requestLog } from './request-log';
import type { Route, Surface } from './route';
import { siteMap } from './routes';
import { securityHeaders } from './security-headers';
import { type AppDeps, type WebContext, webContext } from './web-context';

export type { AppDeps } from './web-context';

export function createApp(deps: AppDeps): Express {
  const web = webContext(deps);
  const map = siteMap(web);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');

  app.use(requestLog(web.log));
  app.use(securityHeaders(web.publicUrl));
  add(app, web, 'api', map.api);
  add(app, web, 'page', map.pages);
  // What is left is at no address we have. Strangers do not learn even that.
  app.use(turnAwayStrangers(web), fallback([...map.api, ...map.pages]));
  app.use(errorHandler(web));
  return app;
}

function add(app: Express, web: WebContext, surface: Surface, routes: readonly Route[]): void {
  for (const route of routes) {
    const handle: RequestHandler = (request, response) =>
      route.handler(request, response, {
        requestId: requestIdOf(response),
        identity: identityOf(response),
        now: web.now(),
      });
    const chain = [...guard(web, surface, route), handle];
    if (route.method === 'GET') app.get(route.path, ...chain);
    else if (route.method === 'PUT') app.put(route.path, ...chain);
    else app.post(route.path, ...chain);
  }
}

/** 405 where the address exists for another method (RFC 9110 15.5.6), 404 otherwise. */
function fallback(routes: readonly Route[]): RequestHandler {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of routes) {
    const known = methods.get(path) ?? new Set();
    methods.set(path, known.add(method));
    if (method === 'GET') known.add('HEAD');
  }
  const router = express.Router();
  for (const [path, allowed] of methods) {
    router.all(path, (_request, response) => {
      response.set('Allow', [...allowed].join(', '));
      throw new Problem(405, 'METHOD_NOT_ALLOWED', 'This address does not take this method.');
    });
  }
  router.use(() => {
    throw notFound();
  });
  return router;
}
