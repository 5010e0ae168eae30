import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Audited } from '../../audit/audited.decorator.js';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { type Page, PageDto, pageOf } from '../../common/paging/page.dto.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { CreateMiningJobDto } from './dto/create-job.dto.js';
import { MiningJobDto } from './dto/job.dto.js';
import { ListMiningJobsQuery } from './dto/list-jobs.query.js';
import { jobToDto, newJobFromDto } from './job.mapper.js';
import { JobsService } from './jobs.service.js';

@AdminOnly()
@ApiTags('Mining jobs')
@ApiExtraModels(MiningJobDto)
@Controller('governance/role-mining/jobs')
export class JobsController {
  constructor(private readonly jobs: JobsService) {}

  /** Lists the tenant's mining jobs, newest first. */
  @Get()
  @ApiOkResponse({ type: PageDto(MiningJobDto) })
  async list(@CurrentActor() actor: Actor, @Query() query: ListMiningJobsQuery): Promise<Page<MiningJobDto>> {
    const { items, total } = await this.jobs.listJobs(actor, query);
    return pageOf(items.map(jobToDto), total, query);
  }

  /** Reads one mining job. */
  @Get(':job_id')
  @ApiProblem(404, 'There is no such job in the tenant.')
  async get(@CurrentActor() actor: Actor, @UuidParam('job_id') jobId: string): Promise<MiningJobDto> {
    return jobToDto(await this.jobs.getJob(actor, jobId));
  }

  /** Creates a mining job; it waits as `pending` until it is run. */
  @Post()
  @Audited('job.create')
  async create(@CurrentActor() actor: Actor, @Body() body: CreateMiningJobDto): Promise<MiningJobDto> {
    return jobToDto(await this.jobs.createJob(actor, newJobFromDto(body)));
  }

  /** Runs a pending job. Answers at once; a worker does the work, and `progress_percent` tells how far it is. */
  @Post(':job_id/run')
  @HttpCode(200)
  @Audited('job.run', 'job_id')
  @ApiProblem(404, 'There is no such job in the tenant.')
  @ApiProblem(409, 'The job is not pending.')
  async run(@CurrentActor() actor: Actor, @UuidParam('job_id') jobId: string): Promise<MiningJobDto> {
    return jobToDto(await this.jobs.runJob(actor, jobId));
  }

  /**
   * Cancels a running job, which stays readable as `cancelled`; deletes a job that has ended, with its candidates,
   * patterns, excessive privileges and consolidation suggestions. A retry of a cancellation would delete: send an
   * Idempotency-Key, or do not retry.
   */
  @Delete(':job_id')
  @HttpCode(204)
  @Audited('job.delete', 'job_id')
  @ApiProblem(404, 'There is no such job in the tenant.')
  @ApiProblem(409, 'The job is pending, or ended while it was being cancelled.')
  async cancelOrDelete(@CurrentActor() actor: Actor, @UuidParam('job_id') jobId: string): Promise<void> {
    await this.jobs.cancelOrDeleteJob(actor, jobId);
  }
}
