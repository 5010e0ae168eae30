/** What all representations share: the limits of the search, the path to the set at hand, and the output. */
import { allocate } from './arena';

/** Tells the outside the area that this thread knows to be needed; answers what all threads know, below 0 to stop. */
@external("env", "checkIn")
declare function checkIn(areaFloor: f64): f64;

/** Takes so many i32 of records away. */
@external("env", "takeRecords")
declare function takeRecords(start: usize, length: i32): void;

const OUTPUT_LENGTH: i32 = 1 << 16;
const MAX_DEPTH: i32 = 1 << 14;
/** Inner-loop steps between two check-ins, well under a millisecond. */
const WORK_PER_CHECK: i32 = 1 << 19;

export let minSize: i32 = 1;
/** Largest support that is looked for. */
export let maxSupport: i64 = 0;
/** Area that a set needs; sets equal to it are kept, ties are decided outside. */
export let areaFloor: i64 = 0;
export let stopped: bool = false;

let path: usize = 0;
let output: usize = 0;
let outputLength: i32 = 0;
let heap: usize = 0;
let heapLimit: i32 = 0;
let heapCount: i32 = 0;
let workLeft: i32 = 0;

/** Allocates path, output and heap. `limit` 0: keep everything. */
export function startSearch(size: i32, supportEnd: i32, limit: i32): void {
  minSize = size;
  maxSupport = <i64>supportEnd - 1;
  areaFloor = 0;
  stopped = false;
  path = allocate(<usize>MAX_DEPTH << 2);
  output = allocate(<usize>OUTPUT_LENGTH << 2);
  outputLength = 0;
  heap = allocate(<usize>limit << 3);
  heapLimit = limit;
  heapCount = 0;
  workLeft = WORK_PER_CHECK;
}

export function checkInNow(): void {
  workLeft = WORK_PER_CHECK;
  const answer = checkIn(<f64>areaFloor);
  if (answer < 0) stopped = true;
  else if (<i64>answer > areaFloor) areaFloor = <i64>answer;
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
  takeRecords(output, outputLength);
  outputLength = 0;
}

/** Min-heap of the largest areas; the floor is its least one once it is full. */
export function addArea(area: i64): void {
  if (heapCount < heapLimit) {
    let at = heapCount++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = load<i64>(heap + (<usize>parent << 3));
      if (above <= area) break;
      store<i64>(heap + (<usize>at << 3), above);
      at = parent;
    }
    store<i64>(heap + (<usize>at << 3), area);
  } else if (heapCount > 0 && area > load<i64>(heap)) {
    let at = 0;
    for (let child = 1; child < heapCount; child = 2 * at + 1) {
      let least = load<i64>(heap + (<usize>child << 3));
      if (child + 1 < heapCount) {
        const right = load<i64>(heap + (<usize>child << 3), 8);
        if (right < least) {
          least = right;
          child++;
        }
      }
      if (least >= area) break;
      store<i64>(heap + (<usize>at << 3), least);
      at = child;
    }
    store<i64>(heap + (<usize>at << 3), area);
  } else return;
  if (heapCount == heapLimit) areaFloor = max(areaFloor, load<i64>(heap));
}
