import type { AccessMatrix } from '../../matrix/access-matrix.js';
import type { ReducedMatrix } from '../../matrix/reduce.js';
import { confidence, NearMissCounter } from '../../confidence.js';
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
 * Roles over the original matrix as roles over the reduced one: of equal users or entitlements, all come in when one
 * does. That keeps every role a biclique and within its thresholds.
 */
export function reduceRoles(matrix: AccessMatrix, reduced: ReducedMatrix, grants: readonly RoleGrant[]): ReducedRole[] {
  const groupOfUser = groupOfMember(matrix.userCount, reduced.userGroups);
  const groupOfEntitlement = groupOfMember(matrix.entitlementCount, reduced.entitlementGroups);
  return grants.map(({ users, entitlements }) => ({
    users: [...new Set(users.map((user) => groupOfUser[user]))],
    permissions: [...new Set(entitlements.map((entitlement) => groupOfEntitlement[entitlement]))],
  }));
}

/**
 * The roles within the thresholds, checked once more on the original matrix, without hashing: the search's cache may confuse two sets (it
 * takes 53-bit keys), and a role that the thresholds forbid must not get out for that.
 */
export function withinThresholds<Grant extends RoleGrant>(
  matrix: AccessMatrix,
  grants: readonly Grant[],
  wanted: RoleThresholds,
): readonly Grant[] {
  if (wanted.minUsers <= 1 && wanted.minEntitlements <= 1 && wanted.confidenceThreshold === 0) return grants;
  const counter = new NearMissCounter(matrix);
  return grants.filter(({ entitlements }) => {
    const counts = counter.count(entitlements);
    return (
      entitlements.length >= wanted.minEntitlements &&
      counts.members.length >= wanted.minUsers &&
      confidence(counts) >= wanted.confidenceThreshold
    );
  });
}

function groupOfMember(count: number, groups: readonly Int32Array[]): Int32Array {
  const groupOf = new Int32Array(count);
  groups.forEach((group, index) => group.forEach((member) => (groupOf[member] = index)));
  return groupOf;
}

/** The original members behind reduced ones, ascending. */
export function expand(members: readonly number[], groups: readonly Int32Array[]): Int32Array {
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
