import { describe, expect, it } from '@jest/globals';
import { accessMatrixFromLists } from '../matrix/access-matrix.js';
import { CoveredAssignments } from './covered-assignments.js';
import { orderByContribution, underCoverCurve } from './under-cover-curve.js';

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

    const covered = new CoveredAssignments(full);

    expect(orderByContribution(covered, [middle, last, right, left])).toEqual([left, right, last, middle]);
    expect(covered.rest().directUsers).toHaveLength(0);
  });

  it('returns the first of them once it is cancelled', () => {
    const covered = new CoveredAssignments(full);
    let asked = 0;

    expect(orderByContribution(covered, [middle, right, left], { isCancelled: () => ++asked > 1 })).toEqual([left]);
    expect(covered.rest().directUsers).toHaveLength(12);
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

  it('leaves open what it has not reached when it is cancelled', () => {
    let asked = 0;
    const points = underCoverCurve(full, [left, right, middle], { isCancelled: () => ++asked > 2 });

    expect(points.map((point) => point.roleCount)).toEqual([2, null, null, null, null]);
  });

  it('needs no role for an empty matrix', () => {
    const points = underCoverCurve(accessMatrixFromLists([], 0), []);

    expect(points.map((point) => point.roleCount)).toEqual([0, 0, 0, 0, 0]);
  });
});
