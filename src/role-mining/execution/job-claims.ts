import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { type AuditActor, AuditTrail } from '../../audit/audit-trail.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import { DomainEvents } from '../../domain-events/domain-events.js';
import type { RoleSetSoFar } from '../../engine/index.js';
import { MiningJob } from '../jobs/job.entity.js';
import type { JobReference } from '../jobs/job-reference.js';
import { type MiningJobStatus, statusesBefore } from '../jobs/job-status.js';
import type { RunPhase } from '../jobs/run-phase.js';
import { ClaimLostError } from './claim-lost.error.js';

/** A worker's right to write to a job. Claiming again, by whichever worker, ends all earlier claims. */
export interface JobClaim extends JobReference {
  readonly claimId: string;
}

export type CompletedJob = Pick<
  MiningJob,
  'candidateCount' | 'excessivePrivilegeCount' | 'consolidationSuggestionCount' | 'summary'
>;

const RECORD_PROGRESS = `
  UPDATE role_mining_job SET
    progress_percent = GREATEST(progress_percent, $4),
    phase = CASE WHEN progress_percent <= $4 THEN $5 ELSE phase END,
    best_role_count = CASE WHEN $7::integer < best_complexity OR best_complexity IS NULL THEN $6 ELSE best_role_count END,
    best_complexity = LEAST($7, best_complexity),
    updated_at = now()
  WHERE tenant_id = $1 AND id = $2 AND claim_id = $3 AND status = 'running'`;

/**
 * Ends the transactions of an earlier claim and waits until they are gone, for at most the milliseconds given. The same
 * login may end them; what they held is free at once.
 */
const END_SESSIONS = `
  SELECT pg_terminate_backend(pid, $2) FROM pg_stat_activity
  WHERE datname = current_database() AND usename = current_user AND application_name = $1`;
const END_SESSIONS_MS = 2_000;

/** What the transactions of a claim that write are called in the database. */
export function sessionOf({ claimId }: JobClaim): string {
  return `role-mining claim ${claimId}`;
}

/**
 * All writes of workers to job rows. Each is fenced: it names the claim and the statuses it may start from, so a worker
 * whose job was cancelled or taken over changes nothing.
 *
 * A worker that is frozen, or whose machine has vanished, keeps the locks of the transaction that it was in: the names of
 * the candidates that it was saving, the end of the tenant's audit trail. Whoever takes its job over ends it. A short
 * `idle_in_transaction_session_timeout` instead would strike living workers that wait for a processor, and would not
 * end a session that is sending to its client.
 */
@Injectable()
export class JobClaims {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly trail: AuditTrail,
    private readonly events: DomainEvents,
  ) {}

  /** Takes the job for a new run; null when it is not running any more (cancelled or deleted while it waited). */
  async claim(reference: JobReference): Promise<{ claim: JobClaim; job: MiningJob } | null> {
    const claim = { ...reference, claimId: randomUUID() };
    return this.transaction.run(reference.tenantId, async (manager) => {
      const key = { tenantId: reference.tenantId, id: reference.jobId, status: 'running' as const };
      // Before the row is written, whose lock may be among those to be freed.
      const before = await manager.findOne(MiningJob, { select: { claimId: true }, where: key });
      if (before?.claimId != null) {
        const earlier = sessionOf({ ...reference, claimId: before.claimId });
        await manager.query(END_SESSIONS, [earlier, END_SESSIONS_MS]);
      }
      await manager.update(MiningJob, key, { claimId: claim.claimId, updatedAt: () => 'now()' });
      const job = await manager.findOneBy(MiningJob, { ...key, claimId: claim.claimId });
      return job && { claim, job };
    });
  }

  /**
   * Progress in percent, below 100, with its phase, and the best role set so far. None goes backwards: a run that began
   * anew is seen again once it has passed the one before. In a transaction of its own, to be seen while results are saved.
   *
   * @returns false when the claim is lost
   */
  async recordProgress(
    claim: JobClaim,
    percent: number,
    phase: RunPhase,
    best: RoleSetSoFar | null = null,
  ): Promise<boolean> {
    const whole = Math.min(99, Math.max(0, Math.floor(percent)));
    const written = async (manager: EntityManager): Promise<boolean> => {
      const [, affected] = await manager.query<[unknown[], number]>(RECORD_PROGRESS, [
        claim.tenantId,
        claim.jobId,
        claim.claimId,
        whole,
        phase,
        best?.roleCount ?? null,
        best?.complexity ?? null,
      ]);
      return affected === 1;
    };
    return this.transaction.runApart(claim.tenantId, written, { sessionName: sessionOf(claim) });
  }

  /** Ends the job as failed, unless the claim is lost. */
  async fail(claim: JobClaim, errorMessage: string): Promise<boolean> {
    const failed = async (manager: EntityManager): Promise<boolean> => {
      const set = { status: 'failed', errorMessage, completedAt: () => 'now()' };
      if (!(await write(manager, claim, statusesBefore('failed'), set))) return false;
      await this.events.record(manager, claim.tenantId, 'job.failed', { jobId: claim.jobId });
      await this.trail.record(manager, workerOf(claim), {
        action: 'job.fail',
        objectType: 'job',
        objectId: claim.jobId,
        before: { status: 'running' },
        after: { status: 'failed', error_message: errorMessage },
      });
      return true;
    };
    return this.transaction.run(claim.tenantId, failed, { sessionName: sessionOf(claim) });
  }

  /**
   * Ends the job as completed, as the last write of the transaction that holds its results.
   *
   * @throws ClaimLostError
   */
  async complete(manager: EntityManager, claim: JobClaim, result: CompletedJob): Promise<void> {
    const completed = await write(manager, claim, statusesBefore('completed'), {
      candidateCount: result.candidateCount,
      excessivePrivilegeCount: result.excessivePrivilegeCount,
      consolidationSuggestionCount: result.consolidationSuggestionCount,
      summary: result.summary as object,
      bestRoleCount: result.summary?.roleCount ?? null,
      bestComplexity: result.summary?.complexityAfter ?? null,
      status: 'completed',
      progressPercent: 100,
      // Not now(): that is when the transaction began, before the results were saved.
      completedAt: () => 'clock_timestamp()',
    });
    if (!completed) throw new ClaimLostError();
    await this.events.record(manager, claim.tenantId, 'job.completed', { jobId: claim.jobId });
    await this.trail.record(manager, workerOf(claim), {
      action: 'job.complete',
      objectType: 'job',
      objectId: claim.jobId,
      before: { status: 'running' },
      after: {
        status: 'completed',
        candidate_count: result.candidateCount,
        excessive_privilege_count: result.excessivePrivilegeCount,
        consolidation_suggestion_count: result.consolidationSuggestionCount,
      },
    });
  }
}

/** Whoever ran the job: the one who asked for it is in the trail with its `job.run`. */
export function workerOf({ tenantId }: JobReference): AuditActor {
  return { tenantId, userId: null, kind: 'worker' };
}

async function write(
  manager: EntityManager,
  claim: JobClaim,
  from: readonly MiningJobStatus[],
  set: Parameters<EntityManager['update']>[2],
): Promise<boolean> {
  const key = { tenantId: claim.tenantId, id: claim.jobId, claimId: claim.claimId, status: In(from) };
  const result = await manager.update(MiningJob, key, { ...set, updatedAt: () => 'now()' });
  return result.affected === 1;
}
