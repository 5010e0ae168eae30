import type { EngineControl } from '../control.js';
import type { AccessMatrix } from '../matrix/access-matrix.js';
import type { UnderCoverPoint } from '../mining-result.js';
import { CoveredAssignments, type RoleGrant } from './covered-assignments.js';

const COVERAGE_PERCENTS = [80, 90, 95, 99, 100];

/**
 * Puts roles in the order of largest contribution first: each next one covers the most assignments that none before it
 * covers; ties by entitlements, shorter and smaller first. The greedy order for maximum coverage (Nemhauser, Wolsey and
 * Fisher, 1978; within 1 − 1/e of the best choice of any number of roles), with lazy evaluation: a contribution only
 * shrinks, so only the role at the head of the queue needs to be counted again. Once cancelled it returns those that it
 * has put in order: the ones with the largest contribution.
 *
 * @param covered nothing yet; what the ordered roles explain afterwards
 */
export function orderByContribution<Role extends RoleGrant>(
  covered: CoveredAssignments,
  roles: readonly Role[],
  control: EngineControl = {},
): Role[] {
  const byEntitlements = [...roles].sort((a, b) => compareLists(a.entitlements, b.entitlements));
  const bounds = byEntitlements.map((role) => role.users.length * role.entitlements.length);
  // Ascending by bound, ties descending by place, so that the head is the last element.
  const queue = byEntitlements.map((_, place) => place).sort((a, b) => bounds[a] - bounds[b] || b - a);
  const ordered: Role[] = [];
  for (let head = queue.pop(); head !== undefined; head = queue.pop()) {
    if (control.isCancelled?.() === true) break;
    bounds[head] = covered.countNew(byEntitlements[head]);
    const next = queue.at(-1);
    if (next === undefined || bounds[next] < bounds[head] || (bounds[next] === bounds[head] && next > head)) {
      covered.add(byEntitlements[head]);
      ordered.push(byEntitlements[head]);
      continue;
    }
    let low = 0;
    let high = queue.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = queue[middle];
      if (bounds[other] < bounds[head] || (bounds[other] === bounds[head] && other > head)) low = middle + 1;
      else high = middle;
    }
    queue.splice(low, 0, head);
  }
  return ordered;
}

/**
 * How many roles, taken in the order given, explain 80, 90, 95, 99 and 100 percent of all assignments: it tells an
 * administrator where to stop. Once cancelled it leaves the points open that it has not reached.
 */
export function underCoverCurve(
  matrix: AccessMatrix,
  roles: readonly RoleGrant[],
  control: EngineControl = {},
): UnderCoverPoint[] {
  const covered = new CoveredAssignments(matrix);
  let roleCount = 0;
  let coveredSoFar = 0;
  return COVERAGE_PERCENTS.map((coveragePercent) => {
    while (coveredSoFar * 100 < coveragePercent * matrix.assignmentCount && roleCount < roles.length) {
      if (control.isCancelled?.() === true) break;
      coveredSoFar += covered.add(roles[roleCount++]);
    }
    const reached = coveredSoFar * 100 >= coveragePercent * matrix.assignmentCount;
    return { coveragePercent, roleCount: reached ? roleCount : null };
  });
}

/** Lexicographic, the shorter first on a common beginning. */
function compareLists(a: Int32Array, b: Int32Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
