/**
 * The classical reductions of set cover (Beasley, "An algorithm for set covering problem", EJOR 1987): a row that lies
 * in every column of another row needs no attention, a column within another is never needed, the only column of a row
 * must be chosen; until none applies.
 */
import type { SearchBudget } from './search-budget.js';
import { columnsByRow, restrict, restrictToUncovered, type SetCover } from './set-cover.js';

/** Counting steps for one pass over all rows or columns; larger problems skip the pass. */
const PASS_WORK = 5_000_000;

export interface ReducedSetCover {
  readonly problem: SetCover;
  /** Ids of the columns that every solution may be taken to contain. */
  readonly chosen: readonly number[];
}

/** null when a row has no column left. */
export function reduceSetCover(original: SetCover, budget: SearchBudget): ReducedSetCover | null {
  let problem = original;
  const chosen: number[] = [];
  for (;;) {
    const { offsets, positions } = columnsByRow(problem);
    const essential = new Set<number>();
    for (let row = 0; row < problem.rowCount; row++) {
      if (offsets[row] === offsets[row + 1]) return null;
      if (offsets[row] + 1 === offsets[row + 1]) essential.add(positions[offsets[row]]);
    }
    const all = new Uint8Array(problem.columns.length).fill(1);
    if (essential.size > 0) {
      for (const position of essential) chosen.push(problem.columnIds[position]);
      problem = restrictToUncovered(problem, [...essential], all);
      continue;
    }
    const rowLists = Array.from({ length: problem.rowCount }, (_, row) =>
      positions.subarray(offsets[row], offsets[row + 1]),
    );
    const superfluousRows = supersets(rowLists, problem.columns, budget);
    if (superfluousRows !== null) {
      problem = restrict(problem, keepAllBut(superfluousRows), all);
      continue;
    }
    const neededColumns = subsets(problem.columns, rowLists, budget);
    if (neededColumns === null) return { problem, chosen };
    problem = restrict(problem, new Uint8Array(problem.rowCount).fill(1), keepAllBut(neededColumns));
  }
}

function keepAllBut(marked: Uint8Array): Uint8Array {
  return marked.map((mark) => 1 - mark);
}

/** Marks the lists that contain all of another list (the later of two equal ones); null when there is none. */
function supersets(
  lists: readonly Int32Array[],
  transposed: readonly Int32Array[],
  budget: SearchBudget,
): Uint8Array | null {
  return containments(lists, transposed, budget, (marks, _, larger) => (marks[larger] = 1));
}

/** Marks the lists that lie within another list (the earlier of two equal ones); null when there is none. */
function subsets(
  lists: readonly Int32Array[],
  transposed: readonly Int32Array[],
  budget: SearchBudget,
): Uint8Array | null {
  return containments(lists, transposed, budget, (marks, smaller) => (marks[smaller] = 1));
}

/** Visits pairs smaller ⊆ larger of lists not marked yet, by counting common values. */
function containments(
  lists: readonly Int32Array[],
  transposed: readonly Int32Array[],
  budget: SearchBudget,
  mark: (marks: Uint8Array, smaller: number, larger: number) => void,
): Uint8Array | null {
  const work = transposed.reduce((sum, list) => sum + list.length * list.length, 0);
  if (work > PASS_WORK) return null;
  budget.spend(8 * work);
  const marks = new Uint8Array(lists.length);
  const common = new Int32Array(lists.length);
  let any = false;
  for (let list = 0; list < lists.length; list++) {
    if (marks[list]) continue;
    common.fill(0);
    for (const value of lists[list]) {
      for (const other of transposed[value]) {
        if (++common[other] < lists[list].length || other === list || marks[other] || marks[list]) continue;
        if (lists[other].length === lists[list].length && other < list) continue;
        mark(marks, list, other);
        any = true;
      }
    }
  }
  return any ? marks : null;
}
