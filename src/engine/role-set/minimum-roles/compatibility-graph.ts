import { holdersByPermission, type EdgeComponent } from './edge-component.js';
import type { SearchBudget } from './search-budget.js';

/**
 * Which edges of a component lie in a common biclique, as a bit matrix. Vertex `v` is the component's `v`-th edge;
 * each is compatible with itself. Pairwise compatible edges lie in one biclique, so a cover of the vertices by
 * cliques is a role set.
 */
export interface CompatibilityGraph {
  readonly size: number;
  /** 32-bit words per row. */
  readonly words: number;
  /** Row `v` is `rows[v * words .. (v + 1) * words)`. */
  readonly rows: Int32Array;
  /** Compatible vertices of each, itself included. */
  readonly degrees: Int32Array;
  /** User and permission of each vertex, in the component's numbers. */
  readonly users: Int32Array;
  readonly permissions: Int32Array;
  readonly userCount: number;
  readonly permissionCount: number;
}

/** Bytes of the bit matrix for that many edges. */
export function compatibilityBytes(size: number): number {
  return size * Math.ceil(size / 32) * 4;
}

/** O(compatible pairs), more precisely the edges of the holders of each edge's permission; null when cancelled. */
export function compatibilityGraphOf(component: EdgeComponent, budget: SearchBudget): CompatibilityGraph | null {
  const { users, permissions, userOffsets, held } = component;
  const { offsets, holders } = holdersByPermission(component);
  const size = users.length;
  const words = Math.ceil(size / 32);
  const rows = new Int32Array(size * words);
  const degrees = new Int32Array(size);
  for (let vertex = 0; vertex < size; vertex++) {
    const base = vertex * words;
    const heldBase = users[vertex] * component.words;
    const permission = permissions[vertex];
    for (let at = offsets[permission]; at < offsets[permission + 1]; at++) {
      const from = userOffsets[holders[at]];
      const to = userOffsets[holders[at] + 1];
      budget.spend(to - from + 1);
      for (let other = from; other < to; other++) {
        const wanted = permissions[other];
        if (((held[heldBase + (wanted >>> 5)] >>> (wanted & 31)) & 1) === 0) continue;
        rows[base + (other >>> 5)] |= 1 << (other & 31);
        degrees[vertex]++;
      }
    }
    if (budget.cancelled) return null;
  }
  const { userCount, permissionCount } = component;
  return { size, words, rows, degrees, users, permissions, userCount, permissionCount };
}
