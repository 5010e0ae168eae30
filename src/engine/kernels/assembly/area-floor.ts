/** The area that a set needs, from counts of the areas found: see `patterns/area-counts.ts` and `patterns/area-floor.ts`. */
import { allocateZeroed } from './arena';

const BUCKET_BITS: i32 = 6;

/** Sets equal to it are kept, ties are decided outside. 0: everything is wanted. */
export let areaFloor: i64 = 0;

let wanted: i64 = 0;
let bucketCount: i32 = 0;
/** i32 by bucket: found by this thread, and by all of them. */
let own: usize = 0;
let all: usize = 0;
/** The highest bucket such that as many sets as are wanted lie in it and above; how many lie above. */
let floorBucket: i32 = 0;
let above: i64 = 0;

/** Answers where the counts are, first this thread's own, then all. @param buckets 0: everything is wanted */
export function startFloor(limit: i32, buckets: i32, floor: i64): usize {
  wanted = limit;
  bucketCount = buckets;
  areaFloor = floor;
  floorBucket = 0;
  above = 0;
  own = allocateZeroed(<usize>buckets << 3);
  all = own + (<usize>buckets << 2);
  return own;
}

/** Counts below this bucket matter no longer. */
export function lowestBucket(): i32 {
  return floorBucket;
}

export function addArea(area: i64): void {
  if (bucketCount == 0) return;
  const bucket = bucketOf(area);
  increase(own, bucket);
  increase(all, bucket);
  if (bucket <= floorBucket) return;
  above++;
  raise();
}

/** After the counts of all have been written anew. */
export function takeCounts(): void {
  above = 0;
  for (let b = floorBucket + 1; b < bucketCount; b++) above += load<i32>(all + (<usize>b << 2));
  raise();
}

// @ts-ignore: decorator
@inline
function increase(counts: usize, bucket: i32): void {
  const at = counts + (<usize>bucket << 2);
  store<i32>(at, load<i32>(at) + 1);
}

// @ts-ignore: decorator
@inline
function raise(): void {
  if (bucketCount == 0 || above < wanted) return;
  while (above >= wanted) above -= load<i32>(all + (<usize>++floorBucket << 2));
  areaFloor = max(areaFloor, leastArea(floorBucket));
}

// @ts-ignore: decorator
@inline
function bucketOf(area: i64): i32 {
  const doublings = 63 - <i32>clz(area);
  const shift = doublings - BUCKET_BITS;
  const leading = shift >= 0 ? area >> shift : area << -shift;
  return (doublings << BUCKET_BITS) | (<i32>leading & ((1 << BUCKET_BITS) - 1));
}

function leastArea(bucket: i32): i64 {
  const shift = (bucket >> BUCKET_BITS) - BUCKET_BITS;
  const leading: i64 = (bucket & ((1 << BUCKET_BITS) - 1)) | (1 << BUCKET_BITS);
  return shift >= 0 ? leading << shift : (leading + (1 << -shift) - 1) >> -shift;
}
