import type { EngineControl, StoppedBy } from '../../control.js';

/** How many steps pass between two looks at the caller's clock and flag. */
const stepsPerLook = 32;

/** Counts the steps of a search, reports its progress, and says when to stop and why. */
export class StepMeter {
  steps = 0;
  stoppedBy: Extract<StoppedBy, 'steps' | 'time' | 'cancelled'> | null = null;
  /** Whether the clock counts already: not before there is a first solution. */
  isTimed = false;

  private readonly startedAt: number;
  private stageSteps = 0;
  private stageSize = 1;
  private stageFrom = 0;
  private stageTo = 0;

  constructor(
    private readonly control: EngineControl,
    private readonly timeLimitSeconds: number,
  ) {
    this.startedAt = control.now?.() ?? 0;
  }

  /** The next `size` steps are this part of the whole. */
  startStage(from: number, to: number, size: number): void {
    this.stageFrom = from;
    this.stageTo = to;
    this.stageSize = Math.max(1, size);
    this.stageSteps = 0;
    this.look();
  }

  /** Counts one step; true when the search has to end. An arrow function, since it is handed on as a callback. */
  readonly step = (): boolean => {
    this.steps++;
    if (++this.stageSteps % stepsPerLook === 0) this.look();
    return this.stoppedBy !== null;
  };

  private look(): void {
    const { control } = this;
    const share = Math.min(1, this.stageSteps / this.stageSize);
    control.onProgress?.(this.stageFrom + share * (this.stageTo - this.stageFrom));
    if (this.stoppedBy !== null) return;
    if (control.isCancelled?.()) this.stoppedBy = 'cancelled';
    else if (this.isTimed && this.isTimeUp()) this.stoppedBy = 'time';
  }

  private isTimeUp(): boolean {
    const now = this.control.now?.();
    return this.timeLimitSeconds === 0 || (now !== undefined && now - this.startedAt >= 1000 * this.timeLimitSeconds);
  }
}
