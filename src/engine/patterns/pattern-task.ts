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
  /** Shared by all threads that run the task: see the two slots below. */
  readonly shared: Int32Array;
}

/** The next root column that nobody has claimed. */
export const NEXT_ROOT_SLOT = 0;
/** A lower bound of the area that a set must have to be among the wanted ones, known to some thread. */
export const AREA_FLOOR_SLOT = 1;

/**
 * Closed sets found by one thread, one record after the other: support, size, number of generators, generators.
 * Generators are entitlements, the set is their closure.
 */
export interface PatternFindings {
  readonly records: Int32Array;
}

export const RECORD_HEADER_LENGTH = 3;
