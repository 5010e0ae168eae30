import type { CoverState } from './cover-state.js';
import type { RoleRules } from './role-rules.js';

/**
 * Takes users out of roles and permissions out of roles where every edge concerned is covered otherwise, looking only
 * around what was covered anew since the last call. Never uncovers anything.
 */
export function pruneTouched(state: CoverState, rules: RoleRules): void {
  for (let i = 0; i < state.touchedUsers.length; i++) {
    const user = state.touchedUsers[i];
    const roles = state.rolesOfUser[user];
    for (let at = roles.length - 1; at >= 0; at--) {
      if (at < roles.length && userIsRedundant(state, roles[at], user)) state.removeUser(roles[at], user);
    }
  }
  for (let i = 0; i < state.touchedPermissions.length; i++) {
    const permission = state.touchedPermissions[i];
    const roles = state.rolesOfPermission[permission];
    for (let at = roles.length - 1; at >= 0; at--) {
      if (at >= roles.length) continue;
      const role = roles[at];
      if (!permissionIsRedundant(state, role, permission)) continue;
      if (rules.allowAll || rules.allowsWithout(state.permissionsOf[role], permission)) {
        state.removePermission(role, permission);
      }
    }
  }
  state.forgetTouched();
}

export function userIsRedundant({ upa, coverage, permissionsOf }: CoverState, role: number, user: number): boolean {
  const permissions = permissionsOf[role];
  for (let i = 0; i < permissions.length; i++) if (coverage[upa.edgeOf(user, permissions[i])] < 2) return false;
  return true;
}

export function permissionIsRedundant(
  { upa, coverage, usersOf }: CoverState,
  role: number,
  permission: number,
): boolean {
  const users = usersOf[role];
  for (let i = 0; i < users.length; i++) if (coverage[upa.edgeOf(users[i], permission)] < 2) return false;
  return true;
}
