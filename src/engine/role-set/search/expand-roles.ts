import type { AccessMatrix } from '../../matrix/access-matrix.js';
import type { ReducedMatrix } from '../../matrix/reduce.js';
import { confidence, nearMissCounts } from '../../confidence.js';
import type { RoleGrant } from '../covered-assignments.js';
import type { RoleThresholds } from './role-rules.js';

/** A role over the reduced matrix. */
export interface ReducedRole {
  readonly users: readonly number[];
  readonly permissions: readonly number[];
}

/** The same roles over the original matrix. */
export function expandRoles(reduced: ReducedMatrix, roles: readonly ReducedRole[]): RoleGrant[] {
  return roles.map(({ users, permissions }) => ({
    users: expand(users, reduced.userGroups),
    entitlements: expand(permissions, reduced.entitlementGroups),
  }));
}

/**
 * Checks the thresholds once more on the original matrix, without hashing: the search's cache may confuse two sets (it
 * takes 53-bit keys), and a role that the thresholds forbid must not get out for that.
 */
export function meetsThresholds(matrix: AccessMatrix, { entitlements }: RoleGrant, wanted: RoleThresholds): boolean {
  const counts = nearMissCounts(matrix, entitlements);
  return (
    entitlements.length >= wanted.minEntitlements &&
    counts.members >= wanted.minUsers &&
    confidence(counts) >= wanted.confidenceThreshold
  );
}

function expand(members: readonly number[], groups: readonly Int32Array[]): Int32Array {
  let length = 0;
  for (const member of members) length += groups[member].length;
  const expanded = new Int32Array(length);
  let at = 0;
  for (const member of members) {
    expanded.set(groups[member], at);
    at += groups[member].length;
  }
  return expanded.sort();
}
