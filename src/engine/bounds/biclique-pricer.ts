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
  users: number[] = [];
  permissions: number[] = [];
  /** Value of the found biclique minus its whole cost, the 1 for the role included. */
  excess = 0;

  private readonly rowSums: Float64Array;
  private readonly columnSums: Float64Array;
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
    this.flow = new BipartiteFlow(users, permissions, edges);
  }

  /** Whether a biclique within this one is worth more than it costs, `users` and `permissions` being the worst. */
  findViolated(biclique: BicliqueEdges, values: Float64Array): boolean {
    this.peel(biclique, values);
    const { users, permissions, flow, rowSums, columnSums } = this;
    if (users.length === 0 || permissions.length === 0) return false;
    const width = biclique.permissions.length;
    const paidUsers = this.weigh(this.upa.userWeights, biclique.users, users);
    const paidPermissions = this.weigh(this.upa.permissionWeights, biclique.permissions, permissions);
    let total = 0;
    for (const user of users) total += rowSums[user];
    if (total - Math.max(paidUsers, paidPermissions) <= VALUE_SCALE) return false;
    const { userWeights, permissionWeights } = this.upa;
    for (let right = 0; right < permissions.length; right++) {
      flow.demand[right] = VALUE_SCALE * permissionWeights[biclique.permissions[permissions[right]]];
    }
    for (let left = 0; left < users.length; left++) {
      flow.supply[left] = rowSums[users[left]] - VALUE_SCALE * userWeights[biclique.users[users[left]]];
      for (let right = 0; right < permissions.length; right++) {
        flow.capacity[left * permissions.length + right] =
          values[biclique.edges[users[left] * width + permissions[right]]];
      }
    }
    const enough = total - paidUsers - VALUE_SCALE;
    flow.work = 0;
    const sent = flow.run(users.length, permissions.length, enough);
    this.meter.work += flow.work;
    if (sent >= enough) return false;
    this.excess = enough - sent;
    this.users = users.filter((_, left) => flow.leftReached[left] === 1);
    this.permissions = permissions.filter((_, right) => flow.rightReached[right] === 1);
    void columnSums;
    return true;
  }

  private weigh(weights: Int32Array, members: Int32Array, positions: readonly number[]): number {
    let sum = 0;
    for (const position of positions) sum += weights[members[position]];
    return sum * VALUE_SCALE;
  }

  /** Leaves the users and permissions that earn more than their weight with those that are left. */
  private peel({ users, permissions, edges }: BicliqueEdges, values: Float64Array): void {
    const { rowSums, columnSums, meter } = this;
    const { userWeights, permissionWeights } = this.upa;
    const width = permissions.length;
    columnSums.fill(0, 0, width);
    for (let user = 0; user < users.length; user++) {
      let sum = 0;
      for (let permission = 0; permission < width; permission++) {
        const value = values[edges[user * width + permission]];
        sum += value;
        columnSums[permission] += value;
      }
      rowSums[user] = sum;
    }
    meter.work += edges.length;
    let leftUsers = Array.from(users, (_, position) => position);
    let leftPermissions = Array.from(permissions, (_, position) => position);
    for (let changed = true; changed; ) {
      changed = false;
      const nextUsers = leftUsers.filter((user) => {
        if (rowSums[user] > VALUE_SCALE * userWeights[users[user]]) return true;
        for (const permission of leftPermissions) columnSums[permission] -= values[edges[user * width + permission]];
        return false;
      });
      const nextPermissions = leftPermissions.filter((permission) => {
        if (columnSums[permission] > VALUE_SCALE * permissionWeights[permissions[permission]]) return true;
        for (const user of nextUsers) rowSums[user] -= values[edges[user * width + permission]];
        return false;
      });
      changed = nextUsers.length < leftUsers.length || nextPermissions.length < leftPermissions.length;
      meter.work += (leftUsers.length - nextUsers.length) * width + leftPermissions.length - nextPermissions.length;
      leftUsers = nextUsers;
      leftPermissions = nextPermissions;
    }
    this.users = leftUsers;
    this.permissions = leftPermissions;
  }
}
