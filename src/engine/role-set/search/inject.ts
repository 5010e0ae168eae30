import type { SeededRandom } from '../../random.js';
import type { CoverState } from './cover-state.js';
import { pick } from './pick.js';
import { permissionIsRedundant, userIsRedundant } from './prune.js';
import type { RoleRules } from './role-rules.js';

/**
 * Adds a role made of what is there: the union or the intersection of two roles' permissions, or what two users have
 * in common. Whoever is given it must be able to give another role up for it.
 */
export class Inject {
  private readonly permissions: number[] = [];
  private readonly users: number[] = [];

  constructor(
    private readonly state: CoverState,
    private readonly rules: RoleRules,
    private readonly random: SeededRandom,
  ) {}

  inject(): void {
    this.choosePermissions();
    const { permissions, users, state } = this;
    if (permissions.length === 0 || !this.rules.allows(permissions)) return;
    this.collectUsers();
    if (users.length === 0) return;
    const role = state.addRole(users, permissions);
    for (const user of users) this.settleUser(role, user);
    if (state.usersOf[role].length === 0) return;
    for (const permission of permissions) this.settlePermission(role, permission);
  }

  private choosePermissions(): void {
    const { state, random, permissions } = this;
    const { upa } = state;
    permissions.length = 0;
    const kind = random.below(3);
    if (kind === 2 || state.roles.length < 2) {
      const permission = random.below(upa.permissionCount);
      const from = upa.columnOffsets[permission];
      const count = upa.columnOffsets[permission + 1] - from;
      const one = upa.columnUsers[from + random.below(count)];
      const other = upa.columnUsers[from + random.below(count)];
      for (let edge = upa.rowOffsets[one]; edge < upa.rowOffsets[one + 1]; edge++) {
        if (upa.edgeOf(other, upa.rowPermissions[edge]) >= 0) permissions.push(upa.rowPermissions[edge]);
      }
      state.meter.work += upa.rowOffsets[one + 1] - upa.rowOffsets[one];
      return;
    }
    const first = pick(state.roles, random);
    const related =
      random.below(2) === 0
        ? state.rolesOfUser[pick(state.usersOf[first], random)]
        : state.rolesOfPermission[pick(state.permissionsOf[first], random)];
    const second = pick(related, random);
    if (second === first) return;
    const inFirst = state.permissionsOf[first];
    const inSecond = state.permissionsOf[second];
    state.meter.work += inFirst.length + inSecond.length;
    if (kind === 0) for (const permission of inFirst) permissions.push(permission);
    for (const permission of inSecond) {
      if (inFirst.includes(permission) !== (kind === 0)) permissions.push(permission);
    }
  }

  private collectUsers(): void {
    const { permissions, users } = this;
    const { upa } = this.state;
    let rarest = permissions[0];
    let fewest = upa.userCount + 1;
    for (const permission of permissions) {
      const count = upa.columnOffsets[permission + 1] - upa.columnOffsets[permission];
      if (count >= fewest) continue;
      fewest = count;
      rarest = permission;
    }
    users.length = 0;
    for (let at = upa.columnOffsets[rarest]; at < upa.columnOffsets[rarest + 1]; at++) {
      const user = upa.columnUsers[at];
      let i = 0;
      while (i < permissions.length && upa.edgeOf(user, permissions[i]) >= 0) i++;
      this.state.meter.work += i + 1;
      if (i === permissions.length) users.push(user);
    }
  }

  private settleUser(role: number, user: number): void {
    const { state } = this;
    const roles = state.rolesOfUser[user];
    for (let at = roles.length - 1; at >= 0; at--) {
      if (at >= roles.length) continue;
      const other = roles[at];
      if (other !== role && userIsRedundant(state, other, user)) state.removeUser(other, user);
    }
    if (userIsRedundant(state, role, user)) state.removeUser(role, user);
  }

  private settlePermission(role: number, permission: number): void {
    const { state, rules } = this;
    const roles = state.rolesOfPermission[permission];
    for (let at = roles.length - 1; at >= 0; at--) {
      if (at >= roles.length) continue;
      const other = roles[at];
      if (other === role || !permissionIsRedundant(state, other, permission)) continue;
      if (rules.allowsWithout(state.permissionsOf[other], permission)) state.removePermission(other, permission);
    }
  }
}
