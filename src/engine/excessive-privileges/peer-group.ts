import type { AccessMatrix } from '../matrix/access-matrix.js';

/**
 * What a group looks like to one of its members: everything is said about the *other* members who hold anything.
 * Built in O(access of its members), then O(log members) a question.
 */
export class PeerGroup {
  private readonly sortedCounts: Int32Array;

  /**
   * @param holders the members of the group who hold anything, at least two
   * @param holdersOf per entitlement, how many of them hold it
   */
  constructor(
    private readonly matrix: AccessMatrix,
    holders: Int32Array,
    private readonly holdersOf: Int32Array,
  ) {
    this.sortedCounts = holders.map((user) => matrix.rowOffsets[user + 1] - matrix.rowOffsets[user]).sort();
  }

  /** Median over the others of a member who holds `own` entitlements: the sorted counts without one of that value. */
  medianOfOthers(own: number): number {
    const removed = this.holdingFewerThan(own);
    const others = this.sortedCounts.length - 1;
    const other = (at: number): number => this.sortedCounts[at < removed ? at : at + 1];
    return (other((others - 1) >> 1) + other(others >> 1)) / 2;
  }

  /** Percent of the others who hold fewer than `own`. */
  percentileAmongOthers(own: number): number {
    return (100 * this.holdingFewerThan(own)) / (this.sortedCounts.length - 1);
  }

  /** What a member holds and at most half of the others hold, rarest first, ties ascending. */
  excessOf(user: number): Int32Array {
    const { matrix, holdersOf } = this;
    const others = this.sortedCounts.length - 1;
    return matrix.rowColumns
      .slice(matrix.rowOffsets[user], matrix.rowOffsets[user + 1])
      .filter((entitlement) => 2 * (holdersOf[entitlement] - 1) <= others)
      .sort((a, b) => holdersOf[a] - holdersOf[b] || a - b);
  }

  private holdingFewerThan(own: number): number {
    let low = 0;
    let high = this.sortedCounts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sortedCounts[middle] < own) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
