import { MAX_FLOOR_LIMIT } from './area-floor.js';
import { RECORD_HEADER_LENGTH } from './found-sets.js';
import type { SearchTask } from './pattern-task.js';

/** Closed sets found so far. Those that have fallen below the floor are dropped whenever the list has doubled. */
export class RecordList {
  private data = new Int32Array(1 << 12);
  private length = 0;
  private compactAt = 1 << 16;
  private readonly hasFloor: boolean;

  constructor(task: SearchTask) {
    this.hasFloor = task.limit <= MAX_FLOOR_LIMIT;
  }

  add(support: number, size: number, generators: readonly number[], floor: number): void {
    const end = this.makeRoom(RECORD_HEADER_LENGTH + generators.length, floor);
    this.data[this.length] = support;
    this.data[this.length + 1] = size;
    this.data[this.length + 2] = generators.length;
    this.data.set(generators, this.length + RECORD_HEADER_LENGTH);
    this.length = end;
  }

  /** @param records as in `PatternFindings`, with root columns for generators; `entitlements` translates them */
  addRecords(records: Int32Array, entitlements: Int32Array, floor: number): void {
    const end = this.makeRoom(records.length, floor);
    this.data.set(records, this.length);
    for (let at = this.length; at < end;) {
      const next = at + RECORD_HEADER_LENGTH + this.data[at + 2];
      for (let k = at + RECORD_HEADER_LENGTH; k < next; k++) this.data[k] = entitlements[this.data[k]];
      at = next;
    }
    this.length = end;
  }

  toArray(): Int32Array {
    return this.data.slice(0, this.length);
  }

  /** The end of what is about to be added. */
  private makeRoom(length: number, floor: number): number {
    if (this.hasFloor && this.length > this.compactAt) {
      this.compact(floor);
      this.compactAt = Math.max(this.compactAt, 2 * this.length);
    }
    const end = this.length + length;
    if (end > this.data.length) {
      const grown = new Int32Array(2 * Math.max(end, this.data.length));
      grown.set(this.data);
      this.data = grown;
    }
    return end;
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
