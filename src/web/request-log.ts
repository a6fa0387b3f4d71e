import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { Log } from '../base/log';

/** Set by the guard of the matching route; requests that match none have no pattern to log. */
export function setRoutePattern(response: Response, pattern: string): void {
  response.locals.routePattern = pattern;
}

export function requestIdOf(response: Response): string {
  return String(response.locals.requestId);
}

export function routePatternOf(response: Response): string {
  return typeof response.locals.routePattern === 'string' ? response.locals.routePattern : '(none)';
}

/** One line for each request: the pattern of the route and never the address, which may hold anything. */
export function requestLog(log: Log): RequestHandler {
  return (request, response, next) => {
    const started = process.hrtime.bigint();
    const requestId = randomUUID();
    response.locals.requestId = requestId;
    response.set('X-Request-Id', requestId);
    response.once('close', () => {
      log.info('request', {
        requestId,
        method: request.method,
        route: routePatternOf(response),
        status: response.writableFinished ? response.statusCode : 499,
        ms: Math.round(Number(process.hrtime.bigint() - started) / 1e4) / 100,
      });
    });
    next();
  };
}
