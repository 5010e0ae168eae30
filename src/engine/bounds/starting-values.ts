import type { ReducedRole } from '../role-set/search/expand-roles.js';
import type { WeightedUpa } from '../role-set/search/weighted-upa.js';
import type { ProximalDual } from './proximal-dual.js';

/**
 * Values to begin with: the cost of each role, split over the edges that only it covers. Their sum is the complexity of
 * the roles, the bound if no other biclique were better. Uncovered edges get all that they may be worth.
 */
export function spreadKnownRoles(upa: WeightedUpa, roles: readonly ReducedRole[], dual: ProximalDual): void {
  const coverage = new Int32Array(upa.edgeCount);
  const edgesOfRoles = roles.map(({ users, permissions }) =>
    users.flatMap((user) => permissions.map((permission) => upa.edgeOf(user, permission))),
  );
  for (const edges of edgesOfRoles) for (const edge of edges) coverage[edge]++;
  roles.forEach(({ users, permissions }, role) => {
    let cost = 1;
    for (const user of users) cost += upa.userWeights[user];
    for (const permission of permissions) cost += upa.permissionWeights[permission];
    dual.spread(
      edgesOfRoles[role].filter((edge) => coverage[edge] === 1),
      cost,
    );
  });
  for (let edge = 0; edge < coverage.length; edge++) {
    if (coverage[edge] === 0) dual.spread([edge], upa.edgeWeights[edge]);
  }
}
