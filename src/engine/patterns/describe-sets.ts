import type { EngineControl } from '../control.js';
import { sharedInt32, type AccessMatrix } from '../matrix/access-matrix.js';
import { SetCloser } from './closed-set.js';
import type { FoundSets } from './found-sets.js';
import type { FrequentMatrix } from './frequent-matrix.js';
import { RECORD_HEADER_LENGTH } from './found-sets.js';
import type { RowBits } from './row-bits.js';
import { claimable, type SharedTask } from './shared-task.js';

export const SAMPLE_SIZE = 10;

/** What is to be known of sets: filled by `describeSets` and `countExactUsers`, in shared memory. */
export interface SetDescriptions {
  /** Set `i` consists of `entitlements[offsets[i] .. offsets[i + 1])`, ascending. */
  readonly offsets: Int32Array;
  readonly entitlements: Int32Array;
  /** Of the entitlements. */
  readonly hashes: Int32Array;
  /** Up to `SAMPLE_SIZE` users per set; 0 where the set has not been described. */
  readonly sampleCounts: Int32Array;
  readonly samples: Int32Array;
  readonly exactUserCounts: Int32Array;
}

/** Finds entitlements and first users of sets. */
export interface DescriptionTask extends SharedTask {
  readonly kind: 'description';
  readonly matrix: AccessMatrix;
  /** Has all entitlements of the sets as columns. */
  readonly frequent: FrequentMatrix;
  readonly rowBits: RowBits;
  readonly sets: FoundSets;
  readonly descriptions: SetDescriptions;
}

/** Counts for each set the users whose access is exactly it. Its pieces are ranges of users. */
export interface ExactUsersTask extends SharedTask {
  readonly kind: 'exact-users';
  readonly matrix: AccessMatrix;
  readonly descriptions: SetDescriptions;
  /** Set + 1 by hash, 0 is free: open addressing. */
  readonly slots: Int32Array;
  /** Bits by length, first and last entitlement: few users get past it, and so few rows are read. */
  readonly filter: Int32Array;
}

const SETS_PER_PART = 64;
const USERS_PER_PART = 8192;

export function descriptionTask(
  matrix: AccessMatrix,
  frequent: FrequentMatrix,
  rowBits: RowBits,
  sets: FoundSets,
): DescriptionTask {
  const count = sets.starts.length;
  const offsets = sharedInt32(count + 1);
  for (let set = 0; set < count; set++) offsets[set + 1] = offsets[set] + sets.records[sets.starts[set] + 1];
  const descriptions = {
    offsets,
    entitlements: sharedInt32(offsets[count]),
    hashes: sharedInt32(count),
    sampleCounts: sharedInt32(count),
    samples: sharedInt32(count * SAMPLE_SIZE),
    exactUserCounts: sharedInt32(count),
  };
  return {
    kind: 'description',
    matrix,
    frequent,
    rowBits,
    sets,
    descriptions,
    ...claimable(Math.ceil(count / SETS_PER_PART)),
  };
}

export function describeSets(task: DescriptionTask, part: number, control: EngineControl): void {
  const closer = new SetCloser(task.matrix, task.frequent, task.rowBits);
  const end = Math.min((part + 1) * SETS_PER_PART, task.sets.starts.length);
  for (let set = part * SETS_PER_PART; set < end && control.isCancelled?.() !== true; set++) {
    describeSet(task, closer, set);
  }
}

/** Comparisons that descriptions may still take once the caller has cancelled: about 0.2 s. Sets of hundreds of generators take 100,000 each. */
const WORK_ONCE_CANCELLED = 10_000_000;

/** Of the sets that have been left out as many as can be described in a moment, from the first on. */
export function describeSomeMore(task: DescriptionTask): void {
  const { sampleCounts } = task.descriptions;
  const closer = new SetCloser(task.matrix, task.frequent, task.rowBits);
  for (let set = 0; set < sampleCounts.length && closer.work < WORK_ONCE_CANCELLED; set++) {
    if (sampleCounts[set] === 0) describeSet(task, closer, set);
  }
}

function describeSet({ sets, descriptions }: DescriptionTask, closer: SetCloser, set: number): void {
  const { entitlements, offsets, samples } = descriptions;
  const start = sets.starts[set];
  closer.take(sets.records, start + RECORD_HEADER_LENGTH, sets.records[start + 2]);
  const sampleCount = closer.firstUsers(samples, set * SAMPLE_SIZE, SAMPLE_SIZE);
  closer.close(samples[set * SAMPLE_SIZE], entitlements, offsets[set], offsets[set + 1]);
  descriptions.hashes[set] = hashRange(entitlements, offsets[set], offsets[set + 1]);
  descriptions.sampleCounts[set] = sampleCount;
}

export function exactUsersTask(matrix: AccessMatrix, descriptions: SetDescriptions): ExactUsersTask {
  const { offsets, entitlements, hashes, sampleCounts } = descriptions;
  const slots = sharedInt32(2 ** Math.ceil(Math.log2(2 * hashes.length + 2)));
  const filter = sharedInt32(slots.length);
  for (let set = 0; set < hashes.length; set++) {
    if (sampleCounts[set] === 0) continue;
    let slot = hashes[set] & (slots.length - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = set + 1;
    const bit = filterBit(entitlements, offsets[set], offsets[set + 1], filter.length);
    filter[bit >>> 5] |= 1 << (bit & 31);
  }
  return {
    kind: 'exact-users',
    matrix,
    descriptions,
    slots,
    filter,
    ...claimable(Math.ceil(matrix.userCount / USERS_PER_PART)),
  };
}

/** O(assignments of the users in the part). */
export function countExactUsers({ matrix, descriptions, slots, filter }: ExactUsersTask, part: number): void {
  const { userCount, rowOffsets, rowColumns } = matrix;
  const { offsets, entitlements, hashes, exactUserCounts } = descriptions;
  const mask = slots.length - 1;
  const last = Math.min((part + 1) * USERS_PER_PART, userCount);
  for (let user = part * USERS_PER_PART; user < last; user++) {
    const from = rowOffsets[user];
    const end = rowOffsets[user + 1];
    if (from === end) continue;
    const bit = filterBit(rowColumns, from, end, filter.length);
    if ((filter[bit >>> 5] & (1 << (bit & 31))) === 0) continue;
    const hash = hashRange(rowColumns, from, end);
    for (let slot = hash & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const set = slots[slot] - 1;
      if (hashes[set] !== hash || !equalRanges(entitlements, offsets[set], offsets[set + 1], rowColumns, from, end)) {
        continue;
      }
      Atomics.add(exactUserCounts, set, 1);
      break;
    }
  }
}

function hashRange(values: Int32Array, from: number, end: number): number {
  let hash = end - from;
  for (let at = from; at < end; at++) hash = mixed(hash, values[at]);
  return hash;
}

/** Which of `words` × 32 bits, a power of two. */
function filterBit(values: Int32Array, from: number, end: number, words: number): number {
  return mixed(mixed(end - from, values[from]), values[end - 1]) & (words * 32 - 1);
}

function mixed(hash: number, value: number): number {
  const product = Math.imul(hash ^ value, 0x9e3779b1);
  return product ^ (product >>> 15);
}

function equalRanges(a: Int32Array, fromA: number, endA: number, b: Int32Array, fromB: number, endB: number): boolean {
  if (endA - fromA !== endB - fromB) return false;
  for (let k = 0; fromA + k < endA; k++) if (a[fromA + k] !== b[fromB + k]) return false;
  return true;
}
