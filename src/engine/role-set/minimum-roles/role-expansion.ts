import type { EdgeTable } from './edge-table.js';
import type { SearchBudget } from './search-budget.js';

/** A biclique of the reduced matrix; both lists ascending. */
export interface ReducedRole {
  readonly users: Int32Array;
  readonly permissions: Int32Array;
}

/**
 * Turns classes of surviving edges (cliques of the compatibility graph) into roles of the whole matrix: every
 * dominated edge joins all classes of its dominator, in reverse order of domination. Joining is what domination
 * allows; closing a class of surviving edges alone would leave dominated edges out. O(assignments + size of the roles).
 *
 * @param dominators per edge the edge that dominates it, −1 for surviving edges
 * @param classes edge ids; together they hold every surviving edge
 * @param budget once it is cancelled the classes that are left make empty roles; without one, all are expanded
 */
export function expandClasses(
  table: EdgeTable,
  dominators: Int32Array,
  classes: readonly Int32Array[],
  budget?: SearchBudget,
): ReducedRole[] {
  const { matrix, edgeUsers } = table;
  const roots = rootsOf(dominators);
  budget?.pass(4 * roots.length);
  const offsets = new Int32Array(roots.length + 1);
  for (const root of roots) offsets[root + 1]++;
  for (let edge = 0; edge < roots.length; edge++) offsets[edge + 1] += offsets[edge];
  const dominated = new Int32Array(roots.length);
  const fill = offsets.slice(0, roots.length);
  roots.forEach((root, edge) => (dominated[fill[root]++] = edge));

  budget?.pass(4 * roots.length);
  const userIn = new Int32Array(matrix.userCount).fill(-1);
  const permissionIn = new Int32Array(matrix.entitlementCount).fill(-1);
  return classes.map((edges, role) => {
    const users: number[] = [];
    const permissions: number[] = [];
    for (const root of edges) {
      if (budget?.cancelled === true) break;
      budget?.pass(4 * (offsets[root + 1] - offsets[root]));
      for (let at = offsets[root]; at < offsets[root + 1]; at++) {
        const user = edgeUsers[dominated[at]];
        const permission = matrix.rowColumns[dominated[at]];
        if (userIn[user] !== role) {
          userIn[user] = role;
          users.push(user);
        }
        if (permissionIn[permission] !== role) {
          permissionIn[permission] = role;
          permissions.push(permission);
        }
      }
    }
    return { users: Int32Array.from(users).sort(), permissions: Int32Array.from(permissions).sort() };
  });
}

/**
 * The surviving edge at the end of each edge's chain of dominators. Since a dominated edge joins exactly the classes
 * of its dominator, following chains is the same as re-inserting edges in reverse order.
 */
function rootsOf(dominators: Int32Array): Int32Array {
  const roots = dominators.map((dominator, edge) => (dominator < 0 ? edge : dominator));
  for (let edge = 0; edge < roots.length; edge++) {
    let root = edge;
    while (roots[root] !== root) {
      roots[root] = roots[roots[root]];
      root = roots[root];
    }
    roots[edge] = root;
  }
  return roots;
}
