import type { AccessMatrix } from '../matrix/access-matrix.js';
import type { MinedRole } from '../role-set/role-set.js';

/** What each role of a set explains that others do not; one count per role, in their order. */
export interface RoleCoverage {
  /** Assignments that no earlier role covers. */
  readonly notCoveredEarlier: Int32Array;
  /** Assignments that no other role covers: they would stay direct without it. */
  readonly coveredByNoOther: Int32Array;
}

/**
 * One pass over the rows of every role's users, O(Σ access of the users of the roles); four bytes an assignment, which
 * remember the only role that covers it so far.
 */
export function roleCoverage(
  { rowOffsets, rowColumns, assignmentCount, entitlementCount }: AccessMatrix,
  roles: readonly Pick<MinedRole, 'entitlements' | 'users'>[],
): RoleCoverage {
  const UNCOVERED = -1;
  const SEVERAL = -2;
  const coveredBy = new Int32Array(assignmentCount).fill(UNCOVERED);
  const notCoveredEarlier = new Int32Array(roles.length);
  const coveredByNoOther = new Int32Array(roles.length);
  const roleOfEntitlement = new Int32Array(entitlementCount).fill(-1);
  roles.forEach(({ entitlements, users }, role) => {
    for (const entitlement of entitlements) roleOfEntitlement[entitlement] = role;
    for (const user of users) {
      for (let at = rowOffsets[user]; at < rowOffsets[user + 1]; at++) {
        if (roleOfEntitlement[rowColumns[at]] !== role) continue;
        const before = coveredBy[at];
        if (before === UNCOVERED) {
          notCoveredEarlier[role]++;
          coveredByNoOther[role]++;
          coveredBy[at] = role;
        } else if (before !== SEVERAL) {
          coveredByNoOther[before]--;
          coveredBy[at] = SEVERAL;
        }
      }
    }
  });
  return { notCoveredEarlier, coveredByNoOther };
}
