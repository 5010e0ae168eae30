/**
 * How many elements two sets must share so that 100 × shared ÷ united reaches a threshold that may rise. The quotient
 * is rounded once and compared as it is reported: exactly 70% always reaches 70. At least one in any case.
 */
export class RequiredOverlap {
  private readonly bySizes: Int32Array;
  private thresholdPercent = 0;

  /** @param largestSize of the sets to be compared */
  constructor(largestSize: number) {
    this.bySizes = new Int32Array(2 * largestSize + 1).fill(1);
  }

  raiseTo(thresholdPercent: number): void {
    if (thresholdPercent <= this.thresholdPercent) return;
    this.thresholdPercent = thresholdPercent;
    let shared = 1;
    for (let sizes = 1; sizes < this.bySizes.length; sizes++) {
      while ((100 * shared) / (sizes - shared) < thresholdPercent) shared++;
      this.bySizes[sizes] = shared;
    }
  }

  /** @param sizes the sum of both sizes */
  of(sizes: number): number {
    return this.bySizes[sizes];
  }

  /** The size of the smallest set that can reach the threshold with one of `size`, by being contained in it. */
  smallestPartner(size: number): number {
    let partner = Math.max(1, Math.floor((this.thresholdPercent * size) / 100) - 1);
    while ((100 * partner) / size < this.thresholdPercent) partner++;
    return partner;
  }
}
