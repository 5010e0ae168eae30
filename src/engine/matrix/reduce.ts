import type { EngineControl } from '../control.js';
import { accessMatrixFromRows, type AccessMatrix } from './access-matrix.js';

/**
 * A matrix whose identical users and identical entitlements were merged. Lossless: every biclique of the original
 * maps to one of the reduced matrix, sizes are sums of weights.
 *
 * `userGroups[u]` are the original users behind reduced user `u` (their number is `userWeights[u]`), ascending;
 * groups are numbered by their smallest member, so the reduction of the same matrix is always the same.
 */
export interface ReducedMatrix {
  readonly matrix: AccessMatrix;
  readonly userWeights: Int32Array;
  readonly entitlementWeights: Int32Array;
  readonly userGroups: readonly Int32Array[];
  readonly entitlementGroups: readonly Int32Array[];
}

/**
 * Merges identical rows, then identical columns. Merging columns cannot make two different rows equal (they differ
 * in a column whose representative stays), so one round of each is the fixpoint; users who hold nothing and
 * entitlements that nobody holds are left out. O(assignments) expected, by hash and full comparison.
 *
 * Once cancelled it merges no further: what it answers is still lossless.
 */
export function reduceMatrix(original: AccessMatrix, control: EngineControl = {}): ReducedMatrix {
  const steps = new ReductionSteps(control, 3 * original.assignmentCount);
  const userGroups = groupEqualLists(original.userCount, original.rowOffsets, original.rowColumns, steps);
  const entitlementGroups = groupEqualLists(
    original.entitlementCount,
    original.columnOffsets,
    original.columnRows,
    steps,
  );
  const reducedColumn = new Int32Array(original.entitlementCount).fill(-1);
  entitlementGroups.forEach((group, index) => (reducedColumn[group[0]] = index));

  const rowOffsets = new Int32Array(userGroups.length + 1);
  const columns = new Int32Array(
    userGroups.reduce((sum, [user]) => sum + original.rowOffsets[user + 1] - original.rowOffsets[user], 0),
  );
  let length = 0;
  userGroups.forEach(([user], index) => {
    for (let at = original.rowOffsets[user]; at < original.rowOffsets[user + 1]; at++) {
      const column = reducedColumn[original.rowColumns[at]];
      if (column >= 0) columns[length++] = column;
    }
    rowOffsets[index + 1] = length;
  });
  const matrix = accessMatrixFromRows(
    userGroups.length,
    entitlementGroups.length,
    rowOffsets,
    columns.subarray(0, length),
  );
  control.onProgress?.(1);
  return {
    matrix,
    userWeights: Int32Array.from(userGroups, (group) => group.length),
    entitlementWeights: Int32Array.from(entitlementGroups, (group) => group.length),
    userGroups,
    entitlementGroups,
  };
}

/** Assignments between two looks at the caller's wish to cancel: about a millisecond. */
const WORK_PER_CHECK = 1 << 18;

class ReductionSteps {
  isCancelled = false;
  private done = 0;
  private nextCheck = 0;

  constructor(
    private readonly control: EngineControl,
    private readonly total: number,
  ) {}

  spend(assignments: number): void {
    this.done += assignments;
    if (this.done < this.nextCheck) return;
    this.nextCheck = this.done + WORK_PER_CHECK;
    this.isCancelled ||= this.control.isCancelled?.() === true;
    this.control.onProgress?.(this.done / this.total);
  }
}

/** Groups the non-empty lists of a compressed sparse structure by equal content, in order of the first member. */
function groupEqualLists(count: number, offsets: Int32Array, values: Int32Array, steps: ReductionSteps): Int32Array[] {
  const groups: number[][] = [];
  const groupsByHash = new Map<number, number[]>();
  for (let list = 0; list < count; list++) {
    if (offsets[list] === offsets[list + 1]) continue;
    steps.spend(offsets[list + 1] - offsets[list]);
    if (steps.isCancelled) {
      groups.push([list]);
      continue;
    }
    const hash = hashRange(values, offsets[list], offsets[list + 1]);
    const sameHash = groupsByHash.get(hash);
    const found = sameHash?.find((group) => equalLists(offsets, values, groups[group][0], list));
    if (found !== undefined) {
      groups[found].push(list);
    } else {
      if (sameHash) sameHash.push(groups.length);
      else groupsByHash.set(hash, [groups.length]);
      groups.push([list]);
    }
  }
  return groups.map((group) => Int32Array.from(group));
}

function hashRange(values: Int32Array, from: number, to: number): number {
  let hash = to - from;
  for (let at = from; at < to; at++) {
    hash = Math.imul(hash ^ values[at], 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

function equalLists(offsets: Int32Array, values: Int32Array, a: number, b: number): boolean {
  const length = offsets[a + 1] - offsets[a];
  if (length !== offsets[b + 1] - offsets[b]) return false;
  for (let k = 0; k < length; k++) if (values[offsets[a] + k] !== values[offsets[b] + k]) return false;
  return true;
}
