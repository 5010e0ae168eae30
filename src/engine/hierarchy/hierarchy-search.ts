import type { SeededRandom } from '../random.js';
import { pick } from '../role-set/search/pick.js';
import type { TradeOff } from '../role-set/trade-off.js';
import type { HierarchyState, RoleHierarchy } from './hierarchy-state.js';
import { SetProposals } from './set-proposals.js';

/** Temperatures between which annealing cools, in units of complexity. Twice and half of them came out the same within 0.1%. */
const HOT = 1;
const COLD = 0.15;
/** Work of the first cycle, by edge and at most. */
const FIRST_CYCLE_PER_EDGE = 5000;
const FIRST_CYCLE = 50_000_000;
/** Cycles without an improvement, each twice as long as the one before, after which the search has converged. */
const IDLE_CYCLES = 5;
/** Counted for every move, whatever it looks at. */
const MOVE_WORK = 100;
const TOLERANCE = 1e-9;

type Proposal = 'intersection' | 'union' | 'commonParts' | 'commonRest' | 'wholeUser';

/** Shares of the moves; what is left over replaces a role by a variant of it. */
const REMOVE_SHARE = 0.1;
const PROPOSAL_SHARES: readonly (readonly [proposal: Proposal, share: number])[] = [
  ['intersection', 0.2],
  ['union', 0.2],
  ['commonParts', 0.15],
  ['commonRest', 0.1],
  ['wholeUser', 0.05],
];

/**
 * Simulated annealing (Kirkpatrick, Gelatt and Vecchi, Science 220, 1983) over the family of permission sets that are
 * roles: a move takes a role away, adds one, or puts a variant in its place; whoever it concerns is covered again, and roles
 * that no longer pay go. The slack of a move is drawn before it is tried, so that it ends as soon as it costs too much.
 *
 * Cycles of cooling, each twice as long as the one before, start from the best solution so far. Their lengths depend on
 * the matrix alone, not on the budget: a longer run takes the same course and goes on, so it is never worse.
 */
export class HierarchySearch {
  best: RoleHierarchy;
  private bestCost = Infinity;
  private readonly proposals: SetProposals;

  /**
   * @param allows whether a set of permissions may be a role
   * @param start where the search begins, without any juniors
   */
  constructor(
    private readonly state: HierarchyState,
    private readonly random: SeededRandom,
    private readonly allows: (set: Int32Array) => boolean,
    private readonly tradeOff: TradeOff,
    start: RoleHierarchy,
  ) {
    this.proposals = new SetProposals(state, random);
    this.best = start;
  }

  /** Puts a hierarchy into the roles at the start, then improves it until the meter says stop or nothing gets better. */
  run(): void {
    const { state } = this;
    const { meter, upa } = state;
    let length = Math.min(FIRST_CYCLE, FIRST_CYCLE_PER_EDGE * upa.edgeCount);
    for (let idle = 0; state.show(this.best); length *= 2) {
      const before = this.bestCost;
      // The first solution has a hierarchy, whatever the time limit.
      this.tidy(this.bestCost === Infinity ? () => meter.mustHurry() : () => meter.mustStop());
      if (state.cost < this.bestCost - TOLERANCE) this.keepBest();
      if (meter.mustStop()) return;
      this.cool(length);
      idle = this.bestCost < before - TOLERANCE ? 0 : idle + 1;
      if (idle === IDLE_CYCLES) meter.stoppedBy ??= 'converged';
    }
    // Time was over, or the caller has cancelled, before the best solution could be taken up again.
    meter.mustStop();
  }

  /** Covers everybody and every role anew where that is better, and drops roles that do not pay. */
  private tidy(isOver: () => boolean): void {
    const { state } = this;
    for (let before = Infinity; state.cost < before - TOLERANCE && !isOver();) {
      before = state.cost;
      for (const role of [...state.roles]) {
        if (isOver()) break;
        this.coverAnew(role);
      }
      for (let user = 0; user < state.userCount && !isOver(); user++) this.coverAnew(user);
      for (const role of [...state.roles]) {
        if (isOver()) break;
        this.dropIfItPays(role);
      }
    }
    state.commit();
  }

  private coverAnew(target: number): void {
    const { state } = this;
    const { cost, mark } = state;
    state.coverAgain(target, []);
    if (state.cost > cost - TOLERANCE) state.rollbackTo(mark);
  }

  private dropIfItPays(role: number): void {
    const { state } = this;
    const { cost, mark } = state;
    if (!state.removeRole(role, Infinity) || state.cost > cost - TOLERANCE) state.rollbackTo(mark);
  }

  private cool(length: number): void {
    const { state, random } = this;
    const { meter } = state;
    const start = meter.work;
    let bestIsCurrent = false;
    while (meter.work - start < length && !meter.mustStop()) {
      const temperature = HOT * (COLD / HOT) ** ((meter.work - start) / length);
      const before = state.cost;
      const accepted = this.move(before - temperature * Math.log(1 - random.float()));
      if (!accepted || (bestIsCurrent && state.cost > before + TOLERANCE)) {
        state.rollbackTo(0);
        // The best solution is copied only when it is about to be left: improvements come in long rows.
        if (accepted) this.keepBest();
        bestIsCurrent &&= !accepted;
        continue;
      }
      state.commit();
      this.note();
      if (state.cost >= this.bestCost - TOLERANCE) continue;
      this.bestCost = state.cost;
      bestIsCurrent = true;
    }
    if (bestIsCurrent) this.keepBest();
  }

  /** @returns whether the cost is within the limit; if not, the move is to be taken back */
  private move(limit: number): boolean {
    const { state, random, proposals } = this;
    state.meter.work += MOVE_WORK;
    let share = random.float() - REMOVE_SHARE;
    if (share < 0) return state.roles.length > 0 && state.removeRole(pick(state.roles, random), limit);
    for (const [proposal, size] of PROPOSAL_SHARES) {
      share -= size;
      if (share < 0) return proposals[proposal]() && this.add(-1, limit);
    }
    if (state.roles.length === 0) return false;
    const role = pick(state.roles, random);
    return proposals.variant(role) && this.add(role, limit);
  }

  /**
   * Adds the proposed set as a role, instead of `replaced` if that is not −1, offers it to all whom it fits, and drops the
   * roles that it makes superfluous.
   */
  private add(replaced: number, limit: number): boolean {
    const { state } = this;
    const { set } = this.proposals;
    if (!this.allows(set)) return false;
    state.givenUp.length = 0;
    const role = state.addRole(set);
    if (role < 0) return false;
    state.coverAgain(role, []);
    if (replaced >= 0) state.removeRole(replaced, Infinity);
    const targets = state.targetsOf[role];
    for (let i = 0; i < targets.length; i++) {
      if (!state.covers[targets[i]].includes(role)) state.offer(role, targets[i]);
    }
    state.meter.work += targets.length;
    if (state.useCounts[role] === 0) return false;
    const givenUp = new Set(state.givenUp);
    givenUp.delete(replaced);
    let hope = state.cost;
    for (const other of givenUp) hope -= state.costs.role + state.covers[other].length + state.rests[other];
    if (hope > limit) return false;
    for (const other of givenUp) if (other !== role) this.dropIfItPays(other);
    return state.cost <= limit;
  }

  private keepBest(): void {
    this.bestCost = this.state.cost;
    this.best = this.state.solution();
    this.note();
  }

  private note(): void {
    const { roles, cost, costs } = this.state;
    this.tradeOff.note(roles.length, cost - (costs.role - 1) * roles.length);
  }
}
