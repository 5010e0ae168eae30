import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maximalBlocks } from './maximal-blocks.js';
import { UnusableInputError } from './verification.error.js';

describe('maximalBlocks', () => {
  it('lists every block that nothing can be added to, once', () => {
    const rows = fc.array(fc.uniqueArray(fc.constantFrom(0, 1, 2, 31, 32, 40), { minLength: 1 }), { maxLength: 7 });
    fc.assert(
      fc.property(rows, (lists) => {
        const sets = lists.map((list) => new Set(list));
        const wanted = new Map<string, number[]>();
        for (let chosen = 1; chosen < 1 << sets.length; chosen++) {
          const group = sets.filter((_, user) => (chosen >> user) & 1);
          const common = [...group[0]].filter((each) => group.every((set) => set.has(each))).sort((a, b) => a - b);
          if (common.length === 0) continue;
          wanted.set(
            common.join(),
            [...sets.keys()].filter((user) => common.every((each) => sets[user].has(each))),
          );
        }
        const found = maximalBlocks(sets, 41);

        expect(new Map(found.map(({ users, entitlements }) => [entitlements.join(), users]))).toEqual(wanted);
        expect(found).toHaveLength(wanted.size);
      }),
    );
  });

  it('says when there are too many', () => {
    const size = 18;
    const everything = Array.from({ length: size }, (_, each) => each);
    const rows = everything.map((user) => new Set(everything.filter((each) => each !== user)));

    expect(() => maximalBlocks(rows, size)).toThrow(UnusableInputError);
  });
});
