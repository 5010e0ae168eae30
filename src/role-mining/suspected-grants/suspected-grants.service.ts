import { Injectable } from '@nestjs/common';
import { MoreThanOrEqual } from 'typeorm';
import type { Actor } from '../../auth/actor.js';
import type { PageQuery } from '../../common/paging/page.query.js';
import { MiningResultsReader } from '../jobs/mining-results.reader.js';
import { SuspectedGrant, type SuspicionKind } from './suspected-grant.entity.js';

export interface SuspectedGrantFilter {
  readonly kind?: SuspicionKind;
  readonly userId?: string;
  readonly entitlementId?: string;
  readonly minScore: number;
}

/** Reads the review list of suspected grants. */
@Injectable()
export class SuspectedGrantsService {
  constructor(private readonly results: MiningResultsReader) {}

  /** Surest first. @throws NotFoundError when there is no such job */
  async listGrants(
    actor: Actor,
    jobId: string,
    { kind, userId, entitlementId, minScore }: SuspectedGrantFilter,
    page: PageQuery,
  ): Promise<{ items: SuspectedGrant[]; total: number }> {
    const where = {
      ...(kind && { kind }),
      ...(userId && { userId }),
      ...(entitlementId && { entitlementId }),
      score: MoreThanOrEqual(minScore),
    };
    return this.results.listOfJob(actor, jobId, SuspectedGrant, where, { score: 'DESC' }, page);
  }
}
