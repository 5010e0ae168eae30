import { sharedInt32 } from '../matrix/access-matrix.js';

/**
 * Closed sets found by one thread, one record after the other: support, size, number of generators, generators.
 * Generators are entitlements, that of the root column (the rarest) first; the set is their closure.
 */
export interface PatternFindings {
  readonly records: Int32Array;
}

export const RECORD_HEADER_LENGTH = 3;

/** Closed sets by their generators; record `i` (see `PatternFindings`) begins at `starts[i]`. In shared memory. */
export interface FoundSets {
  readonly records: Int32Array;
  readonly starts: Int32Array;
}

export const NO_SETS: FoundSets = { records: sharedInt32(0), starts: sharedInt32(0) };

export function areaOf({ records, starts }: FoundSets, set: number): number {
  return records[starts[set]] * records[starts[set] + 1];
}

export function areas(sets: FoundSets): Float64Array {
  const all = new Float64Array(sets.starts.length);
  for (let set = 0; set < all.length; set++) all[set] = areaOf(sets, set);
  return all;
}

/**
 * The `limit` largest of all, and those as large as the last of them; answers the area of that one too, the floor when
 * there are fewer. O(sets) expected.
 *
 * @param floor an area that is known to be reached by `limit` sets
 */
export function largestSets(
  before: FoundSets,
  findings: readonly PatternFindings[],
  limit: number,
  floor: number,
): { sets: FoundSets; floor: number } {
  const all = [before.records, ...findings.map(({ records }) => records)];
  let found = 0;
  forEachAbove(all, floor, () => found++);
  const foundAreas = new Float64Array(found);
  found = 0;
  forEachAbove(all, floor, (records, at) => (foundAreas[found++] = records[at] * records[at + 1]));
  const newFloor = found < limit ? floor : Math.max(floor, nthLargest(foundAreas, limit));
  let count = 0;
  let length = 0;
  forEachAbove(all, newFloor, (records, at) => {
    count++;
    length += RECORD_HEADER_LENGTH + records[at + 2];
  });
  const sets = { records: sharedInt32(length), starts: sharedInt32(count) };
  let end = 0;
  count = 0;
  forEachAbove(all, newFloor, (records, at) => {
    sets.starts[count++] = end;
    const next = at + RECORD_HEADER_LENGTH + records[at + 2];
    for (let k = at; k < next; k++) sets.records[end++] = records[k];
  });
  return { sets, floor: newFloor };
}

/** The same sets by descending area. */
export function byDescendingArea(sets: FoundSets): FoundSets {
  const keys = areas(sets);
  const starts = sharedInt32(keys.length);
  descendingOrder(keys).forEach((set, place) => (starts[place] = sets.starts[set]));
  return { records: sets.records, starts };
}

function forEachAbove(
  lists: readonly Int32Array[],
  floor: number,
  visit: (records: Int32Array, at: number) => void,
): void {
  for (const records of lists) {
    for (let at = 0; at < records.length; at += RECORD_HEADER_LENGTH + records[at + 2]) {
      if (records[at] * records[at + 1] >= floor) visit(records, at);
    }
  }
}

/** Reorders the values. C. A. R. Hoare, "Algorithm 65: Find" (CACM 4(7), 1961): sorting took ten times as long. */
function nthLargest(values: Float64Array, n: number): number {
  const place = values.length - n;
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >>> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const value = values[i];
        values[i++] = values[j];
        values[j--] = value;
      }
    }
    if (place <= j) high = j;
    else if (place >= i) low = i;
    else break;
  }
  return values[place];
}

const RADIX = 2 ** 11;

/** Indexes by descending key, ties in order: a radix sort of whole numbers. */
function descendingOrder(keys: Float64Array): Int32Array {
  const largest = keys.reduce((a, b) => Math.max(a, b), 0);
  let order = Int32Array.from(keys, (_, i) => i);
  for (let unit = 1; unit <= largest; unit *= RADIX) {
    const digit = (i: number): number => RADIX - 1 - (Math.floor(keys[i] / unit) % RADIX);
    const places = new Int32Array(RADIX + 1);
    for (const i of order) places[digit(i) + 1]++;
    for (let d = 1; d <= RADIX; d++) places[d] += places[d - 1];
    const next = new Int32Array(order.length);
    for (const i of order) next[places[digit(i)]++] = i;
    order = next;
  }
  return order;
}
