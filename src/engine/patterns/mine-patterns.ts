import type { EngineControl } from '../control.js';
import type { AccessMatrix } from '../matrix/access-matrix.js';
import type { AccessPattern, PatternOptions } from './access-pattern.js';
import { findClosedSets } from './closed-sets.js';
import { patternSearch } from './pattern-search.js';

/**
 * Access patterns: closed sets of at least `minEntitlements` entitlements that at least `minUsers` users hold, the
 * `limit` largest by area (users × entitlements), exact. Sorted by area descending, then entitlements.
 * Cancelled, it returns the largest found so far.
 *
 * @throws RangeError for a count below 1 or not a whole number (the limit may be Infinity)
 */
export function minePatterns(
  matrix: AccessMatrix,
  options: PatternOptions,
  control: EngineControl,
): readonly AccessPattern[] {
  const search = patternSearch(matrix, options, control);
  let step = search.next([]);
  while (!step.done) step = search.next([findClosedSets(step.value, control)]);
  return step.value;
}
