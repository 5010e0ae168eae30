import type { EngineControl, StoppedBy } from '../../control.js';

/** Elementary operations in a step: one step is then about 5 µs on the machine where budgets were measured. */
const WORK_PER_STEP = 1000;
/** A first solution may take so long whatever the time limit. */
const FIRST_SOLUTION_MS = 2000;
/** Between two looks at the caller's callbacks: about 2 ms. */
const POLL_WORK = 400_000;

/**
 * Counts the work of a search and says when it has to end. Work is counted in elementary operations (assignments
 * looked at or changed), which took 100 to 230 million a second on every data set measured, so that a budget means
 * about the same time everywhere and the same result on every machine.
 */
export class SearchMeter {
  work = 0;
  stoppedBy: StoppedBy | null = null;
  private readonly workLimit: number;
  private readonly startedAt: number;
  private readonly timeLimitMs: number;
  private nextPoll = 0;
  private elapsedMs = 0;
  private fraction = 0;
  private share = 1;

  /** @param timeLimitSeconds has an effect only if the caller's control has a clock */
  constructor(
    private readonly control: EngineControl,
    stepBudget: number,
    timeLimitSeconds = Infinity,
  ) {
    this.workLimit = stepBudget * WORK_PER_STEP;
    this.timeLimitMs = timeLimitSeconds * 1000;
    this.startedAt = control.now?.() ?? 0;
  }

  get steps(): number {
    return Math.ceil(this.work / WORK_PER_STEP);
  }

  /** Lets the search go on until this share of budget and time is spent; a cancelled one stays so. */
  allow(share: number): void {
    this.share = share;
    if (this.stoppedBy !== 'cancelled') this.stoppedBy = null;
  }

  /** Whether to leave a solution as it is; unlike `mustStop` it minds no budget, and time only beyond the first two seconds. */
  mustHurry(): boolean {
    if (this.work >= this.nextPoll) this.poll();
    return this.stoppedBy === 'cancelled' || this.elapsedMs >= Math.max(FIRST_SOLUTION_MS, this.timeLimitMs);
  }

  mustStop(): boolean {
    if (this.work >= this.nextPoll) this.poll();
    if (this.stoppedBy !== null) return true;
    if (this.work >= this.share * this.workLimit) this.stoppedBy = 'steps';
    else if (this.elapsedMs >= this.share * this.timeLimitMs) this.stoppedBy = 'time';
    return this.stoppedBy !== null;
  }

  private poll(): void {
    this.nextPoll = this.work + POLL_WORK;
    if (this.control.isCancelled?.() === true) this.stoppedBy = 'cancelled';
    this.elapsedMs = (this.control.now?.() ?? 0) - this.startedAt;
    const timeSpent = this.timeLimitMs > 0 ? this.elapsedMs / this.timeLimitMs : 0;
    this.report(Math.min(1, Math.max(this.work / this.workLimit, timeSpent)));
  }

  private report(fraction: number): void {
    if (fraction <= this.fraction) return;
    this.fraction = fraction;
    this.control.onProgress?.(fraction);
  }
}
