import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RankedSets } from './ranked-sets.js';

function rankedSets(sets: number[][]): RankedSets {
  const offsets = new Int32Array(sets.length + 1);
  sets.forEach((set, position) => (offsets[position + 1] = offsets[position] + set.length));
  return new RankedSets({ offsets, values: Int32Array.from(sets.flat()) });
}

function elementsOf(ranked: RankedSets, place: number): number[] {
  return [...ranked.elements.subarray(ranked.offsets[place], ranked.offsets[place + 1])];
}

const sets = fc.array(fc.uniqueArray(fc.nat(127), { maxLength: 12 }), { minLength: 2, maxLength: 10 });

describe('RankedSets', () => {
  it('orders sets by size and numbers their elements by rarity', () => {
    // 9 is in one of them, 0 in two, 5 in three; 1 to 4 and 6 to 8 are in none.
    const ranked = rankedSets([[5, 9, 0], [], [5], [0, 5]]);
    expect([ranked.count, ranked.elementCount]).toEqual([3, 10]);
    expect([...ranked.positions]).toEqual([2, 3, 0]);
    expect([0, 1, 2].map((place) => ranked.sizeOf(place))).toEqual([1, 2, 3]);
    expect([0, 1, 2].map((place) => elementsOf(ranked, place))).toEqual([[9], [8, 9], [7, 8, 9]]);
  });

  it('are the sets that were given, whatever they are', () => {
    fc.assert(
      fc.property(sets, (given) => {
        const ranked = rankedSets(given);
        const frequency = (value: number): number => given.filter((set) => set.includes(value)).length;
        const valueOf = Array.from({ length: ranked.elementCount }, (_, value) => value).sort(
          (a, b) => frequency(a) - frequency(b) || a - b,
        );
        const kept = [...given.keys()]
          .filter((position) => given[position].length > 0)
          .sort((a, b) => given[a].length - given[b].length || a - b);

        expect(ranked.elementCount).toBe(Math.max(-1, ...given.flat()) + 1);
        expect([...ranked.positions]).toEqual(kept);
        kept.forEach((position, place) => {
          const elements = elementsOf(ranked, place);
          expect(elements).toEqual(elements.toSorted((a, b) => a - b));
          expect(elements.map((element) => valueOf[element]).sort()).toEqual(given[position].toSorted());
        });
      }),
    );
  });

  it('count what two of them share, or nothing when it is less than required', () => {
    fc.assert(
      fc.property(sets, fc.integer({ min: 1, max: 8 }), (given, required) => {
        const ranked = rankedSets(given);
        for (let a = 0; a < ranked.count; a++) {
          for (let b = 0; b < ranked.count; b++) {
            const shared = elementsOf(ranked, a).filter((element) => elementsOf(ranked, b).includes(element)).length;
            expect(ranked.sharedAtLeast(required, a, b)).toBe(shared >= required ? shared : 0);
          }
        }
      }),
    );
  });

  it('know exactly how much two of them differ while there are no more elements than bits', () => {
    fc.assert(
      fc.property(sets, fc.nat(24), (given, difference) => {
        const ranked = rankedSets(given);
        for (let a = 0; a < ranked.count; a++) {
          for (let b = 0; b < ranked.count; b++) {
            const together = new Set([...elementsOf(ranked, a), ...elementsOf(ranked, b)]).size;
            const apart = 2 * together - ranked.sizeOf(a) - ranked.sizeOf(b);
            expect(ranked.mayDifferByAtMost(difference, a, b)).toBe(apart <= difference);
          }
        }
      }),
    );
  });

  it('take no two of them for more different than they are, however many elements there are', () => {
    const large = fc.uniqueArray(fc.nat(999), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(large, large, (first, second) => {
        const ranked = rankedSets([first, second]);
        const together = new Set([...first, ...second]).size;
        const apart = 2 * together - first.length - second.length;
        expect(ranked.mayDifferByAtMost(apart, 0, 1)).toBe(true);
        expect(ranked.mayDifferByAtMost(0, 0, 0)).toBe(true);
      }),
    );
  });
});
