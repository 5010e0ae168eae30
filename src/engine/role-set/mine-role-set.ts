import { costModelOf, noLowerBound, type LowerBound } from '../bounds/lower-bound.js';
import type { EngineControl } from '../control.js';
import { mineHierarchicalRoleSet } from '../hierarchy/mine-hierarchical-role-set.js';
import type { AccessMatrix } from '../matrix/access-matrix.js';
import { reduceMatrix, type ReducedMatrix } from '../matrix/reduce.js';
import { assembleRoleSet, boundMetrics } from './assemble-role-set.js';
import { mineFastRoleSet } from './fast/mine-fast-role-set.js';
import { mineMinimumRoles, type KernelTooLarge, type MinimumRoles } from './minimum-roles/minimum-roles.js';
import type { RoleSet, RoleSetOptions } from './role-set.js';
import { isForFastMode, reasonForFastMode, startingRoles, thresholdsOf } from './search-start.js';
import { expandRoles, withinThresholds, type ReducedRole } from './search/expand-roles.js';
import { searchRoles } from './search/search-roles.js';

/**
 * Finds a role set for the matrix. Exact: every role is a set of users times a set of entitlements that they all hold.
 * With thresholds, a role must reach them, and what no role explains stays a direct assignment; a role that neither
 * raises nor lowers weighted structural complexity is proposed.
 *
 * The way is chosen by what is asked for: the fewest roles that reproduce everything come from the exact cover, all else
 * from the search.
 */
export function mineRoleSet(matrix: AccessMatrix, options: RoleSetOptions, callerControl: EngineControl): RoleSet {
  const control = withFallingBest(callerControl);
  if (options.hierarchy) return mineHierarchicalRoleSet(matrix, options, control);
  if (options.objective === 'wsc' || !options.complete) return searchedRoleSet(matrix, options, control, null);
  const startedAt = control.now?.() ?? 0;
  const cover = mineMinimumRoles(matrix, options, control);
  if (cover.kind === 'kernel-too-large') {
    const secondsSpent = ((control.now?.() ?? 0) - startedAt) / 1000;
    return searchedInstead(matrix, cover, withLessTime(options, secondsSpent), control);
  }
  const { roles, provenOptimal, stoppedBy, steps } = cover;
  const outcome = {
    mode: 'exact',
    modeReason: null,
    bound: boundOfRoles(cover),
    provenOptimal,
    tradeOff: [],
    stoppedBy,
    steps,
  } as const;
  return assembleRoleSet(matrix, roles, outcome, control);
}

function boundOfRoles({ lowerBound, independent }: MinimumRoles): LowerBound {
  const certificate = { kind: 'independent-edges', lowerBound: independent.users.length, ...independent } as const;
  return { costModel: 'roles', lowerBound, reason: null, certificate };
}

/** The search may begin worse than what it was given to begin with: the caller hears of nothing that is no improvement. */
function withFallingBest(control: EngineControl): EngineControl {
  let least = Infinity;
  return {
    ...control,
    onBest: (best) => {
      if (best.complexity >= least) return;
      least = best.complexity;
      control.onBest?.(best);
    },
  };
}

/** The search's role set, or the one that the exact cover gave up with if that has fewer roles, with the cover's bound. */
function searchedInstead(
  matrix: AccessMatrix,
  cover: KernelTooLarge,
  options: RoleSetOptions,
  control: EngineControl,
): RoleSet {
  const { kernelEdges, roles } = cover;
  const bound = boundOfRoles(cover);
  const modeReason = `the exact cover leaves a kernel of ${kernelEdges} assignments, more than fit in its memory`;
  if (control.isCancelled?.() === true) {
    const outcome = {
      mode: 'exact',
      modeReason,
      bound,
      provenOptimal: false,
      tradeOff: [],
      stoppedBy: 'cancelled',
      steps: 0,
    } as const;
    return assembleRoleSet(matrix, roles, outcome, control);
  }
  const searched = searchedRoleSet(matrix, options, control, modeReason);
  // What was kept may reproduce less than everything: the bound does not apply.
  if (searched.stoppedBy === 'cancelled') return searched;
  const provenOptimal = Math.min(roles.length, searched.metrics.roleCount) === bound.lowerBound;
  const stoppedBy = provenOptimal ? 'proven' : searched.stoppedBy;
  if (searched.metrics.roleCount <= roles.length) {
    const metrics = { ...searched.metrics, ...boundMetrics(bound, searched.metrics.roleCount), provenOptimal };
    return { ...searched, metrics, certificate: bound.certificate, stoppedBy };
  }
  return assembleRoleSet(matrix, roles, { ...searched, bound, provenOptimal, stoppedBy }, control);
}

function withLessTime(options: RoleSetOptions, seconds: number): RoleSetOptions {
  if (options.timeLimitSeconds === undefined) return options;
  return { ...options, timeLimitSeconds: Math.max(0, options.timeLimitSeconds - seconds) };
}

function searchedRoleSet(
  matrix: AccessMatrix,
  options: RoleSetOptions,
  control: EngineControl,
  modeReason: string | null,
): RoleSet {
  const thresholds = thresholdsOf(options);
  const reduced = reduceMatrix(matrix, { ...control, onProgress: undefined });
  if (isForFastMode(reduced)) return fastRoleSet(matrix, options, control, reduced, modeReason);
  const start = (): ReducedRole[] => startingRoles(matrix, reduced, options, control);
  const found = searchRoles(reduced, matrix.userCount, thresholds, options, control, start);
  const { roles, bound, tradeOff, stoppedBy, steps } = found;
  const grants = withinThresholds(matrix, expandRoles(reduced, roles), thresholds);
  control.onProgress?.(1);
  const provenOptimal = stoppedBy === 'proven' && grants.length === roles.length;
  const outcome = { mode: 'search', modeReason, bound, provenOptimal, tradeOff, stoppedBy, steps } as const;
  return assembleRoleSet(matrix, grants, outcome, control);
}

function fastRoleSet(
  matrix: AccessMatrix,
  options: RoleSetOptions,
  control: EngineControl,
  reduced: ReducedMatrix,
  earlierReason: string | null,
): RoleSet {
  const { roles, stoppedBy, steps } = mineFastRoleSet(matrix, options, control);
  const reason = reasonForFastMode(reduced);
  const modeReason = earlierReason === null ? reason : `${earlierReason}; ${reason}`;
  const bound = noLowerBound(costModelOf(options), `${reason}: too many for a bound`);
  const outcome = { mode: 'fast', modeReason, bound, provenOptimal: false, tradeOff: [], stoppedBy, steps } as const;
  return assembleRoleSet(matrix, roles, outcome, control);
}
