import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AccessMatrix, accessMatrixFromLists } from '../matrix/access-matrix.js';
import { SeededRandom } from '../random.js';
import { findSuspectedNoise } from './find-suspected-noise.js';
import type { SuspectedGrants } from './suspicion-list.js';

const options = { limit: 1_000_000 };

function pairsOf({ users, entitlements }: SuspectedGrants): string[] {
  return Array.from(users, (user, at) => `${user} ${entitlements[at]}`);
}

/** Forty users in each of two departments with five entitlements of their own, and three that everybody has. */
function twoDepartments(): number[][] {
  return Array.from({ length: 80 }, (_, user) => [...(user < 40 ? [0, 1, 2, 3, 4] : [5, 6, 7, 8, 9]), 10, 11, 12]);
}

const matrices = fc
  .record({
    seed: fc.integer(),
    users: fc.integer({ min: 0, max: 50 }),
    entitlements: fc.integer({ min: 0, max: 40 }),
    roles: fc.integer({ min: 0, max: 6 }),
  })
  .map(({ seed, users, entitlements, roles: roleCount }) => {
    const random = new SeededRandom(seed);
    const subset = (share: number): number[] =>
      Array.from({ length: entitlements }, (_, e) => e).filter(() => random.float() < share);
    const roles = Array.from({ length: roleCount }, () => subset(0.2));
    const rows = Array.from({ length: users }, () => [
      ...new Set([...roles.filter(() => random.float() < 0.4).flat(), ...subset(0.02)]),
    ]);
    return accessMatrixFromLists(rows, entitlements);
  });

function holds(matrix: AccessMatrix, user: number, entitlement: number): boolean {
  return matrix.rowColumns.subarray(matrix.rowOffsets[user], matrix.rowOffsets[user + 1]).includes(entitlement);
}

describe('findSuspectedNoise', () => {
  it('suspects what is planted in an otherwise regular organisation, and nothing else', () => {
    const rows = twoDepartments();
    rows[3] = rows[3].filter((entitlement) => entitlement !== 2);
    rows[50] = rows[50].filter((entitlement) => entitlement !== 11);
    rows[7].push(8);
    const { missing, extra, stoppedBy } = findSuspectedNoise(accessMatrixFromLists(rows, 13), options, {});
    expect(pairsOf(missing).sort()).toEqual(['3 2', '50 11']);
    expect(pairsOf(extra)).toEqual(['7 8']);
    expect(stoppedBy).toBe('converged');
  });

  it('finds nothing to suspect where nothing is irregular', () => {
    const { missing, extra } = findSuspectedNoise(accessMatrixFromLists(twoDepartments(), 13), options, {});
    expect(missing.users).toHaveLength(0);
    expect(extra.users).toHaveLength(0);
  });

  it('does not suspect an entitlement that many hold individually', () => {
    const rows = twoDepartments().flatMap((row) => [row, row, row, row]);
    const random = new SeededRandom(4);
    for (const row of rows) if (random.float() < 0.15) row.push(13);
    rows[9] = [...rows[9].filter((entitlement) => entitlement < 13), 7];
    const { extra } = findSuspectedNoise(accessMatrixFromLists(rows, 40), options, {});
    expect(pairsOf(extra)).toEqual(['9 7']);
  });

  it('suspects mistakes that are clustered in one department, however many they are', () => {
    const rows = twoDepartments().flatMap((row) => [row, row, row, row]);
    const planted: string[] = [];
    for (let user = 0; user < 60; user++) {
      const wrong = 5 + (user % 2);
      rows[user] = [...rows[user], wrong];
      planted.push(`${user} ${wrong}`);
    }
    const { extra } = findSuspectedNoise(accessMatrixFromLists(rows, 40), options, {});
    expect(pairsOf(extra).sort()).toEqual(planted.sort());
  });

  it('takes the same entitlement missing from some for mistakes, not for another kind of block', () => {
    const rows = twoDepartments().flatMap((row) => [row, row, row, row]);
    const planted = Array.from({ length: 12 }, (_, user) => `${user} 2`);
    for (let user = 0; user < 12; user++) rows[user] = rows[user].filter((entitlement) => entitlement !== 2);
    const { missing } = findSuspectedNoise(accessMatrixFromLists(rows, 40), options, {});
    expect(pairsOf(missing).sort()).toEqual(planted.sort());
  });

  it('names missing grants that do not exist and extra grants that do, once each, the surest first', () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const { missing, extra } = findSuspectedNoise(matrix, options, {});
        for (const [grants, isHeld] of [
          [missing, false],
          [extra, true],
        ] as const) {
          const pairs = pairsOf(grants);
          expect(new Set(pairs).size).toBe(pairs.length);
          expect(grants.users.every((user, at) => holds(matrix, user, grants.entitlements[at]) === isHeld)).toBe(true);
          expect(grants.scores.every((score, at) => score >= 0 && (at === 0 || score <= grants.scores[at - 1]))).toBe(
            true,
          );
        }
      }),
    );
  });

  it('gives the same answer every time', () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        expect(findSuspectedNoise(matrix, options, {})).toEqual(findSuspectedNoise(matrix, options, {}));
      }),
      { numRuns: 20 },
    );
  });

  it('keeps to the limit, with the surest, and says when there is more', () => {
    const rows = twoDepartments();
    for (const user of [1, 2, 3]) rows[user] = rows[user].filter((entitlement) => entitlement !== user);
    const matrix = accessMatrixFromLists(rows, 13);
    const all = findSuspectedNoise(matrix, options, {}).missing;
    const { missing, extra } = findSuspectedNoise(matrix, { limit: 2 }, {});
    expect(pairsOf(missing)).toEqual(pairsOf(all).slice(0, 2));
    expect([all.truncated, missing.truncated, extra.truncated]).toEqual([false, true, false]);
  });

  it('reports nothing when cancelled, wherever that is', () => {
    const matrix = accessMatrixFromLists(twoDepartments(), 13);
    let looks = 0;
    findSuspectedNoise(matrix, options, { isCancelled: () => ++looks < 0 });
    const total = looks;
    for (let stopAt = 1; stopAt <= total; stopAt++) {
      looks = 0;
      const result = findSuspectedNoise(matrix, options, { isCancelled: () => ++looks >= stopAt });
      expect(result.stoppedBy).toBe('cancelled');
      expect(result.missing.users.length + result.extra.users.length).toBe(0);
    }
  });

  it('reports progress that only rises, to 1', () => {
    const seen: number[] = [];
    findSuspectedNoise(accessMatrixFromLists(twoDepartments(), 13), options, { onProgress: (f) => seen.push(f) });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen[seen.length - 1]).toBe(1);
  });
});
