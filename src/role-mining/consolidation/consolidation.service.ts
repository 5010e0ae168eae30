import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, MoreThanOrEqual } from 'typeorm';
import type { ListSource } from '../../common/paging/list-source.js';
import type { PageQuery } from '../../common/paging/page.query.js';
import type { JobActor } from '../jobs/jobs.service.js';
import { MiningResultsReader, type ResultList } from '../jobs/mining-results.reader.js';
import { ConsolidationSuggestion } from './consolidation-suggestion.entity.js';
import type { SuggestionStatus } from './suggestion-status.js';

export interface SuggestionFilter {
  readonly status?: SuggestionStatus;
  readonly minOverlap?: number;
}

const LIST: ResultList<ConsolidationSuggestion> = {
  entity: ConsolidationSuggestion,
  order: { overlapPercent: 'DESC' },
  countOf: (job) => job.consolidationSuggestionCount,
};

/** Reads consolidation suggestions (contract: results, "Consolidation suggestions"). */
@Injectable()
export class ConsolidationService {
  constructor(private readonly results: MiningResultsReader) {}

  /** Strongest overlap first. @throws NotFoundError when there is no such job */
  async listSuggestions(
    actor: JobActor,
    jobId: string,
    filter: SuggestionFilter,
    page: PageQuery,
  ): Promise<{ items: ConsolidationSuggestion[]; total: number }> {
    return this.results.listOfJob(actor, jobId, LIST, matching(filter), page);
  }

  /** The same without an end. */
  allSuggestions(actor: JobActor, jobId: string, filter: SuggestionFilter): ListSource<ConsolidationSuggestion> {
    return this.results.allOfJob(actor, jobId, LIST, matching(filter));
  }

  /** @throws NotFoundError */
  async getSuggestion(actor: JobActor, id: string): Promise<ConsolidationSuggestion> {
    return this.results.get(actor, id, ConsolidationSuggestion, 'consolidation suggestion');
  }
}

function matching({ status, minOverlap }: SuggestionFilter): FindOptionsWhere<ConsolidationSuggestion> {
  return {
    ...(status && { status }),
    ...(minOverlap !== undefined && { overlapPercent: MoreThanOrEqual(minOverlap) }),
  };
}
