import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { TokenScope } from '../base/roles';

export { TOKEN_SCOPES, type TokenScope } from '../base/roles';

export interface ApiTokenSettings {
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** Left out or null: all of them. */
  readonly projects?: readonly string[] | null;
  readonly token: string;
}

/** Who presented a token. */
export interface TokenBearer {
  readonly name: string;
  readonly scopes: ReadonlySet<TokenScope>;
  /** null: all of them. */
  readonly projects: readonly string[] | null;
}

/** 32 random bytes as text that goes into a link or a cookie. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * What is stored of a secret of ours. A plain hash is enough: the secret has 256 random bits, so there is nothing to
 * guess that a slow hash would slow down.
 */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** The API tokens of the configuration. Only their hashes are kept. */
export class ApiTokens {
  readonly #tokens: readonly { readonly hash: Buffer; readonly bearer: TokenBearer }[];

  constructor(settings: readonly ApiTokenSettings[]) {
    this.#tokens = settings.map(({ name, scopes, projects, token }) => ({
      hash: hashSecret(token),
      bearer: { name, scopes: new Set(scopes), projects: projects ?? null },
    }));
  }

  /** null where nobody has this token. Takes as long for a wrong token as for a right one. */
  bearerOf(presented: string): TokenBearer | null {
    const hash = hashSecret(presented);
    let found: TokenBearer | null = null;
    for (const token of this.#tokens) {
      if (timingSafeEqual(token.hash, hash)) found = token.bearer;
    }
    return found;
  }
}

/** The token of an `Authorization: Bearer …` header (RFC 6750 2.1); null where it is none. */
export function bearerToken(header: string | undefined): string | null {
  return /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(header ?? '')?.[1] ?? null;
}
