import type { EngineControl } from '../control.js';
import { sharedInt32, type AccessMatrix } from '../matrix/access-matrix.js';
import type { AccessPattern, PatternOptions } from './access-pattern.js';
import { areaCounts } from './area-counts.js';
import { MAX_FLOOR_LIMIT } from './area-floor.js';
import {
  descriptionTask,
  describeSomeMore,
  exactUsersTask,
  SAMPLE_SIZE,
  type SetDescriptions,
} from './describe-sets.js';
import { areaOf, byDescendingArea, largestSets, NO_SETS, type FoundSets } from './found-sets.js';
import type { FrequentMatrix } from './frequent-matrix.js';
import { GrowingMatrix } from './growing-matrix.js';
import type { PatternFindings } from './found-sets.js';
import type { PatternTask } from './pattern-task.js';
import { rowBitsTask } from './row-bits.js';
import { claimable } from './shared-task.js';
import { SupportLadder } from './support-ladder.js';

const NO_COUNTS = sharedInt32(0);

/** Yields tasks, takes what the threads found in each, and returns the patterns. */
export type PatternSearch = Generator<PatternTask, readonly AccessPattern[], readonly PatternFindings[]>;

/**
 * The search for access patterns, cut into tasks that any number of threads may share: give every thread the task
 * (`workOnTask`), pass all findings to `next`, until the search is done. The result does not depend on the number of
 * threads: areas below the exact K-th are dropped, ties at it are decided by entitlements.
 *
 * @throws RangeError for a count below 1 or not a whole number (the limit may be Infinity)
 */
export function* patternSearch(matrix: AccessMatrix, options: PatternOptions, control: EngineControl): PatternSearch {
  checkCount('minUsers', options.minUsers);
  checkCount('minEntitlements', options.minEntitlements);
  if (options.limit !== Infinity) checkCount('limit', options.limit);

  const hasFloor = options.limit <= MAX_FLOOR_LIMIT;
  const ladder = new SupportLadder(matrix, options.minUsers, !hasFloor);
  const growing = new GrowingMatrix(matrix);
  let sets = NO_SETS;
  let floor = 0;
  let progressEnd = 0;
  for (let range = ladder.next(floor); range !== null; range = ladder.next(floor)) {
    if (control.isCancelled?.()) break;
    const frequent = yield* growing.matrixFor(range, floor, control);
    if (frequent === null) continue;
    const progressStart = progressEnd;
    // How many steps there will be depends on what they find: each takes half of what is left, the last one all.
    progressEnd = range.minSupport === options.minUsers ? 1 : (1 + progressStart) / 2;
    const findings = yield {
      kind: 'search',
      matrix: frequent,
      ...range,
      minSize: options.minEntitlements,
      limit: options.limit,
      areaCounts: hasFloor ? areaCounts(matrix, sets) : NO_COUNTS,
      areaFloor: floor,
      ...claimable(frequent.columnCount),
      progressStart,
      progressEnd,
    };
    ({ sets, floor } = largestSets(sets, findings, options.limit, floor));
  }
  const patterns = growing.last === null ? [] : yield* describe(matrix, growing.last, sets, options.limit, control);
  control.onProgress?.(1);
  return patterns;
}

function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`${name} must be a whole number of at least 1, got ${value}`);
  }
}

/** The first `limit` by area descending, then entitlements; once cancelled only as many of the sets as can be described in a moment. */
function* describe(
  matrix: AccessMatrix,
  frequent: FrequentMatrix,
  unordered: FoundSets,
  limit: number,
  control: EngineControl,
): PatternSearch {
  let sets = byDescendingArea(unordered);
  if (control.isCancelled?.() === true) {
    // To decide ties takes all sets that share the smallest area: nobody waits for that now.
    sets = { ...sets, starts: sets.starts.subarray(0, Math.min(sets.starts.length, limit)) };
  }
  const bits = rowBitsTask(frequent);
  yield bits;
  const description = descriptionTask(matrix, frequent, bits.rowBits, sets);
  const { descriptions } = description;
  yield description;
  if (control.isCancelled?.() === true) describeSomeMore(description);
  yield exactUsersTask(matrix, descriptions);
  const { offsets, entitlements, sampleCounts, samples, exactUserCounts } = descriptions;
  return Array.from(inOrder(sets, descriptions).subarray(0, limit), (set) => ({
    entitlements: entitlements.subarray(offsets[set], offsets[set + 1]),
    userCount: sets.records[sets.starts[set]],
    exactUserCount: exactUserCounts[set],
    sampleUsers: samples.subarray(set * SAMPLE_SIZE, set * SAMPLE_SIZE + sampleCounts[set]),
  }));
}

/** The described sets, of equal areas the one with the smaller entitlements first. */
function inOrder(sets: FoundSets, descriptions: SetDescriptions): Int32Array {
  const count = sets.starts.length;
  const ordered = new Int32Array(count);
  const byEntitlements = (a: number, b: number): number => compareEntitlements(descriptions, a, b);
  let end = 0;
  for (let start = 0, next = 0; start < count; start = next) {
    const first = end;
    for (const area = areaOf(sets, start); next < count && areaOf(sets, next) === area; next++) {
      if (descriptions.sampleCounts[next] > 0) ordered[end++] = next;
    }
    if (end - first > 1) ordered.subarray(first, end).sort(byEntitlements);
  }
  return ordered.subarray(0, end);
}

/** Lexicographic, a prefix first. */
function compareEntitlements({ offsets, entitlements }: SetDescriptions, a: number, b: number): number {
  const lengthA = offsets[a + 1] - offsets[a];
  const lengthB = offsets[b + 1] - offsets[b];
  const common = Math.min(lengthA, lengthB);
  for (let k = 0; k < common; k++) {
    const difference = entitlements[offsets[a] + k] - entitlements[offsets[b] + k];
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}
