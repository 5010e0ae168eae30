import { sharedInt32, type AccessMatrix } from '../matrix/access-matrix.js';
import { ListGroups, transpose, type Lists } from './list-groups.js';

/**
 * The part of an access matrix that the sets looked for can consist of (see `useful-columns.ts`): some columns, and
 * rows that are distinct on those columns. Lossless for these sets: supports are sums of row weights, sizes sums of
 * column multiplicities.
 *
 * Columns are numbered by ascending support (ties by entitlement), so that a search that goes through them in order
 * meets the smallest extents first. Rows are numbered by descending mass (Σ multiplicities of their columns), so
 * that every list of rows is sorted by mass. All arrays live in shared memory.
 */
export interface FrequentMatrix {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly rowOffsets: Int32Array;
  readonly rowColumns: Int32Array;
  /** Users behind each row. */
  readonly rowWeights: Int32Array;
  readonly rowMasses: Int32Array;
  /** One of the users behind each row. */
  readonly rowUsers: Int32Array;
  /** Per user the row it is behind, -1 when it is left out. */
  readonly userRows: Int32Array;
  readonly columnOffsets: Int32Array;
  readonly columnRows: Int32Array;
  /** Entitlements behind each column. */
  readonly columnMultiplicities: Int32Array;
  /** The smallest of the entitlements behind each column. */
  readonly columnEntitlements: Int32Array;
  /** Per entitlement the column it is behind, -1 when it is left out. */
  readonly entitlementColumns: Int32Array;
}

/**
 * O(assignments) expected: rows, then columns are merged by hash and full comparison.
 *
 * @param numbers per entitlement its own number, -1 for those to leave out
 */
export function frequentMatrix(original: AccessMatrix, numbers: Int32Array): FrequentMatrix {
  const { lists: rows, users, rowOfUser } = mergeRows(original, numbers);
  const { lists: columns, columnOfEntitlement } = mergeColumns(rows, original.entitlementCount);

  const supports = new Int32Array(columns.count);
  const masses = new Int32Array(rows.count);
  for (let c = 0; c < columns.count; c++) {
    for (let at = columns.offsets[c]; at < columns.offsets[c + 1]; at++) {
      supports[c] += rows.weights[columns.values[at]];
      masses[columns.values[at]] += columns.weights[c];
    }
  }
  const columnOrder = ascendingOrder(supports);
  const rowOrder = ascendingOrder(masses).reverse();
  const columnNumbers = inverse(columnOrder);
  const rowNumbers = inverse(rowOrder);
  const byRow = renumbered(columns, columnOrder, rowNumbers, rows.count);
  const byColumn = renumberedBack(byRow, columns.count);
  const userRows = sharedInt32(original.userCount);
  for (let user = 0; user < userRows.length; user++) {
    userRows[user] = rowOfUser[user] < 0 ? -1 : rowNumbers[rowOfUser[user]];
  }
  const entitlementColumns = sharedInt32(original.entitlementCount);
  const columnEntitlements = sharedInt32(columns.count);
  for (let e = original.entitlementCount - 1; e >= 0; e--) {
    const column = columnOfEntitlement[e] < 0 ? -1 : columnNumbers[columnOfEntitlement[e]];
    entitlementColumns[e] = column;
    if (column >= 0) columnEntitlements[column] = e;
  }
  return {
    rowCount: rows.count,
    columnCount: columns.count,
    rowOffsets: byRow.offsets,
    rowColumns: byRow.values,
    rowWeights: gather(rows.weights, rowOrder),
    rowMasses: gather(masses, rowOrder),
    rowUsers: gather(users, rowOrder),
    userRows,
    columnOffsets: byColumn.offsets,
    columnRows: byColumn.values,
    columnMultiplicities: gather(columns.weights, columnOrder),
    columnEntitlements,
    entitlementColumns,
  };
}

/** Projects the rows on the entitlements with a number and merges those that become equal; empty ones are left out. */
function mergeRows(
  original: AccessMatrix,
  numbers: Int32Array,
): { lists: Lists; users: Int32Array; rowOfUser: Int32Array } {
  const { userCount, columnOffsets } = original;
  let entries = 0;
  for (let e = 0; e < numbers.length; e++) if (numbers[e] >= 0) entries += columnOffsets[e + 1] - columnOffsets[e];
  // Collecting a few columns is quicker than filtering all rows.
  const { rowOffsets, rowColumns } =
    3 * entries < original.assignmentCount ? rowsOf(original, numbers, entries) : original;
  const groups = new ListGroups(userCount, entries);
  const users = new Int32Array(userCount);
  const rowOfUser = new Int32Array(userCount);
  for (let user = 0; user < userCount; user++) {
    const row = groups.add(rowColumns, rowOffsets[user], rowOffsets[user + 1], numbers, 1);
    rowOfUser[user] = row;
    if (row >= 0) users[row] = user;
  }
  return { lists: groups.lists(), users, rowOfUser };
}

/** The rows of the numbered columns, put together from these columns. */
function rowsOf(
  { userCount, columnOffsets, columnRows }: AccessMatrix,
  numbers: Int32Array,
  entries: number,
): { rowOffsets: Int32Array; rowColumns: Int32Array } {
  const rowOffsets = new Int32Array(userCount + 1);
  const columns = numbers.filter((number) => number >= 0);
  for (const e of columns) {
    for (let at = columnOffsets[e]; at < columnOffsets[e + 1]; at++) rowOffsets[columnRows[at] + 1]++;
  }
  for (let user = 0; user < userCount; user++) rowOffsets[user + 1] += rowOffsets[user];
  const rowColumns = new Int32Array(entries);
  const fill = rowOffsets.slice(0, userCount);
  for (const e of columns) {
    for (let at = columnOffsets[e]; at < columnOffsets[e + 1]; at++) rowColumns[fill[columnRows[at]]++] = e;
  }
  return { rowOffsets, rowColumns };
}

function mergeColumns(rows: Lists, entitlementCount: number): { lists: Lists; columnOfEntitlement: Int32Array } {
  const { offsets, values } = transpose(rows, entitlementCount);
  const groups = new ListGroups(entitlementCount, values.length);
  const sameNumbers = Int32Array.from({ length: rows.count }, (_, row) => row);
  const columnOfEntitlement = new Int32Array(entitlementCount);
  for (let e = 0; e < entitlementCount; e++) {
    columnOfEntitlement[e] = groups.add(values, offsets[e], offsets[e + 1], sameNumbers, 1);
  }
  return { lists: groups.lists(), columnOfEntitlement };
}

interface SharedLists {
  readonly offsets: Int32Array;
  readonly values: Int32Array;
}

/** Columns per row in the new order of both; `columns` are the rows per column in the old one. */
function renumbered(columns: Lists, columnOrder: Int32Array, rowNumbers: Int32Array, rowCount: number): SharedLists {
  const size = columns.offsets[columns.count];
  const offsets = sharedInt32(rowCount + 1);
  for (let at = 0; at < size; at++) offsets[rowNumbers[columns.values[at]] + 1]++;
  for (let r = 0; r < rowCount; r++) offsets[r + 1] += offsets[r];
  const values = sharedInt32(size);
  const fill = offsets.slice(0, rowCount);
  for (let number = 0; number < columns.count; number++) {
    const column = columnOrder[number];
    for (let at = columns.offsets[column]; at < columns.offsets[column + 1]; at++) {
      values[fill[rowNumbers[columns.values[at]]]++] = number;
    }
  }
  return { offsets, values };
}

function renumberedBack(rows: SharedLists, columnCount: number): SharedLists {
  const rowCount = rows.offsets.length - 1;
  const offsets = sharedInt32(columnCount + 1);
  for (let at = 0; at < rows.values.length; at++) offsets[rows.values[at] + 1]++;
  for (let c = 0; c < columnCount; c++) offsets[c + 1] += offsets[c];
  const values = sharedInt32(rows.values.length);
  const fill = offsets.slice(0, columnCount);
  for (let r = 0; r < rowCount; r++) {
    for (let at = rows.offsets[r]; at < rows.offsets[r + 1]; at++) values[fill[rows.values[at]]++] = r;
  }
  return { offsets, values };
}

/** Indexes by ascending key, ties in order: a counting sort, for keys are counts and so at most as large as the matrix. */
function ascendingOrder(keys: Int32Array): Int32Array {
  const starts = new Int32Array(keys.reduce((largest, key) => Math.max(largest, key), 0) + 2);
  for (const key of keys) starts[key + 1]++;
  for (let key = 1; key < starts.length; key++) starts[key] += starts[key - 1];
  const order = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i++) order[starts[keys[i]]++] = i;
  return order;
}

function inverse(order: Int32Array): Int32Array {
  const numbers = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) numbers[order[i]] = i;
  return numbers;
}

function gather(values: Int32Array, order: Int32Array): Int32Array {
  const gathered = sharedInt32(order.length);
  for (let i = 0; i < order.length; i++) gathered[i] = values[order[i]];
  return gathered;
}
