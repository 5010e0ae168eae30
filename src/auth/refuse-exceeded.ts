import type { FastifyReply } from 'fastify';
import { DomainError } from '../common/errors/domain.error.js';
import type { RateStanding } from './request-rates.js';

const WHAT = {
  actor: 'requests of this user',
  tenant: 'requests of this tenant',
  address: 'failed authentications from this address',
} as const;

/**
 * Tells what is left of the quotas.
 *
 * @throws DomainError too_many_requests when one is exceeded
 */
export function refuseExceeded(reply: FastifyReply, policy: string, standings: readonly RateStanding[]): void {
  if (standings.length === 0) return;
  void reply.headers({
    'RateLimit-Policy': policy,
    RateLimit: standings
      .map(({ name, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${resetSeconds}`)
      .join(', '),
  });
  const exceeded = standings.find(({ isExceeded }) => isExceeded);
  if (exceeded === undefined) return;
  const { name, quota, resetSeconds } = exceeded;
  void reply.header('Retry-After', resetSeconds);
  throw new DomainError(
    'too_many_requests',
    `There were more than ${quota} ${WHAT[name]} within a minute, try again in ${resetSeconds} s`,
  );
}
