import { MAX_FLOOR_LIMIT } from './area-floor.js';
import { RECORD_HEADER_LENGTH, type PatternTask } from './pattern-task.js';

/** Closed sets found so far. Those that have fallen below the floor are dropped whenever the list has doubled. */
export class RecordList {
  private data = new Int32Array(1 << 12);
  private length = 0;
  private compactAt = 1 << 16;
  private readonly hasFloor: boolean;

  constructor(task: PatternTask) {
    this.hasFloor = task.limit <= MAX_FLOOR_LIMIT;
  }

  add(support: number, size: number, generators: readonly number[], floor: number): void {
    if (this.hasFloor && this.length > this.compactAt) {
      this.compact(floor);
      this.compactAt = Math.max(this.compactAt, 2 * this.length);
    }
    const end = this.length + RECORD_HEADER_LENGTH + generators.length;
    if (end > this.data.length) {
      const grown = new Int32Array(2 * Math.max(end, this.data.length));
      grown.set(this.data);
      this.data = grown;
    }
    this.data[this.length] = support;
    this.data[this.length + 1] = size;
    this.data[this.length + 2] = generators.length;
    this.data.set(generators, this.length + RECORD_HEADER_LENGTH);
    this.length = end;
  }

  toArray(): Int32Array {
    return this.data.slice(0, this.length);
  }

  private compact(floor: number): void {
    let kept = 0;
    for (let at = 0; at < this.length;) {
      const next = at + RECORD_HEADER_LENGTH + this.data[at + 2];
      if (this.data[at] * this.data[at + 1] >= floor) {
        this.data.copyWithin(kept, at, next);
        kept += next - at;
      }
      at = next;
    }
    this.length = kept;
  }
}
