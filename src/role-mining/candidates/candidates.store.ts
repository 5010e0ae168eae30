import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { INSERT_COLUMNS, type UuidSelection } from '../../database/insert-columns.js';
import { insertRows } from '../../database/insert-rows.js';
import type { JobReference } from '../jobs/job-reference.js';
import type { RoleCandidate } from './candidate.entity.js';

/** Members are ascending. */
export type NewRoleCandidate = Pick<
  RoleCandidate,
  | 'id'
  | 'proposedName'
  | 'confidenceScore'
  | 'existingRoleId'
  | 'entitlementIds'
  | 'juniorCandidateIds'
  | 'juniorRoleIds'
  | 'explanation'
> & {
  readonly ownEntitlementIds: readonly string[];
  readonly memberIds: UuidSelection;
  readonly assignedMemberIds: UuidSelection;
};

const { double, integer, jsonb, uuidSelection, text, uuid, uuidList, uuidOrNull } = INSERT_COLUMNS;

/** PostgreSQL's integer, which places in an array are: no array is that long. */
const MAX_PLACE = 2 ** 31 - 1;

/** How candidates are written, and how their memberships are read in parts. */
@Injectable()
export class CandidatesStore {
  async insert(manager: EntityManager, job: JobReference, candidates: Iterable<NewRoleCandidate>): Promise<void> {
    await insertRows(
      manager,
      'role_mining_candidate',
      {
        tenant_id: uuid,
        id: uuid,
        job_id: uuid,
        proposed_name: text,
        confidence_score: double,
        member_count: integer,
        assigned_member_count: integer,
        existing_role_id: uuidOrNull,
        entitlement_ids: uuidList,
        own_entitlement_ids: uuidList,
        junior_candidate_ids: uuidList,
        junior_role_ids: uuidList,
        member_ids: uuidSelection,
        assigned_member_ids: uuidSelection,
        explanation: jsonb,
      },
      candidates,
      (candidate) => ({
        tenant_id: job.tenantId,
        id: candidate.id,
        job_id: job.jobId,
        proposed_name: candidate.proposedName,
        confidence_score: candidate.confidenceScore,
        member_count: candidate.memberIds.places.length,
        assigned_member_count: candidate.assignedMemberIds.places.length,
        existing_role_id: candidate.existingRoleId,
        entitlement_ids: candidate.entitlementIds,
        own_entitlement_ids: candidate.ownEntitlementIds,
        junior_candidate_ids: candidate.juniorCandidateIds,
        junior_role_ids: candidate.juniorRoleIds,
        member_ids: candidate.memberIds,
        assigned_member_ids: candidate.assignedMemberIds,
        explanation: candidate.explanation,
      }),
    );
  }

  /** Members `offset` to `offset + limit` of each candidate, ascending. */
  async membersOf(
    manager: EntityManager,
    tenantId: string,
    candidateIds: readonly string[],
    range: { offset: number; limit: number },
  ): Promise<ReadonlyMap<string, string[]>> {
    const [first, last] = [range.offset + 1, range.offset + range.limit];
    const rows = await manager.query<{ id: string; member_ids: string[] }[]>(
      'SELECT id, member_ids[$3:$4] AS member_ids FROM role_mining_candidate WHERE tenant_id = $1 AND id = ANY($2)',
      [tenantId, candidateIds, Math.min(first, MAX_PLACE), Math.min(last, MAX_PLACE)],
    );
    return new Map(rows.map((row) => [row.id, row.member_ids]));
  }

  /** The members to whom the proposed role set gives the candidate, ascending. */
  async assignedMembersOf(manager: EntityManager, tenantId: string, candidateId: string): Promise<string[]> {
    const [row] = await manager.query<{ assigned_member_ids: string[] }[]>(
      'SELECT assigned_member_ids FROM role_mining_candidate WHERE tenant_id = $1 AND id = $2',
      [tenantId, candidateId],
    );
    return row.assigned_member_ids;
  }
}
