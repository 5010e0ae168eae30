import { Injectable } from '@nestjs/common';
import { type ListSource } from '../../common/paging/list-source.js';
import type { PageQuery } from '../../common/paging/page.query.js';
import { readPages } from '../../database/read-pages.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import { type JobActor, JobsService } from '../jobs/jobs.service.js';
import { MiningResultsReader } from '../jobs/mining-results.reader.js';
import { RoleCandidate } from './candidate.entity.js';
import type { CandidateFilter } from './candidates.service.js';
import { PROMOTION_STATUSES } from './promotion-status.js';

/** One member of one candidate. */
export interface Membership {
  readonly candidateId: string;
  readonly proposedName: string;
  readonly userId: string;
  /** Whether the proposed role set gives the candidate to this member. */
  readonly isAssigned: boolean;
}

const CANDIDATES = `FROM role_mining_candidate candidate
  WHERE tenant_id = $1 AND ($2::uuid IS NULL OR job_id = $2) AND ($3::uuid IS NULL OR id = $3)
    AND promotion_status = ANY ($4) AND confidence_score >= $5 AND member_count >= $6`;

/**
 * The members are sorted within their candidate only, whose order an index has: a million of them need no sort as a whole.
 */
const MEMBERSHIPS = `SELECT candidate.id AS "candidateId", proposed_name AS "proposedName", member.user_id AS "userId",
    member.is_assigned AS "isAssigned"
  FROM (SELECT * ${CANDIDATES}) AS candidate
  CROSS JOIN LATERAL (
    SELECT user_id, assigned.given IS NOT NULL AS is_assigned
    FROM unnest(member_ids) AS member (user_id)
    LEFT JOIN (SELECT user_id, true AS given FROM unnest(assigned_member_ids) AS member (user_id)) AS assigned
      USING (user_id)
  ) AS member
  ORDER BY confidence_score DESC, member_count DESC, candidate.id, member.user_id
  LIMIT $7 OFFSET $8`;

/** Who would hold which candidate: as many rows as all candidates have members. */
@Injectable()
export class CandidateMembersService {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly jobs: JobsService,
    private readonly results: MiningResultsReader,
  ) {}

  /** The count throws NotFoundError when there is no such job. */
  ofJob(actor: JobActor, jobId: string, filter: CandidateFilter): ListSource<Membership> {
    return this.source(actor.tenantId, { jobId, ...filter }, () => this.jobs.getJob(actor, jobId));
  }

  /** The count throws NotFoundError when there is no such candidate. */
  ofCandidate(actor: JobActor, candidateId: string): ListSource<Membership> {
    return this.source(actor.tenantId, { candidateId }, () =>
      this.results.get(actor, candidateId, RoleCandidate, 'role candidate'),
    );
  }

  /** A page. @throws what the count of the source throws */
  async listOf(
    actor: JobActor,
    memberships: ListSource<Membership>,
    page: Pick<PageQuery, 'limit' | 'offset'>,
  ): Promise<{ items: Membership[]; total: number }> {
    return this.transaction.run(actor.tenantId, async (manager) => {
      const total = await memberships.count(manager);
      const items: Membership[] = [];
      for await (const some of memberships.pages(manager, page)) items.push(...some);
      return { items, total };
    });
  }

  private source(
    tenantId: string,
    filter: CandidateFilter & { jobId?: string; candidateId?: string },
    check: () => Promise<unknown>,
  ): ListSource<Membership> {
    const values = [
      tenantId,
      filter.jobId ?? null,
      filter.candidateId ?? null,
      filter.promotionStatuses ?? PROMOTION_STATUSES,
      filter.minConfidence ?? 0,
      filter.minMembers ?? 0,
    ];
    return {
      async count(manager) {
        await check();
        const [{ total }] = await manager.query<[{ total: number }]>(
          `SELECT coalesce(sum(member_count), 0)::float8 AS total ${CANDIDATES}`,
          values,
        );
        return total;
      },
      pages: (manager, { limit, offset }) => readPages<Membership>(manager, MEMBERSHIPS, [...values, limit, offset]),
    };
  }
}
