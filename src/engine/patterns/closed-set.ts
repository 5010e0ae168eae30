import type { AccessMatrix } from '../matrix/access-matrix.js';
import type { FrequentMatrix } from './frequent-matrix.js';

/** Finds the entitlements of closed sets from their generators. */
export class SetCloser {
  /** Entitlements behind each column, ascending. */
  private readonly entitlements: number[][];
  private readonly common: Int32Array;

  constructor(private readonly matrix: FrequentMatrix) {
    this.entitlements = Array.from({ length: matrix.columnCount }, () => []);
    matrix.entitlementColumns.forEach((column, entitlement) => {
      if (column >= 0) this.entitlements[column].push(entitlement);
    });
    this.common = new Int32Array(matrix.columnCount);
  }

  /**
   * Everything that the rows with all generators have in common, ascending. Goes through them from the smallest and
   * stops when what they have in common has shrunk to the known size, which is usually after two or three.
   *
   * @param generators entitlements, not empty, held together by at least one user
   */
  close(generators: Int32Array, size: number): Int32Array {
    const { rowOffsets, rowColumns, columnOffsets, columnRows, columnMultiplicities, entitlementColumns } = this.matrix;
    const [rarest, ...others] = byAscendingLength(columnOffsets, generators, entitlementColumns);
    const { common } = this;
    let commonCount = -1;
    let commonSize = -1;
    // Rows are numbered by descending mass.
    for (let at = columnOffsets[rarest + 1] - 1; commonSize !== size && at >= columnOffsets[rarest]; at--) {
      const start = rowOffsets[columnRows[at]];
      const end = rowOffsets[columnRows[at] + 1];
      if (!holdsAll(rowColumns, start, end, others)) continue;
      if (commonCount < 0) {
        common.set(rowColumns.subarray(start, end));
        commonCount = end - start;
      } else commonCount = keepCommon(common, commonCount, rowColumns, start, end);
      commonSize = 0;
      for (let i = 0; i < commonCount; i++) commonSize += columnMultiplicities[common[i]];
    }
    const closed: number[] = [];
    for (let i = 0; i < commonCount; i++) closed.push(...this.entitlements[common[i]]);
    return Int32Array.from(closed).sort();
  }
}

/** The first `count` users, ascending, who hold all of the entitlements (at least one). */
export function firstUsers(matrix: AccessMatrix, entitlements: Int32Array, count: number): Int32Array {
  const { rowOffsets, rowColumns, columnOffsets, columnRows } = matrix;
  const [rarest, ...others] = byAscendingLength(columnOffsets, entitlements);
  const users: number[] = [];
  for (let at = columnOffsets[rarest]; users.length < count && at < columnOffsets[rarest + 1]; at++) {
    const user = columnRows[at];
    if (holdsAll(rowColumns, rowOffsets[user], rowOffsets[user + 1], others)) users.push(user);
  }
  return Int32Array.from(users);
}

/** Lexicographic, a prefix first. */
export function compareEntitlements(a: Int32Array, b: Int32Array): number {
  const length = Math.min(a.length, b.length);
  for (let k = 0; k < length; k++) if (a[k] !== b[k]) return a[k] - b[k];
  return a.length - b.length;
}

/** The columns of the entitlements (by default the same numbers), the one with the fewest rows first. */
function byAscendingLength(columnOffsets: Int32Array, entitlements: Int32Array, columns?: Int32Array): number[] {
  const length = (column: number): number => columnOffsets[column + 1] - columnOffsets[column];
  return Array.from(entitlements, (e) => (columns ? columns[e] : e)).sort((a, b) => length(a) - length(b));
}

function holdsAll(rowColumns: Int32Array, start: number, end: number, columns: readonly number[]): boolean {
  for (const column of columns) {
    let low = start;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rowColumns[middle] < column) low = middle + 1;
      else high = middle;
    }
    if (low === end || rowColumns[low] !== column) return false;
  }
  return true;
}

/** Keeps of the first `count` ascending values of `common` those that are in the ascending row too; answers how many. */
function keepCommon(common: Int32Array, count: number, rowColumns: Int32Array, start: number, end: number): number {
  let kept = 0;
  let at = start;
  for (let i = 0; i < count; i++) {
    while (at < end && rowColumns[at] < common[i]) at++;
    if (at < end && rowColumns[at] === common[i]) common[kept++] = common[i];
  }
  return kept;
}
