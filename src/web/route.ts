import type { Request, Response } from 'express';
import type { Identity } from './authentication';
import type { Permission } from './permissions';

export type Method = 'GET' | 'POST' | 'PUT';

/** `anyone` has to be said; there is no default. */
export type Access =
  | { readonly access: 'anyone' }
  | { readonly access: 'signed-in' }
  | { readonly access: 'can'; readonly permission: Permission };

export const anyone: Access = { access: 'anyone' };
/** A person in a browser, whatever their role. */
export const signedIn: Access = { access: 'signed-in' };
export function can(permission: Permission): Access {
  return { access: 'can', permission };
}

export interface RequestContext {
  readonly requestId: string;
  /** null only where the route is open to anyone. */
  readonly identity: Identity | null;
  readonly now: Date;
}

export type Handler = (request: Request, response: Response, context: RequestContext) => Promise<void> | void;

export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly access: Access;
  readonly handler: Handler;
  /** Its form has more fields, and longer ones, than others. */
  readonly longForm?: true;
}

/** `route('GET', '/sessions/:id', can('read'), showSession)`: the sentence that says who may do what. */
export function route(method: Method, path: string, access: Access, handler: Handler): Route {
  return { method, path, access, handler };
}

export function longForm(form: Route): Route {
  return { ...form, longForm: true };
}

/** How a route answers those it turns away: `page` leads to the sign-in form, `api` answers problem details. */
export type Surface = 'page' | 'api';

export interface SiteMap {
  readonly pages: readonly Route[];
  readonly api: readonly Route[];
}
