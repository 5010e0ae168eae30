import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { pageOf } from '../../common/paging/page.dto.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { comparisonItemToDto } from './comparison.mapper.js';
import { ComparisonService } from './comparison.service.js';
import { ComparisonDto } from './dto/comparison.dto.js';
import { ComparisonQuery } from './dto/comparison.query.js';

@AdminOnly()
@ApiTags('Mining jobs')
@Controller('governance/role-mining/jobs')
export class ComparisonController {
  constructor(private readonly comparison: ComparisonService) {}

  /**
   * Compares the candidates of a job with those of an earlier one: what appeared, changed, stayed and vanished, with what
   * was decided about it. By kind of change, then most members.
   */
  @Get(':job_id/comparison')
  @ApiProblem(404, 'One of the jobs is not in the tenant.')
  @ApiProblem(409, 'One of the jobs has not completed.')
  async compare(
    @CurrentActor() actor: Actor,
    @UuidParam('job_id') jobId: string,
    @Query() query: ComparisonQuery,
  ): Promise<ComparisonDto> {
    const filter = { change: query.change };
    const { counts, items, total } = await this.comparison.compareJobs(actor, jobId, query.with, filter, query);
    return { ...pageOf(items.map(comparisonItemToDto), total, query), counts: { ...counts } };
  }
}
