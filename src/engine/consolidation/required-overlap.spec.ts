import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RequiredOverlap } from './required-overlap.js';

/** The smallest number from 1 that satisfies the condition. */
function firstFrom1(condition: (number: number) => boolean): number {
  let number = 1;
  while (!condition(number)) number++;
  return number;
}

const LARGEST = 40;
const threshold = fc.oneof(
  fc.constantFrom(0, 25, 50, 70, 200 / 3, 99.9, 100),
  fc.double({ min: 0, max: 100, noNaN: true }),
);

describe('RequiredOverlap', () => {
  it('is 1 as long as there is no threshold', () => {
    const required = new RequiredOverlap(2);
    expect([1, 2, 3, 4].map((sizes) => required.of(sizes))).toEqual([1, 1, 1, 1]);
    expect(required.smallestPartner(2)).toBe(1);
  });

  it('is the least number of shared elements that reaches the threshold, up to twice the largest set', () => {
    fc.assert(
      fc.property(threshold, (percent) => {
        const required = new RequiredOverlap(LARGEST);
        required.raiseTo(percent);
        for (let sizes = 1; sizes <= 2 * LARGEST; sizes++) {
          expect(required.of(sizes)).toBe(firstFrom1((shared) => (100 * shared) / (sizes - shared) >= percent));
        }
      }),
    );
  });

  it('knows the smallest set that can reach the threshold', () => {
    fc.assert(
      fc.property(threshold, fc.integer({ min: 1, max: 2000 }), (percent, size) => {
        const required = new RequiredOverlap(1);
        required.raiseTo(percent);
        expect(required.smallestPartner(size)).toBe(firstFrom1((partner) => (100 * partner) / size >= percent));
      }),
    );
  });

  it('rises and never falls', () => {
    const required = new RequiredOverlap(10);
    required.raiseTo(50);
    required.raiseTo(80);
    const at80 = required.of(20);
    expect(at80).toBe(9);
    required.raiseTo(50);
    expect([required.of(20), required.smallestPartner(10)]).toEqual([at80, 8]);
  });
});
