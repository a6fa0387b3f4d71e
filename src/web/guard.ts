import express, { type Request, type RequestHandler, type Response } from 'express';
import { type Credentials, type Identity, readCredentials } from './authentication';
import { comesFromOwnPage, FORM_TOKEN_FIELD, isFormToken } from './form-token';
import { href } from './page';
import { Problem } from './problem';
import { requireProject } from './projects';
import { setRoutePattern } from './request-log';
import type { Access, Route, Surface } from './route';
import type { WebContext } from './web-context';

/** Addresses that machines use; everything else is a page. */
export function surfaceOf(path: string): Surface {
  return /^\/(api|dicom-web|returns|metrics|healthz|readyz)(\/|$)/i.test(path) ? 'api' : 'page';
}

const readForm: RequestHandler = express.urlencoded({ extended: false, limit: '16kb', parameterLimit: 20 });
const readLongForm: RequestHandler = express.urlencoded({ extended: false, limit: '256kb', parameterLimit: 100 });

/** All that stands before the handler of one route. */
export function guard(web: WebContext, surface: Surface, route: Route): readonly RequestHandler[] {
  const named: RequestHandler = (_request, response, next) => {
    setRoutePattern(response, route.path);
    next();
  };
  const admitted: RequestHandler = async (request, response, next) => {
    if (route.access.access === 'anyone') return next();
    const credentials = await credentialsOf(web, surface, request);
    if (credentials.found !== 'identity') return turnAway(surface, credentials, request, response);
    response.locals.identity = credentials.identity;
    requireAccess(route.access, credentials, response);
    await requireProject(web, route, request, credentials.identity);
    next();
  };
  if (surface === 'api' || route.method === 'GET') return [named, admitted];

  const ownForm: RequestHandler = (request, response, next) => {
    const secret = response.locals.identity?.sessionToken;
    if (typeof secret === 'string' && !isOwnForm(web, request, secret)) throw formExpired();
    next();
  };
  return [named, admitted, route.longForm === true ? readLongForm : readForm, ownForm];
}

export function identityOf(response: Response): Identity | null {
  return (response.locals.identity as Identity | undefined) ?? null;
}

/** For what no route matches. */
export function turnAwayStrangers(web: WebContext): RequestHandler {
  return async (request, response, next) => {
    const surface = surfaceOf(request.path);
    const credentials = await credentialsOf(web, surface, request);
    if (credentials.found !== 'identity') return turnAway(surface, credentials, request, response);
    response.locals.identity = credentials.identity;
    next();
  };
}

export function isOwnForm(web: WebContext, request: Request, secret: string): boolean {
  return comesFromOwnPage(request, web.publicUrl) && isFormToken(request.body?.[FORM_TOKEN_FIELD], secret);
}

function formExpired(): Problem {
  return new Problem(
    403,
    'FORM_EXPIRED',
    'This form was not sent, because it does not belong to your present sign-in.',
    'Go back, load the page again and repeat what you did.',
  );
}

function credentialsOf(web: WebContext, surface: Surface, request: Request): Promise<Credentials> {
  const reading = request.method === 'GET' || request.method === 'HEAD';
  return readCredentials(request, web.authentication, web.cookies, {
    bearer: surface === 'api' || reading,
    cookie: surface === 'page',
  });
}

function turnAway(surface: Surface, credentials: Credentials, request: Request, response: Response): void {
  if (surface === 'page' && credentials.found === 'none') {
    const back = request.method === 'GET' && request.originalUrl !== '/' && request.originalUrl.length <= 1000;
    response.redirect(303, href('/sign-in', { to: back ? request.originalUrl : undefined }));
    return;
  }
  // RFC 6750 3: why a token was refused is said only where one was sent.
  const invalid = credentials.found === 'invalid-token';
  response.set('WWW-Authenticate', `Bearer realm="tce-export"${invalid ? ', error="invalid_token"' : ''}`);
  throw invalid
    ? new Problem(401, 'INVALID_TOKEN', 'The Bearer token is not a valid one.')
    : new Problem(
        401,
        'NOT_SIGNED_IN',
        'This address needs a Bearer token.',
        'Send "Authorization: Bearer …" with a token of apiTokens.',
      );
}

function requireAccess(access: Access, credentials: Credentials & { found: 'identity' }, response: Response): void {
  if (access.access !== 'can') return;
  const { identity } = credentials;
  if (identity.permissions.has(access.permission)) return;
  if (identity.kind === 'token') {
    response.set(
      'WWW-Authenticate',
      `Bearer realm="tce-export", error="insufficient_scope", scope="${access.permission}"`,
    );
    throw new Problem(403, 'INSUFFICIENT_SCOPE', `The token lacks the scope "${access.permission}".`);
  }
  throw new Problem(403, 'NOT_ALLOWED', 'Your role does not allow this.', 'Ask an administrator if you need it.');
}
