import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { IdPageDto, type Page, PageDto, pageOf } from '../../common/paging/page.dto.js';
import { PageQuery } from '../../common/paging/page.query.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { PROMOTION_STATUSES } from './candidate.entity.js';
import { candidateToDto } from './candidate.mapper.js';
import { CandidatesService } from './candidates.service.js';
import { RoleCandidateDto } from './dto/candidate.dto.js';
import { ListCandidatesQuery } from './dto/list-candidates.query.js';

@AdminOnly()
@ApiTags('Role candidates')
@Controller('governance/role-mining')
export class CandidatesController {
  constructor(private readonly candidates: CandidatesService) {}

  /** Lists the role candidates of a job, best first: highest confidence score, then most members. */
  @Get('jobs/:job_id/candidates')
  @ApiOkResponse({ type: PageDto(RoleCandidateDto) })
  @ApiProblem(404, 'There is no such job in the tenant.')
  async list(
    @CurrentActor() actor: Actor,
    @UuidParam('job_id') jobId: string,
    @Query() query: ListCandidatesQuery,
  ): Promise<Page<RoleCandidateDto>> {
    const filter = {
      promotionStatuses: PROMOTION_STATUSES.filter((status) =>
        [query.promotion_status, query.status].every((wanted) => wanted === undefined || wanted === status),
      ),
      minConfidence: query.min_confidence,
      minMembers: query.min_members,
    };
    const { items, total } = await this.candidates.listCandidates(actor, jobId, filter, query);
    return pageOf(
      items.map(({ candidate, userIds }) => candidateToDto(candidate, userIds)),
      total,
      query,
    );
  }

  /** Reads one role candidate. */
  @Get('candidates/:candidate_id')
  @ApiProblem(404, 'There is no such candidate in the tenant.')
  async get(@CurrentActor() actor: Actor, @UuidParam('candidate_id') candidateId: string): Promise<RoleCandidateDto> {
    const { candidate, userIds } = await this.candidates.getCandidate(actor, candidateId);
    return candidateToDto(candidate, userIds);
  }

  /** Lists the ids of all members of a candidate, sorted. */
  @Get('candidates/:candidate_id/members')
  @ApiOkResponse({ type: IdPageDto })
  @ApiProblem(404, 'There is no such candidate in the tenant.')
  async listMembers(
    @CurrentActor() actor: Actor,
    @UuidParam('candidate_id') candidateId: string,
    @Query() query: PageQuery,
  ): Promise<Page<string>> {
    const { items, total } = await this.candidates.listMembers(actor, candidateId, query);
    return pageOf(items, total, query);
  }
}
