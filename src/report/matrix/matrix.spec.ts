import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MatrixCells, reasonOf } from '../browser/matrix-cells.js';
import { Viewport } from '../browser/viewport.js';
import { findBlocks } from '../browser/blocks.js';
import { arrangeMatrix, type MatrixArrangement, type MatrixLimits, type MatrixSource } from './arrange-matrix.js';
import { drawUpPicture } from './draw-up-picture.js';
import type { MatrixPicture } from './matrix-picture.js';

const NO_LIMITS: MatrixLimits = { users: Infinity, entitlements: Infinity };

function sourceOf(
  rows: readonly (readonly number[])[],
  entitlementCount: number,
  roles: [number[], number[]][],
): MatrixSource {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, user) => (offsets[user + 1] = offsets[user] + row.length));
  return {
    entitlementCount,
    access: { offsets, values: Int32Array.from(rows.flat()) },
    roles: roles.map(([entitlements, users]) => ({
      entitlements: Int32Array.from(entitlements),
      users: Int32Array.from(users),
    })),
  };
}

function pictureOf(source: MatrixSource, arrangement: MatrixArrangement): MatrixPicture {
  return drawUpPicture(source, arrangement, {
    user: (user) => `u${user}`,
    userDetails: () => '',
    entitlement: (entitlement) => `e${entitlement}`,
    role: (role) => ({ name: `r${role}`, isKept: false, candidate: role }),
  });
}

const names = (indexes: Iterable<number>): string => [...indexes].join(' ');

/** Random access, and roles of random entitlements for some of those who hold them all. */
const sources = fc
  .record({
    rows: fc.array(fc.uniqueArray(fc.nat(7), { maxLength: 8 }), { minLength: 1, maxLength: 14 }),
    roles: fc.array(fc.tuple(fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 4 }), fc.func(fc.boolean())), {
      maxLength: 5,
    }),
  })
  .map(({ rows, roles }) => {
    const sorted = rows.map((row) => row.toSorted((a, b) => a - b));
    return sourceOf(
      sorted,
      8,
      roles.map(([entitlements, isGiven]) => [
        entitlements.toSorted((a, b) => a - b),
        sorted.flatMap((row, user) => (entitlements.every((e) => row.includes(e)) && isGiven(user) ? [user] : [])),
      ]),
    );
  });

describe('arrangeMatrix', () => {
  it('puts people with the same roles together, and the entitlements of a role', () => {
    const [sales, finance] = [
      [4, 5, 6],
      [0, 1],
    ];
    const source = sourceOf([sales, finance, sales, finance, sales, finance, [7]], 8, [
      [sales, [0, 2, 4]],
      [finance, [1, 3, 5]],
    ]);
    const { users, entitlements } = arrangeMatrix(source, NO_LIMITS);
    expect(names(users)).toBe('0 2 4 1 3 5 6');
    expect(names(entitlements)).toBe('0 1 4 5 6 7');
  });

  it('leaves somebody who lacks one entitlement of many among the colleagues', () => {
    const sales = [0, 1, 2, 3, 4];
    const others = Array.from({ length: 20 }, (_, other) => [5 + other]);
    const source = sourceOf([sales, ...others, [0, 1, 2, 3], sales], 25, [[sales, [0, 22]]]);
    expect(names(arrangeMatrix(source, NO_LIMITS).users.subarray(0, 3))).toBe('0 22 21');
  });

  it('draws some of many people with exactly the same access and says how many there are', () => {
    const rows = Array.from({ length: 500 }, (_, user) => (user < 490 ? [0, 1] : [2]));
    const { users, alike, isSampled } = arrangeMatrix(
      sourceOf(rows, 3, [[[0, 1], rows.slice(0, 490).map((_, user) => user)]]),
      NO_LIMITS,
    );
    expect(users.length).toBeLessThan(60);
    expect([...users].filter((user) => user >= 490)).toHaveLength(10);
    expect([alike[0], alike.at(-1), isSampled]).toEqual([490, 10, false]);
  });

  it('samples in proportion, with a member of each small role', () => {
    const userCount = 3_000;
    // Everybody differs; two departments of 2,000 and 990, and one team of ten.
    const rows = Array.from({ length: userCount }, (_, user) => [user < 2_000 ? 0 : user < 2_990 ? 1 : 2, 10 + user]);
    const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);
    const source = sourceOf(rows, 10 + userCount, [
      [[0], range(0, 2_000)],
      [[1], range(2_000, 2_990)],
      [[2], range(2_990, 3_000)],
    ]);
    const { users, isSampled } = arrangeMatrix(source, { users: 90, entitlements: 50 });
    const share = (from: number, to: number): number => [...users].filter((user) => user >= from && user < to).length;
    expect([users.length <= 90, isSampled]).toEqual([true, true]);
    expect(Math.abs(share(0, 2_000) - 60)).toBeLessThan(3);
    expect(share(2_990, 3_000)).toBeGreaterThan(0);
    expect(arrangeMatrix(source, { users: 90, entitlements: 50 }).entitlements.length).toBe(50);
  });

  it('shows each holder and each held entitlement once while there is room', () => {
    fc.assert(
      fc.property(sources, (source) => {
        const { offsets, values } = source.access;
        const { users, entitlements, holderCount } = arrangeMatrix(source, NO_LIMITS);
        const holders = Array.from(offsets.subarray(1), (_, user) => user).filter(
          (user) => offsets[user] < offsets[user + 1],
        );
        expect([...users].sort((a, b) => a - b)).toEqual(holders);
        expect(holderCount).toBe(holders.length);
        expect([...entitlements].sort((a, b) => a - b)).toEqual([...new Set(values)].sort((a, b) => a - b));
      }),
    );
  });
});

describe('the picture', () => {
  it('says of every pair exactly what is held, and by which role', () => {
    fc.assert(
      fc.property(sources, (source) => {
        const arrangement = arrangeMatrix(source, NO_LIMITS);
        const cells = new MatrixCells(pictureOf(source, arrangement));
        for (const [row, user] of arrangement.users.entries()) {
          const held = source.access.values.subarray(source.access.offsets[user], source.access.offsets[user + 1]);
          for (const [column, entitlement] of arrangement.entitlements.entries()) {
            const facts = cells.factsAt(row, column);
            const roles = source.roles.flatMap((role, index) =>
              role.users.includes(user) && role.entitlements.includes(entitlement) ? [`r${index}`] : [],
            );
            expect(facts.isHeld).toBe(held.includes(entitlement));
            expect(facts.roles.map(({ name }) => name).sort()).toEqual(facts.isHeld ? roles : []);
          }
        }
        expect(cells.columns).toHaveLength(source.access.values.length);
      }),
    );
  });

  it('does not show as held what a role would give and somebody has lost since', () => {
    const source = sourceOf([[0, 1], [0]], 2, [
      [
        [0, 1],
        [0, 1],
      ],
    ]);
    const picture = pictureOf(source, arrangeMatrix(source, NO_LIMITS));
    expect(picture.lacking).toEqual([[1, 1]]);
    expect(new MatrixCells(picture).factsAt(1, 1)).toMatchObject({ isHeld: false, roles: [] });
  });

  it('tells why', () => {
    const source = sourceOf(
      [
        [0, 1, 2],
        [0, 1],
      ],
      3,
      [
        [
          [0, 1],
          [0, 1],
        ],
      ],
    );
    const arrangement = arrangeMatrix(source, NO_LIMITS);
    const pair = (user: number, entitlement: number): object => ({
      users: [user],
      entitlements: [entitlement],
      scores: [3],
    });
    const picture = drawUpPicture(
      source,
      arrangement,
      {
        user: String,
        userDetails: String,
        entitlement: String,
        role: () => ({ name: 'Clerk', isKept: false, candidate: 0 }),
      },
      { extra: pair(0, 2) as never, missing: pair(1, 2) as never },
    );
    const cells = new MatrixCells(picture);
    expect(reasonOf(cells.factsAt(0, 0))).toBe('By Clerk');
    expect(reasonOf(cells.factsAt(0, 2))).toBe('Direct: no role explains it; probably a mistake');
    expect(reasonOf(cells.factsAt(1, 2))).toBe('Not held; probably forgotten');
  });

  it('knows where each role is a block', () => {
    const source = sourceOf([[0, 1], [2], [0, 1], [2]], 3, [
      [
        [0, 1],
        [0, 2],
      ],
      [[2], [1, 3]],
    ]);
    const cells = new MatrixCells(pictureOf(source, arrangeMatrix(source, NO_LIMITS)));
    expect(findBlocks(cells)).toEqual([
      { role: 0, row: 0, column: 1, rows: 2, columns: 2 },
      { role: 1, row: 2, column: 0, rows: 2, columns: 1 },
    ]);
  });
});

describe('Viewport', () => {
  it('stays inside whatever is zoomed and moved, and keeps the point under the finger', () => {
    const step = fc.tuple(
      fc.double({ min: 0.2, max: 5, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const view = new Viewport(300, 40);
        for (const [factor, move, share] of steps) {
          view.zoom(factor, share, share);
          view.move(move, -move);
          expect(view.left).toBeGreaterThanOrEqual(0);
          expect(view.top).toBeGreaterThanOrEqual(0);
          expect(view.left + view.width).toBeLessThanOrEqual(300 + 1e-6);
          expect(view.top + view.height).toBeLessThanOrEqual(40 + 1e-6);
        }
        view.reveal(20, 150);
        expect(view.left <= 150 && view.left + view.width >= 151).toBe(true);
        view.reset();
        view.zoom(2, 0.25, 0.75);
        expect(view.left + 0.25 * view.width).toBeCloseTo(75);
        expect(view.top + 0.75 * view.height).toBeCloseTo(30);
      }),
    );
  });
});
