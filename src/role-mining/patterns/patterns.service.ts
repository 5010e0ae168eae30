import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, MoreThanOrEqual } from 'typeorm';
import type { ListSource } from '../../common/paging/list-source.js';
import type { PageQuery } from '../../common/paging/page.query.js';
import type { JobActor } from '../jobs/jobs.service.js';
import { MiningResultsReader, type ResultList } from '../jobs/mining-results.reader.js';
import { AccessPattern } from './pattern.entity.js';

export interface PatternFilter {
  readonly minFrequency?: number;
}

const LIST: ResultList<AccessPattern> = { entity: AccessPattern, order: { area: 'DESC' } };

/** Reads access patterns (contract: results, "Access patterns"). */
@Injectable()
export class PatternsService {
  constructor(private readonly results: MiningResultsReader) {}

  /** Largest area first. @throws NotFoundError when there is no such job */
  async listPatterns(
    actor: JobActor,
    jobId: string,
    filter: PatternFilter,
    page: PageQuery,
  ): Promise<{ items: AccessPattern[]; total: number }> {
    return this.results.listOfJob(actor, jobId, LIST, matching(filter), page);
  }

  /** The same without an end. */
  allPatterns(actor: JobActor, jobId: string, filter: PatternFilter): ListSource<AccessPattern> {
    return this.results.allOfJob(actor, jobId, LIST, matching(filter));
  }

  /** @throws NotFoundError */
  async getPattern(actor: JobActor, id: string): Promise<AccessPattern> {
    return this.results.get(actor, id, AccessPattern, 'access pattern');
  }
}

function matching({ minFrequency }: PatternFilter): FindOptionsWhere<AccessPattern> {
  return minFrequency === undefined ? {} : { frequency: MoreThanOrEqual(minFrequency) };
}
