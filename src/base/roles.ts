/** What a person may be. What each may do: the table of web/permissions. */
export const ROLES = ['administrator', 'trial-coordinator', 'reviewer', 'reidentifier', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** What an API token may be given. */
export const TOKEN_SCOPES = ['read', 'operate', 'review', 'reidentify', 'audit', 'destroy-keys'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];
