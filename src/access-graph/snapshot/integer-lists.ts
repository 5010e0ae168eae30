import { type IntegerLists, listAt } from './access-snapshot.js';

/** Integers whose number is not known beforehand, 4 bytes each. */
export class GrowingIntegers {
  #values = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) this.#grow(1);
    this.#values[this.length++] = value;
  }

  append(values: Int32Array): void {
    if (this.length + values.length > this.#values.length) this.#grow(values.length);
    this.#values.set(values, this.length);
    this.length += values.length;
  }

  /** A view, good until the next addition. */
  slice(start: number, end: number): Int32Array {
    return this.#values.subarray(start, end);
  }

  /** By half, not by twice: at 20 M integers the spare room is what counts. */
  #grow(count: number): void {
    const larger = new Int32Array(Math.max(this.length + count, Math.ceil(this.#values.length * 1.5)));
    larger.set(this.slice(0, this.length));
    this.#values = larger;
  }
}

/** Lists that arrive in any order of their rows, at most once each. */
export class ListCollector {
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #values = new GrowingIntegers();

  constructor(readonly rowCount: number) {
    this.#starts = new Int32Array(rowCount);
    this.#ends = new Int32Array(rowCount);
  }

  add(row: number, values: Int32Array): void {
    this.#starts[row] = this.#values.length;
    this.#values.append(values);
    this.#ends[row] = this.#values.length;
  }

  listOf(row: number): Int32Array {
    return this.#values.slice(this.#starts[row], this.#ends[row]);
  }
}

/**
 * Sorts the lists and drops repeated values: two counting passes, by column and back by row, O(values + rows + columns).
 *
 * @param listOf asked twice for each row, in ascending order; may return the same scratch memory every time
 * @throws RangeError for a value outside 0..columnCount
 */
export function sortedLists(rowCount: number, columnCount: number, listOf: (row: number) => Int32Array): IntegerLists {
  const lastRow = new Int32Array(columnCount).fill(-1);
  const columnEnds = new Int32Array(columnCount + 1);
  const offsets = sharedIntegers(rowCount + 1);
  for (let row = 0; row < rowCount; row++) {
    let distinct = 0;
    for (const column of listOf(row)) {
      if (column < 0 || column >= columnCount) {
        throw new RangeError(`list ${row} holds ${column}, which is not in 0..${columnCount - 1}`);
      }
      if (lastRow[column] === row) continue;
      lastRow[column] = row;
      columnEnds[column + 1]++;
      distinct++;
    }
    offsets[row + 1] = offsets[row] + distinct;
  }
  for (let column = 0; column < columnCount; column++) columnEnds[column + 1] += columnEnds[column];
  const rowsOfColumns = new Int32Array(offsets[rowCount]);
  const fill = columnEnds.slice(0, columnCount);
  lastRow.fill(-1);
  for (let row = 0; row < rowCount; row++) {
    for (const column of listOf(row)) {
      if (lastRow[column] === row) continue;
      lastRow[column] = row;
      rowsOfColumns[fill[column]++] = row;
    }
  }
  const values = sharedIntegers(offsets[rowCount]);
  const next = offsets.slice(0, rowCount);
  for (let column = 0; column < columnCount; column++) {
    for (let at = columnEnds[column]; at < columnEnds[column + 1]; at++) values[next[rowsOfColumns[at]]++] = column;
  }
  return { offsets, values };
}

/** The rows that hold each column. */
export function transposed(lists: IntegerLists, columnCount: number): IntegerLists {
  const rowCount = lists.offsets.length - 1;
  const offsets = sharedIntegers(columnCount + 1);
  for (const column of lists.values) offsets[column + 1]++;
  for (let column = 0; column < columnCount; column++) offsets[column + 1] += offsets[column];
  const values = sharedIntegers(lists.values.length);
  const next = offsets.slice(0, columnCount);
  for (let row = 0; row < rowCount; row++) {
    for (const column of listAt(lists, row)) values[next[column]++] = row;
  }
  return { offsets, values };
}

function sharedIntegers(length: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}
