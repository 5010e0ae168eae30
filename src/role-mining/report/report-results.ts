import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { REPORT_LIMITS } from '../../report/limits.js';
import { RoleCandidate } from '../candidates/candidate.entity.js';
import { ConsolidationSuggestion } from '../consolidation/consolidation-suggestion.entity.js';
import { ExcessivePrivilege } from '../excessive-privileges/excessive-privilege.entity.js';
import type { JobReference } from '../jobs/job-reference.js';
import { SuspectedGrant } from '../suspected-grants/suspected-grant.entity.js';

/** What a report needs of a completed job's results. */
export interface JobResults {
  /** All of them, largest contribution first. */
  readonly candidates: readonly RoleCandidate[];
  /** Per candidate, the users to whom the proposal gives it: their UUIDs one after the other (see uuids-in.ts). */
  readonly assignedMembers: readonly string[];
  /** All of them, the furthest above their peers first. */
  readonly flags: readonly ExcessivePrivilege[];
  /** The strongest. */
  readonly suggestions: readonly ConsolidationSuggestion[];
  /** All of them, the surest first. */
  readonly suspectedGrants: readonly SuspectedGrant[];
}

/** Reads the results of a job for its report. */
@Injectable()
export class ReportResults {
  async read(manager: EntityManager, job: JobReference): Promise<JobResults> {
    const where = { tenantId: job.tenantId, jobId: job.jobId };
    const candidates = await manager.find(RoleCandidate, { where });
    candidates.sort(byContribution);
    const members = await this.assignedMembers(manager, job);
    return {
      candidates,
      assignedMembers: candidates.map(({ id }) => members.get(id) ?? ''),
      flags: await manager.find(ExcessivePrivilege, { where, order: { deviationPercent: 'DESC', id: 'ASC' } }),
      suggestions: await manager.find(ConsolidationSuggestion, {
        where,
        order: { overlapPercent: 'DESC', id: 'ASC' },
        take: REPORT_LIMITS.overlaps,
      }),
      suspectedGrants: await manager.find(SuspectedGrant, { where, order: { score: 'DESC', id: 'ASC' } }),
    };
  }

  /** As one text per candidate: a million UUIDs are read as an array in a second, cut from a text in a tenth of it, elsewhere. */
  private async assignedMembers(manager: EntityManager, job: JobReference): Promise<Map<string, string>> {
    const rows = await manager.query<{ id: string; members: string }[]>(
      `SELECT id, array_to_string(assigned_member_ids, '') AS members
       FROM role_mining_candidate WHERE tenant_id = $1 AND job_id = $2`,
      [job.tenantId, job.jobId],
    );
    return new Map(rows.map(({ id, members }) => [id, members]));
  }

  /** External ids of users, as far as they are in our own tables. */
  async userNames(
    manager: EntityManager,
    tenantId: string,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    const rows = await manager.query<{ id: string; external_id: string }[]>(
      'SELECT id, external_id FROM access_user WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
      [tenantId, ids],
    );
    return new Map(rows.map((row) => [row.id, row.external_id]));
  }
}

/** The order of the role set, as far as candidates tell it. */
function byContribution(a: RoleCandidate, b: RoleCandidate): number {
  return (
    b.explanation.newAssignmentsCovered - a.explanation.newAssignmentsCovered ||
    b.explanation.assignmentsCovered - a.explanation.assignmentsCovered ||
    (a.id < b.id ? -1 : 1)
  );
}
