import type { AccessMatrix } from '../matrix/access-matrix.js';
import type { SupportRange } from './support-ladder.js';

/**
 * The entitlements that can be in a set with a support in the range and an area of at least the floor: -1 for the
 * others, their own number for these. O(assignments of the frequent ones).
 *
 * A set with support s lies in s users who each hold all of it. So if it contains entitlement e, its size is at most
 * the s-th largest mass (number of frequent entitlements held) among the users of e.
 */
export function usefulColumns(matrix: AccessMatrix, range: SupportRange, floor: number): Int32Array {
  const { entitlementCount, columnOffsets } = matrix;
  const numbers = new Int32Array(entitlementCount).fill(-1);
  for (let e = 0; e < entitlementCount; e++) {
    if (columnOffsets[e + 1] - columnOffsets[e] >= range.minSupport) numbers[e] = e;
  }
  if (floor > 0) dropUseless(matrix, range, floor, numbers);
  return numbers;
}

function dropUseless(matrix: AccessMatrix, range: SupportRange, floor: number, numbers: Int32Array): void {
  const { columnOffsets, columnRows } = matrix;
  const masses = frequentMasses(matrix, numbers);
  const usersByMass = new Int32Array(masses.reduce((largest, mass) => Math.max(largest, mass), 0) + 1);
  for (let e = 0; e < numbers.length; e++) {
    if (numbers[e] < 0) continue;
    let largest = 0;
    for (let at = columnOffsets[e]; at < columnOffsets[e + 1]; at++) {
      const mass = masses[columnRows[at]];
      usersByMass[mass]++;
      if (mass > largest) largest = mass;
    }
    let isUseful = false;
    let users = 0;
    for (let mass = largest; mass > 0; mass--) {
      users += usersByMass[mass];
      usersByMass[mass] = 0;
      isUseful ||= users >= range.minSupport && Math.min(users, range.supportEnd - 1) * mass >= floor;
    }
    if (!isUseful) numbers[e] = -1;
  }
}

/** Frequent entitlements per user. */
function frequentMasses({ userCount, rowOffsets, rowColumns }: AccessMatrix, numbers: Int32Array): Int32Array {
  const masses = new Int32Array(userCount);
  for (let user = 0; user < userCount; user++) {
    let mass = 0;
    // (n >>> 31) is 1 for -1: no branch that would be mispredicted.
    for (let at = rowOffsets[user]; at < rowOffsets[user + 1]; at++) mass += (numbers[rowColumns[at]] >>> 31) ^ 1;
    masses[user] = mass;
  }
  return masses;
}
