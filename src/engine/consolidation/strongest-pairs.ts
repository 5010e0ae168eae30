/** Two sets by position, and their Jaccard index × 100. */
export interface SimilarPair {
  readonly a: number;
  readonly b: number;
  readonly overlapPercent: number;
}

/**
 * Keeps the strongest of any number of pairs: a buffer of twice the limit, sorted and cut when full, which costs
 * O(log limit) a pair. What falls off raises the threshold for those still to come.
 */
export class StrongestPairs {
  private readonly kept: SimilarPair[] = [];
  /** The last of those within the limit, once there were more. */
  private weakest: SimilarPair | null = null;

  /** @param limit at least 1 */
  constructor(
    private threshold: number,
    private readonly limit: number,
  ) {}

  /** No pair below it is wanted any more. */
  get thresholdPercent(): number {
    return this.threshold;
  }

  offer(a: number, b: number, overlapPercent: number): void {
    if (overlapPercent < this.threshold) return;
    const pair = { a, b, overlapPercent };
    if (this.weakest !== null && strongestFirst(this.weakest, pair) < 0) return;
    this.kept.push(pair);
    if (this.kept.length === 2 * this.limit) this.keepStrongest();
  }

  /** The pairs, strongest first, ties by position, and whether there were more of them than the limit. */
  finish(): { pairs: readonly SimilarPair[]; truncated: boolean } {
    this.keepStrongest();
    return { pairs: this.kept, truncated: this.weakest !== null };
  }

  private keepStrongest(): void {
    this.kept.sort(strongestFirst);
    if (this.kept.length <= this.limit) return;
    this.kept.length = this.limit;
    this.weakest = this.kept[this.limit - 1];
    // Pairs as strong as the weakest one stay wanted: their position may put them before it.
    this.threshold = this.weakest.overlapPercent;
  }
}

function strongestFirst(x: SimilarPair, y: SimilarPair): number {
  return y.overlapPercent - x.overlapPercent || x.a - y.a || x.b - y.b;
}
