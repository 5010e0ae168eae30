import { describe, expect, it } from '@jest/globals';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { RateStanding, RequestRates } from './request-rates.js';
import { RequestRateGuard } from './request-rate.guard.js';

const user = { userId: 'u', tenantId: 't', roles: [], expiresAt: 0 };

/** What the guard decides, and the headers that it sets. */
async function answerTo(standings: RateStanding[]): Promise<{ verdict: unknown; headers: Record<string, unknown> }> {
  const asked: unknown[] = [];
  const take: RequestRates['take'] = (actor) => Promise.resolve((asked.push(actor), standings));
  const headers: Record<string, unknown> = {};
  const reply = {
    headers: (set: object) => Object.assign(headers, set),
    header: (name: string, value: unknown) => Object.assign(headers, { [name]: value }),
  };
  const guard = new RequestRateGuard({ policy: 'the policy', take } as RequestRates);
  const verdict = await guard
    .canActivate(new ExecutionContextHost([{ user }, reply]))
    .catch(({ code, message }: { code: string; message: string }) => `${code}: ${message}`);
  expect(asked).toEqual([user]);
  return { verdict, headers };
}

const ACTOR = { name: 'actor', quota: 9, remaining: 3, resetSeconds: 41, isExceeded: false } as const;
const TENANT = { name: 'tenant', quota: 90, remaining: 0, resetSeconds: 17, isExceeded: false } as const;

describe('RequestRateGuard', () => {
  it('lets everybody in where there is no limit, and says nothing of one', async () => {
    expect(await answerTo([])).toEqual({ verdict: true, headers: {} });
  });

  it('lets a caller in and tells what is left', async () => {
    expect(await answerTo([ACTOR, TENANT])).toEqual({
      verdict: true,
      headers: { 'RateLimit-Policy': 'the policy', RateLimit: '"actor";r=3;t=41, "tenant";r=0;t=17' },
    });
  });

  it.each([
    [[{ ...ACTOR, isExceeded: true }], '9 requests of this user', 41],
    [[ACTOR, { ...TENANT, isExceeded: true }], '90 requests of this tenant', 17],
  ])('refuses too many requests and says when to come back (%#)', async (standings, what, seconds) => {
    const { verdict, headers } = await answerTo(standings);
    expect(verdict).toBe(`too_many_requests: There were more than ${what} within a minute, try again in ${seconds} s`);
    expect(headers).toMatchObject({ 'RateLimit-Policy': 'the policy', 'Retry-After': seconds });
  });
});
