import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessMatrixFromLists } from '../matrix/access-matrix.js';
import { reduceMatrix } from '../matrix/reduce.js';
import { SearchMeter } from '../role-set/search/search-meter.js';
import { WeightedUpa } from '../role-set/search/weighted-upa.js';
import { boundComplexity, type BoundOptions, type ComplexityBound } from './bound-complexity.js';

const DATASETS = '../shared/datasets';
const MILLION = 1_000_000n;

const nothingKnown = { seed: 0, knownRoles: [], knownComplexity: Infinity };

function matrices(maxUsers: number, maxPermissions: number): fc.Arbitrary<{ lists: number[][]; permissions: number }> {
  return fc
    .integer({ min: 1, max: maxPermissions })
    .chain((permissions) =>
      fc
        .array(fc.uniqueArray(fc.integer({ min: 0, max: permissions - 1 })), { maxLength: maxUsers })
        .map((lists) => ({ lists, permissions })),
    );
}

function upaOf(lists: readonly (readonly number[])[], permissions: number): WeightedUpa {
  return new WeightedUpa(reduceMatrix(accessMatrixFromLists(lists, permissions)));
}

function bound(upa: WeightedUpa, options: BoundOptions, steps = 2000): ComplexityBound {
  const found = boundComplexity(upa, options, new SearchMeter({}, steps));
  if (found.lowerBound === null) throw new Error(found.reason);
  return found;
}

/** Some roles of the matrix, for the values to begin with: a few users each with all that they have in common. */
function someRoles(upa: WeightedUpa, picks: readonly (readonly number[])[]): BoundOptions['knownRoles'] {
  if (upa.userCount === 0) return [];
  return picks.flatMap((pick) => {
    const users = [...new Set(pick.map((each) => each % upa.userCount))];
    const permissions = Array.from({ length: upa.permissionCount }, (_, permission) => permission).filter(
      (permission) => users.every((user) => upa.edgeOf(user, permission) >= 0),
    );
    return permissions.length === 0 ? [] : [{ users, permissions }];
  });
}

/** Tries all: the cheapest cover of the matrix as it is, by bicliques and perhaps direct assignments. */
function leastComplexity(lists: readonly (readonly number[])[], withDirect: boolean): number {
  const edges = lists.flatMap((list, user) => list.map((permission) => ({ user, permission })));
  const pieces: { mask: number; cost: number }[] = withDirect ? edges.map((_, i) => ({ mask: 1 << i, cost: 1 })) : [];
  for (let set = 1; set < 1 << lists.length; set++) {
    const users = lists.flatMap((_, user) => ((set >> user) & 1 ? [user] : []));
    const common = lists[users[0]].filter((permission) => users.every((user) => lists[user].includes(permission)));
    for (let subset = 1; subset < 1 << common.length; subset++) {
      const permissions = common.filter((_, i) => (subset >> i) & 1);
      const mask = edges.reduce(
        (bits, { user, permission }, i) =>
          users.includes(user) && permissions.includes(permission) ? bits | (1 << i) : bits,
        0,
      );
      pieces.push({ mask, cost: 1 + users.length + permissions.length });
    }
  }
  const all = (1 << edges.length) - 1;
  const least = new Float64Array(all + 1).fill(Infinity);
  least[0] = 0;
  for (let covered = 0; covered < all; covered++) {
    const next = ~covered & -~covered;
    for (const { mask, cost } of pieces) {
      if (mask & next) least[covered | mask] = Math.min(least[covered | mask], least[covered] + cost);
    }
  }
  return least[all];
}

/** Checks the values against every biclique there is, in whole numbers of any size. */
function expectValid(upa: WeightedUpa, values: Float64Array, withDirect: boolean): void {
  values.forEach((value, edge) => {
    expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
    if (withDirect) expect(value).toBeLessThanOrEqual(upa.edgeWeights[edge] * Number(MILLION));
  });
  for (let set = 1; set < 1 << upa.userCount; set++) {
    const users = Array.from({ length: upa.userCount }, (_, user) => user).filter((user) => (set >> user) & 1);
    const userCost = users.reduce((sum, user) => sum + upa.userWeights[user], 1);
    // Of the permissions that they share, the worst subset is that of those worth more than their weight.
    let excess = -BigInt(userCost) * MILLION;
    for (let permission = 0; permission < upa.permissionCount; permission++) {
      if (users.some((user) => upa.edgeOf(user, permission) < 0)) continue;
      const worth = users.reduce((sum, user) => sum + BigInt(values[upa.edgeOf(user, permission)]), 0n);
      const gain = worth - BigInt(upa.permissionWeights[permission]) * MILLION;
      if (gain > 0n) excess += gain;
    }
    expect(excess <= 0n).toBe(true);
  }
}

describe('boundComplexity', () => {
  it('never exceeds the least complexity that brute force finds', () => {
    fc.assert(
      fc.property(fc.oneof(matrices(3, 4), matrices(4, 3)), fc.boolean(), ({ lists, permissions }, withDirect) => {
        const { lowerBound } = bound(upaOf(lists, permissions), { ...nothingKnown, withDirect });
        expect(lowerBound).toBeLessThanOrEqual(leastComplexity(lists, withDirect));
      }),
      { numRuns: 150 },
    );
  });

  it('gives valid values that add up to the bound, whatever they began with and whenever they were stopped', () => {
    const picks = fc.array(fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }), { maxLength: 4 });
    fc.assert(
      fc.property(
        matrices(9, 9),
        fc.boolean(),
        picks,
        fc.integer({ min: 5, max: 500 }),
        ({ lists, permissions }, withDirect, picked, steps) => {
          const upa = upaOf(lists, permissions);
          const knownRoles = someRoles(upa, picked);
          const found = boundComplexity(
            upa,
            { seed: steps, withDirect, knownRoles, knownComplexity: Infinity },
            new SearchMeter({}, steps),
          );
          if (found.lowerBound === null) return;
          expectValid(upa, found.values, withDirect);
          const sum = found.values.reduce((total, value) => total + value, 0) / Number(MILLION);
          expect(found.lowerBound).toBeGreaterThanOrEqual(sum - 1e-9);
          expect(found.lowerBound).toBeLessThan(sum + Math.max(1, upa.userCount));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is the complexity itself where the roles are plain', () => {
    const blocks = [...Array<number[]>(4).fill([0, 1, 2]), ...Array<number[]>(3).fill([3, 4]), [5]];
    const upa = upaOf(blocks, 6);

    expect(bound(upa, { ...nothingKnown, withDirect: false }).lowerBound).toBe(8 + 6 + 3);
    expect(bound(upa, { ...nothingKnown, withDirect: true }).lowerBound).toBe(8 + 6 + 1);
  });

  it('is rounded up for every part of the matrix that nothing connects', () => {
    const gap = [
      [2, 3],
      [0, 1, 3],
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3],
      [0, 1, 2],
    ];
    const alone = bound(upaOf(gap, 5), { ...nothingKnown, withDirect: false });
    const twice = [...gap, ...gap.map((list) => list.map((permission) => permission + 5))];
    const sum = alone.values.reduce((total, value) => total + value, 0) / Number(MILLION);

    expect(Math.ceil(2 * sum)).toBeLessThan(2 * alone.lowerBound);
    expect(bound(upaOf(twice, 10), { ...nothingKnown, withDirect: false }).lowerBound).toBe(2 * alone.lowerBound);
  });

  it('is 0 for a matrix without assignments', () => {
    expect(bound(upaOf([[], []], 2), { ...nothingKnown, withDirect: false })).toEqual({
      lowerBound: 0,
      values: new Float64Array(0),
    });
  });

  it('stops as soon as it meets the complexity of a known solution', () => {
    const upa = upaOf(
      Array.from({ length: 12 }, (_, user) => [user, (user + 1) % 12, (user + 5) % 12]),
      12,
    );
    const stepsUpTo = (knownComplexity: number): number => {
      const meter = new SearchMeter({}, 100_000);
      boundComplexity(upa, { ...nothingKnown, withDirect: true, knownComplexity }, meter);
      return meter.steps;
    };

    expect(stepsUpTo(1)).toBeLessThan(stepsUpTo(Infinity));
  });

  it('gives none when it is cancelled at once, and what it has when later', () => {
    const lists = Array.from({ length: 40 }, (_, user) =>
      Array.from({ length: 30 }, (_, permission) => permission).filter((each) => (user * 7 + each * 11) % 13 < 8),
    );
    const upa = upaOf(lists, 30);
    const after = (patience: number): ReturnType<typeof boundComplexity> => {
      let asked = 0;
      const meter = new SearchMeter({ isCancelled: () => asked++ >= patience }, Infinity);
      return boundComplexity(upa, { ...nothingKnown, withDirect: false }, meter);
    };

    expect(after(0)).toEqual({ lowerBound: null, reason: 'the search was cancelled before there was a bound' });
    expect(after(1).lowerBound).toBeLessThanOrEqual(after(1000).lowerBound ?? 0);
  });

  it('says why there is none', () => {
    const allButOne = (size: number): number[][] =>
      Array.from({ length: size }, (_, user) =>
        Array.from({ length: size }, (_, permission) => permission).filter((permission) => permission !== user),
      );
    const reasonFor = (size: number, steps: number): unknown =>
      boundComplexity(upaOf(allButOne(size), size), { ...nothingKnown, withDirect: false }, new SearchMeter({}, steps));

    // Every set of users but none and all is a maximal biclique.
    expect(reasonFor(15, Infinity)).toEqual({
      lowerBound: null,
      reason: 'there are more than 20000 maximal bicliques, or more than 4000000 assignments in them together',
    });
    expect(reasonFor(15, 1)).toEqual({
      lowerBound: null,
      reason: 'listing all maximal bicliques takes more than the budget of the bound',
    });
  });

  it('gives the same again for the same input, options and budget', () => {
    fc.assert(
      fc.property(matrices(9, 9), fc.boolean(), fc.integer(), ({ lists, permissions }, withDirect, seed) => {
        const again = (): ReturnType<typeof boundComplexity> =>
          boundComplexity(upaOf(lists, permissions), { ...nothingKnown, withDirect, seed }, new SearchMeter({}, 100));
        expect(again()).toEqual(again());
      }),
    );
  });
});

/** Least complexity known (found by searches or by mixed-integer programming), and what a short run must prove at least. */
const datasets = [
  { name: 'hc', flat: [207, 207], withDirect: [195, 195] },
  { name: 'domino', flat: [410, 410], withDirect: [378, 378] },
  { name: 'fire1', flat: [1670, 1681], withDirect: [1610, 1620] },
  { name: 'apj', flat: [4300, 4367], withDirect: [3880, 3934] },
  { name: 'emea', flat: [3600, 3798], withDirect: [3500, 3733] },
  { name: 'americas_small', flat: [6000, 7509], withDirect: [6000, 7393] },
] as const;

if (existsSync(DATASETS)) {
  describe('boundComplexity on real data', () => {
    it.each(datasets)('bounds $name by no more than the least that is known', ({ name, flat, withDirect }) => {
      const pairs = readFileSync(`${DATASETS}/${name}.txt`, 'utf8').trim().split('\n');
      const lists: number[][] = [];
      let permissions = 0;
      for (const pair of pairs) {
        const [user, permission] = pair.split(' ').map(Number);
        (lists[user - 1] ??= []).push(permission - 1);
        permissions = Math.max(permissions, permission);
      }
      const upa = upaOf(
        Array.from(lists, (list) => list ?? []),
        permissions,
      );
      for (const [direct, [least, most]] of [[false, flat] as const, [true, withDirect] as const]) {
        const { lowerBound } = bound(
          upa,
          { ...nothingKnown, withDirect: direct },
          name === 'americas_small' ? 22_000 : 12_000,
        );
        expect(lowerBound).toBeGreaterThanOrEqual(least);
        expect(lowerBound).toBeLessThanOrEqual(most);
      }
    });
  });
} else {
  describe.skip(`boundComplexity on real data: skipped, ${DATASETS} is not there`, () => {
    it.each(datasets)('bounds $name by no more than the least that is known', () => undefined);
  });
}
