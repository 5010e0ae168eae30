import type { Candidate } from './candidate-pool.js';
import type { RowClasses } from './row-classes.js';

/**
 * Covers one row by roles that fit into it, greedily (Chvátal's set cover heuristic, 1979): a role costs one user
 * assignment, every entitlement left over one direct assignment. Masks over the positions of the row, 32 to a word,
 * make a step a few popcounts. One instance serves all rows, one after the other.
 */
export class RowCover {
  /** Roles of the last `cover` call, `chosenCount` of them, in order of choice. */
  chosen = new Int32Array(64);
  /** Parallel to `chosen`: how much dearer the row would be without that role, covered by the others. */
  losses = new Int32Array(64);
  chosenCount = 0;
  /** Entitlements left to direct assignment. */
  directCount = 0;

  private readonly positionInRow: Int32Array;
  private fitting = new Int32Array(64);
  private fittingCount = 0;
  private words = 1;
  private masks = new Int32Array(256);
  private open = new Int32Array(4);
  private others = new Int32Array(4);

  /** @param preference of roles that cover as much, the one with the highest value is taken, then the first */
  constructor(
    private readonly classes: RowClasses,
    private readonly candidates: readonly Candidate[],
    private readonly preference: Float64Array,
  ) {
    this.positionInRow = new Int32Array(classes.support.length);
  }

  /** @param fits candidates whose entitlements the row holds; only those that are alive are used */
  cover(rowClass: number, fits: Int32Array, alive: Uint8Array): void {
    const length = this.classes.rowOffsets[rowClass + 1] - this.classes.rowOffsets[rowClass];
    this.makeRoom(length, fits.length);
    this.load(rowClass, fits, alive);
    this.open.fill(-1, 0, this.words);
    if ((length & 31) !== 0) this.open[this.words - 1] = (1 << (length & 31)) - 1;
    this.chosenCount = 0;
    for (let best = this.bestFit(-1, 1); best >= 0; best = this.bestFit(-1, 1)) {
      this.chosen[this.chosenCount++] = best;
      this.close(best);
    }
    this.directCount = this.openCount();
    this.dropRedundant();
    this.price();
    for (let at = 0; at < this.chosenCount; at++) this.chosen[at] = this.fitting[this.chosen[at]];
  }

  private makeRoom(length: number, fits: number): void {
    this.words = (length + 31) >>> 5;
    if (this.open.length < this.words) {
      this.open = new Int32Array(this.words * 2);
      this.others = new Int32Array(this.words * 2);
    }
    if (this.fitting.length < fits) {
      this.fitting = new Int32Array(fits * 2);
      this.chosen = new Int32Array(fits * 2);
      this.losses = new Int32Array(fits * 2);
    }
    if (this.masks.length < fits * this.words) this.masks = new Int32Array(fits * this.words * 2);
  }

  private load(rowClass: number, fits: Int32Array, alive: Uint8Array): void {
    const { rowOffsets, rowColumns } = this.classes;
    const { positionInRow, masks, words } = this;
    const start = rowOffsets[rowClass];
    for (let at = start; at < rowOffsets[rowClass + 1]; at++) positionInRow[rowColumns[at]] = at - start;
    this.fittingCount = 0;
    for (const role of fits) {
      if (alive[role] === 0) continue;
      const base = this.fittingCount * words;
      for (let word = base; word < base + words; word++) masks[word] = 0;
      const { entitlements } = this.candidates[role];
      for (let at = 0; at < entitlements.length; at++) {
        const position = positionInRow[entitlements[at]];
        masks[base + (position >>> 5)] |= 1 << (position & 31);
      }
      this.fitting[this.fittingCount++] = role;
    }
  }

  /** Index into `fitting` of the role that covers most of `open`, at least `least`; -1 when none does. */
  private bestFit(except: number, least: number): number {
    const { masks, open, words, fitting, preference } = this;
    let best = -1;
    let bestGain = least - 1;
    for (let fit = 0; fit < this.fittingCount; fit++) {
      const base = fit * words;
      let gain = 0;
      for (let word = 0; word < words; word++) gain += popcount(masks[base + word] & open[word]);
      if (gain < bestGain || fit === except) continue;
      if (gain > bestGain || (best >= 0 && preference[fitting[fit]] > preference[fitting[best]])) {
        best = fit;
        bestGain = gain;
      }
    }
    return best;
  }

  private close(fit: number): void {
    const base = fit * this.words;
    for (let word = 0; word < this.words; word++) this.open[word] &= ~this.masks[base + word];
  }

  private openCount(): number {
    let total = 0;
    for (let word = 0; word < this.words; word++) total += popcount(this.open[word]);
    return total;
  }

  /** Later choices may have made an earlier one superfluous. */
  private dropRedundant(): void {
    for (let at = this.chosenCount - 1; at >= 0; at--) {
      this.openOwn(at);
      if (this.openCount() > 0) continue;
      this.chosen.copyWithin(at, at + 1, this.chosenCount);
      this.chosenCount--;
    }
  }

  /** Leaves open what only the chosen role at this position covers. */
  private openOwn(position: number): void {
    const { masks, others, open, words } = this;
    for (let word = 0; word < words; word++) others[word] = 0;
    for (let other = 0; other < this.chosenCount; other++) {
      if (other === position) continue;
      const base = this.chosen[other] * words;
      for (let word = 0; word < words; word++) others[word] |= masks[base + word];
    }
    const base = this.chosen[position] * words;
    for (let word = 0; word < words; word++) open[word] = masks[base + word] & ~others[word];
  }

  private price(): void {
    for (let at = 0; at < this.chosenCount; at++) {
      this.openOwn(at);
      let replacements = 0;
      for (let best = this.bestFit(this.chosen[at], 2); best >= 0; best = this.bestFit(this.chosen[at], 2)) {
        replacements++;
        this.close(best);
      }
      this.losses[at] = replacements + this.openCount() - 1;
    }
  }
}

function popcount(word: number): number {
  word -= (word >>> 1) & 0x55555555;
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
  word = (word + (word >>> 4)) & 0x0f0f0f0f;
  word += word >>> 8;
  return (word + (word >>> 16)) & 0x3f;
}
