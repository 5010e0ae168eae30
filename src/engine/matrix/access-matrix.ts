/**
 * The user–permission assignment matrix (UPA), sparse in both directions.
 *
 * Users are rows, entitlements are columns, both dense integers from 0. Row `u` is
 * `rowColumns[rowOffsets[u] .. rowOffsets[u + 1])`, ascending and without duplicates; column `e` is
 * `columnRows[columnOffsets[e] .. columnOffsets[e + 1])` likewise.
 */
export interface AccessMatrix {
  readonly userCount: number;
  readonly entitlementCount: number;
  readonly assignmentCount: number;
  readonly rowOffsets: Int32Array;
  readonly rowColumns: Int32Array;
  readonly columnOffsets: Int32Array;
  readonly columnRows: Int32Array;
}

/**
 * Builds the matrix from rows in compressed form. Rows may be unsorted and may repeat an entitlement:
 * a pair counts once. O(assignments), two counting passes (column-wise, then back row-wise, which sorts both).
 *
 * @param rowOffsets length userCount + 1
 * @throws RangeError when offsets do not ascend or an entitlement is out of range
 */
export function accessMatrixFromRows(
  userCount: number,
  entitlementCount: number,
  rowOffsets: Int32Array,
  rowColumns: Int32Array,
): AccessMatrix {
  if (rowOffsets.length !== userCount + 1 || rowOffsets[0] !== 0) {
    throw new RangeError(`row offsets must have ${userCount + 1} values and start at 0, got ${rowOffsets.length}`);
  }
  const columnOffsets = new Int32Array(entitlementCount + 1);
  const lastUser = new Int32Array(entitlementCount).fill(-1);
  for (let user = 0; user < userCount; user++) {
    const end = rowOffsets[user + 1];
    if (end < rowOffsets[user] || end > rowColumns.length) throw new RangeError(`row ${user} has bad offsets`);
    for (let at = rowOffsets[user]; at < end; at++) {
      const entitlement = rowColumns[at];
      if (entitlement < 0 || entitlement >= entitlementCount) {
        throw new RangeError(`row ${user}: entitlement ${entitlement} is not in 0..${entitlementCount - 1}`);
      }
      if (lastUser[entitlement] !== user) {
        lastUser[entitlement] = user;
        columnOffsets[entitlement + 1]++;
      }
    }
  }
  for (let e = 0; e < entitlementCount; e++) columnOffsets[e + 1] += columnOffsets[e];
  const assignmentCount = columnOffsets[entitlementCount];
  const columnRows = sharedInt32(assignmentCount);
  const fill = columnOffsets.slice(0, entitlementCount);
  lastUser.fill(-1);
  const sortedOffsets = sharedInt32(userCount + 1);
  for (let user = 0; user < userCount; user++) {
    let distinct = 0;
    for (let at = rowOffsets[user]; at < rowOffsets[user + 1]; at++) {
      const entitlement = rowColumns[at];
      if (lastUser[entitlement] === user) continue;
      lastUser[entitlement] = user;
      columnRows[fill[entitlement]++] = user;
      distinct++;
    }
    sortedOffsets[user + 1] = sortedOffsets[user] + distinct;
  }
  const sortedColumns = sharedInt32(assignmentCount);
  const rowFill = sortedOffsets.slice(0, userCount);
  for (let e = 0; e < entitlementCount; e++) {
    for (let at = columnOffsets[e]; at < columnOffsets[e + 1]; at++) {
      sortedColumns[rowFill[columnRows[at]]++] = e;
    }
  }
  const sharedColumnOffsets = sharedInt32(entitlementCount + 1);
  sharedColumnOffsets.set(columnOffsets);
  return {
    userCount,
    entitlementCount,
    assignmentCount,
    rowOffsets: sortedOffsets,
    rowColumns: sortedColumns,
    columnOffsets: sharedColumnOffsets,
    columnRows,
  };
}

/** Builds the matrix from one list of entitlements per user. For tests, small inputs and file parsing. */
export function accessMatrixFromLists(rows: readonly (readonly number[])[], entitlementCount: number): AccessMatrix {
  const rowOffsets = new Int32Array(rows.length + 1);
  rows.forEach((row, user) => (rowOffsets[user + 1] = rowOffsets[user] + row.length));
  return accessMatrixFromRows(rows.length, entitlementCount, rowOffsets, Int32Array.from(rows.flat()));
}

/** Integers in memory that worker threads see without copying. */
export function sharedInt32(length: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}
