import type { WeightedUpa } from '../role-set/search/weighted-upa.js';

export interface EdgeComponents {
  readonly count: number;
  /** By edge, from 0. */
  readonly ofEdge: Int32Array;
}

/** Connected components of the matrix: edges are connected when they share a user or a permission. O(edges). */
export function componentsOfEdges(upa: WeightedUpa): EdgeComponents {
  const { userCount, permissionCount, rowOffsets, rowPermissions, columnOffsets, columnUsers } = upa;
  const ofUser = new Int32Array(userCount).fill(-1);
  const reached = new Uint8Array(permissionCount);
  const ofEdge = new Int32Array(upa.edgeCount);
  let count = 0;
  for (let first = 0; first < userCount; first++) {
    if (ofUser[first] >= 0) continue;
    ofUser[first] = count;
    const queue = [first];
    for (let user = queue.pop(); user !== undefined; user = queue.pop()) {
      for (let edge = rowOffsets[user]; edge < rowOffsets[user + 1]; edge++) {
        ofEdge[edge] = count;
        const permission = rowPermissions[edge];
        if (reached[permission] === 1) continue;
        reached[permission] = 1;
        for (let at = columnOffsets[permission]; at < columnOffsets[permission + 1]; at++) {
          const next = columnUsers[at];
          if (ofUser[next] >= 0) continue;
          ofUser[next] = count;
          queue.push(next);
        }
      }
    }
    count++;
  }
  return { count, ofEdge };
}
