import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SearchBudget } from './search-budget.js';
import { boundSetCover, columnsNeeded } from './set-cover-bound.js';
import { searchSetCover } from './set-cover-search.js';
import { setCoverOf } from './set-cover.js';

const ROWS = 9;

/** Up to 14 columns over 9 rows, every row in one of them at least. */
const setCovers = fc
  .array(fc.uniqueArray(fc.integer({ min: 0, max: ROWS - 1 }), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 14,
  })
  .map((columns) => {
    const missing = rows().filter((row) => !columns.some((column) => column.includes(row)));
    return [...columns, ...missing.map((row) => [row])].map((column) => Int32Array.from(column).sort());
  });

describe('searchSetCover', () => {
  it('finds the smallest cover and proves it', () => {
    fc.assert(
      fc.property(setCovers, (columns) => {
        const minimum = bruteForceMinimum(columns);
        const { cover, lowerBound } = searchSetCover(setCoverOf(ROWS, columns), columns.length + 1, 1e9, unlimited());

        expect(lowerBound).toBe(minimum);
        expect(cover).toHaveLength(minimum);
        expect(rows().every((row) => cover!.some((id) => columns[id].includes(row)))).toBe(true);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('shows that there is no cover below the smallest', () => {
    fc.assert(
      fc.property(setCovers, (columns) => {
        const minimum = bruteForceMinimum(columns);

        expect(searchSetCover(setCoverOf(ROWS, columns), minimum, 1e9, unlimited())).toEqual({
          cover: null,
          lowerBound: minimum,
        });
      }),
      { numRuns: 200, seed: 6 },
    );
  });

  it('gives a bound that holds when it runs out of work', () => {
    fc.assert(
      fc.property(setCovers, fc.integer({ min: 0, max: 3000 }), (columns, work) => {
        const minimum = bruteForceMinimum(columns);
        const { cover, lowerBound } = searchSetCover(setCoverOf(ROWS, columns), columns.length, work, unlimited());

        expect(lowerBound).toBeLessThanOrEqual(minimum);
        if (cover !== null) expect(cover.length).toBeGreaterThanOrEqual(minimum);
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});

describe('boundSetCover', () => {
  it('is never above the smallest cover, and its own cover never below', () => {
    fc.assert(
      fc.property(setCovers, fc.integer({ min: 1, max: 60 }), (columns, iterations) => {
        const minimum = bruteForceMinimum(columns);
        const { scaledBound, cover } = boundSetCover(setCoverOf(ROWS, columns), ROWS, iterations, unlimited());

        expect(columnsNeeded(scaledBound)).toBeLessThanOrEqual(minimum);
        expect(cover.length).toBeGreaterThanOrEqual(minimum);
        expect(rows().every((row) => cover.some((position) => columns[position].includes(row)))).toBe(true);
      }),
      { numRuns: 300, seed: 8 },
    );
  });
});

function unlimited(): SearchBudget {
  return new SearchBudget({ stepBudget: 1e9 }, {});
}

function rows(): number[] {
  return Array.from({ length: ROWS }, (_, row) => row);
}

function bruteForceMinimum(columns: readonly Int32Array[]): number {
  const masks = columns.map((column) => column.reduce((mask, row) => mask | (1 << row), 0));
  const coverable = (open: number, count: number): boolean =>
    open === 0 || (count > 0 && masks.some((mask) => mask & open & -open && coverable(open & ~mask, count - 1)));
  let minimum = 0;
  while (!coverable((1 << ROWS) - 1, minimum)) minimum++;
  return minimum;
}
