import type { EngineControl } from '../control.js';
import type { AccessMatrix } from '../matrix/access-matrix.js';
import { reduceMatrix } from '../matrix/reduce.js';
import { assembleRoleSet } from './assemble-role-set.js';
import { mineMinimumRoles } from './minimum-roles/minimum-roles.js';
import type { RoleSet, RoleSetOptions } from './role-set.js';
import { expandRoles, meetsThresholds } from './search/expand-roles.js';
import type { RoleThresholds } from './search/role-rules.js';
import { searchRoles } from './search/search-roles.js';

/**
 * Finds a role set for the matrix. Exact: every role is a set of users times a set of entitlements that they all hold.
 * With thresholds, a role must reach them, and what no role explains stays a direct assignment; a role that neither
 * raises nor lowers weighted structural complexity is proposed.
 *
 * The way is chosen by what is asked for: the fewest roles that reproduce everything come from the exact cover, all else
 * from the search.
 */
export function mineRoleSet(matrix: AccessMatrix, options: RoleSetOptions, control: EngineControl): RoleSet {
  if (options.objective === 'wsc' || !options.complete) return searchedRoleSet(matrix, options, control, null);
  const cover = mineMinimumRoles(matrix, options, control);
  if (cover.kind === 'kernel-too-large') {
    const reason = `the exact cover leaves a kernel of ${cover.kernelEdges} assignments, more than fit in its memory`;
    return searchedRoleSet(matrix, options, control, reason);
  }
  const { roles, lowerBound, provenOptimal, stoppedBy, steps } = cover;
  return assembleRoleSet(matrix, roles, {
    mode: 'exact',
    modeReason: null,
    lowerBound,
    provenOptimal,
    stoppedBy,
    steps,
  });
}

function searchedRoleSet(
  matrix: AccessMatrix,
  options: RoleSetOptions,
  control: EngineControl,
  modeReason: string | null,
): RoleSet {
  const thresholds: RoleThresholds = options.complete
    ? { minUsers: 1, minEntitlements: 1, confidenceThreshold: 0 }
    : options;
  const reduced = reduceMatrix(matrix);
  const { roles, stoppedBy, steps } = searchRoles(reduced, matrix.userCount, thresholds, options, control);
  const grants = expandRoles(reduced, roles).filter((grant) => meetsThresholds(matrix, grant, thresholds));
  control.onProgress?.(1);
  return assembleRoleSet(matrix, grants, {
    mode: 'search',
    modeReason,
    lowerBound: null,
    provenOptimal: false,
    stoppedBy,
    steps,
  });
}
