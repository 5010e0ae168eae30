import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { IntegerLists } from '../organisation.js';
import { findRoleOverlaps } from './find-role-overlaps.js';
import type { RoleOverlap } from './role-overlap.js';

function lists(of: number[][]): IntegerLists {
  const offsets = new Int32Array(of.length + 1);
  of.forEach((list, index) => (offsets[index + 1] = offsets[index] + list.length));
  return { offsets, values: Int32Array.from(of.flat()) };
}

function rolesOf(
  entitlements: number[][],
  members = entitlements.map((): number[] => []),
): { entitlements: IntegerLists; members: IntegerLists } {
  return { entitlements: lists(entitlements), members: lists(members) };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function naiveOverlaps(entitlements: number[][], thresholdPercent: number): unknown[] {
  const sets = entitlements.map((role) => new Set(role));
  const pairs = entitlements.flatMap((first, i) =>
    entitlements.slice(i + 1).flatMap((second, offset) => {
      const j = i + 1 + offset;
      const [roleA, roleB] = second.length > first.length ? [j, i] : [i, j];
      const [a, b] = [entitlements[roleA], entitlements[roleB]];
      const sharedEntitlements = a.filter((entitlement) => sets[roleB].has(entitlement));
      const overlapPercent = (100 * sharedEntitlements.length) / (a.length + b.length - sharedEntitlements.length);
      if (sharedEntitlements.length === 0 || overlapPercent < thresholdPercent) return [];
      const uniqueToA = a.filter((entitlement) => !sets[roleB].has(entitlement));
      const uniqueToB = b.filter((entitlement) => !sets[roleA].has(entitlement));
      const containmentPercent = (100 * sharedEntitlements.length) / b.length;
      return [{ roleA, roleB, overlapPercent, containmentPercent, sharedEntitlements, uniqueToA, uniqueToB }];
    }),
  );
  return pairs.sort((x, y) => y.overlapPercent - x.overlapPercent || x.roleA - y.roleA || x.roleB - y.roleB);
}

function listed({ memberOverlapPercent: _, ...overlap }: RoleOverlap): unknown {
  return {
    ...overlap,
    sharedEntitlements: [...overlap.sharedEntitlements],
    uniqueToA: [...overlap.uniqueToA],
    uniqueToB: [...overlap.uniqueToB],
  };
}

describe('findRoleOverlaps', () => {
  it('describes a pair by what the roles share and what only one of them has', () => {
    const roles = rolesOf(
      [
        [1, 2, 3],
        [1, 2, 3, 5],
      ],
      [
        [0, 1],
        [1, 2, 3],
      ],
    );

    expect(findRoleOverlaps(roles, { thresholdPercent: 70, limit: 10 })).toEqual({
      overlaps: [
        {
          roleA: 1,
          roleB: 0,
          overlapPercent: 75,
          containmentPercent: 100,
          memberOverlapPercent: 25,
          sharedEntitlements: Int32Array.of(1, 2, 3),
          uniqueToA: Int32Array.of(5),
          uniqueToB: Int32Array.of(),
        },
      ],
      truncated: false,
    });
  });

  it('takes an overlap of exactly the threshold, also where the quotient is no exact double', () => {
    // 7 shared of 10; 2 of 3; 333 of 1000.
    const cases: [number, number, number][] = [
      [7, 10, 70],
      [2, 3, 200 / 3],
      [333, 1000, 33.3],
      [29, 100, 29],
      [57, 1000, 5.7],
    ];
    for (const [shared, united, thresholdPercent] of cases) {
      const roles = rolesOf([range(0, shared), range(0, united)]);
      expect(findRoleOverlaps(roles, { thresholdPercent, limit: 10 }).overlaps).toHaveLength(1);
      const justAbove = thresholdPercent * (1 + Number.EPSILON);
      expect(findRoleOverlaps(roles, { thresholdPercent: justAbove, limit: 10 }).overlaps).toHaveLength(0);
    }
  });

  it('wants at least one shared entitlement at threshold 0, and none of empty roles', () => {
    const roles = rolesOf([[0, 1], [2, 3], [], [], [1, 9]]);

    const { overlaps } = findRoleOverlaps(roles, { thresholdPercent: 0, limit: 10 });

    expect(overlaps.map(({ roleA, roleB }) => [roleA, roleB])).toEqual([[0, 4]]);
  });

  it('puts the lower position first when two roles are equally large', () => {
    const roles = rolesOf([
      [7, 8],
      [7, 8],
    ]);

    const [overlap] = findRoleOverlaps(roles, { thresholdPercent: 100, limit: 1 }).overlaps;

    expect([overlap.roleA, overlap.roleB]).toEqual([0, 1]);
  });

  it('stops when cancelled', () => {
    const roles = rolesOf([[1], [1]]);

    expect(findRoleOverlaps(roles, { thresholdPercent: 0, limit: 1 }, { isCancelled: () => true }).overlaps).toEqual(
      [],
    );
  });

  it('looks for strong overlaps first, and for weaker ones only when the limit allows', () => {
    const roles = rolesOf([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
      [0, 1, 2, 3],
      [3, 4],
    ]);
    const progressOf = (limit: number, thresholdPercent: number): number[] => {
      const progress: number[] = [];
      findRoleOverlaps(roles, { thresholdPercent, limit }, { onProgress: (fraction) => progress.push(fraction) });
      return progress;
    };

    expect(progressOf(10, 10)).toEqual([0, 1 / 4, 2 / 4, 3 / 4]);
    expect(progressOf(10, 25)).toEqual([0, 1 / 3, 2 / 3]);
    expect(progressOf(10, 80)).toEqual([0]);
    // The three equal roles make three pairs.
    expect(progressOf(2, 10)).toEqual([0]);
    expect(progressOf(3, 10)).toEqual([0, 1 / 4, 2 / 4, 3 / 4]);
  });

  it('tells its progress every 64 roles', () => {
    const progress: number[] = [];
    const roles = rolesOf(Array<number[]>(128).fill([0]));
    findRoleOverlaps(roles, { thresholdPercent: 60, limit: 1e4 }, { onProgress: (done) => progress.push(done) });
    expect(progress).toEqual([0, 1 / 4, 1 / 2, 3 / 4]);
  });

  it('measures how many members two roles have in common, none when neither has any', () => {
    const memberOverlap = (first: number[], second: number[]): number =>
      findRoleOverlaps(rolesOf([[1], [1]], [first, second]), { thresholdPercent: 50, limit: 1 }).overlaps[0]
        .memberOverlapPercent;

    expect(memberOverlap([0, 1, 2, 5], [1, 2, 3, 4, 5])).toBe(50);
    expect(memberOverlap([0], [])).toBe(0);
    expect(memberOverlap([], [])).toBe(0);
  });

  it('returns what it has found when it is cancelled, every 64 roles or before the next threshold', () => {
    const roles = rolesOf([...Array<number[]>(65).fill([0, 1]), [0, 1, 2]]);
    const outcome = (questions: number): { found: number; asked: number } => {
      let asked = 0;
      const isCancelled = (): boolean => asked++ >= questions;
      const { overlaps } = findRoleOverlaps(roles, { thresholdPercent: 60, limit: 1e4 }, { isCancelled });
      return { found: overlaps.length, asked };
    };

    const equal = (65 * 64) / 2;
    expect(outcome(6)).toEqual({ found: equal + 65, asked: 6 });
    // The first 64 are compared with each other.
    expect(outcome(2)).toEqual({ found: (64 * 63) / 2, asked: 4 });
    expect(outcome(3)).toEqual({ found: equal, asked: 4 });
    expect(outcome(0)).toEqual({ found: 0, asked: 1 });
  });

  it('agrees with the comparison of all pairs, on random roles, thresholds and limits', () => {
    const role = fc.uniqueArray(fc.nat(14), { maxLength: 12 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(
        fc.array(role, { maxLength: 30 }),
        fc.oneof(fc.constantFrom(0, 25, 50, 70, 75, 100, 200 / 3), fc.double({ min: 0, max: 100, noNaN: true })),
        fc.constantFrom(1, 3, 10, 1000),
        (entitlements, thresholdPercent, limit) => {
          const expected = naiveOverlaps(entitlements, thresholdPercent);

          const { overlaps, truncated } = findRoleOverlaps(rolesOf(entitlements), { thresholdPercent, limit });

          expect(overlaps.map(listed)).toEqual(expected.slice(0, limit));
          expect(truncated).toBe(expected.length > limit);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('agrees with the comparison of all pairs, on variants of large roles', () => {
    const base = fc.uniqueArray(fc.nat(999), { minLength: 20, maxLength: 60 });
    const variants = fc.array(
      fc.record({ of: fc.nat(3), without: fc.array(fc.nat(59), { maxLength: 12 }), and: fc.array(fc.nat(999)) }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(
        fc.tuple(base, base, base, base),
        variants,
        fc.constantFrom(0, 30, 60, 70, 90),
        (bases, made, percent) => {
          const entitlements = made.map(({ of, without, and }) =>
            [...new Set([...bases[of].filter((_, at) => !without.includes(at)), ...and])].sort((a, b) => a - b),
          );

          const { overlaps } = findRoleOverlaps(rolesOf(entitlements), { thresholdPercent: percent, limit: 1000 });

          expect(overlaps.map(listed)).toEqual(naiveOverlaps(entitlements, percent));
        },
      ),
      { numRuns: 200 },
    );
  });
});
