import type { SeededRandom } from '../../random.js';
import type { CoverState } from './cover-state.js';
import { pick } from './pick.js';
import type { RoleRules } from './role-rules.js';

const USERS_SHARE = 0.12;
const PERMISSIONS_SHARE = 0.12;
const MOST_MEMBERS = 3;
/** Ten were as good on small matrices and worse on large ones, where a move then uncovers hundreds of edges. */
const MOST_ROLES = 5;

/** Takes a related part of the solution away: a few users' roles, a few permissions out of all roles, or a few roles. */
export function ruin(state: CoverState, rules: RoleRules, random: SeededRandom): void {
  if (state.roles.length === 0) return;
  const kind = random.float();
  if (kind < USERS_SHARE) ruinUsers(state, random);
  else if (kind < USERS_SHARE + PERMISSIONS_SHARE) ruinPermissions(state, rules, random);
  else ruinRoles(state, random);
}

function ruinUsers(state: CoverState, random: SeededRandom): void {
  let user = random.below(state.upa.userCount);
  for (let left = 1 + random.below(MOST_MEMBERS); left > 0; left--) {
    const roles = state.rolesOfUser[user];
    if (roles.length === 0) return;
    const neighbours = state.usersOf[pick(roles, random)];
    const next = pick(neighbours, random);
    while (roles.length > 0) state.removeUser(roles[roles.length - 1], user);
    user = next;
  }
}

function ruinPermissions(state: CoverState, rules: RoleRules, random: SeededRandom): void {
  let permission = random.below(state.upa.permissionCount);
  for (let left = 1 + random.below(MOST_MEMBERS); left > 0; left--) {
    const roles = state.rolesOfPermission[permission];
    if (roles.length === 0) return;
    const next = pick(state.permissionsOf[pick(roles, random)], random);
    while (roles.length > 0) {
      const role = roles[roles.length - 1];
      if (rules.allowsWithout(state.permissionsOf[role], permission)) state.removePermission(role, permission);
      else state.removeRole(role);
    }
    permission = next;
  }
}

function ruinRoles(state: CoverState, random: SeededRandom): void {
  let role = pick(state.roles, random);
  for (let left = 1 + random.below(MOST_ROLES); left > 0 && state.roles.length > 0; left--) {
    const user = pick(state.usersOf[role], random);
    const permission = pick(state.permissionsOf[role], random);
    state.removeRole(role);
    const related = random.below(2) === 0 ? state.rolesOfUser[user] : state.rolesOfPermission[permission];
    if (related.length === 0) return;
    role = pick(related, random);
  }
}
