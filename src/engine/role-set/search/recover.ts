import { NEVER } from './cost-model.js';
import type { CoverState } from './cover-state.js';
import { pruneTouched, userIsRedundant } from './prune.js';
import type { RoleRules } from './role-rules.js';

const TOLERANCE = 1e-9;

/**
 * Re-covers every user from the roles that there are, and drops roles that do not pay, round after round while the cost
 * falls: what ruin and recreate leaves behind where it looked at other places. Never makes a solution worse. Who has a
 * role says nothing about its permissions, so thresholds stay kept.
 */
export class Recover {
  /** Of each role: how many of its permissions the user at hand holds; 0 between users. */
  private readonly held: number[] = [];
  private readonly candidates: number[] = [];
  private readonly chosen: number[] = [];

  constructor(
    private readonly state: CoverState,
    private readonly rules: RoleRules,
  ) {}

  /** @param workLimit work after which it ends; at once when the search is cancelled */
  run(workLimit: number): void {
    const { state } = this;
    const { meter } = state;
    const end = meter.work + workLimit;
    const goesOn = (): boolean => meter.work < end && meter.stoppedBy !== 'cancelled';
    for (let before = Infinity; state.cost < before - TOLERANCE && goesOn();) {
      before = state.cost;
      for (let user = 0; user < state.upa.userCount && goesOn(); user++) this.recoverUser(user);
      for (const role of [...state.roles]) {
        if (!goesOn()) break;
        this.dropUnlessItPays(role);
      }
      state.commit();
      pruneTouched(state, this.rules);
    }
    state.commit();
  }

  /** Gives the user other roles where fewer do, or do with less left over. */
  private recoverUser(user: number): void {
    const { state } = this;
    if (state.rolesOfUser[user].length === 0 && state.uncoveredOfUser[user] === 0) return;
    state.commit();
    const before = state.cost;
    const roles = [...state.rolesOfUser[user]];
    // A role is not taken from its last user: it would be gone.
    for (const role of roles) if (state.usersOf[role].length > 1) state.removeUser(role, user);
    this.coverUser(user, -1);
    if (state.cost < before - TOLERANCE) state.commit();
    else state.rollback();
  }

  private dropUnlessItPays(role: number): void {
    const { state } = this;
    state.commit();
    const before = state.cost;
    const users = [...state.usersOf[role]];
    state.removeRole(role);
    for (const user of users) {
      if (state.uncoveredOfUser[user] > 0) this.coverUser(user, role);
      if (state.cost > before + NEVER / 2) break;
    }
    if (state.cost < before - TOLERANCE) state.commit();
    else state.rollback();
  }

  /** Greedily, the role first that covers most of what the user waits for, as long as it covers more than it costs. */
  private coverUser(user: number, except: number): void {
    const { state, chosen } = this;
    const { pair, uncovered } = state.costs;
    this.collectRolesWithin(user);
    chosen.length = 0;
    for (;;) {
      let best = -1;
      let most = pair / uncovered;
      for (const role of this.candidates) {
        if (role === except || state.rolesOfUser[user].includes(role)) continue;
        const gain = this.gain(role, user);
        if (gain > most) {
          most = gain;
          best = role;
        }
      }
      if (best < 0) break;
      state.addUser(best, user);
      chosen.push(best);
    }
    for (const role of chosen) {
      if (userIsRedundant(state, role, user)) state.removeUser(role, user);
    }
  }

  private gain(role: number, user: number): number {
    const { upa, coverage, permissionsOf, meter } = this.state;
    const permissions = permissionsOf[role];
    meter.work += permissions.length;
    let gain = 0;
    for (let i = 0; i < permissions.length; i++) {
      if (coverage[upa.edgeOf(user, permissions[i])] === 0) gain += upa.permissionWeights[permissions[i]];
    }
    return gain;
  }

  /** All roles whose permissions the user holds, by counting. */
  private collectRolesWithin(user: number): void {
    const { upa, rolesOfPermission, permissionsOf, meter } = this.state;
    const { held, candidates } = this;
    const met: number[] = [];
    for (let edge = upa.rowOffsets[user]; edge < upa.rowOffsets[user + 1]; edge++) {
      const roles = rolesOfPermission[upa.rowPermissions[edge]];
      meter.work += roles.length;
      for (let i = 0; i < roles.length; i++) {
        const role = roles[i];
        if ((held[role] ??= 0) === 0) met.push(role);
        held[role]++;
      }
    }
    candidates.length = 0;
    for (const role of met) {
      if (held[role] === permissionsOf[role].length) candidates.push(role);
      held[role] = 0;
    }
  }
}
