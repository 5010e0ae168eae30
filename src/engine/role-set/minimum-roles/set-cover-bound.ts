/**
 * Lower bound of a set cover problem by Lagrangian relaxation (Beasley, EJOR 1987) and subgradient steps that keep part
 * of their direction (Camerini, Fratta & Maffioli, Math. Programming Study 3, 1975): for any multipliers λ ≥ 0 no cover has fewer columns than
 * L(λ) = Σ λ(row) + Σ over columns of min(0, 1 − λ(column)). Multipliers are integers, so L is exact.
 */
import type { SearchBudget } from './search-budget.js';
import { coverByReducedCosts } from './set-cover-heuristic.js';
import { columnsByRow, MULTIPLIER_SCALE, type SetCover } from './set-cover.js';

/** Steps without a better bound after which the step size is halved. */
const PATIENCE = 8;
const LEAST_STEP_FACTOR = 0.02;

/** Share of the last direction in the next: 307.5 in 200 steps where plain subgradients reach 300.9 and the optimum is 308.7. */
const MOMENTUM = 0.9;

/** A cover is built from the reduced costs of every so many steps. */
const COVER_INTERVAL = 4;

export interface SetCoverBound {
  /** L(λ) of the best multipliers, in units of 1 / `MULTIPLIER_SCALE`. */
  readonly scaledBound: number;
  /** 1 − λ(column) for those multipliers, same unit. */
  readonly reducedCosts: Int32Array;
  /** Positions of the columns of the smallest cover met on the way. */
  readonly cover: readonly number[];
}

/** The number of columns that a scaled bound stands for. */
export function columnsNeeded(scaledBound: number): number {
  return Math.ceil(scaledBound / MULTIPLIER_SCALE);
}

/**
 * Improves `problem.multipliers` in place until the bound shows that `upper` columns, or as many as the smallest cover
 * met has, are needed, or stays. Every row must have a column.
 */
export function boundSetCover(
  problem: SetCover,
  upper: number,
  iterations: number,
  budget: SearchBudget,
): SetCoverBound {
  const { rowCount, columns, multipliers } = problem;
  const entries = columnsByRow(problem).positions.length;
  const current = multipliers.slice();
  const costs = new Int32Array(columns.length);
  const slack = new Int32Array(rowCount);
  const direction = new Float64Array(rowCount);
  let reducedCosts = costs.slice();
  let best = -Infinity;
  let cover: readonly number[] = columns.map((_, position) => position);
  let target = upper;
  let factor = 1;
  let idle = 0;
  for (let iteration = 0; iteration < iterations && factor > LEAST_STEP_FACTOR; iteration++) {
    let bound = 0;
    for (const multiplier of current) bound += multiplier;
    slack.fill(1);
    for (let column = 0; column < columns.length; column++) {
      let cost = MULTIPLIER_SCALE;
      for (const row of columns[column]) cost -= current[row];
      costs[column] = cost;
      if (cost >= 0) continue;
      bound += cost;
      for (const row of columns[column]) slack[row]--;
    }
    budget.spend(2 * entries + rowCount);
    if (bound > best) {
      best = bound;
      multipliers.set(current);
      reducedCosts = costs.slice();
      idle = 0;
    } else if (++idle >= PATIENCE) {
      factor /= 2;
      idle = 0;
    }
    if (iteration % COVER_INTERVAL === 0) {
      const found = coverByReducedCosts(problem, costs);
      budget.spend(2 * entries + 16 * columns.length);
      if (found.length < cover.length) cover = found;
      target = Math.min(target, cover.length);
    }
    if (columnsNeeded(best) >= target || budget.stopped) break;
    let norm = 0;
    for (let row = 0; row < rowCount; row++) {
      direction[row] = MOMENTUM * direction[row] + (1 - MOMENTUM) * slack[row];
      norm += direction[row] * direction[row];
    }
    if (norm === 0) break;
    const step = (factor * (target * MULTIPLIER_SCALE - bound)) / norm;
    for (let row = 0; row < rowCount; row++) {
      current[row] = Math.min(MULTIPLIER_SCALE, Math.max(0, Math.round(current[row] + step * direction[row])));
    }
  }
  return { scaledBound: best, reducedCosts, cover };
}
