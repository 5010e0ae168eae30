import type { EngineControl } from '../control.js';
import { sharedInt32, type AccessMatrix } from '../matrix/access-matrix.js';
import type { AccessPattern, PatternOptions } from './access-pattern.js';
import { MAX_FLOOR_LIMIT } from './area-floor.js';
import { closeSet, compareEntitlements, type ClosedSet } from './closed-set.js';
import { countExactUsers } from './exact-users.js';
import { frequentMatrix } from './frequent-matrix.js';
import { RECORD_HEADER_LENGTH, type PatternFindings, type PatternTask } from './pattern-task.js';
import { SupportLadder } from './support-ladder.js';

/** Yields tasks, takes what the threads found in each, and returns the patterns. */
export type PatternSearch = Generator<PatternTask, readonly AccessPattern[], readonly PatternFindings[]>;

interface FoundSet {
  readonly support: number;
  readonly size: number;
  readonly generators: Int32Array;
}

/**
 * The search for access patterns, cut into tasks that any number of threads may share: give every thread the task
 * (`findClosedSets` or a kernel), pass all findings to `next`, until the search is done. The result does not depend
 * on the number of threads: areas below the exact K-th are dropped, ties at it are decided by entitlements.
 *
 * @throws RangeError for a count below 1 or not a whole number (the limit may be Infinity)
 */
export function* patternSearch(matrix: AccessMatrix, options: PatternOptions, control: EngineControl): PatternSearch {
  checkCount('minUsers', options.minUsers);
  checkCount('minEntitlements', options.minEntitlements);
  if (options.limit !== Infinity) checkCount('limit', options.limit);

  const ladder = new SupportLadder(matrix, options.minUsers, options.limit > MAX_FLOOR_LIMIT);
  let best: FoundSet[] = [];
  let floor = 0;
  for (let range = ladder.next(floor); range !== null; range = ladder.next(floor)) {
    if (control.isCancelled?.()) break;
    const findings = yield {
      matrix: frequentMatrix(matrix, range.minSupport),
      ...range,
      minSize: options.minEntitlements,
      limit: options.limit,
      knownAreas: Float64Array.from(best.slice(0, Math.min(best.length, options.limit)), area),
      shared: sharedInt32(2),
    };
    for (const { records } of findings) best = best.concat(readRecords(records));
    best.sort((a, b) => area(b) - area(a));
    if (best.length >= options.limit) {
      floor = area(best[options.limit - 1]);
      best = best.filter((set) => area(set) >= floor);
    }
  }
  return describe(matrix, largest(matrix, best, options.limit));
}

function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`${name} must be a whole number of at least 1, got ${value}`);
}

function area(set: FoundSet): number {
  return set.support * set.size;
}

function readRecords(records: Int32Array): FoundSet[] {
  const sets: FoundSet[] = [];
  for (let at = 0; at < records.length;) {
    const start = at + RECORD_HEADER_LENGTH;
    const end = start + records[at + 2];
    sets.push({ support: records[at], size: records[at + 1], generators: records.subarray(start, end) });
    at = end;
  }
  return sets;
}

/** The first `limit` by area descending, then entitlements; `sets` are sorted by area. */
function largest(matrix: AccessMatrix, sets: readonly FoundSet[], limit: number): (FoundSet & ClosedSet)[] {
  return sets
    .map((set) => ({ ...set, ...closeSet(matrix, set.generators, set.size) }))
    .sort((a, b) => area(b) - area(a) || compareEntitlements(a.entitlements, b.entitlements))
    .slice(0, limit);
}

function describe(matrix: AccessMatrix, sets: readonly (FoundSet & ClosedSet)[]): AccessPattern[] {
  const exactUserCounts = countExactUsers(
    matrix,
    sets.map((set) => set.entitlements),
  );
  return sets.map(({ entitlements, support, sampleUsers }, index) => ({
    entitlements,
    userCount: support,
    exactUserCount: exactUserCounts[index],
    sampleUsers,
  }));
}
