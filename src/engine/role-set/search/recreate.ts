import type { SeededRandom } from '../../random.js';
import type { CoverState } from './cover-state.js';
import type { RoleRules } from './role-rules.js';

const NONE = -1;

/**
 * Covers what is uncovered, greedily and a little randomly: for a few sampled edges it weighs giving the user a role,
 * putting the permission into a role, and a new role, and takes what covers most new assignments per unit of cost.
 *
 * A new role grows by alternating exact ratios: with the permissions fixed, the users that maximise newly covered
 * assignments ÷ cost; with these users fixed, the permissions; and so on. Each half step is a fractional programme
 * solved by Dinkelbach's iteration (Management Science 13, 1967): take whoever covers more than the present ratio,
 * until the ratio stands still. No sorting, two to four linear passes.
 */
export class Recreate {
  private readonly users: number[] = [];
  private readonly permissions: number[] = [];
  private readonly candidates: Int32Array;
  private readonly gains: Float64Array;
  private readonly bestUsers: number[] = [];
  private readonly bestPermissions: number[] = [];

  constructor(
    private readonly state: CoverState,
    private readonly rules: RoleRules,
    private readonly random: SeededRandom,
  ) {
    const longest = Math.max(state.upa.userCount, state.upa.permissionCount);
    this.candidates = new Int32Array(longest);
    this.gains = new Float64Array(longest);
  }

  /**
   * Leaves uncovered what does not pay for itself (a tie does) or what no allowed role can cover.
   *
   * @param pool edges to try, consumed
   * @param sampleSize edges weighed against each other at a time
   */
  cover(pool: number[], sampleSize: number): void {
    const { state } = this;
    const { pair, uncovered } = state.costs;
    while (pool.length > 0 && !state.meter.mustHurry()) {
      let ratio = 0;
      let role = NONE;
      let member = NONE;
      let addsUser = false;
      let sampled = 0;
      while (sampled < sampleSize && sampled < pool.length) {
        const place = sampled + this.random.below(pool.length - sampled);
        const edge = pool[place];
        if (state.coverage[edge] > 0) {
          pool[place] = pool[pool.length - 1];
          pool.pop();
          continue;
        }
        pool[place] = pool[sampled];
        pool[sampled++] = edge;
        const user = state.upa.edgeUsers[edge];
        const permission = state.upa.rowPermissions[edge];
        for (const other of state.rolesOfPermission[permission]) {
          const gain = this.gainOfUser(other, user) / pair;
          if (gain <= ratio) continue;
          ratio = gain;
          role = other;
          member = user;
          addsUser = true;
        }
        for (const other of state.rolesOfUser[user]) {
          const gain = this.gainOfPermission(other, permission) / pair;
          if (gain <= ratio || !this.rules.allows(state.permissionsOf[other], permission)) continue;
          ratio = gain;
          role = other;
          member = permission;
          addsUser = false;
        }
        // A role covers less per cost than the whole of what the user waits for, or the permission is waited for by.
        const most = Math.min(state.uncoveredOfUser[user], state.uncoveredOfPermission[permission]);
        if (ratio * pair >= most) continue;
        const roleRatio = this.growRole(user, permission);
        if (roleRatio > ratio) {
          ratio = roleRatio;
          role = NONE;
          copy(this.users, this.bestUsers);
          copy(this.permissions, this.bestPermissions);
        }
      }
      if (sampled === 0) return;
      if (ratio * uncovered < 1) {
        for (let i = sampled - 1; i >= 0; i--) {
          pool[i] = pool[pool.length - 1];
          pool.pop();
        }
      } else if (role === NONE) state.addRole(this.bestUsers, this.bestPermissions);
      else if (addsUser) state.addUser(role, member);
      else state.addPermission(role, member);
    }
  }

  /** Newly covered weight per weight of the user when the user gets the role; 0 when something in it is not the user's. */
  private gainOfUser(role: number, user: number): number {
    const { upa, coverage } = this.state;
    const permissions = this.state.permissionsOf[role];
    let gain = 0;
    for (let i = 0; i < permissions.length; i++) {
      const edge = upa.edgeOf(user, permissions[i]);
      if (edge < 0) {
        this.state.meter.work += i + 1;
        return 0;
      }
      if (coverage[edge] === 0) gain += upa.permissionWeights[permissions[i]];
    }
    this.state.meter.work += permissions.length;
    return gain;
  }

  private gainOfPermission(role: number, permission: number): number {
    const { upa, coverage } = this.state;
    const users = this.state.usersOf[role];
    let gain = 0;
    for (let i = 0; i < users.length; i++) {
      const edge = upa.edgeOf(users[i], permission);
      if (edge < 0) {
        this.state.meter.work += i + 1;
        return 0;
      }
      if (coverage[edge] === 0) gain += upa.userWeights[users[i]];
    }
    this.state.meter.work += users.length;
    return gain;
  }

  /** Leaves the role in `users` and `permissions` and returns newly covered weight ÷ cost; 0 when none is allowed. */
  private growRole(user: number, permission: number): number {
    this.chooseFirstUsers(user, permission);
    let ratio = 0;
    for (let round = 0; round < 2; round++) {
      this.growPermissions();
      const grown = this.growUsers();
      if (grown <= ratio) break;
      ratio = grown;
    }
    if (this.rules.allowAll || this.rules.allows(this.permissions)) return ratio;
    return this.rules.repair(this.permissions) ? this.growUsers() : 0;
  }

  /** First users of a new role: all who wait for the permission, the user alone, or it and one other. */
  private chooseFirstUsers(user: number, permission: number): void {
    const { upa, coverage } = this.state;
    const { users } = this;
    users.length = 0;
    const kind = this.random.below(3);
    if (kind > 0) users.push(user);
    const from = upa.columnOffsets[permission];
    const end = upa.columnOffsets[permission + 1];
    this.state.meter.work += kind === 1 ? 0 : end - from;
    if (kind === 0) {
      for (let at = from; at < end; at++) if (coverage[upa.columnEdges[at]] === 0) users.push(upa.columnUsers[at]);
    } else if (kind === 2) {
      const other = upa.columnUsers[from + this.random.below(end - from)];
      if (other !== user) users.push(other);
    }
  }

  /** With `users` fixed: the permissions that they all hold and that cover the most per cost. */
  private growPermissions(): void {
    const { upa, coverage, uncoveredOfPermission } = this.state;
    const { users, candidates, gains } = this;
    let shortest = users[0];
    let userWeight = 0;
    for (const user of users) {
      userWeight += upa.userWeights[user];
      if (rowLength(upa.rowOffsets, user) < rowLength(upa.rowOffsets, shortest)) shortest = user;
    }
    let count = 0;
    this.state.meter.work += (upa.rowOffsets[shortest + 1] - upa.rowOffsets[shortest]) >> 2;
    for (let at = upa.rowOffsets[shortest]; at < upa.rowOffsets[shortest + 1]; at++) {
      const permission = upa.rowPermissions[at];
      if (uncoveredOfPermission[permission] === 0) continue;
      let gain = 0;
      let i = 0;
      for (; i < users.length; i++) {
        const edge = upa.edgeOf(users[i], permission);
        if (edge < 0) break;
        if (coverage[edge] === 0) gain += upa.userWeights[users[i]];
      }
      this.state.meter.work += i + 1;
      if (i < users.length || gain === 0) continue;
      candidates[count] = permission;
      gains[count++] = gain;
    }
    this.takeBestRatio(this.permissions, count, userWeight, upa.permissionWeights);
  }

  /** With `permissions` fixed: the users who hold them all and for whom they cover the most per cost. */
  private growUsers(): number {
    const { upa, coverage, uncoveredOfUser } = this.state;
    const { permissions, candidates, gains } = this;
    if (permissions.length === 0) return 0;
    let rarest = permissions[0];
    let permissionWeight = 0;
    for (const permission of permissions) {
      permissionWeight += upa.permissionWeights[permission];
      if (rowLength(upa.columnOffsets, permission) < rowLength(upa.columnOffsets, rarest)) rarest = permission;
    }
    let count = 0;
    this.state.meter.work += (upa.columnOffsets[rarest + 1] - upa.columnOffsets[rarest]) >> 2;
    for (let at = upa.columnOffsets[rarest]; at < upa.columnOffsets[rarest + 1]; at++) {
      const user = upa.columnUsers[at];
      if (uncoveredOfUser[user] === 0) continue;
      let gain = 0;
      let i = 0;
      for (; i < permissions.length; i++) {
        const edge = upa.edgeOf(user, permissions[i]);
        if (edge < 0) break;
        if (coverage[edge] === 0) gain += upa.permissionWeights[permissions[i]];
      }
      this.state.meter.work += i + 1;
      if (i < permissions.length || gain === 0) continue;
      candidates[count] = user;
      gains[count++] = gain;
    }
    return this.takeBestRatio(this.users, count, permissionWeight, upa.userWeights);
  }

  private takeBestRatio(into: number[], count: number, fixedWeight: number, weights: Int32Array): number {
    const { candidates, gains } = this;
    const { role, pair } = this.state.costs;
    const fixedCost = role + pair * fixedWeight;
    let ratio = 0;
    for (;;) {
      const least = ratio * pair;
      let gain = 0;
      let weight = 0;
      for (let i = 0; i < count; i++) {
        if (gains[i] <= least) continue;
        gain += gains[i] * weights[candidates[i]];
        weight += weights[candidates[i]];
      }
      this.state.meter.work += count;
      const next = gain / (fixedCost + pair * weight);
      if (next <= ratio) break;
      ratio = next;
    }
    into.length = 0;
    // Those exactly at the ratio neither raise nor lower it: they come along.
    for (let i = 0; i < count; i++) if (gains[i] >= ratio * pair) into.push(candidates[i]);
    return ratio;
  }
}

function rowLength(offsets: Int32Array, row: number): number {
  return offsets[row + 1] - offsets[row];
}

function copy(from: readonly number[], to: number[]): void {
  to.length = 0;
  for (let i = 0; i < from.length; i++) to.push(from[i]);
}
