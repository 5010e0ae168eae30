import type { AccessMatrix } from '../matrix/access-matrix.js';
import type { FrequentMatrix } from './frequent-matrix.js';

/** Finds the entitlements of closed sets from their generators. */
export class SetCloser {
  /** Entitlements behind each column, ascending, one column after the other. */
  private readonly entitlementOffsets: Int32Array;
  private readonly entitlements: Int32Array;
  private readonly common: Int32Array;

  constructor(private readonly matrix: FrequentMatrix) {
    const { columnCount, columnMultiplicities, entitlementColumns } = matrix;
    this.entitlementOffsets = new Int32Array(columnCount + 1);
    for (let c = 0; c < columnCount; c++) {
      this.entitlementOffsets[c + 1] = this.entitlementOffsets[c] + columnMultiplicities[c];
    }
    this.entitlements = new Int32Array(this.entitlementOffsets[columnCount]);
    const fill = this.entitlementOffsets.slice(0, columnCount);
    for (let e = 0; e < entitlementColumns.length; e++) {
      const column = entitlementColumns[e];
      if (column >= 0) this.entitlements[fill[column]++] = e;
    }
    this.common = new Int32Array(columnCount);
  }

  /**
   * Everything that the rows with all generators have in common, ascending. Goes through them from the smallest and
   * stops when what they have in common has shrunk to the known size, which is usually after a few.
   *
   * @param generators entitlements, not empty, held together by at least one user
   * @param closure filled; its length is the size of the set
   */
  close(generators: Int32Array, closure: Int32Array): void {
    const { rowOffsets, rowColumns, columnOffsets, columnRows, columnMultiplicities } = this.matrix;
    const columns = generators.map((e) => this.matrix.entitlementColumns[e]);
    const rarest = shortest(columns, columnOffsets);
    const { common } = this;
    let count = -1;
    let commonSize = -1;
    // Rows are numbered by descending mass.
    for (let at = columnOffsets[rarest + 1] - 1; commonSize !== closure.length && at >= columnOffsets[rarest]; at--) {
      const start = rowOffsets[columnRows[at]];
      const end = rowOffsets[columnRows[at] + 1];
      if (!holdsAll(rowColumns, start, end, columns)) continue;
      if (count < 0) {
        count = end - start;
        for (let i = 0; i < count; i++) common[i] = rowColumns[start + i];
      } else count = keepCommon(common, count, rowColumns, start, end);
      commonSize = 0;
      for (let i = 0; i < count; i++) commonSize += columnMultiplicities[common[i]];
    }
    let length = 0;
    for (let i = 0; i < count; i++) {
      const column = common[i];
      for (let at = this.entitlementOffsets[column]; at < this.entitlementOffsets[column + 1]; at++) {
        closure[length++] = this.entitlements[at];
      }
    }
    closure.sort();
  }
}

/** Fills in the first users, ascending, who hold all of the entitlements (at least one); answers how many there were. */
export function firstUsers(matrix: AccessMatrix, entitlements: Int32Array, users: Int32Array): number {
  const { rowOffsets, rowColumns, columnOffsets, columnRows } = matrix;
  const rarest = shortest(entitlements, columnOffsets);
  let found = 0;
  for (let at = columnOffsets[rarest]; found < users.length && at < columnOffsets[rarest + 1]; at++) {
    const user = columnRows[at];
    if (holdsAll(rowColumns, rowOffsets[user], rowOffsets[user + 1], entitlements)) users[found++] = user;
  }
  return found;
}

/** Lexicographic, a prefix first. */
export function compareEntitlements(a: Int32Array, b: Int32Array): number {
  const length = Math.min(a.length, b.length);
  for (let k = 0; k < length; k++) if (a[k] !== b[k]) return a[k] - b[k];
  return a.length - b.length;
}

/** The column with the fewest rows. */
function shortest(columns: Int32Array, columnOffsets: Int32Array): number {
  let best = columns[0];
  for (let i = 1; i < columns.length; i++) {
    const column = columns[i];
    if (columnOffsets[column + 1] - columnOffsets[column] < columnOffsets[best + 1] - columnOffsets[best]) {
      best = column;
    }
  }
  return best;
}

function holdsAll(rowColumns: Int32Array, start: number, end: number, columns: Int32Array): boolean {
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i];
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
