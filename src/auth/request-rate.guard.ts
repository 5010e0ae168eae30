import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actorOf } from './actor.js';
import { refuseExceeded } from './refuse-exceeded.js';
import { RequestRates } from './request-rates.js';

/** Refuses a caller with too many requests, and tells every caller what is left. Stands behind `JwtGuard`, whose caller it counts. */
@Injectable()
export class RequestRateGuard implements CanActivate {
  constructor(private readonly rates: RequestRates) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const standings = await this.rates.take(actorOf(context));
    refuseExceeded(context.switchToHttp().getResponse<FastifyReply>(), this.rates.policy, standings);
    return true;
  }
}
