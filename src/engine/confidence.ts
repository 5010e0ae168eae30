import type { AccessMatrix } from './matrix/access-matrix.js';

/**
 * How closely users miss a set of entitlements. Users who hold nothing count too: they lack the only entitlement of a
 * set of one, and both of a set of two.
 */
export interface NearMissCounts {
  /** Users who hold the whole set, ascending. */
  readonly members: Int32Array;
  /** Per entitlement of the set, in its order: users who hold everything in it but this one. */
  readonly lackingOne: Int32Array;
  /** Users who lack exactly two of the set. */
  readonly lackingTwo: number;
}

/**
 * The members of sets of entitlements and all terms of their confidence scores, one set after the other.
 *
 * Who lacks at most two of a set holds at least one of any three in it, so the holders of its three rarest entitlements
 * are looked at, row by row: O(their access). Where these are so common that the columns of the set are shorter than
 * the rows, all columns are counted instead: O(users + assignments of the set).
 */
export class NearMissCounter {
  /** Assignments and users looked at by all counts so far. */
  work = 0;
  private readonly averageRow: number;
  /** Place of each entitlement in the set at hand, plus one; 0 between counts. */
  private readonly placeOf: Int32Array;
  /** Number of the last count that looked at the user. */
  private readonly lastCount: Int32Array;
  private countNumber = 0;
  /** How much of the set each user holds, and the sum of its places; 0 between counts. Doubles: the sum passes 2³¹. */
  private readonly held: Int32Array;
  private readonly heldPlaces: Float64Array;

  constructor(private readonly matrix: AccessMatrix) {
    this.averageRow = matrix.assignmentCount / Math.max(1, matrix.userCount);
    this.placeOf = new Int32Array(matrix.entitlementCount);
    this.lastCount = new Int32Array(matrix.userCount);
    this.held = new Int32Array(matrix.userCount);
    this.heldPlaces = new Float64Array(matrix.userCount);
  }

  /** @param entitlements distinct, not empty, any order */
  count(entitlements: Int32Array): NearMissCounts {
    const rarest = entitlements.toSorted((a, b) => this.columnLength(a) - this.columnLength(b)).subarray(0, 3);
    const rowWork = this.totalLength(rarest) * this.averageRow;
    const columnWork = this.totalLength(entitlements) + this.matrix.userCount;
    this.work += Math.min(rowWork, columnWork);
    const counts = new Counts(entitlements.length);
    // Stryker disable next-line ConditionalExpression,EqualityOperator: both ways count the same, only their time differs
    if (rowWork < columnWork) this.countRows(entitlements, rarest, counts);
    else this.countColumns(entitlements, counts);
    return counts.finish(this.matrix.userCount);
  }

  private columnLength(entitlement: number): number {
    return this.matrix.columnOffsets[entitlement + 1] - this.matrix.columnOffsets[entitlement];
  }

  private totalLength(columns: Int32Array): number {
    let length = 0;
    for (const column of columns) length += this.columnLength(column);
    return length;
  }

  /** Counts the holders of any of `rarest`. Members hold the first of them, so they are met in ascending order. */
  private countRows(entitlements: Int32Array, rarest: Int32Array, counts: Counts): void {
    const { rowOffsets, rowColumns, columnOffsets, columnRows } = this.matrix;
    const { placeOf, lastCount } = this;
    const countNumber = ++this.countNumber;
    for (let position = 0; position < entitlements.length; position++) placeOf[entitlements[position]] = position + 1;
    for (const column of rarest) {
      for (let at = columnOffsets[column]; at < columnOffsets[column + 1]; at++) {
        const user = columnRows[at];
        if (lastCount[user] === countNumber) continue;
        lastCount[user] = countNumber;
        let held = 0;
        let heldPlaces = 0;
        for (let entry = rowOffsets[user]; entry < rowOffsets[user + 1]; entry++) {
          const place = placeOf[rowColumns[entry]];
          if (place === 0) continue;
          held++;
          heldPlaces += place;
        }
        counts.addUser(user, held, heldPlaces);
      }
    }
    for (const entitlement of entitlements) placeOf[entitlement] = 0;
  }

  /** Counts everybody. */
  private countColumns(entitlements: Int32Array, counts: Counts): void {
    const { columnOffsets, columnRows, userCount } = this.matrix;
    const { held, heldPlaces } = this;
    for (let position = 0; position < entitlements.length; position++) {
      const entitlement = entitlements[position];
      for (let at = columnOffsets[entitlement]; at < columnOffsets[entitlement + 1]; at++) {
        held[columnRows[at]]++;
        heldPlaces[columnRows[at]] += position + 1;
      }
    }
    for (let user = 0; user < userCount; user++) {
      counts.addUser(user, held[user], heldPlaces[user]);
      held[user] = 0;
      heldPlaces[user] = 0;
    }
  }
}

class Counts {
  private readonly members: number[] = [];
  private readonly lackingOne: Int32Array;
  private lackingTwo = 0;
  private usersCounted = 0;
  private readonly allPlaces: number;

  constructor(private readonly size: number) {
    this.lackingOne = new Int32Array(size);
    this.allPlaces = (size * (size + 1)) / 2;
  }

  /** @param heldPlaces the sum of the places held, from which the only missing one follows by subtraction */
  addUser(user: number, held: number, heldPlaces: number): void {
    this.usersCounted++;
    if (held === this.size) this.members.push(user);
    else if (held === this.size - 1) this.lackingOne[this.allPlaces - heldPlaces - 1]++;
    else if (held === this.size - 2) this.lackingTwo++;
  }

  /** Who was not counted holds nothing of the set. */
  finish(userCount: number): NearMissCounts {
    const { members, lackingOne } = this;
    if (this.size === 1) lackingOne[0] += userCount - this.usersCounted;
    if (this.size === 2) this.lackingTwo += userCount - this.usersCounted;
    return { members: Int32Array.from(members), lackingOne, lackingTwo: this.lackingTwo };
  }
}

/**
 * Confidence of a set of entitlements (results contract, `confidence_score`): the minimum over its entitlements e of
 * members ÷ (members + users who hold everything in it but e). For one entitlement that is its share of all users.
 * 0 when nobody holds the whole set.
 */
export function confidence({ members, lackingOne }: NearMissCounts): number {
  if (members.length === 0) return 0;
  let mostLacking = 0;
  for (const lacking of lackingOne) if (lacking > mostLacking) mostLacking = lacking;
  return members.length / (members.length + mostLacking);
}
