import { Logger } from '@nestjs/common';
import { ClaimLostError } from './claim-lost.error.js';
import type { JobClaim, JobClaims } from './job-claims.js';

/** Parts of a run in their order, and the percent at which each begins. */
const PHASE_STARTS = {
  load: 0,
  patterns: 5,
  roles: 15,
  privileges: 75,
  consolidation: 78,
  noise: 80,
  save: 90,
} as const;
export type RunPhase = keyof typeof PHASE_STARTS;
const PHASES = Object.keys(PHASE_STARTS) as RunPhase[];

/** How often progress is written, and a cancellation noticed: at most twice a second, and well within one. */
const WRITE_INTERVAL_MS = 500;

/**
 * Tells the job's row how far its run is. The same write finds out whether the run may go on: when it changes no row the
 * job was cancelled or taken over, and `signal` aborts with a `ClaimLostError`.
 */
export class JobProgress implements Disposable {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly logger = new Logger(JobProgress.name);
  private percent = 0;
  private isWriting = false;

  constructor(
    private readonly claims: JobClaims,
    private readonly claim: JobClaim,
  ) {
    this.timer = setInterval(() => void this.write(), WRITE_INTERVAL_MS);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** @param fraction of the phase, 0 to 1 */
  report(phase: RunPhase, fraction: number): void {
    const start = PHASE_STARTS[phase];
    const next = PHASES[PHASES.indexOf(phase) + 1];
    const end = next === undefined ? 100 : PHASE_STARTS[next];
    this.percent = Math.max(this.percent, start + fraction * (end - start));
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }

  private async write(): Promise<void> {
    if (this.isWriting) return;
    this.isWriting = true;
    try {
      if (!(await this.claims.recordProgress(this.claim, this.percent))) this.controller.abort(new ClaimLostError());
    } catch (error) {
      // The database may be back before the run ends; if it is not, saving fails and says so.
      this.logger.warn({ err: error }, `Progress of job ${this.claim.jobId} was not written`);
    } finally {
      this.isWriting = false;
    }
  }
}
