import type { SearchMeter } from '../role-set/search/search-meter.js';
import type { WeightedUpa } from '../role-set/search/weighted-upa.js';
import { BipartiteFlow } from './bipartite-flow.js';
import type { Biclique } from './maximal-bicliques.js';

/** Unit of edge values: they are whole multiples of a millionth, so that sums of them are exact. */
export const VALUE_SCALE = 1_000_000;

/** A maximal biclique with the numbers of its edges, user by user. */
export interface BicliqueEdges extends Biclique {
  readonly edges: Int32Array;
}

export function withEdges(upa: WeightedUpa, { users, permissions }: Biclique): BicliqueEdges {
  const edges = new Int32Array(users.length * permissions.length);
  let at = 0;
  for (const user of users) for (const permission of permissions) edges[at++] = upa.edgeOf(user, permission);
  return { users, permissions, edges };
}

/**
 * Finds the biclique within a maximal one whose edge values exceed its cost most. Which users and permissions to take is
 * a closure problem (Picard, Management Science 22, 1976): an edge's value is earned when its user and its permission are
 * both paid for. Peeling takes away who can never earn their weight, a minimum cut decides about the rest.
 *
 * Values are whole numbers at `VALUE_SCALE`: below 2⁵³ in sum, so the answer is exact.
 */
export class BicliquePricer {
  /** Positions, within the maximal biclique last priced, of the users and permissions that `findViolated` found. */
  readonly users: number[] = [];
  readonly permissions: number[] = [];

  private readonly rowSums: Float64Array;
  private readonly columnSums: Float64Array;
  /** Positions that peeling has left. */
  private readonly leftUsers: Int32Array;
  private readonly leftPermissions: Int32Array;
  private leftUserCount = 0;
  private leftPermissionCount = 0;
  private readonly flow: BipartiteFlow;

  constructor(
    private readonly upa: WeightedUpa,
    bicliques: readonly Biclique[],
    private readonly meter: SearchMeter,
  ) {
    let users = 0;
    let permissions = 0;
    let edges = 0;
    for (const biclique of bicliques) {
      users = Math.max(users, biclique.users.length);
      permissions = Math.max(permissions, biclique.permissions.length);
      edges = Math.max(edges, biclique.users.length * biclique.permissions.length);
    }
    this.rowSums = new Float64Array(users);
    this.columnSums = new Float64Array(permissions);
    this.leftUsers = new Int32Array(users);
    this.leftPermissions = new Int32Array(permissions);
    this.flow = new BipartiteFlow(users, permissions, edges);
  }

  /** Whether a biclique within this one is worth more than it costs, `users` and `permissions` being the worst. */
  findViolated(biclique: BicliqueEdges, values: Float64Array): boolean {
    return this.peel(biclique, values) && this.cut(biclique, values);
  }

  /**
   * Leaves the users and permissions that earn more than their weight with those that are left.
   *
   * @returns whether enough is earned above the weights of one side to pay for a role
   */
  private peel({ users, permissions, edges }: BicliqueEdges, values: Float64Array): boolean {
    const { rowSums, columnSums, leftUsers, leftPermissions, meter } = this;
    const { userWeights, permissionWeights } = this.upa;
    const width = permissions.length;
    let userCount = 0;
    let permissionCount = width;
    let earnings = 0;
    meter.work += edges.length;
    for (let user = 0, edge = 0; user < users.length; user++) {
      let sum = 0;
      for (const end = edge + width; edge < end; edge++) sum += values[edges[edge]];
      rowSums[user] = sum;
      const earning = sum - VALUE_SCALE * userWeights[users[user]];
      if (earning <= 0) continue;
      leftUsers[userCount++] = user;
      earnings += earning;
    }
    if (earnings <= VALUE_SCALE) return false;
    meter.work += userCount * width;
    columnSums.fill(0, 0, width);
    for (let permission = 0; permission < width; permission++) leftPermissions[permission] = permission;
    for (let at = 0; at < userCount; at++) {
      const from = leftUsers[at] * width;
      for (let permission = 0; permission < width; permission++) {
        columnSums[permission] += values[edges[from + permission]];
      }
    }
    for (let changed = true; changed;) {
      let kept = 0;
      earnings = 0;
      for (let at = 0; at < permissionCount; at++) {
        const permission = leftPermissions[at];
        const earning = columnSums[permission] - VALUE_SCALE * permissionWeights[permissions[permission]];
        if (earning > 0) {
          leftPermissions[kept++] = permission;
          earnings += earning;
          continue;
        }
        meter.work += userCount;
        for (let i = 0; i < userCount; i++) rowSums[leftUsers[i]] -= values[edges[leftUsers[i] * width + permission]];
      }
      if (earnings <= VALUE_SCALE) return false;
      changed = kept < permissionCount;
      permissionCount = kept;
      if (!changed) break;
      kept = 0;
      earnings = 0;
      for (let at = 0; at < userCount; at++) {
        const user = leftUsers[at];
        const earning = rowSums[user] - VALUE_SCALE * userWeights[users[user]];
        if (earning > 0) {
          leftUsers[kept++] = user;
          earnings += earning;
          continue;
        }
        meter.work += permissionCount;
        const from = user * width;
        for (let i = 0; i < permissionCount; i++) {
          columnSums[leftPermissions[i]] -= values[edges[from + leftPermissions[i]]];
        }
      }
      if (earnings <= VALUE_SCALE) return false;
      changed = kept < userCount;
      userCount = kept;
    }
    this.leftUserCount = userCount;
    this.leftPermissionCount = permissionCount;
    return true;
  }

  /** Decides, by a minimum cut, which of those that peeling has left to take. */
  private cut({ users, permissions, edges }: BicliqueEdges, values: Float64Array): boolean {
    const { leftUsers, leftPermissions, leftUserCount, leftPermissionCount, flow, rowSums } = this;
    const { userWeights, permissionWeights } = this.upa;
    const width = permissions.length;
    for (let right = 0; right < leftPermissionCount; right++) {
      flow.demand[right] = VALUE_SCALE * permissionWeights[permissions[leftPermissions[right]]];
    }
    let earnings = 0;
    for (let left = 0, arc = 0; left < leftUserCount; left++) {
      const user = leftUsers[left];
      flow.supply[left] = rowSums[user] - VALUE_SCALE * userWeights[users[user]];
      earnings += flow.supply[left];
      for (let right = 0; right < leftPermissionCount; right++) {
        flow.capacity[arc++] = values[edges[user * width + leftPermissions[right]]];
      }
    }
    const enough = earnings - VALUE_SCALE;
    flow.work = 0;
    const sent = flow.run(leftUserCount, leftPermissionCount, enough);
    this.meter.work += flow.work;
    if (sent >= enough) return false;
    this.users.length = 0;
    this.permissions.length = 0;
    for (let left = 0; left < leftUserCount; left++) {
      if (flow.leftReached[left] === 1) this.users.push(leftUsers[left]);
    }
    for (let right = 0; right < leftPermissionCount; right++) {
      if (flow.rightReached[right] === 1) this.permissions.push(leftPermissions[right]);
    }
    return true;
  }
}
