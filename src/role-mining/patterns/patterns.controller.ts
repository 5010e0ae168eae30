import { Controller, Get, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { mapSource } from '../../common/paging/list-source.js';
import { type Page, PageDto, pageOf } from '../../common/paging/page.dto.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { ApiExportable } from '../../exports/api-exportable.decorator.js';
import { type ExportRequest, RequestedExport } from '../../exports/export-request.js';
import { Exports } from '../../exports/exports.js';
import { ListPatternsQuery } from './dto/list-patterns.query.js';
import { AccessPatternDto } from './dto/pattern.dto.js';
import { PATTERN_CSV } from './pattern.csv.js';
import { patternToDto } from './pattern.mapper.js';
import { PatternsService } from './patterns.service.js';

@AdminOnly()
@ApiTags('Access patterns')
@Controller('governance/role-mining')
export class PatternsController {
  constructor(
    private readonly patterns: PatternsService,
    private readonly exports: Exports,
  ) {}

  /** Lists the access patterns of a job, largest first: users × entitlements. */
  @Get('jobs/:job_id/patterns')
  @ApiExportable(PageDto(AccessPatternDto), AccessPatternDto)
  @ApiProblem(404, 'There is no such job in the tenant.')
  async list(
    @CurrentActor() actor: Actor,
    @UuidParam('job_id') jobId: string,
    @Query() query: ListPatternsQuery,
    @RequestedExport() request: ExportRequest | null,
  ): Promise<Page<AccessPatternDto> | StreamableFile> {
    const filter = { minFrequency: query.min_frequency };
    if (request !== null) {
      const source = mapSource(this.patterns.allPatterns(actor, jobId, filter), (items) => items.map(patternToDto));
      const of = { action: 'job.export', objectId: jobId, query } as const;
      return this.exports.open(actor, request, { list: 'patterns', ...of, source, csv: PATTERN_CSV });
    }
    const { items, total } = await this.patterns.listPatterns(actor, jobId, filter, query);
    return pageOf(items.map(patternToDto), total, query);
  }

  /** Reads one access pattern. */
  @Get('patterns/:pattern_id')
  @ApiProblem(404, 'There is no such pattern in the tenant.')
  async get(@CurrentActor() actor: Actor, @UuidParam('pattern_id') patternId: string): Promise<AccessPatternDto> {
    return patternToDto(await this.patterns.getPattern(actor, patternId));
  }
}
