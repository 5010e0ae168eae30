import { sharedInt32, type AccessMatrix } from '../matrix/access-matrix.js';
import { areaOf, type FoundSets } from './found-sets.js';

/**
 * How many sets have been found by area, in buckets, 64 to a doubling: what all threads know together. Where so many lie
 * in a bucket and above it as are wanted, nothing below its least area is.
 *
 * A heap of the areas of each thread, with the largest of their floors shared, knew the floor exactly (this one lies up
 * to a 64th below); but two threads searched 14% more than one, and for the 100,000 largest sets the heap was a third of
 * the search. The exact floor is found when a step is over.
 */
export type AreaCounts = Int32Array;

/** The kernel has the same: `kernels/assembly/area-floor.ts`. */
const BUCKET_BITS = 6;
const BUCKETS_PER_DOUBLING = 2 ** BUCKET_BITS;

/** For areas up to the number of assignments, which no set exceeds: each of its cells is one. In shared memory. */
export function areaCounts({ assignmentCount }: AccessMatrix, known: FoundSets): AreaCounts {
  const counts = sharedInt32(bucketOf(Math.max(1, assignmentCount)) + 1);
  for (let set = 0; set < known.starts.length; set++) counts[bucketOf(areaOf(known, set))]++;
  return counts;
}

/** @param area at least 1 */
export function bucketOf(area: number): number {
  const doublings = Math.floor(Math.log2(area));
  return doublings * BUCKETS_PER_DOUBLING + Math.floor((area / 2 ** doublings - 1) * BUCKETS_PER_DOUBLING);
}

/** The least area in the bucket, or of the first one above it that has any. */
export function leastArea(bucket: number): number {
  const doublings = bucket >> BUCKET_BITS;
  const part = bucket & (BUCKETS_PER_DOUBLING - 1);
  return Math.ceil(2 ** doublings * (1 + part / BUCKETS_PER_DOUBLING));
}

/** The part of one thread in the counts. */
export class AreaExchange {
  /** What this thread has added. */
  private readonly given: Int32Array;

  constructor(private readonly shared: AreaCounts) {
    this.given = new Int32Array(shared.length);
  }

  /**
   * Adds what this thread has found since it last did so, and tells it what all have found. O(buckets).
   *
   * @param own by bucket, everything that it has found
   * @param all by bucket, filled in from `from` on
   */
  exchange(own: Int32Array, all: Int32Array, from: number): void {
    const { shared, given } = this;
    for (let bucket = from; bucket < shared.length; bucket++) {
      if (own[bucket] !== given[bucket]) Atomics.add(shared, bucket, own[bucket] - given[bucket]);
      given[bucket] = own[bucket];
      all[bucket] = Atomics.load(shared, bucket);
    }
  }

  /** For a thread that begins again and will find the same sets: none may be counted twice. */
  takeBack(): void {
    this.given.forEach((count, bucket) => Atomics.sub(this.shared, bucket, count));
    this.given.fill(0);
  }
}
