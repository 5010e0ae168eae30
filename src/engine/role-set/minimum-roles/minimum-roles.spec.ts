import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import type { EngineControl, StoppedBy } from '../../control.js';
import { accessMatrixFromLists, type AccessMatrix } from '../../matrix/access-matrix.js';
import { SeededRandom } from '../../random.js';
import { splitIntoComponents } from './edge-components.js';
import { edgeTableOf } from './edge-table.js';
import { pickIndependentEdges } from './independent-sample.js';
import {
  mineMinimumRoles,
  type MinimumRoles,
  type MinimumRolesFound,
  type MinimumRolesOptions,
} from './minimum-roles.js';
import { SearchBudget } from './search-budget.js';

const DATASETS = '../shared/datasets';

const rowsOfSmallMatrices = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([users, permissions]) =>
    fc.record({
      permissions: fc.constant(permissions),
      rows: fc.array(fc.uniqueArray(fc.integer({ min: 0, max: permissions - 1 }), { maxLength: permissions }), {
        minLength: users,
        maxLength: users,
      }),
    }),
  );

describe('mineMinimumRoles', () => {
  it('proves the brute-force minimum on every small matrix', () => {
    fc.assert(
      fc.property(rowsOfSmallMatrices, ({ rows, permissions }) => {
        const found = mine(accessMatrixFromLists(rows, permissions));

        expectExact(rows, found.roles);
        expectIndependent(rows, found);
        expect(found.roles).toHaveLength(bruteForceMinimum(rows, permissions));
        expect(found.lowerBound).toBe(found.roles.length);
        expect([found.provenOptimal, found.stoppedBy]).toEqual([true, 'proven']);
      }),
      { numRuns: 400, seed: 20080611 },
    );
  });

  it('never claims a bound above what planted roles allow, and covers exactly, with noise and overlap', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const { rows, permissions, planted } = plantedOrganisation(seed, { users: 160, permissions: 60, roles: 25 });
      const found = mine(accessMatrixFromLists(rows, permissions), { stepBudget: 300 });

      expectExact(rows, found.roles);
      expectIndependent(rows, found);
      expect(found.lowerBound).toBeLessThanOrEqual(planted);
      expect(found.lowerBound).toBeLessThanOrEqual(found.roles.length);
      expect(found.provenOptimal).toBe(found.lowerBound === found.roles.length);
    }
  });

  it.each([
    ['nobody', [], 0, 0],
    ['users who hold nothing', [[], []], 3, 0],
    ['one assignment', [[0]], 1, 1],
    ['one user', [[0, 1, 2]], 3, 1],
    ['one entitlement', [[0], [0], []], 1, 1],
    ['everybody holding everything', [range(40), range(40), range(40)], 40, 1],
    ['nobody sharing anything', range(300).map((user) => [user]), 300, 300],
    ['nested access', range(60).map((user) => range(user + 1)), 60, 60],
    ['the complement of the identity on 4', range(4).map((user) => range(4).filter((p) => p !== user)), 4, 4],
    ['a repeated pair', [[0, 0, 1], [1]], 2, 2],
  ] as [string, number[][], number, number][])('solves %s', (_, rows, permissions, minimum) => {
    const found = mine(accessMatrixFromLists(rows, permissions));

    expectExact(rows, found.roles);
    expect(found).toMatchObject({ lowerBound: minimum, provenOptimal: true, stoppedBy: 'proven' });
    expect(found.roles).toHaveLength(minimum);
  });

  it('gives equal results for equal seeds', () => {
    const { rows, permissions } = plantedOrganisation(3, { users: 200, permissions: 60, roles: 30 });
    const matrix = accessMatrixFromLists(rows, permissions);

    expect(mine(matrix, { seed: 7, stepBudget: 200 })).toEqual(mine(matrix, { seed: 7, stepBudget: 200 }));
  });

  it('stops by the step budget and says so', () => {
    const found = mine(denseRandomMatrix(30), { stepBudget: 100 });

    expect(found.stoppedBy).toBe('steps');
    expect(found.steps).toBe(100);
    expect(found.provenOptimal).toBe(false);
  });

  it('returns the first solution for a time limit of 0', () => {
    const matrix = denseRandomMatrix(30);
    const found = mine(matrix, { timeLimitSeconds: 0 }, { now: () => 0 });

    expectExact(rowsOf(matrix), found.roles);
    expect([found.stoppedBy, found.steps]).toEqual(['time', 0]);
    expect(found.roles.length).toBeLessThanOrEqual(30);
  });

  it('returns a valid role set when the time runs out during the search', () => {
    const matrix = denseRandomMatrix(30);
    let milliseconds = 0;
    const found = mine(matrix, { timeLimitSeconds: 0.02 }, { now: () => milliseconds++ });

    expectExact(rowsOf(matrix), found.roles);
    expect(found.stoppedBy).toBe('time');
  });

  it('returns a valid role set wherever it is cancelled', () => {
    const { rows, permissions } = plantedOrganisation(5, { users: 500, permissions: 150, roles: 60 });
    const matrix = accessMatrixFromLists(rows, permissions);
    const reasons = new Set<StoppedBy>();
    for (let calls = 0; !reasons.has('proven'); calls++) {
      let asked = 0;
      const found = mine(matrix, {}, { isCancelled: () => asked++ >= calls });

      expectExact(rows, found.roles);
      expectIndependent(rows, found);
      expect(found.lowerBound).toBeLessThanOrEqual(found.roles.length);
      reasons.add(found.stoppedBy);
    }
    expect([...reasons]).toEqual(['cancelled', 'proven']);
  });

  it('says so when the kernel is too large, with a role set that is exact all the same', () => {
    const size = 1_050;
    const rows = range(size).map((user) => range(size).filter((permission) => permission !== user));

    const result = mineMinimumRoles(accessMatrixFromLists(rows, size), { seed: 0 }, {});

    expect(result).toMatchObject({ kind: 'kernel-too-large', kernelEdges: size * (size - 1), lowerBound: 2 });
    expectExact(rows, result.roles);
    expectIndependent(rows, result);
  });

  it('bounds the number of roles by independent edges where the kernel is too large', () => {
    fc.assert(
      fc.property(rowsOfSmallMatrices, ({ rows, permissions }) => {
        const table = edgeTableOf(accessMatrixFromLists(rows, permissions));
        const budget = new SearchBudget({}, {});
        const components = splitIntoComponents(table, Int32Array.from(table.edgeUsers.keys()), budget)!;
        const edges = pickIndependentEdges(table, components, budget);

        const users = Int32Array.from(edges, (edge) => table.edgeUsers[edge]);
        const entitlements = Int32Array.from(edges, (edge) => table.matrix.rowColumns[edge]);
        expectIndependent(rows, { independent: { users, entitlements }, lowerBound: edges.length });
        expect(edges.length).toBeGreaterThanOrEqual(components.length);
        expect(edges.length).toBeLessThanOrEqual(bruteForceMinimum(rows, permissions));
      }),
    );
  });
});

/** No two of the assignments lie in one biclique, and no more are claimed than the bound says. */
function expectIndependent(
  rows: readonly (readonly number[])[],
  { independent, lowerBound }: Pick<MinimumRoles, 'independent' | 'lowerBound'>,
): void {
  const { users, entitlements } = independent;
  expect(users.length).toBe(entitlements.length);
  expect(users.length).toBeLessThanOrEqual(lowerBound);
  const places = [...users.keys()];
  const compatible = places.flatMap((i) =>
    places
      .slice(0, i)
      .filter((j) => rows[users[i]].includes(entitlements[j]) && rows[users[j]].includes(entitlements[i])),
  );
  expect(compatible).toEqual([]);
  expect(places.filter((i) => !rows[users[i]].includes(entitlements[i]))).toEqual([]);
}

const datasets = [
  ['hc', 14],
  ['domino', 20],
  ['emea', 34],
  ['fire1', 64],
  ['apj', 453],
  ['americas_small', 178],
] as const;

if (existsSync(DATASETS)) {
  describe('mineMinimumRoles on real data', () => {
    it.each(datasets)('proves the minimum of %s', (name, minimum) => {
      const rows = readPairs(`${DATASETS}/${name}.txt`);
      const found = mine(accessMatrixFromLists(rows, Math.max(...rows.flat()) + 1));

      expectExact(rows, found.roles);
      expect(found).toMatchObject({ lowerBound: minimum, provenOptimal: true });
      expect(found.roles).toHaveLength(minimum);
    });
  });
} else {
  describe.skip(`mineMinimumRoles on real data: skipped, ${DATASETS} is not there`, () => {
    it.each(datasets)('proves the minimum of %s', () => undefined);
  });
}

function mine(
  matrix: AccessMatrix,
  options: Partial<MinimumRolesOptions> = {},
  control: EngineControl = {},
): MinimumRolesFound {
  const result = mineMinimumRoles(matrix, { seed: 1, ...options }, control);
  if (result.kind !== 'found') throw new Error(`kernel too large: ${result.kernelEdges} edges`);
  return result;
}

/** Expands the roles back: every pair of every role is an assignment, every assignment is in a role. */
function expectExact(rows: readonly (readonly number[])[], roles: MinimumRoles['roles']): void {
  const access = rows.map(() => new Set<number>());
  for (const { users, entitlements } of roles) {
    expect(users.length * entitlements.length).toBeGreaterThan(0);
    for (const list of [users, entitlements]) expect([...list]).toEqual([...new Set(list)].sort((a, b) => a - b));
    for (const user of users) for (const entitlement of entitlements) access[user].add(entitlement);
  }
  expect(access.map((held) => [...held].sort((a, b) => a - b))).toEqual(
    rows.map((row) => [...new Set(row)].sort((a, b) => a - b)),
  );
}

/** Fewest bicliques by enumeration: every maximal biclique, then iterative deepening over the lowest uncovered pair. */
function bruteForceMinimum(rows: readonly (readonly number[])[], permissions: number): number {
  const rowMasks = rows.map((row) => row.reduce((mask, permission) => mask | (1 << permission), 0));
  const pair = (user: number, permission: number): bigint => 1n << BigInt(user * permissions + permission);
  const pairsIn = (users: number[], mask: number): bigint =>
    users.flatMap((user) => range(permissions).map((p) => ((mask >> p) & 1 ? pair(user, p) : 0n))).reduce(or, 0n);
  const bicliques = new Set<bigint>();
  for (let subset = 1; subset < 1 << rows.length; subset++) {
    const intent = rowMasks.reduce(
      (mask, row, user) => ((subset >> user) & 1 ? mask & row : mask),
      (1 << permissions) - 1,
    );
    const extent = range(rows.length).filter((user) => (rowMasks[user] & intent) === intent);
    if (intent !== 0) bicliques.add(pairsIn(extent, intent));
  }
  const all = rowMasks.map((mask, user) => pairsIn([user], mask)).reduce(or, 0n);
  const coverable = (covered: bigint, count: number): boolean => {
    const open = all & ~covered;
    if (open === 0n) return true;
    const lowest = open & -open;
    return (
      count > 0 && [...bicliques].some((biclique) => biclique & lowest && coverable(covered | biclique, count - 1))
    );
  };
  let minimum = 0;
  while (!coverable(0n, minimum)) minimum++;
  return minimum;
}

function or(a: bigint, b: bigint): bigint {
  return a | b;
}

/** Users with one to three of the planted roles, and one stray assignment for every tenth user. */
function plantedOrganisation(
  seed: number,
  size: { users: number; permissions: number; roles: number },
): { rows: number[][]; permissions: number; planted: number } {
  const random = new SeededRandom(seed);
  const roles = range(size.roles).map(() => range(2 + random.below(6)).map(() => random.below(size.permissions)));
  let strays = 0;
  const rows = range(size.users).map(() => {
    const row = range(1 + random.below(3)).flatMap(() => roles[random.below(size.roles)]);
    if (random.below(10) === 0) {
      row.push(random.below(size.permissions));
      strays++;
    }
    return row;
  });
  return { rows, permissions: size.permissions, planted: size.roles + strays };
}

function denseRandomMatrix(size: number): AccessMatrix {
  const random = new SeededRandom(11);
  return accessMatrixFromLists(
    range(size).map(() => range(size).filter(() => random.below(2) === 0)),
    size,
  );
}

function rowsOf(matrix: AccessMatrix): number[][] {
  return range(matrix.userCount).map((user) => [
    ...matrix.rowColumns.subarray(matrix.rowOffsets[user], matrix.rowOffsets[user + 1]),
  ]);
}

function readPairs(path: string): number[][] {
  const rows: number[][] = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.trim() === '') continue;
    const [user, permission] = line.trim().split(/\s+/).map(Number);
    (rows[user] ??= []).push(permission);
  }
  return Array.from(rows, (row: number[] | undefined) => row ?? []);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
