import { sharedInt32 } from '../matrix/access-matrix.js';

/**
 * Closed sets found by one thread, in arrays of whole records, one after the other: support, size, number of
 * generators, generators. Generators are entitlements, that of the root column (the rarest) first; the set is their
 * closure. Each array has a buffer of its own, which may be transferred.
 */
export interface PatternFindings {
  readonly records: readonly Int32Array[];
}

export const RECORD_HEADER_LENGTH = 3;

/** Closed sets by their generators; record `i` (laid out as in `PatternFindings`) begins at `starts[i]`. In shared memory. */
export interface FoundSets {
  readonly records: Int32Array;
  readonly starts: Int32Array;
}

export const NO_SETS: FoundSets = { records: sharedInt32(0), starts: sharedInt32(0) };

export function areaOf({ records, starts }: FoundSets, set: number): number {
  return records[starts[set]] * records[starts[set] + 1];
}

function areas(sets: FoundSets): Float64Array {
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
  const all = [before.records, ...findings.flatMap(({ records }) => records)];
  // Loops of their own, not one with a function for what is done: that took three times as long.
  let found = 0;
  for (const records of all) {
    for (let at = 0; at < records.length; at += RECORD_HEADER_LENGTH + records[at + 2]) found++;
  }
  const foundAreas = new Float64Array(found);
  found = 0;
  for (const records of all) {
    for (let at = 0; at < records.length; at += RECORD_HEADER_LENGTH + records[at + 2]) {
      const area = records[at] * records[at + 1];
      if (area >= floor) foundAreas[found++] = area;
    }
  }
  const newFloor = found < limit ? floor : Math.max(floor, nthLargest(foundAreas.subarray(0, found), limit));
  let count = 0;
  let length = 0;
  for (const records of all) {
    for (let at = 0; at < records.length; at += RECORD_HEADER_LENGTH + records[at + 2]) {
      if (records[at] * records[at + 1] < newFloor) continue;
      count++;
      length += RECORD_HEADER_LENGTH + records[at + 2];
    }
  }
  const sets = { records: sharedInt32(length), starts: sharedInt32(count) };
  let end = 0;
  count = 0;
  for (const records of all) {
    for (let at = 0; at < records.length;) {
      const next = at + RECORD_HEADER_LENGTH + records[at + 2];
      if (records[at] * records[at + 1] >= newFloor) {
        sets.starts[count++] = end;
        for (let k = at; k < next; k++) sets.records[end++] = records[k];
      }
      at = next;
    }
  }
  return { sets, floor: newFloor };
}

/** The same sets by descending area. */
export function byDescendingArea(sets: FoundSets): FoundSets {
  const order = descendingOrder(areas(sets));
  const starts = sharedInt32(order.length);
  for (let place = 0; place < order.length; place++) starts[place] = sets.starts[order[place]];
  return { records: sets.records, starts };
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

/** Indexes by descending key, ties in order: a radix sort of whole numbers. Reorders the keys along, to read them in order. */
function descendingOrder(keys: Float64Array): Int32Array {
  let largest = 0;
  for (const key of keys) if (key > largest) largest = key;
  const indexes = new Int32Array(keys.length);
  for (let i = 0; i < indexes.length; i++) indexes[i] = i;
  let from: { keys: Float64Array; indexes: Int32Array } = { keys, indexes };
  let to: typeof from = { keys: new Float64Array(keys.length), indexes: new Int32Array(keys.length) };
  for (let unit = 1; unit <= largest; unit *= RADIX) {
    const places = new Int32Array(RADIX + 1);
    for (const key of from.keys) places[RADIX - (Math.floor(key / unit) % RADIX)]++;
    for (let d = 1; d <= RADIX; d++) places[d] += places[d - 1];
    for (let i = 0; i < keys.length; i++) {
      const place = places[RADIX - 1 - (Math.floor(from.keys[i] / unit) % RADIX)]++;
      to.keys[place] = from.keys[i];
      to.indexes[place] = from.indexes[i];
    }
    [from, to] = [to, from];
  }
  return from.indexes;
}
