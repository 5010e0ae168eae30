import type { AccessMatrix } from '../matrix/access-matrix.js';
import type { FrequentMatrix } from './frequent-matrix.js';

/** Finds the entitlements of closed sets from their generators. */
export class SetCloser {
  /** Comparisons of a row with a generator so far, at most. */
  work = 0;
  private readonly common: Int32Array;
  /** Per column the number of the last closure that it was in. */
  private readonly lastClosure: Int32Array;
  private closureNumber = 0;

  constructor(
    private readonly original: AccessMatrix,
    private readonly matrix: FrequentMatrix,
  ) {
    this.common = new Int32Array(matrix.columnCount);
    this.lastClosure = new Int32Array(matrix.columnCount);
  }

  /**
   * Everything that the rows with all generators have in common, ascending. Goes through them from the smallest and
   * stops when what they have in common has shrunk to the known size, which is usually after a few.
   *
   * @param generators entitlements, not empty, held together by at least one user, the rarest first
   * @param closure filled; its length is the size of the set
   */
  close(generators: Int32Array, closure: Int32Array): void {
    const { rowOffsets, rowColumns, columnOffsets, columnRows, columnMultiplicities } = this.matrix;
    // Ascending, for columns are chosen in order.
    const columns = new Int32Array(generators.length);
    for (let i = 0; i < columns.length; i++) columns[i] = this.matrix.entitlementColumns[generators[i]];
    const { common } = this;
    let count = -1;
    let size = -1;
    let row = -1;
    // Rows are numbered by descending mass.
    for (let at = columnOffsets[columns[0] + 1] - 1; size !== closure.length && at >= columnOffsets[columns[0]]; at--) {
      this.work += columns.length;
      const start = rowOffsets[columnRows[at]];
      const end = rowOffsets[columnRows[at] + 1];
      if (!holdsAll(rowColumns, start, end, columns)) continue;
      if (row < 0) {
        row = columnRows[at];
        count = end - start;
        for (let i = 0; i < count; i++) common[i] = rowColumns[start + i];
      } else {
        const kept = keepCommon(common, count, rowColumns, start, end);
        if (kept === count) continue;
        count = kept;
      }
      size = 0;
      for (let i = 0; i < count; i++) size += columnMultiplicities[common[i]];
    }
    this.writeEntitlements(count, this.matrix.rowUsers[row], closure);
  }

  /** Of what the user holds the entitlements behind the first common columns: ascending without sorting. */
  private writeEntitlements(columnCount: number, user: number, closure: Int32Array): void {
    const { rowOffsets, rowColumns } = this.original;
    const { lastClosure } = this;
    const closureNumber = ++this.closureNumber;
    for (let i = 0; i < columnCount; i++) lastClosure[this.common[i]] = closureNumber;
    let length = 0;
    for (let at = rowOffsets[user]; length < closure.length && at < rowOffsets[user + 1]; at++) {
      const column = this.matrix.entitlementColumns[rowColumns[at]];
      if (column >= 0 && lastClosure[column] === closureNumber) closure[length++] = rowColumns[at];
    }
  }
}

/**
 * Fills in the first users, ascending, who hold all of the entitlements (at least one, the rarest first); answers how
 * many there were.
 */
export function firstUsers(matrix: AccessMatrix, entitlements: Int32Array, users: Int32Array): number {
  const { rowOffsets, rowColumns, columnOffsets, columnRows } = matrix;
  const rarest = entitlements[0];
  const ascending = entitlements.slice().sort();
  let found = 0;
  for (let at = columnOffsets[rarest]; found < users.length && at < columnOffsets[rarest + 1]; at++) {
    const user = columnRows[at];
    if (holdsAll(rowColumns, rowOffsets[user], rowOffsets[user + 1], ascending)) users[found++] = user;
  }
  return found;
}

/** Lexicographic, a prefix first. */
export function compareEntitlements(a: Int32Array, b: Int32Array): number {
  const length = Math.min(a.length, b.length);
  for (let k = 0; k < length; k++) if (a[k] !== b[k]) return a[k] - b[k];
  return a.length - b.length;
}

/** Both ascending. Steps double until they are past the next column: cheap for few columns in a long row and for many. */
function holdsAll(rowColumns: Int32Array, start: number, end: number, columns: Int32Array): boolean {
  let low = start;
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i];
    let step = 1;
    while (low + step < end && rowColumns[low + step] <= column) {
      low += step;
      step *= 2;
    }
    let high = Math.min(low + step, end);
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
