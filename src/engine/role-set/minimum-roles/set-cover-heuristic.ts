import type { SetCover } from './set-cover.js';

/**
 * A cover from reduced costs, as Lagrangian heuristics for set cover do (Caprara, Fischetti & Toth, "A heuristic method
 * for the set covering problem", Oper. Res. 1999): columns in ascending reduced cost (ties by position) as far as they
 * cover something new, then without those that became redundant, the last first. Every row must have a column.
 *
 * @returns positions of the columns. O(entries + columns · log columns)
 */
export function coverByReducedCosts(problem: SetCover, reducedCosts: Int32Array): number[] {
  const { rowCount, columns } = problem;
  const covered = new Int32Array(rowCount);
  const order = Int32Array.from(columns, (_, position) => position);
  order.sort((a, b) => reducedCosts[a] - reducedCosts[b] || a - b);
  const chosen: number[] = [];
  let open = rowCount;
  for (let k = 0; open > 0; k++) {
    const column = columns[order[k]];
    if (!column.some((row) => covered[row] === 0)) continue;
    chosen.push(order[k]);
    for (const row of column) if (covered[row]++ === 0) open--;
  }
  return chosen.reverse().filter((position) => {
    const redundant = columns[position].every((row) => covered[row] > 1);
    if (redundant) for (const row of columns[position]) covered[row]--;
    return !redundant;
  });
}
