import type { EngineControl } from '../control.js';
import type { AccessMatrix } from '../matrix/access-matrix.js';
import type { AccessPattern, PatternOptions } from './access-pattern.js';
import { MAX_FLOOR_LIMIT } from './area-floor.js';
import { compareEntitlements, SetCloser } from './closed-set.js';
import { countExactUsers } from './exact-users.js';
import { frequentMatrix } from './frequent-matrix.js';
import { RECORD_HEADER_LENGTH, sharedTaskState, type PatternFindings, type PatternTask } from './pattern-task.js';
import { SupportLadder } from './support-ladder.js';
import { usefulColumns } from './useful-columns.js';

/** Yields tasks, takes what the threads found in each, and returns the patterns. */
export type PatternSearch = Generator<PatternTask, readonly AccessPattern[], readonly PatternFindings[]>;

interface FoundSet {
  /** Where the set was found: has all its entitlements as columns. */
  readonly closer: SetCloser;
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
  for (let range = ladder.next(floor); range !== null; range = ladder.next(floor)) {
    if (control.isCancelled?.()) break;
    const frequent = frequentMatrix(matrix, usefulColumns(matrix, range, floor));
    if (frequent.columnCount === 0) continue;
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
    const closer = new SetCloser(matrix, frequent);
    for (const { records } of findings) best = best.concat(readRecords(records, closer, floor));
    floor = Math.max(floor, nthLargest(best.map(area), options.limit));
    best = best.filter((set) => area(set) >= floor);
  }
  if (control.isCancelled?.()) {
    // To decide ties takes the closure of each set that shares the smallest area: nobody waits for that now.
    best = best.sort((a, b) => area(b) - area(a)).slice(0, options.limit);
  }
  const patterns = describe(matrix, best, options.limit, control);
  control.onProgress?.(1);
  return patterns;
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

function readRecords(records: Int32Array, closer: SetCloser, floor: number): FoundSet[] {
  const sets: FoundSet[] = [];
  for (let at = 0; at < records.length;) {
    const start = at + RECORD_HEADER_LENGTH;
    const end = start + records[at + 2];
    const set = { closer, support: records[at], size: records[at + 1], generators: records.subarray(start, end) };
    if (area(set) >= floor) sets.push(set);
    at = end;
  }
  return sets;
}

const SAMPLE_SIZE = 10;

/** Comparisons that descriptions may still take once the caller has cancelled: about 0.2 s. Sets of hundreds of generators take 100,000 each. */
const WORK_ONCE_CANCELLED = 10_000_000;

/**
 * The first `limit` by area descending, then entitlements; once cancelled only as many of the sets as can be described in
 * a moment. Arrays of all patterns lie in one: thousands of small ones are slow to make.
 */
function describe(
  matrix: AccessMatrix,
  sets: readonly FoundSet[],
  limit: number,
  control: EngineControl,
): AccessPattern[] {
  const entitlements = views(sets.map((set) => set.size));
  let closed = 0;
  let isCancelled = false;
  for (let workOnceCancelled = 0; closed < sets.length && workOnceCancelled < WORK_ONCE_CANCELLED; closed++) {
    const { closer, generators } = sets[closed];
    const workBefore = closer.work;
    closer.close(generators, entitlements[closed]);
    isCancelled ||= control.isCancelled?.() === true;
    if (isCancelled) workOnceCancelled += closer.work - workBefore;
  }
  const order = Array.from({ length: closed }, (_, i) => i)
    .sort((a, b) => area(sets[b]) - area(sets[a]) || compareEntitlements(entitlements[a], entitlements[b]))
    .slice(0, limit);
  const exactUserCounts = countExactUsers(
    matrix,
    order.map((i) => entitlements[i]),
  );
  const samples = new Int32Array(order.length * SAMPLE_SIZE);
  let sampleEnd = 0;
  return order.map((i, place) => {
    const { closer, support, generators } = sets[i];
    const sampleStart = sampleEnd;
    sampleEnd = closer.firstUsers(generators, samples, sampleStart, SAMPLE_SIZE);
    return {
      entitlements: entitlements[i],
      userCount: support,
      exactUserCount: exactUserCounts[place],
      sampleUsers: samples.subarray(sampleStart, sampleEnd),
    };
  });
}

function views(lengths: readonly number[]): Int32Array[] {
  const all = new Int32Array(lengths.reduce((sum, length) => sum + length, 0));
  let end = 0;
  return lengths.map((length) => all.subarray(end, (end += length)));
}
