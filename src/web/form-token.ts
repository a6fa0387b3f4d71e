import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';

/*
 * Protection of forms against requests that another site makes in a user's name. The token in the form is an HMAC
 * under the secret of the user's own cookie, so that every web process can check it and none has to remember it.
 * The headers that browsers add by themselves are checked besides.
 */

export const FORM_TOKEN_FIELD = 'formToken';

export function newFormSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function formToken(secret: string): string {
  return createHmac('sha256', secret).update('tce-export form token').digest('base64url');
}

export function isFormToken(value: unknown, secret: string): boolean {
  if (typeof value !== 'string') return false;
  const given = Buffer.from(value);
  const expected = Buffer.from(formToken(secret));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** False where the browser says that the form was sent from elsewhere. */
export function comesFromOwnPage(request: Request, publicUrl: string): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const origin = request.headers.origin;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { host, origin: normalized } = new URL(origin);
  // The address in use may be another than the configured one (127.0.0.1 for localhost); a page of another site
  // cannot make the browser lie about either header.
  return normalized === new URL(publicUrl).origin || host === request.headers.host;
}
