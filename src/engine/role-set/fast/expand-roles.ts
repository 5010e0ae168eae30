import type { AccessMatrix } from '../../matrix/access-matrix.js';
import type { Candidate } from './candidate-pool.js';
import type { SelectionSnapshot } from './role-selection.js';
import type { RowClasses } from './row-classes.js';

/** A biclique in the ids of the input: every user holds every entitlement. Both ascending. */
export interface FastRole {
  readonly entitlements: Int32Array;
  readonly users: Int32Array;
}

/**
 * From row classes back to users. With `complete`, what is left over goes to one role for each set of users to whom the
 * same entitlements are left. (One role per entitlement instead: complexity 8,423 instead of 4,356 on emea.)
 *
 * @param snapshot null: no roles yet
 */
export function expandRoles(
  matrix: AccessMatrix,
  classes: RowClasses,
  candidates: readonly Candidate[],
  snapshot: SelectionSnapshot | null,
  complete: boolean,
): FastRole[] {
  const { offsets, roles } = snapshot ?? { offsets: new Int32Array(classes.count + 1), roles: new Int32Array(0) };
  const usersOfRole: number[][] = candidates.map(() => []);
  const usersLeft: number[][] = Array.from({ length: complete ? matrix.entitlementCount : 0 }, () => []);
  const coveredFor = new Int32Array(matrix.entitlementCount).fill(-1);
  for (let user = 0; user < matrix.userCount; user++) {
    const rowClass = classes.classOfUser[user];
    if (rowClass < 0) continue;
    for (let at = offsets[rowClass]; at < offsets[rowClass + 1]; at++) {
      usersOfRole[roles[at]].push(user);
      if (complete) for (const entitlement of candidates[roles[at]].entitlements) coveredFor[entitlement] = user;
    }
    if (!complete) continue;
    for (let at = matrix.rowOffsets[user]; at < matrix.rowOffsets[user + 1]; at++) {
      const entitlement = matrix.rowColumns[at];
      if (coveredFor[entitlement] !== user) usersLeft[entitlement].push(user);
    }
  }
  const expanded: FastRole[] = [];
  for (const [role, users] of usersOfRole.entries()) {
    if (users.length > 0) expanded.push({ entitlements: candidates[role].entitlements, users: Int32Array.from(users) });
  }
  const groups = new Map<string, number[]>();
  for (const [entitlement, users] of usersLeft.entries()) {
    if (users.length === 0) continue;
    const key = users.join();
    const group = groups.get(key);
    if (group) group.push(entitlement);
    else groups.set(key, [entitlement]);
  }
  for (const entitlements of groups.values()) {
    expanded.push({ entitlements: Int32Array.from(entitlements), users: Int32Array.from(usersLeft[entitlements[0]]) });
  }
  return expanded;
}
