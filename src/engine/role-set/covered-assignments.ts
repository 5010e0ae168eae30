import type { AccessMatrix } from '../matrix/access-matrix.js';

/** Users times entitlements, both ascending, every pair an assignment of the matrix. */
export interface RoleGrant {
  readonly entitlements: Int32Array;
  readonly users: Int32Array;
}

/** Which assignments of a matrix the roles added so far explain. One byte an assignment. */
export class CoveredAssignments {
  private readonly covered: Uint8Array;
  private count = 0;

  constructor(private readonly matrix: AccessMatrix) {
    this.covered = new Uint8Array(matrix.assignmentCount);
  }

  /** Adds the role; returns how many assignments it explains that none before it does. */
  add(role: RoleGrant): number {
    const found = this.visit(role, true);
    this.count += found;
    return found;
  }

  /** What `add` would return. */
  countNew(role: RoleGrant): number {
    return this.visit(role, false);
  }

  /** The assignments that no role explains, ascending by user, then entitlement. */
  rest(): { directUsers: Int32Array; directEntitlements: Int32Array } {
    const { userCount, assignmentCount, rowOffsets, rowColumns } = this.matrix;
    const directUsers = new Int32Array(assignmentCount - this.count);
    const directEntitlements = new Int32Array(assignmentCount - this.count);
    let found = 0;
    for (let user = 0; user < userCount; user++) {
      for (let at = rowOffsets[user]; at < rowOffsets[user + 1]; at++) {
        if (this.covered[at] !== 0) continue;
        directUsers[found] = user;
        directEntitlements[found++] = rowColumns[at];
      }
    }
    return { directUsers, directEntitlements };
  }

  private visit(role: RoleGrant, mark: boolean): number {
    const { rowOffsets, rowColumns } = this.matrix;
    let count = 0;
    for (const user of role.users) {
      let at = rowOffsets[user];
      for (const entitlement of role.entitlements) {
        at = findFrom(rowColumns, at, rowOffsets[user + 1], entitlement);
        if (this.covered[at] !== 0) continue;
        count++;
        if (mark) this.covered[at] = 1;
      }
    }
    return count;
  }
}

/** Place of a value that is known to be in the ascending range; gallops, as entitlements of a role lie close together. */
export function findFrom(values: Int32Array, from: number, to: number, value: number): number {
  let step = 1;
  let low = from;
  while (low + step < to && values[low + step] <= value) {
    low += step;
    step <<= 1;
  }
  let high = Math.min(low + step, to);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle;
    else high = middle;
  }
  return low;
}
