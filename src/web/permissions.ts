import type { Role, TokenScope } from '../base/roles';

/**
 * What a route can ask for. `read`: sessions and what was done. `operate`: move them. `review`: see texts that may
 * identify a patient, and decide. `reidentify`: from a pseudonym back to the patient. `audit`: the audit trail.
 * `administer`: accounts and API tokens. `destroy-keys`: end the pseudonym domain of a project.
 */
export const PERMISSIONS = ['read', 'operate', 'review', 'reidentify', 'audit', 'administer', 'destroy-keys'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Nobody who grants rights can lead back to patients, and whoever does cannot move anything. */
const ROLE_PERMISSIONS = {
  administrator: ['read', 'operate', 'review', 'audit', 'administer', 'destroy-keys'],
  'trial-coordinator': ['read', 'operate', 'review'],
  reviewer: ['read', 'review'],
  auditor: ['read', 'audit'],
  reidentifier: ['read', 'reidentify'],
} as const satisfies Readonly<Record<Role, readonly Permission[]>>;

/** Accounts and tokens are a person's business: no scope gives `administer`. */
const SCOPE_PERMISSIONS = {
  read: ['read'],
  operate: ['operate', 'review'],
  review: ['review'],
  reidentify: ['reidentify'],
  audit: ['audit'],
  'destroy-keys': ['destroy-keys'],
} as const satisfies Readonly<Record<TokenScope, readonly Permission[]>>;

/** An unlisted role may do nothing. */
export function permissionsOfRole(role: string): ReadonlySet<Permission> {
  return new Set(Object.hasOwn(ROLE_PERMISSIONS, role) ? ROLE_PERMISSIONS[role as Role] : []);
}

export function permissionsOfScopes(scopes: readonly string[]): ReadonlySet<Permission> {
  return new Set(
    scopes.flatMap((scope): readonly Permission[] =>
      Object.hasOwn(SCOPE_PERMISSIONS, scope) ? SCOPE_PERMISSIONS[scope as TokenScope] : [],
    ),
  );
}
