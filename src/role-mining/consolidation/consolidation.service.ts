import { Injectable } from '@nestjs/common';
import { MoreThanOrEqual } from 'typeorm';
import type { PageQuery } from '../../common/paging/page.query.js';
import type { JobActor } from '../jobs/jobs.service.js';
import { MiningResultsReader } from '../jobs/mining-results.reader.js';
import { ConsolidationSuggestion } from './consolidation-suggestion.entity.js';
import type { SuggestionStatus } from './suggestion-status.js';

/** Reads consolidation suggestions (contract: results, "Consolidation suggestions"). */
@Injectable()
export class ConsolidationService {
  constructor(private readonly results: MiningResultsReader) {}

  /** Strongest overlap first. @throws NotFoundError when there is no such job */
  async listSuggestions(
    actor: JobActor,
    jobId: string,
    filter: { status?: SuggestionStatus; minOverlap?: number },
    page: PageQuery,
  ): Promise<{ items: ConsolidationSuggestion[]; total: number }> {
    const where = {
      ...(filter.status && { status: filter.status }),
      ...(filter.minOverlap !== undefined && { overlapPercent: MoreThanOrEqual(filter.minOverlap) }),
    };
    return this.results.listOfJob(actor, jobId, ConsolidationSuggestion, where, { overlapPercent: 'DESC' }, page);
  }

  /** @throws NotFoundError */
  async getSuggestion(actor: JobActor, id: string): Promise<ConsolidationSuggestion> {
    return this.results.get(actor, id, ConsolidationSuggestion, 'consolidation suggestion');
  }
}
