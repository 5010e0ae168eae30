import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Config } from '../config/config.js';
import type { Actor } from './actor.js';

const WINDOW_SECONDS = 60;

/** What is left of a quota after a request. */
export interface RateStanding {
  readonly name: 'actor' | 'tenant';
  readonly quota: number;
  /** 0 for the last request that is let through, and for those that are not. */
  readonly remaining: number;
  /** Until the quota is full again. */
  readonly resetSeconds: number;
  readonly isExceeded: boolean;
}

interface Quota {
  readonly name: RateStanding['name'];
  readonly limiter: RateLimiterMemory;
  readonly keyOf: (actor: Actor) => string;
}

/**
 * How many requests a user and a tenant have made in the current minute of theirs. Counted in this process: with a
 * gateway that spreads requests over n processes the limits are n times as high, and no request pays a round trip.
 */
@Injectable()
export class RequestRates {
  /** The user's first: what is refused to one user is not taken from the tenant's others. */
  private readonly quotas: readonly Quota[];

  constructor(config: Config) {
    const { perActor, perTenant } = config.rates;
    this.quotas = [
      ...quota('actor', perActor, ({ tenantId, userId }) => `${tenantId}/${userId}`),
      ...quota('tenant', perTenant, ({ tenantId }) => tenantId),
    ];
  }

  /** `RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers-10; empty without limits. */
  get policy(): string {
    return this.quotas.map(({ name, limiter }) => `"${name}";q=${limiter.points};w=${WINDOW_SECONDS}`).join(', ');
  }

  /** Counts a request, up to the first quota that it exceeds, and says how each one counted stands. */
  async take(actor: Actor): Promise<RateStanding[]> {
    const standings: RateStanding[] = [];
    for (const { name, limiter, keyOf } of this.quotas) {
      const used = await consume(limiter, keyOf(actor));
      const isExceeded = used.consumedPoints > limiter.points;
      standings.push({
        name,
        quota: limiter.points,
        remaining: used.remainingPoints,
        resetSeconds: Math.ceil(used.msBeforeNext / 1000),
        isExceeded,
      });
      if (isExceeded) break;
    }
    return standings;
  }
}

function quota(name: Quota['name'], points: number, keyOf: Quota['keyOf']): Quota[] {
  return points === 0 ? [] : [{ name, limiter: new RateLimiterMemory({ points, duration: WINDOW_SECONDS }), keyOf }];
}

/** The limiter rejects with the same figures when there are too many. */
async function consume(limiter: RateLimiterMemory, key: string): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key);
  } catch (figures) {
    if (figures instanceof RateLimiterRes) return figures;
    throw figures;
  }
}
