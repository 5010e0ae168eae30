import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { accessMatrixFromLists } from '../matrix/access-matrix.js';
import { minePatterns } from '../patterns/mine-patterns.js';
import { instantiateKernels } from './kernels.js';

const bytes = new Uint8Array(readFileSync(new URL('../../../build/engine-kernels.wasm', import.meta.url)));

const representations = [
  { name: 'as they fit', tuning: undefined },
  { name: 'lists only', tuning: { maxBitRows: 0, verticalCost: Infinity, minPackFactor: 4 } },
  { name: 'words of bits, never packed', tuning: { maxBitRows: 0, verticalCost: 0, minPackFactor: 1000 } },
  { name: 'words of bits, packed at once', tuning: { maxBitRows: 0, verticalCost: 0, minPackFactor: 1 } },
  { name: 'lists, then one word', tuning: { maxBitRows: 64, verticalCost: Infinity, minPackFactor: 4 } },
];

/** Few and many users, columns dense and sparse. `minShare` keeps the number of closed sets in hand. */
const shapes = fc.constantFrom(
  { users: 40, entitlements: 60, roles: 20, rolesPerUser: 4, noise: 0.05, minShare: 0.1 },
  { users: 1200, entitlements: 20, roles: 8, rolesPerUser: 2, noise: 0.2, minShare: 0.04 },
  { users: 700, entitlements: 24, roles: 10, rolesPerUser: 4, noise: 0.05, minShare: 0.05 },
  { users: 600, entitlements: 150, roles: 60, rolesPerUser: 3, noise: 0.006, minShare: 0.01 },
);

interface Organisation {
  readonly rows: readonly (readonly number[])[];
  readonly entitlements: number;
  readonly minUsers: number;
}

/**
 * Users hold a few overlapping roles, the first of which are common, and something more at random: some entitlements
 * imply others (forbidden columns matter), others nearly do. Some users are copied (weights above 1).
 */
const organisations: fc.Arbitrary<Organisation> = fc
  .tuple(shapes, fc.noShrink(fc.integer()))
  .map(([{ users, entitlements, roles, rolesPerUser, noise, minShare }, seed]) => {
    const random = randomNumbers(seed);
    const below = (n: number): number => Math.floor(random() * n);
    const bundles = Array.from({ length: roles }, () =>
      Array.from({ length: 1 + below(6) }, () => below(entitlements)),
    );
    const rows: number[][] = [];
    while (rows.length < users) {
      const row: number[] = [];
      for (let role = 0; role < rolesPerUser; role++) row.push(...bundles[Math.floor(random() ** 2 * roles)]);
      for (let e = 0; e < entitlements; e++) if (random() < noise) row.push(e);
      const copies = random() < 0.02 ? 1 + below(40) : 1;
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
  it.each(representations)('finds the same as the reference: $name', ({ tuning }) => {
    const kernels = instantiateKernels(bytes, tuning);
    fc.assert(
      fc.property(
        organisations,
        fc.constantFrom(1, 20, 500, Infinity),
        fc.integer({ min: 1, max: 3 }),
        ({ rows, entitlements, minUsers }, limit, minEntitlements) => {
          const matrix = accessMatrixFromLists(rows, entitlements);
          const options = { minUsers, minEntitlements, limit };
          expect(minePatterns(matrix, options, {}, kernels)).toEqual(minePatterns(matrix, options, {}));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('stops when cancelled and keeps what it has', () => {
    const size = 200;
    const rows = Array.from({ length: size }, (_, u) => [...Array(size).keys()].filter((e) => (e * 7 + u * u) % 5 > 0));
    const matrix = accessMatrixFromLists(rows, size);
    let asked = 0;
    const options = { minUsers: 1, minEntitlements: 1, limit: 50_000_000 };
    const some = minePatterns(matrix, options, { isCancelled: () => ++asked > 3 }, instantiateKernels(bytes));
    expect(asked).toBeLessThan(10);
    for (const { entitlements, userCount } of some.slice(0, 100)) {
      expect(rows.filter((row) => entitlements.every((e) => row.includes(e)))).toHaveLength(userCount);
    }
  });

  it('falls back to the reference when its memory runs out, at once or in the middle', () => {
    const random = randomNumbers(7);
    const rows = Array.from({ length: 3000 }, () => [...Array(30).keys()].filter((e) => random() < 0.1 + e / 100));
    const matrix = accessMatrixFromLists(rows, 30);
    const options = { minUsers: 100, minEntitlements: 1, limit: 500 };
    const expected = minePatterns(matrix, options, {});
    // At 9 pages some roots still fit.
    for (const pages of [1, 8, 9]) {
      const kernels = instantiateKernels(withMaximumMemory(pages), {
        maxBitRows: 0,
        verticalCost: 0,
        minPackFactor: 1000,
      });
      expect(minePatterns(matrix, options, {}, kernels)).toEqual(expected);
    }
  });
});

/** The module with another limit to its memory, which its memory section (number 5) states after flag and minimum. */
function withMaximumMemory(pages: number): Uint8Array<ArrayBuffer> {
  const patched = bytes.slice();
  let at = 8;
  const readInteger = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = patched[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  for (;;) {
    const section = patched[at++];
    const length = readInteger();
    if (section !== 5) {
      at += length;
      continue;
    }
    at += 2;
    readInteger();
    // Two bytes hold the limit, as they did before.
    patched[at] = (pages & 127) | 128;
    patched[at + 1] = pages >> 7;
    return patched;
  }
}
