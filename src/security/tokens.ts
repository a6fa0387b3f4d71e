import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export const TOKEN_SCOPES = ['read', 'operate', 'reidentify', 'audit'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

export interface ApiTokenSettings {
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly token: string;
}

/** Who presented a token. */
export interface TokenBearer {
  readonly name: string;
  readonly scopes: ReadonlySet<TokenScope>;
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
    this.#tokens = settings.map(({ name, scopes, token }) => ({
      hash: hashSecret(token),
      bearer: { name, scopes: new Set(scopes) },
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
