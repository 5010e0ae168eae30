import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { type Page, PageDto, pageOf } from '../../common/paging/page.dto.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { suggestionToDto } from './consolidation-suggestion.mapper.js';
import { ConsolidationService } from './consolidation.service.js';
import { ConsolidationSuggestionDto } from './dto/consolidation-suggestion.dto.js';
import { ListConsolidationSuggestionsQuery } from './dto/list-consolidation-suggestions.query.js';

@AdminOnly()
@ApiTags('Consolidation suggestions')
@Controller('governance/role-mining')
export class ConsolidationController {
  constructor(private readonly consolidation: ConsolidationService) {}

  /** Lists the pairs of existing roles that overlap, strongest first. */
  @Get('jobs/:job_id/consolidation-suggestions')
  @ApiOkResponse({ type: PageDto(ConsolidationSuggestionDto) })
  @ApiProblem(404, 'There is no such job in the tenant.')
  async list(
    @CurrentActor() actor: Actor,
    @UuidParam('job_id') jobId: string,
    @Query() query: ListConsolidationSuggestionsQuery,
  ): Promise<Page<ConsolidationSuggestionDto>> {
    const filter = { status: query.status, minOverlap: query.min_overlap };
    const { items, total } = await this.consolidation.listSuggestions(actor, jobId, filter, query);
    return pageOf(items.map(suggestionToDto), total, query);
  }

  /** Reads one consolidation suggestion. */
  @Get('consolidation-suggestions/:suggestion_id')
  @ApiProblem(404, 'There is no such suggestion in the tenant.')
  async get(
    @CurrentActor() actor: Actor,
    @UuidParam('suggestion_id') suggestionId: string,
  ): Promise<ConsolidationSuggestionDto> {
    return suggestionToDto(await this.consolidation.getSuggestion(actor, suggestionId));
  }
}
