import { Injectable } from '@nestjs/common';
import { In, MoreThanOrEqual } from 'typeorm';
import type { Actor } from '../../auth/actor.js';
import type { PageQuery } from '../../common/paging/page.query.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import { MiningResultsReader } from '../jobs/mining-results.reader.js';
import { type PromotionStatus, RoleCandidate } from './candidate.entity.js';
import { CandidatesStore } from './candidates.store.js';

/** Members that come with a candidate itself; the members call has them all. */
const SHOWN_MEMBERS = 1000;

export interface CandidateView {
  readonly candidate: RoleCandidate;
  readonly userIds: string[];
}

export interface CandidateFilter {
  readonly promotionStatuses: readonly PromotionStatus[];
  readonly minConfidence: number;
  readonly minMembers: number;
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
    actor: Actor,
    jobId: string,
    filter: CandidateFilter,
    page: PageQuery,
  ): Promise<{ items: CandidateView[]; total: number }> {
    const { items, total } = await this.results.listOfJob(
      actor,
      jobId,
      RoleCandidate,
      {
        promotionStatus: In(filter.promotionStatuses),
        confidenceScore: MoreThanOrEqual(filter.minConfidence),
        memberCount: MoreThanOrEqual(filter.minMembers),
      },
      { confidenceScore: 'DESC', memberCount: 'DESC' },
      page,
    );
    return { items: await this.viewsOf(actor, items), total };
  }

  /** @throws NotFoundError */
  async getCandidate(actor: Actor, id: string): Promise<CandidateView> {
    const [view] = await this.viewsOf(actor, [await this.results.get(actor, id, RoleCandidate, 'role candidate')]);
    return view;
  }

  /** @throws NotFoundError */
  async listMembers(actor: Actor, id: string, page: PageQuery): Promise<{ items: string[]; total: number }> {
    const candidate = await this.results.get(actor, id, RoleCandidate, 'role candidate');
    const members = await this.membersOf(actor, [id], page);
    return { items: members.get(id) ?? [], total: candidate.memberCount };
  }

  private async viewsOf(actor: Actor, candidates: RoleCandidate[]): Promise<CandidateView[]> {
    const ids = candidates.map((candidate) => candidate.id);
    const members = await this.membersOf(actor, ids, { offset: 0, limit: SHOWN_MEMBERS });
    return candidates.map((candidate) => ({ candidate, userIds: members.get(candidate.id) ?? [] }));
  }

  private async membersOf(actor: Actor, ids: string[], range: Pick<PageQuery, 'limit' | 'offset'>) {
    return this.transaction.run(actor.tenantId, (manager) => this.store.membersOf(manager, actor.tenantId, ids, range));
  }
}
