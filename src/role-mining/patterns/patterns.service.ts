import { Injectable } from '@nestjs/common';
import { MoreThanOrEqual } from 'typeorm';
import type { PageQuery } from '../../common/paging/page.query.js';
import type { JobActor } from '../jobs/jobs.service.js';
import { MiningResultsReader } from '../jobs/mining-results.reader.js';
import { AccessPattern } from './pattern.entity.js';

/** Reads access patterns (contract: results, "Access patterns"). */
@Injectable()
export class PatternsService {
  constructor(private readonly results: MiningResultsReader) {}

  /** Largest area first. @throws NotFoundError when there is no such job */
  async listPatterns(
    actor: JobActor,
    jobId: string,
    filter: { minFrequency?: number },
    page: PageQuery,
  ): Promise<{ items: AccessPattern[]; total: number }> {
    const { minFrequency } = filter;
    const where = minFrequency === undefined ? {} : { frequency: MoreThanOrEqual(minFrequency) };
    return this.results.listOfJob(actor, jobId, AccessPattern, where, { area: 'DESC' }, page);
  }

  /** @throws NotFoundError */
  async getPattern(actor: JobActor, id: string): Promise<AccessPattern> {
    return this.results.get(actor, id, AccessPattern, 'access pattern');
  }
}
