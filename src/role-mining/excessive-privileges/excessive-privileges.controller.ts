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
import { ExcessivePrivilegeDto } from './dto/excessive-privilege.dto.js';
import { ListExcessivePrivilegesQuery } from './dto/list-excessive-privileges.query.js';
import { ReviewExcessivePrivilegeDto } from './dto/review-excessive-privilege.dto.js';
import { FLAG_CSV } from './excessive-privilege.csv.js';
import { excessivePrivilegeToDto } from './excessive-privilege.mapper.js';
import { ExcessivePrivilegesService } from './excessive-privileges.service.js';

@AdminOnly()
@ApiTags('Excessive privileges')
@Controller('governance/role-mining')
export class ExcessivePrivilegesController {
  constructor(
    private readonly privileges: ExcessivePrivilegesService,
    private readonly exports: Exports,
  ) {}

  /** Lists the users of a job's snapshot who hold more than their peers, largest deviation first. */
  @Get('jobs/:job_id/excessive-privileges')
  @ApiExportable(PageDto(ExcessivePrivilegeDto), ExcessivePrivilegeDto)
  @ApiProblem(404, 'There is no such job in the tenant.')
  async list(
    @CurrentActor() actor: Actor,
    @UuidParam('job_id') jobId: string,
    @Query() query: ListExcessivePrivilegesQuery,
    @RequestedExport() request: ExportRequest | null,
  ): Promise<Page<ExcessivePrivilegeDto> | StreamableFile> {
    const filter = { status: query.status, userId: query.user_id };
    if (request !== null) {
      const flags = this.privileges.allFlags(actor, jobId, filter);
      const source = mapSource(flags, (items) => items.map(excessivePrivilegeToDto));
      const of = { action: 'job.export', objectId: jobId, query } as const;
      return this.exports.open(actor, request, { list: 'excessive-privileges', ...of, source, csv: FLAG_CSV });
    }
    const { items, total } = await this.privileges.listFlags(actor, jobId, filter, query);
    return pageOf(items.map(excessivePrivilegeToDto), total, query);
  }

  /** Reads one excessive privilege. */
  @Get('excessive-privileges/:flag_id')
  @ApiProblem(404, 'There is no such flag in the tenant.')
  async get(@CurrentActor() actor: Actor, @UuidParam('flag_id') flagId: string): Promise<ExcessivePrivilegeDto> {
    return excessivePrivilegeToDto(await this.privileges.getFlag(actor, flagId));
  }

  /** Records the decision about a pending flag. `remediate` removes nothing by itself. */
  @Post('excessive-privileges/:flag_id/review')
  @HttpCode(200)
  @Audited('excessive_privilege.review', 'flag_id')
  @ApiProblem(404, 'There is no such flag in the tenant.')
  @ApiProblem(409, 'The flag has been reviewed.')
  async review(
    @CurrentActor() actor: Actor,
    @UuidParam('flag_id') flagId: string,
    @Body() body: ReviewExcessivePrivilegeDto,
  ): Promise<ExcessivePrivilegeDto> {
    const review = { action: body.action, notes: body.notes ?? null };
    return excessivePrivilegeToDto(await this.privileges.review(actor, flagId, review));
  }
}
