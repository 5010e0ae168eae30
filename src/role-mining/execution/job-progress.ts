import { Logger } from '@nestjs/common';
import type { RoleSetSoFar } from '../../engine/index.js';
import { RUN_PHASES, type RunPhase } from '../jobs/run-phase.js';
import { ClaimLostError } from './claim-lost.error.js';
import type { JobClaim, JobClaims } from './job-claims.js';

/** The percent at which each part of a run begins. */
const PHASE_STARTS: Readonly<Record<RunPhase, number>> = {
  load: 0,
  patterns: 5,
  roles: 15,
  privileges: 75,
  consolidation: 78,
  noise: 80,
  save: 90,
};

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
  private phase: RunPhase = 'load';
  private best: RoleSetSoFar | null = null;
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
    const next = RUN_PHASES.at(RUN_PHASES.indexOf(phase) + 1);
    const end = next === undefined ? 100 : PHASE_STARTS[next];
    const percent = start + fraction * (end - start);
    if (percent < this.percent) return;
    this.percent = percent;
    this.phase = fraction < 1 ? phase : (next ?? phase);
  }

  reportBest(best: RoleSetSoFar): void {
    this.best = best;
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }

  private async write(): Promise<void> {
    if (this.isWriting) return;
    this.isWriting = true;
    try {
      const { percent, phase, best } = this;
      if (!(await this.claims.recordProgress(this.claim, percent, phase, best))) {
        this.controller.abort(new ClaimLostError());
      }
    } catch (error) {
      // The database may be back before the run ends; if it is not, saving fails and says so.
      this.logger.warn({ err: error }, `Progress of job ${this.claim.jobId} was not written`);
    } finally {
      this.isWriting = false;
    }
  }
}
