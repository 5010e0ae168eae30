import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Config } from '../config/config.js';
import type { Actor } from './actor.js';

const WINDOW_SECONDS = 60;

/** What is left of a quota after a request. */
export interface RateStanding {
  readonly name: 'actor' | 'tenant' | 'address';
  readonly quota: number;
  /** 0 for the last request that is let through, and for those that are not. */
  readonly remaining: number;
  /** Until the quota is full again. */
  readonly resetSeconds: number;
  readonly isExceeded: boolean;
}

interface Quota<Key> {
  readonly name: RateStanding['name'];
  readonly limiter: RateLimiterMemory;
  readonly keyOf: (of: Key) => string;
}

/**
 * How many requests a user and a tenant have made in the current minute of theirs. Counted in this process: with a
 * gateway that spreads requests over n processes the limits are n times as high, and no request pays a round trip.
 */
@Injectable()
export class RequestRates {
  /** The user's first: what is refused to one user is not taken from the tenant's others. */
  private readonly quotas: readonly Quota<Actor>[];
  private readonly refusals: readonly Quota<string>[];

  constructor(config: Config) {
    const { perActor, perTenant, refusedPerAddress } = config.rates;
    this.quotas = [
      ...quota('actor', perActor, ({ tenantId, userId }: Actor) => `${tenantId}/${userId}`),
      ...quota('tenant', perTenant, ({ tenantId }: Actor) => tenantId),
    ];
    this.refusals = quota('address', refusedPerAddress, (address) => address);
  }

  /** `RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers-10; empty without limits. */
  get policy(): string {
    return policyOf(this.quotas);
  }

  get refusalPolicy(): string {
    return policyOf(this.refusals);
  }

  /** Counts a request, up to the first quota that it exceeds, and says how each one counted stands. */
  take(actor: Actor): Promise<RateStanding[]> {
    return takeFrom(this.quotas, actor);
  }

  /** The same for a caller at that address whose authentication has failed. */
  takeRefusal(address: string): Promise<RateStanding[]> {
    return takeFrom(this.refusals, address);
  }
}

async function takeFrom<Key>(quotas: readonly Quota<Key>[], of: Key): Promise<RateStanding[]> {
  const standings: RateStanding[] = [];
  for (const { name, limiter, keyOf } of quotas) {
    const used = await consume(limiter, keyOf(of));
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

function policyOf(quotas: readonly Pick<Quota<never>, 'name' | 'limiter'>[]): string {
  return quotas.map(({ name, limiter }) => `"${name}";q=${limiter.points};w=${WINDOW_SECONDS}`).join(', ');
}

function quota<Key>(name: RateStanding['name'], points: number, keyOf: (of: Key) => string): Quota<Key>[] {
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
