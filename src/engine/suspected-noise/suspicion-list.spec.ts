import { describe, expect, it } from '@jest/globals';
import { SuspicionList } from './suspicion-list.js';

function listOf(logOdds: readonly number[]): SuspicionList {
  const list = new SuspicionList();
  logOdds.forEach((value, user) => list.add(user, 0, value));
  return list;
}

describe('SuspicionList', () => {
  it('scores by the improbability of no mistake, for odds of any size', () => {
    const { users, scores } = listOf([Math.log(9), 5_000, 0]).surest(10);
    expect([...users]).toEqual([1, 0, 2]);
    expect(scores[0]).toBe(5_000);
    expect(scores[1]).toBeCloseTo(Math.log(10), 12);
    expect(scores[2]).toBeCloseTo(Math.log(2), 12);
  });

  it('lists what is more probably a mistake than not, whatever is expected of the list', () => {
    expect([...listOf([0.1, 0.2, 0]).surest(10).users]).toEqual([1, 0, 2]);
  });

  it('goes on with improbable ones while six in a hundred at most are expected to be wrong', () => {
    const list = listOf([...Array<number>(95).fill(50), ...Array<number>(20).fill(-50)]);
    // 95 right and 6 wrong are 5.9% wrong, 95 and 7 are 6.9%.
    expect(list.surest(1_000).users).toHaveLength(101);
    expect(list.surest(1_000).truncated).toBe(false);
    expect(list.surest(101).truncated).toBe(false);
    expect(list.surest(100).truncated).toBe(true);
    expect(listOf([-1, -2]).surest(10).users).toHaveLength(0);
  });

  it('lists equally sure ones by user, then entitlement', () => {
    const list = new SuspicionList();
    for (const [user, entitlement] of [
      [2, 1],
      [1, 5],
      [3, 0],
      [1, 2],
    ]) {
      list.add(user, entitlement, 3);
    }
    const { users, entitlements } = list.surest(10);
    expect([...users]).toEqual([1, 1, 2, 3]);
    expect([...entitlements]).toEqual([2, 5, 1, 0]);
  });
});
