import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { type Page, PageDto, pageOf } from '../../common/paging/page.dto.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { ListSuspectedGrantsQuery } from './dto/list-suspected-grants.query.js';
import { SuspectedGrantDto } from './dto/suspected-grant.dto.js';
import { suspectedGrantToDto } from './suspected-grant.mapper.js';
import { SuspectedGrantsService } from './suspected-grants.service.js';

@AdminOnly()
@ApiTags('Suspected grants')
@Controller('governance/role-mining')
export class SuspectedGrantsController {
  constructor(private readonly grants: SuspectedGrantsService) {}

  /** Lists grants that look like mistakes, surest first: at most the 5,000 surest of each kind. Nothing applies them. */
  @Get('jobs/:job_id/suspected-grants')
  @ApiOkResponse({ type: PageDto(SuspectedGrantDto) })
  @ApiProblem(404, 'There is no such job in the tenant.')
  async list(
    @CurrentActor() actor: Actor,
    @UuidParam('job_id') jobId: string,
    @Query() query: ListSuspectedGrantsQuery,
  ): Promise<Page<SuspectedGrantDto>> {
    const filter = {
      kind: query.kind,
      userId: query.user_id,
      entitlementId: query.entitlement_id,
      minScore: query.min_score ?? 0,
    };
    const { items, total } = await this.grants.listGrants(actor, jobId, filter, query);
    return pageOf(items.map(suspectedGrantToDto), total, query);
  }
}
