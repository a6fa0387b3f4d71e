import type { Response } from 'express';
import type { Assets } from './assets';
import type { Identity } from './authentication';
import { FORM_TOKEN_FIELD, formToken } from './form-token';
import type { Permission } from './permissions';
import type { Views } from './views';

/** What every page has around its content. */
export interface Shell {
  readonly title: string;
  readonly styleHref: string;
  readonly iconHref: string;
  readonly version: string;
  /** Seconds after which the page loads itself again. */
  readonly refresh: number | null;
  /** Where this person may go beside the exports. */
  readonly links: readonly { readonly href: string; readonly words: string }[];
  readonly user: { readonly name: string; readonly canSignOut: boolean } | null;
  readonly form: { readonly field: string; readonly token: string } | null;
}

const LINKS: readonly { readonly href: string; readonly words: string; readonly needs: Permission }[] = [
  { href: '/projects', words: 'Projects', needs: 'read' },
  { href: '/reidentify', words: 'Re-identify', needs: 'reidentify' },
  { href: '/audit', words: 'Audit trail', needs: 'audit' },
  { href: '/accounts', words: 'Accounts', needs: 'administer' },
];

export interface PageOptions {
  readonly title: string;
  readonly status?: number;
  readonly refresh?: number | null;
  /** What the token of the forms on this page hangs on, where nobody is signed in. */
  readonly formSecret?: string;
}

export class Pages {
  constructor(
    private readonly views: Views,
    private readonly assets: Assets,
    private readonly version: string,
  ) {}

  send(response: Response, identity: Identity | null, view: string, options: PageOptions, content: object): void {
    const secret = options.formSecret ?? identity?.sessionToken ?? null;
    const shell: Shell = {
      title: options.title,
      styleHref: this.assets.href('style.css'),
      iconHref: this.assets.href('icon.svg'),
      version: this.version,
      refresh: options.refresh ?? null,
      links: LINKS.filter(({ needs }) => identity?.kind === 'person' && identity.permissions.has(needs)),
      user: identity === null ? null : { name: identity.name, canSignOut: identity.kind === 'person' },
      form: secret === null ? null : { field: FORM_TOKEN_FIELD, token: formToken(secret) },
    };
    response
      .status(options.status ?? 200)
      .type('text/html; charset=utf-8')
      .send(this.views.render(view, { ...content, shell }));
  }
}

/** A link within the site; what is undefined is left out. */
export function href(path: string, parameters: Readonly<Record<string, string | undefined>> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, value);
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}
