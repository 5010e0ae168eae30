import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessMatrixFromLists } from '../matrix/access-matrix.js';
import { mineRoleSet } from '../role-set/mine-role-set.js';
import type { RoleSet, RoleSetOptions } from '../role-set/role-set.js';

const complete: RoleSetOptions = {
  objective: 'wsc',
  complete: true,
  hierarchy: true,
  minUsers: 1,
  minEntitlements: 1,
  confidenceThreshold: 0,
  seed: 0,
  stepBudget: 300,
};
const withDirect: RoleSetOptions = { ...complete, complete: false };
const withThresholds: RoleSetOptions = {
  ...withDirect,
  minUsers: 3,
  minEntitlements: 2,
  confidenceThreshold: 0.6,
};

type Lists = readonly (readonly number[])[];

function mined(lists: Lists, entitlements: number, options: RoleSetOptions): RoleSet {
  const result = mineRoleSet(accessMatrixFromLists(lists, entitlements), options, {});
  verify(lists, result, options);
  return result;
}

/** Expands the hierarchy by its juniors and own entitlements alone, and recounts everything. */
function verify(
  lists: Lists,
  { roles, directUsers, directEntitlements, metrics, tradeOff }: RoleSet,
  wanted: RoleSetOptions,
): void {
  const given = (place: number, path: readonly number[]): Set<number> => {
    expect(path).not.toContain(place);
    const { ownEntitlements, juniors } = roles[place];
    return new Set([...ownEntitlements, ...[...juniors].flatMap((junior) => [...given(junior, [...path, place])])]);
  };
  const explained = lists.map(() => new Set<number>());
  roles.forEach(({ entitlements, ownEntitlements, juniors, users, members, confidence }, place) => {
    const all = given(place, []);
    expect([...all].sort((a, b) => a - b)).toEqual([...entitlements]);
    expect([...new Set(juniors)].sort((a, b) => a - b)).toEqual([...juniors]);
    for (const junior of juniors) {
      expect(roles[junior].entitlements.length).toBeLessThan(entitlements.length);
      for (const own of ownEntitlements) expect(roles[junior].entitlements).not.toContain(own);
    }
    expect(users.length + roles.filter((senior) => senior.juniors.includes(place)).length).toBeGreaterThan(0);
    for (const user of users) {
      expect(members).toContain(user);
      all.forEach((entitlement) => explained[user].add(entitlement));
    }
    if (wanted.complete) return;
    expect(members.length).toBeGreaterThanOrEqual(wanted.minUsers);
    expect(entitlements.length).toBeGreaterThanOrEqual(wanted.minEntitlements);
    expect(confidence).toBeGreaterThanOrEqual(wanted.confidenceThreshold);
  });
  const direct = lists.flatMap((list, user) =>
    [...new Set(list)]
      .filter((e) => !explained[user].has(e))
      .map((e) => [user, e])
      .sort((a, b) => a[1] - b[1]),
  );
  lists.forEach((list, user) => expect(list).toEqual(expect.arrayContaining([...explained[user]])));
  expect(Array.from(directUsers, (user, at) => [user, directEntitlements[at]])).toEqual(direct);
  if (wanted.complete) expect(direct).toEqual([]);
  const sum = (of: (role: RoleSet['roles'][number]) => number): number =>
    roles.reduce((all, role) => all + of(role), 0);
  const counted = {
    roleCount: roles.length,
    userAssignments: sum(({ users }) => users.length),
    permissionAssignments: sum(({ ownEntitlements }) => ownEntitlements.length),
    roleHierarchyEdges: sum(({ juniors }) => juniors.length),
    directAssignments: direct.length,
  };
  const wsc = Object.values(counted).reduce((all, count) => all + count);
  expect(metrics).toMatchObject({ ...counted, wsc, costModel: 'hierarchy', lowerBound: null, provenOptimal: false });
  expect(tradeOff.some((point) => point.roleCount <= roles.length && point.wsc <= wsc)).toBe(true);
  tradeOff.slice(1).forEach((point, before) => {
    expect(point.roleCount).toBeGreaterThan(tradeOff[before].roleCount);
    expect(point.wsc).toBeLessThan(tradeOff[before].wsc);
  });
}

/** The least complexity of all families of sets over so many entitlements, each with its best covers, by trying them all. */
function leastComplexity(lists: Lists, entitlements: number, allowsDirect: boolean): number {
  const sets = Array.from({ length: (1 << entitlements) - 1 }, (_, set) => set + 1);
  const bits = (set: number): number => (set === 0 ? 0 : (set & 1) + bits(set >> 1));
  const users = lists.map((list) => list.reduce((set, e) => set | (1 << e), 0));
  let least = Infinity;
  for (let family = 0; family < 1 << sets.length; family++) {
    const roles = sets.filter((_, place) => (family >> place) & 1);
    // Least number of roles and single entitlements that make up exactly the target.
    const cover = (target: number, isRole: boolean): number => {
      const parts = roles.filter((role) => (role & ~target) === 0 && !(isRole && role === target));
      const costs = new Map<number, number>([[0, 0]]);
      for (const part of parts) {
        for (const [set, cost] of [...costs])
          costs.set(set | part, Math.min(costs.get(set | part) ?? Infinity, cost + 1));
      }
      return Math.min(
        ...Array.from(costs, ([set, cost]) => {
          if (set !== target && !isRole && !allowsDirect) return Infinity;
          return cost + bits(target & ~set);
        }),
      );
    };
    let total = roles.length;
    for (const role of roles) total += cover(role, true);
    for (const user of users) total += cover(user, false);
    least = Math.min(least, total);
  }
  return least;
}

const tiny = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 2 })), { minLength: 1, maxLength: 7 });

const some = fc
  .integer({ min: 1, max: 9 })
  .chain((entitlements) =>
    fc
      .array(fc.uniqueArray(fc.integer({ min: 0, max: entitlements - 1 })), { maxLength: 12 })
      .map((lists) => ({ lists, entitlements })),
  );

/** Departments within divisions within a company: 24 users, each with what all, the division and the department have. */
const layered = Array.from({ length: 24 }, (_, user) => {
  const department = user >> 2;
  const division = department >> 1;
  const own = user % 4 === 0 ? [30 + department] : [];
  return [0, 1, 2, ...[3, 4, 5].map((e) => e + 3 * division), ...[12, 13, 14].map((e) => e + 3 * department), ...own];
});

describe('mineRoleSet with a hierarchy', () => {
  it.each([true, false])(
    'finds the least complexity of tiny matrices, as trying everything does; complete: %p',
    (isComplete) => {
      fc.assert(
        fc.property(tiny, (lists) => {
          const { metrics } = mined(lists, 3, { ...(isComplete ? complete : withDirect), stepBudget: 100 });
          expect(metrics.wsc).toBe(leastComplexity(lists, 3, !isComplete));
        }),
        { numRuns: 25 },
      );
    },
  );

  it('gives a valid hierarchy, never worse than roles without one', () => {
    const options = fc.record({
      wanted: fc.constantFrom(complete, withDirect, withThresholds),
      seed: fc.integer(),
      stepBudget: fc.constantFrom(0, 20, 200),
    });
    fc.assert(
      fc.property(some, options, ({ lists, entitlements }, { wanted, ...budget }) => {
        const { metrics } = mined(lists, entitlements, { ...wanted, ...budget });
        const flat = mineRoleSet(
          accessMatrixFromLists(lists, entitlements),
          { ...wanted, seed: budget.seed, hierarchy: false, stepBudget: 0.2 * budget.stepBudget },
          {},
        );
        expect(metrics.wsc).toBeLessThanOrEqual(flat.metrics.wsc);
      }),
      { numRuns: 50 },
    );
  });

  it('finds the layers of an organisation', () => {
    const { roles, metrics } = mined(layered, 36, { ...complete, stepBudget: 3000 });
    const flat = mineRoleSet(accessMatrixFromLists(layered, 36), { ...complete, hierarchy: false }, {});

    expect(metrics.roleHierarchyEdges).toBeGreaterThan(0);
    expect(metrics.wsc).toBeLessThan(flat.metrics.wsc);
    const everyone = roles.find(({ entitlements }) => [...entitlements].join() === '0,1,2');
    expect(everyone?.members).toHaveLength(24);
    expect(everyone?.users).toHaveLength(0);
  });

  it('gives the same hierarchy for the same seed, and never a worse one with more steps', () => {
    const options = { ...complete, stepBudget: 500, seed: 7 };
    const shape = ({ roles }: RoleSet): unknown =>
      roles.map(({ entitlements, juniors, users }) => [[...entitlements], [...juniors], [...users]]);

    const result = mined(layered, 36, options);
    expect(shape(mined(layered, 36, options))).toEqual(shape(result));
    const longer = mined(layered, 36, { ...options, stepBudget: 2000 });
    expect(longer.metrics.wsc).toBeLessThanOrEqual(result.metrics.wsc);
  });

  it('stops by itself when nothing gets better', () => {
    const { stoppedBy } = mined([[0], [0, 1], [0, 1, 2]], 3, { ...complete, stepBudget: Infinity });

    expect(stoppedBy).toBe('converged');
  });

  it.each([complete, withDirect, withThresholds])(
    'returns what it has, valid, when it is cancelled sooner or later: %p',
    (wanted) => {
      for (const patience of [0, 1, 2, 4]) {
        let asked = 0;
        const result = mineRoleSet(
          accessMatrixFromLists(layered, 36),
          { ...wanted, stepBudget: Infinity, timeLimitSeconds: 1e6 },
          { isCancelled: () => asked++ >= patience },
        );
        verify(layered, result, wanted);
        expect(['cancelled', 'converged']).toContain(result.stoppedBy);
      }
    },
  );

  it('has a hierarchy, valid, at a time limit of 0', () => {
    let milliseconds = 0;
    const result = mineRoleSet(
      accessMatrixFromLists(layered, 36),
      { ...complete, stepBudget: Infinity, timeLimitSeconds: 0 },
      { now: () => milliseconds++ },
    );

    verify(layered, result, complete);
    expect(result.stoppedBy).toBe('time');
    expect(result.metrics.roleHierarchyEdges).toBeGreaterThan(0);
  });

  it('reports progress that never goes back', () => {
    const fractions: number[] = [];
    mineRoleSet(
      accessMatrixFromLists(layered, 36),
      { ...complete, stepBudget: 5000 },
      { onProgress: (fraction) => fractions.push(fraction) },
    );

    expect(fractions.length).toBeGreaterThan(3);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it('says why there is no bound', () => {
    const { metrics, certificate } = mined([[0, 1]], 2, complete);

    expect(metrics.boundReason).toBe('there is no bound of the complexity of a hierarchy');
    expect(certificate).toBeNull();
  });

  it.each<[string, Lists]>([
    ['no users', []],
    ['users who hold nothing', [[], []]],
    ['one user', [[0, 1, 2]]],
    ['one entitlement', [[0], [0]]],
    ['the identity', [[0], [1], [2]]],
    ['a chain', [[0], [0, 1], [0, 1, 2]]],
  ])('gives a valid hierarchy for %s', (_, lists) => {
    for (const wanted of [complete, withDirect, withThresholds]) mined(lists, 3, wanted);
  });

  it('proposes fewer roles the more a role weighs', () => {
    const counts = [0, 1, 5, 50].map(
      (roleWeight) => mined(layered, 36, { ...withDirect, roleWeight }).metrics.roleCount,
    );

    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    expect(counts.at(-1)).toBe(0);
    expect(counts[0]).toBeGreaterThan(0);
  });
});
