import type { CookieOptions, Request, Response } from 'express';

export interface CookieNames {
  /** Whether the pages are reached over https: then Secure, and bound to this host alone by its name. */
  readonly secure: boolean;
  readonly session: string;
  /** Before anybody is signed in: what the token of the sign-in form hangs on. */
  readonly form: string;
}

export function cookieNames(publicUrl: string): CookieNames {
  const secure = publicUrl.startsWith('https:');
  // RFC 6265bis 4.1.3.2: `__Host-` is refused by browsers unless Secure, Path=/ and without Domain.
  const prefix = secure ? '__Host-' : '';
  return { secure, session: `${prefix}tce_session`, form: `${prefix}tce_form` };
}

export function readCookie(request: Request, name: string): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals !== -1 && pair.slice(0, equals).trim() === name) {
      try {
        return decodeURIComponent(pair.slice(equals + 1).trim());
      } catch {
        return null;
      }
    }
  }
  return null;
}

export function setCookie(response: Response, names: CookieNames, cookie: 'session' | 'form', value: string): void {
  response.cookie(names[cookie], value, options(names));
}

export function clearCookie(response: Response, names: CookieNames, cookie: 'session' | 'form'): void {
  response.clearCookie(names[cookie], options(names));
}

// Lax, not Strict: a link to a session in a mail must open it. Every deed is a POST, which Lax does not send across sites.
function options(names: CookieNames): CookieOptions {
  return { httpOnly: true, secure: names.secure, sameSite: 'lax', path: '/' };
}
