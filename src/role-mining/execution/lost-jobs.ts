import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditTrail } from '../../audit/audit-trail.js';
import { JOB_QUEUE_SCHEMA, MINING_JOB_QUEUE } from '../../database/job-queues.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import { DomainEvents } from '../../domain-events/domain-events.js';
import type { JobReference } from '../jobs/job-reference.js';
import { MiningJob } from '../jobs/job.entity.js';
import { JobQueue } from '../jobs/job-queue.js';
import { workerOf } from './job-claims.js';
import { QueueConnection } from '../../queue/queue-connection.js';

const LOOK_INTERVAL_MS = 5_000;

/**
 * Running jobs that no worker will ever take: the queue has given them up, or has lost them. Moving to `running` and
 * enqueueing are one transaction, and pg-boss removes a job only after our row has ended, so each is an anomaly.
 */
const LOST = `
  SELECT running.tenant_id, running.job_id, queued.state::text AS state
  FROM role_mining_running_job AS running
  LEFT JOIN ${JOB_QUEUE_SCHEMA}.job AS queued ON queued.name = $1 AND queued.id = running.job_id
  WHERE queued.id IS NULL OR queued.state > 'active'
  LIMIT 100`;

interface LostJob {
  readonly tenant_id: string;
  readonly job_id: string;
  /** pg-boss's state; null when it has no such job. */
  readonly state: string | null;
}

/**
 * Sees to it that no job stays `running` that nobody will run: what the queue has lost is queued again, what it has given
 * up after many lost workers ends as failed. Looks every few seconds, in every worker; all of it can be done twice.
 */
@Injectable()
export class LostJobs implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private readonly logger = new Logger(LostJobs.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly transaction: TenantTransaction,
    private readonly connection: QueueConnection,
    private readonly queue: JobQueue,
    private readonly trail: AuditTrail,
    private readonly events: DomainEvents,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.lookQuietly(), LOOK_INTERVAL_MS).unref();
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** One round. Public for tests. */
  async look(): Promise<void> {
    const lost = await this.dataSource.query<LostJob[]>(LOST, [MINING_JOB_QUEUE]);
    for (const { tenant_id: tenantId, job_id: jobId, state } of lost) {
      if (state === null) await this.enqueueAgain({ tenantId, jobId });
      else await this.failGivenUp({ tenantId, jobId }, state);
    }
  }

  private async lookQuietly(): Promise<void> {
    if (!this.connection.isRunning()) return;
    await this.look().catch((error: unknown) => this.logger.warn({ err: error }, 'Could not look for lost jobs'));
  }

  private async enqueueAgain(job: JobReference): Promise<void> {
    this.logger.warn(`Job ${job.jobId} was running and not in the queue; it is queued again`);
    await this.transaction.run(job.tenantId, (manager) => this.queue.enqueue(job, manager));
  }

  private async failGivenUp(job: JobReference, state: string): Promise<void> {
    this.logger.error(`Job ${job.jobId} ends as failed: the queue has given it up (${state})`);
    const errorMessage = 'The job was given up: every worker that took it went away before it was done';
    await this.transaction.run(job.tenantId, async (manager) => {
      const { affected } = await manager.update(
        MiningJob,
        { tenantId: job.tenantId, id: job.jobId, status: 'running' },
        { status: 'failed', errorMessage, completedAt: () => 'now()', updatedAt: () => 'now()' },
      );
      if (affected !== 1) return;
      await this.events.record(manager, job.tenantId, 'job.failed', { jobId: job.jobId });
      await this.trail.record(manager, workerOf(job), {
        action: 'job.fail',
        objectType: 'job',
        objectId: job.jobId,
        before: { status: 'running' },
        after: { status: 'failed', error_message: errorMessage },
      });
    });
  }
}
