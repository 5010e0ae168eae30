/**
 * Closed frequent itemsets, depth first, without a store of found sets: the readable reference.
 *
 * Prefix-preserving closure extension after T. Uno, M. Kiyomi, H. Arimura, "LCM ver. 2: Efficient mining algorithms
 * for frequent/closed/maximal itemsets" (FIMI 2004): columns are gone through in order, and a set is taken up only
 * where its closure adds no column that stands before the one just chosen (a *forbidden* one), so that each closed
 * set is met exactly once. Occurrence deliver and merging of equal rows are from the same paper; the bounds on the
 * area are ours.
 */
import type { EngineControl } from '../control.js';
import { AreaFloor } from './area-floor.js';
import { ListGroups, transpose, type Lists } from './list-groups.js';
import type { PatternFindings } from './found-sets.js';
import { claimRoot, type SearchTask } from './pattern-task.js';
import { RecordList } from './record-list.js';

/**
 * Claims root columns of the task until none is left or the caller cancels.
 *
 * @param claimed root columns that this thread has claimed before, to begin with
 */
export function findClosedSets(
  task: SearchTask,
  control: EngineControl,
  claimed: readonly number[] = [],
): PatternFindings {
  const search = new ClosedSetSearch(task, control);
  const root = rootMatrix(task);
  for (const column of claimed) search.visit(root, column, 0, null);
  while (!search.checkIn()) {
    const column = claimRoot(task, control);
    if (column < 0) break;
    search.visit(root, column, 0, null);
  }
  return search.findings();
}

/** Rows and columns that are left below a closed set. Columns before the one at hand are forbidden, later ones candidates. */
interface LocalMatrix {
  readonly rows: Lists;
  readonly columnOffsets: Int32Array;
  readonly columnRows: Int32Array;
  /** Number of each column in the matrix of the task. */
  readonly columns: Int32Array;
}

/** The columns chosen so far, last first. */
interface Path {
  readonly column: number;
  readonly before: Path | null;
}

function rootMatrix({ matrix }: SearchTask): LocalMatrix {
  return {
    rows: {
      count: matrix.rowCount,
      offsets: matrix.rowOffsets,
      values: matrix.rowColumns,
      weights: matrix.rowWeights,
    },
    columnOffsets: matrix.columnOffsets,
    columnRows: matrix.columnRows,
    columns: Int32Array.from({ length: matrix.columnCount }, (_, c) => c),
  };
}

/** Entries of local matrices between two looks at the caller's wish to cancel: about a millisecond. */
const WORK_PER_CHECK = 1 << 18;

class ClosedSetSearch {
  private readonly floor: AreaFloor;
  private readonly records: RecordList;
  private work = 0;
  private stopped = false;

  constructor(
    private readonly task: SearchTask,
    private readonly control: EngineControl,
  ) {
    this.floor = new AreaFloor(task);
    this.records = new RecordList(task);
  }

  /** Exchanges floors with other threads; true once the caller has cancelled. */
  checkIn(): boolean {
    this.work = 0;
    this.stopped ||= this.control.isCancelled?.() ?? false;
    if (!this.stopped) this.floor.refresh();
    return this.stopped;
  }

  findings(): PatternFindings {
    return { records: this.records.chunks() };
  }

  /** The sets whose first column after those of `before` is local column `chosen`; `size` is the weight of `before`'s closure. */
  visit(local: LocalMatrix, chosen: number, size: number, before: Path | null): void {
    if (this.shouldStop(local)) return;
    const { columns } = local;
    const { minSupport, supportEnd, minSize } = this.task;
    const multiplicities = this.task.matrix.columnMultiplicities;
    const counts = countsWithin(local, chosen);
    const support = counts[chosen];
    for (let forbidden = 0; forbidden < chosen; forbidden++) if (counts[forbidden] === support) return;

    let closedSize = size;
    let candidateMass = 0;
    for (let c = chosen; c < columns.length; c++) {
      if (counts[c] === support) closedSize += multiplicities[columns[c]];
      else if (counts[c] >= minSupport) candidateMass += multiplicities[columns[c]];
    }
    const path: Path = { column: columns[chosen], before };
    if (support < supportEnd && closedSize >= minSize) this.take(support, closedSize, path);

    if (candidateMass === 0 || closedSize + candidateMass < minSize) return;
    if (Math.min(support - 1, supportEnd - 1) * (closedSize + candidateMass) < this.floor.value) return;
    const isCandidate = (c: number): boolean => c > chosen && counts[c] >= minSupport && counts[c] < support;
    if (this.floor.value > 0 && this.areaBound(local, chosen, closedSize, isCandidate) < this.floor.value) return;

    const child = childMatrix(local, chosen, (c) => c !== chosen && counts[c] >= minSupport && counts[c] < support);
    for (let c = child.firstCandidate; c < child.columns.length; c++) this.visit(child, c, closedSize, path);
  }

  private take(support: number, size: number, path: Path): void {
    const area = support * size;
    if (area < this.floor.value) return;
    this.floor.add(area);
    const generators: number[] = [];
    for (let at: Path | null = path; at !== null; at = at.before) {
      generators.unshift(this.task.matrix.columnEntitlements[at.column]);
    }
    this.records.add(support, size, generators, this.floor.value);
  }

  /**
   * No set below has a larger area: a set that adds m to the size lies in rows whose mass (Σ multiplicities of
   * their candidate columns) is at least m, so with rows by descending mass the largest prefix weight × (size +
   * mass of its last row) bounds them all. Supports at or above `supportEnd` are not looked for, which caps the weight.
   */
  private areaBound(
    local: LocalMatrix,
    chosen: number,
    size: number,
    isCandidate: (column: number) => boolean,
  ): number {
    const multiplicities = this.task.matrix.columnMultiplicities;
    const { rows } = local;
    const masses: { mass: number; weight: number }[] = [];
    for (let at = local.columnOffsets[chosen]; at < local.columnOffsets[chosen + 1]; at++) {
      const row = local.columnRows[at];
      let mass = 0;
      for (let k = rows.offsets[row]; k < rows.offsets[row + 1]; k++) {
        const column = rows.values[k];
        if (isCandidate(column)) mass += multiplicities[local.columns[column]];
      }
      masses.push({ mass, weight: rows.weights[row] });
    }
    masses.sort((a, b) => b.mass - a.mass);
    let weight = 0;
    let bound = 0;
    for (const row of masses) {
      weight += row.weight;
      if (weight >= this.task.minSupport) {
        bound = Math.max(bound, Math.min(weight, this.task.supportEnd - 1) * (size + row.mass));
      }
    }
    return bound;
  }

  private shouldStop({ rows, columns }: LocalMatrix): boolean {
    // First: on the way back from a deep search an exchange for every column left undone took over a second.
    if (this.stopped) return true;
    this.work += rows.offsets[rows.count] + columns.length;
    return this.work > WORK_PER_CHECK && this.checkIn();
  }
}

/** Per column: weight of the rows that hold both it and the chosen one. */
function countsWithin({ rows, columnOffsets, columnRows, columns }: LocalMatrix, chosen: number): Int32Array {
  const counts = new Int32Array(columns.length);
  for (let at = columnOffsets[chosen]; at < columnOffsets[chosen + 1]; at++) {
    const row = columnRows[at];
    const weight = rows.weights[row];
    for (let k = rows.offsets[row]; k < rows.offsets[row + 1]; k++) counts[rows.values[k]] += weight;
  }
  return counts;
}

/** The rows of the chosen column on the kept ones, in the same order; rows that become equal are merged. */
function childMatrix(
  local: LocalMatrix,
  chosen: number,
  isKept: (column: number) => boolean,
): LocalMatrix & { readonly firstCandidate: number } {
  const numbers = new Int32Array(local.columns.length).fill(-1);
  const columns: number[] = [];
  let firstCandidate = 0;
  for (let c = 0; c < numbers.length; c++) {
    if (c === chosen) firstCandidate = columns.length;
    if (!isKept(c)) continue;
    numbers[c] = columns.length;
    columns.push(local.columns[c]);
  }
  const start = local.columnOffsets[chosen];
  const end = local.columnOffsets[chosen + 1];
  let maxValues = 0;
  for (let at = start; at < end; at++) {
    const row = local.columnRows[at];
    maxValues += local.rows.offsets[row + 1] - local.rows.offsets[row];
  }
  const groups = new ListGroups(end - start, maxValues);
  for (let at = start; at < end; at++) {
    const row = local.columnRows[at];
    const { offsets, values, weights } = local.rows;
    groups.add(values, offsets[row], offsets[row + 1], numbers, weights[row]);
  }
  const rows = groups.lists();
  const { offsets, values } = transpose(rows, columns.length);
  return { rows, columnOffsets: offsets, columnRows: values, columns: Int32Array.from(columns), firstCandidate };
}
