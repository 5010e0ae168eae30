import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, MoreThanOrEqual } from 'typeorm';
import type { Actor } from '../../auth/actor.js';
import type { ListSource } from '../../common/paging/list-source.js';
import type { PageQuery } from '../../common/paging/page.query.js';
import { MiningResultsReader, type ResultList } from '../jobs/mining-results.reader.js';
import { SuspectedGrant, type SuspicionKind } from './suspected-grant.entity.js';

export interface SuspectedGrantFilter {
  readonly kind?: SuspicionKind;
  readonly userId?: string;
  readonly entitlementId?: string;
  readonly minScore: number;
}

const LIST: ResultList<SuspectedGrant> = { entity: SuspectedGrant, order: { score: 'DESC' } };

/** Reads the review list of suspected grants. */
@Injectable()
export class SuspectedGrantsService {
  constructor(private readonly results: MiningResultsReader) {}

  /** Surest first. @throws NotFoundError when there is no such job */
  async listGrants(
    actor: Actor,
    jobId: string,
    filter: SuspectedGrantFilter,
    page: PageQuery,
  ): Promise<{ items: SuspectedGrant[]; total: number }> {
    return this.results.listOfJob(actor, jobId, LIST, matching(filter), page);
  }

  /** The same without an end. */
  allGrants(actor: Actor, jobId: string, filter: SuspectedGrantFilter): ListSource<SuspectedGrant> {
    return this.results.allOfJob(actor, jobId, LIST, matching(filter));
  }
}

function matching({ kind, userId, entitlementId, minScore }: SuspectedGrantFilter): FindOptionsWhere<SuspectedGrant> {
  return {
    ...(kind && { kind }),
    ...(userId && { userId }),
    ...(entitlementId && { entitlementId }),
    score: MoreThanOrEqual(minScore),
  };
}
