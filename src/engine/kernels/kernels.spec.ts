import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { accessMatrixFromLists, type AccessMatrix } from '../matrix/access-matrix.js';
import type { PatternOptions } from '../patterns/access-pattern.js';
import { minePatterns } from '../patterns/mine-patterns.js';
import { instantiateKernels } from './kernels.js';

const kernels = instantiateKernels(
  new Uint8Array(readFileSync(new URL('../../../build/engine-kernels.wasm', import.meta.url))),
);

function expectSameAsReference(matrix: AccessMatrix, options: PatternOptions): void {
  expect(minePatterns(matrix, options, {}, kernels)).toEqual(minePatterns(matrix, options, {}));
}

/**
 * Shapes that lead the kernel into each of its representations: few rows; many rows and dense columns; many rows and
 * sparse ones. `minShare` keeps the number of closed sets in hand.
 */
const shapes = fc.constantFrom(
  { users: 40, entitlements: 60, density: 0.3, minShare: 0.1 },
  { users: 150, entitlements: 14, density: 0.6, minShare: 0.02 },
  { users: 400, entitlements: 30, density: 0.4, minShare: 0.06 },
  { users: 900, entitlements: 40, density: 0.25, minShare: 0.02 },
  { users: 600, entitlements: 250, density: 0.02, minShare: 0.004 },
  { users: 1500, entitlements: 400, density: 0.015, minShare: 0.003 },
);

interface Organisation {
  readonly rows: readonly (readonly number[])[];
  readonly entitlements: number;
  readonly minUsers: number;
}

/** Users copy each other (weights above 1), entitlements differ in how common they are, some come in bundles. */
const organisations: fc.Arbitrary<Organisation> = fc
  .tuple(shapes, fc.noShrink(fc.integer()))
  .map(([{ users, entitlements, density, minShare }, seed]) => {
    const random = randomNumbers(seed);
    const chance = Array.from({ length: entitlements }, () => density * (0.3 + 1.4 * random()));
    const rows: number[][] = [];
    while (rows.length < users) {
      const row = [...chance.keys()].filter((e) => random() < chance[e]);
      if (random() < 0.3) row.push(0, 1, 2);
      const copies = random() < 0.2 ? 1 + Math.floor(random() * 40) : 1;
      for (let copy = 0; copy < copies; copy++) rows.push(row);
    }
    return { rows, entitlements, minUsers: Math.max(1, Math.round(users * minShare)) };
  });

function randomNumbers(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

describe('findClosedSets in WebAssembly', () => {
  it('finds the same as the reference, in every representation', () => {
    fc.assert(
      fc.property(
        organisations,
        fc.constantFrom(1, 20, 1000, Infinity),
        fc.integer({ min: 1, max: 3 }),
        ({ rows, entitlements, minUsers }, limit, minEntitlements) => {
          expectSameAsReference(accessMatrixFromLists(rows, entitlements), { minUsers, minEntitlements, limit });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('stops when cancelled and keeps what it has', () => {
    const size = 200;
    const rows = Array.from({ length: size }, (_, u) => [...Array(size).keys()].filter((e) => (e * 7 + u * u) % 5 > 0));
    const matrix = accessMatrixFromLists(rows, size);
    let asked = 0;
    const options = { minUsers: 1, minEntitlements: 1, limit: 50_000_000 };
    const some = minePatterns(matrix, options, { isCancelled: () => ++asked > 3 }, kernels);
    expect(asked).toBeLessThan(10);
    for (const { entitlements, userCount } of some.slice(0, 100)) {
      expect(rows.filter((row) => entitlements.every((e) => row.includes(e)))).toHaveLength(userCount);
    }
  });
});
