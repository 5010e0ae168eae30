import { Injectable } from '@nestjs/common';
import { type EntityManager, type FindOptionsWhere, In, MoreThanOrEqual } from 'typeorm';
import { type ListSource, mapSource } from '../../common/paging/list-source.js';
import type { PageQuery } from '../../common/paging/page.query.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import type { JobActor } from '../jobs/jobs.service.js';
import { MiningResultsReader, type ResultList } from '../jobs/mining-results.reader.js';
import { SodRules } from '../sod/sod-rules.js';
import type { SodViolation } from '../sod/sod-violation.js';
import { CandidateDecisionsStore, type StoredDecision } from './candidate-decisions.store.js';
import { RoleCandidate } from './candidate.entity.js';
import { CandidatesStore } from './candidates.store.js';
import type { PromotionStatus } from './promotion-status.js';

/** Members that come with a candidate itself; the members call has them all. */
const SHOWN_MEMBERS = 1000;

export interface CandidateView {
  readonly candidate: RoleCandidate;
  readonly userIds: string[];
  /** Rules of separation of duties that its entitlements break by themselves. */
  readonly violations: readonly SodViolation[];
  /** While it is pending: what was decided about another candidate with the same entitlements. */
  readonly decidedBefore: StoredDecision | null;
}

/** What is left out does not filter. */
export interface CandidateFilter {
  readonly promotionStatuses?: readonly PromotionStatus[];
  readonly minConfidence?: number;
  readonly minMembers?: number;
}

const LIST: ResultList<RoleCandidate> = {
  entity: RoleCandidate,
  order: { confidenceScore: 'DESC', memberCount: 'DESC' },
  countOf: (job) => job.candidateCount,
};

/** Reads role candidates (contract: results, "Role candidates"). */
@Injectable()
export class CandidatesService {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly results: MiningResultsReader,
    private readonly store: CandidatesStore,
    private readonly rules: SodRules,
    private readonly decisions: CandidateDecisionsStore,
  ) {}

  /** Best first. @throws NotFoundError when there is no such job */
  async listCandidates(
    actor: JobActor,
    jobId: string,
    filter: CandidateFilter,
    page: PageQuery,
  ): Promise<{ items: CandidateView[]; total: number }> {
    return this.transaction.run(actor.tenantId, async (manager) => {
      const { items, total } = await this.results.listOfJob(actor, jobId, LIST, matching(filter), page);
      return { items: await this.readViews(manager, actor.tenantId, items), total };
    });
  }

  /** The same without an end. */
  allCandidates(actor: JobActor, jobId: string, filter: CandidateFilter): ListSource<CandidateView> {
    const candidates = this.results.allOfJob(actor, jobId, LIST, matching(filter));
    return mapSource(candidates, (items, manager) => this.readViews(manager, actor.tenantId, items));
  }

  /** @throws NotFoundError */
  async getCandidate(actor: JobActor, id: string): Promise<CandidateView> {
    return this.transaction.run(actor.tenantId, async (manager) => {
      const candidate = await this.results.get(actor, id, RoleCandidate, 'role candidate');
      return (await this.readViews(manager, actor.tenantId, [candidate]))[0];
    });
  }

  /** @throws NotFoundError */
  async listMembers(actor: JobActor, id: string, page: PageQuery): Promise<{ items: string[]; total: number }> {
    const candidate = await this.results.get(actor, id, RoleCandidate, 'role candidate');
    const members = await this.transaction.run(actor.tenantId, (manager) =>
      this.store.membersOf(manager, actor.tenantId, [id], page),
    );
    return { items: members.get(id) ?? [], total: candidate.memberCount };
  }

  private async readViews(
    manager: EntityManager,
    tenantId: string,
    candidates: readonly RoleCandidate[],
  ): Promise<CandidateView[]> {
    const ids = candidates.map((candidate) => candidate.id);
    const sets = candidates.map((candidate) => candidate.entitlementIds);
    const members = await this.store.membersOf(manager, tenantId, ids, { offset: 0, limit: SHOWN_MEMBERS });
    const violations = await this.rules.violationsOfSets(manager, tenantId, sets);
    const decisions = await this.decisions.findDecisions(manager, tenantId, sets);
    return candidates.map((candidate, index) => ({
      candidate,
      userIds: members.get(candidate.id) ?? [],
      violations: violations[index],
      decidedBefore: candidate.promotionStatus === 'pending' ? decisions[index] : null,
    }));
  }
}

function matching(filter: CandidateFilter): FindOptionsWhere<RoleCandidate> {
  return {
    ...(filter.promotionStatuses && { promotionStatus: In(filter.promotionStatuses) }),
    ...(filter.minConfidence !== undefined && { confidenceScore: MoreThanOrEqual(filter.minConfidence) }),
    ...(filter.minMembers !== undefined && { memberCount: MoreThanOrEqual(filter.minMembers) }),
  };
}
