import { type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../auth/actor.js';
import { JwtGuard } from '../../auth/jwt.guard.js';
import { RequestRates } from '../../auth/request-rates.js';
import { EventTickets } from './event-tickets.js';

type Request = FastifyRequest<{ Querystring: { ticket?: unknown }; Params: { job_id: string } }> & { user?: Actor };

/** A one-use ticket in place of a bearer token. A token that is sent as well is what counts. */
@Injectable()
export class TicketOrTokenGuard extends JwtGuard {
  constructor(
    rates: RequestRates,
    private readonly tickets: EventTickets,
  ) {
    super(rates);
  }

  protected override async authenticate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const { ticket } = request.query;
    if (ticket === undefined || request.headers.authorization !== undefined) {
      return super.authenticate(context);
    }
    request.user = await this.tickets.redeem(typeof ticket === 'string' ? ticket : '', request.params.job_id);
    return true;
  }
}
