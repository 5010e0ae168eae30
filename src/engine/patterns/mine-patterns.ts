import type { EngineControl } from '../control.js';
import type { EngineKernels } from '../kernels/kernels.js';
import type { AccessMatrix } from '../matrix/access-matrix.js';
import type { AccessPattern, PatternOptions } from './access-pattern.js';
import { findClosedSets } from './closed-sets.js';
import { patternSearch } from './pattern-search.js';
import { workOnTask } from './work-on-task.js';

/**
 * Access patterns: closed sets of at least `minEntitlements` entitlements that at least `minUsers` users hold, the
 * `limit` largest by area (users × entitlements), exact. Sorted by area descending, then entitlements.
 * Cancelled, it returns the largest found so far.
 *
 * @param kernels the same search in WebAssembly; without them in plain TypeScript
 * @throws RangeError for a count below 1 or not a whole number (the limit may be Infinity)
 */
export function minePatterns(
  matrix: AccessMatrix,
  options: PatternOptions,
  control: EngineControl,
  kernels?: EngineKernels,
): readonly AccessPattern[] {
  const workOn: EngineKernels['workOnPatterns'] =
    kernels?.workOnPatterns ?? ((task) => workOnTask(task, control, findClosedSets));
  const search = patternSearch(matrix, options, control);
  let step = search.next([]);
  while (!step.done) step = search.next([workOn(step.value, control)]);
  return step.value;
}
