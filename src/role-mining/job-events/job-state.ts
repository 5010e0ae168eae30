import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import { MiningJob } from '../jobs/job.entity.js';
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

/** What followers of a job are told. */
export type JobState = Pick<MiningJob, keyof typeof FIELDS>;

export function hasEnded(state: JobState): boolean {
  return terminalStatuses().includes(state.status);
}

@Injectable()
export class JobStateReader {
  constructor(private readonly transaction: TenantTransaction) {}

  /** The jobs that the tenant has, in one query and in the tenant's own transaction. */
  async read(tenantId: string, jobIds: readonly string[]): Promise<ReadonlyMap<string, JobState>> {
    const states = await this.transaction.runApart(tenantId, (manager) =>
      manager.find(MiningJob, { select: FIELDS, where: { tenantId, id: In([...jobIds]) } }),
    );
    return new Map(states.map((state) => [state.id, state]));
  }
}
