import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessMatrixFromLists } from '../matrix/access-matrix.js';
import { reduceMatrix } from '../matrix/reduce.js';
import { SearchMeter } from '../role-set/search/search-meter.js';
import { WeightedUpa } from '../role-set/search/weighted-upa.js';
import { listMaximalBicliques } from './maximal-bicliques.js';

const smallMatrices = fc.integer({ min: 1, max: 8 }).chain((permissions) =>
  fc.array(fc.uniqueArray(fc.integer({ min: 0, max: permissions - 1 })), { maxLength: 8 }).map((lists) => ({
    lists,
    permissions,
  })),
);

function upaOf(lists: number[][], permissions: number): WeightedUpa {
  return new WeightedUpa(reduceMatrix(accessMatrixFromLists(lists, permissions)));
}

/** Closes every set of users by hand. */
function maximalByBruteForce(lists: readonly (readonly number[])[]): string[] {
  const found = new Set<string>();
  for (let set = 1; set < 1 << lists.length; set++) {
    const chosen = lists.filter((_, user) => (set >> user) & 1);
    const common = chosen[0].filter((permission) => chosen.every((list) => list.includes(permission)));
    if (common.length === 0) continue;
    const users = lists.flatMap((list, user) => (common.every((each) => list.includes(each)) ? [user] : []));
    found.add(JSON.stringify([users, common.sort((a, b) => a - b)]));
  }
  return [...found].sort();
}

const unlimited = (): SearchMeter => new SearchMeter({}, Infinity);

describe('listMaximalBicliques', () => {
  it('lists what brute force finds, each once, on wide and on tall matrices', () => {
    fc.assert(
      fc.property(smallMatrices, ({ lists, permissions }) => {
        const upa = upaOf(lists, permissions);
        const rows = Array.from({ length: upa.userCount }, (_, user) => [
          ...upa.rowPermissions.subarray(upa.rowOffsets[user], upa.rowOffsets[user + 1]),
        ]);
        const listed = listMaximalBicliques(upa, 1000, 100_000, unlimited()) ?? [];
        const shapes = listed.map((biclique) => JSON.stringify([[...biclique.users], [...biclique.permissions]]));
        expect(shapes.sort()).toEqual(maximalByBruteForce(rows));
      }),
      { numRuns: 300 },
    );
  });

  it('lists none when there are more than the limits allow or the budget is spent', () => {
    const upa = upaOf([[0, 1], [1, 2], [2]], 3);

    expect(listMaximalBicliques(upa, 4, 8, unlimited())).toHaveLength(4);
    expect(listMaximalBicliques(upa, 3, 8, unlimited())).toBeNull();
    expect(listMaximalBicliques(upa, 4, 7, unlimited())).toBeNull();
    expect(listMaximalBicliques(upa, 4, 8, new SearchMeter({}, 0))).toBeNull();
  });
});
