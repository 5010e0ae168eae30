import { sharedInt32 } from '../matrix/access-matrix.js';

/** What all tasks have. */
export interface SharedTask {
  /** Pieces are numbered from 0. */
  readonly partCount: number;
  /** Shared by all threads that run the task; see `claimPart`. */
  readonly shared: Int32Array;
}

const NEXT_PART_SLOT = 0;
const SLOT_COUNT = 1;

/** A task of so many pieces, none claimed yet. */
export function claimable(partCount: number): SharedTask {
  return { partCount, shared: sharedInt32(SLOT_COUNT) };
}

/** The next piece of the task that no thread has claimed, or -1 when there is none. */
export function claimPart({ shared, partCount }: SharedTask): number {
  const part = Atomics.add(shared, NEXT_PART_SLOT, 1);
  return part < partCount ? part : -1;
}
