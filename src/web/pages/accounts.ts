import { ROLES, TOKEN_SCOPES } from '../../base/roles';
import { type AccountRefusal, type AccountResult, type NewSecret, SHORTEST_PASSWORD } from '../../security/accounts';
import type { Identity } from '../authentication';
import { clearCookie } from '../cookies';
import { can, type Handler, type Route, route, signedIn } from '../route';
import type { WebContext } from '../web-context';
import { text } from '../words/text';
import { moment } from '../words/time';

interface Told {
  readonly error?: string;
  /** Shown once: it stands on this page alone, and only its hash is kept. */
  readonly secret?: { readonly of: string; readonly value: string };
}

/** Who may sign in, and which programs may ask. What the configuration declares is not changed here. */
export function accountPages(web: WebContext): readonly Route[] {
  const { accounts } = web;

  const send = async (response: Parameters<Handler>[1], identity: Identity | null, now: Date, told: Told) => {
    const [people, tokens] = await Promise.all([accounts.accounts(), accounts.tokens()]);
    web.pages.send(
      response,
      identity,
      'accounts',
      {
        title: told.error === undefined ? 'Accounts' : 'Error: Accounts',
        status: told.error === undefined ? 200 : 422,
      },
      {
        error: told.error ?? null,
        secret: told.secret === undefined ? null : { of: text(told.secret.of, 128), value: told.secret.value },
        roles: ROLES,
        scopes: TOKEN_SCOPES,
        people: people.map((account) => ({
          name: text(account.username, 128),
          username: account.username,
          role: account.role,
          projects: projectWords(account.projects),
          since: moment(account.createdAt, now),
          by: text(account.createdBy, 60),
          disabled: account.disabledAt !== null,
        })),
        tokens: tokens.map((token) => ({
          id: token.id,
          name: text(token.name, 128),
          scopes: token.scopes.join(', '),
          projects: projectWords(token.projects),
          since: moment(token.createdAt, now),
          by: text(token.createdBy, 60),
          revoked: token.revokedAt !== null,
        })),
      },
    );
  };

  const show: Handler = (_request, response, { identity, now }) => send(response, identity, now, {});

  /** Whatever shows a secret answers the form itself; the rest leads back to the page. */
  const settle = async (
    result: NewSecret | AccountRefusal | AccountResult,
    of: string,
    [response, identity, now]: readonly [Parameters<Handler>[1], Identity | null, Date],
  ) => {
    if ('refused' in result) return send(response, identity, now, { error: result.message });
    if ('secret' in result) return send(response, identity, now, { secret: { of, value: result.secret } });
    response.redirect(303, '/accounts');
  };

  const add: Handler = async (request, response, { identity, now }) => {
    const [username, role] = [fieldOf(request.body?.username), fieldOf(request.body?.role)];
    const projects = listOf(request.body?.projects);
    const result = await accounts.add({ username, role, projects }, identity?.name ?? '');
    await settle(result, username, [response, identity, now]);
  };

  const deed =
    (run: (username: string, by: string) => Promise<NewSecret | AccountRefusal | AccountResult>): Handler =>
    async (request, response, { identity, now }) => {
      const username = fieldOf(request.body?.username);
      await settle(await run(username, identity?.name ?? ''), username, [response, identity, now]);
    };

  const addToken: Handler = async (request, response, { identity, now }) => {
    const name = fieldOf(request.body?.name);
    const given: unknown = request.body?.scopes;
    const scopes = (Array.isArray(given) ? given : [given]).filter((each): each is string => typeof each === 'string');
    const projects = listOf(request.body?.projects);
    const result = await accounts.addToken({ name, scopes, projects }, identity?.name ?? '');
    await settle(result, name, [response, identity, now]);
  };

  const revokeToken: Handler = async (request, response, { identity, now }) => {
    const result = await accounts.revokeToken(fieldOf(request.body?.id), identity?.name ?? '');
    await settle(result, '', [response, identity, now]);
  };

  const sendPassword = (response: Parameters<Handler>[1], identity: Identity | null, error: string | null) =>
    web.pages.send(
      response,
      identity,
      'password',
      {
        title: error === null ? 'Change your password' : 'Error: Change your password',
        status: error === null ? 200 : 422,
      },
      { error, shortest: SHORTEST_PASSWORD },
    );

  const passwordForm: Handler = (_request, response, { identity }) => sendPassword(response, identity, null);

  const changePassword: Handler = async (request, response, { identity }) => {
    const { present, next, again } = (request.body ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof present !== 'string' || typeof next !== 'string' || [present, next].some((one) => one.length > 1000)) {
      return sendPassword(response, identity, 'Enter your present and your new password.');
    }
    if (next !== again) return sendPassword(response, identity, 'The new password was not repeated the same.');
    const result = await accounts.changePassword(identity?.name ?? '', present, next);
    if ('refused' in result) return sendPassword(response, identity, result.message);
    // With the old password, every login of the account ended.
    clearCookie(response, web.cookies, 'session');
    response.redirect(303, '/sign-in');
  };

  return [
    route('GET', '/accounts', can('administer'), show),
    route('POST', '/accounts', can('administer'), add),
    route(
      'POST',
      '/accounts/reset',
      can('administer'),
      deed((username, by) => accounts.resetPassword(username, by)),
    ),
    route(
      'POST',
      '/accounts/disable',
      can('administer'),
      deed((username, by) => accounts.setDisabled(username, true, by)),
    ),
    route(
      'POST',
      '/accounts/enable',
      can('administer'),
      deed((username, by) => accounts.setDisabled(username, false, by)),
    ),
    route('POST', '/accounts/tokens', can('administer'), addToken),
    route('POST', '/accounts/tokens/revoke', can('administer'), revokeToken),
    route('GET', '/password', signedIn, passwordForm),
    route('POST', '/password', signedIn, changePassword),
  ];
}

function fieldOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** One in each line; nothing: all of them. */
function listOf(value: unknown): readonly string[] | null {
  const names = fieldOf(value)
    .split(/[\r\n]+/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length === 0 ? null : [...new Set(names)];
}

function projectWords(projects: readonly string[] | null) {
  return text(projects === null ? 'all projects' : projects.join(', '), 200);
}
