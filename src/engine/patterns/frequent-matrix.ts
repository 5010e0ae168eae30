import { sharedInt32, type AccessMatrix } from '../matrix/access-matrix.js';
import { ListGroups, type Lists } from './list-groups.js';
import type { UserClasses } from './user-classes.js';

/**
 * The part of an access matrix that the sets looked for can consist of: some columns, and rows that are distinct on
 * those columns. Lossless for these sets: supports are sums of row weights, sizes sums of column multiplicities.
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
  /** See `UserClasses`. */
  readonly classOfUser: Int32Array;
  /** Per class of users the row it is behind, -1 when it is left out. */
  readonly classRows: Int32Array;
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
 * O(users + assignments of one member of each class).
 *
 * @param classes divided by all of the entitlements
 * @param ranked the entitlements by rank: by ascending support, ties by number
 */
export function frequentMatrix(classes: UserClasses, ranked: Int32Array): FrequentMatrix {
  const { matrix } = classes;
  const { lists: rows, users, classRows } = mergeClasses(classes);
  const masses = new Int32Array(rows.count);
  for (let row = 0; row < rows.count; row++) masses[row] = rows.offsets[row + 1] - rows.offsets[row];
  const rowOrder = ascendingOrder(masses).reverse();
  renumberRows(classes, classRows, inverse(rowOrder));
  const { columns, columnOfRank } = mergeColumns(columnLists(rows, rowOrder, ranked.length), matrix, ranked);

  const entitlementColumns = sharedInt32(matrix.entitlementCount).fill(-1);
  const columnMultiplicities = sharedInt32(columns.count);
  const columnEntitlements = sharedInt32(columns.count);
  for (let rank = ranked.length - 1; rank >= 0; rank--) {
    const column = columnOfRank[rank];
    entitlementColumns[ranked[rank]] = column;
    columnMultiplicities[column]++;
    // Of equal supports the smallest entitlement has the lowest rank.
    columnEntitlements[column] = ranked[rank];
  }
  const byRow = rowLists(columns, rows.count);
  return {
    rowCount: rows.count,
    columnCount: columns.count,
    rowOffsets: byRow.offsets,
    rowColumns: byRow.values,
    rowWeights: gather(rows.weights, rowOrder),
    rowMasses: gather(masses, rowOrder),
    rowUsers: gather(users, rowOrder),
    classOfUser: classes.classOfUser,
    classRows,
    columnOffsets: columns.offsets,
    columnRows: columns.values,
    columnMultiplicities,
    columnEntitlements,
    entitlementColumns,
  };
}

/** The entitlements by ascending support, ties in order. */
export function bySupport({ columnOffsets }: AccessMatrix, entitlements: Int32Array): Int32Array {
  const supports = new Int32Array(entitlements.length);
  for (let i = 0; i < supports.length; i++) {
    supports[i] = columnOffsets[entitlements[i] + 1] - columnOffsets[entitlements[i]];
  }
  return gather(entitlements, ascendingOrder(supports));
}

/** Merges equal classes of different parts; those whose users hold none of the entitlements are left out. */
function mergeClasses(classes: UserClasses): { lists: Lists; users: Int32Array; classRows: Int32Array } {
  const { matrix, partSize, partCount, classCounts, sizes, members, starts, lengths, hashes, values } = classes;
  let classCount = 0;
  let entries = 0;
  for (let part = 0; part < partCount; part++) {
    classCount += classCounts[part];
    const first = part * partSize;
    for (let at = first; at < first + classCounts[part]; at++) entries += lengths[at];
  }
  const groups = new ListGroups(classCount, entries);
  const users = new Int32Array(classCount);
  const classRows = sharedInt32(matrix.userCount);
  for (let part = 0; part < partCount; part++) {
    const first = part * partSize;
    for (let at = first; at < first + classCounts[part]; at++) {
      const row = groups.addHashed(values, starts[at], starts[at] + lengths[at], hashes[at], sizes[at]);
      classRows[at] = row;
      if (row >= 0) users[row] = members[at];
    }
  }
  return { lists: groups.lists(), users, classRows };
}

interface SharedLists {
  readonly count: number;
  readonly offsets: Int32Array;
  readonly values: Int32Array;
}

/** Per rank the numbers of the rows that hold it, ascending. */
function columnLists(rows: Lists, rowOrder: Int32Array, rankCount: number): SharedLists {
  const size = rows.offsets[rows.count];
  const offsets = sharedInt32(rankCount + 1);
  for (let at = 0; at < size; at++) offsets[rows.values[at] + 1]++;
  for (let rank = 0; rank < rankCount; rank++) offsets[rank + 1] += offsets[rank];
  const values = sharedInt32(size);
  const fill = offsets.slice(0, rankCount);
  for (let number = 0; number < rows.count; number++) {
    const row = rowOrder[number];
    for (let at = rows.offsets[row]; at < rows.offsets[row + 1]; at++) values[fill[rows.values[at]]++] = number;
  }
  return { count: rankCount, offsets, values };
}

/** Merges equal lists, in place: they are held by as many users and so stand among the ranks with the same support. */
function mergeColumns(
  { count, offsets, values }: SharedLists,
  { columnOffsets }: AccessMatrix,
  ranked: Int32Array,
): { columns: SharedLists; columnOfRank: Int32Array } {
  const columnOfRank = new Int32Array(count);
  const support = (rank: number): number => columnOffsets[ranked[rank] + 1] - columnOffsets[ranked[rank]];
  const columnsByHash = new Map<number, number[]>();
  let kept = 0;
  let end = 0;
  for (let rank = 0, from = 0; rank < count; rank++) {
    const next = offsets[rank + 1];
    const isFirst = rank === 0 || support(rank) !== support(rank - 1);
    if (isFirst) columnsByHash.clear();
    const hash =
      isFirst && (rank + 1 === count || support(rank) !== support(rank + 1)) ? 0 : hashRange(values, from, next);
    const sameHash = columnsByHash.get(hash);
    const equal = sameHash?.find((column) => equalRanges(values, offsets[column], offsets[column + 1], from, next));
    if (equal === undefined) {
      if (sameHash) sameHash.push(kept);
      else columnsByHash.set(hash, [kept]);
      columnOfRank[rank] = kept;
      if (end < from) values.copyWithin(end, from, next);
      end += next - from;
      offsets[++kept] = end;
    } else columnOfRank[rank] = equal;
    from = next;
  }
  return {
    columns: { count: kept, offsets: offsets.subarray(0, kept + 1), values: values.subarray(0, end) },
    columnOfRank,
  };
}

function rowLists(columns: SharedLists, rowCount: number): SharedLists {
  const { count, values: rows } = columns;
  const offsets = sharedInt32(rowCount + 1);
  for (let at = 0; at < rows.length; at++) offsets[rows[at] + 1]++;
  for (let row = 0; row < rowCount; row++) offsets[row + 1] += offsets[row];
  const values = sharedInt32(rows.length);
  const fill = offsets.slice(0, rowCount);
  for (let column = 0; column < count; column++) {
    for (let at = columns.offsets[column]; at < columns.offsets[column + 1]; at++) values[fill[rows[at]]++] = column;
  }
  return { count: rowCount, offsets, values };
}

function renumberRows(
  { partSize, partCount, classCounts }: UserClasses,
  classRows: Int32Array,
  numbers: Int32Array,
): void {
  for (let part = 0; part < partCount; part++) {
    const first = part * partSize;
    for (let at = first; at < first + classCounts[part]; at++) {
      if (classRows[at] >= 0) classRows[at] = numbers[classRows[at]];
    }
  }
}

/** Indexes by ascending key, ties in order: a counting sort, for keys are counts and so at most as large as the matrix. */
function ascendingOrder(keys: Int32Array): Int32Array {
  let largest = 0;
  for (let i = 0; i < keys.length; i++) if (keys[i] > largest) largest = keys[i];
  const starts = new Int32Array(largest + 2);
  for (let i = 0; i < keys.length; i++) starts[keys[i] + 1]++;
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

function hashRange(values: Int32Array, from: number, end: number): number {
  let hash = end - from;
  for (let at = from; at < end; at++) {
    hash = Math.imul(hash ^ values[at], 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

function equalRanges(values: Int32Array, a: number, endA: number, b: number, endB: number): boolean {
  if (endA - a !== endB - b) return false;
  for (let k = 0; a + k < endA; k++) if (values[a + k] !== values[b + k]) return false;
  return true;
}
