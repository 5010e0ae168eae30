/**
 * Greedy set cover (Chvátal, "A greedy heuristic for the set-covering problem", Math. Oper. Res. 1979) followed by
 * removal of what became redundant; its arrays are reused from call to call.
 */
export class GreedyCover {
  /** Elementary operations of the last choice. */
  work = 0;
  private readonly gains: Int32Array;
  /** Chosen sets that hold each value. */
  private readonly covered: Int32Array;
  /** Chains of the candidates that hold each value: `sets[link]`, then `next[link]`. */
  private readonly heads: Int32Array;
  private readonly next: number[] = [];
  private readonly sets: number[] = [];

  constructor(setCount: number, valueCount: number) {
    this.gains = new Int32Array(setCount);
    this.covered = new Int32Array(valueCount);
    this.heads = new Int32Array(valueCount).fill(-1);
  }

  /**
   * Few of the candidates that together hold what all of them hold; ties go to the earlier candidate.
   *
   * @param valuesOf values of each set, by its number
   * @param size number of values that the candidates hold together
   */
  choose(candidates: readonly number[], valuesOf: readonly (readonly number[])[], size: number): number[] {
    let links = 0;
    for (const set of candidates) {
      this.gains[set] = valuesOf[set].length;
      for (const value of valuesOf[set]) {
        this.sets[links] = set;
        this.next[links] = this.heads[value];
        this.heads[value] = links++;
      }
    }
    const chosen: number[] = [];
    for (let open = size; open > 0;) {
      let best = candidates[0];
      for (const set of candidates) if (this.gains[set] > this.gains[best]) best = set;
      chosen.push(best);
      for (const value of valuesOf[best]) {
        if (this.covered[value]++ > 0) continue;
        open--;
        for (let link = this.heads[value]; link >= 0; link = this.next[link]) this.gains[this.sets[link]]--;
      }
    }
    const needed = chosen.filter((set) => {
      const redundant = valuesOf[set].every((value) => this.covered[value] > 1);
      if (redundant) for (const value of valuesOf[set]) this.covered[value]--;
      return !redundant;
    });
    for (const set of candidates) {
      for (const value of valuesOf[set]) {
        this.heads[value] = -1;
        this.covered[value] = 0;
      }
    }
    this.work = 4 * links + candidates.length * chosen.length;
    return needed;
  }
}
