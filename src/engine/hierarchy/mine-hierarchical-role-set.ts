import { costModelOf, noLowerBound } from '../bounds/lower-bound.js';
import type { EngineControl, StoppedBy } from '../control.js';
import type { AccessMatrix } from '../matrix/access-matrix.js';
import { reduceMatrix, type ReducedMatrix } from '../matrix/reduce.js';
import { assembleRoleSet } from '../role-set/assemble-role-set.js';
import { mineFastRoleSet } from '../role-set/fast/mine-fast-role-set.js';
import type { RoleSet, RoleSetOptions } from '../role-set/role-set.js';
import { isForFastMode, reasonForFastMode, startingRoles, thresholdsOf } from '../role-set/search-start.js';
import { type ReducedRole, reduceRoles, withinThresholds } from '../role-set/search/expand-roles.js';
import { defaultStepBudget, NO_BOUND_OF_HIERARCHIES, searchRoles } from '../role-set/search/search-roles.js';
import { expandHierarchy } from './expand-hierarchy.js';
import { searchHierarchy } from './search-hierarchy.js';

/** Of budget and time, for roles without a hierarchy to begin with: 1 s of 5 finds all but a few of what there is. */
const FLAT_SHARE = 0.2;

interface FlatRoles {
  readonly roles: readonly ReducedRole[];
  readonly stoppedBy: StoppedBy;
  readonly steps: number;
}

/**
 * Finds a role set in which roles inherit from each other: first roles without a hierarchy, as for the objective `wsc`, then
 * a hierarchy of the least complexity from there.
 *
 * Everything else is as without a hierarchy: every role is a set of users times a set of entitlements that they all hold,
 * what it inherits included; with thresholds every role reaches them with all that it has.
 */
export function mineHierarchicalRoleSet(
  matrix: AccessMatrix,
  options: RoleSetOptions,
  control: EngineControl,
): RoleSet {
  const startedAt = control.now?.() ?? 0;
  const reduced = reduceMatrix(matrix);
  const thresholds = thresholdsOf(options);
  const flat = flatRoles(matrix, reduced, options, part(control, 0, FLAT_SHARE));
  const stepBudget = (1 - FLAT_SHARE) * stepBudgetOf(options, reduced);
  const secondsSpent = ((control.now?.() ?? 0) - startedAt) / 1000;
  const timeLimitSeconds = Math.max(0, (options.timeLimitSeconds ?? Infinity) - secondsSpent);
  const found = searchHierarchy(
    reduced,
    flat.roles,
    matrix.userCount,
    thresholds,
    { ...options, stepBudget, timeLimitSeconds },
    part(control, FLAT_SHARE, 1),
  );
  const { hierarchy, tradeOff } = found;
  const grants = withinThresholds(matrix, expandHierarchy(reduced, hierarchy), thresholds);
  control.onProgress?.(1);
  const isFast = isForFastMode(reduced);
  const outcome = {
    mode: isFast ? 'fast' : 'search',
    modeReason: isFast ? `${reasonForFastMode(reduced)}: the hierarchy begins with roles of the fast mode` : null,
    bound: noLowerBound(costModelOf(options), NO_BOUND_OF_HIERARCHIES),
    provenOptimal: false,
    tradeOff,
    // Where the time of the first part was over, the second began elsewhere than it might have.
    stoppedBy: flat.stoppedBy === 'time' && found.stoppedBy !== 'cancelled' ? 'time' : found.stoppedBy,
    steps: flat.steps + found.steps,
  } as const;
  return assembleRoleSet(matrix, grants, outcome, control);
}

function flatRoles(
  matrix: AccessMatrix,
  reduced: ReducedMatrix,
  options: RoleSetOptions,
  control: EngineControl,
): FlatRoles {
  const limited = {
    ...options,
    stepBudget: FLAT_SHARE * stepBudgetOf(options, reduced),
    timeLimitSeconds: FLAT_SHARE * (options.timeLimitSeconds ?? Infinity),
  };
  if (isForFastMode(reduced)) {
    const { roles, stoppedBy, steps } = mineFastRoleSet(
      matrix,
      { ...limited, stepBudget: options.stepBudget },
      control,
    );
    return { roles: reduceRoles(matrix, reduced, roles), stoppedBy, steps };
  }
  const start = (): ReducedRole[] => startingRoles(matrix, reduced, options, control);
  return searchRoles(reduced, matrix.userCount, thresholdsOf(options), limited, control, start);
}

function stepBudgetOf({ stepBudget }: RoleSetOptions, reduced: ReducedMatrix): number {
  return stepBudget ?? defaultStepBudget(reduced);
}

function part(control: EngineControl, from: number, to: number): EngineControl {
  return { ...control, onProgress: (fraction) => control.onProgress?.(from + (to - from) * fraction) };
}
