import { describe, expect, it } from '@jest/globals';
import { complexityChanges } from './complexity-changes.js';

function role(own: number[], inherited: number[], juniors: number[], users: number[]) {
  return {
    entitlements: Int32Array.from([...own, ...inherited]),
    ownEntitlements: Int32Array.from(own),
    juniors: Int32Array.from(juniors),
    users: Int32Array.from(users),
  };
}

describe('complexityChanges', () => {
  it('counts what users would need one by one without a role', () => {
    expect([...complexityChanges([role([0, 1], [], [], [0, 1, 2]), role([1, 2], [], [], [2])])]).toEqual([
      // Costs 1 + 3 + 2; users 0 and 1 would need both of it, user 2 has entitlement 1 by the other role.
      6 - 5,
      4 - 1,
    ]);
  });

  it('counts what seniors would need, and the juniors that holders would be given instead', () => {
    const junior = role([0, 1, 2], [], [], []);
    const seniors = [role([3], [0, 1, 2], [0], [0]), role([4], [0, 1, 2], [0], [1])];

    expect([...complexityChanges([junior, ...seniors])]).toEqual([
      // Costs 1 + 3 and two inheritances; both seniors would have three more of their own.
      6 - 6,
      // Costs 1 + 1 + 1 and one inheritance; its user would be given the junior and one entitlement.
      4 - 2,
      4 - 2,
    ]);
  });
});
