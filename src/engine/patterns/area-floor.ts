import { raiseAreaFloor, type SearchTask } from './pattern-task.js';

/** Beyond so many wanted sets the heap costs more than its pruning gains: everything is kept. */
export const MAX_FLOOR_LIMIT = 2 ** 20;

/**
 * The area that a set must reach to be among the `limit` largest: a min-heap of the areas seen so far by this thread,
 * raised by what other threads have found. Sets equal to the floor are still wanted, for ties are decided later.
 */
export class AreaFloor {
  private readonly heap: Float64Array;
  private count = 0;
  private floor = 0;

  constructor(private readonly task: SearchTask) {
    this.heap = new Float64Array(task.limit <= MAX_FLOOR_LIMIT ? task.limit : 0);
    for (const area of task.knownAreas) this.add(area);
    this.refresh();
  }

  get value(): number {
    return this.floor;
  }

  /** Exchanges the floor with the other threads. */
  refresh(): void {
    this.floor = raiseAreaFloor(this.task, this.floor);
  }

  add(area: number): void {
    if (this.count < this.heap.length) {
      this.siftUp(this.count++, area);
    } else if (this.count > 0 && area > this.heap[0]) {
      this.siftDown(area);
    } else return;
    if (this.count === this.heap.length) this.floor = Math.max(this.floor, this.heap[0]);
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
