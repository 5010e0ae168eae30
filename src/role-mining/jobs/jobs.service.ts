import { Injectable } from '@nestjs/common';
import { In, type EntityManager, type UpdateResult } from 'typeorm';
import type { AuditAction } from '../../audit/audit-actions.js';
import { type AuditEntry, AuditTrail } from '../../audit/audit-trail.js';
import type { Actor } from '../../auth/actor.js';
import { ConflictError, NotFoundError } from '../../common/errors/domain.error.js';
import type { PageQuery } from '../../common/paging/page.query.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import { DomainEvents } from '../../domain-events/domain-events.js';
import { MiningJob } from './job.entity.js';
import { DEFAULT_PARAMETERS, type MiningJobParameters } from './job-parameters.js';
import { parametersToDto } from './job-parameters.mapper.js';
import { JobQueue, type WaitingReason } from './job-queue.js';
import { type MiningJobStatus, statusesBefore, terminalStatuses } from './job-status.js';

export interface NewMiningJob {
  readonly name: string;
  /** What is left out has its default. */
  readonly parameters?: Partial<MiningJobParameters>;
}

/** Whoever acts for a tenant: an authenticated caller, or a module that runs jobs by itself. */
export type JobActor = Pick<Actor, 'tenantId' | 'userId'>;

/** A job, and while nobody works on it its place in the queue and why it waits. */
export interface JobView {
  readonly job: MiningJob;
  readonly queuePosition: number | null;
  readonly waitingReason: WaitingReason | null;
}

/**
 * The life of mining jobs: create, run, cancel, delete (contract: mining jobs). A step is one guarded UPDATE that names
 * the statuses it may start from, so that of two simultaneous calls exactly one takes effect, in whichever process.
 */
@Injectable()
export class JobsService {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly queue: JobQueue,
    private readonly trail: AuditTrail,
    private readonly events: DomainEvents,
  ) {}

  async listJobs(
    actor: JobActor,
    query: Pick<PageQuery, 'limit' | 'offset'> & { status?: MiningJobStatus },
  ): Promise<{ items: JobView[]; total: number }> {
    return this.transaction.run(actor.tenantId, async (manager) => {
      const [jobs, total] = await manager.findAndCount(MiningJob, {
        where: { tenantId: actor.tenantId, ...(query.status && { status: query.status }) },
        order: { createdAt: 'DESC', id: 'DESC' },
        take: query.limit,
        skip: query.offset,
      });
      return { items: await this.viewsOf(jobs, manager), total };
    });
  }

  /** @throws NotFoundError */
  async getJob(actor: JobActor, id: string): Promise<JobView> {
    return this.transaction.run(actor.tenantId, async (manager) =>
      this.viewOf(await getJob(manager, actor, id), manager),
    );
  }

  async createJob(actor: JobActor, job: NewMiningJob): Promise<JobView> {
    const parameters = { ...DEFAULT_PARAMETERS, ...job.parameters };
    return this.transaction.run(actor.tenantId, async (manager) => {
      const inserted = await manager
        .createQueryBuilder()
        .insert()
        .into(MiningJob)
        .values({ tenantId: actor.tenantId, createdBy: actor.userId, name: job.name, parameters })
        .returning(['id'])
        .execute();
      const { id } = inserted.identifiers[0] as { id: string };
      const view = await this.viewOf(await getJob(manager, actor, id), manager);
      const after = { status: 'pending', name: job.name, parameters: parametersToDto(parameters) };
      // Last: from here to the commit it holds the lock of the tenant's trail, for which others wait.
      await this.record(manager, actor, 'job.create', id, { after });
      return view;
    });
  }

  /**
   * Moves a pending job to `running` and hands it to the workers, both or neither.
   *
   * @throws NotFoundError
   * @throws ConflictError when it is not pending
   */
  async runJob(actor: JobActor, id: string): Promise<JobView> {
    return this.transaction.run(actor.tenantId, async (manager) => {
      const moved = await move(manager, actor, id, 'running', { startedAt: () => 'now()' });
      const job = await getJob(manager, actor, id);
      if (!moved) throw new ConflictError(`The job is ${job.status}, only a pending job can be run`);
      await this.queue.enqueue({ tenantId: actor.tenantId, jobId: id }, manager);
      await this.record(manager, actor, 'job.run', id, { before: { status: 'pending' }, after: { status: 'running' } });
      return this.viewOf(job, manager);
    });
  }

  /**
   * Cancels a running job; deletes one that has ended, with all its results. Which of the two is decided by the state
   * that is seen first: a job that ends in between is neither cancelled nor, by surprise, deleted.
   *
   * @throws NotFoundError
   * @throws ConflictError when it is pending, or has just ended
   */
  async cancelOrDeleteJob(actor: JobActor, id: string): Promise<void> {
    await this.transaction.run(actor.tenantId, async (manager) => {
      const { status, name } = await getJob(manager, actor, id);
      if (status === 'pending') throw new ConflictError('The job is pending: it can neither be cancelled nor deleted');
      if (status === 'running') {
        if (!(await move(manager, actor, id, 'cancelled', { completedAt: () => 'now()' }))) {
          throw new ConflictError('The job has just ended and can no longer be cancelled');
        }
        const { tenantId, userId } = actor;
        await this.events.record(manager, tenantId, 'job.cancelled', { jobId: id, cancelledBy: userId });
        await this.record(manager, actor, 'job.cancel', id, { before: { status }, after: { status: 'cancelled' } });
        return;
      }
      const where = { tenantId: actor.tenantId, id, status: In(terminalStatuses()) };
      const { affected } = await manager.delete(MiningJob, where);
      // Of two simultaneous deletions one has done it; the other one finds it done.
      if (affected === 1) await this.record(manager, actor, 'job.delete', id, { before: { status, name } });
    });
  }

  private async record(
    manager: EntityManager,
    actor: JobActor,
    action: AuditAction,
    objectId: string,
    change: Pick<AuditEntry, 'before' | 'after'>,
  ): Promise<void> {
    await this.trail.record(manager, actor, { action, objectType: 'job', objectId, ...change });
  }

  private async viewOf(job: MiningJob, manager: EntityManager): Promise<JobView> {
    return (await this.viewsOf([job], manager))[0];
  }

  private async viewsOf(jobs: MiningJob[], manager: EntityManager): Promise<JobView[]> {
    const running = jobs.filter((job) => job.status === 'running').map((job) => job.id);
    const waiting = running.length === 0 ? null : await this.queue.waiting(running, manager);
    return jobs.map((job) => {
      const { position = null, reason = null } = waiting?.get(job.id) ?? {};
      return { job, queuePosition: position, waitingReason: reason };
    });
  }
}

async function getJob(manager: EntityManager, actor: JobActor, id: string): Promise<MiningJob> {
  const job = await manager.findOneBy(MiningJob, { tenantId: actor.tenantId, id });
  if (!job) throw new NotFoundError('mining job', id);
  return job;
}

/** The guarded step; false when the job is in no state that leads to `target` (or does not exist). */
async function move(
  manager: EntityManager,
  actor: JobActor,
  id: string,
  target: MiningJobStatus,
  set: Parameters<EntityManager['update']>[2],
): Promise<boolean> {
  const result: UpdateResult = await manager.update(
    MiningJob,
    { tenantId: actor.tenantId, id, status: In(statusesBefore(target)) },
    { ...set, status: target, updatedAt: () => 'now()' },
  );
  return result.affected === 1;
}
