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

  it('agrees with a count of every user, on random access and sets, rare and common', () => {
    const rows = fc.array(fc.uniqueArray(fc.nat(9), { maxLength: 10 }), { maxLength: 30 });
    // Rows that hold everything are long, so that both ways of counting are taken.
    const common = fc.array(fc.constant([...Array(10).keys()]), { maxLength: 30 });
    fc.assert(
      fc.property(rows, common, fc.shuffledSubarray([...Array(10).keys()], { minLength: 1 }), (some, all, set) => {
        const users = [...some, ...all];
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

  it('is 0 for a set that nobody holds', () => {
    expect(confidence(new NearMissCounter(accessMatrixFromLists([[0], [1]], 2)).count(Int32Array.of(0, 1)))).toBe(0);
  });
});
