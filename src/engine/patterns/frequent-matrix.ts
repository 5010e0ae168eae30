import { sharedInt32, type AccessMatrix } from '../matrix/access-matrix.js';
import { ListGroups, transpose, type Lists } from './list-groups.js';

/**
 * The part of an access matrix that sets with a given support can consist of: columns that reach the support, and
 * rows that are distinct on those columns. Lossless for closed sets at or above the support: supports are sums of
 * row weights, sizes sums of column multiplicities.
 *
 * Columns are numbered by ascending support (ties by entitlement), so that a search that goes through them in order
 * meets the smallest extents first. Rows are numbered by descending mass (Σ multiplicities of their columns), so
 * that every list of rows is sorted by mass, as `areaBound` needs it. All arrays live in shared memory.
 */
export interface FrequentMatrix {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly rowOffsets: Int32Array;
  readonly rowColumns: Int32Array;
  /** Users behind each row. */
  readonly rowWeights: Int32Array;
  readonly rowMasses: Int32Array;
  readonly columnOffsets: Int32Array;
  readonly columnRows: Int32Array;
  /** Entitlements behind each column. */
  readonly columnMultiplicities: Int32Array;
  readonly columnSupports: Int32Array;
  /** The smallest of the entitlements behind each column. */
  readonly columnEntitlements: Int32Array;
}

/** O(assignments) expected: rows, then columns are merged by hash and full comparison. */
export function frequentMatrix(original: AccessMatrix, minSupport: number): FrequentMatrix {
  const rows = mergeRows(original, frequentColumnNumbers(original, minSupport));
  const columns = mergeColumns(rows, original.entitlementCount);
  return numbered(rows, columns);
}

/** -1 for columns below the support. */
function frequentColumnNumbers(original: AccessMatrix, minSupport: number): Int32Array {
  const numbers = new Int32Array(original.entitlementCount).fill(-1);
  for (let e = 0; e < original.entitlementCount; e++) {
    if (original.columnOffsets[e + 1] - original.columnOffsets[e] >= Math.max(1, minSupport)) numbers[e] = e;
  }
  return numbers;
}

/** Projects the rows on the numbered columns and merges those that become equal; empty ones are left out. */
function mergeRows(original: AccessMatrix, columnNumbers: Int32Array): Lists {
  const { userCount, rowOffsets, rowColumns } = original;
  const groups = new ListGroups(userCount, original.assignmentCount);
  for (let user = 0; user < userCount; user++) {
    for (let at = rowOffsets[user]; at < rowOffsets[user + 1]; at++) {
      const column = columnNumbers[rowColumns[at]];
      if (column >= 0) groups.push(column);
    }
    groups.close(1);
  }
  return groups.lists();
}

interface MergedColumns {
  readonly lists: Lists;
  /** Representative entitlement of each merged column. */
  readonly entitlements: Int32Array;
}

function mergeColumns(rows: Lists, entitlementCount: number): MergedColumns {
  const { offsets, values } = transpose(rows, entitlementCount);
  const groups = new ListGroups(entitlementCount, values.length);
  const entitlements: number[] = [];
  for (let e = 0; e < entitlementCount; e++) {
    for (let at = offsets[e]; at < offsets[e + 1]; at++) groups.push(values[at]);
    if (groups.close(1)) entitlements.push(e);
  }
  return { lists: groups.lists(), entitlements: Int32Array.from(entitlements) };
}

/** Gives rows and columns their final numbers and writes both directions. */
function numbered(rows: Lists, columns: MergedColumns): FrequentMatrix {
  const columnCount = columns.lists.count;
  const rowCount = rows.count;
  const supports = new Int32Array(columnCount);
  const masses = new Int32Array(rowCount);
  for (let c = 0; c < columnCount; c++) {
    for (let at = columns.lists.offsets[c]; at < columns.lists.offsets[c + 1]; at++) {
      const row = columns.lists.values[at];
      supports[c] += rows.weights[row];
      masses[row] += columns.lists.weights[c];
    }
  }
  // Sorting is stable: ties stay in the order of the representatives.
  const columnOrder = Int32Array.from({ length: columnCount }, (_, c) => c).sort((a, b) => supports[a] - supports[b]);
  const rowOrder = Int32Array.from({ length: rowCount }, (_, r) => r).sort((a, b) => masses[b] - masses[a]);
  const rowNumber = new Int32Array(rowCount);
  rowOrder.forEach((row, number) => (rowNumber[row] = number));

  const size = columns.lists.offsets[columnCount];
  const rowOffsets = sharedInt32(rowCount + 1);
  for (let at = 0; at < size; at++) rowOffsets[rowNumber[columns.lists.values[at]] + 1]++;
  for (let r = 0; r < rowCount; r++) rowOffsets[r + 1] += rowOffsets[r];
  const rowColumns = sharedInt32(size);
  const fillRow = rowOffsets.slice(0, rowCount);
  columnOrder.forEach((column, number) => {
    for (let at = columns.lists.offsets[column]; at < columns.lists.offsets[column + 1]; at++) {
      rowColumns[fillRow[rowNumber[columns.lists.values[at]]]++] = number;
    }
  });
  const columnOffsets = sharedInt32(columnCount + 1);
  columnOrder.forEach((column, number) => {
    columnOffsets[number + 1] =
      columnOffsets[number] + columns.lists.offsets[column + 1] - columns.lists.offsets[column];
  });
  const columnRows = sharedInt32(size);
  const fillColumn = columnOffsets.slice(0, columnCount);
  for (let r = 0; r < rowCount; r++) {
    for (let at = rowOffsets[r]; at < rowOffsets[r + 1]; at++) columnRows[fillColumn[rowColumns[at]]++] = r;
  }
  return {
    rowCount,
    columnCount,
    rowOffsets,
    rowColumns,
    rowWeights: gather(rows.weights, rowOrder),
    rowMasses: gather(masses, rowOrder),
    columnOffsets,
    columnRows,
    columnMultiplicities: gather(columns.lists.weights, columnOrder),
    columnSupports: gather(supports, columnOrder),
    columnEntitlements: gather(columns.entitlements, columnOrder),
  };
}

function gather(values: Int32Array, order: Int32Array): Int32Array {
  const gathered = sharedInt32(order.length);
  for (let i = 0; i < order.length; i++) gathered[i] = values[order[i]];
  return gathered;
}
