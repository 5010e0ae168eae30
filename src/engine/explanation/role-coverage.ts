import type { EngineControl } from '../control.js';
import type { AccessMatrix } from '../matrix/access-matrix.js';
import { findFrom } from '../role-set/covered-assignments.js';
import type { MinedRole } from '../role-set/role-set.js';

/** What each role of a set explains that others do not; one count per role, in their order. */
export interface RoleCoverage {
  /** Assignments that no earlier role covers. */
  readonly notCoveredEarlier: Int32Array;
  /** Assignments that no other role covers: they would stay direct without it. */
  readonly coveredByNoOther: Int32Array;
}

/**
 * One pass over the assignments of every role; four bytes an assignment of the matrix, which remember the only role that
 * covers it so far. Once cancelled it counts no further.
 */
export function roleCoverage(
  { rowOffsets, rowColumns, assignmentCount }: AccessMatrix,
  roles: readonly Pick<MinedRole, 'entitlements' | 'users'>[],
  control: EngineControl = {},
): RoleCoverage {
  const UNCOVERED = -1;
  const SEVERAL = -2;
  const coveredBy = new Int32Array(assignmentCount).fill(UNCOVERED);
  const notCoveredEarlier = new Int32Array(roles.length);
  const coveredByNoOther = new Int32Array(roles.length);
  for (const [role, { entitlements, users }] of roles.entries()) {
    if (control.isCancelled?.() === true) break;
    for (const user of users) {
      let at = rowOffsets[user];
      for (const entitlement of entitlements) {
        at = findFrom(rowColumns, at, rowOffsets[user + 1], entitlement);
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
  }
  return { notCoveredEarlier, coveredByNoOther };
}
