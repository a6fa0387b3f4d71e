import type { Request, Response } from 'express';
import type { DelayedSignIn, NewSignIn } from '../authentication';
import { clearCookie, readCookie, setCookie } from '../cookies';
import { newFormSecret } from '../form-token';
import { isOwnForm } from '../guard';
import { anyone, type Handler, type Route, route, signedIn } from '../route';
import type { WebContext } from '../web-context';

interface FieldError {
  readonly field: 'username' | 'password' | 'form';
  readonly message: string;
}

const TOO_OLD: FieldError = { field: 'form', message: 'This page was open for too long. Please try again.' };

function delayMessage({ delayed, retryAfterSeconds }: DelayedSignIn): string {
  if (delayed === 'busy') return 'Too many people are signing in at this moment. Try again in a few seconds.';
  const minutes = Math.ceil(retryAfterSeconds / 60);
  return `There were too many tries with this username. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
}

/** Somewhere on this site: one slash, then neither a second one nor a backslash, which browsers read as one. */
export function localPath(value: unknown): string {
  return typeof value === 'string' && value.length <= 1000 && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(value)
    ? value
    : '/';
}

function field(request: Request, name: string, maxLength: number): string {
  const value: unknown = request.body?.[name];
  return typeof value === 'string' && value.length <= maxLength ? value : '';
}

export function signInPages(web: WebContext): readonly Route[] {
  /** The secret behind the form's token, in a cookie that is set once and then kept. */
  const formSecret = (request: Request, response: Response): string => {
    const known = readCookie(request, web.cookies.form);
    if (known !== null && /^[A-Za-z0-9_-]{43}$/.test(known)) return known;
    const secret = newFormSecret();
    setCookie(response, web.cookies, 'form', secret);
    return secret;
  };

  const sendForm = (
    request: Request,
    response: Response,
    form: {
      readonly username: string;
      readonly to: string;
      readonly errors: readonly FieldError[];
      readonly signedOut?: boolean;
      /** Instead of 422 where there are errors. */
      readonly status?: number;
    },
  ): void => {
    const messageOf = (name: FieldError['field']) => form.errors.find((error) => error.field === name)?.message ?? null;
    web.pages.send(
      response,
      null,
      'sign-in',
      {
        title: form.errors.length > 0 ? 'Error: Sign in' : 'Sign in',
        status: form.status ?? (form.errors.length > 0 ? 422 : 200),
        formSecret: formSecret(request, response),
      },
      {
        errors: form.errors.map(({ field: name, message }) => ({
          target: name === 'form' ? 'username' : name,
          message,
        })),
        username: form.username,
        usernameError: messageOf('username'),
        passwordError: messageOf('password'),
        to: form.to,
        signedOut: form.signedOut ?? false,
      },
    );
  };

  const admit = (response: Response, signIn: NewSignIn, to: string): void => {
    setCookie(response, web.cookies, 'session', signIn.sessionToken);
    clearCookie(response, web.cookies, 'form');
    response.redirect(303, to);
  };

  const showForm: Handler = (request, response) => {
    sendForm(request, response, {
      username: '',
      to: localPath(request.query.to),
      errors: [],
      signedOut: request.query['signed-out'] === '1',
    });
  };

  const signIn: Handler = async (request, response) => {
    const username = field(request, 'username', 200).trim();
    const password = field(request, 'password', 1000);
    const to = localPath(request.body?.to);
    const again = (errors: readonly FieldError[]) => sendForm(request, response, { username, to, errors });
    if (!isOwnForm(web, request, readCookie(request, web.cookies.form) ?? newFormSecret())) return again([TOO_OLD]);
    const errors: FieldError[] = [];
    if (username === '') errors.push({ field: 'username', message: 'Enter your username' });
    if (password === '') errors.push({ field: 'password', message: 'Enter your password' });
    if (errors.length > 0) return again(errors);
    const found = await web.authentication.signIn(username, password);
    // Which of the two is wrong is not said.
    if (found === null) return again([{ field: 'password', message: 'The username or the password is not right' }]);
    if ('delayed' in found) {
      // RFC 6585 4, RFC 9110 10.2.3.
      response.set('Retry-After', String(found.retryAfterSeconds));
      const errors: FieldError[] = [{ field: 'form', message: delayMessage(found) }];
      return sendForm(request, response, { username, to, errors, status: 429 });
    }
    admit(response, found, to);
  };

  /** Only shows a button: mail programs and chats fetch links to preview them, and must not use this one up. */
  const showLink: Handler = (request, response) => {
    sendLink(request, response, typeof request.query.token === 'string' ? request.query.token : '', null);
  };

  const sendLink = (request: Request, response: Response, token: string, error: string | null): void => {
    const usable = /^[\x21-\x7e]{1,512}$/.test(token);
    const message = error ?? (usable ? null : 'This sign-in link is not complete.');
    web.pages.send(
      response,
      null,
      'sign-in-once',
      {
        title: message === null ? 'Sign in with a link' : 'Error: Sign in with a link',
        status: message === null ? 200 : 422,
        formSecret: formSecret(request, response),
      },
      { error: message, token: usable ? token : null },
    );
  };

  const redeemLink: Handler = async (request, response) => {
    const token = field(request, 'token', 512);
    if (!isOwnForm(web, request, readCookie(request, web.cookies.form) ?? newFormSecret())) {
      return sendLink(request, response, token, TOO_OLD.message);
    }
    const found = token === '' ? null : await web.authentication.redeemLink(token);
    if (found === null) return sendLink(request, response, '', 'This sign-in link has expired or was used before.');
    admit(response, found, '/');
  };

  const signOut: Handler = async (_request, response, { identity }) => {
    if (identity?.sessionToken != null) await web.authentication.signOut(identity.sessionToken);
    clearCookie(response, web.cookies, 'session');
    response.redirect(303, '/sign-in?signed-out=1');
  };

  return [
    route('GET', '/sign-in', anyone, showForm),
    route('POST', '/sign-in', anyone, signIn),
    route('GET', '/sign-in/once', anyone, showLink),
    route('POST', '/sign-in/once', anyone, redeemLink),
    route('POST', '/sign-out', signedIn, signOut),
  ];
}
