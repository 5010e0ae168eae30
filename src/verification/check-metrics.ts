import type { Explained } from './check-roles.js';
import type { ClaimedResult, CostModel } from './claimed-result.js';
import type { HeldAccess } from './held-access.js';
import { RefusedError } from './verification.error.js';

const TOLERANCE = 1e-9;

/** What the file says of its own size, before anything is looked up in it. */
export function checkSizes(access: HeldAccess, result: ClaimedResult, hasUsersFile: boolean): void {
  const { users, entitlements, assignments, parameters } = result;
  if (users !== access.users.length) {
    const advice = hasUsersFile ? '' : ' (with --users FILE those of a file of users count too)';
    throw new RefusedError(`the result says ${users} users, the data have ${access.users.length}${advice}`);
  }
  expectEqual('entitlements', entitlements, access.entitlements.length);
  expectEqual('assignments', assignments, access.assignmentCount);
  const { complete, minUsers, minEntitlements, confidence } = parameters;
  if (complete && (minUsers !== 1 || minEntitlements !== 1 || confidence !== 0)) {
    throw new RefusedError('the result is said to be complete, but with thresholds other than 1, 1 and 0');
  }
}

function expectEqual(name: string, claimed: number, counted: number): void {
  if (claimed !== counted) throw new RefusedError(`the result says ${claimed} ${name}, the data have ${counted}`);
}

/** All counts of the result, and what it says of its bound. */
export function checkMetrics(access: HeldAccess, result: ClaimedResult, explained: Explained): void {
  const { metrics, roles } = result;
  const userAssignments = roles.reduce((sum, { users }) => sum + users.length, 0);
  const permissionAssignments = roles.reduce((sum, { ownEntitlements }) => sum + ownEntitlements.length, 0);
  const roleHierarchyEdges = roles.reduce((sum, { juniors }) => sum + juniors.length, 0);
  const links = userAssignments + permissionAssignments + roleHierarchyEdges;
  const counts: readonly (readonly [name: string, claimed: number, counted: number])[] = [
    ['role_count', metrics.roleCount, roles.length],
    ['user_assignments', metrics.userAssignments, userAssignments],
    ['permission_assignments', metrics.permissionAssignments, permissionAssignments],
    ['role_hierarchy_edges', metrics.roleHierarchyEdges, roleHierarchyEdges],
    ['direct_assignments', metrics.directAssignments, result.direct.length],
    ['wsc', metrics.wsc, roles.length + links + result.direct.length],
  ];
  for (const [name, claimed, counted] of counts) {
    if (claimed !== counted) throw new RefusedError(`${name} is ${counted}, not ${claimed}`);
  }
  const coverage = access.assignmentCount === 0 ? 1 : explained.byRoles / access.assignmentCount;
  if (Math.abs(metrics.coverage - coverage) > TOLERANCE) {
    throw new RefusedError(`coverage is ${coverage}, not ${metrics.coverage}`);
  }
  checkUnderCover(access, result, explained);
  checkBoundClaims(result);
}

function checkUnderCover(access: HeldAccess, { underCover }: ClaimedResult, { newByRole }: Explained): void {
  for (const { percent, roles } of underCover) {
    let covered = 0;
    let needed = 0;
    const isReached = (): boolean => covered * 100 >= percent * access.assignmentCount;
    while (!isReached() && needed < newByRole.length) covered += newByRole[needed++];
    const counted = isReached() ? needed : null;
    if (counted !== roles) {
      const count = (value: number | null): string => (value === null ? 'never' : `with ${value} roles`);
      throw new RefusedError(`${percent}% are reached ${count(counted)}, not ${count(roles)}`);
    }
  }
}

/** What the lower bound is one of, by the parameters. */
export function costModelOf({ objective, complete, hierarchy }: ClaimedResult['parameters']): CostModel {
  if (objective === 'roles') return 'roles';
  if (hierarchy) return 'hierarchy';
  return complete ? 'flat' : 'with_direct';
}

/** The figure that the bound is one of. */
export function boundedValue({ metrics }: ClaimedResult): number {
  return metrics.costModel === 'roles' ? metrics.roleCount : metrics.wsc;
}

function checkBoundClaims(result: ClaimedResult): void {
  const { costModel, lowerBound, gapPercent, provenOptimal } = result.metrics;
  const expected = costModelOf(result.parameters);
  if (costModel !== expected) {
    throw new RefusedError(`cost_model is ${costModel}, but what was asked for counts as ${expected}`);
  }
  const value = boundedValue(result);
  if (lowerBound !== null && lowerBound > value) {
    throw new RefusedError(`the lower bound ${lowerBound} is above the result itself, which is ${value}`);
  }
  if ((lowerBound === null) !== (gapPercent === null)) {
    throw new RefusedError('of lower_bound and gap_percent, one is null and the other is not');
  }
  if (lowerBound !== null && gapPercent !== null) {
    const gap = lowerBound === 0 ? 0 : ((value - lowerBound) / lowerBound) * 100;
    if (Math.abs(gap - gapPercent) > TOLERANCE) throw new RefusedError(`gap_percent is ${gap}, not ${gapPercent}`);
  }
  if (provenOptimal && lowerBound !== value) {
    throw new RefusedError(
      `the result is said to be proven optimal, but its lower bound is ${lowerBound} and it is ${value}`,
    );
  }
}
