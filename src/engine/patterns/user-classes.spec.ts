import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessMatrixFromLists } from '../matrix/access-matrix.js';
import { bySupport, frequentMatrix } from './frequent-matrix.js';
import { refineClasses, userClasses, userClassesTask, type UserClasses } from './user-classes.js';

const ENTITLEMENTS = 12;

/** Enough users for several parts: each of one of some kinds. */
const organisations = fc
  .record({
    kinds: fc.array(fc.uniqueArray(fc.nat(ENTITLEMENTS - 1), { maxLength: 8 }), { minLength: 1, maxLength: 40 }),
    users: fc.integer({ min: 1, max: 3000 }),
    step: fc.integer({ min: 1, max: 97 }),
  })
  .map(({ kinds, users, step }) =>
    Array.from({ length: users }, (_, user) => kinds[(user * step + (user >> 7)) % kinds.length]),
  );

function refine(classes: UserClasses, counted: number[], added: number[], ranked: Int32Array): void {
  const ranks = new Int32Array(ENTITLEMENTS).fill(-1);
  ranked.forEach((e, rank) => (ranks[e] = rank));
  const task = userClassesTask(classes, Int32Array.from(counted), Int32Array.from(added), ranks);
  for (let part = 0; part < task.partCount; part++) refineClasses(task, part);
}

const key = (row: readonly number[], wanted: readonly number[]): string => wanted.filter((e) => row.includes(e)).join();

describe('userClasses', () => {
  it('are divided within each part by what has been taken up, at once or bit by bit', () => {
    fc.assert(
      fc.property(
        organisations,
        fc.subarray([...Array(ENTITLEMENTS).keys()]),
        fc.nat(ENTITLEMENTS),
        (rows, all, cut) => {
          const matrix = accessMatrixFromLists(rows, ENTITLEMENTS);
          const classes = userClasses(matrix);
          const ranked = bySupport(matrix, Int32Array.from(all));
          refine(classes, all.slice(0, cut), all.slice(0, cut), ranked);
          refine(classes, all.slice(cut), all.slice(cut), ranked);

          const expected = new Map<string, number>();
          rows.forEach((row, user) => {
            const name = `${Math.floor(user / classes.partSize)}:${key(row, all)}`;
            expected.set(name, (expected.get(name) ?? 0) + 1);
          });
          expect([...classes.masses]).toEqual(rows.map((row) => all.filter((e) => row.includes(e)).length));
          const members = rows.map((_, user) => classes.members[classes.classOfUser[user]]);
          expect(members.map((user) => key(rows[user], all))).toEqual(rows.map((row) => key(row, all)));
          expect(classes.classCounts.reduce((sum, count) => sum + count)).toBe(expected.size);
          const sizes = [...classes.classCounts].flatMap((count, part) => [
            ...classes.sizes.subarray(part * classes.partSize, part * classes.partSize + count),
          ]);
          expect(sizes.sort()).toEqual([...expected.values()].sort());
        },
      ),
      { numRuns: 25 },
    );
  });

  it('are put together to distinct rows and columns that stand for all users and entitlements', () => {
    fc.assert(
      fc.property(organisations, fc.subarray([...Array(ENTITLEMENTS).keys()], { minLength: 1 }), (rows, all) => {
        const matrix = accessMatrixFromLists(rows, ENTITLEMENTS);
        const held = all.filter((e) => rows.some((row) => row.includes(e)));
        const classes = userClasses(matrix);
        const ranked = bySupport(matrix, Int32Array.from(held));
        refine(classes, held, held, ranked);
        const frequent = frequentMatrix(classes, ranked);

        const weights = new Map<string, number>();
        for (const row of rows) weights.set(key(row, held), (weights.get(key(row, held)) ?? 0) + 1);
        const names = new Set<string>();
        for (let row = 0; row < frequent.rowCount; row++) {
          const user = frequent.rowUsers[row];
          const name = key(rows[user], held);
          names.add(name);
          expect(frequent.rowWeights[row]).toBe(weights.get(name));
          expect(frequent.rowMasses[row]).toBe(held.filter((e) => rows[user].includes(e)).length);
          const columns = frequent.rowColumns.subarray(frequent.rowOffsets[row], frequent.rowOffsets[row + 1]);
          expect(held.filter((e) => columns.includes(frequent.entitlementColumns[e])).join()).toBe(name);
        }
        expect(names.size).toBe(frequent.rowCount);
        const kinds = new Set(held.map((e) => rows.map((row) => (row.includes(e) ? 1 : 0)).join('')));
        expect(frequent.columnCount).toBe(kinds.size);
        expect(frequent.columnMultiplicities.reduce((sum, count) => sum + count, 0)).toBe(held.length);
      }),
      { numRuns: 10 },
    );
  });
});
