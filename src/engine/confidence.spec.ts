import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { confidence, NearMissCounter } from './confidence.js';
import { accessMatrixFromLists } from './matrix/access-matrix.js';

const matrix = accessMatrixFromLists([[0, 1, 2], [0, 1, 2, 3], [0, 1], [0, 2], [0, 1], [0], [3], []], 4);

describe('NearMissCounter', () => {
  it('counts members and, per entitlement, the users who lack only that one', () => {
    expect(new NearMissCounter(matrix).count(Int32Array.of(2, 0, 1))).toMatchObject({
      members: Int32Array.of(0, 1),
      lackingOne: Int32Array.of(2, 0, 1),
      lackingTwo: 1,
    });
  });

  it('counts users who hold nothing as lacking the only entitlement, or both of two', () => {
    expect(new NearMissCounter(matrix).count(Int32Array.of(0))).toMatchObject({
      members: Int32Array.of(0, 1, 2, 3, 4, 5),
      lackingOne: Int32Array.of(2),
      lackingTwo: 0,
    });
    expect(new NearMissCounter(matrix).count(Int32Array.of(0, 1)).lackingTwo).toBe(2);
  });

  it('looks at the rows of the holders of the three rarest, or at all columns when these are shorter', () => {
    const counter = new NearMissCounter(matrix);
    // 6, 4, 3 and 2 of the 8 users hold them, with 15 assignments together.
    const workOf = (...entitlements: number[]): number => {
      const before = counter.work;
      counter.count(Int32Array.from(entitlements));
      return counter.work - before;
    };
    expect(workOf(3)).toBe((2 * 15) / 8);
    expect(workOf(0, 1, 2, 3)).toBe(((4 + 3 + 2) * 15) / 8);
    expect(workOf(3, 2, 1, 0)).toBe(((4 + 3 + 2) * 15) / 8);
    expect(workOf(0, 1, 2)).toBe(6 + 4 + 3 + 8);
  });

  it('agrees with a count of every user, on random access and sets, rare and common', () => {
    const all = [...Array(10).keys()];
    // Few hold much: rows are looked at. All hold much: columns are.
    const sparse = fc.array(fc.uniqueArray(fc.nat(9), { maxLength: 3 }), { maxLength: 60 });
    const dense = fc
      .tuple(
        fc.array(fc.uniqueArray(fc.nat(9), { maxLength: 10 }), { maxLength: 30 }),
        fc.array(fc.constant(all), { maxLength: 30 }),
      )
      .map(([some, everything]) => [...some, ...everything]);
    const set = fc.oneof(
      fc.shuffledSubarray(all, { minLength: 1 }),
      fc.shuffledSubarray(all, { minLength: 1, maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.oneof(sparse, dense), set, (users, set) => {
        const counter = new NearMissCounter(accessMatrixFromLists(users, 10));
        const lacking = users.map((row) => set.filter((entitlement) => !row.includes(entitlement)));

        // Twice: nothing is left over from one count for the next.
        counter.count(Int32Array.from(set));
        expect(counter.count(Int32Array.from(set))).toEqual({
          members: Int32Array.from(users.keys()).filter((user) => lacking[user].length === 0),
          lackingOne: Int32Array.from(set, (e) => lacking.filter((of) => of.length === 1 && of[0] === e).length),
          lackingTwo: lacking.filter(({ length }) => length === 2).length,
        });
      }),
    );
  });
});

describe('confidence', () => {
  it('is the share of members among those who hold all but the weakest entitlement', () => {
    expect(confidence(new NearMissCounter(matrix).count(Int32Array.of(0, 1, 2)))).toBe(2 / 4);
  });

  it('is the share of all users for one entitlement', () => {
    expect(confidence(new NearMissCounter(matrix).count(Int32Array.of(3)))).toBe(2 / 8);
  });

  it('goes by the weakest entitlement, wherever it stands in the set', () => {
    const members = Int32Array.of(4, 5);
    for (const lackingOne of [
      [6, 1, 0],
      [1, 6, 0],
      [0, 1, 6],
    ]) {
      expect(confidence({ members, lackingOne: Int32Array.from(lackingOne), lackingTwo: 9 })).toBe(2 / 8);
    }
  });

  it('is 0 for a set that nobody holds', () => {
    expect(confidence({ members: Int32Array.of(), lackingOne: Int32Array.of(0, 0), lackingTwo: 0 })).toBe(0);
    expect(confidence(new NearMissCounter(accessMatrixFromLists([[0], [1]], 2)).count(Int32Array.of(0, 1)))).toBe(0);
  });
});
