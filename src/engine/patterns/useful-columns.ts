import { sharedInt32, type AccessMatrix } from '../matrix/access-matrix.js';
import { claimable, type SharedTask } from './shared-task.js';
import type { SupportRange } from './support-ladder.js';

/**
 * Which entitlements can be in a set with a support in the range and an area of at least the floor.
 *
 * A set with support s lies in s users who each hold all of it. So if it contains entitlement e, its size is at most
 * the s-th largest mass (number of frequent entitlements held) among the users of e.
 */
export interface UsefulColumnsTask extends SharedTask {
  readonly kind: 'useful-columns';
  readonly matrix: AccessMatrix;
  readonly range: SupportRange;
  readonly floor: number;
  /** Frequent entitlements held, per user. */
  readonly masses: Int32Array;
  readonly candidates: Int32Array;
  /** Per candidate: filled with 1 where it can, else 0. */
  readonly isUseful: Int32Array;
}

const CANDIDATES_PER_PART = 32;

export function usefulColumnsTask(
  matrix: AccessMatrix,
  range: SupportRange,
  floor: number,
  masses: Int32Array,
  candidates: Int32Array,
): UsefulColumnsTask {
  return {
    kind: 'useful-columns',
    matrix,
    range,
    floor,
    masses,
    candidates,
    isUseful: sharedInt32(candidates.length),
    ...claimable(Math.ceil(candidates.length / CANDIDATES_PER_PART)),
  };
}

/** O(assignments of the candidates in the part). */
export function findUsefulColumns(task: UsefulColumnsTask, part: number): void {
  const { candidates, isUseful, masses, floor } = task;
  const { minSupport, supportEnd } = task.range;
  const { columnOffsets, columnRows } = task.matrix;
  let usersByMass = new Int32Array(1 << 10);
  const end = Math.min((part + 1) * CANDIDATES_PER_PART, candidates.length);
  for (let i = part * CANDIDATES_PER_PART; i < end; i++) {
    const e = candidates[i];
    let largest = 0;
    for (let at = columnOffsets[e]; at < columnOffsets[e + 1]; at++) {
      const mass = masses[columnRows[at]];
      if (mass > largest) {
        largest = mass;
        if (mass >= usersByMass.length) {
          const wider = new Int32Array(2 * mass);
          wider.set(usersByMass);
          usersByMass = wider;
        }
      }
      usersByMass[mass]++;
    }
    let users = 0;
    for (let mass = largest; mass > 0; mass--) {
      users += usersByMass[mass];
      usersByMass[mass] = 0;
      if (users >= minSupport && Math.min(users, supportEnd - 1) * mass >= floor) isUseful[i] = 1;
    }
  }
}
