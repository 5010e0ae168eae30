import { Body, Controller, Get, HttpCode, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Audited } from '../../audit/audited.decorator.js';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { mapSource } from '../../common/paging/list-source.js';
import { IdPageDto, type Page, PageDto, pageOf } from '../../common/paging/page.dto.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { ApiExportable } from '../../exports/api-exportable.decorator.js';
import { ExportQuery } from '../../exports/export.query.js';
import { type ExportRequest, RequestedExport } from '../../exports/export-request.js';
import { Exports } from '../../exports/exports.js';
import { CandidateDecisionsService } from './candidate-decisions.service.js';
import { CANDIDATE_CSV } from './candidate.csv.js';
import { candidateToDto, membershipToDto, promotionToDto } from './candidate.mapper.js';
import { CandidateMembersService } from './candidate-members.service.js';
import { type CandidateFilter, CandidatesService } from './candidates.service.js';
import { RoleCandidateDto } from './dto/candidate.dto.js';
import { CandidateMemberDto } from './dto/candidate-member.dto.js';
import { DismissCandidateDto, PromoteCandidateDto } from './dto/decide-candidate.dto.js';
import { ListCandidatesQuery } from './dto/list-candidates.query.js';
import { PromotedCandidateDto } from './dto/promoted-candidate.dto.js';
import { MEMBERSHIP_CSV } from './membership.csv.js';
import { PROMOTION_STATUSES } from './promotion-status.js';

@AdminOnly()
@ApiTags('Role candidates')
@Controller('governance/role-mining')
export class CandidatesController {
  constructor(
    private readonly candidates: CandidatesService,
    private readonly decisions: CandidateDecisionsService,
    private readonly members: CandidateMembersService,
    private readonly exports: Exports,
  ) {}

  /** Lists the role candidates of a job, best first: highest confidence score, then most members. */
  @Get('jobs/:job_id/candidates')
  @ApiExportable(PageDto(RoleCandidateDto), RoleCandidateDto)
  @ApiProblem(404, 'There is no such job in the tenant.')
  async list(
    @CurrentActor() actor: Actor,
    @UuidParam('job_id') jobId: string,
    @Query() query: ListCandidatesQuery,
    @RequestedExport() request: ExportRequest | null,
  ): Promise<Page<RoleCandidateDto> | StreamableFile> {
    const filter = filterOf(query);
    if (request !== null) {
      const candidates = this.candidates.allCandidates(actor, jobId, filter);
      const source = mapSource(candidates, (views) => views.map(candidateToDto));
      const of = { action: 'job.export', objectId: jobId, query } as const;
      return this.exports.open(actor, request, { list: 'candidates', ...of, source, csv: CANDIDATE_CSV });
    }
    const { items, total } = await this.candidates.listCandidates(actor, jobId, filter, query);
    return pageOf(items.map(candidateToDto), total, query);
  }

  /** Reads one role candidate. */
  @Get('candidates/:candidate_id')
  @ApiProblem(404, 'There is no such candidate in the tenant.')
  async get(@CurrentActor() actor: Actor, @UuidParam('candidate_id') candidateId: string): Promise<RoleCandidateDto> {
    return candidateToDto(await this.candidates.getCandidate(actor, candidateId));
  }

  /**
   * Lists who would hold which of a job's candidates, in the order of the candidates and sorted by user. Exported, it is
   * what a spreadsheet or another system needs to work with the whole proposal.
   */
  @Get('jobs/:job_id/candidate-members')
  @ApiExportable(PageDto(CandidateMemberDto), CandidateMemberDto)
  @ApiProblem(404, 'There is no such job in the tenant.')
  async listMembersOfJob(
    @CurrentActor() actor: Actor,
    @UuidParam('job_id') jobId: string,
    @Query() query: ListCandidatesQuery,
    @RequestedExport() request: ExportRequest | null,
  ): Promise<Page<CandidateMemberDto> | StreamableFile> {
    const memberships = this.members.ofJob(actor, jobId, filterOf(query));
    if (request !== null) {
      const source = mapSource(memberships, (items) => items.map(membershipToDto));
      const of = { action: 'job.export', objectId: jobId, query } as const;
      return this.exports.open(actor, request, { list: 'candidate-members', ...of, source, csv: MEMBERSHIP_CSV });
    }
    const { items, total } = await this.members.listOf(actor, memberships, query);
    return pageOf(items.map(membershipToDto), total, query);
  }

  /** Lists the ids of all members of a candidate, sorted; exported, with more than the id. */
  @Get('candidates/:candidate_id/members')
  @ApiExportable(IdPageDto, CandidateMemberDto)
  @ApiProblem(404, 'There is no such candidate in the tenant.')
  async listMembers(
    @CurrentActor() actor: Actor,
    @UuidParam('candidate_id') candidateId: string,
    @Query() query: ExportQuery,
    @RequestedExport() request: ExportRequest | null,
  ): Promise<Page<string> | StreamableFile> {
    if (request !== null) {
      const source = mapSource(this.members.ofCandidate(actor, candidateId), (items) => items.map(membershipToDto));
      const of = { action: 'candidate.export', objectId: candidateId, query } as const;
      return this.exports.open(actor, request, { list: 'candidate-members', ...of, source, csv: MEMBERSHIP_CSV });
    }
    const { items, total } = await this.candidates.listMembers(actor, candidateId, query);
    return pageOf(items, total, query);
  }

  /**
   * Makes a governance role of a pending candidate. With `assign_members` the members get the role, and with
   * `remove_direct` they lose the direct assignments that it makes redundant; nobody's effective access is changed by
   * either, which is checked in the same transaction. Of simultaneous promotions one makes the role.
   */
  @Post('candidates/:candidate_id/promote')
  @HttpCode(200)
  @Audited('candidate.promote', 'candidate_id')
  @ApiProblem(404, 'There is no such candidate in the tenant.')
  @ApiProblem(
    409,
    'The candidate is not pending, the role name is taken, an entitlement has gone, or a separation-of-duties rule ' +
      'would be violated (`sod_violations` lists them).',
  )
  async promote(
    @CurrentActor() actor: Actor,
    @UuidParam('candidate_id') candidateId: string,
    @Body() body: PromoteCandidateDto,
  ): Promise<PromotedCandidateDto> {
    const { promotion, ...view } = await this.decisions.promote(actor, candidateId, {
      roleName: body.role_name,
      description: body.description,
      assignMembers: body.assign_members ?? false,
      removeDirect: body.remove_direct ?? false,
      overrideReason: body.override_reason,
    });
    return { ...candidateToDto(view), promotion: promotionToDto(promotion) };
  }

  /** Dismisses a pending candidate. A later run that proposes the same entitlements says that this was decided. */
  @Post('candidates/:candidate_id/dismiss')
  @HttpCode(200)
  @Audited('candidate.dismiss', 'candidate_id')
  @ApiProblem(404, 'There is no such candidate in the tenant.')
  @ApiProblem(409, 'The candidate is not pending.')
  async dismiss(
    @CurrentActor() actor: Actor,
    @UuidParam('candidate_id') candidateId: string,
    @Body() body: DismissCandidateDto,
  ): Promise<RoleCandidateDto> {
    return candidateToDto(await this.decisions.dismiss(actor, candidateId, body.reason ?? null));
  }
}

function filterOf(query: ListCandidatesQuery): CandidateFilter {
  const wanted = [query.promotion_status, query.status].filter((status) => status !== undefined);
  return {
    // None at all, rather than every status: the total is counted from the index alone then (41 pages instead of 3,040).
    promotionStatuses:
      wanted.length === 0 ? undefined : PROMOTION_STATUSES.filter((status) => wanted.every((one) => one === status)),
    minConfidence: query.min_confidence,
    minMembers: query.min_members,
  };
}
