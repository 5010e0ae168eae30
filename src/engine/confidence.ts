import type { AccessMatrix } from './matrix/access-matrix.js';

/**
 * How closely users miss a set of entitlements. Users who hold nothing count too: they lack the only entitlement of a
 * set of one, and both of a set of two.
 */
export interface NearMissCounts {
  /** Users who hold the whole set. */
  readonly members: number;
  /** Per entitlement of the set, in its order: users who hold everything in it but this one. */
  readonly lackingOne: Int32Array;
  /** Users who lack exactly two of the set. */
  readonly lackingTwo: number;
}

/**
 * All terms of the confidence score at once.
 *
 * Who lacks at most two of a set holds at least one of any three in it, so the holders of its three rarest entitlements
 * are looked at, row by row: O(their access). Where these are so common that the columns of the set are shorter than
 * the rows, all columns are counted instead: O(users + assignments of the set).
 *
 * @param entitlements distinct, not empty, any order
 */
export function nearMissCounts(matrix: AccessMatrix, entitlements: Int32Array): NearMissCounts {
  const columnLength = (entitlement: number): number =>
    matrix.columnOffsets[entitlement + 1] - matrix.columnOffsets[entitlement];
  const rarest = entitlements.toSorted((a, b) => columnLength(a) - columnLength(b)).subarray(0, 3);
  const length = (columns: Int32Array): number => columns.reduce((sum, column) => sum + columnLength(column), 0);
  const averageRow = matrix.assignmentCount / Math.max(1, matrix.userCount);
  const counts = new Counts(entitlements.length);
  const lookedAt =
    length(rarest) * averageRow < length(entitlements) + matrix.userCount
      ? countRows(matrix, entitlements, rarest, counts)
      : countColumns(matrix, entitlements, counts);
  counts.addHoldingNothing(matrix.userCount - lookedAt);
  return counts;
}

class Counts implements NearMissCounts {
  members = 0;
  lackingTwo = 0;
  readonly lackingOne: Int32Array;
  private readonly allPositions: number;

  constructor(private readonly size: number) {
    this.lackingOne = new Int32Array(size);
    this.allPositions = (size * (size - 1)) / 2;
  }

  /** @param heldPositions the sum of the positions held, from which the only missing one follows by subtraction */
  addUser(held: number, heldPositions: number): void {
    if (held === this.size) this.members++;
    else if (held === this.size - 1) this.lackingOne[this.allPositions - heldPositions]++;
    else if (held === this.size - 2) this.lackingTwo++;
  }

  addHoldingNothing(users: number): void {
    if (this.size === 1) this.lackingOne[0] += users;
    if (this.size === 2) this.lackingTwo += users;
  }
}

/** Counts the holders of any of `rarest`; returns how many they are. */
function countRows(matrix: AccessMatrix, entitlements: Int32Array, rarest: Int32Array, counts: Counts): number {
  const { rowOffsets, rowColumns, columnOffsets, columnRows } = matrix;
  const placeOf = new Int32Array(matrix.entitlementCount);
  entitlements.forEach((entitlement, position) => (placeOf[entitlement] = position + 1));
  const isCounted = new Uint8Array(matrix.userCount);
  let users = 0;
  for (const column of rarest) {
    for (let at = columnOffsets[column]; at < columnOffsets[column + 1]; at++) {
      const user = columnRows[at];
      if (isCounted[user] !== 0) continue;
      isCounted[user] = 1;
      users++;
      let held = 0;
      let heldPlaces = 0;
      for (let place = rowOffsets[user]; place < rowOffsets[user + 1]; place++) {
        const found = placeOf[rowColumns[place]];
        if (found === 0) continue;
        held++;
        heldPlaces += found;
      }
      counts.addUser(held, heldPlaces - held);
    }
  }
  return users;
}

/** Counts everybody; returns how many they are. */
function countColumns(matrix: AccessMatrix, entitlements: Int32Array, counts: Counts): number {
  const held = new Int32Array(matrix.userCount);
  // Doubles: the sum of the positions of a large set passes 2³¹.
  const heldPositions = new Float64Array(matrix.userCount);
  for (const [position, entitlement] of entitlements.entries()) {
    for (let at = matrix.columnOffsets[entitlement]; at < matrix.columnOffsets[entitlement + 1]; at++) {
      held[matrix.columnRows[at]]++;
      heldPositions[matrix.columnRows[at]] += position;
    }
  }
  for (let user = 0; user < matrix.userCount; user++) counts.addUser(held[user], heldPositions[user]);
  return matrix.userCount;
}

/**
 * Confidence of a set of entitlements (results contract, `confidence_score`): the minimum over its entitlements e of
 * members ÷ (members + users who hold everything in it but e). For one entitlement that is its share of all users.
 * 0 when nobody holds the whole set.
 */
export function confidence({ members, lackingOne }: NearMissCounts): number {
  if (members === 0) return 0;
  let mostLacking = 0;
  for (const lacking of lackingOne) if (lacking > mostLacking) mostLacking = lacking;
  return members / (members + mostLacking);
}
