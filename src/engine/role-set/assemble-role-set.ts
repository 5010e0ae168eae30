import { confidence, nearMissCounts } from '../confidence.js';
import type { AccessMatrix } from '../matrix/access-matrix.js';
import { CoveredAssignments, type RoleGrant } from './covered-assignments.js';
import type { MinedRole, RoleSet, RoleSetMetrics } from './role-set.js';
import { orderByContribution } from './under-cover-curve.js';

/** What the way of finding a role set knows beside the roles. */
export type SearchOutcome = Pick<RoleSet, 'mode' | 'modeReason' | 'stoppedBy' | 'steps'> &
  Pick<RoleSetMetrics, 'lowerBound' | 'provenOptimal'>;

/**
 * Makes the full result from bare roles: members, confidence, order, what stays direct and the metrics, all counted on
 * the original matrix.
 */
export function assembleRoleSet(matrix: AccessMatrix, grants: readonly RoleGrant[], outcome: SearchOutcome): RoleSet {
  const roles: MinedRole[] = orderByContribution(matrix, grants).map(({ entitlements, users }) => ({
    entitlements,
    users,
    members: holdersOfAll(matrix, entitlements),
    confidence: confidence(nearMissCounts(matrix, entitlements)),
  }));
  const covered = new CoveredAssignments(matrix);
  for (const role of roles) covered.add(role);
  const { directUsers, directEntitlements } = covered.rest();
  const userAssignments = roles.reduce((sum, role) => sum + role.users.length, 0);
  const permissionAssignments = roles.reduce((sum, role) => sum + role.entitlements.length, 0);
  const directAssignments = directUsers.length;
  return {
    roles,
    directUsers,
    directEntitlements,
    metrics: {
      roleCount: roles.length,
      userAssignments,
      permissionAssignments,
      directAssignments,
      wsc: roles.length + userAssignments + permissionAssignments + directAssignments,
      coverage: matrix.assignmentCount === 0 ? 1 : 1 - directAssignments / matrix.assignmentCount,
      lowerBound: outcome.lowerBound,
      provenOptimal: outcome.provenOptimal,
    },
    mode: outcome.mode,
    modeReason: outcome.modeReason,
    stoppedBy: outcome.stoppedBy,
    steps: outcome.steps,
  };
}

/** All users who hold every one of the entitlements, ascending. Intersects columns, the rarest first. */
export function holdersOfAll(matrix: AccessMatrix, entitlements: Int32Array): Int32Array {
  const { columnOffsets, columnRows } = matrix;
  const columns = [...entitlements].sort((a, b) => columnLength(matrix, a) - columnLength(matrix, b));
  const holders = columnRows.slice(columnOffsets[columns[0]], columnOffsets[columns[0] + 1]);
  let count = holders.length;
  for (const column of columns.slice(1)) {
    let at = columnOffsets[column];
    const end = columnOffsets[column + 1];
    let kept = 0;
    for (let i = 0; i < count; i++) {
      while (at < end && columnRows[at] < holders[i]) at++;
      if (at < end && columnRows[at] === holders[i]) holders[kept++] = holders[i];
    }
    count = kept;
  }
  return holders.slice(0, count);
}

function columnLength({ columnOffsets }: AccessMatrix, column: number): number {
  return columnOffsets[column + 1] - columnOffsets[column];
}
