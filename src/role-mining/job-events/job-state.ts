import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import { MiningJob } from '../jobs/job.entity.js';
import { JobQueue, type WaitingReason } from '../jobs/job-queue.js';
import { terminalStatuses } from '../jobs/job-status.js';

/** Without the summary, which can be long. */
const FIELDS = {
  id: true,
  revision: true,
  status: true,
  claimId: true,
  phase: true,
  progressPercent: true,
  bestRoleCount: true,
  bestComplexity: true,
  candidateCount: true,
  excessivePrivilegeCount: true,
  consolidationSuggestionCount: true,
  errorMessage: true,
  updatedAt: true,
} as const;

/** What followers of a job are told: its row, and why nobody works on it while it runs, which no row tells. */
export type JobState = Pick<MiningJob, keyof typeof FIELDS> & { readonly waitingReason: WaitingReason | null };

export function hasEnded(state: JobState): boolean {
  return terminalStatuses().includes(state.status);
}

@Injectable()
export class JobStateReader {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly queue: JobQueue,
  ) {}

  /** The jobs that the tenant has, in the tenant's own transaction: two queries at most, however many there are. */
  async read(tenantId: string, jobIds: readonly string[]): Promise<ReadonlyMap<string, JobState>> {
    return this.transaction.runApart(tenantId, async (manager) => {
      const jobs = await manager.find(MiningJob, { select: FIELDS, where: { tenantId, id: In([...jobIds]) } });
      const running = jobs.filter(({ status }) => status === 'running').map(({ id }) => id);
      const waiting = running.length === 0 ? null : await this.queue.waiting(running, manager);
      return new Map(jobs.map((job) => [job.id, { ...job, waitingReason: waiting?.get(job.id)?.reason ?? null }]));
    });
  }
}
