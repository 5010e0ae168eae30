import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { accessMatrixFromLists, type AccessMatrix } from '../matrix/access-matrix.js';
import type { AccessPattern, PatternOptions } from './access-pattern.js';
import { instantiateKernels, type EngineKernels } from '../kernels/kernels.js';
import { minePatterns } from './mine-patterns.js';
import { rowBitsTask } from './row-bits.js';

const DATASETS = new URL('../../../../shared/datasets/', import.meta.url);
const everything: PatternOptions = { minUsers: 1, minEntitlements: 1, limit: Infinity };

const webAssembly = instantiateKernels(
  new Uint8Array(readFileSync(new URL('../../../build/engine-kernels.wasm', import.meta.url))),
);

const implementations = [
  { implementation: 'TypeScript', kernels: undefined },
  { implementation: 'WebAssembly', kernels: webAssembly },
  { implementation: 'WebAssembly, rows too large for bits', kernels: withoutRowBits(webAssembly) },
];

function withoutRowBits({ workOnPatterns }: EngineKernels): EngineKernels {
  return {
    workOnPatterns: (task, control) =>
      workOnPatterns(
        task.kind === 'description' ? { ...task, rowBits: rowBitsTask(task.frequent, 0).rowBits } : task,
        control,
      ),
  };
}

/** The contract of `minePatterns`, from its definition: every closed set is the intersection of some users' access. */
function bruteForce(rows: readonly (readonly number[])[], options: PatternOptions): AccessPattern[] {
  const access = rows.map((row) => [...new Set(row)].sort((a, b) => a - b));
  const closed = new Map<string, number[]>();
  for (const row of access) {
    for (const set of [...closed.values(), null]) {
      const common = set === null ? row : set.filter((e) => row.includes(e));
      closed.set(common.join(), common);
    }
  }
  const patterns: AccessPattern[] = [];
  for (const set of closed.values()) {
    const users = [...access.keys()].filter((u) => set.every((e) => access[u].includes(e)));
    if (set.length < options.minEntitlements || users.length < options.minUsers) continue;
    patterns.push({
      entitlements: Int32Array.from(set),
      userCount: users.length,
      exactUserCount: users.filter((u) => access[u].length === set.length).length,
      sampleUsers: Int32Array.from(users.slice(0, 10)),
    });
  }
  const area = (p: AccessPattern): number => p.userCount * p.entitlements.length;
  patterns.sort((a, b) => area(b) - area(a) || compare([...a.entitlements], [...b.entitlements]));
  return patterns.slice(0, options.limit);
}

function compare(a: number[], b: number[]): number {
  const at = a.findIndex((value, k) => value !== b[k]);
  return at < 0 ? a.length - b.length : at >= b.length ? 1 : a[at] - b[at];
}

/** Few distinct rows and columns repeated: identical users and entitlements are the common case in real data. */
const organisations = fc
  .record({
    entitlementCount: fc.integer({ min: 1, max: 9 }),
    density: fc.integer({ min: 10, max: 95 }),
    distinct: fc.integer({ min: 1, max: 9 }),
    users: fc.integer({ min: 0, max: 40 }),
  })
  .chain(({ entitlementCount, density, distinct, users }) =>
    fc.record({
      entitlementCount: fc.constant(entitlementCount),
      kinds: fc.array(
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: entitlementCount, maxLength: entitlementCount }),
        { minLength: distinct, maxLength: distinct },
      ),
      kindOfUser: fc.array(fc.nat(distinct - 1), { minLength: users, maxLength: users }),
      density: fc.constant(density),
    }),
  )
  .map(({ entitlementCount, kinds, kindOfUser, density }) => {
    const lists = kinds.map((kind) => [...kind.keys()].filter((e) => kind[e] <= density));
    return { entitlementCount, rows: kindOfUser.map((kind) => lists[kind]) };
  });

const optionSets = fc.record({
  minUsers: fc.integer({ min: 1, max: 6 }),
  minEntitlements: fc.integer({ min: 1, max: 4 }),
  limit: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(Infinity)),
});

describe.each(implementations)('minePatterns in $implementation', ({ kernels }) => {
  const mine = (matrix: AccessMatrix, options: Partial<PatternOptions> = {}): readonly AccessPattern[] =>
    minePatterns(matrix, { ...everything, ...options }, {}, kernels);

  it('finds what brute force finds, in the same order, for any thresholds and limit', () => {
    fc.assert(
      fc.property(organisations, optionSets, ({ rows, entitlementCount }, options) => {
        expect(mine(accessMatrixFromLists(rows, entitlementCount), options)).toEqual(bruteForce(rows, options));
      }),
      { numRuns: 1000 },
    );
  });

  it('finds nothing where there is nothing', () => {
    expect(mine(accessMatrixFromLists([], 0))).toEqual([]);
    expect(mine(accessMatrixFromLists([], 5), { limit: 3 })).toEqual([]);
    expect(mine(accessMatrixFromLists([[], []], 3))).toEqual([]);
  });

  it('takes all of a single user', () => {
    expect(mine(accessMatrixFromLists([[2, 0]], 3))).toEqual([
      { entitlements: Int32Array.of(0, 2), userCount: 1, exactUserCount: 1, sampleUsers: Int32Array.of(0) },
    ]);
  });

  it('takes a single entitlement when sets of one are asked for', () => {
    const matrix = accessMatrixFromLists([[0], [], [0]], 1);
    expect(mine(matrix)).toEqual([
      { entitlements: Int32Array.of(0), userCount: 2, exactUserCount: 2, sampleUsers: Int32Array.of(0, 2) },
    ]);
    expect(mine(matrix, { minEntitlements: 2 })).toEqual([]);
  });

  it('finds the one set of a full matrix and samples ten of its users', () => {
    const rows = Array.from({ length: 15 }, () => [0, 1, 2, 3]);
    expect(mine(accessMatrixFromLists(rows, 4), { limit: 5 })).toEqual([
      {
        entitlements: Int32Array.of(0, 1, 2, 3),
        userCount: 15,
        exactUserCount: 15,
        sampleUsers: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
      },
    ]);
  });

  it('finds a set per user in an identity matrix and decides ties by entitlement', () => {
    const rows = Array.from({ length: 50 }, (_, u) => [49 - u]);
    const patterns = mine(accessMatrixFromLists(rows, 50), { limit: 20 });
    expect(patterns.map((p) => [...p.entitlements])).toEqual(Array.from({ length: 20 }, (_, e) => [e]));
    expect(mine(accessMatrixFromLists(rows, 50), { minUsers: 2 })).toEqual([]);
  });

  it('includes an entitlement that everyone holds in every set', () => {
    const patterns = mine(accessMatrixFromLists([[0, 1], [0, 2], [0]], 3));
    expect(patterns.map((p) => [...p.entitlements])).toEqual([[0], [0, 1], [0, 2]]);
    expect(patterns[0]).toMatchObject({ userCount: 3, exactUserCount: 1 });
  });

  it('finds nothing when the thresholds are larger than the data', () => {
    const matrix = accessMatrixFromLists(
      [
        [0, 1],
        [0, 1],
      ],
      2,
    );
    expect(mine(matrix, { minUsers: 3 })).toEqual([]);
    expect(mine(matrix, { minEntitlements: 3 })).toEqual([]);
    expect(mine(matrix, { minUsers: 2 ** 31 - 1, limit: 10 })).toEqual([]);
  });

  it.each([
    [{ minUsers: 0 }, /^minUsers must be a whole number of at least 1, got 0$/],
    [{ minEntitlements: 1.5 }, /^minEntitlements must be/],
    [{ limit: 0 }, /^limit must be/],
    [{ limit: NaN }, /^limit must be/],
  ])('refuses %j', (options, message) => {
    expect(() => mine(accessMatrixFromLists([[0]], 1), options)).toThrow(message);
  });

  it('returns what it has when cancelled, all of it true', () => {
    const rows = Array.from({ length: 12 }, (_, u) => [...Array(12).keys()].filter((e) => e !== u));
    const matrix = accessMatrixFromLists(rows, 12);
    let asked = 0;
    const some = minePatterns(matrix, everything, { isCancelled: () => ++asked > 5 }, kernels);
    const all = new Map(mine(matrix).map((p) => [p.entitlements.join(), p]));
    expect(all.size).toBe(2 ** 12 - 2);
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(all.size);
    for (const pattern of some) expect(pattern).toEqual(all.get(pattern.entitlements.join()));
  });

  it('describes only a few of many sets with hundreds of generators once it is cancelled', () => {
    const rows = Array.from({ length: 700 }, (_, u) => [...Array(700).keys()].filter((e) => e !== u));
    let asked = 0;
    const limit = 100_000;
    const some = minePatterns(
      accessMatrixFromLists(rows, 700),
      { minUsers: 1, minEntitlements: 1, limit },
      { isCancelled: () => ++asked > 20 },
      kernels,
    );
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(1000);
    for (const { entitlements, userCount } of some) expect(entitlements.length + userCount).toBe(700);
  });
});

/** Closed sets with support ≥ 3 and size ≥ 2. */
const closedSetCounts: [string, number][] = [
  ['hc', 27],
  ['domino', 40],
  ['fire1', 234],
  ['emea', 635],
  ['apj', 246],
  ['americas_small', 2531],
];

const onDatasets = existsSync(DATASETS) ? describe : describe.skip;
onDatasets.each(implementations)(
  'minePatterns in $implementation on ../shared/datasets (skipped where they are absent)',
  ({ kernels }) => {
    const mine = (matrix: AccessMatrix, options: Partial<PatternOptions> = {}): readonly AccessPattern[] =>
      minePatterns(matrix, { ...everything, ...options }, {}, kernels);

    it.each(closedSetCounts)('lists the closed sets of %s', (name, count) => {
      const matrix = readDataset(name);
      const all = mine(matrix, { minUsers: 3, minEntitlements: 2 });
      expect(all).toHaveLength(count);
      for (const limit of [1, 10, 100, 1000]) {
        expect(mine(matrix, { minUsers: 3, minEntitlements: 2, limit })).toEqual(all.slice(0, limit));
      }
    });
  },
);

/** `user permission` pairs, ids from 1. */
function readDataset(name: string): AccessMatrix {
  const rows: number[][] = [];
  let entitlementCount = 0;
  for (const line of readFileSync(new URL(`${name}.txt`, DATASETS), 'utf8')
    .trim()
    .split('\n')) {
    const [user, entitlement] = line.split(' ').map(Number);
    (rows[user - 1] ??= []).push(entitlement - 1);
    entitlementCount = Math.max(entitlementCount, entitlement);
  }
  return accessMatrixFromLists(
    Array.from(rows, (row) => row ?? []),
    entitlementCount,
  );
}
