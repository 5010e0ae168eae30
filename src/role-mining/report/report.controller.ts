import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { reportContentSecurityPolicy } from '../../report/render-report.js';
import { ReportsService } from './reports.service.js';

@AdminOnly()
@ApiTags('Mining jobs')
@Controller('governance/role-mining/jobs')
export class ReportController {
  constructor(private readonly reports: ReportsService) {}

  /**
   * Writes a report about a job, for people: one HTML file that needs nothing else and asks nobody for anything. Figures, a picture
   * of who holds what ordered by the proposed roles, candidates, people above their peers, overlapping roles and suspected grants.
   * A job without results, because it waits, runs, failed or was cancelled, has a report that says so.
   */
  @Get(':job_id/report')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', reportContentSecurityPolicy)
  // Names and access of people: not for caches, nor for the address of another page.
  @Header('Cache-Control', 'no-store')
  @Header('Referrer-Policy', 'no-referrer')
  @ApiOkResponse({ description: 'The report.', content: { 'text/html': { schema: { type: 'string' } } } })
  @ApiProblem(404, 'There is no such job in the tenant.')
  async get(
    @CurrentActor() actor: Actor,
    @UuidParam('job_id') jobId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Uint8Array> {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort(new Error('The client has gone away')));
    return this.reports.writeReport(actor, jobId, gone.signal);
  }
}
