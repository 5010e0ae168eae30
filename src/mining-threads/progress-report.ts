import { MINING_PHASES, type MiningPhase } from '../engine/index.js';
import type { RunSignals } from './run-signals.js';

const INTERVAL_MILLISECONDS = 100;

/**
 * Passes on what the threads write into the signals, from time to time: phase after phase although they run side by
 * side, so that a later one is told of once those before it are done.
 */
export class ProgressReport {
  private readonly told = new Map<MiningPhase, number>();
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly signals: RunSignals,
    private readonly onProgress: ((phase: MiningPhase, fraction: number) => void) | undefined,
  ) {
    if (onProgress !== undefined) this.timer = setInterval(() => this.report(), INTERVAL_MILLISECONDS);
  }

  /** Whatever is new since the last time. */
  report(): void {
    for (const phase of MINING_PHASES) {
      const fraction = this.signals.fractionOf(phase) ?? 0;
      if (fraction > (this.told.get(phase) ?? 0)) {
        this.told.set(phase, fraction);
        this.onProgress?.(phase, fraction);
      }
      if (fraction < 1) return;
    }
  }

  end(): void {
    clearInterval(this.timer);
  }
}
