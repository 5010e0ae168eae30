import { sharedInt32 } from '../matrix/access-matrix.js';
import type { FrequentMatrix } from './frequent-matrix.js';
import { claimable, type SharedTask } from './shared-task.js';

/** 256 MiB; beyond, rows are searched. 100,000 users × 5,000 entitlements in full would take 62 MB. */
const MAX_WORDS = 2 ** 26;
const ROWS_PER_PART = 1024;

/** Writes down which columns each row holds, one bit each. Its pieces are ranges of rows. */
export interface RowBitsTask extends SharedTask {
  readonly kind: 'row-bits';
  readonly frequent: FrequentMatrix;
  readonly rowBits: RowBits;
}

/** Bit `c & 31` of `bits[row · wordsPerRow + (c >> 5)]`: whether the row holds column c. */
export interface RowBits {
  readonly wordsPerRow: number;
  /** Empty for a matrix that is too large. */
  readonly bits: Int32Array;
}

export function rowBitsTask(frequent: FrequentMatrix, maxWords = MAX_WORDS): RowBitsTask {
  const wordsPerRow = (frequent.columnCount + 31) >>> 5;
  const words = frequent.rowCount * wordsPerRow;
  const isWithin = words <= maxWords;
  return {
    kind: 'row-bits',
    frequent,
    rowBits: { wordsPerRow, bits: sharedInt32(isWithin ? words : 0) },
    ...claimable(isWithin ? Math.ceil(frequent.rowCount / ROWS_PER_PART) : 0),
  };
}

/** O(entries of the rows in the part). */
export function setRowBits({ frequent, rowBits: { wordsPerRow, bits } }: RowBitsTask, part: number): void {
  const { rowOffsets, rowColumns, rowCount } = frequent;
  const end = Math.min((part + 1) * ROWS_PER_PART, rowCount);
  for (let row = part * ROWS_PER_PART; row < end; row++) {
    const first = row * wordsPerRow;
    for (let at = rowOffsets[row]; at < rowOffsets[row + 1]; at++) {
      const column = rowColumns[at];
      bits[first + (column >>> 5)] |= 1 << (column & 31);
    }
  }
}
