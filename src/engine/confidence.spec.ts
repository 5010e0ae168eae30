import { describe, expect, it } from '@jest/globals';
import { confidence, nearMissCounts } from './confidence.js';
import { accessMatrixFromLists } from './matrix/access-matrix.js';

const matrix = accessMatrixFromLists([[0, 1, 2], [0, 1, 2, 3], [0, 1], [0, 2], [0, 1], [0], [3], []], 4);

describe('nearMissCounts', () => {
  it('counts members and, per entitlement, the users who lack only that one', () => {
    expect(nearMissCounts(matrix, Int32Array.of(2, 0, 1))).toEqual({
      members: 2,
      lackingOne: Int32Array.of(2, 0, 1),
      lackingTwo: 1,
    });
  });

  it('counts users who hold nothing as lacking the only entitlement, or both of two', () => {
    expect(nearMissCounts(matrix, Int32Array.of(0))).toEqual({
      members: 6,
      lackingOne: Int32Array.of(2),
      lackingTwo: 0,
    });
    expect(nearMissCounts(matrix, Int32Array.of(0, 1)).lackingTwo).toBe(2);
  });
});

describe('confidence', () => {
  it('is the share of members among those who hold all but the weakest entitlement', () => {
    expect(confidence(nearMissCounts(matrix, Int32Array.of(0, 1, 2)))).toBe(2 / 4);
  });

  it('is the share of all users for one entitlement', () => {
    expect(confidence(nearMissCounts(matrix, Int32Array.of(3)))).toBe(2 / 8);
  });

  it('is 0 for a set that nobody holds', () => {
    expect(confidence(nearMissCounts(matrix, Int32Array.of(1, 2, 3)))).toBe(1 / 2);
    expect(confidence(nearMissCounts(accessMatrixFromLists([[0], [1]], 2), Int32Array.of(0, 1)))).toBe(0);
  });
});
