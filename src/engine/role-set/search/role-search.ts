import type { RoleSetSoFar } from '../../control.js';
import type { SeededRandom } from '../../random.js';
import { NEVER } from './cost-model.js';
import type { CoverState } from './cover-state.js';
import type { ReducedRole } from './expand-roles.js';
import { Inject } from './inject.js';
import { pruneTouched } from './prune.js';
import { Recreate } from './recreate.js';
import { Recover } from './recover.js';
import type { TradeOff } from '../trade-off.js';
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
/** Work for re-covering: as a part of the cycle that it follows, and in the end, when no budget is left: about 0.1 s. */
const RECOVER_SHARE = 0.1;
const LAST_RECOVER = 20_000_000;
/** Counted for every move, whatever it looks at. */
const MOVE_WORK = 100;
const COST_TOLERANCE = 1e-9;

/**
 * Ruin and recreate (Schrimpf, Schneider, Stamm-Wilbrandt and Dueck, Journal of Computational Physics 159, 2000) with
 * simulated annealing: a move takes a part of the solution away or adds a role, covers what is uncovered again, prunes,
 * and is taken back unless the result is good enough for the temperature.
 *
 * Cycles of cooling, each twice as long as the one before, start from the best solution so far. Their lengths depend on
 * the matrix alone, not on the budget: a longer run takes the same course and goes on.
 *
 * After every cycle, or after the first solution if there is none, the best solution of the course is re-covered, and the
 * result kept beside it. The course goes on from where it was: going on from the re-covered solution was no better in the
 * end (8,488 instead of 8,440 on 2,000 generated users × 400 entitlements; kept beside it, 8,390).
 *
 * So a run is never worse than what a shorter one had at the end of its last whole cycle, nor than the best solution that
 * the shorter one's moves had led to. It can be worse by what re-covering took off that solution when the shorter run was
 * stopped within a cycle: a longer run re-covers the end of the cycle, another solution, instead. Only re-covering after
 * every improvement, or never but at the ends of cycles, would rule that out: the one may cost a tenth of a cycle each
 * time, the other gives up what re-covering does for every run that is stopped by its budget or the clock.
 */
export class RoleSearch {
  /** The best solution seen, once re-covered. */
  best: readonly ReducedRole[] = [];
  /** Complexity that no role set falls below, once it is known. */
  lowerBound: number | null = null;
  private bestCost = Infinity;
  private bestComplexity = Infinity;
  /** The best solution that moves have led to, where every cycle begins. */
  private courseBest: readonly ReducedRole[] = [];
  private courseCost = Infinity;
  private readonly recoverer: Recover;
  private readonly recreate: Recreate;
  private readonly injector: Inject;
  private readonly pool: number[] = [];

  constructor(
    private readonly state: CoverState,
    private readonly rules: RoleRules,
    private readonly random: SeededRandom,
    private readonly tradeOff: TradeOff,
    private readonly onBest: (best: RoleSetSoFar) => void,
  ) {
    this.recreate = new Recreate(state, rules, random);
    this.injector = new Inject(state, rules, random);
    this.recoverer = new Recover(state, rules);
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
    this.keepCourse();
    this.best = this.courseBest;
    this.bestCost = this.courseCost;
    this.bestComplexity = state.complexity;
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
    if (meter.mustStop()) this.recoverBest(LAST_RECOVER);
    for (let cycle = 0; !meter.mustStop(); cycle++) {
      const before = this.courseCost;
      this.cool(length);
      idleCycles = this.courseCost < before - COST_TOLERANCE ? 0 : idleCycles + 1;
      if (idleCycles === IDLE_CYCLES) meter.stoppedBy ??= 'converged';
      this.recoverBest(meter.stoppedBy === null ? RECOVER_SHARE * length : LAST_RECOVER);
      length *= 2;
      if (cycle === 0 && meter.stoppedBy !== 'time') {
        const found = findLowerBound?.(this.best, this.bestComplexity) ?? null;
        // With another weight of roles the least complexity is not what is looked for: it ends nothing.
        if (this.state.costs.role === 1) this.lowerBound = found;
      }
      if (this.lowerBound === this.bestComplexity && meter.stoppedBy !== 'cancelled') meter.stoppedBy = 'proven';
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
    while (meter.work - start < length && this.courseCost > unbeatable && !meter.mustStop()) {
      this.move();
      const cost = state.cost;
      if (cost > current + COST_TOLERANCE) {
        const temperature = costs.hot * (costs.cold / costs.hot) ** ((meter.work - start) / length);
        const accepted = random.float() < Math.exp((current - cost) / temperature);
        if (!accepted || bestIsCurrent) state.rollback();
        // The best solution is copied only when it is about to be left: improvements come in long rows.
        if (accepted && bestIsCurrent) {
          this.keepCourse();
          bestIsCurrent = false;
        } else if (accepted) {
          state.commit();
          current = cost;
        }
        continue;
      }
      state.commit();
      this.note();
      current = cost;
      if (cost < this.courseCost - COST_TOLERANCE) {
        this.courseCost = cost;
        bestIsCurrent = true;
      }
    }
    if (bestIsCurrent) this.keepCourse();
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

  private keepCourse(): void {
    this.courseCost = this.state.cost;
    this.courseBest = this.solution();
    this.note();
    this.tell(this.courseBest, this.state.complexity);
  }

  private note(): void {
    const { roles, complexity, costs, uncoveredCount } = this.state;
    if (costs.uncovered !== NEVER || uncoveredCount === 0) this.tradeOff.note(roles.length, complexity);
  }

  private tell({ length: roleCount }: readonly ReducedRole[], complexity: number): void {
    this.onBest({ roleCount, complexity });
  }

  /** Re-covers the best solution of the course, keeps the result if it is the best so far, and goes back to the course. */
  private recoverBest(workLimit: number): void {
    const { state } = this;
    this.show(this.courseBest);
    this.recoverer.run(workLimit);
    if (state.cost < this.bestCost - COST_TOLERANCE) {
      this.bestCost = state.cost;
      this.bestComplexity = state.complexity;
      this.best = this.solution();
      this.tell(this.best, this.bestComplexity);
    }
    this.note();
    this.show(this.courseBest);
  }

  private solution(): ReducedRole[] {
    const { state } = this;
    state.meter.work += state.roles.length;
    return state.roles.map((role) => ({
      users: [...state.usersOf[role]],
      permissions: [...state.permissionsOf[role]],
    }));
  }

  private show(solution: readonly ReducedRole[]): void {
    const { state } = this;
    while (state.roles.length > 0) state.removeRole(state.roles[state.roles.length - 1]);
    for (const { users, permissions } of solution) state.addRole(users, permissions);
    state.forgetTouched();
    state.commit();
  }
}
