import { Controller, Get, Headers, HttpCode, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator.js';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { InvalidInputError } from '../../common/errors/domain.error.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { KeepsOwnIdempotencyKey } from '../../common/http/idempotency-key.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { EventTicketDto } from './dto/event-ticket.dto.js';
import { FollowJobQuery } from './dto/follow-job.query.js';
import { JobEventDto } from './dto/job-event.dto.js';
import { EventTickets } from './event-tickets.js';
import { JobEventsService } from './job-events.service.js';
import { TicketOrTokenGuard } from './ticket-or-token.guard.js';

/**
 * nginx would hold the events back. A connection that stays open after its stream has ended would keep a process that is
 * asked to stop waiting for as long as an idle one may live.
 */
const STREAM_HEADERS = { 'Cache-Control': 'no-cache, no-transform', 'X-Accel-Buffering': 'no', Connection: 'close' };

@ApiTags('Mining jobs')
@Controller('governance/role-mining/jobs')
export class JobEventsController {
  constructor(
    private readonly events: JobEventsService,
    private readonly tickets: EventTickets,
  ) {}

  /**
   * Follows a job as server-sent events. The first event is the job as it is, then comes one for every change (some may be
   * left out, none comes late): `progress` until it ends, then `ended`, after which the stream ends; close an EventSource
   * then. It also ends when the token expires and when the process shuts down: open it again, with the last event's id as
   * `Last-Event-ID`. Comments keep the connection alive. Browsers, whose EventSource sends no bearer token, get a ticket first.
   */
  @Get(':job_id/events')
  @AdminOnly(TicketOrTokenGuard)
  @ApiExtraModels(JobEventDto)
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    schema: { type: 'string', pattern: '^\\d{1,10}$' },
    description: 'The id of the last event that the caller knows: only what is newer is sent.',
  })
  @ApiOkResponse({
    description: 'The events; `data` is a JobEvent as JSON, `id` its revision, `event` is `progress` or `ended`.',
    content: { 'text/event-stream': { schema: { type: 'string', description: 'Server-sent events.' } } },
  })
  @ApiNoContentResponse({ description: 'The job has ended, and the caller knows its last event: nothing will follow.' })
  @ApiProblem(404, 'There is no such job in the tenant.')
  @ApiProblem(429, 'This process has as many open streams as it takes.')
  async follow(
    @CurrentActor() actor: Actor,
    @UuidParam('job_id') jobId: string,
    @Query() _query: FollowJobQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const events = await this.events.follow(actor, jobId, revisionOf(lastEventId));
    if (events === null) {
      void reply.status(204);
      return undefined;
    }
    void reply.headers(STREAM_HEADERS);
    // A HEAD has no body, and Fastify would read it to its end to find that out.
    if (request.method === 'HEAD') events.push(null);
    return new StreamableFile(events, { type: 'text/event-stream' });
  }

  /**
   * Gives a ticket that opens the job's events once, within 30 seconds, on any process of the service. Every call gives
   * another one, also with an Idempotency-Key that was used before: no ticket is stored to be given again.
   */
  @Post(':job_id/events/ticket')
  @HttpCode(201)
  @AdminOnly()
  @Audited('job.follow', 'job_id')
  @KeepsOwnIdempotencyKey()
  @ApiProblem(404, 'There is no such job in the tenant.')
  async issueTicket(@CurrentActor() actor: Actor, @UuidParam('job_id') jobId: string): Promise<EventTicketDto> {
    const { ticket, expiresAt } = await this.tickets.issue(actor, jobId);
    return { ticket, expires_at: expiresAt.toISOString() };
  }
}

/** @throws InvalidInputError for an id that no event has */
function revisionOf(lastEventId: string | undefined): number {
  if (lastEventId === undefined || lastEventId === '') return 0;
  if (/^\d{1,10}$/.test(lastEventId)) return Number(lastEventId);
  const message = `Last-Event-ID must be the id of an event, got ${JSON.stringify(lastEventId.slice(0, 100))}`;
  throw new InvalidInputError([{ field: 'Last-Event-ID', message }]);
}
