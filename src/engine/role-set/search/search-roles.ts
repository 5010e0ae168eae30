import type { EngineControl, RoleSetSoFar, StoppedBy } from '../../control.js';
import { boundComplexity } from '../../bounds/bound-complexity.js';
import { certifyValues } from '../../bounds/certify-values.js';
import { costModelOf, noLowerBound, type LowerBound } from '../../bounds/lower-bound.js';
import type { ReducedMatrix } from '../../matrix/reduce.js';
import { SeededRandom } from '../../random.js';
import type { RoleSetOptions } from '../role-set.js';
import { TradeOff, type TradeOffPoint } from '../trade-off.js';
import { type CostModel, fewestRoles, ROLES_ALONE, weighing, WITH_DIRECT } from './cost-model.js';
import { CoverState } from './cover-state.js';
import type { ReducedRole } from './expand-roles.js';
import { RoleRules, type RoleThresholds } from './role-rules.js';
import { RoleSearch } from './role-search.js';
import { SearchMeter } from './search-meter.js';
import { WeightedUpa } from './weighted-upa.js';

export interface FoundRoles {
  readonly roles: readonly ReducedRole[];
  /** Complexity that no role set falls below; none when that is not the objective or there was no way to tell. */
  readonly bound: LowerBound;
  readonly tradeOff: readonly TradeOffPoint[];
  readonly stoppedBy: StoppedBy;
  readonly steps: number;
}

/**
 * About 5 s of work, less on small matrices: a thousand steps per edge of the reduced matrix leave nothing to find there.
 */
const DEFAULT_STEPS = 700_000;
const DEFAULT_STEPS_PER_EDGE = 1000;

/**
 * The lower bound's own budget: as a part of the search's, on top of it, so that the search takes the same course whether
 * or not there is a bound; at most; and as a part of the time limit.
 */
const BOUND_STEPS_SHARE = 0.2;
const BOUND_STEPS = 600_000;
const BOUND_TIME_SHARE = 0.4;

export const NO_BOUND_OF_HIERARCHIES = 'there is no bound of the complexity of a hierarchy';

/** Of budget and time, for settling the coverage when the fewest roles are asked for with thresholds. */
const COVERAGE_SHARE = 0.5;

/**
 * Searches for the roles that the options ask for, over the reduced matrix.
 *
 * Objective `wsc`: least weighted structural complexity, with direct assignments unless the set must be complete.
 * Objective `roles`: fewest roles. With thresholds that alone would mean no roles at all, so the coverage is settled
 * first: whatever the best set for `wsc` explains must stay explained, found with half of the budget; the other half
 * looks for the fewest roles that do so.
 *
 * @param startingRoles where the search begins (asked for within the time limit); those that the thresholds forbid are left out
 * @param totalUsers of the original matrix, those who hold nothing included
 */
export function searchRoles(
  reduced: ReducedMatrix,
  totalUsers: number,
  thresholds: RoleThresholds,
  options: RoleSetOptions,
  control: EngineControl,
  startingRoles: () => readonly ReducedRole[],
): FoundRoles {
  const budget = options.stepBudget ?? defaultStepBudget(reduced);
  const upa = new WeightedUpa(reduced);
  const random = new SeededRandom(options.seed);
  const meter = new SearchMeter(control, budget, options.timeLimitSeconds);
  const rules = new RoleRules(upa, thresholds, totalUsers, random, meter);
  const onBest = (best: RoleSetSoFar): void => {
    if (options.objective === 'wsc') control.onBest?.(best);
  };
  const tradeOff = new TradeOff();
  const roleWeight = options.roleWeight ?? 1;
  const begin = (costs: CostModel, passed = tradeOff): { state: CoverState; search: RoleSearch } => {
    const state = new CoverState(upa, costs, meter);
    return { state, search: new RoleSearch(state, rules, random, passed, onBest) };
  };
  if (options.complete || options.objective === 'wsc') {
    const costs = options.objective === 'roles' ? fewestRoles(upa.assignmentCount) : weighing(ROLES_ALONE, roleWeight);
    const { search } = begin(options.complete ? costs : weighing(WITH_DIRECT, roleWeight));
    search.buildFirstSolution(startingRoles());
    const costModel = costModelOf(options);
    let bound = options.hierarchy
      ? noLowerBound(costModel, NO_BOUND_OF_HIERARCHIES)
      : noLowerBound(costModel, 'the search ended before there was a bound');
    let boundOutOfTime = false;
    const findLowerBound = (knownRoles: readonly ReducedRole[], knownComplexity: number): number | null => {
      const boundMeter = meterForBound(options, control, budget);
      const known = { withDirect: !options.complete, seed: options.seed, knownRoles, knownComplexity };
      const found = boundComplexity(upa, known, boundMeter);
      boundOutOfTime = boundMeter.stoppedBy === 'time';
      bound =
        found.lowerBound === null
          ? noLowerBound(costModel, found.reason)
          : { costModel, lowerBound: found.lowerBound, reason: null, certificate: certifyValues(reduced, upa, found) };
      return found.lowerBound;
    };
    search.improve(costModel === 'roles' || costModel === 'hierarchy' ? undefined : findLowerBound);
    const stoppedBy = meter.stoppedBy ?? 'steps';
    // With more time the bound, and so the result, might have been another: `converged` or `steps` would deny that.
    const isRepeatable = !boundOutOfTime || stoppedBy === 'cancelled' || stoppedBy === 'proven';
    return {
      roles: search.best,
      bound,
      tradeOff: tradeOff.points(),
      stoppedBy: isRepeatable ? stoppedBy : 'time',
      steps: meter.steps,
    };
  }

  meter.allow(COVERAGE_SHARE);
  const { search: coverageSearch } = begin(WITH_DIRECT);
  coverageSearch.buildFirstSolution(startingRoles());
  coverageSearch.improve();
  const outOfTime = meter.stoppedBy === 'time';
  meter.allow(1);
  // What is excused is missing in its complexities: its course is not noted.
  const { state, search } = begin(fewestRoles(upa.assignmentCount), new TradeOff());
  for (const { users, permissions } of coverageSearch.best) state.addRole(users, permissions);
  for (const edge of [...state.uncoveredEdges.subarray(0, state.uncoveredCount)]) state.excuse(edge);
  search.buildFirstSolution([]);
  search.improve();
  return {
    roles: search.best,
    bound: noLowerBound('roles', 'there is no bound of the number of roles with thresholds'),
    tradeOff: tradeOff.points(),
    stoppedBy: outOfTime ? 'time' : (meter.stoppedBy ?? 'steps'),
    steps: meter.steps,
  };
}

/** What the search may spend when nothing else is said. */
export function defaultStepBudget({ matrix }: ReducedMatrix): number {
  return Math.min(DEFAULT_STEPS, DEFAULT_STEPS_PER_EDGE * matrix.assignmentCount);
}

function meterForBound(options: RoleSetOptions, control: EngineControl, searchBudget: number): SearchMeter {
  return new SearchMeter(
    { isCancelled: () => control.isCancelled?.() === true, now: () => control.now?.() ?? 0 },
    Math.min(BOUND_STEPS, BOUND_STEPS_SHARE * searchBudget),
    BOUND_TIME_SHARE * (options.timeLimitSeconds ?? Infinity),
  );
}
