import { describe, expect, it } from '@jest/globals';
import {
  mine,
  type MiningOptions,
  type MiningPhase,
  type Organisation,
  type RoleSetOptions,
  type RoleSetSoFar,
} from './index.js';
import { accessMatrixFromLists } from './matrix/access-matrix.js';
import type { IntegerLists } from './organisation.js';

function lists(of: readonly (readonly number[])[]): IntegerLists {
  const offsets = new Int32Array(of.length + 1);
  of.forEach((list, index) => (offsets[index + 1] = offsets[index] + list.length));
  return { offsets, values: Int32Array.from(of.flat()) };
}

function organisation(rows: number[][], entitlementCount: number, existing: number[][] = []): Organisation {
  return {
    matrix: accessMatrixFromLists(rows, entitlementCount),
    entitlementNames: Array.from({ length: entitlementCount }, (_, e) => `permission ${e}`),
    entitlementApplications: Array.from({ length: entitlementCount }, () => null),
    attributes: [],
    existingRoles: {
      count: existing.length,
      names: existing.map((_, role) => `role ${role}`),
      entitlements: lists(existing),
      members: lists(existing.map(() => [])),
    },
  };
}

const roleSet: RoleSetOptions = {
  objective: 'wsc',
  complete: false,
  minUsers: 3,
  minEntitlements: 2,
  confidenceThreshold: 0.6,
  seed: 0,
};

const defaults: MiningOptions = {
  patterns: { minUsers: 3, minEntitlements: 2, limit: 1000 },
  roleSet,
  excessivePrivileges: { deviationThresholdPercent: 50, minUsers: 3, peerGroupAttribute: null },
  roleOverlaps: { thresholdPercent: 70, limit: 10_000 },
  suspectedNoise: { limit: 100 },
};

describe('mine', () => {
  it('proposes one candidate for three users with the same two entitlements', () => {
    const {
      candidates,
      patterns,
      underCoverCurve,
      roleSet: found,
    } = mine(
      organisation(
        [
          [0, 1],
          [0, 1],
          [0, 1],
        ],
        2,
      ),
      defaults,
    );

    expect(candidates).toHaveLength(1);
    expect([...candidates[0].role.entitlements]).toEqual([0, 1]);
    expect([...candidates[0].role.users]).toEqual([0, 1, 2]);
    expect(candidates[0].role.confidence).toBe(1);
    expect(patterns).toHaveLength(1);
    expect(found.metrics.coverage).toBe(1);
    expect(underCoverCurve.map(({ roleCount }) => roleCount)).toEqual([1, 1, 1, 1, 1]);
  });

  it('does not propose what is a role already, but keeps it in the role set', () => {
    const result = mine(
      organisation(
        [
          [0, 1],
          [0, 1],
          [0, 1],
        ],
        2,
        [[0, 1]],
      ),
      defaults,
    );

    expect(result.candidates).toEqual([]);
    expect(result.roleSet.roles).toHaveLength(1);
  });

  it('runs all analyses', () => {
    const rows = [
      [0, 1],
      [0, 1],
      [0, 1],
      [0, 1, 2, 3, 4, 5],
    ];
    const existing = [
      [0, 1, 2],
      [0, 1, 2, 3],
    ];

    const result = mine(organisation(rows, 6, existing), defaults);

    expect(result.excessivePrivileges.map(({ user }) => user)).toEqual([3]);
    expect(result.roleOverlaps.overlaps.map(({ roleA, roleB }) => [roleA, roleB])).toEqual([[1, 0]]);
    expect(result.candidates.map(({ existingRole }) => existingRole)).toEqual([0]);
    expect(result.suspectedNoise?.stoppedBy).toBe('converged');
  });

  it('leaves out the analyses that are not asked for', () => {
    const result = mine(
      organisation(
        [
          [0, 1],
          [0, 1],
          [0, 1],
          [0, 1, 2, 3, 4, 5],
        ],
        6,
        [[0], [0]],
      ),
      {
        patterns: null,
        roleSet,
        excessivePrivileges: null,
        roleOverlaps: null,
        suspectedNoise: null,
      },
    );

    expect(result.patterns).toEqual([]);
    expect(result.suspectedNoise).toBeNull();
    expect(result.excessivePrivileges).toEqual([]);
    expect(result.roleOverlaps).toEqual({ overlaps: [], truncated: false });
  });

  it('finds nothing in an organisation without users, access or entitlements', () => {
    for (const empty of [organisation([], 0), organisation([[], []], 0), organisation([], 3), organisation([[]], 2)]) {
      const result = mine(empty, defaults);

      expect(result.candidates).toEqual([]);
      expect(result.patterns).toEqual([]);
      expect(result.excessivePrivileges).toEqual([]);
      expect(result.roleSet.metrics).toMatchObject({ roleCount: 0, wsc: 0, coverage: 1 });
    }
  });

  it('reports the progress of the phases in order, each up to 1', () => {
    const events: [MiningPhase, number][] = [];
    mine(
      organisation(
        [
          [0, 1],
          [0, 1],
          [0, 1],
        ],
        2,
      ),
      defaults,
      {
        onProgress: (phase, fraction) => events.push([phase, fraction]),
      },
    );

    const order: MiningPhase[] = ['patterns', 'roles', 'privileges', 'consolidation', 'noise'];
    expect(events).toEqual(
      events.toSorted(([a, before], [b, after]) => order.indexOf(a) - order.indexOf(b) || before - after),
    );
    for (const phase of order) expect(events).toContainEqual([phase, 1]);
  });

  it.each<[string, Partial<RoleSetOptions>, boolean]>([
    ['search', {}, true],
    ['complete search', { complete: true }, true],
    ['search for the fewest roles', { objective: 'roles' }, false],
  ])('tells of the %s as its role sets get less complex, where that is the objective', (_, asked, isTold) => {
    const told: RoleSetSoFar[] = [];
    const rows = Array.from({ length: 24 }, (_row, user) => [user % 3, 3 + (user % 4), 7 + (user % 2), 9]);

    const { metrics } = mine(
      organisation(rows, 10),
      { ...defaults, roleSet: { ...roleSet, ...asked, stepBudget: 500 } },
      { onBest: (best) => told.push(best) },
    ).roleSet;

    const complexities = told.map(({ complexity }) => complexity);
    expect(complexities).toEqual([...new Set(complexities)].sort((a, b) => b - a));
    expect(told.slice(-1)).toEqual(isTold ? [{ roleCount: metrics.roleCount, complexity: metrics.wsc }] : []);
  });

  it('returns what it has when it is cancelled', () => {
    const result = mine(
      organisation(
        [
          [0, 1],
          [0, 1],
          [0, 1],
        ],
        2,
      ),
      defaults,
      { isCancelled: () => true },
    );

    expect(result.candidates).toEqual([]);
    expect(result.excessivePrivileges).toEqual([]);
  });

  it.each<[Partial<MiningOptions>, string]>([
    [{ patterns: { minUsers: 0, minEntitlements: 2, limit: 10 } }, 'patterns.minUsers must be a whole number'],
    [{ patterns: { minUsers: 3, minEntitlements: 1.5, limit: 10 } }, 'patterns.minEntitlements must be a whole'],
    [{ patterns: { minUsers: 3, minEntitlements: 2, limit: 0 } }, 'patterns.limit must be a whole number'],
    [{ roleSet: { ...roleSet, minUsers: -1 } }, 'roleSet.minUsers must be a whole number of at least 1, got -1'],
    [{ roleSet: { ...roleSet, minEntitlements: NaN } }, 'roleSet.minEntitlements must be a whole number'],
    [{ roleSet: { ...roleSet, confidenceThreshold: 1.1 } }, 'roleSet.confidenceThreshold must be between 0 and 1'],
    [{ roleSet: { ...roleSet, seed: 0.5 } }, 'roleSet.seed must be a 32-bit integer, got 0.5'],
    [{ roleSet: { ...roleSet, objective: 'roles', hierarchy: true } }, 'roleSet.hierarchy is for the objective wsc'],
    [{ roleSet: { ...roleSet, roleWeight: -1 } }, 'roleSet.roleWeight must be between 0 and 1000000, got -1'],
    [{ roleSet: { ...roleSet, stepBudget: -1 } }, 'roleSet.stepBudget must be at least 0'],
    [{ roleSet: { ...roleSet, timeLimitSeconds: NaN } }, 'roleSet.timeLimitSeconds must be at least 0'],
    [
      { excessivePrivileges: { deviationThresholdPercent: -1, minUsers: 3, peerGroupAttribute: null } },
      'excessivePrivileges.deviationThresholdPercent must be at least 0, got -1',
    ],
    [
      { excessivePrivileges: { deviationThresholdPercent: 50, minUsers: 0, peerGroupAttribute: null } },
      'excessivePrivileges.minUsers must be a whole number',
    ],
    [{ roleOverlaps: { thresholdPercent: 101, limit: 10 } }, 'roleOverlaps.thresholdPercent must be between 0 and 100'],
    [{ roleOverlaps: { thresholdPercent: 70, limit: 0 } }, 'roleOverlaps.limit must be a whole number'],
  ])('rejects %j', (changed, message) => {
    expect(() => mine(organisation([], 0), { ...defaults, ...changed })).toThrow(message);
  });
});
