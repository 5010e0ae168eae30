/**
 * Exact set cover by branch and bound: reductions, Lagrangian bound and reduced-cost fixing in every node (Beasley,
 * EJOR 1987), branching on the columns of the row that has the fewest.
 */
import type { SearchBudget } from './search-budget.js';
import { boundSetCover, columnsNeeded } from './set-cover-bound.js';
import { reduceSetCover } from './set-cover-reduction.js';
import { columnsByRow, MULTIPLIER_SCALE, restrictToUncovered, type SetCover } from './set-cover.js';

const ROOT_ITERATIONS = 400;
const NODE_ITERATIONS = 40;

export interface SetCoverResult {
  /** Ids of the columns of a cover with fewer than `upper` columns; null when none was found. */
  readonly cover: readonly number[] | null;
  /** No cover has fewer columns; `upper` when the search showed that there is none below it. */
  readonly lowerBound: number;
}

/** Looks for covers with fewer than `upper` columns, until it is complete, the work is used up, or stopped. */
export function searchSetCover(root: SetCover, upper: number, workLimit: number, budget: SearchBudget): SetCoverResult {
  const workEnd = budget.work + workLimit;
  let limit = upper;
  let cover: number[] | null = null;
  let rootBound = 0;
  let complete = true;
  branch(root, [], ROOT_ITERATIONS);
  return { cover, lowerBound: complete ? limit : Math.min(rootBound, limit) };

  function offer(columns: number[]): void {
    if (columns.length >= limit) return;
    cover = columns;
    limit = columns.length;
  }

  function branch(unreduced: SetCover, parents: readonly number[], iterations: number): void {
    if (budget.stopped || budget.work > workEnd) {
      complete = false;
      return;
    }
    budget.step();
    const reduced = reduceSetCover(unreduced, budget);
    if (reduced === null) return;
    const { problem } = reduced;
    const chosen = [...parents, ...reduced.chosen];
    if (problem.rowCount === 0) {
      offer(chosen);
      return;
    }
    const relaxed = boundSetCover(problem, limit - chosen.length, iterations, budget);
    const { scaledBound, reducedCosts } = relaxed;
    offer([...chosen, ...relaxed.cover.map((position) => problem.columnIds[position])]);
    if (iterations === ROOT_ITERATIONS) rootBound = Math.max(rootBound, chosen.length + columnsNeeded(scaledBound));
    const exceeds = (scaled: number): boolean => chosen.length + columnsNeeded(scaled) >= limit;
    if (exceeds(scaledBound)) return;

    // Columns that every cover below the limit must have, and that none can have.
    const allowed = new Uint8Array(problem.columns.length).fill(1);
    const forced: number[] = [];
    let fixed = false;
    reducedCosts.forEach((cost, position) => {
      if (cost > 0 && exceeds(scaledBound + cost)) {
        allowed[position] = 0;
        fixed = true;
      } else if (cost < 0 && exceeds(scaledBound - cost)) {
        forced.push(position);
        fixed = true;
      }
    });
    if (fixed) {
      const ids = forced.map((position) => problem.columnIds[position]);
      branch(restrictToUncovered(problem, forced, allowed), [...chosen, ...ids], iterations);
      return;
    }

    const { offsets, positions } = columnsByRow(problem);
    let row = 0;
    for (let other = 1; other < problem.rowCount; other++) {
      if (offsets[other + 1] - offsets[other] < offsets[row + 1] - offsets[row]) row = other;
    }
    const options = positions.slice(offsets[row], offsets[row + 1]);
    options.sort((a, b) => reducedCosts[a] - reducedCosts[b] || a - b);
    for (const position of options) {
      if (exceeds(Math.max(scaledBound, MULTIPLIER_SCALE))) return;
      branch(
        restrictToUncovered(problem, [position], allowed),
        [...chosen, problem.columnIds[position]],
        NODE_ITERATIONS,
      );
      allowed[position] = 0;
    }
  }
}
