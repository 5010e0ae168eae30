import type { NoiseModel } from './noise-model.js';

/** A set of entitlements that users have together, up to noise. */
export interface Block {
  /** Ascending. */
  readonly entitlements: Int32Array;
  /** Users who have it, as far as known. */
  readonly users: number;
}

/**
 * The most probable explanation of one row by blocks: greedily the block whose cells, taken as extras, cost most beyond
 * what it costs itself (rare blocks cost more) and what the row lacks of it. One instance serves all rows.
 */
export class RowExplanation {
  readonly chosen: number[] = [];
  /** Parallel to `chosen`: how much less probable the row is without that block, in nats. */
  readonly margins: number[] = [];
  /** Blocks that share an entitlement with the row. */
  private readonly touched: number[] = [];
  /** Those of them that explain something by themselves. */
  private promising: readonly number[] = [];
  private readonly blocksOf: number[][];
  private readonly touchedIn: Int32Array;
  /** What each touched block gains in a row that nothing else explains. */
  private readonly aloneGains: Float64Array;
  private readonly held: Int32Array;
  private readonly grants: Int32Array;
  private readonly costs: Float64Array;
  private row = -1;

  constructor(
    readonly blocks: readonly Block[],
    userCount: number,
    private readonly model: NoiseModel,
  ) {
    const entitlementCount = model.extraCosts.length;
    this.blocksOf = Array.from({ length: entitlementCount }, () => []);
    for (const [block, { entitlements }] of blocks.entries()) {
      for (const entitlement of entitlements) this.blocksOf[entitlement].push(block);
    }
    this.touchedIn = new Int32Array(blocks.length).fill(-1);
    this.aloneGains = new Float64Array(blocks.length);
    this.held = new Int32Array(entitlementCount).fill(-1);
    this.grants = new Int32Array(entitlementCount);
    this.costs = Float64Array.from(blocks, ({ users }) => Math.log((userCount + 1) / (users + 0.5)));
  }

  /** @param row a number never used before with this instance; entitlements ascending */
  explain(row: number, entitlements: Int32Array): void {
    this.reset();
    this.row = row;
    const { missingCost, extraCosts } = this.model;
    for (const entitlement of entitlements) {
      this.held[entitlement] = row;
      for (const block of this.blocksOf[entitlement]) {
        if (this.touchedIn[block] !== row) {
          this.touchedIn[block] = row;
          this.touched.push(block);
          this.aloneGains[block] = -this.costs[block] - missingCost * this.blocks[block].entitlements.length;
        }
        this.aloneGains[block] += extraCosts[entitlement] + missingCost;
      }
    }
    this.promising = this.touched.filter((block) => this.aloneGains[block] > 0);
    this.choose(this.promising);
    this.dropSuperfluous();
    for (const block of this.chosen) this.margins.push(this.gainOver(block));
  }

  private choose(promising: readonly number[]): void {
    for (;;) {
      let best = -1;
      let bestGain = 0;
      for (const block of promising) {
        const gain = this.gain(block);
        if (gain > bestGain || (gain === bestGain && best >= 0 && block < best)) {
          best = block;
          bestGain = gain;
        }
      }
      if (best < 0) return;
      this.chosen.push(best);
      this.grant(best, 1);
    }
  }

  /** Later choices may have made an earlier one superfluous. */
  private dropSuperfluous(): void {
    for (let at = this.chosen.length - 1; at >= 0; at--) {
      const block = this.chosen[at];
      if (this.gainOver(block) > 0) continue;
      this.grant(block, -1);
      this.chosen.splice(at, 1);
    }
  }

  /** What a chosen block gains over the explanation without it. */
  private gainOver(block: number): number {
    this.grant(block, -1);
    const gain = this.gain(block);
    this.grant(block, 1);
    return gain;
  }

  /**
   * What a chosen block gains over the explanation with the best other block, or none, in its place. A slight variant of
   * another block gains slightly, though either alone explains much: by this, variants that only accidents suggest go.
   */
  advantage(block: number): number {
    this.grant(block, -1);
    const gain = this.gain(block);
    let alternative = 0;
    for (const other of this.promising) {
      if (other !== block) alternative = Math.max(alternative, this.gain(other));
    }
    this.grant(block, 1);
    return gain - alternative;
  }

  isHeld(entitlement: number): boolean {
    return this.held[entitlement] === this.row;
  }

  isGranted(entitlement: number): boolean {
    return this.grants[entitlement] > 0;
  }

  isGrantedTwice(entitlement: number): boolean {
    return this.grants[entitlement] > 1;
  }

  /** The block that comes closest to explaining the entitlement: how improbable it is, in nats; Infinity without any. */
  distanceToNearestBlock(entitlement: number): number {
    let distance = Infinity;
    for (const block of this.blocksOf[entitlement]) distance = Math.min(distance, -this.gain(block));
    return distance;
  }

  /** How much more probable the row becomes with the block. */
  private gain(block: number): number {
    const { held, grants, row } = this;
    const { missingCost, extraCosts } = this.model;
    const { entitlements } = this.blocks[block];
    let gain = -this.costs[block];
    for (let at = 0; at < entitlements.length; at++) {
      const entitlement = entitlements[at];
      if (grants[entitlement] > 0) continue;
      gain += held[entitlement] === row ? extraCosts[entitlement] : -missingCost;
    }
    return gain;
  }

  private grant(block: number, change: 1 | -1): void {
    for (const entitlement of this.blocks[block].entitlements) this.grants[entitlement] += change;
  }

  private reset(): void {
    for (const block of this.chosen) this.grant(block, -1);
    this.chosen.length = this.margins.length = this.touched.length = 0;
  }
}
