import { Injectable } from '@nestjs/common';
import { AccessGraphReader } from '../../access-graph/snapshot/access-graph.reader.js';
import { Config } from '../../config/config.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import type { CompletedRun, MiningReport, ReportState } from '../../report/mining-report.js';
import type { MiningJob } from '../jobs/job.entity.js';
import type { MiningJobSummary } from '../jobs/job-summary.js';
import { type JobActor, JobsService, type JobView } from '../jobs/jobs.service.js';
import { ReportResults } from './report-results.js';
import { RunOfJob } from './run-of-job.js';

/** Puts together what the report of a job says. */
@Injectable()
export class ReportsService {
  private lastRun: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly config: Config,
    private readonly transaction: TenantTransaction,
    private readonly jobs: JobsService,
    private readonly graph: AccessGraphReader,
    private readonly results: ReportResults,
  ) {}

  /**
   * Of a job in any state: one without results has a report that says why.
   *
   * @throws NotFoundError when the tenant has no such job
   */
  async getReport(actor: JobActor, jobId: string): Promise<MiningReport> {
    const view = await this.jobs.getJob(actor, jobId);
    return {
      title: view.job.name,
      origin: `Mining job ${view.job.id}`,
      writtenAt: new Date(),
      state: await this.stateOf(view),
    };
  }

  private async stateOf({ job, queuePosition, waitingReason }: JobView): Promise<ReportState> {
    // Set by the step into the state, as the tables' guarded updates have it.
    const startedAt = job.startedAt ?? job.createdAt;
    const endedAt = job.completedAt ?? job.updatedAt;
    switch (job.status) {
      case 'pending':
        return { kind: 'pending', createdAt: job.createdAt };
      case 'running':
        if (waitingReason === null) return { kind: 'running', startedAt, progressPercent: job.progressPercent };
        return { kind: 'waiting', startedAt, queuePosition, reason: waitingReason };
      case 'failed':
        return { kind: 'failed', endedAt, errorMessage: job.errorMessage ?? 'It is not known.' };
      case 'cancelled':
        return { kind: 'cancelled', endedAt, progressPercent: job.progressPercent };
      case 'completed':
        if (job.summary === null) {
          return { kind: 'failed', endedAt, errorMessage: 'The job has completed and kept no summary.' };
        }
        return { kind: 'completed', run: await this.inTurn(() => this.runOf(job, job.summary!)) };
    }
  }

  /** Results and graph as of one instant; what is made of them takes seconds of a large tenant, and holds no transaction. */
  private async runOf(job: MiningJob, summary: MiningJobSummary): Promise<CompletedRun> {
    const { tenantId, id: jobId } = job;
    const { results, snapshot } = await this.transaction.readSnapshot(
      tenantId,
      async (manager) => ({
        results: await this.results.read(manager, { tenantId, jobId }),
        snapshot: await this.graph.readSnapshot(tenantId),
      }),
      { statementTimeoutMs: this.config.database.bulkStatementTimeoutMs },
    );
    const run = new RunOfJob(job, summary, results, snapshot);
    const names = await this.transaction.run(tenantId, (manager) =>
      this.results.userNames(manager, tenantId, run.namedUsers),
    );
    return run.describe(names);
  }

  /** One after the other: each holds a whole access graph while it is written. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.lastRun.then(work);
    this.lastRun = turn.catch(() => undefined);
    return turn;
  }
}
