import type { Request } from 'express';
import { type CookieNames, readCookie } from './cookies';
import { type Permission, permissionsOfRole, permissionsOfScopes } from './permissions';

export interface ApiTokenHolder {
  readonly name: string;
  readonly scopes: readonly string[];
  /** Names of the projects that it may see; null or left out: all of them. */
  readonly projects?: readonly string[] | null;
}

export interface SignedInUser {
  readonly username: string;
  readonly role: string;
  /** Names of the projects that the user may see; null or left out: all of them. */
  readonly projects?: readonly string[] | null;
}

export interface NewSignIn extends SignedInUser {
  /** Goes into the cookie of the browser and nowhere else. */
  readonly sessionToken: string;
}

/** A try that was not looked at, and after how long another one may be. */
export interface DelayedSignIn {
  readonly delayed: 'busy' | 'locked';
  readonly retryAfterSeconds: number;
}

/** What the pages and the API ask of the accounts. Each method answers null for "no", without saying why. */
export interface Authentication {
  verifyApiToken(token: string): Promise<ApiTokenHolder | null>;
  signIn(username: string, password: string): Promise<NewSignIn | DelayedSignIn | null>;
  /** Uses the one-time link up. */
  redeemLink(token: string): Promise<NewSignIn | null>;
  session(sessionToken: string): Promise<SignedInUser | null>;
  signOut(sessionToken: string): Promise<void>;
}

/** Who asks, and what they may do. */
export interface Identity {
  readonly kind: 'person' | 'token';
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  /** Names of the projects that are there for them; null: all of them, and what belongs to none yet. */
  readonly projects: readonly string[] | null;
  /** Of the browser; the form tokens hang on it. null for an API token. */
  readonly sessionToken: string | null;
}

export type Credentials =
  | { readonly found: 'none' }
  | { readonly found: 'invalid-token' }
  | { readonly found: 'identity'; readonly identity: Identity };

// RFC 6750 2.1; the upper bound keeps a giant header from being hashed.
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]{1,512}=*)$/i;
const SESSION_TOKEN = /^[\x21-\x7e]{1,512}$/;

/** A Bearer token comes first: who sends one means it, and a wrong one is an error even beside a good cookie. */
export async function readCredentials(
  request: Request,
  authentication: Authentication,
  cookies: CookieNames,
  accepted: { readonly bearer: boolean; readonly cookie: boolean },
): Promise<Credentials> {
  const header = request.headers.authorization;
  if (accepted.bearer && header !== undefined && /^Bearer\b/i.test(header)) {
    const token = BEARER.exec(header)?.[1];
    const holder = token === undefined ? null : await authentication.verifyApiToken(token);
    if (holder === null) return { found: 'invalid-token' };
    return {
      found: 'identity',
      identity: {
        kind: 'token',
        name: holder.name,
        permissions: permissionsOfScopes(holder.scopes),
        projects: holder.projects ?? null,
        sessionToken: null,
      },
    };
  }
  const sessionToken = accepted.cookie ? readCookie(request, cookies.session) : null;
  if (sessionToken === null || !SESSION_TOKEN.test(sessionToken)) return { found: 'none' };
  const user = await authentication.session(sessionToken);
  if (user === null) return { found: 'none' };
  return {
    found: 'identity',
    identity: {
      kind: 'person',
      name: user.username,
      permissions: permissionsOfRole(user.role),
      projects: user.projects ?? null,
      sessionToken,
    },
  };
}
