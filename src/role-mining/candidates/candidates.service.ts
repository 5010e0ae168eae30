import { Injectable } from '@nestjs/common';
import { In, MoreThanOrEqual } from 'typeorm';
import type { PageQuery } from '../../common/paging/page.query.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import type { JobActor } from '../jobs/jobs.service.js';
import { MiningResultsReader } from '../jobs/mining-results.reader.js';
import { PROMOTION_STATUSES, type PromotionStatus, RoleCandidate } from './candidate.entity.js';
import { CandidatesStore } from './candidates.store.js';

/** Members that come with a candidate itself; the members call has them all. */
const SHOWN_MEMBERS = 1000;

export interface CandidateView {
  readonly candidate: RoleCandidate;
  readonly userIds: string[];
}

/** What is left out does not filter. */
export interface CandidateFilter {
  readonly promotionStatuses?: readonly PromotionStatus[];
  readonly minConfidence?: number;
  readonly minMembers?: number;
}

/** Reads role candidates (contract: results, "Role candidates"). */
@Injectable()
export class CandidatesService {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly results: MiningResultsReader,
    private readonly store: CandidatesStore,
  ) {}

  /** Best first. @throws NotFoundError when there is no such job */
  async listCandidates(
    actor: JobActor,
    jobId: string,
    filter: CandidateFilter,
    page: PageQuery,
  ): Promise<{ items: CandidateView[]; total: number }> {
    const { items, total } = await this.results.listOfJob(
      actor,
      jobId,
      RoleCandidate,
      {
        promotionStatus: In(filter.promotionStatuses ?? PROMOTION_STATUSES),
        confidenceScore: MoreThanOrEqual(filter.minConfidence ?? 0),
        memberCount: MoreThanOrEqual(filter.minMembers ?? 0),
      },
      { confidenceScore: 'DESC', memberCount: 'DESC' },
      page,
    );
    return { items: await this.viewsOf(actor, items), total };
  }

  /** @throws NotFoundError */
  async getCandidate(actor: JobActor, id: string): Promise<CandidateView> {
    const [view] = await this.viewsOf(actor, [await this.results.get(actor, id, RoleCandidate, 'role candidate')]);
    return view;
  }

  /** @throws NotFoundError */
  async listMembers(actor: JobActor, id: string, page: PageQuery): Promise<{ items: string[]; total: number }> {
    const candidate = await this.results.get(actor, id, RoleCandidate, 'role candidate');
    const members = await this.membersOf(actor, [id], page);
    return { items: members.get(id) ?? [], total: candidate.memberCount };
  }

  private async viewsOf(actor: JobActor, candidates: RoleCandidate[]): Promise<CandidateView[]> {
    const ids = candidates.map((candidate) => candidate.id);
    const members = await this.membersOf(actor, ids, { offset: 0, limit: SHOWN_MEMBERS });
    return candidates.map((candidate) => ({ candidate, userIds: members.get(candidate.id) ?? [] }));
  }

  private async membersOf(actor: JobActor, ids: string[], range: Pick<PageQuery, 'limit' | 'offset'>) {
    return this.transaction.run(actor.tenantId, (manager) => this.store.membersOf(manager, actor.tenantId, ids, range));
  }
}
