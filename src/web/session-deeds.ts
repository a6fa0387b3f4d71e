import type { Request, Response } from 'express';
import type { ReadModels } from '../session/store-port';
import type { ActionResult, Actor, SessionActions } from './actions';
import { jsonBody } from './api/json-body';
import { sessionJson } from './api/session-json';
import { Problem } from './problem';
import { onlyKnown, sessionIdOf, unknownSession } from './query';
import { can, type Handler, type Route, route } from './route';

const LONGEST_PROJECT = 64;
export const LONGEST_REASON = 500;

/** A deed that says something beside the session it is done on. */
interface WordedDeed {
  readonly name: 'assign' | 'release';
  readonly field: string;
  readonly maxLength: number;
  readonly missing: string;
  run(actions: SessionActions, sessionId: string, value: string, actor: Actor): Promise<ActionResult>;
}

const DEEDS: readonly WordedDeed[] = [
  {
    name: 'assign',
    field: 'project',
    maxLength: LONGEST_PROJECT,
    missing: 'Name the project that the selection belongs to.',
    run: (actions, sessionId, project, actor) => actions.assign(sessionId, project, actor),
  },
  {
    name: 'release',
    field: 'reason',
    maxLength: LONGEST_REASON,
    missing: 'Say why the selection is released before what it waits for.',
    run: (actions, sessionId, reason, actor) => actions.release(sessionId, reason, actor),
  },
];

/** Assigning and releasing, as the page and the API do them. */
export function sessionDeeds(
  read: ReadModels,
  actions: SessionActions,
): { readonly pages: Route[]; readonly api: Route[] } {
  const existing = async (request: Request) => {
    const session = await read.session(sessionIdOf(request));
    if (session === null) throw unknownSession();
    return session;
  };
  const value = (deed: WordedDeed, given: unknown): string => {
    const text = typeof given === 'string' ? given.trim() : '';
    if (text === '') throw new Problem(400, `${deed.field.toUpperCase()}_MISSING`, deed.missing);
    if (text.length > deed.maxLength) {
      throw new Problem(400, 'TOO_LONG', `"${deed.field}" has more than ${deed.maxLength} characters.`);
    }
    return text;
  };
  const done = (result: ActionResult): void => {
    if (result.result === 'unknown-session') throw unknownSession();
    if (result.result === 'refused') {
      throw new Problem(409, result.reason.code, result.reason.message, result.reason.remedy);
    }
  };

  const byForm =
    (deed: WordedDeed): Handler =>
    async (request, response, { identity }) => {
      const session = await existing(request);
      const said = value(deed, request.body?.[deed.field]);
      done(await deed.run(actions, session.id, said, { kind: 'person', name: identity?.name ?? '' }));
      response.redirect(303, `/sessions/${encodeURIComponent(session.id)}`);
    };

  const byApi =
    (deed: WordedDeed): Handler =>
    async (request, response: Response, { identity }) => {
      onlyKnown(request, []);
      const session = await existing(request);
      const body = await jsonBody(request, response, [deed.field]);
      const actor = { kind: identity?.kind ?? ('token' as const), name: identity?.name ?? '' };
      done(await deed.run(actions, session.id, value(deed, body[deed.field]), actor));
      response.type('application/json').send(JSON.stringify(sessionJson(await existing(request))));
    };

  return {
    pages: DEEDS.map((deed) => route('POST', `/sessions/:id/${deed.name}`, can('operate'), byForm(deed))),
    api: DEEDS.map((deed) => route('POST', `/api/v1/sessions/:id/${deed.name}`, can('operate'), byApi(deed))),
  };
}
