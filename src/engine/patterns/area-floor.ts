import { AREA_FLOOR_SLOT, type PatternTask } from './pattern-task.js';

const MAX_INT32 = 2 ** 31 - 1;
/** Beyond so many wanted sets the heap costs more than its pruning gains: everything is kept. */
export const MAX_FLOOR_LIMIT = 2 ** 20;

/**
 * The area that a set must reach to be among the `limit` largest: a min-heap of the areas seen so far by this thread,
 * raised by what other threads have found. Sets equal to the floor are still wanted, for ties are decided later.
 */
export class AreaFloor {
  private readonly heap: Float64Array;
  private count = 0;
  private readonly shared: Int32Array;
  private floor = 0;

  constructor(task: PatternTask) {
    this.heap = new Float64Array(task.limit <= MAX_FLOOR_LIMIT ? task.limit : 0);
    this.shared = task.shared;
    for (const area of task.knownAreas) this.add(area);
    this.refresh();
  }

  get value(): number {
    return this.floor;
  }

  /** Takes over what other threads have found. */
  refresh(): void {
    this.floor = Math.max(this.floor, Atomics.load(this.shared, AREA_FLOOR_SLOT));
  }

  add(area: number): void {
    if (this.count < this.heap.length) {
      this.siftUp(this.count++, area);
    } else if (this.count > 0 && area > this.heap[0]) {
      this.siftDown(area);
    } else return;
    if (this.count === this.heap.length && this.heap[0] > this.floor) {
      this.floor = this.heap[0];
      this.publish();
    }
  }

  /** The slot holds at most 2³¹ − 1, which stays a valid lower bound. */
  private publish(): void {
    const floor = Math.min(this.floor, MAX_INT32);
    let seen = Atomics.load(this.shared, AREA_FLOOR_SLOT);
    while (seen < floor) {
      const before = Atomics.compareExchange(this.shared, AREA_FLOOR_SLOT, seen, floor);
      if (before === seen) return;
      seen = before;
    }
  }

  private siftUp(from: number, area: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.heap[parent] <= area) break;
      this.heap[at] = this.heap[parent];
      at = parent;
    }
    this.heap[at] = area;
  }

  private siftDown(area: number): void {
    let at = 0;
    for (let child = 1; child < this.count; child = 2 * at + 1) {
      if (child + 1 < this.count && this.heap[child + 1] < this.heap[child]) child++;
      if (this.heap[child] >= area) break;
      this.heap[at] = this.heap[child];
      at = child;
    }
    this.heap[at] = area;
  }
}
