import { gapPercent, noLowerBound, type LowerBound } from '../bounds/lower-bound.js';
import { confidence, NearMissCounter, type NearMissCounts } from '../confidence.js';
import type { EngineControl } from '../control.js';
import type { AccessMatrix } from '../matrix/access-matrix.js';
import { CoveredAssignments, type RoleGrant } from './covered-assignments.js';
import { type HierarchicalGrant, inheritanceWithin } from './inheritance.js';
import type { MinedRole, RoleSet, RoleSetMetrics } from './role-set.js';
import { withResult } from './trade-off.js';
import { orderByContribution } from './under-cover-curve.js';

/** What the way of finding a role set knows beside the roles. */
export type SearchOutcome = Pick<RoleSet, 'mode' | 'modeReason' | 'tradeOff' | 'stoppedBy' | 'steps'> &
  Pick<RoleSetMetrics, 'provenOptimal'> & { readonly bound: LowerBound };

/** Elementary operations that counting members may still take once the caller has cancelled: about 0.1 s. */
const WORK_ONCE_CANCELLED = 30_000_000;

/** Assignments that the roles put in order may cover together once the caller has cancelled, overlaps counted again: about 0.1 s. */
const COVERED_ONCE_CANCELLED = 500_000;

/**
 * Makes the full result from bare roles: members, confidence, order, what stays direct and the metrics, all counted on
 * the original matrix. Once cancelled, only as many roles are kept, those with the largest contribution, as can be
 * put in order and counted in a moment; what the others cover stays direct, even where a complete set was asked for.
 */
export function assembleRoleSet(
  matrix: AccessMatrix,
  grants: readonly HierarchicalGrant[],
  outcome: SearchOutcome,
  control: EngineControl,
): RoleSet {
  const counter = new NearMissCounter(matrix);
  const coveredByOrdered = new CoveredAssignments(matrix);
  // What is affordable once cancelled is put in order whole; cancelled only then, those in order so far have to do.
  const ordered =
    control.isCancelled?.() === true
      ? orderByContribution(coveredByOrdered, affordable(grants))
      : orderByContribution(coveredByOrdered, grants, control);
  const kept: HierarchicalGrant[] = [];
  const counted: NearMissCounts[] = [];
  let workOnceCancelled = 0;
  for (const grant of ordered) {
    if (workOnceCancelled > WORK_ONCE_CANCELLED) break;
    const workBefore = counter.work;
    kept.push(grant);
    counted.push(counter.count(grant.entitlements));
    if (control.isCancelled?.() === true) workOnceCancelled += counter.work - workBefore;
  }
  const keptAll = kept.length === grants.length;
  const inheritance = inheritanceWithin(kept);
  const roles = kept.map(({ entitlements, users }, place): MinedRole => {
    const counts = counted[place];
    return { entitlements, users, ...inheritance[place], ...counts, confidence: confidence(counts) };
  });
  const covered = roles.length === ordered.length ? coveredByOrdered : coveredBy(matrix, roles);
  const { directUsers, directEntitlements } = covered.rest();
  const userAssignments = roles.reduce((sum, role) => sum + role.users.length, 0);
  const permissionAssignments = roles.reduce((sum, role) => sum + role.ownEntitlements.length, 0);
  const roleHierarchyEdges = roles.reduce((sum, role) => sum + role.juniors.length, 0);
  const directAssignments = directUsers.length;
  const wsc = roles.length + userAssignments + permissionAssignments + roleHierarchyEdges + directAssignments;
  const { costModel } = outcome.bound;
  const bound = keptAll
    ? outcome.bound
    : noLowerBound(costModel, 'the search was cancelled, and not all roles were kept');
  return {
    roles,
    directUsers,
    directEntitlements,
    metrics: {
      roleCount: roles.length,
      userAssignments,
      permissionAssignments,
      roleHierarchyEdges,
      directAssignments,
      wsc,
      coverage: matrix.assignmentCount === 0 ? 1 : 1 - directAssignments / matrix.assignmentCount,
      ...boundMetrics(bound, costModel === 'roles' ? roles.length : wsc),
      provenOptimal: outcome.provenOptimal && keptAll,
    },
    tradeOff: withResult(outcome.tradeOff, { roleCount: roles.length, wsc }),
    certificate: bound.certificate,
    mode: outcome.mode,
    modeReason: outcome.modeReason,
    stoppedBy: keptAll ? outcome.stoppedBy : 'cancelled',
    steps: outcome.steps,
  };
}

export function boundMetrics(
  { costModel, lowerBound, reason }: LowerBound,
  value: number,
): Pick<RoleSetMetrics, 'costModel' | 'lowerBound' | 'gapPercent' | 'boundReason'> {
  return {
    costModel,
    lowerBound,
    gapPercent: lowerBound === null ? null : gapPercent(value, lowerBound),
    boundReason: reason,
  };
}

function coveredBy(matrix: AccessMatrix, roles: readonly RoleGrant[]): CoveredAssignments {
  const covered = new CoveredAssignments(matrix);
  for (const role of roles) covered.add(role);
  return covered;
}

/** The largest. */
function affordable(grants: readonly HierarchicalGrant[]): readonly HierarchicalGrant[] {
  const sizeOf = ({ users, entitlements }: RoleGrant): number => users.length * entitlements.length;
  let covered = 0;
  return grants
    .toSorted((a, b) => sizeOf(b) - sizeOf(a))
    .filter((grant) => (covered += sizeOf(grant)) <= COVERED_ONCE_CANCELLED);
}
