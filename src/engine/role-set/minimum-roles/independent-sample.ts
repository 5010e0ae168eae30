import { findFrom } from '../covered-assignments.js';
import type { EdgeTable } from './edge-table.js';

/** Assignments of the users of the edges looked at, at most: about 0.5 s. Those beyond are not looked at. */
const WORK_LIMIT = 100_000_000;

/**
 * Independent edges where there is no compatibility graph: greedily, those first that have the fewest cells in the largest
 * rectangle that could hold them (users of the permission × permissions of the user). Two edges that share a user or a
 * permission are always compatible, so there is at most one for each, and only those of the user's other permissions need
 * to be compared.
 *
 * @param components edges by component, none empty: each has at least one independent edge
 * @returns edges no two of which lie in one biclique
 */
export function pickIndependentEdges(table: EdgeTable, components: readonly Int32Array[]): number[] {
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
    const cells = Float64Array.from(edges, (edge) => {
      const user = edgeUsers[edge];
      const permission = rowColumns[edge];
      return (rowOffsets[user + 1] - rowOffsets[user]) * (columnOffsets[permission + 1] - columnOffsets[permission]);
    });
    for (const place of placesAscending(cells)) {
      const edge = edges[place];
      const user = edgeUsers[edge];
      const permission = rowColumns[edge];
      if (isPicked[user] === 1 || pickedUser[permission] >= 0 || !isIndependent(user, permission)) {
        work += rowOffsets[user + 1] - rowOffsets[user];
        if (work > WORK_LIMIT) break;
        continue;
      }
      picked.push(edge);
      isPicked[user] = 1;
      pickedUser[permission] = user;
    }
  }
  return picked;
}

/** Places of the values in ascending order, ties by place. */
function placesAscending(values: Float64Array): Int32Array {
  return Int32Array.from(values.keys()).sort((a, b) => values[a] - values[b] || a - b);
}
