/**
 * Representation S: rows and columns as lists. The supports of all columns within an extent are counted in one pass
 * over its rows (occurrence deliver). Below a column, rows that agree on the candidates are merged: weights are
 * added, and of the forbidden columns those are kept that all of them hold (no set below can tell the rows apart, so
 * a column that one of them lacks cannot contain the extent of such a set; LCM calls this interior intersection).
 */
import { leastSupportByRows } from './area-bound';
import { areaFloor } from './area-floor';
import { allocate, allocateZeroed, mark, release } from './arena';
import { CANDIDATE_BYTES, searchBits } from './bits';
import { countWork, emit, maxSupport, stopped } from './search-state';
import { maxBitRows, verticalCost } from './tuning';
import { allocateVertical, searchVertical } from './vertical';

/** Row `r` is `rowColumns[rowStarts[r] .. rowEnds[r])`. Columns before `firstCandidate` are forbidden and have no list of rows. */
@unmanaged
export class SparseMatrix {
  rowCount: i32;
  columnCount: i32;
  firstCandidate: i32;
  rowStarts: usize;
  rowEnds: usize;
  rowColumns: usize;
  rowWeights: usize;
  /** Per column, all columns counted. */
  columnOffsets: usize;
  columnRows: usize;
  multiplicities: usize;
  entitlements: usize;
}

// @ts-ignore: decorator
@inline
function at(array: usize, index: i32): i32 {
  return load<i32>(array + (<usize>index << 2));
}

// @ts-ignore: decorator
@inline
function put(array: usize, index: i32, value: i32): void {
  store<i32>(array + (<usize>index << 2), value);
}

export function visitSparse(matrix: SparseMatrix, chosen: i32, size: i32, minSupport: i32, depth: i32): void {
  const base = mark();
  visit(matrix, chosen, size, minSupport, depth);
  release(base);
}

function visit(matrix: SparseMatrix, chosen: i32, size: i32, minSupport: i32, depth: i32): void {
  const columnCount = matrix.columnCount;
  const extent = matrix.columnRows + (<usize>at(matrix.columnOffsets, chosen) << 2);
  const rowCount = at(matrix.columnOffsets, chosen + 1) - at(matrix.columnOffsets, chosen);
  const counts = allocateZeroed(<usize>columnCount << 2);
  let support = 0;
  let entries = 0;
  for (let i = 0; i < rowCount; i++) {
    const row = at(extent, i);
    const weight = at(matrix.rowWeights, row);
    support += weight;
    const start = at(matrix.rowStarts, row);
    const end = at(matrix.rowEnds, row);
    entries += end - start;
    for (let k = start; k < end; k++) {
      const column = at(matrix.rowColumns, k);
      put(counts, column, at(counts, column) + weight);
    }
  }
  countWork(entries + columnCount);
  for (let f = 0; f < chosen; f++) if (at(counts, f) == support) return;

  let closedSize = size;
  let childMass = 0;
  for (let c = chosen; c < columnCount; c++) {
    const count = at(counts, c);
    if (count == support) closedSize += at(matrix.multiplicities, c);
    else if (count >= minSupport) childMass += at(matrix.multiplicities, c);
  }
  emit(depth, at(matrix.entitlements, chosen), support, closedSize);
  if (childMass == 0) return;

  let childMinSupport = minSupport;
  if (areaFloor > 0) {
    if (min(<i64>support - 1, maxSupport) * <i64>(closedSize + childMass) < areaFloor) return;
    childMinSupport = raiseMinSupport(matrix, chosen, extent, rowCount, counts, support, closedSize, minSupport);
    if (childMinSupport == 0) return;
    countWork(entries);
  }
  searchBelow(matrix, chosen, extent, rowCount, entries, counts, support, closedSize, childMinSupport, depth + 1);
}

function raiseMinSupport(
  matrix: SparseMatrix,
  chosen: i32,
  extent: usize,
  rowCount: i32,
  counts: usize,
  support: i32,
  size: i32,
  minSupport: i32,
): i32 {
  const base = mark();
  const columnCount = matrix.columnCount;
  const columnMasses = allocateZeroed(<usize>columnCount << 2);
  for (let c = chosen + 1; c < columnCount; c++) {
    const count = at(counts, c);
    if (count >= minSupport && count < support) put(columnMasses, c, at(matrix.multiplicities, c));
  }
  const masses = allocate(<usize>rowCount << 2);
  const weights = allocate(<usize>rowCount << 2);
  for (let i = 0; i < rowCount; i++) {
    const row = at(extent, i);
    const end = at(matrix.rowEnds, row);
    let mass = 0;
    for (let k = at(matrix.rowStarts, row); k < end; k++) mass += at(columnMasses, at(matrix.rowColumns, k));
    put(masses, i, mass);
    put(weights, i, at(matrix.rowWeights, row));
  }
  const least = leastSupportByRows(masses, weights, rowCount, size, minSupport);
  release(base);
  return least;
}

/** Builds what lies below the chosen column in the representation that fits, and searches it. */
function searchBelow(
  matrix: SparseMatrix,
  chosen: i32,
  extent: usize,
  parentRows: i32,
  entries: i32,
  counts: usize,
  support: i32,
  size: i32,
  minSupport: i32,
  depth: i32,
): void {
  const child = changetype<SparseMatrix>(allocate(offsetof<SparseMatrix>()));
  const parentColumns = matrix.columnCount;
  // Parent's column → 1 + own number, 0: not kept.
  const numbers = allocateZeroed(<usize>parentColumns << 2);
  child.multiplicities = allocate(<usize>parentColumns << 2);
  child.entitlements = allocate(<usize>parentColumns << 2);
  let kept = 0;
  for (let c = 0; c < parentColumns; c++) {
    if (c == chosen) child.firstCandidate = kept;
    const count = at(counts, c);
    if (count < minSupport || count == support) continue;
    put(child.multiplicities, kept, at(matrix.multiplicities, c));
    put(child.entitlements, kept, at(matrix.entitlements, c));
    put(numbers, c, ++kept);
  }
  child.columnCount = kept;
  if (kept == child.firstCandidate) return;
  mergeRows(matrix, child, extent, parentRows, entries, numbers);

  const rowCount = child.rowCount;
  let length: f64 = 0;
  for (let r = 0; r < rowCount; r++) length += <f64>(at(child.rowEnds, r) - at(child.rowStarts, r));
  const words = (rowCount + 63) >> 6;
  // Steps per column: all words of all columns, or the mean column times the mean row.
  const vertical = verticalCost * <f64>kept * <f64>words;
  const sparse = (6 * length * length) / (<f64>rowCount * <f64>kept);
  if (rowCount <= maxBitRows) toBits(child, size, minSupport, depth);
  else if (vertical < sparse) toVertical(child, words, size, minSupport, depth);
  else {
    listColumns(child, <i32>length);
    for (let c = child.firstCandidate; c < kept && !stopped; c++) visitSparse(child, c, size, minSupport, depth);
  }
}

// @ts-ignore: decorator
@inline
function equalColumns(columns: usize, a: i32, b: i32, length: i32): bool {
  for (let k = 0; k < length; k++) if (at(columns, a + k) != at(columns, b + k)) return false;
  return true;
}

/** Writes the rows of the extent on the kept columns: candidates first, ascending, then the forbidden ones. Rows without a candidate go. */
function mergeRows(
  matrix: SparseMatrix,
  child: SparseMatrix,
  extent: usize,
  parentRows: i32,
  entries: i32,
  numbers: usize,
): void {
  child.rowStarts = allocate(<usize>parentRows << 2);
  child.rowEnds = allocate(<usize>parentRows << 2);
  child.rowWeights = allocate(<usize>parentRows << 2);
  child.rowColumns = allocate(<usize>entries << 2);
  const firstCandidate = child.firstCandidate;
  const slotCount = 1 << (33 - clz(parentRows));
  const base = mark();
  const candidateEnds = allocate(<usize>parentRows << 2);
  const hashes = allocate(<usize>parentRows << 2);
  const forbidden = allocate(<usize>firstCandidate << 2);
  // Per forbidden column 1 + the last row that holds it.
  const holder = allocateZeroed(<usize>firstCandidate << 2);
  const slots = allocateZeroed(<usize>slotCount << 2);
  let rowCount = 0;
  let written = 0;
  for (let i = 0; i < parentRows; i++) {
    const row = at(extent, i);
    const end = at(matrix.rowEnds, row);
    const start = written;
    let forbiddenCount = 0;
    let hash: u32 = 0;
    for (let k = at(matrix.rowStarts, row); k < end; k++) {
      const number = at(numbers, at(matrix.rowColumns, k)) - 1;
      if (number >= firstCandidate) {
        put(child.rowColumns, written++, number);
        hash = (hash ^ <u32>number) * 0x9e3779b1;
        hash ^= hash >> 15;
      } else if (number >= 0) {
        put(forbidden, forbiddenCount++, number);
        put(holder, number, i + 1);
      }
    }
    const length = written - start;
    if (length == 0) continue;
    const weight = at(matrix.rowWeights, row);
    let slot = <i32>hash & (slotCount - 1);
    let same = -1;
    for (;;) {
      const noted = at(slots, slot) - 1;
      if (noted < 0) break;
      const notedStart = at(child.rowStarts, noted);
      if (
        at(hashes, noted) == <i32>hash &&
        at(candidateEnds, noted) - notedStart == length &&
        equalColumns(child.rowColumns, notedStart, start, length)
      ) {
        same = noted;
        break;
      }
      slot = (slot + 1) & (slotCount - 1);
    }
    if (same < 0) {
      put(slots, slot, rowCount + 1);
      put(hashes, rowCount, <i32>hash);
      put(child.rowStarts, rowCount, start);
      put(candidateEnds, rowCount, written);
      memory.copy(child.rowColumns + (<usize>written << 2), forbidden, <usize>forbiddenCount << 2);
      written += forbiddenCount;
      put(child.rowEnds, rowCount, written);
      put(child.rowWeights, rowCount, weight);
      rowCount++;
    } else {
      written = start;
      put(child.rowWeights, same, at(child.rowWeights, same) + weight);
      let kept = at(candidateEnds, same);
      for (let k = kept; k < at(child.rowEnds, same); k++) {
        const column = at(child.rowColumns, k);
        if (at(holder, column) == i + 1) put(child.rowColumns, kept++, column);
      }
      put(child.rowEnds, same, kept);
    }
  }
  release(base);
  child.rowCount = rowCount;
  countWork(entries);
}

/** Fills in, for every candidate, the rows that hold it. */
function listColumns(matrix: SparseMatrix, entries: i32): void {
  const columnCount = matrix.columnCount;
  const first = matrix.firstCandidate;
  matrix.columnOffsets = allocateZeroed(<usize>(columnCount + 1) << 2);
  matrix.columnRows = allocate(<usize>entries << 2);
  const offsets = matrix.columnOffsets;
  for (let r = 0; r < matrix.rowCount; r++) {
    const end = at(matrix.rowEnds, r);
    for (let k = at(matrix.rowStarts, r); k < end; k++) {
      const column = at(matrix.rowColumns, k);
      if (column < first) break;
      put(offsets, column + 1, at(offsets, column + 1) + 1);
    }
  }
  for (let c = 0; c < columnCount; c++) put(offsets, c + 1, at(offsets, c + 1) + at(offsets, c));
  const base = mark();
  const fill = allocate(<usize>columnCount << 2);
  memory.copy(fill, offsets, <usize>columnCount << 2);
  for (let r = 0; r < matrix.rowCount; r++) {
    const end = at(matrix.rowEnds, r);
    for (let k = at(matrix.rowStarts, r); k < end; k++) {
      const column = at(matrix.rowColumns, k);
      if (column < first) break;
      const to = at(fill, column);
      put(matrix.columnRows, to, r);
      put(fill, column, to + 1);
    }
  }
  release(base);
}

function planesNeeded(matrix: SparseMatrix): i32 {
  let all = 1;
  for (let r = 0; r < matrix.rowCount; r++) all |= at(matrix.rowWeights, r);
  return 32 - clz(all);
}

function toBits(matrix: SparseMatrix, size: i32, minSupport: i32, depth: i32): void {
  const first = matrix.firstCandidate;
  const count = matrix.columnCount - first;
  const planeCount = planesNeeded(matrix);
  const planes = allocateZeroed(<usize>planeCount << 3);
  const forbidden = allocateZeroed(<usize>matrix.columnCount << 3);
  const candidates = allocateZeroed(<usize>count * CANDIDATE_BYTES);
  for (let i = 0; i < count; i++) {
    const to = candidates + <usize>i * CANDIDATE_BYTES;
    store<i32>(to, at(matrix.multiplicities, first + i), 8);
    store<i32>(to, at(matrix.entitlements, first + i), 12);
  }
  for (let r = 0; r < matrix.rowCount; r++) {
    const bit: u64 = (<u64>1) << <u64>r;
    const end = at(matrix.rowEnds, r);
    for (let k = at(matrix.rowStarts, r); k < end; k++) {
      const column = at(matrix.rowColumns, k);
      const mask = column < first ? forbidden + (<usize>column << 3) : candidates + <usize>(column - first) * CANDIDATE_BYTES;
      store<u64>(mask, load<u64>(mask) | bit);
    }
    const weight = at(matrix.rowWeights, r);
    for (let b = 0; b < planeCount; b++) {
      if (((weight >> b) & 1) == 0) continue;
      const plane = planes + (<usize>b << 3);
      store<u64>(plane, load<u64>(plane) | bit);
    }
  }
  searchBits(candidates, count, forbidden, first, planes, planeCount, size, minSupport, depth);
}

function toVertical(matrix: SparseMatrix, words: i32, size: i32, minSupport: i32, depth: i32): void {
  const planeCount = planesNeeded(matrix);
  const vertical = allocateVertical(matrix.columnCount, words, planeCount);
  vertical.firstCandidate = matrix.firstCandidate;
  memory.copy(vertical.multiplicities, matrix.multiplicities, <usize>matrix.columnCount << 2);
  memory.copy(vertical.entitlements, matrix.entitlements, <usize>matrix.columnCount << 2);
  const bytes = <usize>words << 3;
  memory.fill(vertical.bits, 0, <usize>matrix.columnCount * bytes);
  memory.fill(vertical.planes, 0, <usize>planeCount * bytes);
  for (let r = 0; r < matrix.rowCount; r++) {
    const bit: u64 = (<u64>1) << <u64>(r & 63);
    const offset = (<usize>r >> 6) << 3;
    const end = at(matrix.rowEnds, r);
    for (let k = at(matrix.rowStarts, r); k < end; k++) {
      const word = vertical.bits + <usize>at(matrix.rowColumns, k) * bytes + offset;
      store<u64>(word, load<u64>(word) | bit);
    }
    const weight = at(matrix.rowWeights, r);
    for (let b = 0; b < planeCount; b++) {
      if (((weight >> b) & 1) == 0) continue;
      const word = vertical.planes + <usize>b * bytes + offset;
      store<u64>(word, load<u64>(word) | bit);
    }
  }
  searchVertical(vertical, size, minSupport, depth);
}
