import { describe, expect, it } from '@jest/globals';
import { accessMatrixFromLists } from './access-matrix.js';
import { reduceMatrix } from './reduce.js';

describe('reduceMatrix', () => {
  it('merges users with the same access and entitlements with the same users, and keeps their numbers', () => {
    const reduced = reduceMatrix(accessMatrixFromLists([[0, 1], [2], [1, 0], [], [0, 1, 2]], 4));

    expect(reduced.userGroups.map((group) => [...group])).toEqual([[0, 2], [1], [4]]);
    expect(reduced.entitlementGroups.map((group) => [...group])).toEqual([[0, 1], [2]]);
    expect([...reduced.userWeights]).toEqual([2, 1, 1]);
    expect([...reduced.matrix.rowColumns]).toEqual([0, 1, 0, 1]);
  });
});
