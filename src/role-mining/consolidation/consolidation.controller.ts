import { Body, Controller, Get, HttpCode, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Audited } from '../../audit/audited.decorator.js';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { mapSource } from '../../common/paging/list-source.js';
import { type Page, PageDto, pageOf } from '../../common/paging/page.dto.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { ApiExportable } from '../../exports/api-exportable.decorator.js';
import { type ExportRequest, RequestedExport } from '../../exports/export-request.js';
import { Exports } from '../../exports/exports.js';
import { ConsolidationDecisionsService } from './consolidation-decisions.service.js';
import { SUGGESTION_CSV } from './consolidation-suggestion.csv.js';
import { mergePreviewToDto, suggestionToDto } from './consolidation-suggestion.mapper.js';
import { ConsolidationService } from './consolidation.service.js';
import { ConsolidationSuggestionDto } from './dto/consolidation-suggestion.dto.js';
import { DismissSuggestionDto, MergeRolesDto } from './dto/decide-suggestion.dto.js';
import { ListConsolidationSuggestionsQuery } from './dto/list-consolidation-suggestions.query.js';
import { MergePreviewDto } from './dto/merge-preview.dto.js';

@AdminOnly()
@ApiTags('Consolidation suggestions')
@Controller('governance/role-mining')
export class ConsolidationController {
  constructor(
    private readonly consolidation: ConsolidationService,
    private readonly decisions: ConsolidationDecisionsService,
    private readonly exports: Exports,
  ) {}

  /** Lists the pairs of existing roles that overlap, strongest first. */
  @Get('jobs/:job_id/consolidation-suggestions')
  @ApiExportable(PageDto(ConsolidationSuggestionDto), ConsolidationSuggestionDto)
  @ApiProblem(404, 'There is no such job in the tenant.')
  async list(
    @CurrentActor() actor: Actor,
    @UuidParam('job_id') jobId: string,
    @Query() query: ListConsolidationSuggestionsQuery,
    @RequestedExport() request: ExportRequest | null,
  ): Promise<Page<ConsolidationSuggestionDto> | StreamableFile> {
    const filter = { status: query.status, minOverlap: query.min_overlap };
    if (request !== null) {
      const suggestions = this.consolidation.allSuggestions(actor, jobId, filter);
      const source = mapSource(suggestions, (items) => items.map(suggestionToDto));
      const of = { action: 'job.export', objectId: jobId, query } as const;
      return this.exports.open(actor, request, {
        list: 'consolidation-suggestions',
        ...of,
        source,
        csv: SUGGESTION_CSV,
      });
    }
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

  /** Dismisses a pending suggestion. */
  @Post('consolidation-suggestions/:suggestion_id/dismiss')
  @HttpCode(200)
  @Audited('consolidation_suggestion.dismiss', 'suggestion_id')
  @ApiProblem(404, 'There is no such suggestion in the tenant.')
  @ApiProblem(409, 'The suggestion is not pending.')
  async dismiss(
    @CurrentActor() actor: Actor,
    @UuidParam('suggestion_id') suggestionId: string,
    @Body() body: DismissSuggestionDto,
  ): Promise<ConsolidationSuggestionDto> {
    return suggestionToDto(await this.decisions.dismiss(actor, suggestionId, body.reason ?? null));
  }

  /** Shows what merging role B into role A would change now, with the hash that the merge needs. */
  @Get('consolidation-suggestions/:suggestion_id/merge-preview')
  @ApiProblem(404, 'There is no such suggestion in the tenant.')
  @ApiProblem(409, 'The suggestion is not pending, or one of the roles has gone.')
  async previewMerge(
    @CurrentActor() actor: Actor,
    @UuidParam('suggestion_id') suggestionId: string,
  ): Promise<MergePreviewDto> {
    return mergePreviewToDto(await this.decisions.previewMerge(actor, suggestionId));
  }

  /**
   * Merges role B into role A: A gets the entitlements and members of B, and B is removed. All or nothing, and only when
   * it changes what the preview showed. An imported role stays one: the next import of roles sets it as its files say.
   */
  @Post('consolidation-suggestions/:suggestion_id/merge')
  @HttpCode(200)
  @Audited('consolidation_suggestion.merge', 'suggestion_id')
  @ApiProblem(404, 'There is no such suggestion in the tenant.')
  @ApiProblem(
    409,
    'The suggestion is not pending, one of the roles has gone, the impact is no longer the one that was shown ' +
      '(`impact_hash` is the present one), or a separation-of-duties rule would be violated (`sod_violations`).',
  )
  async merge(
    @CurrentActor() actor: Actor,
    @UuidParam('suggestion_id') suggestionId: string,
    @Body() body: MergeRolesDto,
  ): Promise<ConsolidationSuggestionDto> {
    const request = { impactHash: body.impact_hash, overrideReason: body.override_reason };
    return suggestionToDto(await this.decisions.merge(actor, suggestionId, request));
  }
}
