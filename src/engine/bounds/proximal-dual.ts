import type { SeededRandom } from '../random.js';
import type { SearchMeter } from '../role-set/search/search-meter.js';
import type { WeightedUpa } from '../role-set/search/weighted-upa.js';
import type { BicliqueEdges } from './biclique-pricer.js';

// Looked up once: under jest's module contexts every access to a global costs some 100 ns.
const { max, min } = Math;

/**
 * Steps with a multiplier of 0 after which a constraint is forgotten; pricing finds it again when it is needed. On the
 * largest real matrix 3 reaches in 2.0 s what 15 reaches in 3.2 s.
 */
const IDLE_STEPS = 3;
/** Keeps the metric away from 0 where rows and columns are long. */
const LEAST_METRIC = 0.02;

/** A biclique as a constraint: the values of its edges add up to at most its cost. */
interface Constraint {
  readonly key: string;
  readonly edges: Int32Array;
  readonly cost: number;
  /** Σ metric of the edges. */
  readonly metric: number;
  multiplier: number;
  idleSteps: number;
}

/**
 * Maximises the sum of edge values under a growing set of constraints, by proximal points (Rockafellar, SIAM Journal on
 * Control 14, 1976): a step maximises Σ y − Σ (y − centre)² ÷ (2 · reach · metric), roughly, by Hildreth's method (Naval
 * Research Logistics Quarterly 4, 1957), and its answer is the next centre. Multipliers carry over from step to step.
 * The constraints may be violated a little, so the values need pricing and repair.
 */
export class ProximalDual {
  /** Current values of the edges, in units of cost. */
  readonly values: Float64Array;
  /** How far a step may go from its centre. */
  reach = 6;

  private readonly metric: Float64Array;
  /** Values before they are cut off at 0 and at `ceiling`. */
  private readonly free: Float64Array;
  private readonly constraints: Constraint[] = [];
  private readonly known = new Set<string>();
  private multiplierReach = this.reach;

  /** @param ceiling most that an edge may be worth, by edge; null for no such limit */
  constructor(
    private readonly upa: WeightedUpa,
    private readonly ceiling: Float64Array | null,
    private readonly random: SeededRandom,
    private readonly meter: SearchMeter,
  ) {
    const { edgeCount, rowOffsets, rowPermissions, columnOffsets, edgeUsers } = upa;
    this.metric = new Float64Array(edgeCount);
    for (let edge = 0; edge < edgeCount; edge++) {
      const user = edgeUsers[edge];
      const permission = rowPermissions[edge];
      this.metric[edge] =
        upa.userWeights[user] / (rowOffsets[user + 1] - rowOffsets[user]) +
        upa.permissionWeights[permission] / (columnOffsets[permission + 1] - columnOffsets[permission]) +
        LEAST_METRIC;
    }
    this.values = new Float64Array(edgeCount);
    this.free = new Float64Array(edgeCount);
  }

  /** Gives edges their shares of `cost` in proportion to the metric, cut off at the ceiling; the next step starts there. */
  spread(edges: readonly number[], cost: number): void {
    let sum = 0;
    for (const edge of edges) sum += this.metric[edge];
    for (const edge of edges) {
      const share = (cost * this.metric[edge]) / sum;
      this.values[edge] = this.ceiling === null ? share : min(share, this.ceiling[edge]);
    }
  }

  /** Adds a biclique within a maximal one, by positions there, unless it is known. */
  constrain(biclique: BicliqueEdges, users: readonly number[], permissions: readonly number[]): void {
    const width = biclique.permissions.length;
    const edges: number[] = [];
    let cost = 1;
    let metric = 0;
    for (const user of users) {
      cost += this.upa.userWeights[biclique.users[user]];
      for (const permission of permissions) edges.push(biclique.edges[user * width + permission]);
    }
    for (const permission of permissions) cost += this.upa.permissionWeights[biclique.permissions[permission]];
    const key = edges.join(' ');
    if (this.known.has(key)) return;
    this.known.add(key);
    for (const edge of edges) metric += this.metric[edge];
    this.constraints.push({ key, edges: Int32Array.from(edges), cost, metric, multiplier: 0, idleSteps: 0 });
  }

  /** Makes the current values the centre of the next step. */
  startStep(): void {
    const { values, free, metric, reach, constraints } = this;
    const rescale = reach / this.multiplierReach;
    this.multiplierReach = reach;
    let kept = 0;
    for (const constraint of constraints) {
      constraint.idleSteps = constraint.multiplier > 0 ? 0 : constraint.idleSteps + 1;
      if (constraint.idleSteps > IDLE_STEPS) {
        this.known.delete(constraint.key);
        continue;
      }
      constraint.multiplier *= rescale;
      constraints[kept++] = constraint;
    }
    constraints.length = kept;
    for (let edge = 0; edge < free.length; edge++) free[edge] = values[edge] + reach * metric[edge];
    for (const { edges, multiplier } of constraints) {
      if (multiplier === 0) continue;
      for (let i = 0; i < edges.length; i++) free[edges[i]] -= multiplier * metric[edges[i]];
    }
    this.cutOff();
  }

  /** Goes over all constraints `count` times, each time in another order, and leaves the result in `values`. */
  sweep(count: number): void {
    const { constraints, random } = this;
    for (let round = 0; round < count && !this.meter.mustStop(); round++) {
      for (let i = constraints.length - 1; i > 0; i--) {
        const j = random.below(i + 1);
        const constraint = constraints[j];
        constraints[j] = constraints[i];
        constraints[i] = constraint;
      }
      for (const constraint of constraints) this.balance(constraint);
    }
    this.cutOff();
  }

  /**
   * Moves the multiplier towards where the constraint is tight, but not below 0. Never beyond: upwards, the sum falls by
   * at most the slope over the edges above 0; downwards, it rises by at most the slope over all edges.
   */
  private balance(constraint: Constraint): void {
    const { free, metric, ceiling } = this;
    const { edges, multiplier } = constraint;
    let value = 0;
    let slope = 0;
    for (let i = 0; i < edges.length; i++) {
      const edge = edges[i];
      if (free[edge] <= 0) continue;
      value += ceiling === null ? free[edge] : min(free[edge], ceiling[edge]);
      slope += metric[edge];
    }
    this.meter.work += edges.length;
    const excess = value - constraint.cost;
    if (excess <= 0 && multiplier === 0) return;
    const change = excess > 0 ? excess / slope : max(-multiplier, excess / constraint.metric);
    constraint.multiplier += change;
    for (let i = 0; i < edges.length; i++) free[edges[i]] -= change * metric[edges[i]];
    this.meter.work += edges.length;
  }

  private cutOff(): void {
    const { free, values, ceiling } = this;
    for (let edge = 0; edge < free.length; edge++) {
      values[edge] = max(0, ceiling === null ? free[edge] : min(free[edge], ceiling[edge]));
    }
    this.meter.work += free.length;
  }
}
