import type { AccessMatrix } from '../../matrix/access-matrix.js';

/**
 * The assignments of a matrix as numbered edges: edge `e` is the `e`-th entry of the matrix by rows, so the edges of
 * a user are consecutive and the permission of `e` is `matrix.rowColumns[e]`.
 */
export interface EdgeTable {
  readonly matrix: AccessMatrix;
  /** User of each edge. */
  readonly edgeUsers: Int32Array;
  /** Edge of each entry of the matrix by columns. */
  readonly columnEdges: Int32Array;
}

/** O(assignments). */
export function edgeTableOf(matrix: AccessMatrix): EdgeTable {
  const edgeUsers = new Int32Array(matrix.assignmentCount);
  const columnEdges = new Int32Array(matrix.assignmentCount);
  const fill = matrix.columnOffsets.slice(0, matrix.entitlementCount);
  for (let user = 0; user < matrix.userCount; user++) {
    for (let edge = matrix.rowOffsets[user]; edge < matrix.rowOffsets[user + 1]; edge++) {
      edgeUsers[edge] = user;
      columnEdges[fill[matrix.rowColumns[edge]]++] = edge;
    }
  }
  return { matrix, edgeUsers, columnEdges };
}
