/** What a route can ask for. The scopes of API tokens have the same names. */
export const PERMISSIONS = ['read', 'operate', 'reidentify', 'audit'] as const;
export type Permission = (typeof PERMISSIONS)[number];

const ROLE_PERMISSIONS: ReadonlyMap<string, readonly Permission[]> = new Map([
  ['administrator', ['read', 'operate', 'audit']],
  ['trial-coordinator', ['read', 'operate']],
  ['reviewer', ['read', 'operate']],
  ['auditor', ['read', 'audit']],
  ['reidentifier', ['read', 'reidentify']],
]);

/** An unlisted role may do nothing. */
export function permissionsOfRole(role: string): ReadonlySet<Permission> {
  return new Set(ROLE_PERMISSIONS.get(role) ?? []);
}

export function permissionsOfScopes(scopes: readonly string[]): ReadonlySet<Permission> {
  return new Set(PERMISSIONS.filter((permission) => scopes.includes(permission)));
}
