import type { AccessMatrix } from '../matrix/access-matrix.js';

/** For each set (ascending entitlements, all distinct) the number of users whose access is exactly it. O(assignments). */
export function countExactUsers(matrix: AccessMatrix, sets: readonly Int32Array[]): Int32Array {
  const setsByHash = new Map<number, number[]>();
  const lengths = new Set<number>();
  sets.forEach((set, index) => {
    lengths.add(set.length);
    const hash = hashRange(set, 0, set.length);
    const same = setsByHash.get(hash);
    if (same) same.push(index);
    else setsByHash.set(hash, [index]);
  });
  const counts = new Int32Array(sets.length);
  const { userCount, rowOffsets, rowColumns } = matrix;
  for (let user = 0; user < userCount; user++) {
    const from = rowOffsets[user];
    const end = rowOffsets[user + 1];
    if (!lengths.has(end - from)) continue;
    const index = setsByHash
      .get(hashRange(rowColumns, from, end))
      ?.find((i) => equalsRange(sets[i], rowColumns, from, end));
    if (index !== undefined) counts[index]++;
  }
  return counts;
}

function hashRange(values: Int32Array, from: number, end: number): number {
  let hash = end - from;
  for (let at = from; at < end; at++) {
    hash = Math.imul(hash ^ values[at], 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

function equalsRange(set: Int32Array, values: Int32Array, from: number, end: number): boolean {
  if (set.length !== end - from) return false;
  for (let k = 0; k < set.length; k++) if (set[k] !== values[from + k]) return false;
  return true;
}
