import { findFrom } from '../covered-assignments.js';
import type { EdgeTable } from './edge-table.js';
import type { SearchBudget } from './search-budget.js';

/** Assignments of the users of the edges looked at, at most: about 0.5 s. Those beyond are not looked at. */
const WORK_LIMIT = 100_000_000;

/**
 * Independent edges where there is no compatibility graph: greedily, those first that have the fewest cells in the largest
 * rectangle that could hold them (users of the permission × permissions of the user). Two edges that share a user or a
 * permission are always compatible, so there is at most one for each, and only those of the user's other permissions need
 * to be compared.
 *
 * @param components edges by component, none empty: each has at least one independent edge
 * @returns edges no two of which lie in one biclique; those picked so far when cancelled
 */
export function pickIndependentEdges(
  table: EdgeTable,
  components: readonly Int32Array[],
  budget: SearchBudget,
): number[] {
  const { matrix, edgeUsers } = table;
  const { rowOffsets, rowColumns, columnOffsets } = matrix;
  const pickedUser = new Int32Array(matrix.entitlementCount).fill(-1);
  const isPicked = new Uint8Array(matrix.userCount);
  const picked: number[] = [];
  let work = 0;

  const holds = (user: number, permission: number): boolean =>
    rowColumns[findFrom(rowColumns, rowOffsets[user], rowOffsets[user + 1], permission)] === permission;
  const isIndependent = (user: number, permission: number): boolean => {
    for (let at = rowOffsets[user]; at < rowOffsets[user + 1]; at++) {
      const other = pickedUser[rowColumns[at]];
      if (other >= 0 && holds(other, permission)) return false;
    }
    return true;
  };

  for (const edges of components) {
    const cells = new Float64Array(edges.length);
    for (let at = 0; at < edges.length; at++) {
      const user = edgeUsers[edges[at]];
      const permission = rowColumns[edges[at]];
      cells[at] =
        (rowOffsets[user + 1] - rowOffsets[user]) * (columnOffsets[permission + 1] - columnOffsets[permission]);
    }
    budget.pass(4 * edges.length);
    const places = placesAscending(cells);
    budget.pass(8 * edges.length);
    for (const place of places) {
      const edge = edges[place];
      const user = edgeUsers[edge];
      const permission = rowColumns[edge];
      if (isPicked[user] === 1 || pickedUser[permission] >= 0 || !isIndependent(user, permission)) {
        work += rowOffsets[user + 1] - rowOffsets[user];
        budget.pass(rowOffsets[user + 1] - rowOffsets[user]);
        if (work > WORK_LIMIT || budget.cancelled) break;
        continue;
      }
      picked.push(edge);
      isPicked[user] = 1;
      pickedUser[permission] = user;
    }
  }
  return picked;
}

/**
 * Places of the values in ascending order, ties by place: a counting sort by rank. Sorting the places themselves, by a
 * comparison, took three times as long on 738,000 edges.
 */
function placesAscending(values: Float64Array): Int32Array {
  const ranks = new Map<number, number>();
  for (const value of values.toSorted()) if (!ranks.has(value)) ranks.set(value, ranks.size);
  const rankOf = new Int32Array(values.length);
  const starts = new Int32Array(ranks.size + 1);
  for (let place = 0; place < values.length; place++) {
    rankOf[place] = ranks.get(values[place])!;
    starts[rankOf[place] + 1]++;
  }
  for (let rank = 0; rank < ranks.size; rank++) starts[rank + 1] += starts[rank];
  const places = new Int32Array(values.length);
  for (let place = 0; place < values.length; place++) places[starts[rankOf[place]]++] = place;
  return places;
}
