import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessMatrixFromLists } from '../matrix/access-matrix.js';
import { mineRoleSet } from './mine-role-set.js';
import type { RoleSet, RoleSetOptions } from './role-set.js';

const defaults: RoleSetOptions = {
  objective: 'wsc',
  complete: false,
  minUsers: 3,
  minEntitlements: 2,
  confidenceThreshold: 0.6,
  seed: 0,
  stepBudget: 200,
};
const complete: RoleSetOptions = { ...defaults, complete: true };

const rows = fc.integer({ min: 1, max: 7 }).chain((entitlements) =>
  fc.array(fc.uniqueArray(fc.integer({ min: 0, max: entitlements - 1 })), { maxLength: 12 }).map((lists) => ({
    lists,
    matrix: accessMatrixFromLists(lists, entitlements),
  })),
);
const options = fc.record({
  objective: fc.constantFrom('wsc' as const, 'roles' as const),
  complete: fc.boolean(),
  minUsers: fc.integer({ min: 1, max: 4 }),
  minEntitlements: fc.integer({ min: 1, max: 3 }),
  confidenceThreshold: fc.constantFrom(0, 0.3, 0.6, 0.9, 1),
  seed: fc.integer(),
  stepBudget: fc.constantFrom(0, 5, 100),
});

/** Expands the roles back to the matrix and recounts everything, with nothing of the engine's own. */
function verify(lists: readonly (readonly number[])[], result: RoleSet, wanted: RoleSetOptions): void {
  const held = lists.map((list) => new Set(list));
  const explained = lists.map(() => new Set<number>());
  for (const role of result.roles) {
    expect(role.entitlements.length).toBeGreaterThan(0);
    expect(role.users.length).toBeGreaterThan(0);
    expect([...role.entitlements]).toEqual([...new Set(role.entitlements)].sort((a, b) => a - b));
    expect([...role.users]).toEqual([...new Set(role.users)].sort((a, b) => a - b));
    const wantedBy = (user: number): number => role.entitlements.filter((e) => !held[user].has(e)).length;
    const members = lists.flatMap((_, user) => (wantedBy(user) === 0 ? [user] : []));
    expect([...role.members]).toEqual(members);
    expect(members).toEqual(expect.arrayContaining([...role.users]));
    for (const user of role.users) for (const e of role.entitlements) explained[user].add(e);
    const terms = [...role.entitlements].map((e) => {
      const lackOnlyThis = lists.filter((_, user) => wantedBy(user) === 1 && !held[user].has(e)).length;
      return members.length / (members.length + lackOnlyThis);
    });
    expect(role.confidence).toBe(Math.min(...terms));
    if (wanted.complete) continue;
    expect(members.length).toBeGreaterThanOrEqual(wanted.minUsers);
    expect(role.entitlements.length).toBeGreaterThanOrEqual(wanted.minEntitlements);
    expect(role.confidence).toBeGreaterThanOrEqual(wanted.confidenceThreshold);
  }
  const direct = lists.flatMap((list, user) =>
    [...new Set(list)]
      .sort((a, b) => a - b)
      .flatMap((e): [number, number][] => (explained[user].has(e) ? [] : [[user, e]])),
  );
  expect([...result.directUsers].map((user, i) => [user, result.directEntitlements[i]])).toEqual(direct);
  if (wanted.complete) expect(direct).toEqual([]);
  const sum = (counts: number[]): number => counts.reduce((a, b) => a + b, 0);
  const assignments = sum(held.map((set) => set.size));
  const userAssignments = sum(result.roles.map((role) => role.users.length));
  const permissionAssignments = sum(result.roles.map((role) => role.entitlements.length));
  const wsc = result.roles.length + userAssignments + permissionAssignments + direct.length;
  expect(result.metrics).toMatchObject({
    roleCount: result.roles.length,
    userAssignments,
    permissionAssignments,
    directAssignments: direct.length,
    wsc,
    coverage: assignments === 0 ? 1 : 1 - direct.length / assignments,
  });
  if (!wanted.complete && wanted.objective === 'wsc') expect(wsc).toBeLessThanOrEqual(assignments);
}

function mined(lists: number[][], entitlements: number, wanted: RoleSetOptions): RoleSet {
  const result = mineRoleSet(accessMatrixFromLists(lists, entitlements), wanted, {});
  verify(lists, result, wanted);
  return result;
}

function shape(result: RoleSet): [number[], number[]][] {
  return result.roles.map((role) => [[...role.users], [...role.entitlements]]);
}

/** 60 users who hold overlapping runs of 40 entitlements: enough for a search of some length. */
const shifts = Array.from({ length: 60 }, (_, user) =>
  Array.from({ length: 3 + (user % 7) }, (_, i) => (user * 5 + i * (1 + (user % 3))) % 40),
).map((list) => [...new Set(list)]);

/** Tries every family of permission sets that may be roles; each user then takes the cheapest cover by the family. */
function leastComplexity(lists: readonly (readonly number[])[], wanted: RoleSetOptions): number {
  const held = lists.map((list) => list.reduce((mask, e) => mask | (1 << e), 0));
  const size = (mask: number): number => [0, 1, 2, 3].filter((e) => mask & (1 << e)).length;
  const mayBeRole = (mask: number): boolean => {
    const members = held.filter((user) => (user & mask) === mask).length;
    if (members === 0 || wanted.complete) return members > 0;
    const lacking = [0, 1, 2, 3].map((e) =>
      mask & (1 << e) ? held.filter((user) => (user & mask) === (mask & ~(1 << e))).length : 0,
    );
    const confidence = members / (members + Math.max(...lacking));
    return (
      members >= wanted.minUsers && size(mask) >= wanted.minEntitlements && confidence >= wanted.confidenceThreshold
    );
  };
  const roles = Array.from({ length: 15 }, (_, i) => i + 1).filter(mayBeRole);
  const bits = (family: number): number[] => roles.filter((_, i) => family & (1 << i));
  const coverCosts = new Map<string, number>();
  const coverCost = (user: number, family: number): number => {
    const covers = Array<number>(16).fill(Infinity);
    covers[0] = 0;
    for (let covered = 0; covered < 16; covered++) {
      for (const mask of bits(family)) {
        covers[covered | mask] = Math.min(covers[covered | mask], covers[covered] + 1);
      }
    }
    const direct = (covered: number): number => {
      if (covered === user) return 0;
      return wanted.complete ? Infinity : size(user & ~covered);
    };
    return Math.min(...covers.map((assigned, covered) => assigned + direct(covered)));
  };
  const within = held.map((user) =>
    roles.reduce((family, mask, i) => family | ((mask & user) === mask ? 1 << i : 0), 0),
  );
  let least = Infinity;
  for (let family = 0; family < 1 << roles.length; family++) {
    let cost = bits(family).reduce((sum, mask) => sum + 1 + size(mask), 0);
    for (let i = 0; i < held.length && cost < least; i++) {
      const usable = family & within[i];
      const key = `${held[i]} ${usable}`;
      const known = coverCosts.get(key) ?? coverCost(held[i], usable);
      coverCosts.set(key, known);
      cost += known;
    }
    least = Math.min(least, cost);
  }
  return least;
}

describe('mineRoleSet', () => {
  it('gives exact role sets within the thresholds, with the right figures', () => {
    fc.assert(
      fc.property(rows, options, ({ lists, matrix }, wanted) => {
        verify(lists, mineRoleSet(matrix, wanted, {}), wanted);
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same result again for the same input, options and seed', () => {
    fc.assert(
      fc.property(rows, options, ({ matrix }, wanted) => {
        expect(mineRoleSet(matrix, wanted, {})).toEqual(mineRoleSet(matrix, wanted, {}));
      }),
    );
  });

  it('is never worse with more steps', () => {
    fc.assert(
      fc.property(rows, options, fc.nat(50), fc.nat(50), ({ matrix }, wanted, few, more) => {
        const wscAfter = (stepBudget: number): number =>
          mineRoleSet(matrix, { ...wanted, objective: 'wsc', stepBudget }, {}).metrics.wsc;
        expect(wscAfter(few + more)).toBeLessThanOrEqual(wscAfter(few));
      }),
      { numRuns: 60 },
    );
  });

  it('finds the least complexity that brute force finds', () => {
    const small = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(small, options, (lists, wanted) => {
        const search: RoleSetOptions = { ...wanted, objective: 'wsc', stepBudget: 500 };
        const result = mineRoleSet(accessMatrixFromLists(lists, 4), search, {});
        const least = leastComplexity(lists, search);
        expect(result.metrics.wsc).toBe(least);
        expect(result.metrics.lowerBound ?? 0).toBeLessThanOrEqual(least);
        expect(result.metrics.provenOptimal).toBe(result.metrics.lowerBound === least);
      }),
      { numRuns: 20, seed: 1 },
    );
  });

  it('with thresholds and the fewest roles as objective, explains no less than for complexity, with no more roles', () => {
    fc.assert(
      fc.property(rows, options, ({ matrix }, wanted) => {
        const bounded: RoleSetOptions = { ...wanted, complete: false };
        const byWsc = mineRoleSet(matrix, { ...bounded, objective: 'wsc', stepBudget: 50 }, {}).metrics;
        const byRoles = mineRoleSet(matrix, { ...bounded, objective: 'roles', stepBudget: 100 }, {}).metrics;
        expect(byRoles.directAssignments).toBeLessThanOrEqual(byWsc.directAssignments);
        expect(byRoles.roleCount).toBeLessThanOrEqual(byWsc.roleCount);
      }),
      { numRuns: 50 },
    );
  });

  it('returns the first solution, valid, at a time limit of 0', () => {
    let milliseconds = 0;
    const result = mineRoleSet(
      accessMatrixFromLists(shifts, 40),
      { ...complete, stepBudget: Infinity, timeLimitSeconds: 0 },
      { now: () => milliseconds++ },
    );

    verify(shifts, result, complete);
    expect(result.stoppedBy).toBe('time');
  });

  it.each([complete, defaults, { ...defaults, objective: 'roles' as const }])(
    'returns what it has, valid, when it is cancelled sooner or later: %p',
    (wanted) => {
      for (const patience of [0, 1, 3]) {
        let asked = 0;
        const result = mineRoleSet(
          accessMatrixFromLists(shifts, 40),
          { ...wanted, stepBudget: Infinity },
          { isCancelled: () => asked++ >= patience },
        );
        verify(shifts, result, wanted);
        expect(result.stoppedBy).toBe('cancelled');
      }
    },
  );

  describe('where everybody holds all but one of a thousand entitlements', () => {
    const size = 1050;
    const everyone = [...Array(size).keys()];
    const matrix = accessMatrixFromLists(
      everyone.map((user) => everyone.filter((entitlement) => entitlement !== user)),
      size,
    );
    const fewest: RoleSetOptions = { ...complete, objective: 'roles' };

    it('keeps, once cancelled, as many roles as can be counted in a moment', () => {
      const { roles, metrics, stoppedBy } = mineRoleSet(matrix, fewest, { isCancelled: () => true });

      expect(stoppedBy).toBe('cancelled');
      expect(roles.length).toBeGreaterThan(0);
      expect(roles.length).toBeLessThan(size);
      expect(metrics).toMatchObject({ costModel: 'roles', lowerBound: null, gapPercent: null, provenOptimal: false });
      expect(metrics.boundReason).toBe('the search was cancelled, and not all roles were kept');
      expect(metrics.directAssignments).toBe((size - roles.length) * (size - 1));
    });

    it('finds the fewest roles it can without the exact cover, which leaves too much, and keeps its bound', () => {
      let clock = 0;
      const { metrics, mode, modeReason, stoppedBy } = mineRoleSet(
        matrix,
        { ...fewest, timeLimitSeconds: 0 },
        { now: () => (clock += 3000) },
      );

      expect(mode).toBe('fast');
      expect(stoppedBy).toBe('time');
      expect(modeReason).toMatch(/^the exact cover leaves a kernel of 1101450 assignments/);
      expect(metrics).toMatchObject({ roleCount: size, directAssignments: 0, lowerBound: 2, provenOptimal: false });
    });
  });

  it('reports progress that never goes back', () => {
    const fractions: number[] = [];
    mineRoleSet(
      accessMatrixFromLists(shifts, 40),
      { ...complete, stepBudget: 5000 },
      { onProgress: (f) => fractions.push(f) },
    );

    expect(fractions.length).toBeGreaterThan(3);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it('stops by itself when a small matrix gives nothing more', () => {
    const lists = [
      [2, 3],
      [0, 1, 3],
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3],
      [0, 1, 2],
    ];
    const result = mined(lists, 5, complete);
    const unlimited = mined(lists, 5, { ...complete, stepBudget: Infinity });

    expect(unlimited.stoppedBy).toBe('converged');
    expect(unlimited.roles).toEqual(result.roles);
    expect(unlimited.metrics).toMatchObject({
      costModel: 'flat',
      wsc: 21,
      lowerBound: 20,
      gapPercent: 5,
      boundReason: null,
      provenOptimal: false,
    });
  });

  it.each([complete, { ...defaults, minUsers: 1, minEntitlements: 1 }])(
    'stops, proven optimal, when the complexity meets the lower bound: %p',
    (wanted) => {
      const blocks = [...Array<number[]>(4).fill([0, 1, 2]), ...Array<number[]>(3).fill([3, 4])];
      const result = mined(blocks, 5, { ...wanted, stepBudget: Infinity });

      expect(result.stoppedBy).toBe('proven');
      expect(result.metrics).toMatchObject({
        costModel: wanted.complete ? 'flat' : 'with_direct',
        wsc: 14,
        lowerBound: 14,
        gapPercent: 0,
        provenOptimal: true,
      });
      expect(result.certificate).toMatchObject({ kind: 'edge-values', lowerBound: 14 });
    },
  );

  it('says that time stopped it when the lower bound used up its part of the time', () => {
    // The clock jumps once, at one look or another, by more than the bound's part and less than the whole.
    const lists = shifts.slice(0, 15);
    const stops = Array.from({ length: 8 }, (_, look) => {
      let looks = 0;
      const result = mineRoleSet(
        accessMatrixFromLists(lists, 40),
        { ...complete, stepBudget: 500, timeLimitSeconds: 5 },
        { now: () => (looks++ < look ? 0 : 3000) },
      );
      verify(lists, result, complete);
      return result.stoppedBy;
    });

    expect(new Set(stops)).toEqual(new Set(['proven', 'time']));
  });

  it('computes no lower bound for complexity when the fewest roles are asked for with thresholds', () => {
    const { metrics } = mined(
      [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
      2,
      { ...defaults, objective: 'roles' },
    );

    expect(metrics).toMatchObject({
      costModel: 'roles',
      lowerBound: null,
      boundReason: 'there is no bound of the number of roles with thresholds',
      provenOptimal: false,
    });
  });

  it('proposes one role for three users with the same two entitlements: a tie in complexity goes to the role', () => {
    const result = mined([[0, 1], [2], [0, 1], [0, 1], [3]], 4, defaults);

    expect(shape(result)).toEqual([
      [
        [0, 2, 3],
        [0, 1],
      ],
    ]);
    expect(result.metrics.wsc).toBe(8);
  });

  it('proposes nothing where a threshold is larger than the data', () => {
    const lists = [
      [0, 1],
      [0, 1],
      [0, 1],
    ];

    expect(mined(lists, 2, { ...defaults, minUsers: 4 }).roles).toEqual([]);
    expect(mined(lists, 2, { ...defaults, minEntitlements: 3 }).roles).toEqual([]);
  });

  it('takes confidence as a constraint: a loose pair is no role, the tight pair beside it is', () => {
    const loose = [...Array<number[]>(4).fill([0, 1]), ...Array<number[]>(4).fill([0])];
    const tight = Array<number[]>(4).fill([2, 3]);

    expect(shape(mined([...loose, ...tight], 4, defaults))).toEqual([
      [
        [8, 9, 10, 11],
        [2, 3],
      ],
    ]);
  });

  it.each<[string, number[][], number]>([
    ['no rows', [], 0],
    ['users who hold nothing', [[], []], 0],
    ['one user', [[0, 1, 2]], 1],
    ['one entitlement', [[0], [0], [0]], 1],
    ['all ones', Array<number[]>(5).fill([0, 1, 2]), 1],
    ['the identity', [[0], [1], [2]], 3],
    ['an entitlement held by everyone', [[0, 1], [0, 2], [0]], 3],
    [
      'duplicate pairs',
      [
        [0, 0, 1],
        [1, 0, 1],
      ],
      1,
    ],
  ])('reproduces %s exactly', (_, lists, roleCount) => {
    for (const objective of ['wsc', 'roles'] as const) {
      const result = mined(lists, 3, { ...complete, objective });
      if (objective === 'roles') expect(result.roles.length).toBe(roleCount);
      mined(lists, 3, { ...defaults, objective });
    }
  });
});
