import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { type Page, PageDto, pageOf } from '../../common/paging/page.dto.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { ListPatternsQuery } from './dto/list-patterns.query.js';
import { AccessPatternDto } from './dto/pattern.dto.js';
import { patternToDto } from './pattern.mapper.js';
import { PatternsService } from './patterns.service.js';

@AdminOnly()
@ApiTags('Access patterns')
@Controller('governance/role-mining')
export class PatternsController {
  constructor(private readonly patterns: PatternsService) {}

  /** Lists the access patterns of a job, largest first: users × entitlements. */
  @Get('jobs/:job_id/patterns')
  @ApiOkResponse({ type: PageDto(AccessPatternDto) })
  @ApiProblem(404, 'There is no such job in the tenant.')
  async list(
    @CurrentActor() actor: Actor,
    @UuidParam('job_id') jobId: string,
    @Query() query: ListPatternsQuery,
  ): Promise<Page<AccessPatternDto>> {
    const filter = { minFrequency: query.min_frequency };
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
