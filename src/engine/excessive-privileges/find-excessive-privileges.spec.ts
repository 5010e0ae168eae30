import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessMatrixFromLists } from '../matrix/access-matrix.js';
import type { UserAttribute } from '../organisation.js';
import type { ExcessivePrivilegeOptions } from './excessive-privilege.js';
import { findExcessivePrivileges } from './find-excessive-privileges.js';

const DEFAULTS: ExcessivePrivilegeOptions = { deviationThresholdPercent: 50, minUsers: 3, peerGroupAttribute: null };

function attributeOf(valuesOfUsers: number[][], valueCount: number): UserAttribute {
  const offsets = new Int32Array(valuesOfUsers.length + 1);
  valuesOfUsers.forEach((values, user) => (offsets[user + 1] = offsets[user] + values.length));
  return {
    name: 'department',
    values: Array.from({ length: valueCount }, (_, value) => `department ${value}`),
    valuesOfUser: { offsets, values: Int32Array.from(valuesOfUsers.flat()) },
  };
}

/** The contract's sentences, one after the other, with no regard for speed. */
function naiveFlags(rows: number[][], groupsOfUser: number[][] | null, options: ExcessivePrivilegeOptions): unknown[] {
  const everyone = rows.map((_, user) => user);
  const flags = rows.flatMap((row, user) => {
    if (row.length === 0) return [];
    const compare = (value: number | null, group: number[]) => {
      const peers = group.filter((other) => other !== user && rows[other].length > 0);
      const counts = peers.map((peer) => rows[peer].length).sort((a, b) => a - b);
      const sum = counts.reduce((total, count) => total + count, 0);
      const holding = (entitlement: number): number => peers.filter((peer) => rows[peer].includes(entitlement)).length;
      return {
        value,
        peers,
        deviation: (100 * (row.length * peers.length - sum)) / sum,
        average: sum / peers.length,
        median: (counts[Math.floor((counts.length - 1) / 2)] + counts[Math.floor(counts.length / 2)]) / 2,
        percentile: (100 * counts.filter((count) => count < row.length).length) / peers.length,
        excess: row
          .filter((entitlement) => holding(entitlement) <= peers.length / 2)
          .sort((a, b) => holding(a) - holding(b) || a - b),
      };
    };
    const own = (groupsOfUser?.[user] ?? [])
      .map((value) => ({ value, group: everyone.filter((other) => groupsOfUser![other].includes(value)) }))
      .filter(({ group }) => group.filter((other) => rows[other].length > 0).length >= options.minUsers)
      .map(({ value, group }) => compare(value, group));
    const judged = (own.length > 0 ? own : [compare(null, everyone)])
      .filter(({ peers }) => peers.length > 0)
      .sort((a, b) => a.deviation - b.deviation);
    const [judgement] = judged;
    if (judgement === undefined) return [];
    if (judgement.deviation <= options.deviationThresholdPercent || judgement.excess.length === 0) return [];
    return [
      {
        user,
        peerGroupValue: judgement.value,
        deviationPercent: judgement.deviation,
        excessEntitlements: judgement.excess,
        peerAverage: judgement.average,
        peerMedian: judgement.median,
        peerPercentile: judgement.percentile,
        entitlementCount: row.length,
      },
    ];
  });
  return flags.sort((a, b) => b.deviationPercent - a.deviationPercent || a.user - b.user);
}

describe('findExcessivePrivileges', () => {
  it('flags the one who holds more than the others, with what few of them hold', () => {
    const matrix = accessMatrixFromLists([[0], [0], [0, 1], [0, 1, 2, 3]], 4);

    const flags = findExcessivePrivileges({ matrix, attributes: [] }, DEFAULTS);

    expect(flags).toEqual([
      {
        user: 3,
        peerGroupValue: null,
        deviationPercent: 200,
        excessEntitlements: Int32Array.of(2, 3, 1),
        peerAverage: 4 / 3,
        peerMedian: 1,
        peerPercentile: 100,
        entitlementCount: 4,
      },
    ]);
  });

  it('does not flag a deviation of exactly the threshold', () => {
    const matrix = accessMatrixFromLists(
      [
        [0, 1],
        [0, 1],
        [0, 1, 2],
      ],
      3,
    );

    expect(findExcessivePrivileges({ matrix, attributes: [] }, DEFAULTS)).toEqual([]);
    expect(
      findExcessivePrivileges({ matrix, attributes: [] }, { ...DEFAULTS, deviationThresholdPercent: 49.9 }),
    ).toHaveLength(1);
  });

  it('does not flag who has no peers', () => {
    const matrix = accessMatrixFromLists([[0, 1, 2], [], []], 3);

    expect(findExcessivePrivileges({ matrix, attributes: [] }, { ...DEFAULTS, minUsers: 1 })).toEqual([]);
    expect(
      findExcessivePrivileges(
        { matrix, attributes: [attributeOf([[0], [0], [1]], 2)] },
        { ...DEFAULTS, minUsers: 1, peerGroupAttribute: 0 },
      ),
    ).toEqual([]);
  });

  it('does not flag a deviation without an entitlement that at most half of the peers hold', () => {
    const matrix = accessMatrixFromLists(
      [
        [0, 1, 2],
        [0, 1],
        [1, 2],
        [0, 2],
        [0, 1, 2, 3],
      ].slice(0, 4),
      4,
    );

    expect(findExcessivePrivileges({ matrix, attributes: [] }, { ...DEFAULTS, deviationThresholdPercent: 10 })).toEqual(
      [],
    );
  });

  it('judges by the group deviated from least and against everybody when no group is left', () => {
    const rows = [[0], [0], [0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3, 4, 5, 6, 7]];
    const values = [[0], [0], [0, 1], [1], [1], [2]];

    const flags = findExcessivePrivileges(
      { matrix: accessMatrixFromLists(rows, 8), attributes: [attributeOf(values, 3)] },
      { ...DEFAULTS, peerGroupAttribute: 0 },
    );

    expect(flags.map(({ user, peerGroupValue }) => [user, peerGroupValue])).toEqual([[5, null]]);
  });

  it('rejects an attribute that the organisation does not have', () => {
    const matrix = accessMatrixFromLists([[0]], 1);
    const department = attributeOf([[0]], 1);
    for (const [attributes, peerGroupAttribute] of [
      [[], 0],
      [[], -1],
      [[department], 1],
      [[department], -1],
    ] as const) {
      expect(() => findExcessivePrivileges({ matrix, attributes }, { ...DEFAULTS, peerGroupAttribute })).toThrow(
        `peerGroupAttribute must be null or the position of one of ${attributes.length} attributes`,
      );
    }
  });

  it('stops when cancelled', () => {
    const matrix = accessMatrixFromLists([[0], [0], [0], [0, 1, 2, 3]], 4);

    expect(findExcessivePrivileges({ matrix, attributes: [] }, DEFAULTS, { isCancelled: () => true })).toEqual([]);
  });

  it('tells its progress group by group, and stops between groups and within one', () => {
    const above = [0, 1, 2, 3];
    const rows = [[0], [0], [0], [0], above, above, [0], [0], [0], above];
    const department = attributeOf([...Array<number[]>(6).fill([0]), ...Array<number[]>(4).fill([1])], 2);
    const outcome = (questions: number): { users: number[]; progress: number[]; asked: number } => {
      let asked = 0;
      const progress: number[] = [];
      const flags = findExcessivePrivileges(
        { matrix: accessMatrixFromLists(rows, 4), attributes: [department] },
        { ...DEFAULTS, peerGroupAttribute: 0 },
        { isCancelled: () => asked++ >= questions, onProgress: (fraction) => progress.push(fraction) },
      );
      return { users: flags.map(({ user }) => user).sort((a, b) => a - b), progress, asked };
    };

    // One question a group, everybody last, and one before the first flag of each.
    expect(outcome(5)).toEqual({ users: [4, 5, 9], progress: [1 / 3, 2 / 3], asked: 5 });
    expect(outcome(3)).toEqual({ users: [4, 5], progress: [1 / 3, 2 / 3], asked: 5 });
    expect(outcome(2)).toEqual({ users: [4, 5], progress: [1 / 3], asked: 3 });
    expect(outcome(1)).toEqual({ users: [], progress: [1 / 3], asked: 3 });
    expect(outcome(0)).toEqual({ users: [], progress: [], asked: 1 });
  });

  it('agrees with the contract read literally, on random organisations', () => {
    const users = fc.array(
      fc.record({
        row: fc.uniqueArray(fc.nat(11), { maxLength: 12 }),
        groups: fc.uniqueArray(fc.nat(3), { maxLength: 3 }),
      }),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(
        users,
        fc.constantFrom(0, 10, 33.3, 50, 100),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        (organisation, deviationThresholdPercent, minUsers, grouped) => {
          const rows = organisation.map(({ row }) => row.toSorted((a, b) => a - b));
          const groups = organisation.map((user) => user.groups.toSorted((a, b) => a - b));
          const options = { deviationThresholdPercent, minUsers, peerGroupAttribute: grouped ? 0 : null };

          const flags = findExcessivePrivileges(
            { matrix: accessMatrixFromLists(rows, 12), attributes: [attributeOf(groups, 4)] },
            options,
          );

          const listed = flags.map((flag) => ({ ...flag, excessEntitlements: [...flag.excessEntitlements] }));
          expect(listed).toEqual(naiveFlags(rows, grouped ? groups : null, options));
        },
      ),
      { numRuns: 500 },
    );
  });
});
