import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../common/errors/domain.error.js';
import { actorOf } from './actor.js';
import { RequestRates } from './request-rates.js';

const WHOSE = { actor: 'this user', tenant: 'this tenant' } as const;

/** Refuses a caller with too many requests, and tells every caller what is left. Stands behind `JwtGuard`, whose caller it counts. */
@Injectable()
export class RequestRateGuard implements CanActivate {
  constructor(private readonly rates: RequestRates) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const standings = await this.rates.take(actorOf(context));
    if (standings.length === 0) return true;
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    void reply.headers({
      'RateLimit-Policy': this.rates.policy,
      RateLimit: standings
        .map(({ name, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${resetSeconds}`)
        .join(', '),
    });
    const exceeded = standings.find(({ isExceeded }) => isExceeded);
    if (exceeded === undefined) return true;
    const { name, quota, resetSeconds } = exceeded;
    void reply.header('Retry-After', resetSeconds);
    throw new DomainError(
      'too_many_requests',
      `There were more than ${quota} requests of ${WHOSE[name]} within a minute, try again in ${resetSeconds} s`,
    );
  }
}
