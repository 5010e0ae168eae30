import type { EngineControl, StoppedBy } from '../../control.js';

/** How many steps pass between two reports of progress. Steps can take milliseconds, so clock and flag are looked at in each. */
const stepsPerReport = 32;

/** Counts the steps of a search, reports its progress, and says when to stop and why. */
export class StepMeter {
  steps = 0;
  stoppedBy: Extract<StoppedBy, 'steps' | 'time' | 'cancelled'> | null = null;
  /** Seconds after which the search has to end. */
  timeLimitSeconds: number;

  private readonly startedAt: number;
  private stageSteps = 0;
  private stageSize = 1;
  private stageFrom = 0;
  private stageTo = 0;

  constructor(
    private readonly control: EngineControl,
    timeLimitSeconds: number,
  ) {
    this.timeLimitSeconds = timeLimitSeconds;
    this.startedAt = control.now?.() ?? 0;
  }

  /** The next `size` steps are this part of the whole. */
  startStage(from: number, to: number, size: number): void {
    this.stageFrom = from;
    this.stageTo = to;
    this.stageSize = Math.max(1, size);
    this.stageSteps = 0;
    this.report();
    this.look();
  }

  /** Counts one step; true when the search has to end. An arrow function, since it is handed on as a callback. */
  readonly step = (): boolean => {
    this.steps++;
    if (++this.stageSteps % stepsPerReport === 0) this.report();
    this.look();
    return this.stoppedBy !== null;
  };

  private report(): void {
    const share = Math.min(1, this.stageSteps / this.stageSize);
    this.control.onProgress?.(this.stageFrom + share * (this.stageTo - this.stageFrom));
  }

  private look(): void {
    if (this.stoppedBy !== null) return;
    if (this.control.isCancelled?.()) this.stoppedBy = 'cancelled';
    else if (this.isTimeUp()) this.stoppedBy = 'time';
  }

  private isTimeUp(): boolean {
    const now = this.control.now?.();
    return this.timeLimitSeconds === 0 || (now !== undefined && now - this.startedAt >= 1000 * this.timeLimitSeconds);
  }
}
