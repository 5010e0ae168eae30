/**
 * Cheap edge domination (Ene et al., "Fast exact and heuristic methods for role minimization problems", SACMAT 2008,
 * applied through whole rows and columns): edge (u, p) is dominated by (u′, p) when P(u′) ⊂ P(u), and by (u, p′) when
 * U(p′) ⊂ U(p). Every biclique with the dominator can take in the dominated edge, which then needs no role of its own.
 *
 * On a matrix without equal rows or columns the relation is a strict order (the dominator lies in strictly fewer
 * bicliques), so chains of dominators end at an edge that is not dominated, in whatever order they were found.
 */
import type { EdgeTable } from './edge-table.js';
import type { SearchBudget } from './search-budget.js';

/** Domination saves work but is never needed for a right answer: long nested chains may stop it early (about 0.5 s). */
const WORK_LIMIT = 300_000_000;

/** Lists of one side of the matrix (rows or columns) with the edge behind each entry. */
interface Side {
  readonly count: number;
  readonly offsets: Int32Array;
  readonly values: Int32Array;
  readonly edges: Int32Array;
}

/** Writes the dominator of each edge found dominated into `dominators`, where −1 stands for none. */
export function dominateBySubsets(table: EdgeTable, dominators: Int32Array, budget: SearchBudget): void {
  const { matrix } = table;
  const rows: Side = {
    count: matrix.userCount,
    offsets: matrix.rowOffsets,
    values: matrix.rowColumns,
    edges: Int32Array.from({ length: matrix.assignmentCount }, (_, edge) => edge),
  };
  const columns: Side = {
    count: matrix.entitlementCount,
    offsets: matrix.columnOffsets,
    values: matrix.columnRows,
    edges: table.columnEdges,
  };
  dominateSupersets(rows, columns, dominators, budget);
  if (!budget.cancelled) dominateSupersets(columns, rows, dominators, budget);
}

/** Subset pairs are found through the rarest value of the smaller list. */
function dominateSupersets(side: Side, other: Side, dominators: Int32Array, budget: SearchBudget): void {
  const { count, offsets } = side;
  const byRarity = orderByRarity(side, other);
  budget.pass(side.values.length);
  const buckets = bucketByFirst(side, byRarity.values, other.count);
  const edgeAt = new Int32Array(other.count);
  const heldBy = new Int32Array(other.count).fill(-1);
  const workLimit = budget.work + WORK_LIMIT;
  for (let list = 0; list < count; list++) {
    const size = offsets[list + 1] - offsets[list];
    let open = 0;
    for (let at = offsets[list]; at < offsets[list + 1]; at++) {
      heldBy[side.values[at]] = list;
      edgeAt[side.values[at]] = side.edges[at];
      if (dominators[side.edges[at]] < 0) open++;
    }
    let work = size;
    for (let at = offsets[list]; at < offsets[list + 1] && open > 0; at++) {
      const rarest = side.values[at];
      for (let k = buckets.offsets[rarest]; k < buckets.offsets[rarest + 1]; k++) {
        const smaller = buckets.lists[k];
        const end = offsets[smaller + 1];
        work++;
        if (end - offsets[smaller] >= size) continue;
        let held = offsets[smaller] + 1;
        while (held < end && heldBy[byRarity.values[held]] === list) held++;
        work += held - offsets[smaller];
        if (held < end) continue;
        for (let entry = offsets[smaller]; entry < end; entry++) {
          const edge = edgeAt[byRarity.values[entry]];
          if (dominators[edge] >= 0) continue;
          dominators[edge] = byRarity.edges[entry];
          open--;
        }
      }
    }
    budget.spend(work);
    if (budget.cancelled || budget.work > workLimit) return;
  }
}

/** The lists of `side`, each with its rarest values first (ties by value), by a counting sort through `other`. */
function orderByRarity(side: Side, other: Side): { values: Int32Array; edges: Int32Array } {
  const byFrequency = Int32Array.from({ length: other.count }, (_, value) => value);
  byFrequency.sort((a, b) => {
    const difference = other.offsets[a + 1] - other.offsets[a] - (other.offsets[b + 1] - other.offsets[b]);
    return difference || a - b;
  });
  const values = new Int32Array(side.values.length);
  const edges = new Int32Array(side.values.length);
  const fill = side.offsets.slice(0, side.count);
  for (const value of byFrequency) {
    for (let at = other.offsets[value]; at < other.offsets[value + 1]; at++) {
      const slot = fill[other.values[at]]++;
      values[slot] = value;
      edges[slot] = other.edges[at];
    }
  }
  return { values, edges };
}

/** Lists grouped by their first (rarest) value; lists must not be empty. */
function bucketByFirst(side: Side, values: Int32Array, valueCount: number): { offsets: Int32Array; lists: Int32Array } {
  const offsets = new Int32Array(valueCount + 1);
  for (let list = 0; list < side.count; list++) offsets[values[side.offsets[list]] + 1]++;
  for (let value = 0; value < valueCount; value++) offsets[value + 1] += offsets[value];
  const lists = new Int32Array(side.count);
  const fill = offsets.slice(0, valueCount);
  for (let list = 0; list < side.count; list++) lists[fill[values[side.offsets[list]]]++] = list;
  return { offsets, lists };
}
