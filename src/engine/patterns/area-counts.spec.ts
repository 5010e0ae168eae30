import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AreaExchange, bucketOf, leastArea } from './area-counts.js';

describe('buckets of areas', () => {
  it('ascend, and begin with areas of their own', () => {
    let last = -1;
    for (let area = 1; area < 5000; area++) {
      const bucket = bucketOf(area);
      expect(bucket).toBeGreaterThanOrEqual(last);
      if (bucket > last) expect(leastArea(bucket)).toBe(area);
      last = bucket;
    }
  });

  it('lose at most a 64th of an area', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (area) => {
        const least = leastArea(bucketOf(area));
        expect(least).toBeLessThanOrEqual(area);
        expect(least).toBeGreaterThan((area * 64) / 65 - 1);
        expect(bucketOf(least)).toBe(bucketOf(area));
      }),
    );
  });
});

describe('AreaExchange', () => {
  it('tells each thread what all have found, once', () => {
    const shared = new Int32Array([0, 5, 0]);
    const [first, second] = [new AreaExchange(shared), new AreaExchange(shared)];
    const all = new Int32Array(3);

    first.exchange(Int32Array.of(1, 2, 0), all, 0);
    second.exchange(Int32Array.of(0, 0, 4), all, 0);
    first.exchange(Int32Array.of(1, 3, 0), all, 0);

    expect([...all]).toEqual([1, 8, 4]);
  });

  it('takes back what a thread has added when it begins again', () => {
    const shared = new Int32Array([0, 5, 0]);
    const exchange = new AreaExchange(shared);
    exchange.exchange(Int32Array.of(1, 2, 3), new Int32Array(3), 0);

    exchange.takeBack();
    exchange.takeBack();

    expect([...shared]).toEqual([0, 5, 0]);
  });
});
