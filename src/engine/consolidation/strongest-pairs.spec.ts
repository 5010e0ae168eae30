import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { StrongestPairs } from './strongest-pairs.js';

describe('StrongestPairs', () => {
  it('keeps the strongest of all that reach the threshold, ties by position, and says whether there were more', () => {
    const pair = fc.record({ a: fc.nat(5), b: fc.nat(5), overlapPercent: fc.constantFrom(10, 20, 30, 40) });
    const offered = fc.uniqueArray(pair, { selector: ({ a, b }) => `${a} ${b}`, maxLength: 36 });
    fc.assert(
      fc.property(offered, fc.constantFrom(0, 20, 25), fc.integer({ min: 1, max: 6 }), (pairs, threshold, limit) => {
        const strongest = new StrongestPairs(threshold, limit);
        for (const { a, b, overlapPercent } of pairs) strongest.offer(a, b, overlapPercent);

        const wanted = pairs
          .filter(({ overlapPercent }) => overlapPercent >= threshold)
          .sort((x, y) => y.overlapPercent - x.overlapPercent || x.a - y.a || x.b - y.b);
        expect(strongest.finish()).toEqual({ pairs: wanted.slice(0, limit), truncated: wanted.length > limit });
      }),
    );
  });

  it('raises the threshold to the last within the limit each time twice as many were taken', () => {
    const strongest = new StrongestPairs(10, 2);
    const thresholdAfter = (position: number, overlapPercent: number): number => {
      strongest.offer(position, position + 1, overlapPercent);
      return strongest.thresholdPercent;
    };

    expect([40, 30, 20].map((percent, at) => thresholdAfter(at, percent))).toEqual([10, 10, 10]);
    expect(thresholdAfter(3, 50)).toBe(40);
    // Below the threshold, and behind the last one on a tie: not taken.
    expect([thresholdAfter(4, 39), thresholdAfter(5, 40)]).toEqual([40, 40]);
    expect([thresholdAfter(6, 70), thresholdAfter(7, 60)]).toEqual([40, 60]);
    expect(strongest.finish().pairs.map(({ a }) => a)).toEqual([6, 7]);
  });
});
