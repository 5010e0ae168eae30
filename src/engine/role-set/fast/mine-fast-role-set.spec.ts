import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { confidence, NearMissCounter } from '../../confidence.js';
import { type AccessMatrix, accessMatrixFromLists } from '../../matrix/access-matrix.js';
import { SeededRandom } from '../../random.js';
import type { RoleSetOptions } from '../role-set.js';
import { type FastRoleSet, mineFastRoleSet } from './mine-fast-role-set.js';

const defaults: RoleSetOptions = {
  objective: 'wsc',
  complete: false,
  minUsers: 3,
  minEntitlements: 2,
  confidenceThreshold: 0.6,
  seed: 0,
};

/** Users who hold random unions of a few sets, with a little noise: what role mining is about, in small. */
function structuredRows(seed: number, userCount: number, entitlementCount: number, roleCount: number): number[][] {
  const random = new SeededRandom(seed);
  const subset = (share: number): number[] =>
    Array.from({ length: entitlementCount }, (_, e) => e).filter(() => random.float() < share);
  const roles = Array.from({ length: roleCount }, () => subset(0.2));
  return Array.from({ length: userCount }, () => {
    const row = new Set(roles.filter(() => random.float() < 0.3).flat());
    for (const entitlement of subset(0.03)) {
      if (!row.delete(entitlement)) row.add(entitlement);
    }
    return [...row];
  });
}

const matrices = fc
  .record({
    seed: fc.integer(),
    users: fc.integer({ min: 0, max: 60 }),
    entitlements: fc.integer({ min: 0, max: 70 }),
    roles: fc.integer({ min: 0, max: 8 }),
  })
  .map(({ seed, users, entitlements, roles }) =>
    accessMatrixFromLists(structuredRows(seed, users, entitlements, roles), entitlements),
  );

/** Covered pairs as user × entitlementCount + entitlement; fails when a role claims an assignment that does not exist. */
function coveredPairs(matrix: AccessMatrix, { roles }: FastRoleSet): Set<number> {
  const held = new Set<number>();
  for (let user = 0; user < matrix.userCount; user++) {
    const row = matrix.rowColumns.subarray(matrix.rowOffsets[user], matrix.rowOffsets[user + 1]);
    for (const entitlement of row) held.add(user * matrix.entitlementCount + entitlement);
  }
  const covered = new Set<number>();
  for (const { users, entitlements } of roles) {
    if (users.length === 0 || !ascends(users) || !ascends(entitlements)) throw new Error('a role is malformed');
    for (const user of users) {
      for (const entitlement of entitlements) covered.add(user * matrix.entitlementCount + entitlement);
    }
  }
  if (![...covered].every((pair) => held.has(pair))) throw new Error('a role grants what is not held');
  return covered;
}

const ascends = (list: Int32Array): boolean => list.every((value, at) => at === 0 || value > list[at - 1]);

function complexity(matrix: AccessMatrix, roleSet: FastRoleSet): number {
  const own = roleSet.roles.reduce((sum, { users, entitlements }) => sum + 1 + users.length + entitlements.length, 0);
  return own + matrix.assignmentCount - coveredPairs(matrix, roleSet).size;
}

describe('mineFastRoleSet', () => {
  it('gives only roles that exist, reach the thresholds and do not raise the complexity', () => {
    const thresholds = fc.record({
      minUsers: fc.integer({ min: 1, max: 5 }),
      minEntitlements: fc.integer({ min: 1, max: 4 }),
      confidenceThreshold: fc.constantFrom(0, 0.3, 0.6, 0.9, 1),
    });
    fc.assert(
      fc.property(matrices, thresholds, (matrix, limits) => {
        const result = mineFastRoleSet(matrix, { ...defaults, ...limits }, {});
        expect(complexity(matrix, result)).toBeLessThanOrEqual(matrix.assignmentCount);
        const counter = new NearMissCounter(matrix);
        for (const { entitlements } of result.roles) {
          const counts = counter.count(entitlements);
          expect(counts.members.length).toBeGreaterThanOrEqual(limits.minUsers);
          expect(entitlements.length).toBeGreaterThanOrEqual(limits.minEntitlements);
          expect(confidence(counts)).toBeGreaterThanOrEqual(limits.confidenceThreshold - 1e-9);
        }
      }),
    );
  });

  it('covers every assignment when complete, whatever the thresholds', () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const result = mineFastRoleSet(matrix, { ...defaults, complete: true, minUsers: 1000 }, {});
        expect(coveredPairs(matrix, result).size).toBe(matrix.assignmentCount);
      }),
    );
  });

  it('gives the same answer every time', () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        expect(mineFastRoleSet(matrix, defaults, {})).toEqual(mineFastRoleSet(matrix, defaults, {}));
      }),
      { numRuns: 20 },
    );
  });

  it('finds the roles of an organisation without noise', () => {
    const [everybody, sales, finance] = [
      [0, 1],
      [2, 3, 4],
      [5, 6, 7, 8],
    ];
    const rows = Array.from({ length: 40 }, (_, user) => [...everybody, ...(user < 25 ? sales : finance)]);
    const { roles, stoppedBy } = mineFastRoleSet(accessMatrixFromLists(rows, 9), defaults, {});
    expect(roles.map(({ entitlements, users }) => [[...entitlements], users.length])).toEqual([
      [[...everybody, ...sales], 25],
      [[...everybody, ...finance], 15],
    ]);
    expect(stoppedBy).toBe('converged');
  });

  it('proposes three users with the same two entitlements as a role: a tie goes to the role', () => {
    const { roles } = mineFastRoleSet(accessMatrixFromLists([[0, 1], [0, 1], [2], [0, 1]], 3), defaults, {});
    expect(roles).toEqual([{ entitlements: Int32Array.of(0, 1), users: Int32Array.of(0, 1, 3) }]);
  });

  it('handles rows longer than a machine word', () => {
    const rows = Array.from({ length: 6 }, (_, user) => Array.from({ length: 200 }, (__, e) => (e * 3 + user) % 230));
    const matrix = accessMatrixFromLists(rows, 230);
    const result = mineFastRoleSet(matrix, { ...defaults, complete: true }, {});
    expect(coveredPairs(matrix, result).size).toBe(matrix.assignmentCount);
  });

  describe('stopping', () => {
    const matrix = accessMatrixFromLists(structuredRows(5, 200, 50, 8), 50);

    it('returns a valid role set wherever it is cancelled', () => {
      let looks = 0;
      mineFastRoleSet(matrix, defaults, { isCancelled: () => ++looks < 0 });
      const total = looks;
      for (let stopAt = 1; stopAt <= total; stopAt += Math.ceil(total / 12)) {
        looks = 0;
        const result = mineFastRoleSet(matrix, defaults, { isCancelled: () => ++looks >= stopAt });
        expect(result.stoppedBy).toBe('cancelled');
        expect(looks).toBeLessThanOrEqual(stopAt + 1);
        expect(complexity(matrix, result)).toBeLessThanOrEqual(matrix.assignmentCount);
      }
    });

    it('still covers everything when cancelled at once and complete', () => {
      const result = mineFastRoleSet(matrix, { ...defaults, complete: true }, { isCancelled: () => true });
      expect(coveredPairs(matrix, result).size).toBe(matrix.assignmentCount);
    });

    it('returns the first solution with a time limit of 0 and refines it otherwise', () => {
      const first = mineFastRoleSet(matrix, { ...defaults, timeLimitSeconds: 0 }, {});
      expect(first.stoppedBy).toBe('time');
      expect(first.roles.length).toBeGreaterThan(0);
      expect(complexity(matrix, mineFastRoleSet(matrix, defaults, {}))).toBeLessThan(complexity(matrix, first));
    });

    it('ends in the middle of the first solution when that takes far longer than the time limit', () => {
      let clock = 0;
      const unlimited = mineFastRoleSet(matrix, { ...defaults, stepBudget: 0 }, { now: () => clock++ });
      const slowness = Math.ceil(4000 / clock);
      clock = 0;
      const timed = mineFastRoleSet(matrix, { ...defaults, timeLimitSeconds: 0.1 }, { now: () => (clock += slowness) });
      expect(timed.stoppedBy).toBe('time');
      expect(timed.steps).toBeLessThan(unlimited.steps);
      expect(complexity(matrix, timed)).toBeLessThanOrEqual(matrix.assignmentCount);
    });

    it('stops at the wall clock and at the step budget', () => {
      let clock = 0;
      const timed = mineFastRoleSet(matrix, { ...defaults, timeLimitSeconds: 1 }, { now: () => (clock += 100) });
      expect(timed.stoppedBy).toBe('time');
      expect(mineFastRoleSet(matrix, { ...defaults, stepBudget: 0 }, {}).stoppedBy).toBe('steps');
    });

    it('reports progress that only rises, to 1', () => {
      const seen: number[] = [];
      mineFastRoleSet(matrix, defaults, { onProgress: (fraction) => seen.push(fraction) });
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      expect(seen[0]).toBe(0);
      expect(seen[seen.length - 1]).toBe(1);
      expect(new Set(seen).size).toBeGreaterThan(5);
    });
  });
});
