import type { RoleSetSoFar } from '../../control.js';
import type { SeededRandom } from '../../random.js';
import { NEVER } from './cost-model.js';
import type { CoverState } from './cover-state.js';
import type { ReducedRole } from './expand-roles.js';
import { Inject } from './inject.js';
import { pruneTouched } from './prune.js';
import { Recreate } from './recreate.js';
import type { RoleRules } from './role-rules.js';
import { ruin } from './ruin.js';

/** Work of the first cycle, by edge and at most. */
const FIRST_CYCLE_PER_EDGE = 5000;
const FIRST_CYCLE = 50_000_000;
/** Cycles without an improvement, each twice as long as the one before, after which the search has converged. */
const IDLE_CYCLES = 5;
const INJECT_SHARE = 0.3;
/** Edges weighed against each other at a time, at most: in the first solution, and in a move. */
const FIRST_SAMPLE = 4;
const MOVE_SAMPLE = 2;
/** Counted for every move, whatever it looks at. */
const MOVE_WORK = 100;
const COST_TOLERANCE = 1e-9;

/**
 * Ruin and recreate (Schrimpf, Schneider, Stamm-Wilbrandt and Dueck, Journal of Computational Physics 159, 2000) with
 * simulated annealing: a move takes a part of the solution away or adds a role, covers what is uncovered again, prunes,
 * and is taken back unless the result is good enough for the temperature.
 *
 * Cycles of cooling, each twice as long as the one before, start from the best solution so far. Their lengths depend on
 * the matrix alone, not on the budget: a longer run takes the same course and goes on, so it is never worse.
 */
export class RoleSearch {
  /** The best solution seen. */
  best: ReducedRole[] = [];
  /** Complexity that no role set falls below, once it is known. */
  lowerBound: number | null = null;
  private bestCost = Infinity;
  private readonly recreate: Recreate;
  private readonly injector: Inject;
  private readonly pool: number[] = [];

  constructor(
    private readonly state: CoverState,
    private readonly rules: RoleRules,
    private readonly random: SeededRandom,
    private readonly onBest: (best: RoleSetSoFar) => void,
  ) {
    this.recreate = new Recreate(state, rules, random);
    this.injector = new Inject(state, rules, random);
  }

  /** Takes the given roles as far as they are allowed and covers greedily what they and those in the state leave. */
  buildFirstSolution(knownRoles: readonly ReducedRole[]): void {
    const { state } = this;
    for (const { users, permissions } of knownRoles) {
      if (this.rules.allows(permissions)) state.addRole(users, permissions);
    }
    pruneTouched(state, this.rules);
    this.recreate.cover([...state.uncoveredEdges.subarray(0, state.uncoveredCount)], FIRST_SAMPLE);
    pruneTouched(state, this.rules);
    if (state.meter.mustHurry() && state.costs.uncovered === NEVER) this.coverUserByUser();
    state.commit();
    this.keepBest();
  }

  /** The quick way to a complete solution when there is no time left for a good one: a role of its own for every user. */
  private coverUserByUser(): void {
    const { state } = this;
    const { upa, coverage, uncoveredOfUser } = state;
    for (let user = 0; user < upa.userCount; user++) {
      if (uncoveredOfUser[user] === 0) continue;
      const permissions: number[] = [];
      for (let edge = upa.rowOffsets[user]; edge < upa.rowOffsets[user + 1]; edge++) {
        if (coverage[edge] === 0) permissions.push(upa.rowPermissions[edge]);
      }
      state.addRole([user], permissions);
    }
    state.forgetTouched();
  }

  /**
   * Improves the solution until the meter says stop, nothing gets better, or the best solution meets the lower bound.
   *
   * @param findLowerBound asked once, after the first cycle, which is long enough for a good solution to begin with: only
   *   where the cost is weighted structural complexity
   */
  improve(findLowerBound?: (known: readonly ReducedRole[], complexity: number) => number | null): void {
    const { meter, upa } = this.state;
    let length = Math.min(FIRST_CYCLE, FIRST_CYCLE_PER_EDGE * upa.edgeCount);
    let idleCycles = 0;
    for (let cycle = 0; !meter.mustStop(); cycle++) {
      const before = this.bestCost;
      this.cool(length);
      idleCycles = this.bestCost < before - COST_TOLERANCE ? 0 : idleCycles + 1;
      if (idleCycles === IDLE_CYCLES) meter.stoppedBy ??= 'converged';
      this.returnToBest();
      length *= 2;
      const complexity = wholeComplexity(this.bestCost);
      if (cycle === 0 && meter.stoppedBy !== 'time') this.lowerBound = findLowerBound?.(this.best, complexity) ?? null;
      if (this.lowerBound === complexity && meter.stoppedBy !== 'cancelled') meter.stoppedBy = 'proven';
    }
  }

  private cool(length: number): void {
    const { state, random } = this;
    const { meter, costs } = state;
    const start = meter.work;
    let current = state.cost;
    let bestIsCurrent = false;
    // With direct assignments left, the cycle goes on at the bound: among equal solutions it prefers roles to them.
    const unbeatable = (this.lowerBound ?? -Infinity) + COST_TOLERANCE;
    while (meter.work - start < length && this.bestCost > unbeatable && !meter.mustStop()) {
      this.move();
      const cost = state.cost;
      if (cost > current + COST_TOLERANCE) {
        const temperature = costs.hot * (costs.cold / costs.hot) ** ((meter.work - start) / length);
        const accepted = random.float() < Math.exp((current - cost) / temperature);
        if (!accepted || bestIsCurrent) state.rollback();
        // The best solution is copied only when it is about to be left: improvements come in long rows.
        if (accepted && bestIsCurrent) {
          this.keepBest();
          bestIsCurrent = false;
        } else if (accepted) {
          state.commit();
          current = cost;
        }
        continue;
      }
      state.commit();
      current = cost;
      if (cost < this.bestCost - COST_TOLERANCE) {
        this.bestCost = cost;
        bestIsCurrent = true;
      }
    }
    if (bestIsCurrent) this.keepBest();
  }

  private move(): void {
    const { state, rules, random, pool } = this;
    state.meter.work += MOVE_WORK;
    if (random.float() < INJECT_SHARE) this.injector.inject();
    else ruin(state, rules, random);
    pool.length = 0;
    for (const edge of state.loosenedEdges) if (state.coverage[edge] === 0) pool.push(edge);
    if (state.uncoveredCount > 0) pool.push(state.uncoveredEdges[random.below(state.uncoveredCount)]);
    this.recreate.cover(pool, 1 + random.below(MOVE_SAMPLE));
    pruneTouched(state, rules);
  }

  private keepBest(): void {
    const { state } = this;
    this.bestCost = state.cost;
    this.best = state.roles.map((role) => ({
      users: [...state.usersOf[role]],
      permissions: [...state.permissionsOf[role]],
    }));
    state.meter.work += state.roles.length;
    this.onBest({ roleCount: this.best.length, complexity: wholeComplexity(state.cost) });
  }

  private returnToBest(): void {
    const { state } = this;
    while (state.roles.length > 0) state.removeRole(state.roles[state.roles.length - 1]);
    for (const role of this.best) state.addRole(role.users, role.permissions);
    state.forgetTouched();
    state.commit();
  }
}

/** Without the fractions by which a cost model decides between equal complexities. */
function wholeComplexity(cost: number): number {
  return Math.floor(cost + COST_TOLERANCE);
}
