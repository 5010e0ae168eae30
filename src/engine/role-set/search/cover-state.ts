import type { CostModel } from './cost-model.js';
import type { SearchMeter } from './search-meter.js';
import type { WeightedUpa } from './weighted-upa.js';

const ADD_USER = 0;
const REMOVE_USER = 1;
const ADD_PERMISSION = 2;
const REMOVE_PERMISSION = 3;
const ADD_ROLE = 4;
const REMOVE_ROLE = 5;

/**
 * A set of roles over the weighted UPA, kept exact under small changes: who has which role, how many roles cover each
 * edge, which edges no role covers (insert, delete and sample in O(1)), the cost, and a log that takes changes back.
 *
 * Invariants: every role is a biclique (the caller adds only what the matrix allows), no living role has an empty
 * side, `uncoveredWeight` = Σ weights of the uncovered edges. Changing one pair of a role costs O(the other side).
 */
export class CoverState {
  /** By role number; numbers of dead roles are used again. */
  readonly usersOf: number[][] = [];
  readonly permissionsOf: number[][] = [];
  readonly rolesOfUser: number[][];
  readonly rolesOfPermission: number[][];
  /** Living roles, in no order. */
  readonly roles: number[] = [];
  /** Roles that cover an edge. */
  readonly coverage: Int32Array;
  readonly uncoveredEdges: Int32Array;
  uncoveredCount: number;
  /**
   * Weight of the permissions that a user waits for, and of the users who wait for a permission. While a search runs
   * most wait for nothing, which spares looking closer.
   */
  readonly uncoveredOfUser: Int32Array;
  readonly uncoveredOfPermission: Int32Array;
  /** Weight of all user–role and role–permission pairs. */
  pairWeight = 0;
  uncoveredWeight: number;
  /** Users and permissions with an edge that was covered once more since `forgetTouched`: where redundancy may be. */
  readonly touchedUsers: number[] = [];
  readonly touchedPermissions: number[] = [];
  /** Edges that became uncovered since the last `commit`, perhaps covered again by now. */
  readonly loosenedEdges: number[] = [];

  private readonly uncoveredPlace: Int32Array;
  private readonly rolePlace: number[] = [];
  private readonly freeRoles: number[] = [];
  private readonly userTouch: Uint8Array;
  private readonly permissionTouch: Uint8Array;
  private readonly log: number[] = [];

  constructor(
    readonly upa: WeightedUpa,
    readonly costs: CostModel,
    readonly meter: SearchMeter,
  ) {
    this.rolesOfUser = Array.from({ length: upa.userCount }, () => []);
    this.rolesOfPermission = Array.from({ length: upa.permissionCount }, () => []);
    this.coverage = new Int32Array(upa.edgeCount);
    this.uncoveredEdges = Int32Array.from({ length: upa.edgeCount }, (_, edge) => edge);
    this.uncoveredPlace = this.uncoveredEdges.slice();
    this.uncoveredCount = upa.edgeCount;
    this.uncoveredOfUser = new Int32Array(upa.userCount);
    this.uncoveredOfPermission = new Int32Array(upa.permissionCount);
    for (let edge = 0; edge < upa.edgeCount; edge++) {
      const user = upa.edgeUsers[edge];
      const permission = upa.rowPermissions[edge];
      this.uncoveredOfUser[user] += upa.permissionWeights[permission];
      this.uncoveredOfPermission[permission] += upa.userWeights[user];
    }
    this.uncoveredWeight = upa.assignmentCount;
    this.userTouch = new Uint8Array(upa.userCount);
    this.permissionTouch = new Uint8Array(upa.permissionCount);
  }

  get cost(): number {
    const { role, pair, uncovered } = this.costs;
    return role * this.roles.length + pair * this.pairWeight + uncovered * this.uncoveredWeight;
  }

  /** Weighted structural complexity, all weights 1 whatever the cost model: excused edges are left out. */
  get complexity(): number {
    return this.roles.length + this.pairWeight + this.uncoveredWeight;
  }

  /** Takes an edge that no role covers out of the task for good: it counts as covered and costs nothing. */
  excuse(edge: number): void {
    this.cover(edge, this.upa.edgeUsers[edge], this.upa.rowPermissions[edge]);
  }

  /** Both lists are copied; neither may be empty. Returns the role's number. */
  addRole(users: ArrayLike<number>, permissions: ArrayLike<number>): number {
    const role = this.reviveRole(this.freeRoles.pop() ?? this.usersOf.length);
    for (let i = 0; i < permissions.length; i++) this.linkPermission(role, permissions[i]);
    for (let i = 0; i < users.length; i++) {
      this.linkUser(role, users[i]);
      this.coverUser(role, users[i]);
    }
    this.log.push(role, ADD_ROLE);
    return role;
  }

  removeRole(role: number): void {
    const users = this.usersOf[role];
    const permissions = this.permissionsOf[role];
    for (const user of users) this.log.push(user);
    for (const permission of permissions) this.log.push(permission);
    this.log.push(users.length, permissions.length, role, REMOVE_ROLE);
    this.killRole(role);
  }

  /** The user must hold every permission of the role and not have the role. */
  addUser(role: number, user: number): void {
    this.linkUser(role, user);
    this.coverUser(role, user);
    this.log.push(user, role, ADD_USER);
  }

  addPermission(role: number, permission: number): void {
    this.linkPermission(role, permission);
    this.coverPermission(role, permission);
    this.log.push(permission, role, ADD_PERMISSION);
  }

  /** Taking the last user away removes the role. */
  removeUser(role: number, user: number): void {
    if (this.usersOf[role].length === 1) return this.removeRole(role);
    this.uncoverUser(role, user);
    this.unlinkUser(role, user);
    this.log.push(user, role, REMOVE_USER);
  }

  /** Taking the last permission away removes the role. */
  removePermission(role: number, permission: number): void {
    if (this.permissionsOf[role].length === 1) return this.removeRole(role);
    this.uncoverPermission(role, permission);
    this.unlinkPermission(role, permission);
    this.log.push(permission, role, REMOVE_PERMISSION);
  }

  /** What was changed so far stays: `rollback` goes no further back than here. */
  commit(): void {
    this.log.length = 0;
    this.loosenedEdges.length = 0;
  }

  /** Takes back everything since the last `commit`. */
  rollback(): void {
    const log = this.log;
    while (log.length > 0) {
      const kind = log.pop();
      const role = log.pop() as number;
      if (kind === ADD_ROLE) this.killRole(role);
      else if (kind === REMOVE_ROLE) this.restoreRole(role);
      else {
        const member = log.pop() as number;
        if (kind === ADD_USER) {
          this.uncoverUser(role, member);
          this.unlinkUser(role, member);
        } else if (kind === REMOVE_USER) {
          this.linkUser(role, member);
          this.coverUser(role, member);
        } else if (kind === ADD_PERMISSION) {
          this.uncoverPermission(role, member);
          this.unlinkPermission(role, member);
        } else {
          this.linkPermission(role, member);
          this.coverPermission(role, member);
        }
      }
    }
    this.loosenedEdges.length = 0;
    this.forgetTouched();
  }

  forgetTouched(): void {
    for (const user of this.touchedUsers) this.userTouch[user] = 0;
    for (const permission of this.touchedPermissions) this.permissionTouch[permission] = 0;
    this.touchedUsers.length = 0;
    this.touchedPermissions.length = 0;
  }

  private restoreRole(role: number): void {
    const log = this.log;
    const permissionCount = log.pop() as number;
    const userCount = log.pop() as number;
    const permissionsFrom = log.length - permissionCount;
    const usersFrom = permissionsFrom - userCount;
    // Changes are taken back last first, so the number freed by the removal is the next free one again.
    this.reviveRole(this.freeRoles.pop() as number);
    for (let i = permissionsFrom; i < log.length; i++) this.linkPermission(role, log[i]);
    for (let i = usersFrom; i < permissionsFrom; i++) {
      this.linkUser(role, log[i]);
      this.coverUser(role, log[i]);
    }
    log.length = usersFrom;
  }

  private reviveRole(role: number): number {
    if (role === this.usersOf.length) {
      this.usersOf.push([]);
      this.permissionsOf.push([]);
      this.rolePlace.push(0);
    }
    this.rolePlace[role] = this.roles.length;
    this.roles.push(role);
    return role;
  }

  private killRole(role: number): void {
    const users = this.usersOf[role];
    const permissions = this.permissionsOf[role];
    for (let i = users.length - 1; i >= 0; i--) this.uncoverUser(role, users[i]);
    for (let i = users.length - 1; i >= 0; i--) this.unlinkUser(role, users[i]);
    for (let i = permissions.length - 1; i >= 0; i--) this.unlinkPermission(role, permissions[i]);
    const last = this.roles.pop() as number;
    if (last !== role) {
      this.roles[this.rolePlace[role]] = last;
      this.rolePlace[last] = this.rolePlace[role];
    }
    this.freeRoles.push(role);
  }

  private linkUser(role: number, user: number): void {
    this.usersOf[role].push(user);
    this.rolesOfUser[user].push(role);
    this.pairWeight += this.upa.userWeights[user];
  }

  private unlinkUser(role: number, user: number): void {
    takeOut(this.usersOf[role], user);
    takeOut(this.rolesOfUser[user], role);
    this.pairWeight -= this.upa.userWeights[user];
  }

  private linkPermission(role: number, permission: number): void {
    this.permissionsOf[role].push(permission);
    this.rolesOfPermission[permission].push(role);
    this.pairWeight += this.upa.permissionWeights[permission];
  }

  private unlinkPermission(role: number, permission: number): void {
    takeOut(this.permissionsOf[role], permission);
    takeOut(this.rolesOfPermission[permission], role);
    this.pairWeight -= this.upa.permissionWeights[permission];
  }

  private coverUser(role: number, user: number): void {
    const permissions = this.permissionsOf[role];
    this.meter.work += permissions.length;
    for (let i = 0; i < permissions.length; i++)
      this.cover(this.upa.edgeOf(user, permissions[i]), user, permissions[i]);
  }

  private coverPermission(role: number, permission: number): void {
    const users = this.usersOf[role];
    this.meter.work += users.length;
    for (let i = 0; i < users.length; i++) this.cover(this.upa.edgeOf(users[i], permission), users[i], permission);
  }

  private uncoverUser(role: number, user: number): void {
    const permissions = this.permissionsOf[role];
    this.meter.work += permissions.length;
    for (let i = 0; i < permissions.length; i++)
      this.uncover(this.upa.edgeOf(user, permissions[i]), user, permissions[i]);
  }

  private uncoverPermission(role: number, permission: number): void {
    const users = this.usersOf[role];
    this.meter.work += users.length;
    for (let i = 0; i < users.length; i++) this.uncover(this.upa.edgeOf(users[i], permission), users[i], permission);
  }

  private cover(edge: number, user: number, permission: number): void {
    if (this.coverage[edge]++ > 0) {
      if (this.userTouch[user] === 0) {
        this.userTouch[user] = 1;
        this.touchedUsers.push(user);
      }
      if (this.permissionTouch[permission] === 0) {
        this.permissionTouch[permission] = 1;
        this.touchedPermissions.push(permission);
      }
      return;
    }
    const place = this.uncoveredPlace[edge];
    const last = this.uncoveredEdges[--this.uncoveredCount];
    this.uncoveredEdges[place] = last;
    this.uncoveredPlace[last] = place;
    this.uncoveredWeight -= this.upa.edgeWeights[edge];
    this.uncoveredOfUser[user] -= this.upa.permissionWeights[permission];
    this.uncoveredOfPermission[permission] -= this.upa.userWeights[user];
  }

  private uncover(edge: number, user: number, permission: number): void {
    if (--this.coverage[edge] > 0) return;
    this.loosenedEdges.push(edge);
    this.uncoveredEdges[this.uncoveredCount] = edge;
    this.uncoveredPlace[edge] = this.uncoveredCount++;
    this.uncoveredWeight += this.upa.edgeWeights[edge];
    this.uncoveredOfUser[user] += this.upa.permissionWeights[permission];
    this.uncoveredOfPermission[permission] += this.upa.userWeights[user];
  }
}

/** Order is not kept: the last one takes the place. */
function takeOut(list: number[], value: number): void {
  const last = list.pop() as number;
  if (last !== value) list[list.lastIndexOf(value)] = last;
}
