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

  it('tells how far it is, never backwards, to the end', () => {
    const seen: number[] = [];
    const rows = Array.from({ length: 3000 }, (_, user) => Array.from({ length: 300 }, (_, k) => (user * 7 + k) % 900));

    reduceMatrix(accessMatrixFromLists(rows, 900), { onProgress: (fraction) => seen.push(fraction) });

    expect(seen.length).toBeGreaterThan(5);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
  });

  it('merges no further once it is cancelled, and still leaves nothing out', () => {
    const rows = Array.from({ length: 3000 }, () => Array.from({ length: 300 }, (_, e) => e));
    let asked = 0;
    const { matrix, userWeights, entitlementWeights } = reduceMatrix(accessMatrixFromLists(rows, 300), {
      isCancelled: () => ++asked > 2,
    });

    expect(matrix.userCount).toBeGreaterThan(1);
    expect(matrix.userCount).toBeLessThan(3000);
    expect(userWeights.reduce((sum, weight) => sum + weight)).toBe(3000);
    expect(entitlementWeights.reduce((sum, weight) => sum + weight)).toBe(300);
    expect(matrix.assignmentCount).toBe(matrix.userCount * matrix.entitlementCount);
  });
});
