import type { AccessMatrix } from '../../matrix/access-matrix.js';
import type { ReducedMatrix } from '../../matrix/reduce.js';

/** Above this many cells the table of edge numbers (4 bytes a cell) gives way to binary search in rows: 64 MB. */
const DENSE_CELLS = 1 << 24;

/**
 * The user–permission assignment matrix as the search sees it: reduced, weighted, every assignment an *edge* numbered
 * by its place in the row-wise order, so that coverage is one flat array.
 */
export class WeightedUpa {
  readonly userCount: number;
  readonly permissionCount: number;
  readonly edgeCount: number;
  readonly rowOffsets: Int32Array;
  readonly rowPermissions: Int32Array;
  readonly columnOffsets: Int32Array;
  readonly columnUsers: Int32Array;
  /** Edge numbers beside `columnUsers`. */
  readonly columnEdges: Int32Array;
  readonly edgeUsers: Int32Array;
  /** Original users behind a reduced one; likewise for permissions; an edge weighs the product. */
  readonly userWeights: Int32Array;
  readonly permissionWeights: Int32Array;
  readonly edgeWeights: Float64Array;
  /** Sum of `edgeWeights`: the original number of assignments. */
  readonly assignmentCount: number;
  private readonly edgeTable: Int32Array | null;

  constructor(reduced: ReducedMatrix, denseCells = DENSE_CELLS) {
    const matrix: AccessMatrix = reduced.matrix;
    this.userCount = matrix.userCount;
    this.permissionCount = matrix.entitlementCount;
    this.edgeCount = matrix.assignmentCount;
    this.rowOffsets = matrix.rowOffsets;
    this.rowPermissions = matrix.rowColumns;
    this.columnOffsets = matrix.columnOffsets;
    this.columnUsers = matrix.columnRows;
    this.userWeights = reduced.userWeights;
    this.permissionWeights = reduced.entitlementWeights;
    this.edgeUsers = new Int32Array(this.edgeCount);
    this.edgeWeights = new Float64Array(this.edgeCount);
    this.columnEdges = new Int32Array(this.edgeCount);
    const cells = this.userCount * this.permissionCount;
    this.edgeTable = cells <= denseCells ? new Int32Array(cells).fill(-1) : null;
    const fill = this.columnOffsets.slice();
    let assignments = 0;
    for (let user = 0; user < this.userCount; user++) {
      for (let edge = this.rowOffsets[user]; edge < this.rowOffsets[user + 1]; edge++) {
        const permission = this.rowPermissions[edge];
        this.edgeUsers[edge] = user;
        this.edgeWeights[edge] = this.userWeights[user] * this.permissionWeights[permission];
        this.columnEdges[fill[permission]++] = edge;
        if (this.edgeTable) this.edgeTable[user * this.permissionCount + permission] = edge;
        assignments += this.edgeWeights[edge];
      }
    }
    this.assignmentCount = assignments;
  }

  /** Number of the edge, −1 when the user does not hold the permission. */
  edgeOf(user: number, permission: number): number {
    if (this.edgeTable !== null) return this.edgeTable[user * this.permissionCount + permission];
    let low = this.rowOffsets[user];
    let high = this.rowOffsets[user + 1] - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.rowPermissions[middle];
      if (found === permission) return middle;
      if (found < permission) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}
