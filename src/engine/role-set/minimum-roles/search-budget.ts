import type { EngineControl, StoppedBy } from '../../control.js';

/** Elementary operations (a bit test, a word) between two looks at the caller's flag and clock: about 1 ms. */
const POLL_INTERVAL = 1_000_000;

/** Elementary operations that the search may spend when no step budget is given: about 5 s. */
const DEFAULT_WORK = 4_000_000_000;

/** Elementary operations that a first solution may take even when the budget has ended. */
const CONSTRUCTION_WORK = 400_000_000;

/**
 * What a computation may still spend, and why it must end. Work is counted in elementary operations, so that the
 * same input stops at the same point whatever the load; the clock is read for the safety stop only.
 */
export class SearchBudget {
  /** Search steps taken: a ruin-and-recreate, a perturbation of the bound, a node of branch and bound. */
  steps = 0;
  /** Elementary operations spent. */
  work = 0;
  /** The reason to stop, once there is one. */
  stoppedBy: StoppedBy | null = null;
  private nextPoll = 0;
  private passed = 0;
  private readonly stepBudget: number;
  private readonly workBudget: number;
  private readonly deadline: number;
  private readonly control: EngineControl;

  constructor(options: { stepBudget?: number; timeLimitSeconds?: number }, control: EngineControl) {
    this.control = control;
    this.stepBudget = options.stepBudget ?? Infinity;
    this.workBudget = options.stepBudget === undefined ? DEFAULT_WORK : Infinity;
    this.deadline = (control.now?.() ?? 0) + (options.timeLimitSeconds ?? Infinity) * 1000;
    this.poll();
  }

  /** Interrupts at once. */
  get cancelled(): boolean {
    return this.stoppedBy === 'cancelled';
  }

  /** Whether the search must end; a first solution is still made, see `constructionEnded`. */
  get stopped(): boolean {
    return this.stoppedBy !== null;
  }

  /** Whether to give up on a construction begun at that work: when cancelled, or stopped and it takes more than about 0.5 s. */
  constructionEnded(begunAt: number): boolean {
    return this.cancelled || (this.stopped && this.work - begunAt > CONSTRUCTION_WORK);
  }

  /** Counts work done; looks at the caller's flag and clock now and then. */
  spend(operations: number): void {
    this.work += operations;
    if (this.work >= this.nextPoll) this.poll();
  }

  /** For work that counts for no limit: looks at the caller's flag now and then, and at nothing else. */
  pass(operations: number): void {
    this.passed += operations;
    if (this.passed < POLL_INTERVAL) return;
    this.passed = 0;
    if (this.control.isCancelled?.()) this.stoppedBy = 'cancelled';
  }

  /** Counts a search step. */
  step(): void {
    if (++this.steps >= this.stepBudget) this.stoppedBy ??= 'steps';
  }

  private poll(): void {
    this.nextPoll = this.work + POLL_INTERVAL;
    if (this.control.isCancelled?.()) this.stoppedBy = 'cancelled';
    else if (this.stoppedBy !== null) return;
    else if (this.control.now && this.control.now() >= this.deadline) this.stoppedBy = 'time';
    else if (this.work >= this.workBudget || this.steps >= this.stepBudget) this.stoppedBy = 'steps';
  }
}
