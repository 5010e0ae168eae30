/**
 * Which supports can a set below a node have, if its area is to reach the floor? Both functions answer the least such
 * support (at least `minSupport`), or 0 when there is none. They go through a histogram of at most BUCKETS buckets,
 * whose upper ends stand for what is in them, so that the answer errs on the safe side.
 */
import { areaFloor } from './area-floor';
import { allocate, mark, release } from './arena';
import { maxSupport } from './search-state';

const BUCKETS: i32 = 1024;

// @ts-ignore: decorator
@inline
function bucketShift(largest: i32): i32 {
  return largest < BUCKETS ? 0 : 32 - clz(largest) - 10;
}

// @ts-ignore: decorator
@inline
function least(length: i64): i64 {
  return (areaFloor + length - 1) / length;
}

/**
 * By rows: a set that adds m to the size lies in rows whose mass is at least m, so that with support s its size is at
 * most size + the mass that rows of weight s reach.
 */
export function leastSupportByRows(masses: usize, weights: usize, count: i32, size: i32, minSupport: i32): i32 {
  let largest = 0;
  for (let i = 0; i < count; i++) largest = max(largest, load<i32>(masses + (<usize>i << 2)));
  const shift = bucketShift(largest);
  const buckets = (largest >> shift) + 1;
  const base = mark();
  const histogram = allocate(<usize>buckets << 2);
  memory.fill(histogram, 0, <usize>buckets << 2);
  for (let i = 0; i < count; i++) {
    const bucket = histogram + ((<usize>load<i32>(masses + (<usize>i << 2)) >> shift) << 2);
    store<i32>(bucket, load<i32>(bucket) + load<i32>(weights + (<usize>i << 2)));
  }
  release(base);
  let above: i64 = 0;
  for (let b = buckets - 1; b >= 0; b--) {
    const weight = <i64>load<i32>(histogram + (<usize>b << 2));
    if (weight == 0) continue;
    const mass = <i64>((b + 1) << shift) - 1;
    const support = max(max(above + 1, <i64>minSupport), least(<i64>size + mass));
    above += weight;
    if (support > maxSupport) continue;
    if (support <= above) return <i32>support;
  }
  return 0;
}

/** By columns: a set with support s has only columns whose support is at least s. `stride` bytes lie between two columns. */
export function leastSupportByColumns(
  supports: usize,
  multiplicities: usize,
  stride: usize,
  count: i32,
  size: i32,
  minSupport: i32,
): i32 {
  let largest = 0;
  for (let j = 0; j < count; j++) largest = max(largest, load<i32>(supports + (<usize>j << 2)));
  const shift = bucketShift(largest);
  const buckets = (largest >> shift) + 1;
  const base = mark();
  const histogram = allocate(<usize>buckets << 2);
  memory.fill(histogram, 0, <usize>buckets << 2);
  for (let j = 0; j < count; j++) {
    const bucket = histogram + ((<usize>load<i32>(supports + (<usize>j << 2)) >> shift) << 2);
    store<i32>(bucket, load<i32>(bucket) + load<i32>(multiplicities + <usize>j * stride));
  }
  release(base);
  let length = <i64>size;
  let found: i64 = 0;
  for (let b = buckets - 1; b >= 0; b--) {
    const mass = <i64>load<i32>(histogram + (<usize>b << 2));
    if (mass == 0) continue;
    length += mass;
    const upper = min(<i64>((b + 1) << shift) - 1, maxSupport);
    const needed = max(least(length), <i64>minSupport);
    if (needed <= upper) found = needed;
    else if (found > 0) found = max(found, upper + 1);
  }
  return <i32>found;
}
