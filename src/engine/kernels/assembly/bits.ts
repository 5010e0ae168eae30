/**
 * Representation B: at most 64 rows. A column is one u64, a weight is a popcount per bit plane. Most closed sets are
 * found here.
 */
import { leastSupportByColumns } from './area-bound';
import { areaFloor } from './area-floor';
import { allocate, mark, release } from './arena';
import { countWork, emit, maxSupport, stopped } from './search-state';

/** A candidate: mask u64, multiplicity i32, entitlement i32. */
export const CANDIDATE_BYTES: usize = 16;

// Row weights as bit planes, one u64 each: set on entry, the same for everything below.
let planes: usize = 0;
let planeCount: i32 = 1;

/** Finds equal masks: a slot holds stamp << 32 | index. A lost slot only means that two equal columns stay apart. */
const SLOT_BITS: i32 = 9;
const slots: usize = memory.data(8 << 9, 8);
let stamp: u32 = 0;

// @ts-ignore: decorator
@inline
function weightOf(mask: u64): i32 {
  let weight = <i32>popcnt(mask & load<u64>(planes));
  for (let b = 1; b < planeCount; b++) {
    weight += <i32>popcnt(mask & load<u64>(planes + (<usize>b << 3))) << b;
  }
  return weight;
}

// @ts-ignore: decorator
@inline
function slotOf(mask: u64): usize {
  return slots + (<usize>((mask * 0x9e3779b97f4a7c15) >> (64 - SLOT_BITS)) << 3);
}

/** Index of an earlier column with the same mask since the stamp changed, or -1; otherwise notes the column as `index`. */
// @ts-ignore: decorator
@inline
function findEqual(mask: u64, columns: usize, stride: usize, index: i32): i32 {
  const slot = slotOf(mask);
  const noted = load<u64>(slot);
  if (<u32>(noted >> 32) == stamp) {
    const other = <i32>(<u32>noted);
    if (load<u64>(columns + <usize>other * stride) == mask) return other;
  }
  store<u64>(slot, (<u64>stamp << 32) | <u64>index);
  return -1;
}

/**
 * @param candidates `count` records in order
 * @param forbidden `forbiddenCount` masks with room for `count` more
 * @param rowPlanes `rowPlaneCount` ≥ 1 bit planes of the row weights
 */
export function searchBits(
  candidates: usize,
  count: i32,
  forbidden: usize,
  forbiddenCount: i32,
  rowPlanes: usize,
  rowPlaneCount: i32,
  size: i32,
  minSupport: i32,
  depth: i32,
): void {
  planes = rowPlanes;
  planeCount = rowPlaneCount;
  stamp++;
  // Columns that differed above may be equal here.
  let distinct = 0;
  for (let i = 0; i < count; i++) {
    const from = candidates + <usize>i * CANDIDATE_BYTES;
    const mask = load<u64>(from);
    const equal = findEqual(mask, candidates, CANDIDATE_BYTES, distinct);
    if (equal >= 0) {
      const into = candidates + <usize>equal * CANDIDATE_BYTES;
      store<i32>(into, load<i32>(into, 8) + load<i32>(from, 8), 8);
      continue;
    }
    if (distinct < i) memory.copy(candidates + <usize>distinct * CANDIDATE_BYTES, from, CANDIDATE_BYTES);
    distinct++;
  }
  stamp++;
  let distinctForbidden = 0;
  for (let f = 0; f < forbiddenCount; f++) {
    const mask = load<u64>(forbidden + (<usize>f << 3));
    if (findEqual(mask, forbidden, 8, distinctForbidden) >= 0) continue;
    store<u64>(forbidden + (<usize>distinctForbidden << 3), mask);
    distinctForbidden++;
  }
  const base = mark();
  const supports = allocate(<usize>distinct << 2);
  for (let i = 0; i < distinct; i++) {
    store<i32>(supports + (<usize>i << 2), weightOf(load<u64>(candidates + <usize>i * CANDIDATE_BYTES)));
  }
  explore(candidates, supports, distinct, forbidden, distinctForbidden, size, minSupport, depth);
  release(base);
}

/** Whether no forbidden column contains the extent. */
// @ts-ignore: decorator
@inline
function isCanonical(extent: u64, forbidden: usize, count: i32): bool {
  for (let f = 0; f < count; f++) if ((extent & ~load<u64>(forbidden + (<usize>f << 3))) == 0) return false;
  return true;
}

function explore(
  candidates: usize,
  candidateSupports: usize,
  count: i32,
  forbidden: usize,
  forbiddenCount: i32,
  size: i32,
  minSupport: i32,
  depth: i32,
): void {
  const base = mark();
  const children = allocate(<usize>count * CANDIDATE_BYTES);
  const supports = allocate(<usize>count << 2);
  for (let i = 0; i < count && !stopped; i++) {
    const candidate = candidates + <usize>i * CANDIDATE_BYTES;
    const extent = load<u64>(candidate);
    if (!isCanonical(extent, forbidden, forbiddenCount)) continue;
    countWork(count - i + forbiddenCount + 8);
    store<u64>(forbidden + (<usize>forbiddenCount << 3), extent);
    forbiddenCount++;

    let closedSize = size + load<i32>(candidate, 8);
    let childMass = 0;
    let childCount = 0;
    stamp++;
    for (let j = i + 1; j < count; j++) {
      const other = candidates + <usize>j * CANDIDATE_BYTES;
      const mask = extent & load<u64>(other);
      const multiplicity = load<i32>(other, 8);
      if (mask == extent) {
        closedSize += multiplicity;
        continue;
      }
      const support = weightOf(mask);
      if (support < minSupport) continue;
      childMass += multiplicity;
      const equal = findEqual(mask, children, CANDIDATE_BYTES, childCount);
      if (equal >= 0) {
        const into = children + <usize>equal * CANDIDATE_BYTES;
        store<i32>(into, load<i32>(into, 8) + multiplicity, 8);
        continue;
      }
      const child = children + <usize>childCount * CANDIDATE_BYTES;
      store<u64>(child, mask);
      store<i32>(child, multiplicity, 8);
      store<i32>(child, load<i32>(other, 12), 12);
      store<i32>(supports + (<usize>childCount << 2), support);
      childCount++;
    }
    const support = load<i32>(candidateSupports + (<usize>i << 2));
    emit(depth, load<i32>(candidate, 12), support, closedSize);
    if (childCount == 0) continue;

    let childMinSupport = minSupport;
    if (areaFloor > 0) {
      if (min(<i64>support - 1, maxSupport) * <i64>(closedSize + childMass) < areaFloor) continue;
      // The bound by rows, after this one, cost more than it pruned: 1.6 times the time on 20,000 users × 2,000.
      childMinSupport = leastSupportByColumns(supports, children + 8, CANDIDATE_BYTES, childCount, closedSize, minSupport);
      if (childMinSupport == 0) continue;
      if (childMinSupport > minSupport) {
        let kept = 0;
        for (let j = 0; j < childCount; j++) {
          if (load<i32>(supports + (<usize>j << 2)) < childMinSupport) continue;
          if (kept < j) {
            memory.copy(children + <usize>kept * CANDIDATE_BYTES, children + <usize>j * CANDIDATE_BYTES, CANDIDATE_BYTES);
            store<i32>(supports + (<usize>kept << 2), load<i32>(supports + (<usize>j << 2)));
          }
          kept++;
        }
        childCount = kept;
      }
    }
    if (childCount == 1) {
      // Half of the sets with anything below them: no lists for these.
      if (isCanonical(load<u64>(children), forbidden, forbiddenCount - 1)) {
        const childSize = closedSize + load<i32>(children, 8);
        emit(depth + 1, load<i32>(children, 12), load<i32>(supports), childSize);
      }
      continue;
    }
    const childBase = mark();
    const childForbidden = allocate(<usize>(forbiddenCount + childCount) << 3);
    let childForbiddenCount = 0;
    stamp++;
    // The last one is the extent itself, which is in every child.
    for (let f = 0; f < forbiddenCount - 1; f++) {
      const mask = extent & load<u64>(forbidden + (<usize>f << 3));
      if (weightOf(mask) < childMinSupport || findEqual(mask, childForbidden, 8, childForbiddenCount) >= 0) continue;
      store<u64>(childForbidden + (<usize>childForbiddenCount << 3), mask);
      childForbiddenCount++;
    }
    explore(children, supports, childCount, childForbidden, childForbiddenCount, closedSize, childMinSupport, depth + 1);
    release(childBase);
  }
  release(base);
}
