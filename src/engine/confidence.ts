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
 * All terms of the confidence score in one pass over the columns of the set: per user, how many of the entitlements it
 * holds and the sum of their positions, from which the single missing position follows by subtraction.
 * O(users + assignments of the set).
 *
 * @param entitlements distinct, not empty, any order
 */
export function nearMissCounts(matrix: AccessMatrix, entitlements: Int32Array): NearMissCounts {
  const size = entitlements.length;
  const held = new Int32Array(matrix.userCount);
  const heldPositions = new Float64Array(matrix.userCount);
  for (let position = 0; position < size; position++) {
    const end = matrix.columnOffsets[entitlements[position] + 1];
    for (let at = matrix.columnOffsets[entitlements[position]]; at < end; at++) {
      const user = matrix.columnRows[at];
      held[user]++;
      heldPositions[user] += position;
    }
  }
  const lackingOne = new Int32Array(size);
  const allPositions = (size * (size - 1)) / 2;
  let members = 0;
  let lackingTwo = 0;
  for (let user = 0; user < matrix.userCount; user++) {
    if (held[user] === size) members++;
    else if (held[user] === size - 1) lackingOne[allPositions - heldPositions[user]]++;
    else if (held[user] === size - 2) lackingTwo++;
  }
  return { members, lackingOne, lackingTwo };
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
