import { MINING_PHASES, type MiningPhase, type RoleSetSoFar } from '../engine/index.js';
import type { RunSignals } from './run-signals.js';

const INTERVAL_MILLISECONDS = 100;

/** Who is told how far a run is. */
export interface ProgressListener {
  /** About ten times a second, while the caller's event loop is free. As in `mine`: phase after phase. */
  onProgress?: (phase: MiningPhase, fraction: number) => void;
  /** As often, and whenever there is a less complex role set than before. */
  onBest?: (best: RoleSetSoFar) => void;
}

/**
 * Passes on what the threads write into the signals, from time to time: phase after phase although they run side by
 * side, so that a later one is told of once those before it are done.
 */
export class ProgressReport {
  private readonly told = new Map<MiningPhase, number>();
  private toldComplexity = Infinity;
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly signals: RunSignals,
    private readonly listener: ProgressListener,
  ) {
    if (listener.onProgress ?? listener.onBest) this.timer = setInterval(() => this.report(), INTERVAL_MILLISECONDS);
  }

  /** Whatever is new since the last time. */
  report(): void {
    const { best } = this.signals;
    if (best !== null && best.complexity < this.toldComplexity) {
      this.toldComplexity = best.complexity;
      this.listener.onBest?.(best);
    }
    for (const phase of MINING_PHASES) {
      const fraction = this.signals.fractionOf(phase) ?? 0;
      if (fraction > (this.told.get(phase) ?? 0)) {
        this.told.set(phase, fraction);
        this.listener.onProgress?.(phase, fraction);
      }
      if (fraction < 1) return;
    }
  }

  end(): void {
    clearInterval(this.timer);
  }
}
