/**
 * Closed sets by depth-first search over root columns, for one thread: `prepare`, write the matrix where it says,
 * `start`, then `mineRoot` for every root column claimed, then `finish`. The same search as `patterns/closed-sets.ts`.
 */
import { leastSupportByRows } from './area-bound';
import { areaFloor } from './area-floor';
import { allocate, mark, release, resetArena } from './arena';
import { countWork, flushRecords, startSearch, stopped } from './search-state';
import { SparseMatrix, visitSparse } from './sparse';

export { isExhausted } from './arena';
export { tune } from './tuning';

let root: SparseMatrix = changetype<SparseMatrix>(0);
let rootMasses: usize = 0;
let minimum: i32 = 1;

/**
 * Forgets everything before and makes room for a matrix and the areas known. Answers where these i32 go, one array
 * after the other: row offsets (rowCount + 1), row weights, row masses, column offsets (columnCount + 1), column
 * multiplicities, column entitlements, row columns (length), column rows (length).
 */
export function prepare(rowCount: i32, columnCount: i32, length: i32): usize {
  resetArena();
  const r = <usize>rowCount << 2;
  const c = <usize>columnCount << 2;
  root = changetype<SparseMatrix>(allocate(offsetof<SparseMatrix>()));
  const start = allocate(3 * r + 3 * c + 8 + (<usize>length << 3));
  root.rowCount = rowCount;
  root.columnCount = columnCount;
  root.firstCandidate = 0;
  root.rowStarts = start;
  root.rowEnds = start + 4;
  root.rowWeights = start + r + 4;
  rootMasses = root.rowWeights + r;
  root.columnOffsets = rootMasses + r;
  root.multiplicities = root.columnOffsets + c + 4;
  root.entitlements = root.multiplicities + c;
  root.rowColumns = root.entitlements + c;
  root.columnRows = root.rowColumns + (<usize>length << 2);
  return start;
}

/**
 * @param limit sets wanted
 * @param buckets of the counts of areas, 0: all sets are wanted
 * @param floor an area that wanted sets are known to reach
 * @returns where the counts are: i32 by bucket of what this thread has found, then of all
 */
export function start(minSupport: i32, supportEnd: i32, minSize: i32, limit: i32, buckets: i32, floor: f64): usize {
  minimum = minSupport;
  return startSearch(minSize, supportEnd, limit, buckets, <i64>floor);
}

/** False once the outside has asked to stop. */
export function mineRoot(column: i32): bool {
  countWork(load<i32>(root.columnOffsets + (<usize>column << 2), 4) - load<i32>(root.columnOffsets + (<usize>column << 2)));
  if (stopped) return false;
  const minSupport = areaFloor > 0 ? rootMinSupport(column) : minimum;
  if (minSupport > 0) visitSparse(root, column, 0, minSupport, 0);
  return !stopped;
}

/** Hands out the records that are left. */
export function finish(): void {
  flushRecords();
}

/** The bound on the area before anything is counted: many roots go here. */
function rootMinSupport(column: i32): i32 {
  const from = load<i32>(root.columnOffsets + (<usize>column << 2));
  const count = load<i32>(root.columnOffsets + (<usize>column << 2), 4) - from;
  const base = mark();
  const masses = allocate(<usize>count << 2);
  const weights = allocate(<usize>count << 2);
  for (let i = 0; i < count; i++) {
    const row = <usize>load<i32>(root.columnRows + (<usize>(from + i) << 2)) << 2;
    store<i32>(masses + (<usize>i << 2), load<i32>(rootMasses + row));
    store<i32>(weights + (<usize>i << 2), load<i32>(root.rowWeights + row));
  }
  const least = leastSupportByRows(masses, weights, count, 0, minimum);
  release(base);
  return least;
}
