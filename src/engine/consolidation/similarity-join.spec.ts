import { describe, expect, it, jest } from '@jest/globals';
import { RankedSets } from './ranked-sets.js';
import { joinSimilarSets } from './similarity-join.js';
import { StrongestPairs } from './strongest-pairs.js';

/** What a join at 50% does with two sets whose elements are the rarer the lower they are. */
function joinOf(first: number[], second: number[]): { signatures: number; merges: number; overlaps: number[] } {
  // Sets of one element make the high ones common, and are too small to be compared with the two.
  const singles = Array.from({ length: 30 }, (_, element) => Array<number[]>(3 * element).fill([element])).flat();
  const sets = [...singles, first, second];
  const offsets = new Int32Array(sets.length + 1);
  sets.forEach((set, position) => (offsets[position + 1] = offsets[position] + set.length));
  const ranked = new RankedSets({ offsets, values: Int32Array.from(sets.flat()) });
  const signatures = jest.spyOn(ranked, 'mayDifferByAtMost');
  const merges = jest.spyOn(ranked, 'sharedAtLeast');
  const pairs = new StrongestPairs(50, 1e5);

  joinSimilarSets(ranked, pairs);

  const areTheTwo = ([, a, b]: [number, number, number]): boolean => a >= singles.length || b >= singles.length;
  return {
    signatures: signatures.mock.calls.filter(areTheTwo).length,
    merges: merges.mock.calls.filter(areTheTwo).length,
    overlaps: pairs
      .finish()
      .pairs.filter(({ a }) => a >= singles.length)
      .map(({ overlapPercent }) => overlapPercent),
  };
}

describe('joinSimilarSets', () => {
  it('compares two sets that may be similar once', () => {
    expect(joinOf([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 9, 10])).toEqual({
      signatures: 1,
      merges: 1,
      overlaps: [60],
    });
  });

  it('merges none whose signatures differ too much', () => {
    expect(joinOf([1, 10, 11, 12, 13, 14, 15, 16], [1, 20, 21, 22, 23, 24, 25, 26])).toEqual({
      signatures: 1,
      merges: 0,
      overlaps: [],
    });
  });

  it('looks at none with too little behind the first shared element, in the one or the other', () => {
    const nothing = { signatures: 0, merges: 0, overlaps: [] };
    // Six of eight would have to be shared: the second one has five from 4 on.
    expect(joinOf([4, 10, 11, 12, 13, 14, 15, 16], [1, 2, 3, 4, 20, 21, 22, 23])).toEqual(nothing);
    // All four would have to be shared: the first one has three from 2 on.
    expect(joinOf([1, 2, 3, 4], [2, 5, 6, 7, 8, 9, 10, 11])).toEqual(nothing);
  });
});
