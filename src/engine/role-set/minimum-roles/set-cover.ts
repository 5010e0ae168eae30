/**
 * A set cover problem: choose the fewest columns so that every row lies in one of them. Rows are renumbered from 0
 * whenever some fall away; columns keep the id that they had at first.
 */
export interface SetCover {
  readonly rowCount: number;
  /** Ascending rows of each column, none empty. */
  readonly columns: readonly Int32Array[];
  readonly columnIds: readonly number[];
  /** A Lagrange multiplier per row, in units of 1 / `MULTIPLIER_SCALE`: see `set-cover-bound.ts`. */
  readonly multipliers: Int32Array;
}

export const MULTIPLIER_SCALE = 1 << 16;

/** The whole problem, with multipliers that are feasible as they are: one over the largest column of each row. */
export function setCoverOf(rowCount: number, columns: readonly Int32Array[]): SetCover {
  const multipliers = new Int32Array(rowCount).fill(MULTIPLIER_SCALE);
  for (const column of columns) {
    const share = Math.floor(MULTIPLIER_SCALE / column.length);
    for (const row of column) multipliers[row] = Math.min(multipliers[row], share);
  }
  return { rowCount, columns, columnIds: columns.map((_, id) => id), multipliers };
}

/** The problem left with some rows (where `keepRow` is not 0) and some columns; columns without rows go too. */
export function restrict(problem: SetCover, keepRow: Uint8Array, keepColumn: Uint8Array): SetCover {
  const numbers = new Int32Array(problem.rowCount).fill(-1);
  let rowCount = 0;
  for (let row = 0; row < problem.rowCount; row++) if (keepRow[row]) numbers[row] = rowCount++;
  const columns: Int32Array[] = [];
  const columnIds: number[] = [];
  problem.columns.forEach((column, position) => {
    if (!keepColumn[position]) return;
    const rest = column.map((row) => numbers[row]).filter((row) => row >= 0);
    if (rest.length === 0) return;
    columns.push(rest);
    columnIds.push(problem.columnIds[position]);
  });
  return { rowCount, columns, columnIds, multipliers: problem.multipliers.filter((_, row) => keepRow[row] !== 0) };
}

/** The problem left when the columns marked in `chosen` are taken and those not in `allowed` are forbidden. */
export function restrictToUncovered(problem: SetCover, chosen: readonly number[], allowed: Uint8Array): SetCover {
  const keepRow = new Uint8Array(problem.rowCount).fill(1);
  for (const position of chosen) for (const row of problem.columns[position]) keepRow[row] = 0;
  return restrict(problem, keepRow, allowed);
}

/** Positions of the columns of each row, ascending: `positions[offsets[r] .. offsets[r + 1])`. */
export function columnsByRow(problem: SetCover): { offsets: Int32Array; positions: Int32Array } {
  const offsets = new Int32Array(problem.rowCount + 1);
  for (const column of problem.columns) for (const row of column) offsets[row + 1]++;
  for (let row = 0; row < problem.rowCount; row++) offsets[row + 1] += offsets[row];
  const positions = new Int32Array(offsets[problem.rowCount]);
  const fill = offsets.slice(0, problem.rowCount);
  problem.columns.forEach((column, position) => {
    for (const row of column) positions[fill[row]++] = position;
  });
  return { offsets, positions };
}
