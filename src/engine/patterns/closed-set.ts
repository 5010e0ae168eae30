import type { AccessMatrix } from '../matrix/access-matrix.js';
import type { FrequentMatrix } from './frequent-matrix.js';

/** Finds the entitlements and users of closed sets from their generators. */
export class SetCloser {
  /** Comparisons of a row with a generator so far, at most. */
  work = 0;
  private readonly common: Int32Array;
  /** The generators at hand: the rarest, and the columns of all, ascending. */
  private rarest = 0;
  private readonly columns: Int32Array;
  private columnCount = 0;
  /** Per column the mark that it was given last. */
  private readonly marks: Int32Array;
  private lastMark = 0;

  constructor(
    private readonly original: AccessMatrix,
    private readonly matrix: FrequentMatrix,
  ) {
    this.common = new Int32Array(matrix.columnCount);
    this.columns = new Int32Array(matrix.columnCount);
    this.marks = new Int32Array(matrix.columnCount);
  }

  /**
   * The set that the next calls are about.
   *
   * @param generators entitlements, not none, held together by at least one user, the rarest first
   */
  take(generators: Int32Array, start: number, count: number): void {
    this.rarest = generators[start];
    this.columnCount = count;
    for (let i = 0; i < count; i++) this.columns[i] = this.matrix.entitlementColumns[generators[start + i]];
  }

  /**
   * Everything that the rows with all generators have in common, ascending, into `closure[start .. end)`, which is as
   * long as the set is large. Goes through the rows from the smallest and stops when what they have in common has
   * shrunk to the known size, which is usually after a few.
   */
  close(closure: Int32Array, start: number, end: number): void {
    const { rowOffsets, rowColumns, columnOffsets, columnRows, columnMultiplicities } = this.matrix;
    const { common, columns } = this;
    let count = -1;
    let size = -1;
    let row = -1;
    // Rows are numbered by descending mass.
    for (let at = columnOffsets[columns[0] + 1] - 1; size !== end - start && at >= columnOffsets[columns[0]]; at--) {
      if (!this.holdsAll(columnRows[at])) continue;
      const rowStart = rowOffsets[columnRows[at]];
      const rowEnd = rowOffsets[columnRows[at] + 1];
      if (row < 0) {
        row = columnRows[at];
        count = rowEnd - rowStart;
        for (let i = 0; i < count; i++) common[i] = rowColumns[rowStart + i];
      } else {
        const kept = this.keepCommon(count, rowStart, rowEnd);
        if (kept === count) continue;
        count = kept;
      }
      size = 0;
      for (let i = 0; i < count; i++) size += columnMultiplicities[common[i]];
    }
    this.writeEntitlements(count, this.matrix.rowUsers[row], closure, start, end);
  }

  /** Writes the first users, ascending, who hold all generators to `users`, from `start`, `limit` at most; answers how many. */
  firstUsers(users: Int32Array, start: number, limit: number): number {
    const { columnOffsets, columnRows } = this.original;
    const { classOfUser, classRows } = this.matrix;
    const { rarest } = this;
    let end = start;
    // Users with the same access often follow each other.
    let lastRow = -1;
    let lastHeld = false;
    for (let at = columnOffsets[rarest]; end < start + limit && at < columnOffsets[rarest + 1]; at++) {
      const row = classRows[classOfUser[columnRows[at]]];
      if (row !== lastRow) lastHeld = this.holdsAll(row);
      lastRow = row;
      if (lastHeld) users[end++] = columnRows[at];
    }
    return end - start;
  }

  /** Of what the user holds the entitlements behind the first common columns: ascending without sorting. */
  private writeEntitlements(columnCount: number, user: number, closure: Int32Array, start: number, end: number): void {
    const { rowOffsets, rowColumns } = this.original;
    const { entitlementColumns } = this.matrix;
    const { marks, common } = this;
    const mark = ++this.lastMark;
    for (let i = 0; i < columnCount; i++) marks[common[i]] = mark;
    let written = start;
    for (let at = rowOffsets[user]; written < end && at < rowOffsets[user + 1]; at++) {
      const column = entitlementColumns[rowColumns[at]];
      if (column >= 0 && marks[column] === mark) closure[written++] = rowColumns[at];
    }
  }

  /** Keeps of the first `count` common columns those that a row has too; answers how many. */
  private keepCommon(count: number, start: number, end: number): number {
    const { rowColumns } = this.matrix;
    const { marks, common } = this;
    const mark = ++this.lastMark;
    for (let at = start; at < end; at++) marks[rowColumns[at]] = mark;
    let kept = 0;
    // No branch, which would be mispredicted: merging two ascending lists took twice as long.
    for (let i = 0; i < count; i++) {
      const column = common[i];
      common[kept] = column;
      const difference = marks[column] ^ mark;
      kept += ((difference | -difference) >>> 31) ^ 1;
    }
    return kept;
  }

  /** Steps double until they are past the next column: cheap for few columns in a long row and for many. */
  private holdsAll(row: number): boolean {
    const { rowOffsets, rowColumns } = this.matrix;
    const { columns, columnCount } = this;
    this.work += columnCount;
    let low = rowOffsets[row];
    const end = rowOffsets[row + 1];
    for (let i = 0; i < columnCount; i++) {
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
}
