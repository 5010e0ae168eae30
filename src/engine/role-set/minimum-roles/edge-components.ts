import type { EdgeTable } from './edge-table.js';
import type { SearchBudget } from './search-budget.js';

/**
 * Splits edges into the connected components of their compatibility graph: (u, p) and (v, q) are compatible, that is
 * lie in a common biclique, when (u, q) and (v, p) are edges of the matrix. No role spans two components, so each is
 * solved by itself. Breadth-first; visited edges leave the lists that are scanned.
 *
 * @param edges ascending edge ids
 * @returns ascending edge ids per component, components by their first edge; null when cancelled
 */
export function splitIntoComponents(table: EdgeTable, edges: Int32Array, budget: SearchBudget): Int32Array[] | null {
  const { matrix, edgeUsers } = table;
  const open = edges.slice();
  const starts = new Int32Array(matrix.userCount);
  const lengths = new Int32Array(matrix.userCount);
  for (let at = edges.length - 1; at >= 0; at--) {
    starts[edgeUsers[edges[at]]] = at;
    lengths[edgeUsers[edges[at]]]++;
  }
  const visited = new Uint8Array(matrix.assignmentCount);
  const heldBy = new Int32Array(matrix.entitlementCount).fill(-1);
  const queue = new Int32Array(edges.length);
  const components: Int32Array[] = [];
  for (const first of edges) {
    if (visited[first]) continue;
    let tail = 0;
    queue[tail++] = first;
    visited[first] = 1;
    for (let head = 0; head < tail; head++) {
      const edge = queue[head];
      const user = edgeUsers[edge];
      const permission = matrix.rowColumns[edge];
      const rowEnd = matrix.rowOffsets[user + 1];
      for (let at = matrix.rowOffsets[user]; at < rowEnd; at++) heldBy[matrix.rowColumns[at]] = user;
      let work = rowEnd - matrix.rowOffsets[user];
      for (let at = matrix.columnOffsets[permission]; at < matrix.columnOffsets[permission + 1]; at++) {
        const holder = matrix.columnRows[at];
        const start = starts[holder];
        work += lengths[holder] + 1;
        for (let slot = start + lengths[holder] - 1; slot >= start; slot--) {
          const candidate = open[slot];
          if (!visited[candidate] && heldBy[matrix.rowColumns[candidate]] !== user) continue;
          open[slot] = open[start + --lengths[holder]];
          if (visited[candidate]) continue;
          visited[candidate] = 1;
          queue[tail++] = candidate;
        }
      }
      budget.spend(4 * work);
      if (budget.cancelled) return null;
    }
    components.push(queue.slice(0, tail).sort());
  }
  return components;
}
