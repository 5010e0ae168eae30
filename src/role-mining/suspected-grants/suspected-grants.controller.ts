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
import { ListSuspectedGrantsQuery } from './dto/list-suspected-grants.query.js';
import { SuspectedGrantDto } from './dto/suspected-grant.dto.js';
import { SUSPECTED_GRANT_CSV } from './suspected-grant.csv.js';
import { suspectedGrantToDto } from './suspected-grant.mapper.js';
import { SuspectedGrantsService } from './suspected-grants.service.js';

@AdminOnly()
@ApiTags('Suspected grants')
@Controller('governance/role-mining')
export class SuspectedGrantsController {
  constructor(
    private readonly grants: SuspectedGrantsService,
    private readonly exports: Exports,
  ) {}

  /** Lists grants that look like mistakes, surest first: at most the 5,000 surest of each kind. Nothing applies them. */
  @Get('jobs/:job_id/suspected-grants')
  @ApiExportable(PageDto(SuspectedGrantDto), SuspectedGrantDto)
  @ApiProblem(404, 'There is no such job in the tenant.')
  async list(
    @CurrentActor() actor: Actor,
    @UuidParam('job_id') jobId: string,
    @Query() query: ListSuspectedGrantsQuery,
    @RequestedExport() request: ExportRequest | null,
  ): Promise<Page<SuspectedGrantDto> | StreamableFile> {
    const filter = {
      kind: query.kind,
      userId: query.user_id,
      entitlementId: query.entitlement_id,
      minScore: query.min_score ?? 0,
    };
    if (request !== null) {
      const source = mapSource(this.grants.allGrants(actor, jobId, filter), (items) => items.map(suspectedGrantToDto));
      const of = { action: 'job.export', objectId: jobId, query } as const;
      return this.exports.open(actor, request, { list: 'suspected-grants', ...of, source, csv: SUSPECTED_GRANT_CSV });
    }
    const { items, total } = await this.grants.listGrants(actor, jobId, filter, query);
    return pageOf(items.map(suspectedGrantToDto), total, query);
  }
}
