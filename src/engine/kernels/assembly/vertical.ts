/**
 * Representation V: a column is a row of u64 words, row weights are bit planes of the same width. Intersection, the
 * test for the closure and the support are one pass over the words. Below a column only the words in which it has
 * bits are kept, and its bits are moved together once that makes columns several times shorter.
 */
import { leastSupportByColumns } from './area-bound';
import { areaFloor } from './area-floor';
import { allocate, mark, release } from './arena';
import { CANDIDATE_BYTES, searchBits } from './bits';
import { countWork, emit, maxSupport, stopped } from './search-state';
import { minPackFactor } from './tuning';

/** Columns before `firstCandidate` are forbidden. */
@unmanaged
export class VerticalMatrix {
  wordCount: i32;
  columnCount: i32;
  firstCandidate: i32;
  planeCount: i32;
  /** columnCount × wordCount u64. */
  bits: usize;
  /** planeCount × wordCount u64. */
  planes: usize;
  /** i32 per column. */
  multiplicities: usize;
  /** i32 per column. */
  entitlements: usize;
}

export function allocateVertical(columnCount: i32, wordCount: i32, planeCount: i32): VerticalMatrix {
  const matrix = changetype<VerticalMatrix>(allocate(offsetof<VerticalMatrix>()));
  matrix.columnCount = columnCount;
  matrix.wordCount = wordCount;
  matrix.planeCount = planeCount;
  matrix.multiplicities = allocate(<usize>columnCount << 2);
  matrix.entitlements = allocate(<usize>columnCount << 2);
  matrix.planes = allocate((<usize>planeCount * <usize>wordCount) << 3);
  // Last, see `release` in `visit`.
  matrix.bits = allocate((<usize>columnCount * <usize>wordCount) << 3);
  return matrix;
}

// @ts-ignore: decorator
@inline
function planeWeight(bits: usize, planes: usize, planeCount: i32, bytes: usize): i32 {
  let weight = 0;
  for (let b = 0; b < planeCount; b++) {
    let count: u64 = 0;
    for (let w: usize = 0; w < bytes; w += 8) count += popcnt(load<u64>(bits + w) & load<u64>(planes + w));
    weight += <i32>count << b;
    planes += bytes;
  }
  return weight;
}

/** The bits of `value` under `mask`, moved together (what x86 calls pext). */
// @ts-ignore: decorator
@inline
function compress(value: u64, mask: u64): u64 {
  let result: u64 = 0;
  for (let bit: u64 = 1; mask != 0; bit <<= 1) {
    if ((value & mask & (0 - mask)) != 0) result |= bit;
    mask &= mask - 1;
  }
  return result;
}

/** Moves the bits under the masks together, over words: writes ceil(bits / 64) of them. */
function compressWords(from: usize, masks: usize, bytes: usize, to: usize): void {
  let filled: u64 = 0;
  let word: u64 = 0;
  for (let w: usize = 0; w < bytes; w += 8) {
    const mask = load<u64>(masks + w);
    const bits = compress(load<u64>(from + w), mask);
    const count = popcnt(mask);
    word |= bits << filled;
    if (filled + count >= 64) {
      store<u64>(to, word);
      to += 8;
      word = filled == 0 ? 0 : bits >> (64 - filled);
      filled = filled + count - 64;
    } else filled += count;
  }
  if (filled > 0) store<u64>(to, word);
}

export function searchVertical(matrix: VerticalMatrix, size: i32, minSupport: i32, depth: i32): void {
  if (matrix.wordCount == 1) {
    handOverToBits(matrix, size, minSupport, depth);
    return;
  }
  for (let c = matrix.firstCandidate; c < matrix.columnCount && !stopped; c++) {
    const base = mark();
    visit(matrix, c, size, minSupport, depth);
    release(base);
  }
}

function handOverToBits(matrix: VerticalMatrix, size: i32, minSupport: i32, depth: i32): void {
  const first = matrix.firstCandidate;
  const count = matrix.columnCount - first;
  const base = mark();
  const candidates = allocate(<usize>count * CANDIDATE_BYTES);
  for (let i = 0; i < count; i++) {
    const to = candidates + <usize>i * CANDIDATE_BYTES;
    store<u64>(to, load<u64>(matrix.bits + (<usize>(first + i) << 3)));
    store<i32>(to, load<i32>(matrix.multiplicities + (<usize>(first + i) << 2)), 8);
    store<i32>(to, load<i32>(matrix.entitlements + (<usize>(first + i) << 2)), 12);
  }
  const forbidden = allocate(<usize>matrix.columnCount << 3);
  memory.copy(forbidden, matrix.bits, <usize>first << 3);
  searchBits(candidates, count, forbidden, first, matrix.planes, matrix.planeCount, size, minSupport, depth);
  release(base);
}

function visit(matrix: VerticalMatrix, chosen: i32, size: i32, minSupport: i32, depth: i32): void {
  const bytes = <usize>matrix.wordCount << 3;
  const extent = matrix.bits + <usize>chosen * bytes;
  for (let f = 0; f < chosen; f++) {
    const other = matrix.bits + <usize>f * bytes;
    let w: usize = 0;
    while (w < bytes && (load<u64>(extent + w) & ~load<u64>(other + w)) == 0) w += 8;
    if (w == bytes) {
      countWork(chosen);
      return;
    }
  }

  // The words in which the extent has bits: their offsets, and the extent itself without the others.
  const offsets = allocate(<usize>matrix.wordCount << 2);
  const masks = allocate(bytes);
  let childBytes: usize = 0;
  let extentBits: u64 = 0;
  for (let w: usize = 0; w < bytes; w += 8) {
    const word = load<u64>(extent + w);
    if (word == 0) continue;
    store<i32>(offsets + (childBytes >> 1), <i32>w);
    store<u64>(masks + childBytes, word);
    extentBits += popcnt(word);
    childBytes += 8;
  }
  const childWords = <i32>(childBytes >> 3);
  const columnCount = matrix.columnCount;
  countWork(columnCount * childWords + chosen);

  const supports = allocate(<usize>columnCount << 2);
  const child = allocateVertical(columnCount, childWords, matrix.planeCount);
  gatherPlanes(matrix, child, offsets, masks, childBytes);
  const support = planeWeight(masks, child.planes, child.planeCount, childBytes);

  let closedSize = size + load<i32>(matrix.multiplicities + (<usize>chosen << 2));
  let childMass = 0;
  let kept = 0;
  for (let c = 0; c < columnCount; c++) {
    if (c == chosen) {
      child.firstCandidate = kept;
      continue;
    }
    const from = matrix.bits + <usize>c * bytes;
    const to = child.bits + <usize>kept * childBytes;
    let bits: u64 = 0;
    for (let w: usize = 0; w < childBytes; w += 8) {
      const word = load<u64>(masks + w) & load<u64>(from + <usize>load<i32>(offsets + (w >> 1)));
      store<u64>(to + w, word);
      bits += popcnt(word);
    }
    const multiplicity = load<i32>(matrix.multiplicities + (<usize>c << 2));
    if (bits == extentBits) {
      // A forbidden column cannot be here: that was tested above.
      closedSize += multiplicity;
      continue;
    }
    const columnSupport = bits == 0 ? 0 : planeWeight(to, child.planes, child.planeCount, childBytes);
    if (columnSupport < minSupport) continue;
    store<i32>(supports + (<usize>kept << 2), columnSupport);
    store<i32>(child.multiplicities + (<usize>kept << 2), multiplicity);
    store<i32>(child.entitlements + (<usize>kept << 2), load<i32>(matrix.entitlements + (<usize>c << 2)));
    if (c > chosen) childMass += multiplicity;
    kept++;
  }
  child.columnCount = kept;
  emit(depth, load<i32>(matrix.entitlements + (<usize>chosen << 2)), support, closedSize);
  if (kept == child.firstCandidate) return;

  let childMinSupport = minSupport;
  if (areaFloor > 0) {
    if (min(<i64>support - 1, maxSupport) * <i64>(closedSize + childMass) < areaFloor) return;
    const first = <usize>child.firstCandidate << 2;
    childMinSupport = leastSupportByColumns(
      supports + first,
      child.multiplicities + first,
      4,
      kept - child.firstCandidate,
      closedSize,
      minSupport,
    );
    if (childMinSupport == 0) return;
    if (childMinSupport > minSupport) dropColumns(child, supports, childMinSupport);
  }
  pack(child, masks, <i32>extentBits);
  // The bits lie on top of the arena: what dropped columns and words leave is free again.
  release(child.bits + ((<usize>child.columnCount * <usize>child.wordCount) << 3));
  searchVertical(child, closedSize, childMinSupport, depth + 1);
}

/** The planes under the extent, without those that have become empty at the top. */
function gatherPlanes(matrix: VerticalMatrix, child: VerticalMatrix, offsets: usize, masks: usize, bytes: usize): void {
  const parentBytes = <usize>matrix.wordCount << 3;
  let used = 1;
  for (let b = 0; b < matrix.planeCount; b++) {
    const from = matrix.planes + <usize>b * parentBytes;
    const to = child.planes + <usize>b * bytes;
    let any: u64 = 0;
    for (let w: usize = 0; w < bytes; w += 8) {
      const word = load<u64>(masks + w) & load<u64>(from + <usize>load<i32>(offsets + (w >> 1)));
      store<u64>(to + w, word);
      any |= word;
    }
    if (any != 0) used = b + 1;
  }
  child.planeCount = used;
}

function dropColumns(matrix: VerticalMatrix, supports: usize, minSupport: i32): void {
  const bytes = <usize>matrix.wordCount << 3;
  let kept = 0;
  let first = 0;
  for (let c = 0; c < matrix.columnCount; c++) {
    if (c == matrix.firstCandidate) first = kept;
    if (load<i32>(supports + (<usize>c << 2)) < minSupport) continue;
    if (kept < c) {
      memory.copy(matrix.bits + <usize>kept * bytes, matrix.bits + <usize>c * bytes, bytes);
      store<i32>(matrix.multiplicities + (<usize>kept << 2), load<i32>(matrix.multiplicities + (<usize>c << 2)));
      store<i32>(matrix.entitlements + (<usize>kept << 2), load<i32>(matrix.entitlements + (<usize>c << 2)));
    }
    kept++;
  }
  matrix.firstCandidate = first;
  matrix.columnCount = kept;
}

/** Moves the bits of all columns together where that pays: it costs a step per bit of the extent and column. */
function pack(matrix: VerticalMatrix, masks: usize, extentBits: i32): void {
  const packedWords = (extentBits + 63) >> 6;
  const worthwhile = extentBits <= 64 || packedWords * minPackFactor <= matrix.wordCount;
  if (!worthwhile || packedWords == matrix.wordCount) return;
  const bytes = <usize>matrix.wordCount << 3;
  const packedBytes = <usize>packedWords << 3;
  countWork(matrix.columnCount * extentBits);
  // In place, front to back: what is written lies before what is still to be read.
  for (let b = 0; b < matrix.planeCount; b++) {
    compressWords(matrix.planes + <usize>b * bytes, masks, bytes, matrix.planes + <usize>b * packedBytes);
  }
  for (let c = 0; c < matrix.columnCount; c++) {
    compressWords(matrix.bits + <usize>c * bytes, masks, bytes, matrix.bits + <usize>c * packedBytes);
  }
  matrix.wordCount = packedWords;
}
