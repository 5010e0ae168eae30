import type { AccessMatrix } from '../../matrix/access-matrix.js';

/**
 * Users with the same access, taken together: whatever is found for one holds for all. Unlike `reduceMatrix` it merges
 * rows only and keeps everything in flat arrays; fast mode has millions of rows of which few repeat.
 */
export interface RowClasses {
  readonly count: number;
  /** Number of users behind each class. */
  readonly weights: Int32Array;
  /** Class of each user; -1 for users who hold nothing. Classes are numbered by their first user. */
  readonly classOfUser: Int32Array;
  /** Entitlements of each class, ascending. */
  readonly rowOffsets: Int32Array;
  readonly rowColumns: Int32Array;
  /** Classes that hold each entitlement, ascending. */
  readonly columnOffsets: Int32Array;
  readonly columnRows: Int32Array;
  /** Users who hold each entitlement. */
  readonly support: Int32Array;
}

/** O(assignments) expected: rows meet in a hash table and are compared in full. */
export function mergeEqualRows(matrix: AccessMatrix): RowClasses {
  const { userCount, rowOffsets, rowColumns } = matrix;
  const firstUser = new Int32Array(userCount);
  const weights = new Int32Array(userCount);
  const classOfUser = new Int32Array(userCount).fill(-1);
  let slots = 16;
  while (slots < 2 * userCount) slots *= 2;
  const classInSlot = new Int32Array(slots).fill(-1);
  let count = 0;
  let cells = 0;
  for (let user = 0; user < userCount; user++) {
    const from = rowOffsets[user];
    const length = rowOffsets[user + 1] - from;
    if (length === 0) continue;
    let hash = length;
    for (let at = from; at < from + length; at++) {
      hash = Math.imul(hash ^ rowColumns[at], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    let slot = hash & (slots - 1);
    while (classInSlot[slot] >= 0 && !equalRows(matrix, firstUser[classInSlot[slot]], user)) {
      slot = (slot + 1) & (slots - 1);
    }
    if (classInSlot[slot] < 0) {
      classInSlot[slot] = count;
      firstUser[count++] = user;
      cells += length;
    }
    const rowClass = classInSlot[slot];
    classOfUser[user] = rowClass;
    weights[rowClass]++;
  }
  return { classOfUser, ...expandClasses(matrix, firstUser.subarray(0, count), weights.slice(0, count), cells) };
}

function expandClasses(
  matrix: AccessMatrix,
  firstUser: Int32Array,
  weights: Int32Array,
  cells: number,
): Omit<RowClasses, 'classOfUser'> {
  const { entitlementCount } = matrix;
  const count = firstUser.length;
  const rowOffsets = new Int32Array(count + 1);
  const rowColumns = new Int32Array(cells);
  const columnOffsets = new Int32Array(entitlementCount + 1);
  const support = new Int32Array(entitlementCount);
  let at = 0;
  for (let rowClass = 0; rowClass < count; rowClass++) {
    const user = firstUser[rowClass];
    for (let from = matrix.rowOffsets[user]; from < matrix.rowOffsets[user + 1]; from++) {
      const entitlement = matrix.rowColumns[from];
      rowColumns[at++] = entitlement;
      columnOffsets[entitlement + 1]++;
      support[entitlement] += weights[rowClass];
    }
    rowOffsets[rowClass + 1] = at;
  }
  for (let e = 0; e < entitlementCount; e++) columnOffsets[e + 1] += columnOffsets[e];
  const fill = columnOffsets.slice(0, entitlementCount);
  const columnRows = new Int32Array(cells);
  for (let rowClass = 0; rowClass < count; rowClass++) {
    for (let from = rowOffsets[rowClass]; from < rowOffsets[rowClass + 1]; from++) {
      columnRows[fill[rowColumns[from]]++] = rowClass;
    }
  }
  return { count, weights, rowOffsets, rowColumns, columnOffsets, columnRows, support };
}

function equalRows({ rowOffsets, rowColumns }: AccessMatrix, a: number, b: number): boolean {
  const length = rowOffsets[a + 1] - rowOffsets[a];
  if (length !== rowOffsets[b + 1] - rowOffsets[b]) return false;
  for (let k = 0; k < length; k++) if (rowColumns[rowOffsets[a] + k] !== rowColumns[rowOffsets[b] + k]) return false;
  return true;
}
