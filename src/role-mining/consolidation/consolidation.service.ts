import { Injectable } from '@nestjs/common';
import { MoreThanOrEqual } from 'typeorm';
import type { Actor } from '../../auth/actor.js';
import type { PageQuery } from '../../common/paging/page.query.js';
import { MiningResultsReader } from '../jobs/mining-results.reader.js';
import { ConsolidationSuggestion, type SuggestionStatus } from './consolidation-suggestion.entity.js';

/** Reads consolidation suggestions (contract: results, "Consolidation suggestions"). */
@Injectable()
export class ConsolidationService {
  constructor(private readonly results: MiningResultsReader) {}

  /** Strongest overlap first. @throws NotFoundError when there is no such job */
  async listSuggestions(
    actor: Actor,
    jobId: string,
    filter: { status?: SuggestionStatus; minOverlap: number },
    page: PageQuery,
  ): Promise<{ items: ConsolidationSuggestion[]; total: number }> {
    const where = {
      ...(filter.status && { status: filter.status }),
      overlapPercent: MoreThanOrEqual(filter.minOverlap),
    };
    return this.results.listOfJob(actor, jobId, ConsolidationSuggestion, where, { overlapPercent: 'DESC' }, page);
  }

  /** @throws NotFoundError */
  async getSuggestion(actor: Actor, id: string): Promise<ConsolidationSuggestion> {
    return this.results.get(actor, id, ConsolidationSuggestion, 'consolidation suggestion');
  }
}
