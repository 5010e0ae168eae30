import { Injectable } from '@nestjs/common';
import { AccessGraphReader } from '../../access-graph/snapshot/access-graph.reader.js';
import { Config } from '../../config/config.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import type { MiningReport, ReportState } from '../../report/mining-report.js';
import { renderReport } from '../../report/render-report.js';
import type { MiningJob } from '../jobs/job.entity.js';
import type { MiningJobSummary } from '../jobs/job-summary.js';
import { type JobActor, JobsService, type JobView } from '../jobs/jobs.service.js';
import { ReportResults } from './report-results.js';
import { ReportThreads } from './report-threads.js';

type ReportPage = Omit<MiningReport, 'state'>;

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
    private readonly threads: ReportThreads,
  ) {}

  /**
   * One HTML file about a job in any state: one without results has a report that says why.
   *
   * @param signal ends the work for a report that nobody waits for any more
   * @throws NotFoundError when the tenant has no such job
   */
  async writeReport(actor: JobActor, jobId: string, signal: AbortSignal): Promise<Uint8Array> {
    const view = await this.jobs.getJob(actor, jobId);
    const page = { title: view.job.name, origin: `Mining job ${view.job.id}`, writtenAt: new Date() };
    const { job } = view;
    if (job.status === 'completed' && job.summary !== null) {
      const { summary } = job;
      return this.inTurn(() => this.ofResults(page, job, summary, signal));
    }
    return Buffer.from(renderReport({ ...page, state: stateOf(view) }));
  }

  /**
   * Results and graph as of one instant; what is made of them takes seconds of a large tenant, holds no transaction and
   * happens in a thread.
   */
  private async ofResults(
    page: ReportPage,
    job: MiningJob,
    summary: MiningJobSummary,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    signal.throwIfAborted();
    const { tenantId, id: jobId } = job;
    const { results, snapshot } = await this.transaction.readSnapshot(
      tenantId,
      async (manager) => ({
        results: await this.results.read(manager, { tenantId, jobId }),
        snapshot: await this.graph.readSnapshot(tenantId, signal),
      }),
      { statementTimeoutMs: this.config.database.bulkStatementTimeoutMs, signal },
    );
    const namesOf = (userIds: readonly string[]): Promise<ReadonlyMap<string, string>> =>
      this.transaction.run(tenantId, (manager) => this.results.userNames(manager, tenantId, userIds));
    return this.threads.write({ page, job, summary, results, snapshot }, namesOf, signal);
  }

  /** One after the other: each holds a whole access graph while it is written. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.lastRun.then(work);
    this.lastRun = turn.catch(() => undefined);
    return turn;
  }
}

type UnfinishedState = Exclude<ReportState, { kind: 'completed' }>;

function stateOf({ job, queuePosition, waitingReason }: JobView): UnfinishedState {
  // Set by the step into the state, as the tables' guarded updates have it.
  const startedAt = job.startedAt ?? job.createdAt;
  const endedAt = job.completedAt ?? job.updatedAt;
  switch (job.status) {
    case 'pending':
      return { kind: 'pending', createdAt: job.createdAt };
    case 'running':
      if (job.claimId !== null && waitingReason === null) {
        return { kind: 'running', startedAt, progressPercent: job.progressPercent };
      }
      return { kind: 'waiting', startedAt, queuePosition, reason: waitingReason ?? 'workers_busy' };
    case 'failed':
      return { kind: 'failed', endedAt, errorMessage: job.errorMessage ?? 'It is not known.' };
    case 'cancelled':
      return { kind: 'cancelled', endedAt, progressPercent: job.progressPercent };
    case 'completed':
      return { kind: 'failed', endedAt, errorMessage: 'The job has completed and kept no summary.' };
  }
}
