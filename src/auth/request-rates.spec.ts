import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Config } from '../config/config.js';
import type { Actor } from './actor.js';
import { RequestRates } from './request-rates.js';

const rates = (perActor: number, perTenant: number, refusedPerAddress = 0): RequestRates =>
  new RequestRates({ rates: { perActor, perTenant, refusedPerAddress } } as Config);
const actor = (userId: string, tenantId = 't1'): Actor => ({ userId, tenantId, roles: [], expiresAt: 0 });

describe('RequestRates', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('says what is left of both quotas after every request', async () => {
    const counted = rates(2, 3);
    expect(await counted.take(actor('u1'))).toEqual([
      { name: 'actor', quota: 2, remaining: 1, resetSeconds: 60, isExceeded: false },
      { name: 'tenant', quota: 3, remaining: 2, resetSeconds: 60, isExceeded: false },
    ]);
    jest.advanceTimersByTime(9_500);
    expect(await counted.take(actor('u1'))).toEqual([
      { name: 'actor', quota: 2, remaining: 0, resetSeconds: 51, isExceeded: false },
      { name: 'tenant', quota: 3, remaining: 1, resetSeconds: 51, isExceeded: false },
    ]);
  });

  it('takes what is refused to one user from nobody else', async () => {
    const counted = rates(1, 2);
    await counted.take(actor('u1'));
    expect(await counted.take(actor('u1'))).toEqual([
      { name: 'actor', quota: 1, remaining: 0, resetSeconds: 60, isExceeded: true },
    ]);
    expect((await counted.take(actor('u2'))).map(({ isExceeded }) => isExceeded)).toEqual([false, false]);
    expect((await counted.take(actor('u3'))).map(({ isExceeded }) => isExceeded)).toEqual([false, true]);
  });

  it('counts tenants apart, also where users have the same id', async () => {
    const counted = rates(1, 1);
    for (const tenant of ['t1', 't2']) {
      expect((await counted.take(actor('u', tenant))).some(({ isExceeded }) => isExceeded)).toBe(false);
    }
  });

  it('gives the whole quota back after a minute', async () => {
    const counted = rates(1, 0);
    await counted.take(actor('u1'));
    jest.advanceTimersByTime(59_999);
    expect(await counted.take(actor('u1'))).toMatchObject([{ isExceeded: true, resetSeconds: 1 }]);
    jest.advanceTimersByTime(1);
    expect(await counted.take(actor('u1'))).toMatchObject([{ isExceeded: false, resetSeconds: 60 }]);
  });

  it('counts nothing where there is no limit', async () => {
    expect(await rates(0, 0).take(actor('u1'))).toEqual([]);
    expect(await rates(5, 0).take(actor('u1'))).toMatchObject([{ name: 'actor' }]);
    expect(await rates(0, 5).take(actor('u1'))).toMatchObject([{ name: 'tenant' }]);
  });

  it('counts failed authentications by address, and nothing else with them', async () => {
    const counted = rates(1, 1, 2);
    const standing = { name: 'address', quota: 2, resetSeconds: 60 };
    expect(await counted.takeRefusal('192.0.2.1')).toEqual([{ ...standing, remaining: 1, isExceeded: false }]);
    expect(await counted.takeRefusal('192.0.2.1')).toEqual([{ ...standing, remaining: 0, isExceeded: false }]);
    expect(await counted.takeRefusal('192.0.2.1')).toEqual([{ ...standing, remaining: 0, isExceeded: true }]);
    expect(await counted.takeRefusal('192.0.2.2')).toMatchObject([{ isExceeded: false }]);
    expect(await counted.take(actor('u1'))).toMatchObject([{ isExceeded: false }, { isExceeded: false }]);
    expect(await rates(1, 1).takeRefusal('192.0.2.1')).toEqual([]);
  });

  it('tells its policy', () => {
    expect(rates(6000, 30000).policy).toBe('"actor";q=6000;w=60, "tenant";q=30000;w=60');
    expect(rates(0, 7).policy).toBe('"tenant";q=7;w=60');
    expect(rates(0, 0, 600).policy).toBe('');
    expect(rates(1, 1, 600).refusalPolicy).toBe('"address";q=600;w=60');
    expect(rates(1, 1).refusalPolicy).toBe('');
  });

  it('takes no other fault for too many requests', async () => {
    const broken = jest.spyOn(RateLimiterMemory.prototype, 'consume').mockRejectedValue(new Error('broken'));
    await expect(rates(1, 1).take(actor('u1'))).rejects.toThrow('broken');
    broken.mockRestore();
  });
});
