import type { AccessMatrix } from '../matrix/access-matrix.js';

/** Supports [minSupport, supportEnd) that one step of the search looks at. */
export interface SupportRange {
  readonly minSupport: number;
  readonly supportEnd: number;
}

// Measured on organisations of 20,000 and 100,000 users, top 1,000: 16 and 8 took 1.6 times as long on the former.
const FIRST_SHARE = 64;
const FACTOR = 4;

/**
 * Which supports to look at next, from high to low: the largest areas usually have a high support, where few columns
 * are left and the search is short, and the areas found there prune the long search at low supports.
 *
 * A set with support t has at most as many entitlements as the user with the t-th most, `lengths[t - 1]`; supports at
 * which t · lengths[t - 1] stays below the floor are skipped.
 */
export class SupportLadder {
  /** Entitlements per user, most first; users without any are left out. */
  private readonly lengths: Int32Array;
  private supportEnd: number;
  private nextMinSupport: number;

  /** @param allAtOnce one step for all supports, for a search that keeps everything */
  constructor(
    { userCount, entitlementCount, rowOffsets }: AccessMatrix,
    private readonly minUsers: number,
    allAtOnce: boolean,
  ) {
    this.lengths = descendingLengths(userCount, entitlementCount, rowOffsets);
    this.supportEnd = this.lengths.length + 1;
    this.nextMinSupport = allAtOnce ? minUsers : Math.floor(this.lengths.length / FIRST_SHARE);
  }

  /** null when no support is left at which a set can reach the floor. */
  next(floor: number): SupportRange | null {
    let highest = this.supportEnd - 1;
    while (highest >= this.minUsers && !this.canReach(highest, floor)) highest--;
    if (highest < this.minUsers) return null;
    let lowest = Math.max(this.minUsers, Math.min(this.nextMinSupport, highest));
    while (!this.canReach(lowest, floor)) lowest++;
    this.supportEnd = lowest;
    this.nextMinSupport = Math.floor(lowest / FACTOR);
    return { minSupport: lowest, supportEnd: highest + 1 };
  }

  private canReach(support: number, floor: number): boolean {
    return support * this.lengths[support - 1] >= floor;
  }
}

/** A counting sort: sorting 100,000 numbers took a tenth of the whole search. */
function descendingLengths(rowCount: number, maxLength: number, rowOffsets: Int32Array): Int32Array {
  const counts = new Int32Array(maxLength + 1);
  for (let row = 0; row < rowCount; row++) counts[rowOffsets[row + 1] - rowOffsets[row]]++;
  const lengths = new Int32Array(rowCount - counts[0]);
  let at = 0;
  for (let length = maxLength; length > 0; length--) {
    if (counts[length] > 0) lengths.fill(length, at, at + counts[length]);
    at += counts[length];
  }
  return lengths;
}
