import { describe, expect, it } from '@jest/globals';
import { accessMatrixFromLists } from '../matrix/access-matrix.js';
import { marginalCoverage, orderByContribution, underCoverCurve } from './under-cover-curve.js';

const full = accessMatrixFromLists(Array<number[]>(5).fill([0, 1, 2, 3]), 4);
const role = (users: number[], entitlements: number[]): { users: Int32Array; entitlements: Int32Array } => ({
  users: Int32Array.from(users),
  entitlements: Int32Array.from(entitlements),
});
const left = role([0, 1, 2, 3], [0, 1]);
const middle = role([0, 1, 2], [1, 2]);
const right = role([0, 1, 2, 3], [2, 3]);

describe('orderByContribution', () => {
  it('puts next what covers most beyond the roles before it, ties by entitlements', () => {
    const last = role([4], [0, 1, 2, 3]);

    expect(orderByContribution(full, [middle, last, right, left])).toEqual([left, right, last, middle]);
    expect([...marginalCoverage(full, [left, right, last, middle])]).toEqual([8, 8, 4, 0]);
  });
});

describe('underCoverCurve', () => {
  it('says how many of the first roles explain so much of all assignments', () => {
    expect(underCoverCurve(full, [left, right, role([4], [0, 1, 2])])).toEqual([
      { coveragePercent: 80, roleCount: 2 },
      { coveragePercent: 90, roleCount: 3 },
      { coveragePercent: 95, roleCount: 3 },
      { coveragePercent: 99, roleCount: null },
      { coveragePercent: 100, roleCount: null },
    ]);
  });

  it('needs no role for an empty matrix', () => {
    const points = underCoverCurve(accessMatrixFromLists([], 0), []);

    expect(points.map((point) => point.roleCount)).toEqual([0, 0, 0, 0, 0]);
  });
});
