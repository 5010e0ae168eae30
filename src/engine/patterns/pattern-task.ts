import type { EngineControl } from '../control.js';
import type { AreaCounts } from './area-counts.js';
import type { DescriptionTask, ExactUsersTask } from './describe-sets.js';
import type { FrequentMatrix } from './frequent-matrix.js';
import type { RowBitsTask } from './row-bits.js';
import { claimPart, type SharedTask } from './shared-task.js';
import type { UsefulColumnsTask } from './useful-columns.js';
import type { UserClassesTask } from './user-classes.js';

/**
 * One step of a pattern search, for any number of threads: each runs the same task and claims pieces of it until none
 * is left. Plain data; everything large is in shared memory.
 */
export type PatternTask = SearchTask | PartsTask;

/** A step whose pieces write what they find into shared memory. */
export type PartsTask = UserClassesTask | UsefulColumnsTask | RowBitsTask | DescriptionTask | ExactUsersTask;

/** The search itself: its pieces are the root columns. */
export interface SearchTask extends SharedTask {
  readonly kind: 'search';
  readonly matrix: FrequentMatrix;
  /** Sets with a support in [minSupport, supportEnd) are looked for. */
  readonly minSupport: number;
  readonly supportEnd: number;
  /** Entitlements in a set, at least. */
  readonly minSize: number;
  /** Sets wanted in the end; Infinity: all. */
  readonly limit: number;
  /** Of the sets found so far, by all threads; empty when all sets are wanted. */
  readonly areaCounts: AreaCounts;
  /** An area that wanted sets are known to reach. */
  readonly areaFloor: number;
  /** Progress of the whole search when the task starts and when it is done, 0 to 1. */
  readonly progressStart: number;
  readonly progressEnd: number;
}

/** The next root column that no thread has claimed, or -1 when there is none. */
export function claimRoot(task: SearchTask, control: EngineControl): number {
  const root = claimPart(task);
  if (root >= 0) {
    control.onProgress?.(task.progressStart + ((task.progressEnd - task.progressStart) * root) / task.partCount);
  }
  return root;
}
