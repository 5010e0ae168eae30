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
  private kept: SimilarPair[] = [];
  private cut = false;

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
    this.kept.push({ a, b, overlapPercent });
    if (this.kept.length === 2 * this.limit) this.keepStrongest();
  }

  /** The pairs, strongest first, ties by position, and whether there were more of them than the limit. */
  finish(): { pairs: readonly SimilarPair[]; truncated: boolean } {
    this.keepStrongest();
    return { pairs: this.kept, truncated: this.cut };
  }

  private keepStrongest(): void {
    this.kept.sort((x, y) => y.overlapPercent - x.overlapPercent || x.a - y.a || x.b - y.b);
    if (this.kept.length <= this.limit) return;
    this.kept.length = this.limit;
    this.cut = true;
    // Pairs as strong as the weakest one stay wanted: their position may put them before it.
    this.threshold = this.kept[this.limit - 1].overlapPercent;
  }
}
