import type { Request } from 'express';
import { SESSION_STATES, type SessionState } from '../session/export-session';
import type { Actor } from './actions';
import type { Identity } from './authentication';
import { Problem } from './problem';

/*
 * Values of the query string. An empty value is one that was not given. Nothing that was sent is repeated in an error.
 */

export function single(request: Request, name: string): string | undefined {
  const value = request.query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') {
    throw new Problem(400, 'REPEATED_PARAMETER', `The parameter "${name}" was given more than once.`);
  }
  return value;
}

/** A misspelt name would otherwise answer with everything, as if nothing had been asked. */
export function onlyKnown(request: Request, names: readonly string[]): void {
  if (Object.keys(request.query).some((name) => !names.includes(name))) {
    throw new Problem(
      400,
      'UNKNOWN_PARAMETER',
      names.length === 0 ? 'This resource takes no parameters.' : `The known parameters are ${names.join(', ')}.`,
    );
  }
}

export function stateOf(request: Request): SessionState | undefined {
  const value = single(request, 'state');
  if (value === undefined) return undefined;
  const state = SESSION_STATES.find((known) => known === value);
  if (state === undefined) {
    throw new Problem(400, 'BAD_STATE', `"state" must be one of ${SESSION_STATES.join(', ')}.`);
  }
  return state;
}

export function projectOf(request: Request): string | undefined {
  const value = single(request, 'project');
  if (value === undefined) return undefined;
  if (value.length > 200 || /[\u0000-\u001f\u007f]/.test(value)) {
    throw new Problem(400, 'BAD_PROJECT', '"project" must be the name of a project.');
  }
  return value;
}

export const MAX_LIMIT = 200;

export function limitOf(request: Request, fallback: number): number {
  const value = single(request, 'limit');
  if (value === undefined) return fallback;
  const limit = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (limit < 1 || limit > MAX_LIMIT) {
    throw new Problem(400, 'BAD_LIMIT', `"limit" must be a number from 1 to ${MAX_LIMIT}.`);
  }
  return limit;
}

export function cursorOf(request: Request): string | undefined {
  const value = single(request, 'cursor');
  if (value !== undefined && !/^[\x21-\x7e]{1,512}$/.test(value)) throw badCursor();
  return value;
}

export function badCursor(): Problem {
  return new Problem(400, 'BAD_CURSOR', '"cursor" must be the nextCursor of an earlier answer.');
}

/** Page number from 1, for lists that are held in one piece. */
export function pageNumberOf(request: Request): number {
  const value = single(request, 'page');
  if (value === undefined) return 1;
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new Problem(400, 'BAD_PAGE', '"page" must be a number from 1.');
  return Number(value);
}

/** Ids are of our own making: whatever else comes is the id of nothing, and need not reach the database. */
export function sessionIdOf(request: Request): string {
  const id = request.params.id;
  if (typeof id !== 'string' || !/^[A-Za-z0-9-]{1,64}$/.test(id)) throw unknownSession();
  return id;
}

/** Of something inside a session or project. */
export function idOf(request: Request, name: string): string {
  const id = request.params[name];
  return typeof id === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(id) ? id : '';
}

export function actorOf(identity: Identity | null): Actor {
  return { kind: identity?.kind ?? 'token', name: identity?.name ?? '' };
}

export function unknownSession(): Problem {
  return new Problem(404, 'UNKNOWN_SESSION', 'There is no session with this id.');
}
