import type { EngineControl } from '../control.js';
import { sharedInt32 } from '../matrix/access-matrix.js';
import type { FrequentMatrix } from './frequent-matrix.js';

/**
 * One step of a pattern search, for any number of threads: each runs the same task and claims root columns until
 * none is left. Plain data; everything large is in shared memory.
 */
export interface PatternTask {
  readonly matrix: FrequentMatrix;
  /** Sets with a support in [minSupport, supportEnd) are looked for. */
  readonly minSupport: number;
  readonly supportEnd: number;
  /** Entitlements in a set, at least. */
  readonly minSize: number;
  /** Sets wanted in the end; Infinity: all. */
  readonly limit: number;
  /** Areas of the best sets that earlier steps have found, at most `limit`, in any order. */
  readonly knownAreas: Float64Array;
  /** Shared by all threads that run the task; see `claimRoot` and `raiseAreaFloor`. */
  readonly shared: Int32Array;
  /** Progress of the whole search when the task starts and when it is done, 0 to 1. */
  readonly progressStart: number;
  readonly progressEnd: number;
}

/**
 * Closed sets found by one thread, one record after the other: support, size, number of generators, generators.
 * Generators are entitlements, that of the root column (the rarest) first; the set is their closure.
 */
export interface PatternFindings {
  readonly records: Int32Array;
}

export const RECORD_HEADER_LENGTH = 3;

const NEXT_ROOT_SLOT = 0;
const AREA_FLOOR_SLOT = 1;
const MAX_INT32 = 2 ** 31 - 1;

export function sharedTaskState(): Int32Array {
  return sharedInt32(2);
}

/** The next root column that no thread has claimed, or -1 when there is none. */
export function claimRoot(task: PatternTask, control: EngineControl): number {
  const root = Atomics.add(task.shared, NEXT_ROOT_SLOT, 1);
  const { columnCount } = task.matrix;
  if (root >= columnCount) return -1;
  control.onProgress?.(task.progressStart + ((task.progressEnd - task.progressStart) * root) / columnCount);
  return root;
}

/**
 * Tells the other threads the area that a set must have to be among the wanted ones, as far as this thread knows;
 * answers what all of them know. The slot holds at most 2³¹ − 1, which stays a valid lower bound.
 */
export function raiseAreaFloor(task: PatternTask, areaFloor: number): number {
  const known = Math.min(areaFloor, MAX_INT32);
  let seen = Atomics.load(task.shared, AREA_FLOOR_SLOT);
  while (seen < known) {
    const before = Atomics.compareExchange(task.shared, AREA_FLOOR_SLOT, seen, known);
    if (before === seen) break;
    seen = before;
  }
  return Math.max(seen, areaFloor);
}
