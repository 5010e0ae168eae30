/** What all representations share: the limits of the search, the path to the set at hand, and the output. */
import { addArea, areaFloor, lowestBucket, startFloor, takeCounts } from './area-floor';
import { allocate } from './arena';

/** Exchanges the counts of areas from that bucket on with other threads; false to stop. */
@external("env", "checkIn")
declare function checkIn(lowestBucket: i32): bool;

/** Takes so many i32 of records away; the floor at the time. */
@external("env", "takeRecords")
declare function takeRecords(start: usize, length: i32, areaFloor: f64): void;

const OUTPUT_LENGTH: i32 = 1 << 16;
const MAX_DEPTH: i32 = 1 << 14;
/** Inner-loop steps between two check-ins, well under a millisecond. */
const WORK_PER_CHECK: i32 = 1 << 19;

export let minSize: i32 = 1;
/** Largest support that is looked for. */
export let maxSupport: i64 = 0;
export let stopped: bool = false;

let path: usize = 0;
let output: usize = 0;
let outputLength: i32 = 0;
let workLeft: i32 = 0;

/** Allocates path, output and counts of areas; answers where those are, see `startFloor`. */
export function startSearch(size: i32, supportEnd: i32, limit: i32, buckets: i32, floor: i64): usize {
  minSize = size;
  maxSupport = <i64>supportEnd - 1;
  stopped = false;
  path = allocate(<usize>MAX_DEPTH << 2);
  output = allocate(<usize>OUTPUT_LENGTH << 2);
  outputLength = 0;
  // The first look is due at once: others may have found something.
  workLeft = 0;
  return startFloor(limit, buckets, floor);
}

function checkInNow(): void {
  workLeft = WORK_PER_CHECK;
  if (checkIn(lowestBucket())) takeCounts();
  else stopped = true;
}

// @ts-ignore: decorator
@inline
export function countWork(steps: i32): void {
  workLeft -= steps;
  if (workLeft < 0) checkInNow();
}

/** Takes up the closed set that `column` adds at `depth` of the path, if it is large enough. */
export function emit(depth: i32, column: i32, support: i32, size: i32): void {
  if (depth >= MAX_DEPTH) unreachable();
  store<i32>(path + (<usize>depth << 2), column);
  if (size < minSize || <i64>support > maxSupport) return;
  const area = <i64>support * <i64>size;
  if (area < areaFloor) return;
  addArea(area);
  const length = depth + 4;
  if (outputLength + length > OUTPUT_LENGTH) flushRecords();
  const record = output + (<usize>outputLength << 2);
  store<i32>(record, support);
  store<i32>(record, size, 4);
  store<i32>(record, depth + 1, 8);
  memory.copy(record + 12, path, (<usize>depth + 1) << 2);
  outputLength += length;
}

export function flushRecords(): void {
  takeRecords(output, outputLength, <f64>areaFloor);
  outputLength = 0;
}
