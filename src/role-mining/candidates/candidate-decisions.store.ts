import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { PromotionStatus } from './promotion-status.js';

/** What was decided last about a set of entitlements. */
export interface CandidateDecision {
  readonly decision: Exclude<PromotionStatus, 'pending'>;
  readonly reason: string | null;
  /** The role that was made; it may have gone since. */
  readonly roleId: string | null;
  readonly candidateId: string;
  readonly jobId: string;
  readonly decidedBy: string;
}

export type StoredDecision = CandidateDecision & { readonly decidedAt: Date };

interface DecisionRow {
  readonly entitlement_set_hash: string;
  readonly decision: CandidateDecision['decision'];
  readonly reason: string | null;
  readonly role_id: string | null;
  readonly candidate_id: string;
  readonly job_id: string;
  readonly decided_by: string;
  readonly decided_at: Date;
}

/** Decisions by the set of entitlements that they are about, outliving candidates and jobs. */
@Injectable()
export class CandidateDecisionsStore {
  /** A later decision about the same set takes the place of an earlier one; the audit trail has them all. */
  async keep(
    manager: EntityManager,
    tenantId: string,
    entitlementIds: readonly string[],
    decision: CandidateDecision,
  ): Promise<void> {
    await manager.query(
      `INSERT INTO role_mining_decision
         (tenant_id, entitlement_set_hash, decision, reason, role_id, candidate_id, job_id, decided_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (tenant_id, entitlement_set_hash) DO UPDATE SET decision = excluded.decision,
         reason = excluded.reason, role_id = excluded.role_id, candidate_id = excluded.candidate_id,
         job_id = excluded.job_id, decided_by = excluded.decided_by, decided_at = excluded.decided_at`,
      [
        tenantId,
        setHash(entitlementIds),
        decision.decision,
        decision.reason,
        decision.roleId,
        decision.candidateId,
        decision.jobId,
        decision.decidedBy,
      ],
    );
  }

  /** The decisions about each of the sets, in their order; null where nothing was decided. */
  async findDecisions(
    manager: EntityManager,
    tenantId: string,
    sets: readonly (readonly string[])[],
  ): Promise<(StoredDecision | null)[]> {
    const hashes = sets.map(setHash);
    const rows = await manager.query<DecisionRow[]>(
      'SELECT * FROM role_mining_decision WHERE tenant_id = $1 AND entitlement_set_hash = ANY ($2)',
      [tenantId, hashes],
    );
    const byHash = new Map(rows.map((row) => [row.entitlement_set_hash, decisionOf(row)]));
    return hashes.map((hash) => byHash.get(hash) ?? null);
  }
}

function setHash(entitlementIds: readonly string[]): string {
  const ids = [...new Set(entitlementIds.map((id) => id.toLowerCase()))].sort();
  return createHash('sha256').update(ids.join(',')).digest('hex');
}

function decisionOf(row: DecisionRow): StoredDecision {
  return {
    decision: row.decision,
    reason: row.reason,
    roleId: row.role_id,
    candidateId: row.candidate_id,
    jobId: row.job_id,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
  };
}
