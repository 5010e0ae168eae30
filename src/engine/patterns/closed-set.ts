import type { AccessMatrix } from '../matrix/access-matrix.js';

const SAMPLE_SIZE = 10;

export interface ClosedSet {
  /** Ascending. */
  readonly entitlements: Int32Array;
  /** The first ten users, ascending, who hold all of it. */
  readonly sampleUsers: Int32Array;
}

/**
 * The closure of some entitlements: everything that all of their users hold. Goes through the users and stops as soon
 * as what they have in common has shrunk to the known size, which is usually after a few.
 *
 * @param generators not empty, held together by at least one user
 */
export function closeSet(matrix: AccessMatrix, generators: Int32Array, size: number): ClosedSet {
  const { rowOffsets, rowColumns, columnOffsets, columnRows } = matrix;
  const columnLength = (e: number): number => columnOffsets[e + 1] - columnOffsets[e];
  const rarest = generators.reduce((a, b) => (columnLength(b) < columnLength(a) ? b : a));
  const others = generators.filter((e) => e !== rarest);
  const sample: number[] = [];
  let common: Int32Array | null = null;
  for (let at = columnOffsets[rarest]; at < columnOffsets[rarest + 1]; at++) {
    const row = rowColumns.subarray(rowOffsets[columnRows[at]], rowOffsets[columnRows[at] + 1]);
    if (row.length < size || !others.every((e) => includesSorted(row, e))) continue;
    if (sample.length < SAMPLE_SIZE) sample.push(columnRows[at]);
    if (common === null) common = row.slice();
    else if (common.length > size) common = intersectSorted(common, row);
    if (common.length === size && sample.length === SAMPLE_SIZE) break;
  }
  return { entitlements: common ?? new Int32Array(0), sampleUsers: Int32Array.from(sample) };
}

/** By area descending at the callers; equal areas lexicographically, a prefix first. */
export function compareEntitlements(a: Int32Array, b: Int32Array): number {
  const length = Math.min(a.length, b.length);
  for (let k = 0; k < length; k++) if (a[k] !== b[k]) return a[k] - b[k];
  return a.length - b.length;
}

function includesSorted(values: Int32Array, value: number): boolean {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return values[low] === value;
}

function intersectSorted(a: Int32Array, b: Int32Array): Int32Array<ArrayBuffer> {
  const common = new Int32Array(Math.min(a.length, b.length));
  let count = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      common[count++] = a[i];
      i++;
      j++;
    } else if (a[i] < b[j]) i++;
    else j++;
  }
  return common.subarray(0, count);
}
