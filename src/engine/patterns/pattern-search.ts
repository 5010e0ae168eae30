import type { EngineControl } from '../control.js';
import type { AccessMatrix } from '../matrix/access-matrix.js';
import type { AccessPattern, PatternOptions } from './access-pattern.js';
import { MAX_FLOOR_LIMIT } from './area-floor.js';
import { compareEntitlements, firstUsers, SetCloser } from './closed-set.js';
import { countExactUsers } from './exact-users.js';
import { frequentMatrix, type FrequentMatrix } from './frequent-matrix.js';
import { RECORD_HEADER_LENGTH, sharedTaskState, type PatternFindings, type PatternTask } from './pattern-task.js';
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
  let progressEnd = 0;
  let frequent: FrequentMatrix | null = null;
  for (let range = ladder.next(floor); range !== null; range = ladder.next(floor)) {
    if (control.isCancelled?.()) break;
    frequent = frequentMatrix(matrix, range.minSupport);
    const progressStart = progressEnd;
    // How many steps there will be depends on what they find: each takes half of what is left, the last one all.
    progressEnd = range.minSupport === options.minUsers ? 1 : (1 + progressStart) / 2;
    const findings = yield {
      matrix: frequent,
      ...range,
      minSize: options.minEntitlements,
      limit: options.limit,
      knownAreas: Float64Array.from(best.slice(0, Math.min(best.length, options.limit)), area),
      shared: sharedTaskState(),
      progressStart,
      progressEnd,
    };
    best = [best, ...findings.map(({ records }) => readRecords(records))].flat();
    floor = Math.max(floor, nthLargest(best.map(area), options.limit));
    best = best.filter((set) => area(set) >= floor);
  }
  // The last matrix has the columns of all before it.
  return frequent === null ? [] : describe(matrix, largest(frequent, best, options.limit));
}

function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`${name} must be a whole number of at least 1, got ${value}`);
  }
}

function area(set: FoundSet): number {
  return set.support * set.size;
}

/** 0 when there are fewer. */
function nthLargest(values: readonly number[], n: number): number {
  return values.length < n ? 0 : Float64Array.from(values).sort()[values.length - n];
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

interface ClosedSet extends FoundSet {
  readonly entitlements: Int32Array;
}

/** The first `limit` by area descending, then entitlements. */
function largest(frequent: FrequentMatrix, sets: readonly FoundSet[], limit: number): ClosedSet[] {
  const closer = new SetCloser(frequent);
  return sets
    .map((set) => ({ ...set, entitlements: closer.close(set.generators, set.size) }))
    .sort((a, b) => area(b) - area(a) || compareEntitlements(a.entitlements, b.entitlements))
    .slice(0, limit);
}

const SAMPLE_SIZE = 10;

function describe(matrix: AccessMatrix, sets: readonly ClosedSet[]): AccessPattern[] {
  const exactUserCounts = countExactUsers(
    matrix,
    sets.map((set) => set.entitlements),
  );
  return sets.map(({ entitlements, support, generators }, index) => ({
    entitlements,
    userCount: support,
    exactUserCount: exactUserCounts[index],
    sampleUsers: firstUsers(matrix, generators, SAMPLE_SIZE),
  }));
}
