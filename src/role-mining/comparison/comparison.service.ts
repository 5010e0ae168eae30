import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ConflictError } from '../../common/errors/domain.error.js';
import type { PageQuery } from '../../common/paging/page.query.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import { CandidateDecisionsStore, type StoredDecision } from '../candidates/candidate-decisions.store.js';
import { RoleCandidate } from '../candidates/candidate.entity.js';
import { type JobActor, JobsService } from '../jobs/jobs.service.js';
import { CANDIDATE_CHANGES, type CandidateChange, compareCandidates, type ComparedPair } from './compare-candidates.js';

export type ComparedRoleCandidate = Pick<
  RoleCandidate,
  'id' | 'proposedName' | 'memberCount' | 'entitlementIds' | 'promotionStatus'
>;

export type ComparisonItem = ComparedPair<ComparedRoleCandidate> & {
  /** What was decided last about the same entitlements, in whichever run. */
  readonly decision: StoredDecision | null;
};

export interface Comparison {
  readonly counts: Readonly<Record<CandidateChange, number>>;
  readonly items: readonly ComparisonItem[];
  readonly total: number;
}

/** Compares what two runs have proposed. */
@Injectable()
export class ComparisonService {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly jobs: JobsService,
    private readonly decisions: CandidateDecisionsStore,
  ) {}

  /**
   * What has become of the candidates of the earlier job in the later one. By kind of change, then largest first.
   *
   * @throws NotFoundError
   * @throws ConflictError when one of the jobs has not completed
   */
  async compareJobs(
    actor: JobActor,
    jobId: string,
    earlierJobId: string,
    filter: { change?: CandidateChange },
    page: PageQuery,
  ): Promise<Comparison> {
    return this.transaction.readSnapshot(actor.tenantId, async (manager) => {
      const current = await this.candidatesOf(manager, actor, jobId);
      const earlier = await this.candidatesOf(manager, actor, earlierJobId);
      const pairs = compareCandidates(current, earlier).sort(inOrder);
      const wanted = filter.change === undefined ? pairs : pairs.filter(({ change }) => change === filter.change);
      const shown = wanted.slice(page.offset, page.offset + page.limit);
      const decisions = await this.decisions.findDecisions(
        manager,
        actor.tenantId,
        shown.map((pair) => shownOf(pair).entitlementIds),
      );
      const countOf = (change: CandidateChange): number => pairs.filter((pair) => pair.change === change).length;
      return {
        counts: {
          appeared: countOf('appeared'),
          changed: countOf('changed'),
          stayed: countOf('stayed'),
          vanished: countOf('vanished'),
        },
        items: shown.map((pair, index) => ({ ...pair, decision: decisions[index] })),
        total: wanted.length,
      };
    });
  }

  private async candidatesOf(manager: EntityManager, actor: JobActor, jobId: string): Promise<ComparedRoleCandidate[]> {
    const { job } = await this.jobs.getJob(actor, jobId);
    if (job.status !== 'completed') {
      throw new ConflictError(`The job ${jobId} is ${job.status}, only completed jobs can be compared`);
    }
    return manager.find(RoleCandidate, {
      select: {
        tenantId: true,
        id: true,
        proposedName: true,
        memberCount: true,
        entitlementIds: true,
        promotionStatus: true,
      },
      where: { tenantId: actor.tenantId, jobId },
    });
  }
}

/** The candidate that a pair is about: the later one, unless it has vanished. */
function shownOf({ current, earlier }: ComparedPair<ComparedRoleCandidate>): ComparedRoleCandidate {
  const shown = current ?? earlier;
  if (shown === null) throw new Error('a pair of no candidates');
  return shown;
}

function inOrder(a: ComparedPair<ComparedRoleCandidate>, b: ComparedPair<ComparedRoleCandidate>): number {
  const [first, second] = [shownOf(a), shownOf(b)];
  return (
    CANDIDATE_CHANGES.indexOf(a.change) - CANDIDATE_CHANGES.indexOf(b.change) ||
    second.memberCount - first.memberCount ||
    (first.id < second.id ? -1 : 1)
  );
}
